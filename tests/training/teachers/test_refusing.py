from __future__ import annotations

from dataclasses import dataclass

import pytest
from alkanes import alkanes, limits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scireasoner.tasks.task import Task
from scireasoner.training.harvest import LimitsConfig
from scireasoner.training.teachers.config import NO_LIMITS
from scireasoner.training.teachers.refusing import (
    Refusals,
    excess,
    longest_loop,
    normalised,
    repeated_share,
)
from scireasoner.types import Completion, Sample, Split

PROSE = "each carbon of the chain holds two hydrogens and the two ends hold one more apiece"


@pytest.mark.parametrize(
    ("text", "n", "share"),
    [
        ("", 2, 0.0),
        ("a b", 3, 0.0),
        ("a b c d", 2, 0.0),
        ("a b a b a", 2, 0.5),  # ab ba ab ba
        ("a a a a a", 1, 0.8),
        (PROSE, 1, 1 - 14 / 16),  # the, two come again
    ],
)
def test_the_share_of_repeated_ngrams(text: str, n: int, share: float) -> None:
    assert repeated_share(text.split(), n) == pytest.approx(share)


LOOPS = [
    (PROSE, 1),
    ("so " * 40, 40),
    (f"{PROSE} " * 12, 12),
    (f"first {PROSE} then " + "wait let me see " * 20 + "done", 20),
    ("A U G " * 6, 1),  # 18 words: a sequence, not a loop
    ("one two three four five six seven eight nine ten eleven twelve " * 2, 1),
]


@pytest.mark.parametrize(("text", "times"), LOOPS, ids=[str(row[1]) for row in LOOPS])
def test_loops_are_counted(text: str, times: int) -> None:
    assert longest_loop(text.split()) == times


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    block=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=12),
    times=st.integers(1, 30),
    before=st.lists(st.sampled_from("xyz"), max_size=20),
)
def test_a_block_that_comes_often_is_a_loop(
    block: list[str], times: int, before: list[str]
) -> None:
    words = before + block * times
    if len(block) * times >= 30:
        assert longest_loop(words) >= times


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("The answer is  C2H6.", "the answer is C2H6", True),
        ("**Hence** it is `CC`", "hence it is CC", True),
        ("it is C=C", "it is C#C", False),
        ("it is CC", "it is cc", False),
        ("it is 2.5", "it is 25", False),
        ("it is -1", "it is 1", False),
        ("[Na+]", "[Na-]", False),
    ],
)
def test_near_means_the_same_but_for_spacing_and_marks(text: str, other: str, same: bool) -> None:
    assert (normalised(text) == normalised(other)) is same


BROKEN = [
    (PROSE, 20, {}, None),
    (PROSE, 20, {"max_characters": 20}, "too long"),
    (PROSE, 20, {"max_tokens": 19}, "too long"),
    (PROSE, 20, {"max_tokens": 20}, None),
    (PROSE, 20, {"min_words": 17}, "too short"),
    (PROSE, 20, {"min_words": 16}, None),
    (f"{PROSE} " * 12, 20, {}, "loops"),
    (f"{PROSE} " * 2, 20, {}, "repeats itself"),
    (f"{PROSE} " * 2, 20, {"max_repeated": 0.6}, None),
    (f"{PROSE} " * 2, 20, {"ngram": 0}, None),
    ("wait " * 60, 20, {"max_loops": 0, "ngram": 0}, None),
]


@pytest.mark.parametrize(("text", "tokens", "changes", "reason"), BROKEN)
def test_limits(text: str, tokens: int, changes: dict[str, float], reason: str | None) -> None:
    assert excess(Completion(text, tokens), limits(**changes)) == reason
    assert excess(Completion(text, tokens), NO_LIMITS) is None


@dataclass(frozen=True)
class Named:
    """Only a teacher's name and limits matter here."""

    name: str
    limits: LimitsConfig

    def solve(self, task: Task, samples: object, seed: int) -> list[None]:
        raise AssertionError


@pytest.fixture
def rows() -> tuple[Task, Sample, Sample]:
    task = alkanes()
    first, second = task.samples(Split.TRAIN)[:2]
    return task, first, second


def test_duplicates_are_refused_by_question_or_by_text(rows: tuple[Task, Sample, Sample]) -> None:
    task, one, two = rows
    free, strict = Named("tools", NO_LIMITS), Named("far", limits())
    refusals = Refusals()

    def reason(teacher: Named, sample: Sample, text: str) -> str | None:
        found = refusals.reason(task, teacher, sample, Completion(text, 5))  # type: ignore[arg-type]
        if found is None:
            refusals.note(teacher.name, sample.id, text)
        return None if found is None else found[0]

    assert reason(free, one, "Hence it is.") is None
    assert reason(free, one, "Hence it is.") == "duplicate"
    assert reason(free, two, "Hence it is.") is None  # another question of the same sort
    assert reason(strict, two, "hence it is") == "near duplicate"
    assert reason(strict, two, "something else") is None


def test_a_question_is_enough_at_so_many_traces(rows: tuple[Task, Sample, Sample]) -> None:
    task, one, two = rows
    refusals = Refusals(per_sample=2)
    refusals.note("tools", one.id, "a")
    refusals.note("near", one.id, "b")
    teacher = Named("far", limits())
    found = [
        refusals.reason(task, teacher, sample, Completion("c", 1))  # type: ignore[arg-type]
        for sample in (one, two)
    ]
    assert found == [("enough of this question", ""), None]


def test_a_check_of_steps_names_its_reason(rows: tuple[Task, Sample, Sample]) -> None:
    task, one, two = rows

    def check(task: Task, sample: Sample, text: str) -> str | None:
        return "2 + 2 is not 5" if sample is two else None

    refusals = Refusals(check)
    found = [
        refusals.reason(task, Named("far", own), sample, Completion("c", 1))  # type: ignore[arg-type]
        for sample, own in ((one, limits()), (two, limits()), (two, NO_LIMITS))
    ]
    assert found == [None, ("wrong step", "2 + 2 is not 5"), None]
