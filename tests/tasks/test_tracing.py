"""Traces: tags are read, the question is known, and the first false step is named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from scireasoner.science import names
from scireasoner.tasks import get, select
from scireasoner.tasks.tracing import entities_of, first_false, trace_claims
from scireasoner.types import Mode, Sample, Split

ETHANOL = Sample("x", {"smiles": "CCO"}, "C2H6O")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<SMILES>[NH4+].[Cl-]</SMILES> = NH4+ + Cl-", []),  # the first of two parts
        ("<SMILES>[NH4+]</SMILES> = NH4+, <SMILES>N</SMILES> has the formula NH4+", [True, False]),
    ],
)
def test_formulas_of_tagged_molecules(text: str, expected: list[bool | None]) -> None:
    found = [claim.holds for claim in trace_claims(text) if claim.kind == "formula"]
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


def test_tagged_objects_are_found_with_their_places() -> None:
    text = "From <SMILES>CCO</SMILES> to <MOLFORMULA>C2H6O</MOLFORMULA>."
    found = entities_of(text)
    assert {(e.kind, e.text) for e in found} == {("smiles", "CCO"), ("formula", "C2H6O")}
    assert all(text[e.start] == "<" and text[e.end - 1] == ">" for e in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<SMILES>CCO</SMILES> is C2H6O", [True, True]),
        ("<SMILES>CCO</SMILES> is <MOLFORMULA>C2H6O2</MOLFORMULA>", [True, False, True]),
        ("<SMILES>C(C)(C)(C)(C)C</SMILES> is large", [False]),
        ("<SMILES>CC(=O)O</SMILES> + <SMILES>NC</SMILES> -> <SMILES>CC(=O)NC</SMILES> + H2O",
         [True] * 4),
        # By-products are often left out; what comes from nowhere is not.
        ("<SMILES>CC(=O)O</SMILES> + <SMILES>NC</SMILES> -> <SMILES>CC(=O)NC</SMILES>",
         [True, None, True, True]),
        ("<SMILES>CC(=O)O</SMILES> -> <SMILES>CC(=O)NC</SMILES>", [True, True]),
        ("<dna>GATTACA</dna> has a reverse complement: <dna>TGTAATC</dna>", [True] * 3),
        ("<structure>((...)</structure>", [False]),
        ("<equation>2 H2 + O2 -> 2 H2O</equation>", [True]),
        ("<equation>2 H2 + 2 O2 -> 2 H2O</equation>", [False]),
    ],
)  # fmt: skip
def test_claims_about_tagged_objects(text: str, expected: list[bool | None]) -> None:
    found = trace_claims(text)
    assert sorted(map(repr, expected)) == sorted(repr(claim.holds) for claim in found), found


@pytest.mark.parametrize(
    ("task", "gold", "inputs", "step", "wrong", "kind"),
    [
        ("nominal_mass", "46", {"formula": "C2H6O"}, "+24: 24", "+25: 25", "nominal mass"),
        ("nominal_mass", "46", {"formula": "C2H6O"}, "+6: 30", "+6: 31", "running sum"),
        ("nominal_mass", "46", {"formula": "C2H6O"}, ">H6<", ">H5<", "pieces"),
        ("peptide_mass", "146", {"protein": "GA"}, "+71: 146", "+71: 147", "running sum"),
        ("peptide_mass", "146", {"protein": "GA"}, ">A<", ">S<", "pieces"),
        ("peptide_formula", "C5H10N2O3", {"protein": "GA"}, "H10N", "H11N", "running formula"),
    ],
)
def test_a_false_step_of_a_growing_mass_is_named(
    task: str, gold: str, inputs: dict[str, str], step: str, wrong: str, kind: str
) -> None:
    asked, sample = get(task), Sample("x", inputs, gold)
    right = asked.solution(sample, Mode.THINK) or ""
    assert step in right
    assert first_false(asked, sample, right) is None
    said = first_false(asked, sample, right.replace(step, wrong, 1))
    assert (said or "").startswith(kind)


@pytest.mark.skipif(not names.available(), reason="Java and OPSIN are not here")
def test_names_are_read_where_asked_for() -> None:
    text = "<IUPAC>ethanol</IUPAC> is <SMILES>{}</SMILES>"
    kinds = {holds: text.format(smiles) for holds, smiles in ((True, "OCC"), (False, "OC"))}
    for holds, trace in kinds.items():
        found = [c for c in trace_claims(trace, with_names=True) if c.kind == "name"]
        assert [c.holds for c in found] == [holds]
        assert "name" not in {c.kind for c in trace_claims(trace)}


def test_the_first_false_claim_is_named() -> None:
    task = get("smiles_to_formula")
    right = task.solution(ETHANOL, Mode.THINK) or ""
    assert first_false(task, ETHANOL, right) is None
    said = first_false(task, ETHANOL, right.replace("C2 H5", "C2 H6"))
    assert said is not None
    assert "C2 H6" in said
    assert "C 2, H 5 by now" in said


@pytest.mark.usefixtures("data_root")
def test_every_worked_solution_of_the_embedded_tasks_holds() -> None:
    for task in select(["embedded"]):
        for sample in task.samples(Split.TRAIN, 40) if task.worked else ():
            text = task.solution(sample, Mode.THINK)
            if text is None:
                continue
            found = trace_claims(text, task, sample.inputs)
            assert found, text
            assert [c for c in found if c.holds is not True] == [], text


@pytest.mark.usefixtures("data_root")
def test_a_wrong_number_in_a_worked_solution_is_found() -> None:
    for name, old, new in (
        ("smiles_to_formula", "C1", "C2"),
        ("rna_design", "length 1", "length 2"),
        ("dna_to_protein", "ATG M", "ATG V"),
        ("protein_charge", "+1", "+2"),
    ):
        task = get(name)
        for sample in task.samples(Split.TRAIN, 12):
            text = task.solution(sample, Mode.THINK) or ""
            if old in text:
                assert first_false(task, sample, text.replace(old, new, 1)) is not None, text


def test_a_task_without_tagged_inputs_can_be_checked() -> None:
    task = replace(get("smol_esol"), inputs={"smiles": "text"})
    text = "2 + 2 = 5"
    assert "it is 4" in (first_false(task, ETHANOL, text) or "")


def test_the_page_about_traces_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "howto" / "check-a-trace.md"
    for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        exec(compile(block, page.name, "exec"), {})
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "['CH2 C2 H6']"
    assert "C 2, H 5 by now" in shown[1]
    assert "249.68 g/mol" in shown[2]
