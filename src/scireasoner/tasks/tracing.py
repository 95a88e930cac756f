"""The claims of a trace: its tags read, the question's objects known, its steps checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science import claims
from scireasoner.science.claims import Claim, Entity
from scireasoner.tasks.task import Task
from scireasoner.types import Sample


def entities_of(text: str) -> tuple[Entity, ...]:
    """Return the tagged objects of a text with their positions."""
    return tuple(_entities(text))


def _entities(text: str) -> Iterator[Entity]:
    if "</" not in text:
        return
    for name, notation in NOTATIONS.items():
        if notation.closing and notation.closing in text:
            for span in find_spans(text, notation):
                yield Entity(name, span.text, span.start, span.end)


def trace_claims(
    text: str,
    task: Task | None = None,
    inputs: Mapping[str, str] | None = None,
    with_names: bool = False,
) -> tuple[Claim, ...]:
    """Return what a trace claims and which of it holds.

    Parameters
    ----------
    text : the trace, its answer included if there is one.
    task, inputs : the question, where it is known; statements may be about its inputs.
    with_names : whether names are compared with structures, which starts Java.
    """
    given: list[Entity] = []
    for name, value in (inputs or {}).items():
        notation = task.inputs.get(name, "text") if task is not None else name
        given += entities_of(value) if notation == "text" else [Entity(notation, value)]
    return claims.find(text, entities_of(text), given, with_names)


def first_false(task: Task, sample: Sample, text: str) -> str | None:
    """Return what is wrong with the first false claim of a trace, None if none is known to be.

    A harvest may drop a right answer that stands on a wrong step.
    """
    for claim in trace_claims(text, task, sample.inputs):
        if claim.holds is False:
            reason = f" ({claim.why})" if claim.why else ""
            return f"{claim.kind}: {' '.join(claim.text.split())[:120]!r}{reason}"
    return None
