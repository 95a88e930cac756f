"""Generation against uncond_RNA.py, UPG.py and UMG.py of dave1362/SciReason@efe16a1.

Upstream is open-compass/opencompass@a5acc4b. The golden energies went through a stand-in for the
program RNAfold that prints what RNAfold.c prints.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.published import generation
from scireasoner.published.base import Evaluator, Item

EVALUATORS = {
    evaluator.name: evaluator
    for evaluator in (
        generation.UNCONDITIONAL_RNA,
        generation.UNCONDITIONAL_RNA_UPSTREAM,
        generation.UNCONDITIONAL_PROTEIN,
        generation.UNCONDITIONAL_PROTEIN_UPSTREAM,
        generation.UNCONDITIONAL_MOLECULE,
    )
}


@pytest.mark.parametrize("name", EVALUATORS)
def test_numbers_are_the_released_ones(
    name: str, reproduces: Callable[[str, str, Evaluator], int]
) -> None:
    assert reproduces("generation", name, EVALUATORS[name]) >= 8


def items(*texts: str) -> list[Item]:
    return [Item((text,), "") for text in texts]


STRONG = "GGGGGGGGGGAAAACCCCCCCCCC"
WEAK = "GGGGAAAACCCC"


def test_energies_above_minus_ten_are_not_found() -> None:
    strong, weak = (f"<rna>{s}</rna>" for s in (STRONG, WEAK))
    found = generation.UNCONDITIONAL_RNA(items(strong, weak))
    assert found["valid_sequence_count"] == 2
    assert found == {**generation.UNCONDITIONAL_RNA(items(strong)), "total_samples": 2.0,
                     "valid_sequence_count": 2.0}  # fmt: skip
    assert generation.UNCONDITIONAL_RNA(items(weak))["average_mfe"] is None


@pytest.mark.parametrize(
    ("text", "paper", "upstream"),
    [
        (f"<RNA> {STRONG.lower()} </RNA>", 1, 1),
        ("<rna>ACGT</rna>", 1, 1),
        (f"{STRONG}</rna>", 0, 1),
        (f"<rna></rna> {STRONG}</rna>", 0, 0),
        ("<rna>ACGN</rna>", 0, 0),
        (STRONG, 0, 0),
    ],
)
def test_rna_is_read_as_released(text: str, paper: int, upstream: int) -> None:
    for evaluator, valid in (
        (generation.UNCONDITIONAL_RNA, paper),
        (generation.UNCONDITIONAL_RNA_UPSTREAM, upstream),
    ):
        assert evaluator(items(text))["valid_sequence_count"] == valid


def test_upstream_gives_silence_the_energy_zero() -> None:
    assert generation.UNCONDITIONAL_RNA(items("", ""))["average_mfe"] is None
    assert generation.UNCONDITIONAL_RNA_UPSTREAM(items("", ""))["average_mfe"] == 0


def test_rna_too_long_to_fold_is_left_out_of_the_mean() -> None:
    found = generation.UNCONDITIONAL_RNA(items(f"<rna>{'A' * (generation.MAX_FOLDED + 1)}</rna>"))
    assert (found["overlength_prediction_count"], found["average_mfe"]) == (1, None)


@pytest.mark.parametrize(
    ("sequences", "diversity"),
    [
        (("A" * 50, "A" * 50), 0.5),
        (("A" * 50, "A" * 49 + "C"), 1.0),  # 98 %
        (("A" * 100, "A" * 99 + "C"), 0.5),  # 99 %
        (("A" * 100, "A" * 101), 1.0),
        (("aaa", "A A;A", "AXA*A"), 0.3333),
    ],
)
def test_clusters_of_proteins(sequences: tuple[str, ...], diversity: float) -> None:
    found = generation.UNCONDITIONAL_PROTEIN(items(*(f"<protein>{s}</protein>" for s in sequences)))
    assert (found["valid_rate"], found["diversity"]) == (1, diversity)


def test_plddt_is_named_as_lacking() -> None:
    evaluator = generation.UNCONDITIONAL_PROTEIN
    assert evaluator(items("<protein>MKV</protein>"))["average_plddt"] is None
    assert evaluator(items(f"<protein>{'M' * 100}</protein>"))["average_plddt"] == 0
    assert evaluator.lacking is not None
    assert "OmegaFold" in (evaluator.lacking() or "")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("<SMILES> CCO </SMILES>", 1),
        ("<SMILES>CCO</SMILES>", 0),  # exactly one space is asked for
        ("<SMILES> [Na+].[Cl-] </SMILES>", 0),  # and no brackets
        ("It is CCCCO indeed", 1),
        ("CCO is ethanol", 1),  # all behind the space is a title
        ("I cannot generate a molecule.", 1),  # iodine
        (" ", 1),  # the empty molecule
        ("", 0),
        ("Sorry", 0),
    ],
)
def test_molecules_are_read_as_released(text: str, valid: float) -> None:
    assert generation.UNCONDITIONAL_MOLECULE(items(text))["validity"] == valid


def test_spellings_of_one_molecule_count_as_several() -> None:
    texts = [f"<SMILES> {s} </SMILES>" for s in ("CCO", "OCC", "C(C)O", "CCO")]
    assert generation.UNCONDITIONAL_MOLECULE(items(*texts))["uniquness"] == 0.75
