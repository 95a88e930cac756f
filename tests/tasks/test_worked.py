"""Worked solutions: known thoughts, and every one short and checkable."""

from __future__ import annotations

import re

import pytest

from scireasoner.science.formulas import hill
from scireasoner.tasks import get, select
from scireasoner.tasks.worked import compositions, masses, molecules, reactions, rna, sequences
from scireasoner.types import Sample, Split


def sample(gold: str, reference: str | None = None, family: str = "", **inputs: str) -> Sample:
    return Sample("x", inputs, gold, reference, {"family": family})


@pytest.mark.parametrize(
    ("thought", "expected"),
    [
        (
            molecules.count_smiles(sample("C2H6O", smiles="CCO")),
            "CH3 C1 H3, CH2 C2 H5, OH O1 H6. Total C2 H6 O1",
        ),
        (
            sequences.translate(sample("MA", dna="ATGGCATAA")),
            "ATG M, GCA A, TAA stop",
        ),
        (
            sequences.find_site(sample("EcoRI", dna="TTTGAATTCAAA")),
            "base 4: TTT GAATTC AAA. GAATTC is cut by EcoRI",
        ),
        (
            sequences.net_charge(sample("basic", protein="GKRDK")),
            "net 0, K +1, R +2, D +1, K +2: above 0",
        ),
        (
            reactions.balance(
                sample(
                    "C2H6 + O2 -> CO2 + H2O",
                    "2 C2H6 + 7 O2 -> 4 CO2 + 6 H2O",
                    "combustion",
                )
            ),
            "C 2: 2 CO2, H 6: 3 H2O, O 7: 7/2 O2, times 2",
        ),
        (
            reactions.balance(sample("Al + O2 -> Al2O3", "4 Al + 3 O2 -> 2 Al2O3", "oxide")),
            "Al 4*1 = 2*2, O 3*2 = 2*3",
        ),
        (
            compositions.oxidation_states(sample("Al O", "Al Al O O O")),
            "Al +3, O -2: 2*3 - 3*2 = 0",
        ),
        (
            masses.weigh_formula(sample("46", formula="C2H6O")),
            "<MOLFORMULA>C2</MOLFORMULA> +24: 24, <MOLFORMULA>H6</MOLFORMULA> +6: 30, "
            "<MOLFORMULA>O</MOLFORMULA> +16: 46",
        ),
        (
            masses.weigh_peptide(sample("146", protein="GA")),
            "<MOLFORMULA>H2O</MOLFORMULA> +18: 18, <protein>G</protein> +57: 75, "
            "<protein>A</protein> +71: 146",
        ),
        (
            masses.grow_peptide(sample("C5H10N2O3", protein="GA")),
            "<protein>G</protein> <MOLFORMULA>C2H5NO2</MOLFORMULA>, "
            "<protein>A</protein> <MOLFORMULA>C5H10N2O3</MOLFORMULA>",
        ),
        (
            rna.design_pairs(sample("((...))", "GCAAAGC")),
            "length 7: 1-7 GC, 2-6 CG; unpaired AAA",
        ),
    ],
)
def test_known_thoughts(thought: str | None, expected: str) -> None:
    assert thought == expected


@pytest.mark.parametrize(
    "thought",
    [
        sequences.translate(sample("MV", dna="ATGGCATAA")),
        sequences.net_charge(sample("acidic", protein="GKRDK")),
        sequences.find_site(sample("PstI", dna="TTTGAATTCAAA")),
        reactions.balance(sample("C2H6 + O2 -> CO2", "C2H6 + O2 -> CO2", "combustion")),
        molecules.count_smiles(sample("?", smiles="C1CC")),
        compositions.oxidation_states(sample("Na O", "Na O")),
    ],
)
def test_there_is_no_thought_for_a_wrong_answer(thought: str | None) -> None:
    assert thought is None


@pytest.mark.usefixtures("data_root")
def test_thoughts_are_short() -> None:
    for task in select(["embedded"]):
        for row in task.samples(Split.TRAIN) if task.worked else ():
            thought = task.worked(row) if task.worked else None
            assert thought is None or len(thought) < 500


@pytest.mark.usefixtures("data_root")
def test_counted_totals_are_the_gold() -> None:
    for row in get("smiles_to_formula").samples(Split.TRAIN):
        total = (molecules.count_smiles(row) or "").split("Total ")[1]
        counts = {e: int(n) for e, n in re.findall(r"([A-Z][a-z]?)(\d+)", total)}
        assert hill(counts) == row.gold


@pytest.mark.usefixtures("data_root")
def test_loop_energies_add_up() -> None:
    for row in get("rna_folding_energy").samples(Split.TRAIN):
        thought = rna.loop_energies(row)
        assert thought is not None
        assert thought.endswith(row.gold or "?")


@pytest.mark.usefixtures("data_root")
def test_every_line_of_arithmetic_holds() -> None:
    for name in ("balance_reaction", "composition"):
        task = get(name)
        for row in task.samples(Split.TRAIN):
            thought = task.worked(row) if task.worked else None
            for left, right in re.findall(r"([\d*+ -]*\d) = ([\d*+ ]*\d)", thought or ""):
                assert _value(left) == _value(right), thought


def _value(text: str) -> int:
    total = 0
    for sign, first, _, second in re.findall(r"([+-]?) ?(\d+)(\*(\d+))?", text):
        total += (-1 if sign == "-" else 1) * int(first) * int(second or 1)
    return total
