"""Which physical constraints an answer kind is checked against, and with which request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from scireasoner.science import names
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


def findings(task: Task, sample: Sample, value: Any) -> tuple[Finding, ...]:
    """Return what the checks of a task say of an answer; those that do not apply are left out.

    A check that the known right answer fails is left out too: the data outrank a rule of thumb.

    Parameters
    ----------
    value : the parsed answer: what the judge read is what is checked, without its mark-up.
    """
    applied = constraints_of(task)
    if not applied:
        return ()
    request = request_of(task, sample.inputs, sample.gold)
    found = [CHECKS[name].run(_plain(task, sample, value), request) for name in applied]
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
    value = task.answer.parse(task.answer.write(sample.example))
    if isinstance(value, Fault):
        return set()
    text = _plain(task, sample, value)
    return {name for name in names if CHECKS[name].run(text, request).verdict is Verdict.FAIL}


def _plain(task: Task, sample: Sample, value: Any) -> str:
    """Return a parsed answer as the checks read it."""
    if task.answer.kind == "molecule set" and _reacts(task):
        # What is asked for goes in; what is given comes out.
        return f"{value}>>{next(iter(sample.inputs.values()), '')}"
    shown: Callable[[Any], str] = getattr(task.answer, "shown", str)
    return shown(value)


def request_of(task: Task, inputs: Mapping[str, str], gold: str | None = None) -> Request:
    """Return what a task asks of an answer: from its answer kind, the gold, and the inputs.

    A field that none of them gives stays None, and the checks that need it are not run.

    Parameters
    ----------
    inputs, gold : raw, as in a row.
    """
    answer = task.answer
    given: dict[str, str] = {}
    for name, notation in task.inputs.items():
        if name in inputs:
            given.setdefault(notation, inputs[name])
    smiles = given.get("smiles")
    match answer.kind:
        case "formula" | "iupac name":
            return Request(smiles=smiles or _named(given.get("iupac")))
        case "molecule":
            return Request(smiles=gold or _named(given.get("iupac")), reactants=smiles)
        case "molecule set":
            return Request(molecules=gold)
        case "equation":
            return Request(equation=gold or given.get("equation"))
        case "rna design":
            return _folded_into(gold or given.get("structure"))
        case "protein":
            return Request(dna=given.get("dna"))
        case "material":
            wanted = answer.read_gold(gold or given.get("material"))
            return Request(elements=None if isinstance(wanted, Fault) else tuple(wanted.split()))
        case "number":
            unit: str | None = getattr(answer, "unit", None)
            low, high = getattr(answer, "low", None), getattr(answer, "high", None)
            return Request(unit=unit, low=low, high=high)
        case "novel protein" | "novel rna":
            shortest, longest = getattr(answer, "low", None), getattr(answer, "high", None)
            return Request(shortest=shortest, longest=longest)
    return NOTHING


def _folded_into(structure: str | None) -> Request:
    if structure is None:
        return NOTHING
    length = len(structure.strip())
    return Request(structure=structure, alphabet="rna", shortest=length, longest=length)


def _named(name: str | None) -> str | None:
    """Return the molecule of a name, if OPSIN is here and understands it."""
    if name is None or not names.available():
        return None
    return names.names_to_smiles([name])[0]
