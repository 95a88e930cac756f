"""Asking: examples first, several answers, beams and probabilities, nothing asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from scireasoner.errors import DataError, InputError, TaskError
from scireasoner.evaluation.asking import Asking, ask, examples
from scireasoner.models.backend import Sampling
from scireasoner.tasks import get
from scireasoner.types import Completion, Mode, Prompt, Split

pytestmark = pytest.mark.usefixtures("data_root")


class Recording:
    """Keeps what it is asked, and compares options when it is allowed to."""

    name = "recording"

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []
        self.sampling: list[Sampling] = []

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        self.prompts += prompts
        self.sampling.append(sampling)
        return [[Completion(f"answer {draw}", 2) for draw in range(n)] for _ in prompts]

    def choose(self, prompts: Sequence[Prompt], options: Sequence[str]) -> list[tuple[float, ...]]:
        self.options = tuple(options)
        return [(0.75, 0.25) for _ in prompts]


def test_examples_are_fixed_by_the_seed_and_come_from_development_rows() -> None:
    task = get("smiles_to_formula")
    dev = {row.id for row in task.samples(Split.DEV)}
    first, again, other = (examples(task, 3, seed) for seed in (0, 0, 1))
    assert first == again != other
    assert {shot.id for shot in first} <= dev
    with pytest.raises(DataError, match="development rows"):
        examples(task, 10_000, 0)


def test_examples_stand_before_the_question_as_answered_turns() -> None:
    task, backend = get("smiles_to_formula"), Recording()
    rows = task.samples(Split.TEST, 2)
    ask(task, backend, rows, Asking(shots=2))
    for prompt, row in zip(backend.prompts, rows, strict=True):
        roles = [message.role for message in prompt.messages]
        assert roles == ["user", "assistant"] * 2 + ["user"]
        assert prompt.messages[-1].content == task.question(row.inputs)
        assert prompt.messages[1].content.startswith("<MOLFORMULA>")


def test_a_row_without_a_known_answer_cannot_be_an_example() -> None:
    task = get("unconditional_molecule")
    (row,) = task.samples(Split.TEST, 1)
    bare = type(row)(row.id, row.inputs, None, None, row.meta)
    with pytest.raises(TaskError, match="no known answer"):
        task.render(row, Mode.INSTANT, [bare])


@pytest.mark.parametrize(
    "changed",
    [{"shots": 1}, {"answers": 2, "temperature": 0.7}, {"temperature": 0.7}, {"seed": 5},
     {"beams": 2}, {"mode": Mode.THINK}],
)  # fmt: skip
def test_answers_are_kept_and_asked_again_only_for_another_question(
    changed: dict[str, object], tmp_path: Path
) -> None:
    task, backend = get("smiles_to_formula"), Recording()
    rows = task.samples(Split.TEST, 3)
    first = ask(task, backend, rows, Asking(), tmp_path)
    assert ask(task, backend, rows, Asking(), tmp_path) == first
    assert len(backend.sampling) == 1
    how = Asking(**changed)  # type: ignore[arg-type]
    made = ask(task, backend, rows, how, tmp_path)
    assert len(backend.sampling) == 2
    assert ask(task, backend, rows, how, tmp_path) == made
    assert len(backend.sampling) == 2


def test_probabilities_are_of_yes_before_no_and_are_kept(tmp_path: Path) -> None:
    task, backend = get("flammable"), Recording()
    rows = task.samples(Split.TEST, 3)
    how = Asking(probabilities=True)
    made = ask(task, backend, rows, how, tmp_path)
    assert backend.options == ("<BOOLEAN>Yes</BOOLEAN>", "<BOOLEAN>No</BOOLEAN>")
    assert [group[0].probability for group in made] == [0.75] * 3
    assert ask(task, backend, rows, how, tmp_path) == made
    thinking = ask(task, backend, rows, Asking(mode=Mode.THINK, probabilities=True))
    assert thinking[0][0].probability is None


@pytest.mark.parametrize("wrong", [{"shots": -1}, {"answers": 0}, {"answers": 3, "beams": 2}])
def test_impossible_settings_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError):
        Asking(**wrong)
