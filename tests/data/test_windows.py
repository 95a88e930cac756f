"""DNA that stands in DNA of another length is found, whichever of the two is a test row."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.data.check import Report, as_facts, check
from scireasoner.science.nucleotides import reverse_complement
from scireasoner.tasks.task import Task

Make = Callable[..., Task]


def windows(report: Report) -> set[tuple[str, str, int, int, int, int]]:
    return {(w.test, w.train, w.within, w.around, w.either, w.of) for w in report.windows}


RNG = random.Random(1)
GENE, OTHER = ("".join(RNG.choices("ACGT", k=200)) for _ in range(2))
CORE = GENE[50:120]

# Training rows of a and of b, test rows of a; what is found: the test is always that of a.
WINDOWS: list[tuple[str, list[str], list[str], list[str], set[tuple[Any, ...]]]] = [
    ("test within its own training", [GENE], [], [CORE, OTHER[:70]], {("a", "a", 1, 0, 1, 2)}),
    ("on the other strand", [GENE], [], [reverse_complement(CORE)], {("a", "a", 1, 0, 1, 1)}),
    ("beside an unknown base", [f"N{GENE}"], [], [reverse_complement(CORE)],
     {("a", "a", 1, 0, 1, 1)}),
    ("an unknown base is no base", [GENE], [], [f"{CORE[:30]}N{CORE[31:]}"], set()),
    ("training within test", [CORE], [], [GENE], {("a", "a", 0, 1, 1, 1)}),
    ("within another task's", [OTHER], [GENE], [CORE, CORE], {("a", "b", 2, 0, 2, 2)}),
    ("around another task's", [OTHER], [CORE], [GENE, OTHER[:70]],
     {("a", "a", 1, 0, 1, 2), ("a", "b", 0, 1, 1, 2)}),
    ("both ways", [GENE, CORE[:40]], [], [CORE], {("a", "a", 1, 1, 1, 1)}),
    ("equal", [GENE, CORE], [], [GENE], {("a", "a", 0, 1, 1, 1)}),
    ("equal alone", [GENE], [GENE], [GENE], set()),
    ("one base differs", [GENE], [], [CORE[:35] + "ACGT"[CORE[35] == "A"] + CORE[36:]], set()),
    ("too short to say anything", [GENE], [], [GENE[50:79]], set()),
    ("no training", [], [], [GENE, CORE], set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "theirs", "test", "expected"), [w[1:] for w in WINDOWS], ids=[w[0] for w in WINDOWS]
)
def test_windows_of_dna_are_found_within_longer_ones(
    make: Make,
    root: Path,
    mine: list[str],
    theirs: list[str],
    test: list[str],
    expected: set[tuple[Any, ...]],
) -> None:
    a, b = (
        make(name, {split: [(dna, "1") for dna in rows] for split, rows in splits.items()},
             inputs={"dna": "dna"})
        for name, splits in (("a", {"train": mine, "test": test}), ("b", {"train": theirs}))
    )  # fmt: skip
    report = check([a, b], progress=False)
    assert windows(report) == expected
    # As with what is alike, no error: it is how some sets are made.
    assert not [p for p in report.errors if p.kind != "leak"]
    assert {(w["test"], w["train"]) for w in as_facts(report)["windows"]} == {
        own[:2] for own in expected
    }
    assert windows(check([a, b], likeness=False, progress=False)) == set()


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_windows_are_found_in_every_batch(
    make: Make, root: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scireasoner.data.overlap._PIECES", batch)
    rows = {"train": [(GENE, "1")], "test": [(GENE[n : n + 70], "1") for n in range(5)]}
    report = check([make("a", rows, inputs={"dna": "dna"})], progress=False)
    assert windows(report) == {("a", "a", 5, 0, 5, 5)}
