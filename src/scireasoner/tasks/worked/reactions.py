"""Balancing an equation element by element."""

from __future__ import annotations

from math import gcd

from scireasoner.science import formulas, reactions
from scireasoner.types import Sample


def balance(sample: Sample) -> str | None:
    """Balance a combustion step by step; check the coefficients of any other element by element."""
    text = sample.example
    parsed = reactions.parse_equation(text) if text else None
    if parsed is None:
        return None
    left, right = parsed
    family = sample.meta.get("family")
    if family == "combustion":
        return _combustion(list(left.items()), right)
    if family == "hydrogenation":
        return _hydrogenation(list(left), list(right))
    return _check(left, right)


def _hydrogenation(left: list[str], right: list[str]) -> str | None:
    """Count the hydrogens that were added, two for each H2."""
    before, after = formulas.parse(left[0]), formulas.parse(right[0])
    if before is None or after is None or left[1] != "H2":
        return None
    first, last = before.get("H", 0), after["H"]
    return f"H {last} - {first} = {last - first}: {(last - first) // 2} H2"


def _combustion(left: list[tuple[str, int]], right: dict[str, int]) -> str | None:
    """Fuel + O2: carbon, hydrogen and the rest first, then the oxygen, doubled away if halved."""
    fuel, coefficient = left[0]
    counts = formulas.parse(fuel)
    if counts is None or len(left) != 2 or left[1][0] != "O2":
        return None
    steps = []
    oxygen_4 = -2 * counts.get("O", 0)  # quarters of O2, to stay in integers
    hydrogens = counts["H"]
    if "HCl" in right:
        hydrogens -= counts["Cl"]
        steps.append(f"Cl {counts['Cl']}: {counts['Cl']} HCl")
    for element, product, oxygens in (("S", "SO2", 2), ("C", "CO2", 2)):
        if element in counts:
            steps.append(f"{element} {counts[element]}: {counts[element]} {product}")
            oxygen_4 += 2 * oxygens * counts[element]
    steps.append(f"H {hydrogens}: {_quarters(2 * hydrogens)} H2O")
    if "N" in counts:
        steps.append(f"N {counts['N']}: {_quarters(2 * counts['N'])} N2")
    oxygen_4 += hydrogens
    needed, own = 2 * oxygen_4 + 4 * counts.get("O", 0), counts.get("O", 0)
    subtract = f" - {own}" if own else ""
    steps.append(f"O {_quarters(needed)}{subtract}: {_quarters(oxygen_4)} O2")
    scale = {1: "", 2: ", times 2", 4: ", times 4"}.get(coefficient)
    if scale is None or oxygen_4 * coefficient != 4 * left[1][1]:
        return None
    return ", ".join(steps) + scale


def _quarters(quarters: int) -> str:
    """Return n/4 as the shortest fraction."""
    common = gcd(quarters, 4)
    top, bottom = quarters // common, 4 // common
    return str(top) if bottom == 1 else f"{top}/{bottom}"


def _check(left: dict[str, int], right: dict[str, int]) -> str | None:
    """Write for each element the atoms of each species that holds it: ``Al 4*1 = 2*2``."""
    steps = []
    for element in _elements(left):
        sides = (_sum(left, element), _sum(right, element))
        if not all(sides):
            return None
        steps.append(f"{element} {sides[0]} = {sides[1]}")
    return ", ".join(steps)


def _elements(side: dict[str, int]) -> list[str]:
    found: dict[str, None] = {}
    for species in side:
        found.update(dict.fromkeys(formulas.parse(species) or {}))
    return list(found)


def _sum(side: dict[str, int], element: str) -> str:
    parsed = [(n, (formulas.parse(species) or {}).get(element, 0)) for species, n in side.items()]
    return " + ".join(f"{n}*{atoms}" for n, atoms in parsed if atoms)
