"""Which named checks belong to an entity, and to the answer of a task: what they find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science import crystals
from scireasoner.science.checks import CHECKS, NOTHING, Request
from scireasoner.science.units import unit_at
from scireasoner.tasks.constraints import request_of
from scireasoner.tasks.task import QUESTION, Task
from scireasoner.types import Fault, Finding, Verdict

GATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "smiles": ("smiles grammar", "valence", "kekulisation", "one molecule"),
        "iupac": ("iupac reading",),
        "formula": ("formula grammar",),
        "protein": ("alphabet",),
        "dna": ("alphabet",),
        "rna": ("alphabet",),
        "sirna": ("alphabet",),
        "structure": ("bracket balance",),
        "material": ("composition grammar",),
        "equation": ("equation grammar",),
        "number": ("number",),
        "text": (),
    }
)
"""By notation, what must hold before anything else is worth saying, the most telling last."""

_SEQUENCE = ("length", "codon translation", "alignment", "motif")
_FURTHER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "smiles": ("canonical identity", "molecular formula", "scaffold", "no element created"),
        "formula": ("element counts", "element set"),
        "protein": _SEQUENCE,
        "dna": _SEQUENCE,
        "rna": (*_SEQUENCE, "folding energy", "target structure"),
        "sirna": _SEQUENCE,
        "material": ("space group", "element set", "charge neutrality", "smact"),
        "equation": ("element balance", "charge balance", "same species"),
        "number": ("unit", "range"),
        "text": ("entity set",),
    }
)
_ALPHABETS = {"protein": "protein", "dna": "dna", "rna": "rna", "sirna": "rna"}
_CRYSTAL = ("volume", "density", "atom distances")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found about one entity: its notation, its text without tags, and the finding."""

    notation: str
    entity: str
    finding: Finding


def check_entity(
    text: str, notation: str, request: Request = NOTHING, only: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Run the checks that belong to an entity and for which the request gives what they need.

    A text that is not what its notation says is not looked at further.

    Parameters
    ----------
    text : without tags.
    notation : a name of `NOTATIONS`; one without checks gives nothing.
    request : what was asked for.
    only : names of checks to run instead, whatever they need; those of other entities are left out.
    """
    if request.alphabet is None and notation in _ALPHABETS:
        request = replace(request, alphabet=_ALPHABETS[notation])
    if notation == "sirna":
        # The overhangs of siRNA are often deoxythymidine, written T.
        text = text.upper().replace("T", "U")
    if only:
        return tuple(CHECKS[n].run(text, request) for n in only if _reads(n, notation))
    found: list[Finding] = []
    for name in _gates(text, notation, request):
        found.append(CHECKS[name].run(text, request))
        if found[-1].verdict is not Verdict.PASS:
            return tuple(found)
    found += [CHECKS[name].run(text, request) for name in _further(text, notation, request)]
    return tuple(found)


def _gates(text: str, notation: str, request: Request) -> tuple[str, ...]:
    # A set of molecules is counted as it stands: each is judged in it.
    if notation == "smiles" and request.molecules is not None:
        return (*GATES["smiles"][:-1], "reagents and multiplicity")
    return GATES.get(notation, ())


def _further(text: str, notation: str, request: Request) -> Iterator[str]:
    """Yield what else is asked of an entity that is well formed."""
    if notation == "equation" and text.count(">") == 2:
        # Reactions of molecules leave their by-products out, so they do not balance.
        yield "no element created"
        return
    for name in _FURTHER.get(notation, ()):
        asks = CHECKS[name].asks
        if name == "no element created" and request.reactants is None:
            continue
        if name == "space group" and request.space_group is None and "<sg" not in text:
            continue
        if all(_given(request, fields) for fields in asks):
            yield name
    if notation == "equation" and request.equation is not None:
        yield "smallest coefficients"
    if notation == "material" and crystals.looks_like_one(text):
        yield from _CRYSTAL


def _given(request: Request, fields: str) -> bool:
    return any(getattr(request, field) is not None for field in fields.split("|"))


def checked(
    answer: str,
    task: Task | None = None,
    inputs: Mapping[str, str] | None = None,
    gold: str | None = None,
    request: Request = NOTHING,
    only: tuple[str, ...] = (),
) -> tuple[Checked, ...]:
    """Check every tagged entity of an answer; the request is that of the task where there is one.

    Parameters
    ----------
    answer : an answer's text, its thought taken off.
    task, inputs, gold : the task that was asked, and the row's raw inputs and gold.
    request : what was asked for, where no task says so.
    only : names of checks to run instead, on the entities that they read.
    """
    wanted = request if task is None else request_of(task, known_inputs(task, inputs or {}), gold)
    own = None if task is None else getattr(task.answer, "notation_name", None)
    found: list[Checked] = []
    for notation, text in _entities(answer, task, own):
        # The request is about the answer; another entity in it is checked for itself.
        asked = wanted if own in (None, notation) else NOTHING
        found += [Checked(notation, text, f) for f in check_entity(text, notation, asked, only)]
    return tuple(dict.fromkeys(found))


def known_inputs(task: Task, inputs: Mapping[str, str]) -> Mapping[str, str]:
    """Return the inputs; InputError if one of them is no input of the task."""
    for name in inputs:
        if name not in task.inputs and name != QUESTION:
            raise InputError(
                f"task {task.name!r} has no input {name!r}: its inputs are "
                f"{', '.join(task.inputs) or 'none'}"
            )
    return inputs


def _reads(check: str, notation: str) -> bool:
    return ("rna" if notation == "sirna" else notation) in CHECKS[check].entity


def findings(
    answer: str, task: Task | None = None, inputs: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Return what the checks of an answer's entities find, each finding once."""
    return tuple(dict.fromkeys(item.finding for item in checked(answer, task, inputs)))


def _entities(answer: str, task: Task | None, own: str | None) -> Iterator[tuple[str, str]]:
    """Yield the notation and the text of each tagged entity, or of an answer without tags."""
    tagged = False
    for notation in NOTATIONS.values():
        for span in find_spans(answer, notation):
            if not span.text:
                continue
            tagged = True
            text = span.text
            if notation.name == "number":
                tail = answer[span.end : span.end + 60].lstrip()
                text = f"{text} {tail[: unit_at(tail, 0)]}".strip()
            yield notation.name, text
    if tagged or task is None or own is None:
        return
    value = task.answer.parse(answer)
    if isinstance(value, str) and not isinstance(value, Fault):
        yield own, value
    elif isinstance(value, int | float) and own == "number":
        yield own, f"{value!r}"
