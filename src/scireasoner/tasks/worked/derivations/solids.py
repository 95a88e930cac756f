"""Compositions and cells: oxidation states, densities, additive volumes, metals."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from scireasoner.errors import MissingTool
from scireasoner.science import crystals, formulas, materials
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice, exact, shown

_AVOGADRO = "0.602214"  # g/mol in a cubic angstrom is 1 / 0.602214 g/cm3
_MOST_CHOICES = 20_000
VOLUME_ERROR = "a median error of 10 to 11 % over 6,511 rows of MP-20"
GAP_ERROR = "97 to 99 % of 16,156 compounds of metals alone have no gap"


def _masses(counts: Mapping[str, int]) -> dict[str, Decimal]:
    from rdkit.Chem import GetPeriodicTable

    table = GetPeriodicTable()
    return {e: Decimal(repr(float(table.GetAtomicWeight(e)))) for e in counts}


def _states(counts: Mapping[str, int]) -> tuple[int, ...] | None:
    """Return the states, commonest first, that sum to zero; metals positive."""
    known = materials.oxidation_states()
    options = []
    for element in counts:
        states = known.get(element, ())
        if materials.is_metal(element):
            states = [state for state in states if state > 0]
        options.append(sorted((s for s in states if s), key=lambda s: (abs(s), s)))
    if not all(options) or math.prod(len(o) for o in options) > _MOST_CHOICES:
        return None
    negativity = materials.electronegativities()
    fitting = [
        chosen
        for chosen in product(*options)
        if sum(n * q for n, q in zip(counts.values(), chosen, strict=True)) == 0
        and _ordered(list(counts), chosen, negativity)
    ]
    return min(fitting, key=lambda chosen: sum(abs(q) for q in chosen), default=None)


def _ordered(elements: list[str], chosen: tuple[int, ...], table: Mapping[str, float]) -> bool:
    """Whether every cation is less electronegative than every anion (Pauling's test)."""
    pairs = [(table.get(e, 0.0), q) for e, q in zip(elements, chosen, strict=True)]
    cations = [x for x, q in pairs if q > 0]
    anions = [x for x, q in pairs if q < 0]
    return bool(cations and anions) and max(cations) < min(anions)


def neutrality(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Give each element an oxidation state, so that the charges cancel."""
    text = inputs["answer"] if "answer" in inputs else inputs["material"]
    tokens = materials.from_tokens(text)
    counts = tokens[0] if tokens else materials.parse_composition(text)
    if counts is None or len(counts) < 2:
        return None
    smallest = materials.reduced(counts)
    states = _states(smallest)
    if states is None:
        return None
    pairs = dict(zip(smallest, states, strict=True))
    listed = voice.order(f"{e} {q:+d}" for e, q in pairs.items())
    terms = [(smallest[e] * abs(q), f"{smallest[e]} * {abs(q)}", q) for e, q in pairs.items()]
    positive = [(n, t) for n, t, q in terms if q > 0]
    negative = [(n, t) for n, t, q in terms if q < 0]
    written = "".join(
        [" + ".join(t for _, t in positive), *(f" - {t}" for _, t in negative), " = 0"]
    )
    atoms = [f"{n} {e}" for e, n in smallest.items()]
    name = "".join(f"{e}{n if n > 1 else ''}" for e, n in smallest.items())
    head = voice.say("Usual oxidation states:", "Assign oxidation states:", "States known of the "
                     "elements:", "Charges that these elements take:")  # fmt: skip
    amounts = voice.say(f"{name} has {', '.join(atoms)}.", f"{name} holds {', '.join(atoms)}.")
    end = voice.say("The charges cancel", "Sum of charges", "Neutral", "Balance")
    text = f"{head} {', '.join(listed)}. {amounts} {end}: {written}."
    group = tokens[1] if tokens else None
    if group is not None:
        system = _system(group)
        text += voice.say(f" Space group {group} is {system}.", f" A {system} cell: {group}.")
    return Derived(text, inputs.get("answer"))


_SYSTEMS = ((2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"),
            (167, "trigonal"), (194, "hexagonal"), (230, "cubic"))  # fmt: skip


def _system(group: int) -> str:
    return next(name for last, name in _SYSTEMS if group <= last)


def density(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Compute the density of a cell from its mass and volume."""
    crystal = crystals.parse(inputs["material"])
    if crystal is None or crystal.volume <= 0:
        return None
    a, b, c = (exact(length, 4) for length in crystal.lengths)
    angles = [exact(angle, 2) for angle in crystal.angles]
    cosines = [exact(math.cos(math.radians(float(angle))), 6) for angle in angles]
    x, y, z = cosines
    square = 1 - x * x - y * y - z * z + 2 * x * y * z
    if square <= 0:
        return None
    if all(angle == 90 for angle in angles):
        volume = exact(float(a * b * c), 3)
        steps = f"{a} * {b} * {c} = {volume} Å3"
    else:
        root = exact(math.sqrt(float(square)), 6)
        volume = exact(float(a * b * c * root), 3)
        named = zip(angles, cosines, strict=True)
        steps = (
            f"{'; '.join(f'cos({angle}°) = {cosine}' for angle, cosine in named)}; "
            f"sqrt(1 - ({x})^2 - ({y})^2 - ({z})^2 + 2 * ({x}) * ({y}) * ({z})) = {root}; "
            f"{a} * {b} * {c} * {root} = {volume} Å3"
        )
    mass, weighed = _weighed(crystal.counts, voice)
    value = shown(mass / (Decimal(_AVOGADRO) * volume), 3)
    parts = voice.order([f"Volume of the cell: {steps}.", f"Mass of the cell: {weighed}."])
    head = voice.say("Density is mass over volume.", "Weigh the cell and measure it.",
                     "From the cell and its atoms.", "Mass and volume of one cell.")  # fmt: skip
    end = voice.say("Density", "In g/cm3", "So the density is", "Mass over volume")
    text = f"{head} {' '.join(parts)} {end}: {mass} / ({_AVOGADRO} * {volume}) = {value} g/cm3."
    return Derived(text, value)


def _weighed(counts: Mapping[str, int], voice: Voice) -> tuple[Decimal, str]:
    masses = _masses(counts)
    terms = voice.order(f"{n} * {masses[e]}" for e, n in counts.items())
    total = sum((n * masses[e] for e, n in counts.items()), Decimal(0))
    return total, f"{' + '.join(terms)} = {total} g/mol"


@cache
def _volumes() -> Mapping[str, Decimal]:
    """Volumes per atom of the elements' ground states in Å3 (Magpie's table, by DFT)."""
    spec = find_spec("smact")
    if spec is None or spec.origin is None:
        raise MissingTool("smact", "volumes of the elements", "pip install smact==4.0.2")
    path = Path(spec.origin).parent / "data" / "magpie.csv"
    with path.open(encoding="utf-8") as lines:
        rows = {row["element"]: row["GSvolume_pa"] for row in csv.DictReader(lines)}
    return {e: exact(float(v), 2) for e, v in rows.items() if v and float(v) > 0}


def _additive(text: str, voice: Voice) -> tuple[dict[str, int], Decimal, int, str] | None:
    counts = materials.parse_composition(text)
    try:
        volumes = _volumes()
    except MissingTool:
        return None
    if counts is None or not set(counts) <= set(volumes) or len(counts) < 2:
        return None
    atoms = sum(counts.values())
    terms = voice.order(f"{n} * {volumes[e]}" for e, n in counts.items())
    total = sum((n * volumes[e] for e, n in counts.items()), Decimal(0))
    listed = ", ".join(voice.order(f"{e} {volumes[e]}" for e in counts))
    head = voice.say(
        f"Volumes per atom in the elements (Å3): {listed}.",
        f"Take the elements' volumes as additive, in Å3 per atom: {listed}.",
        f"In their elements the atoms fill {listed} Å3.",
        f"Additive volumes, {listed} Å3 per atom.",
    )
    return counts, total, atoms, f"{head} {' + '.join(terms)} = {total}."


def volume(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Estimate the volume per atom from those of the elements."""
    made = _additive(inputs["formula"], voice)
    if made is None:
        return None
    counts, total, atoms, text = made
    value = shown(total / atoms, 2)
    end = voice.say("Per atom", "For each atom", "Divided by the atoms", "Mean")
    error = voice.say(f"Measured: {VOLUME_ERROR}.", f"The rule has {VOLUME_ERROR}.")
    atoms_said = " + ".join(str(n) for n in counts.values())
    return Derived(
        f"{text} Atoms: {atoms_said} = {atoms}. {end}: {total} / {atoms} = {value} Å3. {error}",
        value,
    )


def estimated_density(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Estimate a density from the mass and the elements' volumes."""
    made = _additive(inputs["formula"], voice)
    if made is None:
        return None
    counts, total, _, text = made
    mass, weighed = _weighed(counts, voice)
    value = shown(mass / (Decimal(_AVOGADRO) * total), 2)
    head = voice.say("Mass", "Formula mass", "One formula weighs", "Its mass")
    end = voice.say("Density", "Mass over volume", "In g/cm3", "So the density is about")
    error = voice.say(f"Measured: {VOLUME_ERROR}.", f"The rule has {VOLUME_ERROR}.")
    return Derived(
        f"{text} {head}: {weighed}. {end}: {mass} / ({_AVOGADRO} * {total}) = {value} g/cm3. "
        f"{error}",
        value,
    )


def no_gap(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Say that a compound of metals alone has no band gap."""
    counts = formulas.parse(inputs["formula"])
    if counts is None or not all(materials.is_metal(element) for element in counts):
        return None
    listed = voice.order(f"{element} is a metal" for element in counts)
    head = voice.say("Look at the elements:", "Element by element:", "Which are metals?",
                     "Kinds of elements:")  # fmt: skip
    name = formulas.hill(counts)
    atoms = f"{name} has {', '.join(f'{n} {e}' for e, n in counts.items())}."
    end = voice.say(
        "Metals alone make a metal: the gap is 0.",
        "An intermetallic compound conducts, so its gap is 0.",
        "No element that takes electrons up: a metal, gap 0.",
        "All of them are metals, so no gap opens: 0.",
    )
    error = voice.say(f"Measured: {GAP_ERROR}.", f"The rule is not without exception: {GAP_ERROR}.")
    return Derived(f"{atoms} {head} {', '.join(listed)}. {end} {error}", "0")


DERIVATIONS = (
    Derivation("oxidation states", ("material|answer",), "states that sum to zero", "states of the "
               "ICSD (2024) through smact, Pauling's test as in doi:10.1021/acs.chemmater.9b04153",
               neutrality, tasks=("uncond_material",)),
    Derivation("density of a cell", ("material",), "mass over volume of one cell", "SI 2019, IUPAC "
               "weights", density),
    Derivation("additive volume", ("formula",), "volume per atom from the elements", "Zen's law of "
               "additive volumes; Magpie's volumes, doi:10.1038/npjcompumats.2016.28", volume,
               VOLUME_ERROR, ("mat_mp_density_atomic",)),
    Derivation("density by additive volume", ("formula",), "mass over the elements' volumes",
               "Zen's law of additive volumes; Magpie's volumes, doi:10.1038/npjcompumats.2016.28",
               estimated_density, VOLUME_ERROR, ("mat_mp_density", "mat_gnome_density")),
    Derivation("gap of metals", ("formula",), "a compound of metals alone has no gap", "metallic "
               "bonding; metals as in smact's table", no_gap, GAP_ERROR,
               ("mat_mp_band_gap", "mat_jarvis_dft_band_gap_opt", "mat_gnome_band_gap",
                "mat_oqmd_band_gap", "sr15_jarvis_dft_band_gap_opt", "sr15_oqmd_band_gap")),
)  # fmt: skip
