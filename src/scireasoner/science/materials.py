"""Inorganic compositions: strict reading, charge neutrality, SMACT validity, element tokens.

SMACT validity (doi:10.1021/acs.chemmater.9b04153) is our own subset sum over the oxidation states
of the named set ``icsd24`` of the ``smact`` package: the same answer, thousands of times faster
on many elements. The set is always named, because the package's default changed between versions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from math import gcd
from pathlib import Path

from scireasoner.errors import MissingTool
from scireasoner.science import formulas

OXIDATION_STATES = "icsd24"
MAX_COUNT = 999
MAX_ELEMENTS = 20
MAX_TOKENS = 400
SPACE_GROUPS = range(1, 231)

# The package knows the elements up to lawrencium.
_UNKNOWN_TO_SMACT = frozenset(formulas.ELEMENTS[103:])
# As in smact's table of metals, which leaves out promethium and lawrencium.
_NOT_METALS = _UNKNOWN_TO_SMACT.union(
    "H He B C N O F Ne Si P S Cl Ar As Se Br Kr Te I Xe Pm At Rn Lr".split()  # noqa: SIM905
)
_KNOWN = frozenset(formulas.ELEMENTS)
UNSETTLED = _UNKNOWN_TO_SMACT | {"Pm", "Lr"}
"""Elements of which smact's table does not say whether they are metals."""
_SPACE_GROUP = re.compile(r"\s*<sg([0-9]{1,3})>\s*\Z")


def is_metal(element: str) -> bool:
    """Whether smact's table counts the element among the metals."""
    return element in _KNOWN and element not in _NOT_METALS


def _plausible(counts: Mapping[str, int]) -> bool:
    """Whether these are known elements with counts of 1 to 999."""
    if not 0 < len(counts) <= MAX_ELEMENTS or not _KNOWN.issuperset(counts):
        return False
    amounts = counts.values()
    return min(amounts) > 0 and max(amounts) <= MAX_COUNT


def parse_composition(text: str) -> dict[str, int] | None:
    """Read ``Fe2O3`` or ``Ca(OH)2``: known elements, whole counts of 1 to 999, no charge."""
    counts = formulas.parse(text)
    return counts if counts is not None and _plausible(counts) else None


def reduced(counts: Mapping[str, int]) -> dict[str, int]:
    """Divide the counts by their greatest common divisor."""
    divisor = gcd(*counts.values())
    if divisor == 1:
        return dict(counts)
    return {element: count // divisor for element, count in counts.items()}


@cache
def _smact_data() -> Path:
    """Find the data folder of the smact package without importing it (it imports pandas)."""
    spec = find_spec("smact")
    if spec is None or spec.origin is None:
        raise MissingTool("smact", "checking oxidation states", "pip install smact==4.0.2")
    return Path(spec.origin).parent / "data"


def _rows(name: str) -> list[list[str]]:
    lines = (_smact_data() / name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


@cache
def oxidation_states() -> Mapping[str, Sequence[int]]:
    """Oxidation states by element: those reported more than five times in the ICSD (2024)."""
    rows = _rows(f"oxidation_states_{OXIDATION_STATES}_filtered.txt")
    return {row[0]: tuple(int(state) for state in row[1:]) for row in rows if len(row) > 1}


@cache
def electronegativities() -> Mapping[str, float]:
    """Pauling electronegativities by element, where one is known."""
    column = 9
    rows = _rows("element_data.txt")
    return {row[0]: float(row[column]) for row in rows if row[column] != "None"}


def _sums(count: int, states: Sequence[int], reachable: int) -> int:
    """Add ``count`` atoms in each of ``states`` (>= 0) to the reachable charges, kept as bits."""
    out = 0
    for state in states:
        out |= reachable << (count * state)
    return out


@lru_cache(maxsize=8_192)
def _neutral(counts: tuple[tuple[str, int], ...]) -> bool:
    """Whether one oxidation state per element can make the total charge zero."""
    known = oxidation_states()
    reachable, target = 1, 0
    for element, count in counts:
        states = known.get(element, ())
        if not states:
            return False
        low = min(states)
        reachable = _sums(count, [state - low for state in states], reachable)
        target -= count * low
    return target >= 0 and bool(reachable >> target & 1)


def charge_neutral(counts: Mapping[str, int]) -> bool:
    """Whether oxidation states of ``icsd24`` sum to zero; False for a single element or alloy."""
    if not _plausible(counts) or len(counts) < 2:
        return False
    return _neutral(tuple(reduced(counts).items()))


@cache
def _charges() -> Mapping[str, tuple[float, Sequence[int], Sequence[int]]]:
    """Electronegativity, and the sizes of positive and negative states, where all are known."""
    negativity = electronegativities()
    return {
        element: (
            negativity[element],
            tuple(state for state in states if state > 0),
            tuple(-state for state in states if state < 0),
        )
        for element, states in oxidation_states().items()
        if element in negativity
    }


@lru_cache(maxsize=8_192)
def _pauling_neutral(counts: tuple[tuple[str, int], ...]) -> bool:
    """Whether a neutral choice exists in which every cation is less electronegative than anions.

    Such a choice puts cations below and anions above some cut of the electronegativity order, so
    it is enough to try each cut: charges reachable from below against those from above.
    """
    charges = _charges()
    found = [(charges[element], count) for element, count in counts if element in charges]
    if len(found) < len(counts):
        return False
    found.sort(key=lambda item: item[0][0])
    above = [1]
    for (_, _, negative), count in reversed(found):
        above.append(_sums(count, negative, above[-1]))
    above.reverse()
    below = 1
    for cut, ((negativity, positive, _), count) in enumerate(found[:-1], start=1):
        below = _sums(count, positive, below)
        if negativity < found[cut][0][0] and below & above[cut]:
            return True
    return False


def smact_valid(counts: Mapping[str, int]) -> bool:
    """Whether SMACT (set ``icsd24``, Pauling test, alloys included) accepts the composition.

    Equal to ``smact.screening.smact_validity`` on known elements; single elements and all-metal
    compositions are valid there and here, so ask `charge_neutral` too where compounds are wanted.
    """
    if not _plausible(counts):
        return False
    if not _UNKNOWN_TO_SMACT.isdisjoint(counts):
        return False
    if len(counts) == 1 or _NOT_METALS.isdisjoint(counts):
        return True
    return _pauling_neutral(tuple(reduced(counts).items()))


def from_tokens(text: str) -> tuple[dict[str, int], int | None] | None:
    """Read ``Ti O O <sg136>``: each element as often as it occurs, then perhaps a space group.

    Returns
    -------
    Counts by element and the space group number (1 to 230, None if absent); None if malformed.
    """
    if len(text) > 4 * MAX_TOKENS:
        return None
    group: int | None = None
    tail = _SPACE_GROUP.search(text)
    if tail is not None:
        group, text = int(tail.group(1)), text[: tail.start()]
        if group not in SPACE_GROUPS:
            return None
    counts: dict[str, int] = {}
    for token in text.split():
        counts[token] = counts.get(token, 0) + 1
    return (counts, group) if _plausible(counts) else None


def to_tokens(counts: Mapping[str, int], spacegroup: int | None = None) -> str:
    """Write counts as element tokens in the order given, then the space group."""
    tokens = [element for element, count in counts.items() for _ in range(count)]
    if spacegroup is not None:
        tokens.append(f"<sg{spacegroup}>")
    return " ".join(tokens)
