"""Balancing an equation, and checking it element by element."""

from __future__ import annotations

from collections.abc import Mapping

from scireasoner.science import formulas, reactions
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice


def balance(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Find the smallest whole coefficients and check every element."""
    parsed = reactions.parse_equation(inputs["equation"])
    if parsed is None:
        return None
    left, right = list(parsed[0]), list(parsed[1])
    numbers = reactions.balance(left, right)
    if numbers is None:
        return None
    sides = [dict(zip(names, ns, strict=True)) for names, ns in zip((left, right), numbers,
                                                                  strict=True)]  # fmt: skip
    elements = dict.fromkeys(e for name in left for e in formulas.parse(name) or {})
    steps = []
    for element in elements:
        terms = [_terms(side, element) for side in sides]
        if not all(terms):
            continue
        steps.append(f"{element}: {terms[0]} = {terms[1]}")
    written = " -> ".join(
        " + ".join(name if n == 1 else f"{n} {name}" for name, n in side.items()) for side in sides
    )
    head = voice.say(
        "Smallest whole coefficients:",
        "Balanced, the equation reads",
        "With coefficients:",
        "The only ratio that fits:",
    )
    check = voice.say("Element by element", "Check", "Atoms on both sides", "Count")
    parts = [f"{head} {written}.", f"{check}: {'; '.join(voice.order(steps))}."]
    return Derived(" ".join(parts if voice.below(2) else parts[::-1]), written)


def _terms(side: Mapping[str, int], element: str) -> str:
    found = [(n, (formulas.parse(name) or {}).get(element, 0)) for name, n in side.items()]
    return " + ".join(f"{n} * {atoms}" for n, atoms in found if atoms)


DERIVATIONS = (
    Derivation(
        "balanced equation",
        ("equation",),
        "the smallest whole coefficients, checked for every element",
        "the null space of the matrix of elements",
        balance,
    ),
)
