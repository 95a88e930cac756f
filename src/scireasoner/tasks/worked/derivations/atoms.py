"""Formulas, masses and unsaturation from a molecular graph."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from scireasoner.science import formulas, molecules
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice, shown

_MOST_ATOMS = 120


def groups_of(smiles: str) -> dict[tuple[str, int], int] | None:
    """Count the heavy atoms of a neutral molecule by element and hydrogens, in reading order."""
    counts = molecules.formula(smiles)
    if counts is None or formulas.CHARGE in counts:
        return None
    from rdkit import Chem

    found: dict[tuple[str, int], int] = {}
    for atom in Chem.MolFromSmiles(smiles.strip()).GetAtoms():
        if atom.GetFormalCharge() and len(counts) > 12:
            return None
        key = (atom.GetSymbol(), atom.GetTotalNumHs())
        found[key] = found.get(key, 0) + 1
    return found if sum(found.values()) <= _MOST_ATOMS else None


def _piece(element: str, hydrogens: int) -> str:
    return element + ("" if not hydrogens else "H" if hydrogens == 1 else f"H{hydrogens}")


def _times(count: int, text: str) -> str:
    return text if count == 1 else f"{count} {text}"


def formula(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Add up the atoms of a SMILES, by groups, by elements or by unsaturation."""
    smiles = inputs["smiles"]
    groups, counts = groups_of(smiles), molecules.formula(smiles)
    if groups is None or counts is None:
        return None
    result = formulas.hill(counts)
    ways = [_by_groups(groups, result, voice), _by_elements(groups, counts, voice)]
    other = _by_unsaturation(smiles, counts, voice)
    ways += [other] if other is not None else []
    steps = ways[voice.below(len(ways))]
    end = voice.say("The formula is", "In all", "Formula:", "Altogether", "So the formula is")
    return Derived(f"{steps} {end} {result}.", result)


def _by_groups(groups: Mapping[tuple[str, int], int], result: str, voice: Voice) -> str:
    pieces = [_times(n, _piece(*key)) for key, n in groups.items()]
    listed = voice.order(pieces) if voice.below(2) else pieces
    head = voice.say(
        "Each heavy atom brings its hydrogens:",
        "Group the heavy atoms with their hydrogens:",
        "Sorted by hydrogens the atoms are:",
        "Adding the groups of the structure:",
        "Read along the SMILES and collect like groups:",
    )
    if len(listed) == 1:
        return f"{head} {listed[0]}."
    return f"{head} {' + '.join(listed)} = {result}."


def _by_elements(
    groups: Mapping[tuple[str, int], int], counts: Mapping[str, int], voice: Voice
) -> str:
    steps = []
    for element in counts:
        if element == "H":
            # Hydrogen sits on heavy atoms; explicit atoms of it (isotopes) count as one each.
            terms = [f"{n} * {h}" for (e, h), n in groups.items() if h]
            terms += [f"{n}" for (e, h), n in groups.items() if e == "H"]
        else:
            terms = [f"{n}" for (e, h), n in groups.items() if e == element]
        if len(terms) == 1 and "*" not in terms[0]:
            steps.append(f"{element}: {counts[element]}")
        else:
            steps.append(f"{element}: {' + '.join(terms)} = {counts[element]}")
    head = voice.say(
        "Element by element, atoms with equal hydrogens together.",
        "Count each element over the groups of the structure.",
        "Hydrogens are counted on each heavy atom.",
        "First the heavy atoms by kind, then what they carry.",
    )
    return f"{head} {'; '.join(voice.order(steps))}."


def _by_unsaturation(smiles: str, counts: Mapping[str, int], voice: Voice) -> str | None:
    parts = unsaturation_of(smiles, counts)
    if parts is None:
        return None
    rings, bonds, carbon, three, one = parts
    degree = rings + bonds
    hydrogens = 2 * carbon + 2 + three - one - 2 * degree
    if hydrogens != counts.get("H", 0):
        return None
    others = ", ".join(f"{n} {e}" for e, n in counts.items() if e != "H")
    head = voice.say(
        f"The heavy atoms are {others}.",
        f"Without hydrogen there are {others}.",
        f"Count the heavy atoms first: {others}.",
    )
    middle = voice.say(
        f"{rings} ring closures and {bonds} pi bonds make {rings} + {bonds} = {degree} degrees "
        "of unsaturation.",
        f"Ring closures and pi bonds: {rings} + {bonds} = {degree}; degree of unsaturation "
        f"{degree}.",
    )
    terms = f"2 * {carbon} + 2" + (f" + {three}" if three else "") + (f" - {one}" if one else "")
    return f"{head} {middle} H: {terms} - 2 * {degree} = {hydrogens}."


def unsaturation_of(
    smiles: str, counts: Mapping[str, int]
) -> tuple[int, int, int, int, int] | None:
    """Return rings, pi bonds, and the atoms of four, three and one valences.

    None where an atom has an unusual valence, so that the formula of the textbook does not hold.
    """
    if not set(counts) <= {"C", "Si", "N", "P", "B", "O", "S", "H", "F", "Cl", "Br", "I"}:
        return None
    from rdkit import Chem

    mol = Chem.MolFromSmiles(smiles.strip())
    if "." in smiles or any(atom.GetFormalCharge() for atom in mol.GetAtoms()):
        return None
    Chem.Kekulize(mol, clearAromaticFlags=True)
    bonds = sum(int(bond.GetBondTypeAsDouble()) - 1 for bond in mol.GetBonds())
    rings = mol.GetNumBonds() - mol.GetNumAtoms() + 1
    carbon = counts.get("C", 0) + counts.get("Si", 0)
    three = sum(counts.get(e, 0) for e in ("N", "P", "B"))
    one = sum(counts.get(e, 0) for e in ("F", "Cl", "Br", "I"))
    return rings, bonds, carbon, three, one


def molar_mass(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Weigh a molecule or a formula element by element."""
    text = inputs.get("smiles") or inputs.get("formula") or ""
    counts = molecules.formula(text) if "smiles" in inputs else formulas.parse(text)
    if counts is None or _labelled(text, "smiles" in inputs):
        return None
    from rdkit.Chem import GetPeriodicTable

    table = GetPeriodicTable()
    parts = {}
    for element, count in counts.items():
        if element != formulas.CHARGE:
            weight = Decimal(repr(float(table.GetAtomicWeight(element))))
            parts[element] = (count, weight, count * weight)
    steps = [f"{e}: {n} * {w} = {m}" for e, (n, w, m) in parts.items()]
    total = sum((m for _, _, m in parts.values()), Decimal(0))
    head = voice.say(
        "Atoms times atomic weights, in g/mol.",
        "Weigh each element of the formula.",
        "Sum of atomic weights (g/mol).",
        "Every element adds its count times its weight.",
    )
    masses = voice.order(str(m) for _, _, m in parts.values())
    added = f" {' + '.join(masses)} = {total}." if len(masses) > 1 else ""
    end = voice.say("Molar mass", "The molar mass is", "Molecular weight:", "So the molar mass is")
    value = shown(total, 2)
    return Derived(f"{head} {'; '.join(voice.order(steps))}.{added} {end} {value} g/mol.", value)


def _labelled(text: str, smiles: bool) -> bool:
    """Whether isotopes are named, which do not have the average weight of their element."""
    if not smiles:
        return formulas.names_isotope(text)
    from rdkit import Chem

    return any(atom.GetIsotope() for atom in Chem.MolFromSmiles(text.strip()).GetAtoms())


def unsaturation(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Count rings and pi bonds, and check them against the formula."""
    smiles = inputs["smiles"]
    counts = molecules.formula(smiles)
    parts = unsaturation_of(smiles, counts) if counts else None
    if parts is None or counts is None:
        return None
    rings, bonds, carbon, three, one = parts
    hydrogens = counts.get("H", 0)
    degree = rings + bonds
    if 2 * carbon + 2 + three - one - hydrogens != 2 * degree:
        return None
    inner = f"2 * {carbon} + 2" + (f" + {three}" if three else "") + f" - {hydrogens + one}"
    written = f"({inner}) / 2 = {degree}"
    by_formula = voice.say(
        f"From the formula {formulas.hill(counts)}: {written}.",
        f"{formulas.hill(counts)} has {degree} degrees of unsaturation, since {written}.",
        f"By atoms, {written} for {formulas.hill(counts)}.",
    )
    by_graph = voice.say(
        f"In the graph, ring closures and pi bonds give {rings} + {bonds} = {degree}.",
        f"Ring closures {rings}, pi bonds {bonds}: {rings} + {bonds} = {degree}.",
        f"The structure has {rings} + {bonds} = {degree} of ring closures and pi bonds.",
    )
    end = voice.say("Degree of unsaturation", "Degrees of unsaturation:", "DBE")
    return Derived(f"{' '.join(voice.order([by_formula, by_graph]))} {end} {degree}.", str(degree))


DERIVATIONS = (
    Derivation(
        "formula of a structure",
        ("smiles",),
        "the molecular formula from the atoms, by groups, elements or unsaturation",
        "Hill order, doi:10.1021/ja02046a005",
        formula,
        tasks=("smol_smiles_to_formula",),
    ),
    Derivation(
        "molar mass",
        ("smiles|formula",),
        "the average mass in g/mol, element by element",
        "atomic weights as in RDKit (doi:10.1515/pac-2015-0305)",
        molar_mass,
    ),
    Derivation(
        "degree of unsaturation",
        ("smiles",),
        "rings plus pi bonds, from the graph and from the formula",
        "(2C + 2 + N - H - X) / 2, as in IUPAC's index of hydrogen deficiency",
        unsaturation,
    ),
)
