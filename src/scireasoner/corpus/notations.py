"""Every notation of one entity, as tagged text, and the facts that go with it.

After arXiv 2509.21320 section 2.1: a molecule as SMILES, SELFIES, IUPAC name and formula; protein,
RNA and DNA with what is known of them; a material as its elements and space group. Tags are put
on by ``Notation.wrap`` alone. The prose of a crystal is in ``corpus.prose``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from scireasoner.errors import InputError, MissingTool
from scireasoner.notation.tags import NOTATIONS, strip_tags
from scireasoner.science import formulas, materials
from scireasoner.science.molecules import canonical, formula, randomise

RANDOM = "random smiles"
INCHI = "inchi"
_LONGEST_INCHI = 100  # heavy atoms; the canonical numbering of symmetric giants takes minutes


def described(kind: str, sequence: str, facts: Mapping[str, str]) -> str:
    """Return a tagged sequence below one line for each fact that is known.

    Parameters
    ----------
    kind : notation of the sequence, ``"protein"``, ``"dna"``, ``"rna"`` ...
    facts : name -> what is known, in the order of the lines; empty ones are left out.
    """
    lines = [
        f"{name}: {strip_tags(value) if '<' in value else value}"
        for name, value in facts.items()
        if value
    ]
    return "\n".join([*lines, NOTATIONS[kind].wrap(sequence)])


def protein(
    sequence: str, *, name: str = "", gene: str = "", organism: str = "", function: str = ""
) -> str:
    """Return a protein with what is known of it, a line each."""
    facts = {"Name": name, "Gene": gene, "Organism": organism, "Function": function}
    return described("protein", sequence, facts)


def dna(sequence: str, *, organism: str = "", position: str = "", description: str = "") -> str:
    """Return DNA with its organism (or a description, where none is known) and position."""
    told = {"Organism": organism} if organism else {"Description": description}
    return described("dna", sequence, told | {"Position": position})


def molecule(
    smiles: str, *, name: str = "", randoms: int = 1, seed: int = 0, inchi: bool = False
) -> dict[str, str]:
    """Return the notations of a molecule, tagged, by their names.

    Parameters
    ----------
    smiles : of one molecule or salt; the canonical form is written.
    name : IUPAC name; left out if empty.
    randoms : how many random SMILES are tried; equal ones are given once.
    seed : fixes the random SMILES.
    inchi : whether to add the InChI, which has no tag.

    Raises
    ------
    InputError : if ``smiles`` is no molecule.
    """
    target = canonical(smiles)
    counts = formula(smiles)
    if target is None or counts is None:
        raise InputError(f"{smiles[:80]!r} is not a SMILES string of one molecule: check it")
    wrap = NOTATIONS["smiles"].wrap
    forms = {"smiles": wrap(target)}
    spelled = dict.fromkeys(randomise(target, seed + n) for n in range(randoms))
    others = [text for text in spelled if text != target]
    for number, text in enumerate(others, start=1):
        forms[RANDOM if number == 1 else f"{RANDOM} {number}"] = wrap(text)
    if (text_of := selfies(target)) is not None:
        forms["selfies"] = NOTATIONS["selfies"].wrap(text_of)
    if name.strip():
        forms["iupac"] = NOTATIONS["iupac"].wrap(strip_tags(name))
    forms["formula"] = NOTATIONS["formula"].wrap(formulas.hill(counts))
    if inchi and (found := inchi_of(target)):
        forms[INCHI] = found
    return forms


@lru_cache(maxsize=20_000)
def selfies(smiles: str) -> str | None:
    """Return the SELFIES (doi:10.1088/2632-2153/aba947) of a SMILES; None if it has none."""
    try:
        import selfies as package
    except ImportError:
        raise MissingTool("selfies", "writing SELFIES", "pip install selfies==2.2.0") from None
    try:
        return str(package.encoder(smiles))
    except package.EncoderError:
        return None  # hypervalent atoms and the like


@lru_cache(maxsize=20_000)
def of_selfies(text: str) -> str | None:
    """Return a SMILES of a SELFIES, None if it is none."""
    try:
        import selfies as package
    except ImportError:
        raise MissingTool("selfies", "reading SELFIES", "pip install selfies==2.2.0") from None
    try:
        return str(package.decoder(text)) or None
    except package.DecoderError:
        return None


def inchi_of(smiles: str) -> str | None:
    """Return the standard InChI (doi:10.1186/s13321-015-0068-4) of a SMILES, None if it has none.

    Molecules of more than 100 heavy atoms have none here.
    """
    target = canonical(smiles)
    if target is None:
        return None
    from rdkit import Chem

    mol = Chem.MolFromSmiles(target)
    if mol.GetNumHeavyAtoms() > _LONGEST_INCHI:
        return None
    text = str(Chem.MolToInchi(mol))
    return text or None


def restated(kind: str, text: str, seed: int) -> dict[str, str]:
    """Return the entity once more in another spelling of its notation, tagged, by its name.

    Reading one spelling beside another is where a small model learns to copy and to translate:
    a random SMILES of the same molecule, the transcript of a DNA, the gene of an RNA. A SMILES
    that RDKit cannot read has no other spelling.
    """
    if kind == "smiles":
        try:
            return {RANDOM: NOTATIONS["smiles"].wrap(randomise(text, seed))}
        except InputError:
            return {}
    if kind == "dna":
        return {"rna": NOTATIONS["rna"].wrap(text.replace("T", "U"))}
    if kind == "rna":
        return {"dna": NOTATIONS["dna"].wrap(text.replace("U", "T"))}
    return {}


def material(counts: Mapping[str, int], spacegroup: int | None = None) -> str:
    """Return the reduced composition as tagged element tokens and the space-group token.

    Raises
    ------
    InputError : for unknown elements, a space group outside 1 to 230, or more than 400 tokens.
    """
    if not counts or any(element not in formulas.ELEMENTS for element in counts):
        raise InputError(f"{dict(counts)} is no composition: counts by element are expected")
    if spacegroup is not None and spacegroup not in materials.SPACE_GROUPS:
        raise InputError(f"the space group {spacegroup} is not one of 1 to 230")
    if min(counts.values()) < 1:
        raise InputError(f"{dict(counts)} is no composition: every count must be at least 1")
    smallest = materials.reduced(counts)
    if sum(smallest.values()) > materials.MAX_TOKENS:
        raise InputError(
            f"{sum(smallest.values())} atoms in the formula: at most {materials.MAX_TOKENS} "
            "element tokens are written"
        )
    return NOTATIONS["material"].wrap(materials.to_tokens(smallest, spacegroup))
