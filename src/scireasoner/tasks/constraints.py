"""Which physical constraints an answer kind is checked against, and with which request."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from scireasoner.notation.tags import find_spans
from scireasoner.science.checks import CHECKS, NOTHING, Request
from scireasoner.types import Domain, Fault, Finding, Sample, Verdict

if TYPE_CHECKING:
    from scireasoner.tasks.task import Task

CONSTRAINTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "rna design": ("length",),
    "equation": ("same species", "element balance", "charge balance", "smallest coefficients"),
    "material": ("element set", "charge neutrality", "smact"),
    "novel material": ("space group", "charge neutrality", "smact"),
    "modulus material": ("smact",),
})  # fmt: skip
"""The checks of ``scireasoner.science.checks`` that apply to each answer kind.

Only those that a readable answer can still fail: valence, alphabets and grammars are checked where
an answer is read, and what breaks them is a fault. Reactions add that no element is created.
"""

HARD: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "equation": ("same species",),
    "rna design": ("length",),
})  # fmt: skip
"""Those that gate a reward by themselves: the judge gives them no score either. The others leave a
gradient to what is nearly right; a task may name more in its composition."""

_CREATED = "no element created"


def constraints_of(task: Task) -> tuple[str, ...]:
    """Return the names of the checks that apply to a task."""
    own = CONSTRAINTS.get(task.answer.kind, ())
    return (*own, _CREATED) if _reacts(task) else own


def _reacts(task: Task) -> bool:
    """Whether molecules go in and molecules come out."""
    kinds = ("molecule", "molecule set")
    reaction = task.domain is Domain.REACTION and task.answer.kind in kinds
    return reaction and list(task.inputs.values()) == ["smiles"]


def findings(task: Task, sample: Sample, target: Any, value: Any, text: str) -> tuple[Finding, ...]:
    """Return what the checks of a task say of an answer; those that do not apply are left out.

    A check that the known right answer fails is left out too: the data outrank a rule of thumb.

    Parameters
    ----------
    target, value : the parsed gold and the parsed answer.
    text : the answer as it was written, without tags.
    """
    names = constraints_of(task)
    if not names:
        return ()
    request = _request(task, sample, target)
    found = [CHECKS[name].run(_plain(task, sample, value, text), request) for name in names]
    failed = {one.check for one in found if one.verdict is Verdict.FAIL}
    excused = _failed_by_gold(task, sample, request, failed) if failed else set()
    return tuple(
        one
        for one in found
        if one.verdict is not Verdict.NOT_APPLICABLE and one.check not in excused
    )


def _failed_by_gold(task: Task, sample: Sample, request: Request, names: set[str]) -> set[str]:
    if sample.example is None:
        return set()
    written = task.answer.write(sample.example)
    value = task.answer.parse(written)
    if isinstance(value, Fault):
        return set()
    text = _plain(task, sample, value, inner(task, written))
    return {name for name in names if CHECKS[name].run(text, request).verdict is Verdict.FAIL}


def inner(task: Task, text: str) -> str:
    """Return what stands in the last tag of the answer's notation, else the whole text."""
    notation = getattr(task.answer, "notation", None)
    spans = find_spans(text, notation) if notation is not None else []
    return spans[-1].text if spans else text.strip()


def _plain(task: Task, sample: Sample, value: Any, text: str) -> str:
    """Return an answer as the checks read it: a canonical text as it was parsed, or as written."""
    if task.answer.kind == "molecule set" and _reacts(task):
        # What is asked for goes in; what is given comes out.
        return f"{value}>>{next(iter(sample.inputs.values()), '')}"
    return value if isinstance(value, str) else text


def _request(task: Task, sample: Sample, target: Any) -> Request:
    kind = task.answer.kind
    if kind == "equation":
        return Request(equation=sample.gold)
    if kind == "material" and isinstance(target, str):
        return Request(elements=tuple(target.split()))
    if kind == "rna design" and isinstance(target, str):
        return Request(alphabet="rna", shortest=len(target), longest=len(target))
    if kind == "molecule" and _reacts(task):
        return Request(reactants=sample.inputs.get(next(iter(task.inputs))))
    return NOTHING
