"""Questions in plain words: which task, which entities, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scireasoner.answers import Formula, Number
from scireasoner.errors import InputError
from scireasoner.serving import understand as understanding
from scireasoner.serving.understand import understand
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family, Sample, Split


class NoRows:
    """A source without rows: understanding a question needs none."""

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return ()


def a_task(name: str, prompt: str, inputs: dict[str, str]) -> Task:
    """Return a task of which only the wording matters here."""
    number = inputs.keys() & {"smiles"} and "solub" in prompt
    answer = Number(None, -14, 3, 1.0, 0.5) if number else Formula()
    return Task(
        name,
        "here",
        Family.TRANSLATION,
        Domain.MOLECULE,
        prompt,
        inputs,
        answer,
        NoRows(),
        "-",
        "-",
    )


TASKS = (
    a_task("smiles_formula", "What is the molecular formula of {smiles}?", {"smiles": "smiles"}),
    a_task("name_formula", "What is the molecular formula of {name}?", {"name": "iupac"}),
    a_task("solubility", "How well soluble is {smiles}?", {"smiles": "smiles"}),
    a_task("balance", "Balance {equation}.", {"equation": "equation"}),
    a_task("coding", "Translate {dna} into a protein.", {"dna": "dna"}),
    a_task("mix", "What happens when {a} meets {b}?", {"a": "smiles", "b": "smiles"}),
)


@pytest.fixture(autouse=True)
def _only_these_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "all_tasks", lambda: TASKS)


@pytest.mark.parametrize(
    ("question", "task", "inputs"),
    [
        ("What is the molecular formula of CCO?", "smiles_formula", {"smiles": "CCO"}),
        ("what is the molecular  formula of CCO", "smiles_formula", {"smiles": "CCO"}),
        ("What is the molecular formula of OCC?", "smiles_formula", {"smiles": "CCO"}),
        (
            "What is the molecular formula of <SMILES> OCC </SMILES>?",
            "smiles_formula",
            {"smiles": "CCO"},
        ),
        ("What is the molecular formula of ethanol?", "name_formula", {"name": "ethanol"}),
        (
            "What is the molecular formula of <IUPAC>notaname</IUPAC>?",
            "name_formula",
            {"name": "notaname"},
        ),
        (
            "Balance C3H8 + O2 -> CO2 + H2O.",
            "balance",
            {"equation": "C3H8 + O2 -> CO2 + H2O"},
        ),
        ("Translate ATGGCC into a protein.", "coding", {"dna": "ATGGCC"}),
        ("What happens when CCO meets CC(=O)O?", "mix", {"a": "CCO", "b": "CC(=O)O"}),
        ("Why is the sky blue?", None, {}),
        ("Tell me about <SMILES>CCO</SMILES>.", None, {}),
    ],
)
def test_questions_find_their_task(question: str, task: str | None, inputs: dict[str, str]) -> None:
    found = understand(question)
    assert (found.task.name if found.task else None) == task
    assert dict(found.inputs) == inputs


def test_the_way_to_answer_may_stand_in_the_question() -> None:
    task = TASKS[0]
    found = understand(task.question({"smiles": "CCO"}))
    assert found.task is task


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "the question is empty"),
        ("x" * 5_000, "at most 4,000"),
        ("What is the boiling point of caf\udce9?", "is not UTF-8 text"),
        ("How well soluble is C1CC?", "'C1CC' is not a valid SMILES"),
        ("How well soluble is CCO and more?", "'CCO and more' is not a valid SMILES"),
        ("What is <SMILES>C(C</SMILES>?", "'C(C' is not a valid SMILES"),
        ("How well soluble is <SMILES></SMILES>?", "is empty: give the SMILES"),
        ("What is <SMILES>CCO?", "<SMILES> is not closed: end it with </SMILES>"),
        ("Does <rna>GGTT</rna> fold?", "'GGTT' is not a valid RNA sequence"),
        ("Is <structure>((.)</structure> fine?", "is not a valid dot-bracket structure"),
        ("Translate ATGXX into a protein.", "'ATGXX' is not a valid DNA sequence"),
        ("Balance water.", "'water' is not a valid reaction equation"),
        (
            "What is the molecular formula of C1CC?",
            "'C1CC' is not a valid SMILES or IUPAC name",
        ),
    ],
)
def test_a_wrong_entity_is_refused_with_advice(question: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        understand(question)
    assert words in str(refused.value)


def test_a_tag_decides_the_task() -> None:
    found = understand("What is the molecular formula of <IUPAC>methane</IUPAC>?")
    assert found.task is TASKS[1]
