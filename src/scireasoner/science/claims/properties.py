"""Numbers of a molecule: mass, degree of unsaturation, rings, atoms, groups, charge, logP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from types import MappingProxyType

from scireasoner.science import formulas, proteins
from scireasoner.science.claims.base import (
    COUNT,
    ENTITY,
    FORMULA,
    NUMBER,
    Claim,
    Scene,
    atoms_of,
    descriptors_of,
    near,
    number_of,
)

_GAP = rf"(?: of (?:it|this|the molecule|{ENTITY}))?(?: by [A-Z][a-z]+)?(?: is| of|:| =| about|,)*"
_MASS = re.compile(
    r"(?<![Mm]onoisotopic )(?<![Ee]xact )\b"
    rf"(?:[Mm]olar mass|[Mm]olecular (?:weight|mass)|MW){_GAP} ({NUMBER}) ?(?:g/mol|Da|u)?"
    r"(?![0-9]| ?[-+*/])"
)
_UNSATURATION = re.compile(
    rf"\b(?:degrees? of unsaturation|DBE|double[- ]bond equivalents?|IHD){_GAP} "
    r"([0-9]{1,3}(?:\.5)?)(?![0-9.]*[0-9]| ?[-+*/=])"
)
_OF_FORMULA = re.compile(rf"\b({FORMULA}) has ([0-9]{{1,3}}) degrees? of unsaturation")
# "The mass of NaCl is 29.2 g" is of a sample, and a number that a sum begins with is no result.
_MASS_OF = re.compile(
    rf"\b(?:molar mass|mass) of ({FORMULA})(?: is|:| =) ({NUMBER})"
    r"(?![0-9]|\.[0-9]| ?[-+*/]|\(| ?(?:[kmµμ]?g|tons?)\b(?![/·*]| ?mol))"
)
_VALUE = re.compile(
    rf"\b(Crippen (?:logP|contributions)|TPSA|polar surface|aromatic proportion|[Cc]harge){_GAP}"
    rf" ([0-9][-+](?!\w)|{NUMBER})(?![0-9]| ?[*/]| [-+])"
)
_KEYS = {
    "Crippen logP": ("logp", 0.0), "Crippen contributions": ("logp", 0.0),
    "TPSA": ("tpsa", 0.0), "polar surface": ("tpsa", 0.0),
    "aromatic proportion": ("aromatic_proportion", 0.0),
    "charge": ("charge", 0.0), "Charge": ("charge", 0.0),
}  # fmt: skip

_GROUPS: Mapping[str, str] = MappingProxyType({
    "hydroxyl group": "[OX2H]", "carboxylic acid": "[CX3](=O)[OX2H1]",
    "nitro group": "[N+](=O)[O-]",
    "primary amine": "[NX3H2;!$(NC=O)]", "nitrile": "[CX2]#[NX1]",
    "amide": "[NX3][CX3]=[OX1]",
    "ester": "[CX3;H1,$(C[#6])](=O)[OX2][#6;!$(C=[OX1])]",  # formates too, no anhydrides
    "aldehyde": "[CX3;H2,$([H1][#6])]=[OX1]", "ketone": "[#6][CX3](=O)[#6]",
    "halogen": "[F,Cl,Br,I]", "methyl group": "[CH3]",
})  # fmt: skip
_DESCRIPTORS: Mapping[str, str] = MappingProxyType({
    "aromatic ring": "aromatic_rings", "ring": "rings", "aromatic atom": "aromatic_atoms",
    "heavy atom": "heavy_atoms", "rotatable bond": "rotatable_bonds",
    "hydrogen-bond donor": "h_donors", "hydrogen-bond acceptor": "h_acceptors",
})  # fmt: skip
_ATOMS: Mapping[str, str] = MappingProxyType({
    "carbon": "C", "hydrogen": "H", "nitrogen": "N", "oxygen": "O", "sulfur": "S", "fluorine": "F",
    "chlorine": "Cl", "bromine": "Br", "iodine": "I", "phosphorus": "P",
})  # fmt: skip
_THINGS = "|".join([*_DESCRIPTORS, *_GROUPS, *(f"{a}(?: atom)?" for a in _ATOMS)])
_COUNTED = re.compile(rf"(?<![\w.])({COUNT}) ({_THINGS})s?\b(?! ring)")
_HAS = re.compile(r"(?:has|have|contains?|counts?|there (?:are|is)|with|of|,|and|:)\s*\Z")
# Who has them: the molecule, not a part of it ("the acyl group has 21 carbons").
_LISTED = re.compile(
    rf"(?:(?:\b(?:[Ii]t|molecule|compound|structure)|(?<!\bin )(?<!\bof )(?<!\bon ){ENTITY})"
    r" (?:has|contains?|counts?)"
    r"|[Tt]here (?:are|is))[^.;]{0,80}\Z"
)
_OF_PART = re.compile(
    r"\b(?:group|ring|chain|moiety|unit|part|substituent|residue|linker|tail|core|fragment|arm)s?"
    r" (?:with|of|has|have|contains?|containing|counts?) \Z"
)
_ATOMIC = re.compile(r"(?<![A-Za-z=#])([A-Z][a-z]?): ([0-9]{1,3}) \* ([0-9]{1,3}\.[0-9]{1,4})")
_MOLECULE = ("smiles",)


def read(scene: Scene) -> Iterator[Claim]:
    """Yield statements about the numbers of a molecule."""
    for found in _MASS.finditer(scene.text):
        number = found.group(1)
        kinds = ("smiles", "formula", "protein")
        claim = scene.about(found, "molar mass", kinds, partial(mass_of, number=number))
        yield from _given(claim)
    for found in _MASS_OF.finditer(scene.text):
        weight = _weight(found.group(1))
        if weight is not None:
            said = _near_mass(weight, found.group(2))
            yield scene.claim(*found.span(), "molar mass", *said)
    yield from _unsaturations(scene)
    for found in _VALUE.finditer(scene.text):
        key, slack = _KEYS[found.group(1)]
        number = found.group(2)
        # Charges are written "2-" as well.
        written = number if number[-1].isdigit() else number[-1] + number[:-1]
        test = _descriptor(key, written, slack)
        yield from _given(scene.about(found, found.group(1), _MOLECULE, test))
    for found in _COUNTED.finditer(scene.text):
        yield from _counted(scene, found)
    for found in _ATOMIC.finditer(scene.text):
        yield from _atomic(scene, found)


def _given(claim: Claim | None) -> Iterator[Claim]:
    if claim is not None:
        yield claim


def _weight(formula: str) -> float | None:
    """Return the average mass of a formula in g/mol; None if it is none, or names an isotope."""
    counts = formulas.parse(formula)
    if counts is None or formulas.names_isotope(formula):
        return None
    from rdkit.Chem import GetPeriodicTable

    table = GetPeriodicTable()
    return sum(n * float(table.GetAtomicWeight(e)) for e, n in counts.items() if e[0].isupper())


@lru_cache(maxsize=2_048)
def _of_text(text: str) -> float | None:
    """Return the average mass of a SMILES, a formula or a protein, in g/mol."""
    # A formula first: "CO" tagged as one is a formula, and bare text is not passed here.
    counts = atoms_of(text)
    if counts is not None:
        return descriptors_of(text)["mol_weight"]
    weight = _weight(text)
    if weight is not None:
        return weight
    return proteins.molecular_weight(text) if proteins.clean(text) else None


def mass_of(text: str, number: str) -> tuple[bool | None, str]:
    """Compare a mass as written with that of an object."""
    options = [_of_text(text), _weight(text)]
    if proteins.clean(text) is not None:
        options.append(proteins.molecular_weight(text))
    known = [option for option in options if option is not None]
    if not known:
        return None, "nothing to weigh"
    return max((_near_mass(value, number) for value in known), key=lambda said: bool(said[0]))


def _near_mass(value: float, number: str) -> tuple[bool | None, str]:
    # Tables of atomic weights differ in their last digits.
    if near(value, number, 1.5e-5 * value):
        return True, ""
    close = abs(value - float(number)) <= 1e-3 * value
    return (None if close and "." not in number else False), f"it is {value:.3f} g/mol"


def unsaturation(counts: Mapping[str, int]) -> float:
    """Return rings plus double bonds of a formula: (2C + 2 + N + P - H - X) / 2."""
    four = sum(counts.get(e, 0) for e in ("C", "Si"))
    three = sum(counts.get(e, 0) for e in ("N", "P", "B"))
    one = sum(counts.get(e, 0) for e in ("H", "F", "Cl", "Br", "I"))
    return (2 * four + 2 + three - one + counts.get(formulas.CHARGE, 0)) / 2


def _unsaturations(scene: Scene) -> Iterator[Claim]:
    for found in _UNSATURATION.finditer(scene.text):
        stated = float(found.group(1))

        def test(text: str, stated: float = stated) -> tuple[bool | None, str]:
            counts = atoms_of(text) or formulas.parse(text)
            if counts is None:
                return None, "no formula"
            value = unsaturation(counts)
            return value == stated, "" if value == stated else f"it is {value:g}"

        yield from _given(scene.about(found, "degree of unsaturation", ("smiles", "formula"), test))
    for found in _OF_FORMULA.finditer(scene.text):
        counts = formulas.parse(found.group(1))
        if counts is not None:
            value = unsaturation(counts)
            holds = value == float(found.group(2))
            why = "" if holds else f"it is {value:g}"
            yield scene.claim(*found.span(), "degree of unsaturation", holds, why)


def _descriptor(key: str, number: str, slack: float) -> Callable[[str], tuple[bool | None, str]]:
    def test(smiles: str) -> tuple[bool | None, str]:
        value = descriptors_of(smiles).get(key)
        if value is None:
            return None, "no molecule"
        holds = near(value, number, slack)
        return holds, "" if holds else f"it is {value:.3g}"

    return test


def _counted(scene: Scene, found: re.Match[str]) -> Iterator[Claim]:
    before = scene.text[max(0, found.start() - 90) : found.start()]
    firm = _HAS.search(before) is not None and _LISTED.search(before) is not None
    firm = firm and _OF_PART.search(before) is None
    if not firm and not _HAS.search(before[-12:]):
        return
    stated, thing = number_of(found.group(1)), found.group(2)

    def test(smiles: str) -> tuple[bool | None, str]:
        value = _amount(smiles, thing)
        if value is None:
            return None, "no molecule"
        # "two rings" may be two of three, where no verb says that these are all.
        holds = True if value == stated else (False if firm else None)
        if thing == "hydroxyl group" and stated == value - (
            _amount(smiles, "carboxylic acid") or 0
        ):
            holds = True  # those of acids are counted by some, and not by others
        return holds, "" if holds else f"there are {value}"

    yield from _given(scene.about(found, "count", _MOLECULE, test))


@lru_cache(maxsize=4_096)
def _amount(smiles: str, thing: str) -> int | None:
    counts = atoms_of(smiles)
    if counts is None:
        return None
    atom = thing.removesuffix(" atom")
    if atom in _ATOMS:
        return counts.get(_ATOMS[atom], 0)
    if thing in _DESCRIPTORS:
        return int(descriptors_of(smiles)[_DESCRIPTORS[thing]])
    from rdkit import Chem

    mol = Chem.MolFromSmiles(smiles.strip())
    pattern = Chem.MolFromSmarts(_GROUPS[thing])
    return None if mol is None else len(mol.GetSubstructMatches(pattern))


def _atomic(scene: Scene, found: re.Match[str]) -> Iterator[Claim]:
    """``C: 9 * 12.011``: the element's weight, and as many atoms as the molecule has."""
    element, count, weight = found.groups()
    if element not in formulas.ELEMENTS or scene.candidates(0, "protein"):
        return  # residues have letters of elements
    from rdkit.Chem import GetPeriodicTable

    known = float(GetPeriodicTable().GetAtomicWeight(element))
    if abs(float(weight) - known) > 0.05 * known:
        return  # another quantity of that element
    # Tables of other years differ by up to a tenth of a per mille: 1.0079, 12.0107, 15.9994.
    holds = near(known, weight, 1e-4 * known)
    why = "" if holds else f"{element} weighs {known:g}"
    yield scene.claim(*found.span(3), "atomic weight", holds, why)

    def test(text: str) -> tuple[bool | None, str]:
        counts = atoms_of(text) or formulas.parse(text)
        if counts is None:
            return None, "no formula"
        has = counts.get(element, 0)
        return has == int(count), "" if has == int(count) else f"it has {has} {element}"

    kinds = ("smiles", "formula", "material")
    yield from _given(scene.about(found, "atoms of an element", kinds, test))
