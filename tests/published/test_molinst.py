"""Mol-Instructions molecules against Mol_Instructions/molecule.py of dave1362/SciReason@efe16a1."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from scireasoner.errors import MissingTool
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import molinst
from scireasoner.published.base import Evaluator, Item


def item(answer: str, gold: str = "CC(=O)O") -> Item:
    return Item((f"<SMILES>{answer}</SMILES>",), f"<SMILES>{gold}</SMILES>")


def test_energies_are_the_released_ones(
    reproduces: Callable[[str, str, Evaluator], int],
) -> None:
    assert reproduces("molinst", "molinst orbital energy", molinst.MOLINST_ENERGY) >= 5


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("0.20", 0),
        ("0 . 2 0", 200),  # the space before the stop stays, so that 0 is the number
        ("0. 20", 0),
        ("none", 200),  # no number is 0
        ("-5", 4_800),  # the sign of a whole number is lost
        ("-0.2", 400),
        (f"{THINK_OPEN}0.9{THINK_CLOSE} 0.2", 0),
        (f"0.9{THINK_CLOSE} 0.2", 0),
        (f"{THINK_OPEN}0.9", 700),
    ],
)
def test_energies_are_read_as_released(answer: str, error: float) -> None:
    found = molinst.MOLINST_ENERGY([Item((answer,), "0.2")])
    assert found["mae"] == pytest.approx(error)


def test_no_items_no_number() -> None:
    assert molinst.MOLINST_ENERGY([]) == {"mae": None}
    assert molinst.MOLINST_SMILES([]) == {"exact_match_score": None}


class TestStructures:
    """What needs the optional package of SELFIES."""

    @pytest.fixture(autouse=True)
    def _selfies(self) -> None:
        pytest.importorskip("selfies", reason=molinst.INSTALL)

    def test_numbers_are_the_released_ones(
        self, reproduces: Callable[[str, str, Evaluator], int]
    ) -> None:
        assert reproduces("molinst", "molinst smiles", molinst.MOLINST_SMILES) >= 15

    @pytest.mark.parametrize(
        ("answer", "gold", "match"),
        [
            ("OC(C)=O", "CC(=O)O", 1),
            ("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", 1),  # stereo is dropped
            ("CC(=O)N", "CC(=O)O", 0),
        ],
    )
    def test_matches(self, answer: str, gold: str, match: int) -> None:
        assert molinst.MOLINST_SMILES([item(answer, gold)])["exact_match_score"] == match

    def test_only_the_validity_counts_what_cannot_be_read(self) -> None:
        found = molinst.MOLINST_SMILES([item("CC(=O)O"), item("C1CC"), item("C\nC")])
        assert found["validity_score"] == pytest.approx(1 / 3)
        assert found["exact_match_score"] == found["bleu_self_scores"] == 1

    def test_a_wildcard_has_no_selfies(self) -> None:
        found = molinst.MOLINST_SMILES([item("CC(=O)O"), item("*C")])
        assert (found["validity_score"], found["exact_match_score"]) == (1, 1)

    def test_an_unreadable_gold_stops_the_released_code(self) -> None:
        found = molinst.MOLINST_SMILES([item("CCO"), item("CCO", gold="C1CC")])
        assert found == {"exact_match_score": None}


@pytest.fixture
def no_selfies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "selfies", None)
    molinst._selfies.cache_clear()
    molinst._encoded.cache_clear()
    yield
    molinst._selfies.cache_clear()


@pytest.mark.usefixtures("no_selfies")
def test_a_missing_package_is_named() -> None:
    with pytest.raises(MissingTool, match=r"pip install selfies==2\.2\.0"):
        molinst.MOLINST_SMILES.row(item("CCO"))
    assert molinst.MOLINST_SMILES.lacking is not None
    assert "selfies" in (molinst.MOLINST_SMILES.lacking() or "")
