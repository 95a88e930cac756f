"""Which physical constraints an answer kind is checked against, and with which request."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from scireasoner.notation.tags import find_spans
from scireasoner.science.checks import CHECKS, Request
from scireasoner.types import Fault, Finding, Sample, Verdict

if TYPE_CHECKING:
    from scireasoner.answers.base import Answer

CONSTRAINTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "molecule": ("valence", "kekulisation", "one molecule"),
    "molecule set": ("valence", "kekulisation"),
    "novel molecule": ("valence", "kekulisation", "one molecule"),
    "iupac name": ("valence",),
    "formula": ("formula grammar",),
    "protein": ("alphabet",),
    "protein design": ("alphabet",),
    "novel protein": ("alphabet",),
    "dna": ("alphabet",),
    "rna": ("alphabet",),
    "rna design": ("alphabet", "length"),
    "novel rna": ("alphabet",),
    "equation": ("same species", "element balance", "charge balance", "smallest coefficients"),
    "material": ("element set", "charge neutrality", "smact"),
    "novel material": ("space group", "charge neutrality", "smact"),
    "modulus material": ("smact",),
    "number": ("range",),
    "property value": ("range",),
})  # fmt: skip
"""The checks of ``scireasoner.science.checks`` that apply to each answer kind."""

HARD: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "equation": ("same species",),
    "rna design": ("length",),
    "number": ("range",),
    "property value": ("range",),
})  # fmt: skip
"""Those that gate a reward by themselves: the judge gives them no score either. The others leave a
gradient to what is nearly right; a task may name more in its composition."""

_ALPHABETS = {"protein": "protein", "dna": "dna", "rna": "rna"}


def findings(
    answer: Answer, sample: Sample, target: Any, value: Any, text: str
) -> tuple[Finding, ...]:
    """Return what the checks of an answer's kind say; those that do not apply are left out.

    A check that the known right answer fails is left out too: the data outrank a rule of thumb.

    Parameters
    ----------
    target, value : the parsed gold and the parsed answer.
    text : the answer as it was written, without tags.
    """
    names = CONSTRAINTS.get(answer.kind, ())
    if not names:
        return ()
    request = _request(answer, sample, target)
    found = [CHECKS[name].run(_plain(value, text), request) for name in names]
    failed = {one.check for one in found if one.verdict is Verdict.FAIL}
    excused = failed & _failed_by_gold(answer, sample, request, failed) if failed else set()
    return tuple(
        one
        for one in found
        if one.verdict is not Verdict.NOT_APPLICABLE and one.check not in excused
    )


def _failed_by_gold(answer: Answer, sample: Sample, request: Request, names: set[str]) -> set[str]:
    if sample.example is None:
        return set()
    written = answer.write(sample.example)
    value = answer.parse(written)
    if isinstance(value, Fault):
        return set()
    text = _plain(value, inner(answer, written))
    return {name for name in names if CHECKS[name].run(text, request).verdict is Verdict.FAIL}


def inner(answer: Answer, text: str) -> str:
    """Return what stands in the last tag of the answer's notation, else the whole text."""
    notation = getattr(answer, "notation", None)
    spans = find_spans(text, notation) if notation is not None else []
    return spans[-1].text if spans else text.strip()


def _plain(value: Any, text: str) -> str:
    """Return an answer as the checks read it: a number or a canonical text as it was parsed."""
    if isinstance(value, str):
        return value
    return repr(value) if isinstance(value, float) else text


def _request(answer: Answer, sample: Sample, target: Any) -> Request:
    kind = answer.kind
    if kind == "equation":
        return Request(equation=sample.gold)
    if kind == "material" and isinstance(target, str):
        return Request(elements=tuple(target.split()))
    if kind == "rna design" and isinstance(target, str):
        return Request(alphabet="rna", shortest=len(target), longest=len(target))
    if kind in ("number", "property value"):
        return Request(low=getattr(answer, "low", None), high=getattr(answer, "high", None))
    return Request(alphabet=_ALPHABETS.get(getattr(answer, "notation_name", "")))
