"""One answer out of several: votes among what passes, the middle of numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scireasoner.prompts.reply import compose, read
from scireasoner.tasks import get
from scireasoner.tasks.consensus import agreed, middle
from scireasoner.types import Completion, Mode

FORMULA, NUMBER, NOVEL = "smiles_to_formula", "logp", "unconditional_molecule"


def formula(text: str, *logprobs: float, finish: str = "stop") -> Completion:
    wrapped = f"<MOLFORMULA>{text}</MOLFORMULA>"
    return Completion(wrapped, 3, finish, logprobs=tuple(logprobs) or None)


def anything(answer: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("draws", "refused", "expected", "passed", "same"),
    [
        # The same value in another spelling is the same answer.
        (["CH4", "C2H6O", "OC2H6"], "", "C2H6O", 3, 2),
        # What fails a check has no vote.
        (["CH4", "CH4", "C2H6O"], "CH4", "C2H6O", 1, 1),
        # If nothing passes, what can be read votes.
        (["CH4", "CH4", "C2H6O"], "H", "CH4", 0, 2),
        # Unreadable draws count among the draws only.
        (["???", "C2H6O"], "", "C2H6O", 1, 1),
        (["???", "!!!"], "", "???", 0, 0),
        # A tie goes to the first.
        (["CH4", "C2H6O"], "", "CH4", 2, 1),
    ],
)
def test_the_vote(draws: list[str], refused: str, expected: str, passed: int, same: int) -> None:
    found = agreed(
        get(FORMULA),
        Mode.INSTANT,
        [formula(text) for text in draws],
        lambda answer: not refused or refused not in answer,
    )
    assert expected in found.completion.text
    assert (found.draws, found.passed, found.agreed) == (len(draws), passed, same)
    assert found.completion.tokens == 3 * len(draws)


def test_a_tie_goes_to_the_likelier_draw() -> None:
    draws = [formula("CH4", -3.0, -3.0), formula("C2H6O", -0.1), formula("NH3")]
    assert "C2H6O" in agreed(get(FORMULA), Mode.INSTANT, draws, anything).completion.text


def test_equal_answers_are_checked_once() -> None:
    asked: list[str] = []

    def passes(answer: str) -> bool:
        asked.append(answer)
        return True

    draws = [formula(text) for text in ("CH4", "H4C", "CH4", "NH3")]
    agreed(get(FORMULA), Mode.INSTANT, draws, passes)
    assert len(asked) == 2


def test_where_anything_valid_is_right_the_first_that_passes_is_taken() -> None:
    draws = [Completion(f"<SMILES>{s}</SMILES>", 2) for s in ("C1CC", "CCO", "CCN", "CCN")]
    found = agreed(get(NOVEL), Mode.INSTANT, draws, anything)
    assert "CCO" in found.completion.text
    assert (found.passed, found.agreed) == (3, 1)


@pytest.mark.parametrize(
    ("values", "how", "expected"),
    [
        (["1", "2", "6"], "median", 2.0),
        (["1", "2", "6"], "mean", 3.0),
        (["1", "2", "3", "4"], "median", 2.5),
        (["1", "what", "2"], "mean", 1.5),
        (["-0.00001"], "mean", -0.00001),
    ],
)
@pytest.mark.parametrize("mode", [Mode.INSTANT, Mode.THINK, None])
def test_the_middle_is_written_as_a_model_would(
    values: list[str], how: str, expected: float, mode: Mode | None
) -> None:
    task = get(NUMBER)
    thought = None if mode is Mode.INSTANT else "as {} says"
    draws = [
        Completion(compose(thought and thought.format(v), f"<NUMBER>{v}</NUMBER>"), 2)
        for v in values
    ]
    found = middle(task, mode, draws, how)  # type: ignore[arg-type]
    reply = read(found.completion.text, mode)
    assert task.answer.parse(reply.answer) == pytest.approx(expected)
    assert (reply.thought or "").startswith("as ") is (thought is not None)
    assert found.completion.tokens == 2 * len(values)
    voted = agreed(task, mode, draws, anything)
    if how == "median":
        assert replace(voted, agreed=0) == replace(found, agreed=0)


@pytest.mark.parametrize(("task", "expected"), [("nominal_mass", 2.0), (NUMBER, 4.0)])
def test_where_right_numbers_are_counted_the_most_frequent_is_taken(
    task: str, expected: float
) -> None:
    draws = [Completion(f"<NUMBER>{v}</NUMBER>", 2) for v in (2, 2, 4, 5, 6)]
    found = agreed(get(task), Mode.INSTANT, draws, anything)
    assert get(task).answer.parse(read(found.completion.text, Mode.INSTANT).answer) == expected


def test_no_number_at_all_leaves_the_first_draw() -> None:
    draws = [Completion("none", 1), Completion("nothing", 1)]
    found = middle(get(NUMBER), Mode.INSTANT, draws, "mean")
    assert (found.completion.text, found.passed) == ("none", 0)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("flammable", ("<BOOLEAN>Yes</BOOLEAN>", "<BOOLEAN>No</BOOLEAN>")),
        ("restriction_site", ("EcoRI", "BamHI", "HindIII", "PstI", "none")),
        ("molinst_multiple_choice", tuple(f"The final answer is ({x})." for x in "ABCD")),
        ("mat_mp_is_stable", ("{is_stable : True}", "{is_stable : False}")),
        (FORMULA, None),
        (NUMBER, None),
    ],
)
def test_the_classes_of_a_task(name: str, classes: tuple[str, ...] | None) -> None:
    assert get(name).classes == classes
