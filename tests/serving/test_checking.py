"""Which checks belong to an entity and to a task's answer, and what files of answers give."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from scireasoner.errors import DataError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science.checks import CHECKS, Request
from scireasoner.serving.check_file import MAX_LINE, Broken, Line, check_lines
from scireasoner.serving.checking import GATES, check_entity, checked, findings
from scireasoner.tasks.constraints import request_of
from scireasoner.tasks.registry import get
from scireasoner.types import Verdict

PASS, FAIL = Verdict.PASS, Verdict.FAIL


def test_every_gate_is_a_check_of_a_notation() -> None:
    assert set(GATES) <= set(NOTATIONS)
    assert all(name in CHECKS for gates in GATES.values() for name in gates)


@pytest.mark.parametrize(
    ("text", "notation", "request_", "names", "last"),
    [
        ("CCO", "smiles", Request(), ["smiles grammar", "valence", "kekulisation", "one molecule"], PASS),
        ("CC(C)(C)(C)C", "smiles", Request(smiles="CC"), ["smiles grammar", "valence"], FAIL),
        ("ACGU", "rna", Request(), ["alphabet"], PASS),
        ("ACGU", "rna", Request(structure="...."), ["alphabet", "target structure"], PASS),
        ("UUCUCCGAACGUGUCACGUTT", "sirna", Request(), ["alphabet"], PASS),
        ("ACGT", "dna", Request(longest=3), ["alphabet", "length"], FAIL),
        ("NaCl", "material", Request(), ["composition grammar", "charge neutrality", "smact"], PASS),
        ("Qq", "material", Request(elements=("Na",)), ["composition grammar"], FAIL),
        ("3 eV", "number", Request(low=0.0), ["number", "range"], PASS),
        ("CCO>>CC=O", "equation", Request(), ["equation grammar", "no element created"], PASS),
        (
            "4 H2 + 2 O2 -> 4 H2O",
            "equation",
            Request(equation="H2 + O2 -> H2O"),
            ["equation grammar", "element balance", "charge balance", "same species", "smallest coefficients"],
            FAIL,
        ),
        ("OCC.C", "smiles", Request(molecules="C.CCO"), ["smiles grammar", "valence", "kekulisation", "reagents and multiplicity"], PASS),
        ("4 4 4 90 90 90\nPo 0 0 0", "material", Request(), ["composition grammar", "charge neutrality", "smact", "volume", "density", "atom distances"], PASS),
        ("whatever", "selfies", Request(), [], None),
    ],
)  # fmt: skip
def test_an_entity_gets_the_checks_that_it_can_have(
    text: str, notation: str, request_: Request, names: list[str], last: Verdict | None
) -> None:
    found = check_entity(text, notation, request_)
    assert [finding.check for finding in found] == names
    assert (found[-1].verdict if found else None) is last


@pytest.mark.parametrize(
    ("task", "inputs", "answer", "check", "verdict"),
    [
        ("smiles_to_formula", {"smiles": "CCO"}, "<MOLFORMULA>C2H6O</MOLFORMULA>", "element counts", PASS),
        ("smiles_to_formula", {"smiles": "CCO"}, "C2H4O", "element counts", FAIL),
        ("iupac_to_formula", {"iupac": "ethanol"}, "<MOLFORMULA>C2H6O</MOLFORMULA>", "element counts", PASS),
        ("iupac_to_smiles", {"iupac": "ethanol"}, "<SMILES>CO</SMILES>", "canonical identity", FAIL),
        ("smiles_to_iupac", {"smiles": "CCO"}, "<IUPAC>methanol</IUPAC>", "iupac reading", FAIL),
        ("molinst_forward_reaction", {"smiles": "CCO.O"}, "<SMILES>CCBr</SMILES>", "no element created", FAIL),
        ("molinst_forward_reaction", {"smiles": "CCO.O"}, "<SMILES>CC=O</SMILES>", "no element created", PASS),
        ("balance_reaction", {"equation": "H2 + O2 -> H2O"}, "<equation>H2 + O2 -> H2O</equation>", "element balance", FAIL),
        ("rna_design", {"structure": "((((....))))"}, "<rna>GGGGAAAACCCC</rna>", "target structure", PASS),
        ("dna_to_protein", {"dna": "ATGGCC"}, "<protein>MK</protein>", "codon translation", FAIL),
        ("composition", {"elements": "Na Cl"}, "<material>Na O</material>", "element set", FAIL),
        ("boiling_point", {"smiles": "CCO"}, "<NUMBER>-5</NUMBER> K", "range", FAIL),
        ("uncond_rna", {}, "<rna>ACGU</rna>", "length", FAIL),
    ],
)  # fmt: skip
def test_a_task_says_what_was_asked_for(
    task: str, inputs: Mapping[str, str], answer: str, check: str, verdict: Verdict
) -> None:
    asked = get(task)
    named = dict(zip(asked.inputs, inputs.values(), strict=True))
    found = {finding.check: finding for finding in findings(answer, asked, named)}
    assert check in found, found
    assert found[check].verdict is verdict, found[check].text


def test_the_gold_of_a_row_is_what_is_wanted() -> None:
    task = get("uspto50k_retrosynthesis")
    wanted = request_of(task, {"smiles": "CCOC(C)=O"}, "CC(=O)Cl.CCO")
    assert wanted == Request(molecules="CC(=O)Cl.CCO")
    found = checked("<SMILES>CCO</SMILES>", task, {}, "CC(=O)Cl.CCO")
    assert found[-1].finding.text == "missing: 'CC(=O)Cl'"


def test_only_the_entities_that_a_check_reads_are_given_to_it() -> None:
    text = "<SMILES>CCO</SMILES> and <material>NaCl2</material>"
    found = checked(text, only=("smact",))
    assert [(item.entity, item.finding.check) for item in found] == [("NaCl2", "smact")]


def lines_of(path: Path, *rows: str) -> list[Line | Broken]:
    path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    return list(check_lines(path))


def test_a_broken_line_is_named_and_costs_itself_alone(tmp_path: Path) -> None:
    good = json.dumps({"id": 7, "answer": "<SMILES>C1CC</SMILES>"})
    found = lines_of(
        tmp_path / "a.jsonl",
        "{",
        "[1]",
        "",
        json.dumps({"answer": 3}),
        json.dumps({"answer": "C", "task": "nope"}),
        json.dumps({"answer": "C", "as": "klingon"}),
        json.dumps({"answer": "C", "inputs": {"x": 1}}),
        "[" * 100_000,
        '{"answer": "' + "C" * 2 * MAX_LINE + '"}',
        good,
    )
    broken = [line for line in found if isinstance(line, Broken)]
    words = ["not JSON", "an object was expected", '"answer"', "no task 'nope'", "klingon", '"inputs"', "not JSON", "not JSON"]  # fmt: skip
    assert [line.number for line in broken] == [1, 2, 4, 5, 6, 7, 8, 9]
    assert all(word in line.what for word, line in zip(words, broken, strict=True))
    (line,) = [line for line in found if isinstance(line, Line)]
    assert (line.number, line.id) == (10, "7")
    assert (
        line.found[-1].finding.text == "the SMILES cannot be read: ring 1 is not closed in 'C1CC'"
    )


def test_a_thought_is_taken_off_and_an_open_one_is_no_answer(tmp_path: Path) -> None:
    thought, opened = lines_of(
        tmp_path / "a.jsonl",
        json.dumps({"answer": "<think><SMILES>C1CC</SMILES></think><SMILES>CCO</SMILES>"}),
        json.dumps({"answer": "<think><SMILES>CCO</SMILES>"}),
    )
    assert isinstance(thought, Line)
    assert isinstance(opened, Line)
    assert {item.entity for item in thought.found} == {"CCO"}
    assert [item.finding.text for item in opened.found] == ["no answer: thought not closed"]


def test_a_missing_file_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        list(check_lines(tmp_path / "none.jsonl"))
