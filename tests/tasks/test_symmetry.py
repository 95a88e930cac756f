"""What a question does not depend on, and the other ways to write it."""

from __future__ import annotations

import pytest

from scireasoner.tasks.registry import all_tasks
from scireasoner.tasks.symmetry import Symmetry, variants

STRAND, FRAME = Symmetry.STRAND, Symmetry.FRAME
DNA = {"dna": "dna", "mark": ""}


@pytest.mark.parametrize(
    ("dna", "symmetries", "expected"),
    [
        ("AACGT", (), ["AACGT"]),
        ("AACGT", (STRAND,), ["AACGT", "ACGTT"]),
        ("AACGT", (FRAME,), ["AACGT", "ACGT", "CGT"]),
        ("AACGT", (STRAND, FRAME), ["AACGT", "ACGTT", "ACGT", "CGTT", "CGT", "GTT"]),
        pytest.param("AACGN", (STRAND,), ["AACGN"], id="an unknown base is not turned"),
    ],
)
def test_variants(dna: str, symmetries: tuple[Symmetry, ...], expected: list[str]) -> None:
    found = variants({"dna": dna, "mark": "H3"}, DNA, frozenset(symmetries))
    assert [row["dna"] for row in found] == expected
    assert {row["mark"] for row in found} == {"H3"}


@pytest.mark.parametrize("inputs", [{}, {"question": "Is <dna>AACGT</dna> bound?"}])
def test_a_question_without_dna_of_its_own_is_asked_as_it_is(inputs: dict[str, str]) -> None:
    assert variants(inputs, {"dna": "dna"}, frozenset(Symmetry)) == (inputs,)


def test_only_yes_or_no_about_windows_of_dna_declares_any() -> None:
    found = [task for task in all_tasks() if task.symmetries]
    assert len(found) == 16
    for task in found:
        assert (task.answer.kind, task.inputs["dna"]) == ("boolean", "dna")
        assert (STRAND in task.symmetries) == ("promoter" not in task.name)
