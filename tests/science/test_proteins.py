from __future__ import annotations

import pytest

from scireasoner.errors import InputError
from scireasoner.science import proteins


@pytest.mark.parametrize(
    ("text", "expected"),
    [("mkv", "MKV"), ("MKV*", "MKV"), ("MKV\nLAA", "MKVLAA"), ("MKX", None), ("MK*V", None),
     ("", None), ("*", None), ("M K V", None), ("MKV1", None), ("\u00df", None), ("\ufb01", None),
     ("A" * 20_001, None)],
)  # fmt: skip
def test_clean(text: str, expected: str | None) -> None:
    assert proteins.clean(text) == expected


@pytest.mark.parametrize(
    ("a", "b", "similarity", "identity"),
    [
        ("MKV", "MKV", 1.0, 1.0),
        ("MKV", "mkv", 1.0, 1.0),
        ("MKV", "MKL", 2 / 3, 2 / 3),
        ("AAAA", "A", 0.25, 0.25),
        ("MKV", "WWW", 0.0, 0.0),
        ("KAAAA", "AAAAK", 3 / 5, 4 / 5),
        ("MKV", "not a protein", 0.0, 0.0),
        ("", "", 0.0, 0.0),
    ],
)
def test_likeness(a: str, b: str, similarity: float, identity: float) -> None:
    assert proteins.similarity(a, b) == pytest.approx(similarity)
    assert proteins.identity(a, b) == pytest.approx(identity)


def test_properties_of_insulin_b_chain() -> None:
    # ExPASy ProtParam gives pI 6.90, 3429.95 g/mol, GRAVY 0.220 for human insulin B.
    insulin_b = "FVNQHLCGSHLVEALYLVCGERGFFYTPKT"
    assert proteins.isoelectric_point(insulin_b) == pytest.approx(6.90, abs=0.05)
    assert proteins.molecular_weight(insulin_b) == pytest.approx(3429.95, abs=0.1)
    assert proteins.hydropathy(insulin_b) == pytest.approx(0.220, abs=0.001)
    assert proteins.aromaticity(insulin_b) == pytest.approx(5 / 30)


def test_properties_of_no_protein_say_what_was_expected() -> None:
    with pytest.raises(InputError, match="20 amino acid"):
        proteins.isoelectric_point("MKXB")


def test_the_code_has_twenty_letters() -> None:
    assert frozenset(proteins.THREE_LETTERS) == proteins.AMINO_ACIDS
    assert len(set(proteins.THREE_LETTERS.values())) == 20
