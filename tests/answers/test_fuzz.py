"""Mutated and hostile answers through every parser: no crash, no hang, no false "correct"."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from scireasoner.science import names

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    if not (BENCHMARKS / "fuzz_parsers.py").exists():
        pytest.skip("the benchmarks are not part of this copy")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import fuzz_parsers
    finally:
        sys.path.remove(str(BENCHMARKS))
    return fuzz_parsers


def kinds(fuzz: ModuleType) -> list[str]:
    every = {case.kind.kind for case in fuzz.cases()}
    return sorted(every if names.available() else every - {"iupac name"})


def test_every_kind_is_fuzzed(fuzz: ModuleType) -> None:
    from scireasoner import answers

    declared = {getattr(answers, name) for name in answers.__all__ if name != "Answer"}
    assert {type(case.kind) for case in fuzz.cases()} == declared


def test_every_case_knows_right_from_wrong(fuzz: ModuleType) -> None:
    """A fuzz that never sees "correct" could not find a false one."""
    for case in fuzz.cases():
        if case.kind.kind not in kinds(fuzz):
            continue
        target = case.kind.read_gold(case.gold)
        for raw in case.right:
            value = case.kind.parse(fuzz.write(case, raw))
            assert case.kind.compare(value, target)[1], (case.kind.kind, raw)
            assert case.states(raw), (case.kind.kind, raw)
        for raw in case.wrong:
            value = case.kind.parse(fuzz.write(case, raw))
            assert isinstance(value, fuzz.Fault) or not case.kind.compare(value, target)[1]


def test_mutated_answers(fuzz: ModuleType) -> None:
    tally = fuzz.run(20_000, seed=20_250_921, kinds=kinds(fuzz))
    assert tally.broken == []
    assert tally.count == 20_000
    assert tally.correct > 2_000


def test_bombs(fuzz: ModuleType) -> None:
    assert fuzz.bombs(kinds(fuzz)).broken == []


@pytest.mark.slow
def test_many_mutated_answers(fuzz: ModuleType) -> None:
    assert fuzz.run(300_000, seed=3, kinds=kinds(fuzz)).broken == []
