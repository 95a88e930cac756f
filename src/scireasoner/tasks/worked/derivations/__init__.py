"""Derivations: what tools can work out step by step, in words that vary, every step checkable.

They write the worked solutions of tasks (`worked_for`) and documents of a corpus (`document`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from scireasoner.answers.base import Answer
from scireasoner.notation.tags import NOTATIONS
from scireasoner.tasks.worked.derivations import (
    atoms,
    boiling,
    equations,
    estimates,
    name_parts,
    nucleic,
    peptides,
    promoters,
    reactions,
    solids,
)
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice
from scireasoner.types import Fault, Sample

__all__ = ["DERIVATIONS", "Derivation", "Derived", "Voice", "derive", "document", "worked_for"]

DERIVATIONS: Mapping[str, Derivation] = MappingProxyType({
    found.name: found
    for room in (
        atoms, name_parts, estimates, boiling, reactions, equations, nucleic, promoters, peptides,
        solids,
    )
    for found in room.DERIVATIONS
})  # fmt: skip
"""Every derivation by its name."""


def derive(name: str, inputs: Mapping[str, str], key: str = "", seed: int = 0) -> Derived | None:
    """Write a derivation; None where it does not reach with these inputs.

    Parameters
    ----------
    name : a name of `DERIVATIONS`.
    inputs : what it needs, by notation (``smiles``, ``dna``, ...).
    key, seed : fix the wording, a sample's id for instance; the same ones give the same text.
    """
    found = DERIVATIONS[name]
    given = all(any(n in inputs for n in need.split("|")) for need in found.needs)
    return found.write(inputs, Voice(f"{name}:{key}", seed)) if given else None


def document(name: str, inputs: Mapping[str, str], key: str = "", seed: int = 0) -> str | None:
    """Return a derivation as a text of a corpus: what it is about in tags, then the steps."""
    found = derive(name, inputs, key, seed)
    if found is None:
        return None
    about = " ".join(
        NOTATIONS[kind].wrap(text) for kind, text in inputs.items() if kind in NOTATIONS
    )
    return f"{name[0].upper()}{name[1:]}. {about} {found.text}"


def worked_for(task: str, answer: Answer, seed: int = 0) -> Callable[[Sample], str | None] | None:
    """Return the writer of a task's worked solutions, None if no derivation is for it.

    The writer gives None where the derivation does not reach the known answer: an estimate counts
    only where the judge would accept it.
    """
    names = [name for name, found in DERIVATIONS.items() if task in found.tasks]
    return _Writer(names, answer, seed) if names else None


class _Writer:
    """Writes worked solutions of one task. An object, so that tasks can be pickled."""

    def __init__(self, names: Iterable[str], answer: Answer, seed: int) -> None:
        self._names, self._answer, self._seed = tuple(names), answer, seed

    def __call__(self, sample: Sample) -> str | None:
        inputs = dict(sample.inputs)
        for name in self._names:
            needs = DERIVATIONS[name].needs
            if any("answer" in need for need in needs) and sample.example is not None:
                inputs["answer"] = sample.example
            found = derive(name, inputs, sample.id, self._seed)
            if found is not None and self._accepted(found, sample):
                return found.text
        return None

    def _accepted(self, found: Derived, sample: Sample) -> bool:
        """Whether the judge would take the value for the known answer."""
        if found.value is None:
            return False
        if sample.gold is None:
            return found.value == sample.example
        target = self._answer.read_gold(sample.gold)
        value = self._answer.parse(self._answer.write(found.value))
        if isinstance(target, Fault) or isinstance(value, Fault):
            return False
        return self._answer.compare(value, target)[1]
