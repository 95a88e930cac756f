"""The difficulty filter: temperature, band and top-up by hand, and stages that are interrupted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from scireasoner.errors import JudgeError, RecipeError
from scireasoner.models.backend import Sampling
from scireasoner.tasks.task import Task
from scireasoner.training.difficulty import (
    ROWS,
    TABLE,
    DifficultyConfig,
    Rolled,
    Try,
    chosen,
    chosen_tasks,
    settle,
)
from scireasoner.training.difficulty_rollouts import LOG, measure_difficulty
from scireasoner.types import Completion, Mode, Prompt, Sample, Split

CONFIG = DifficultyConfig(rows=20, tune_rows=4, batch=3, per_task=8)

# (temperature, share alike, share unreadable) of the tries -> temperature, fixed
TUNED: list[tuple[list[tuple[float, float, float]], float, bool]] = [
    ([], 0.9, False),  # where it begins
    ([(0.9, 0.5, 0.1)], 0.9, True),
    ([(0.9, 0.8, 0.3)], 0.9, True),  # just at both thresholds
    ([(0.9, 0.81, 0.1)], 1.0, False),  # too alike
    ([(0.9, 0.5, 0.31)], 0.8, False),  # too often unreadable
    ([(0.9, 0.9, 0.9)], 0.8, False),  # both: unreadable counts first
    ([(0.9, 0.9, 0.0), (1.0, 0.7, 0.0)], 1.0, True),
    ([(0.9, 0.9, 0.0), (1.0, 0.85, 0.0)], 1.1, False),
    ([(0.9, 0.9, 0.0), (1.0, 0.7, 0.4)], 0.9, True),  # between two: the readable one
    ([(0.9, 0.4, 0.4), (0.8, 0.9, 0.2)], 0.8, True),
    ([(round(0.9 + i / 10, 6), 1.0, 0.0) for i in range(5)], 1.3, True),  # the highest
    ([(round(0.9 - i / 10, 6), 0.0, 1.0) for i in range(5)], 0.5, True),  # the lowest
]


@pytest.mark.parametrize(("tries", "temperature", "fixed"), TUNED)
def test_the_temperature(
    tries: list[tuple[float, float, float]], temperature: float, fixed: bool
) -> None:
    found, settled = settle([Try(*t) for t in tries], CONFIG)
    assert found == pytest.approx(temperature)
    assert settled is fixed


def rolled(*right: int) -> list[Rolled]:
    return [Rolled(f"r{i:02}", n, 0, False) for i, n in enumerate(right)]


# right answers of 8, K -> how many are kept, right answers of those that top up
BANDS: list[tuple[list[int], int, int, list[int]]] = [
    ([0, 1, 2, 3, 4, 5, 6, 7, 8], 5, 5, []),  # p = 0.125 and 0.875 are out
    ([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, 5, [1, 7, 0, 8]),  # the nearer to half come first
    ([0, 1, 2, 3, 4, 5, 6, 7, 8], 7, 5, [1, 7]),
    ([0, 1, 2, 3, 4, 5, 6, 7, 8], 3, 3, []),
    ([0, 0, 8, 8], 2, 0, [0, 8]),
    ([1, 0, 0, 0], 2, 0, [1, 0]),
    ([4, 4], 1_000, 2, []),  # fewer rows than K
    ([], 5, 0, []),
]


@pytest.mark.parametrize(("right", "most", "kept", "topped"), BANDS)
def test_the_band_and_the_top_up(right: list[int], most: int, kept: int, topped: list[int]) -> None:
    rows = rolled(*right)
    by_name = {row.sample: row.right for row in rows}
    inside, rest = chosen(rows, replace(CONFIG, per_task=most), 0, "t")
    assert len(inside) == kept
    assert all(2 <= by_name[name] <= 6 for name in inside)
    assert len(set(inside + rest)) == len(inside + rest)  # without replacement
    got = [by_name[name] for name in rest]
    assert [abs(4 - n) for n in got] == [abs(4 - n) for n in topped]
    if len(right) > 4:
        assert sorted(got) == sorted(topped)


def test_the_seed_decides_who_is_drawn() -> None:
    rows = rolled(*[4] * 40)
    config = replace(CONFIG, per_task=10)
    draws = [chosen(rows, config, seed, "t")[0] for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]
    assert chosen(rows[::-1], config, 0, "t")[0] == draws[0]  # in whatever order they came


class Interrupted(Exception):
    """Stands for a kill between two batches."""


@dataclass
class Model:
    """Answers the formula of an alkane right in as many of its draws as the rest of carbons / 9."""

    name: str = "model"
    stop_at: int | None = None
    alike_below: float = 0.0
    asked: list[tuple[str, float]] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    calls: int = 0

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        if self.calls == self.stop_at:
            raise Interrupted
        self.calls += 1
        self.seeds.append(sampling.seed)
        self.asked += [(prompt.sample_id, sampling.temperature) for prompt in prompts]
        return [
            [self._answer(prompt, sampling, draw, n) for draw in range(n)] for prompt in prompts
        ]

    def _answer(self, prompt: Prompt, sampling: Sampling, draw: int, n: int) -> Completion:
        carbons = int(prompt.sample_id.split("-")[1])
        if sampling.temperature < self.alike_below:
            draw = 0
        right = draw < carbons % (n + 1)
        formula = (
            f"C{carbons if carbons > 1 else ''}H{2 * carbons + 2}" if right else f"C{draw + 40}"
        )
        return Completion(f"<MOLFORMULA>{formula}</MOLFORMULA>", 5)


MODES = {"formula": Mode.INSTANT}


def test_pass_rates_are_counted_by_the_judge(formula: Task, tmp_path: Path) -> None:
    """Alkanes 1 to 20 are right 1..8, 0..8, 0..2 times of 8."""
    (found,) = measure_difficulty([formula], MODES, Model(), CONFIG, tmp_path, seed=0)
    assert found.histogram == (2, 3, 3, 2, 2, 2, 2, 2, 2)
    assert (found.rows, found.kept, found.topped_up) == (20, 8, 0)
    assert found.temperature == 0.9
    assert found.rule == formula.answer.rule
    table = json.loads((tmp_path / TABLE).read_text())
    assert table["tasks"][0]["histogram"] == list(found.histogram)
    assert (table["max_alike"], table["max_unreadable"]) == (0.8, 0.3)


def test_rl_asks_the_chosen_rows_only(formula: Task, tmp_path: Path) -> None:
    measure_difficulty([formula], MODES, Model(), CONFIG, tmp_path, seed=0)
    (narrowed,) = chosen_tasks([formula], tmp_path)
    rows = narrowed.samples(Split.TRAIN)
    assert len(rows) == 8
    assert all(2 <= int(row.id.split("-")[1]) % 9 <= 6 for row in rows)
    assert narrowed.samples(Split.DEV) == formula.samples(Split.DEV)
    assert narrowed.question(rows[0].inputs) == formula.question(rows[0].inputs)


def test_where_the_stage_is_left_out_the_mixture_is_as_it_was(
    formula: Task, make_task: Callable[..., Task], tmp_path: Path
) -> None:
    assert chosen_tasks([formula], tmp_path) == (formula,)
    measure_difficulty([formula], MODES, Model(), CONFIG, tmp_path, seed=0)
    other = make_task("other")
    assert chosen_tasks([formula, other], tmp_path)[1] is other


def test_too_few_rows_are_topped_up(formula: Task, tmp_path: Path) -> None:
    wide = replace(CONFIG, per_task=15)
    (found,) = measure_difficulty([formula], MODES, Model(), wide, tmp_path, seed=0)
    assert (found.kept, found.topped_up) == (11, 4)
    why = Counter(json.loads(line)["why"] for line in (tmp_path / ROWS).read_text().splitlines())
    assert why == {"kept": 11, "top-up": 4}


def test_only_a_sample_is_rolled_out(formula: Task, tmp_path: Path) -> None:
    model = Model()
    few = replace(CONFIG, rows=7)
    (found,) = measure_difficulty([formula], MODES, model, few, tmp_path, seed=0)
    assert found.rows == len(model.asked) == len(set(model.asked)) == 7
    assert len(set(model.seeds)) == len(model.seeds)  # only seeds vary


def test_the_temperature_is_tried_on_the_first_rows_and_then_fixed(
    formula: Task, tmp_path: Path
) -> None:
    model = Model(alike_below=1.05)
    (found,) = measure_difficulty([formula], MODES, model, CONFIG, tmp_path, seed=0)
    assert [t.temperature for t in found.tries] == pytest.approx([0.9, 1.0, 1.1])
    assert [t.alike for t in found.tries[:2]] == [1.0, 1.0]
    assert found.temperature == pytest.approx(1.1)
    asked = Counter(temperature for _, temperature in model.asked)
    assert asked == {0.9: 4, 1.0: 4, 1.1: 20}  # the first rows are not rolled out again


@pytest.mark.parametrize("stop_at", range(12))
def test_an_interrupted_stage_rolls_nothing_out_twice_and_ends_alike(
    stop_at: int, formula: Task, tmp_path: Path
) -> None:
    straight = Model(alike_below=1.05)
    expected = measure_difficulty([formula], MODES, straight, CONFIG, tmp_path / "a", seed=0)
    assert straight.calls == 12
    first, second = Model(alike_below=1.05, stop_at=stop_at), Model(alike_below=1.05)
    with pytest.raises(Interrupted):
        measure_difficulty([formula], MODES, first, CONFIG, tmp_path / "b", seed=0)
    again = measure_difficulty([formula], MODES, second, CONFIG, tmp_path / "b", seed=0)
    assert again == expected
    assert first.asked + second.asked == straight.asked
    assert first.seeds + second.seeds == straight.seeds
    assert (tmp_path / "a" / ROWS).read_bytes() == (tmp_path / "b" / ROWS).read_bytes()


def test_a_torn_last_line_costs_one_batch(formula: Task, tmp_path: Path) -> None:
    straight = Model()
    expected = measure_difficulty([formula], MODES, straight, CONFIG, tmp_path, seed=0)
    log = tmp_path / LOG
    log.write_bytes(log.read_bytes()[:-9])
    again = Model()
    assert measure_difficulty([formula], MODES, again, CONFIG, tmp_path, seed=0) == expected
    assert again.calls == 1


def test_our_own_failures_are_no_difficulty(
    make_task: Callable[..., Task], make_rows: Callable[..., object], tmp_path: Path
) -> None:
    bad = [Sample(f"alkane-{i}", {"smiles": "C"}, "no formula, but words") for i in range(1, 11)]
    broken = make_task("broken", data=make_rows({Split.TRAIN: bad}))
    with pytest.raises(JudgeError, match=r"broken: our own tools failed on 80 of 80 answers"):
        measure_difficulty([broken], {"broken": Mode.INSTANT}, Model(), CONFIG, tmp_path, seed=0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"keep": (2,)}, "difficulty.keep"),
        ({"keep": (6, 2)}, "difficulty.keep"),
        ({"keep": (2, 9)}, "difficulty.rollouts"),
        ({"temperature": 2.0}, "difficulty.temperatures"),
        ({"step": 0.0}, "a step above 0"),
        ({"rows": -1}, "rows is -1"),
        ({"batch": 0}, "batch is 0"),
    ],
)
def test_mistakes_are_named(changes: dict[str, object], words: str) -> None:
    with pytest.raises(RecipeError) as caught:
        DifficultyConfig(**changes)  # type: ignore[arg-type]
    assert words in str(caught.value)
