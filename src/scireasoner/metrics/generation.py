"""Metrics of designs: plausible, as asked for, new, varied, stable when folded."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from collections.abc import Set as AbstractSet
from importlib.util import find_spec
from typing import Any

from scireasoner.metrics.metric import Metric
from scireasoner.metrics.rows import column, per_answer
from scireasoner.science import nucleotides
from scireasoner.science.materials import from_tokens, smact_valid
from scireasoner.types import Outcome


def _smact(outcome: Outcome) -> float:
    found = from_tokens(outcome.value) if outcome.fault is None else None
    return float(found is not None and smact_valid(found[0]))


SMACT_VALIDITY = Metric("SMACT validity", "higher", "share", "counts as invalid", column(_smact))
"""Share of all outcomes whose composition SMACT accepts (set ``icsd24``, alloys included)."""


def _elements(tokens: str) -> frozenset[str]:
    found = from_tokens(tokens)
    return frozenset() if found is None else frozenset(found[0])


def _recalled(value: str, target: str) -> float:
    asked = _elements(target)
    return len(asked & _elements(value)) / len(asked) if asked else 1.0


ELEMENT_RECALL = Metric(
    "element recall", "higher", "share", "has none of the elements", per_answer(_recalled)
)
"""Mean share of the requested elements that are present; further elements cost nothing here."""


def novelty(
    known: Callable[[], AbstractSet[Hashable]],
    what: str = "the training set",
    form: Callable[[Any], Hashable] | None = None,
) -> Metric:
    """Return the share of all outcomes that are valid and not yet known.

    Parameters
    ----------
    known : gives the known answers in the form of parsed values; called when first needed.
    what : where those are from, for the name.
    form : brings an answer to a form that is known as well as the answer itself; None if there is
        no other.
    """
    held: list[AbstractSet[Hashable]] = []

    def new(outcome: Outcome) -> float:
        if outcome.fault is not None:
            return 0.0
        if not held:
            held.append(known())
        other = outcome.value if form is None else form(outcome.value)
        return float(outcome.value not in held[0] and other not in held[0])

    return Metric(
        f"novelty against {what}", "higher", "share", "counts as known", column(new), best=math.nan
    )


def _energy(rna: str) -> float:
    """Return the least free energy of the first 500 nucleotides in kcal/mol, at most 0."""
    return min(0.0, nucleotides.fold(rna[: nucleotides.MAX_FOLDED])[1])


def _energy_per_nt(rna: str) -> float:
    return _energy(rna) / min(len(rna), nucleotides.MAX_FOLDED)


def _lacks_vienna() -> str | None:
    if find_spec("RNA") is not None:
        return None
    return "ViennaRNA is not installed: pip install ViennaRNA==2.8.0"


def _folding(name: str, unit: str, energy: Callable[[str], float]) -> Metric:
    def score(value: str, _target: Any) -> float:
        return energy(value)

    return Metric(
        f"{name} (first {nucleotides.MAX_FOLDED} nt)",
        "lower",
        unit,
        "has the energy 0 of an unfolded strand",
        per_answer(score),
        best=-math.inf,
        worst=0.0,
        lacking=_lacks_vienna,
    )


MFE = _folding("MFE", "kcal/mol", _energy)
"""Mean least free energy of RNA at 37 °C. Longer strands fold deeper: see `MFE_PER_NT`.

Only the first 500 nucleotides are folded, which the name says: folding is cubic in length.
"""

MFE_PER_NT = _folding("MFE per nt", "kcal/mol/nt", _energy_per_nt)
"""Mean least free energy of RNA at 37 °C divided by the length that was folded."""
