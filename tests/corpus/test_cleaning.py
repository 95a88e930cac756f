"""Filters, the key of equal documents, shingles of near ones, the mixture, and what was planted."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from scireasoner.corpus.cleaning import Rules, decide
from scireasoner.corpus.documents import Document
from scireasoner.corpus.looking import look
from scireasoner.corpus.mixture import mix
from scireasoner.corpus.near import bands, shingles
from scireasoner.corpus.recipe import DedupConfig, MixtureConfig, SourceConfig
from scireasoner.errors import DataError

ROOT = Path(__file__).resolve().parents[2]
PROSE = "Water boils at a lower temperature on a mountain because the pressure of the air is less. "
RNG = random.Random(1)
SEQUENCE = "".join(RNG.choices("ACDEFGHIKLMNPQRSTVWY", k=120))


@pytest.mark.parametrize(
    ("text", "filters", "reason"),
    [
        (PROSE * 2, ("prose",), None),
        ("12.3 45.6 " * 20, ("prose",), "too few words with letters"),
        ("a b c d " * 10, ("prose",), "words too short or too long"),
        (PROSE + "Ice floats.", ("repetition",), None),
        ("buy this now please " * 20, ("repetition",), "repeated phrases"),
        ("menu\n" * 9 + "end", ("repetition",), "repeated lines"),
        ("<SMILES>CCO</SMILES>", ("valid_objects",), None),
        ("<SMILES>C(C</SMILES>", ("valid_objects",), "not a valid smiles"),
        ("<protein>MK1</protein>", ("valid_objects",), "not a valid protein"),
        ("<protein>MKX</protein>", ("valid_objects",), "not a valid protein"),
        ("<SELFIES>[C][X]</SELFIES>", ("valid_objects",), "not a valid selfies"),
        (f"<protein>{SEQUENCE}</protein>", ("complex_sequences",), None),
        ("<dna>" + "A" * 50 + "</dna>", ("complex_sequences",), "sequence of one letter"),
        ("<dna>" + "AC" * 60 + "</dna>", ("complex_sequences",), "repetitive sequence"),
        ("abc", (), "too short"),
        ("abc " * 1000, (), "too long"),
        ("\x00 broken bytes", (), "broken characters"),
        ("Models stop at <|im_end|> as at <|endoftext|>.", (), "control tokens"),
    ],
)
def test_filters(text: str, filters: tuple[str, ...], reason: str | None) -> None:
    rules = Rules(min_chars=10, max_chars=3_000, filters={"x": filters})
    assert decide(Document(text, "s", "l", "i", "x"), rules).reason == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<SMILES>OCC</SMILES>", "<SMILES>CCO</SMILES>"),
        ("The  alcohol <SMILES>OCC</SMILES>\nburns.", "The alcohol <SMILES>C(O)C</SMILES> burns."),
        ("<dna>AACGT</dna>", "<dna>ACGTT</dna>"),
        ("<rna>ACGU</rna>", "<rna>acgt</rna>"),
        ("<SELFIES>[C][C][O]</SELFIES>", "<SELFIES>[O][C][C]</SELFIES>"),
        ("<protein>MKXV\nLA</protein>", "<protein>mkxvla*</protein>"),
        ("<dna>ACG NTT A</dna>", "<dna>TAANCGT</dna>"),
        ("<material>Fe2O3</material>", "<material>Fe Fe Fe Fe O O O O O O</material>"),
        ("<MOLFORMULA>C2H6O</MOLFORMULA>", "<MOLFORMULA>C2H5OH</MOLFORMULA>"),
        ("\ufb01ne", "fine"),
    ],
)
def test_equal_documents_have_one_key(one: str, other: str) -> None:
    assert look(one).key == look(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<SMILES>CCO</SMILES>", "<SMILES>CCN</SMILES>"),
        ("<SMILES>CCO</SMILES> is safe.", "<SMILES>CCO</SMILES> is toxic."),
        ("<protein>MKV</protein>", "<dna>ACG</dna>"),
        ("CO", "co"),
        ("<MOLFORMULA>CH2O</MOLFORMULA>", "<MOLFORMULA>C6H12O6</MOLFORMULA>"),
        ("<MOLFORMULA>O2</MOLFORMULA>", "<MOLFORMULA>O3</MOLFORMULA>"),
        ("<MOLFORMULA>Fe^2+</MOLFORMULA>", "<MOLFORMULA>Fe^3+</MOLFORMULA>"),
        ("<MOLFORMULA>D2O</MOLFORMULA>", "<MOLFORMULA>H2O</MOLFORMULA>"),
        ("<material>Ti O O <sg136></material>", "<material>Ti O O <sg141></material>"),
        ("<SMILES>CCBr>>CCO</SMILES>", "<SMILES>C=C.O>>CCO</SMILES>"),
        ("<SELFIES>[C][C][O]</SELFIES>", "<SELFIES>[C][C][N]</SELFIES>"),
        ("<rna>ACGN</rna>", "<rna>ACNG</rna>"),
    ],
)
def test_different_documents_have_different_keys(one: str, other: str) -> None:
    assert look(one).key != look(other).key


def jaccard(one: str, other: str, config: DedupConfig | None = None) -> float:
    sets = []
    for text in (one, other):
        seen = look(text)
        row: dict[str, Any] = {
            "spans": [[o.start, o.end, o.notation] for o in seen.objects],
            "salts": [seen.salt(False), seen.salt(True)],
        }
        (found,) = shingles([(text, row)], config or DedupConfig())
        sets.append(set(found.tolist()))
    return len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1]))


SAYS = "{} was found in leaves of the plant and is used by people against fever since long ago."
CHANGED = SEQUENCE[:60] + "W" + SEQUENCE[61:]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (PROSE * 2, PROSE * 2 + "Also here.", 0.8, 0.99),
        # One template about two molecules, and about two spellings of one.
        (SAYS.format("<SMILES>CCO</SMILES>"), SAYS.format("<SMILES>CCN</SMILES>"), 0, 0),
        (SAYS.format("<SMILES>CCO</SMILES>"), SAYS.format("<SMILES>OCC</SMILES>"), 1, 1),
        (f"<protein>{SEQUENCE}</protein>", f"<protein>{CHANGED}</protein>", 0.85, 0.99),
        # The same sequence with two annotations keeps both.
        (f"<protein>{SEQUENCE}</protein> kinase", f"<protein>{SEQUENCE}</protein> lyase", 0, 0),
        ("too few words", "too few words", 0, 0),
    ],
)
def test_shingles_tell_near_duplicates_from_facts(
    one: str, other: str, least: float, most: float
) -> None:
    assert least <= jaccard(one, other) <= most


def test_labels_can_be_left_out_of_the_comparison() -> None:
    texts = (f"<protein>{SEQUENCE}</protein> kinase", f"<protein>{SEQUENCE}</protein> lyase")
    assert jaccard(*texts, DedupConfig(labels="any")) == 1


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_bands_find_what_is_above_the_threshold(threshold: float) -> None:
    count, rows = bands(threshold, 120)
    assert count * rows <= 120

    def found(s: float) -> float:
        return 1 - (1 - s**rows) ** count

    assert found(threshold - 0.2) < 0.35
    assert found(threshold + 0.15) > 0.9


def source(name: str, domain: str, epochs: float = 1.0, weight: float = 1.0) -> SourceConfig:
    return SourceConfig(name, "x", "jsonl", "l", "c", domain, epochs=epochs, weight=weight)


@pytest.mark.parametrize(
    ("sources", "config", "epochs"),
    [
        # Without shares each document is seen once.
        ([source("a", "x"), source("b", "y")], MixtureConfig(), {"a": 1.0, "b": 1.0}),
        # Half and half: the small domain decides how much there is.
        ([source("a", "x"), source("b", "y")], MixtureConfig(shares={"x": 1, "y": 1}),
         {"a": 1 / 9, "b": 1.0}),
        ([source("a", "x"), source("b", "y", epochs=3)], MixtureConfig(shares={"x": 1, "y": 1}),
         {"a": 3 / 9, "b": 3.0}),
        # A temperature evens sizes out: sqrt(900) : sqrt(100) = 3 : 1.
        ([source("a", "x"), source("b", "y")], MixtureConfig(temperature=2), {"a": 300 / 900, "b": 1.0}),
        # A weight moves tokens within a domain; a capped source leaves its rest to the others.
        ([source("a", "x"), source("b", "x", epochs=2, weight=9)], MixtureConfig(tokens=500),
         {"a": 300 / 900, "b": 2.0}),
        ([source("a", "x"), source("b", "x", weight=0)], MixtureConfig(), {"a": 1.0, "b": 0.0}),
    ],
)  # fmt: skip
def test_epochs(
    sources: list[SourceConfig], config: MixtureConfig, epochs: dict[str, float]
) -> None:
    assert mix({"a": 900, "b": 100}, sources, config).epochs == pytest.approx(epochs)


def test_what_the_caps_do_not_allow_is_said() -> None:
    made = mix({"a": 900}, [source("a", "x", epochs=2)], MixtureConfig(tokens=2_000))
    assert made.epochs == {"a": 2.0}
    assert made.short == {"x": 200}


def test_a_share_of_nothing_is_an_error() -> None:
    with pytest.raises(DataError, match="nothing is left of the domain 'y'"):
        mix({"a": 9}, [source("a", "x"), source("b", "y")], MixtureConfig(shares={"x": 1, "y": 1}))


def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("planted", ROOT / "benchmarks/corpus_cleaning.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    __import__("sys").modules["planted"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_planted_duplicates_and_leaks_are_found(tmp_path: Path) -> None:
    found = benchmark().measure(tmp_path, 200, 7)
    assert len(found) == 8
    for row in found:
        assert row.precision >= 0.98, row
        assert row.recall >= (0.95 if row.kind.endswith("leaks") else 0.85), row
    assert np.mean([row.recall for row in found]) >= 0.95
