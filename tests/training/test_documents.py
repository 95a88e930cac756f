"""The corpus: its four kinds of document, their licences, and nothing that is held out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from scireasoner.corpus.documents import Document, fault
from scireasoner.errors import RecipeError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.tasks.registry import select
from scireasoner.tasks.task import Task
from scireasoner.training.documents import (
    GENERAL,
    CorpusConfig,
    documents,
    entities_of,
    held_out,
)
from scireasoner.types import Sample, Split

SMALL = CorpusConfig(rows_per_task=6, dialogues_per_task=2, general_characters=2_000)


def kind(document: Document) -> str:
    return GENERAL if document.domain == GENERAL else document.id.rsplit("/", 1)[1]


def test_the_kinds_and_how_many(formula: Task) -> None:
    kinds = Counter(kind(d) for d in documents([formula], SMALL, seed=0))
    assert kinds.pop(GENERAL) >= 1
    assert kinds == {"pair": 6, "dialogue": 2, "notations": 6}


# inputs of a row -> the texts of its entity's document
NOTATED = [
    ({"name": "iupac"}, {"name": "methanol"}, "sequence", {"<IUPAC>methanol</IUPAC>"}),
    (
        {"name": "iupac", "smiles": "smiles"},
        {"name": "methanol", "smiles": "CO"},
        "notations",
        {"<IUPAC>methanol</IUPAC>", "<SMILES>CO</SMILES>", "<SMILES>OC</SMILES>"},
    ),
    ({"gene": "dna"}, {"gene": "ATG"}, "notations", {"<dna>ATG</dna>", "<rna>AUG</rna>"}),
    ({"site": "rna"}, {"site": "GAU"}, "notations", {"<rna>GAU</rna>", "<dna>GAT</dna>"}),
]


@pytest.mark.parametrize(("inputs", "texts", "expected", "forms"), NOTATED)
def test_the_notations_of_an_entity_are_one_document(
    inputs: dict[str, str],
    texts: dict[str, str],
    expected: str,
    forms: set[str],
    make_task: Callable[..., Task],
    make_rows: Callable[..., object],
) -> None:
    row = Sample("r", texts, "CH4O", meta={"entity": "x"})
    prompt = " ".join(f"{{{name}}}" for name in inputs)
    task = make_task("t", prompt=prompt, inputs=inputs, data=make_rows({Split.TRAIN: [row]}))
    (found,) = [d for d in documents([task], SMALL, seed=0) if kind(d) == expected]
    assert set(found.text.split(" ")) <= forms
    assert len(set(found.text.split(" "))) >= len(forms) - 1  # a random SMILES may be the same


def test_worked_solutions_are_documents_of_the_tasks_that_are_named(
    formula: Task, make_task: Callable[..., Task]
) -> None:
    config = CorpusConfig(rows_per_task=1, worked={"formula": 3}, general_characters=0)
    found = list(documents([formula, make_task("other")], config, seed=0))
    texts = [d.text for d in found if kind(d) == "worked solution"]
    assert len(texts) == 3
    assert "\n1 carbons\n<MOLFORMULA>CH4</MOLFORMULA>" in texts[0]
    with pytest.raises(RecipeError, match="unknown task 'formla'"):
        list(documents([formula], CorpusConfig(worked={"formla": 3}), seed=0))


def test_every_document_names_its_source_and_licence_and_is_usable(formula: Task) -> None:
    found = list(documents([formula], SMALL, seed=0))
    assert len({d.id for d in found}) == len(found)
    for document in found:
        assert fault(document) is None
        expected = "PSF-2.0" if document.domain == GENERAL else "CC0-1.0"
        assert document.licence == expected
        assert document.source


def test_general_text_stops_at_its_budget() -> None:
    lengths = [len(d.text) for d in documents([], SMALL, seed=0)]
    assert sum(lengths) >= 2_000 > sum(lengths[:-1])
    assert list(documents([], CorpusConfig(general_characters=0), seed=0)) == []


def test_more_rows_change_no_document_that_was_there(formula: Task) -> None:
    few, many = (
        {d.id: d.text for d in documents([formula], CorpusConfig(rows_per_task=n), seed=0)}
        for n in (5, 20)
    )
    assert few.items() <= many.items()


def test_the_seed_chooses_the_wording(formula: Task) -> None:
    texts = [[d.text for d in documents([formula], SMALL, seed=seed)] for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]


def test_held_out_is_dev_and_test_of_all_tasks(
    formula: Task, make_task: Callable[..., Task], make_rows: Callable[..., object]
) -> None:
    row = Sample("t", {"smiles": "C"}, "CH4", meta={"entity": "water | salt"})
    other = make_task("other", data=make_rows({Split.TEST: [row]}))
    expected = {f"alkane {n}" for n in range(21, 25)} | {"water", "salt"}
    assert held_out([formula, other]) == expected


@pytest.fixture(scope="module")
def hidden_texts() -> Callable[[Sequence[Task]], list[str]]:
    def texts(tasks: Sequence[Task]) -> list[str]:
        """Return what test rows ask about, as a document would write it."""
        return [
            NOTATIONS[notation].wrap(row.inputs[name])
            for task in tasks
            for row in task.samples(Split.TEST)
            for name, notation in task.inputs.items()
            if notation != "text"
        ]

    return texts


@pytest.mark.usefixtures("data_root")
def test_no_document_is_about_or_quotes_a_held_out_row(
    hidden_texts: Callable[[Sequence[Task]], list[str]],
) -> None:
    """On the embedded rows of all tasks: by entity, and by the very text of the question."""
    tasks = select(["embedded"])
    hidden = held_out(tasks)
    found = list(documents(tasks, CorpusConfig(general_characters=0), seed=0))
    assert {str(t.domain) for t in tasks} >= {d.domain for d in found}
    about = [d.id for d in found if any(e in hidden for e in entities_of(d.meta))]
    assert about == []
    corpus = "\n".join(d.text for d in found)
    asked = hidden_texts(tasks)
    assert len(asked) > 100
    assert [text for text in asked if text in corpus] == []
