from __future__ import annotations

import pytest

from scireasoner.errors import InputError
from scireasoner.evaluation.baselines import MajorityBackend, NearestBackend
from scireasoner.evaluation.neighbours import nearest_rows
from scireasoner.evaluation.run import evaluate
from scireasoner.models.backend import Sampling
from scireasoner.tasks.task import Task
from scireasoner.types import Mode, Split


def answers(backend: MajorityBackend | NearestBackend, task: Task) -> list[object]:
    return [o.value for o in evaluate([task], backend)[task.name].outcomes]


def test_the_majority_of_numbers_is_their_median(boiling: Task) -> None:
    assert answers(MajorityBackend(boiling), boiling) == [353.2] * 4


def test_the_majority_of_classes_and_texts_is_the_most_common(
    site: Task, formula: Task, yes_no: Task
) -> None:
    backend = MajorityBackend(site, formula, yes_no)
    assert answers(backend, site) == ["EcoRI"] * 2
    assert answers(backend, yes_no) == [False] * 2
    result = evaluate([formula], backend)["formula"]
    assert [o.correct for o in result.outcomes] == [False, True, False, False]


def test_the_nearest_molecule_gives_its_answer(boiling: Task) -> None:
    assert answers(NearestBackend(boiling), boiling)[:3] == [351.4, 353.2, 398.8]


def test_the_nearest_text_gives_its_answer(site: Task) -> None:
    assert answers(NearestBackend(site), site) == ["EcoRI", "BamHI"]


def test_without_an_input_training_rows_come_in_turn(novel: Task) -> None:
    assert answers(NearestBackend(novel), novel) == ["CCCO", "CCCN", "CCCC"]


def test_answers_are_readable_in_thinking_prompts_too(site: Task) -> None:
    result = evaluate([site], NearestBackend(site), mode=Mode.THINK)["site"]
    assert result.estimates["accuracy"].value == 1.0


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("benzoic acid", 0),
        ("sodium chloride", 1),
        ("x", 3),
        ("ethyl acetate", 2),
    ],
)
def test_trigrams(asked: str, expected: int) -> None:
    known = ["2-chlorobenzoic acid", "sodium chlorate", "methyl acetate", "x", "sodium chlorate"]
    assert nearest_rows([asked, "y"], known, molecules=False)[0] == expected


def test_what_is_no_molecule_takes_the_first_row() -> None:
    assert nearest_rows(["not a molecule", "CCO"], ["CCC", "CCO"], molecules=True) == [0, 1]


def test_training_rows_and_foreign_tasks_are_refused(boiling: Task, site: Task) -> None:
    prompt = boiling.render(boiling.samples(Split.TRAIN)[0], Mode.INSTANT)
    with pytest.raises(InputError, match="no held-out row of 'boiling'"):
        NearestBackend(boiling).generate([prompt], Sampling())
    with pytest.raises(InputError, match="was not given task 'boiling'"):
        MajorityBackend(site).generate([prompt], Sampling())
