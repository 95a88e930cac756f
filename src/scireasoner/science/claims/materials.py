"""Oxidation states and the atoms of a composition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from scireasoner.errors import MissingTool
from scireasoner.science import formulas, materials
from scireasoner.science.claims.base import FORMULA, Claim, Scene, no_element

_STATE = r"([A-Z][a-z]?) ?(?:is |= ?|at |as |\()?([+-][0-9]|0)\)?(?![0-9*]|\.[0-9])"
_LIST = re.compile(rf"(?<![A-Za-z0-9])(?:{_STATE}(?:, and |, | and |; )?){{2,12}}")
_EACH = re.compile(_STATE)
_TERM = r"([0-9]{1,3}) ?\* ?([0-9]{1,3})"
_SUM = re.compile(rf": (-?{_TERM}(?: [+-] {_TERM}){{1,11}}) = 0(?![0-9.])")
_TERMS = re.compile(rf"([+-]?) ?{_TERM}")
_HAS = re.compile(
    rf"\b({FORMULA}) (?:has|holds|contains|is made of) "
    r"((?:[0-9]{1,3} [A-Z][a-z]?(?:, and |, | and )?){1,10})"
)
_PART = re.compile(r"([0-9]{1,3}) ([A-Z][a-z]?)(?![a-z])")
_METALS = re.compile(r"\b([A-Z][a-z]?) is (a|no) metal\b")
_METALLOIDS = frozenset({"B", "Si", "Ge", "As", "Sb", "Te", "Po", "At"})
_CELL = re.compile(r"[^.;\n]{0,40}\bcells?\b")
_KINDS = ("material", "formula")


def read(scene: Scene) -> Iterator[Claim]:
    """Yield oxidation states with their sum, and element counts."""
    for found in _LIST.finditer(scene.text):
        pairs = [(e, int(q)) for e, q in _EACH.findall(found.group()) if e in formulas.ELEMENTS]
        states = dict(pairs)
        # An element in two states (Fe3O4) leaves open how many of its atoms have which.
        if len(set(pairs)) == len(states) >= 2 and any(states.values()):
            yield from _states(scene, found, states)
            yield from _summed(scene, found.end(), states)
    for found in _HAS.finditer(scene.text):
        counts = formulas.parse(found.group(1))
        odd = no_element(found.group(1)) if counts is None else None
        if odd is not None and len(found.group(1)) > 2:
            yield scene.claim(*found.span(), "element counts", False, f"{odd} is no element")
        if counts is None:
            continue
        stated = {e: int(n) for n, e in _PART.findall(found.group(2))}
        holds = all(counts.get(e) == n for e, n in stated.items())
        why = "" if holds else f"{found.group(1)} is {counts}"
        shares = {Fraction(n, counts[e]) if e in counts else None for e, n in stated.items()}
        if not holds and len(shares) == 1 and None not in shares and _in_a_cell(scene, found):
            yield scene.claim(*found.span(), "element counts", None, "perhaps of a cell")
            continue
        yield scene.claim(*found.span(), "element counts", holds, why)
    for found in _METALS.finditer(scene.text):
        if found.group(1) not in formulas.ELEMENTS and found.group(1) != "It":
            yield scene.claim(*found.span(), "metal", False, f"{found.group(1)} is no element")
        elif found.group(1) != "It":
            yield scene.claim(*found.span(), "metal", *_metal(*found.groups()))


def _in_a_cell(scene: Scene, found: re.Match[str]) -> bool:
    """Whether the atoms are counted in a cell, which holds several formula units."""
    return _CELL.match(scene.text, found.end()) is not None


def _summed(scene: Scene, at: int, states: Mapping[str, int]) -> Iterator[Claim]:
    """``Na +1, Cl -1: 1*1 - 1*1 = 0``: what is summed are these states, each times its atoms."""
    found = _SUM.match(scene.text, at)
    if found is None:
        return
    terms = _TERMS.findall(found.group(1))
    # The state may be either factor.
    ways = [sorted(int(term[0] + term[n]) for term in terms) for n in (1, 2)]
    holds = sorted(states.values()) in ways
    why = "" if holds else f"the states are {', '.join(f'{e} {q:+d}' for e, q in states.items())}"
    yield scene.claim(*found.span(1), "summed states", holds, why)


def _metal(element: str, article: str) -> tuple[bool | None, str]:
    if element in materials.UNSETTLED:
        return None, "smact's table does not know it"
    holds = materials.is_metal(element) == (article == "a")
    if not holds and element in _METALLOIDS:
        return None, "a metal by smact's table, and a metalloid to others"
    return holds, "" if holds else "by smact's table"


def counts_of(text: str) -> Mapping[str, int] | None:
    """Return the atoms of a composition, written as a formula or as element tokens."""
    tokens = materials.from_tokens(text)
    return tokens[0] if tokens else formulas.parse(text)


@lru_cache(maxsize=256)
def _known(element: str, state: int) -> bool | None:
    try:
        return state in materials.oxidation_states().get(element, ())
    except MissingTool:
        return None


def _states(scene: Scene, found: re.Match[str], states: dict[str, int]) -> Iterator[Claim]:
    span = (found.start(), found.end())
    for element, state in states.items():
        if _known(element, state) is False:
            why = f"{element} {state:+d} is not in the ICSD set"
            yield scene.claim(*span, "oxidation state", None, why)
    for entity in scene.candidates(found.start(), *_KINDS):
        counts = counts_of(entity.text)
        if counts is None or set(counts) != set(states):
            continue
        plain = all(n == 1 for n in counts.values()) and entity.start < 0
        total = sum(counts[element] * state for element, state in states.items())
        if plain and total:
            continue  # the question names the elements alone
        why = "" if not total else f"the charges of {entity.text} sum to {total:+d}"
        yield scene.claim(*span, "charge neutrality", total == 0, why)
        return
