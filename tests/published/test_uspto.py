"""USPTO-50K against LLM4Chem/retrosynthesis_evaluator.py of dave1362/SciReason@efe16a1."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import uspto
from scireasoner.published.base import Evaluator, Item

EVALUATORS = {"uspto50k": uspto.USPTO50K, "uspto50k beams 1": uspto.USPTO50K_UPSTREAM}


@pytest.mark.parametrize("name", EVALUATORS)
def test_numbers_are_the_released_ones(
    name: str, reproduces: Callable[[str, str, Evaluator], int]
) -> None:
    assert EVALUATORS[name].name == name
    assert reproduces("uspto", name, EVALUATORS[name]) >= 15


def item(*answers: str, gold: str = "CCO.CC(=O)Cl") -> Item:
    return Item(tuple(f"<SMILES>{a}</SMILES>" for a in answers), f"<SMILES>{gold}</SMILES>")


@pytest.mark.parametrize(
    ("answers", "first", "third", "largest"),
    [
        (("CC(=O)Cl.OCC", "C", "N"), 100, 100, 100),
        (("x", "CC(=O)Cl.OCC", "N"), 100, 100, 100),  # beams that cannot be read are skipped
        (("CC(=O)Cl.OCC", "C", "OCC.CC(=O)Cl"), 0, 100, 0),  # a repeated one takes the last rank
        (("CC(=O)Cl.N", "C", "N"), 0, 0, 100),
        (("[CH3:1]C(=O)Cl.OCC", "C", "N"), 100, 100, 100),  # atom maps do not count
        (("CC(=O)Cl.OCC.O", "C", "N"), 0, 0, 100),
    ],
)
def test_ranks(answers: tuple[str, ...], first: float, third: float, largest: float) -> None:
    found = uspto.USPTO50K([item(*answers)])
    assert found["Top-1 Accuracy"] == first
    assert found["Top-3 Accuracy"] == third
    assert found["Top-1 MaxFrag Accuracy"] == largest


def test_an_unreadable_gold_stays_in_the_denominator() -> None:
    found = uspto.USPTO50K([item("CCO", "C", "N", gold="CCO"), item("x", "y", "z", gold="x")])
    assert found["Top-1 Accuracy"] == 50
    assert found["Invalid SMILES Rate (at beam 1)"] == 0


def test_another_number_of_beams_gives_nothing() -> None:
    assert uspto.USPTO50K([item("CCO")])["Top-1 Accuracy"] is None
    assert uspto.USPTO50K([])["Top-1 Accuracy"] is None


def test_the_last_block_outside_thoughts_counts() -> None:
    text = f"{THINK_OPEN}<SMILES>N</SMILES>{THINK_CLOSE}<SMILES>C</SMILES> or <SMILES>O</SMILES>"
    found = uspto.USPTO50K_UPSTREAM([Item((text,), "<SMILES>O</SMILES>")])
    assert found["Top-1 Accuracy"] == 100
