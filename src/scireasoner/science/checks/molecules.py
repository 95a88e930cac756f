"""Checks of molecules, of their formulas and of their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scireasoner.science import diagnosis, formulas, molecules, names
from scireasoner.science.checks.base import (
    Check,
    Found,
    Request,
    count,
    define,
    failed,
    passed,
    quoted,
    unknown,
    word,
)

_RDKIT = "RDKit, doi:10.5281/zenodo.591637"
_DAYLIGHT = "SMILES, doi:10.1021/ci00057a005"
_OPSIN = "OPSIN, doi:10.1021/ci100384d"


def _unreadable(text: str) -> str | None:
    """Say why a text is no SMILES, None if its grammar is fine."""
    reason = molecules.refusal(text)
    if reason is not None:
        return f"the SMILES cannot be read: {reason}"
    if diagnosis.problems(text) is None:
        return f"the SMILES cannot be read: {_unclosed(text)} in {quoted(text)}"
    return None


def _unclosed(text: str) -> str:
    """Say what is probably wrong with the grammar of a SMILES."""
    if text.count("[") != text.count("]"):
        return "a square bracket is not closed"
    if text.count("(") != text.count(")"):
        return "a branch is not closed"
    # Digits inside square brackets count isotopes, hydrogens and charges.
    bare = re.sub(r"\[[^\[\]]*\]", "", text)
    rings = re.findall(r"%[0-9]{2}|[0-9]", bare)
    odd = next((ring for ring in rings if rings.count(ring) % 2), None)
    return f"ring {odd.lstrip('%')} is not closed" if odd else "an atom or bond is not known"


def _not_a_molecule(text: str) -> Found | None:
    """Return the failure of a text that is no valid molecule."""
    if molecules.canonical(text) is not None:
        return None
    wrong = _unreadable(text)
    if wrong:
        return failed(wrong)
    atoms = diagnosis.atom_count(text)
    if atoms > molecules.MAX_HEAVY_ATOMS:
        return failed(f"{atoms:,} atoms came, at most {molecules.MAX_HEAVY_ATOMS} are judged")
    return failed(f"{quoted(text)} is not a valid molecule")


@define(
    "smiles grammar",
    "smiles",
    "the text is SMILES: rings and brackets closed, atoms known",
    _DAYLIGHT,
    most=molecules.MAX_LENGTH,
)
def smiles_grammar(text: str, request: Request) -> Found:
    """Check the grammar alone."""
    wrong = _unreadable(text)
    return failed(wrong) if wrong else passed("the SMILES can be read")


@define(
    "valence",
    "smiles",
    "no atom has more bonds than its element allows",
    _RDKIT,
    most=molecules.MAX_LENGTH,
)
def valence(text: str, request: Request) -> Found:
    """Name the first atom with too many bonds."""
    wrong = _unreadable(text)
    if wrong:
        return failed(wrong)
    for problem in diagnosis.problems(text) or ():
        if problem.kind == "valence":
            verb = "is" if problem.allowed == 1 else "are"
            limit = (
                f"at most {word(problem.allowed)} {verb} allowed"
                if problem.allowed
                else "more than its charge allows"
            )
            return failed(
                f"{problem.element} atom {problem.atoms[0]} has {count(problem.bonds, 'bond')}, "
                f"{limit}"
            )
    return passed("no atom has too many bonds")


@define(
    "kekulisation",
    "smiles",
    "aromatic atoms form rings whose bonds can alternate",
    _RDKIT,
    most=molecules.MAX_LENGTH,
)
def kekulisation(text: str, request: Request) -> Found:
    """Name the aromatic atoms that have no alternating bonds."""
    wrong = _unreadable(text)
    if wrong:
        return failed(wrong)
    for problem in diagnosis.problems(text) or ():
        atoms = ", ".join(map(str, problem.atoms[:12]))
        if problem.kind == "lone":
            return failed(
                f"{problem.element} atom {atoms} is written as aromatic but is in no ring"
            )
        if problem.kind == "ring":
            return failed(
                f"the bonds of the aromatic atoms {atoms} cannot alternate: perhaps a hydrogen "
                "is missing, as in [nH]"
            )
    return passed("the bonds of every aromatic ring can alternate")


@define(
    "one molecule",
    "smiles",
    f"a valid molecule, no wildcard atoms, at most {molecules.MAX_HEAVY_ATOMS} atoms",
    _RDKIT,
    most=molecules.MAX_LENGTH,
)
def one_molecule(text: str, request: Request) -> Found:
    """Check that the whole text is one plausible molecule."""
    wrong = _not_a_molecule(text)
    if wrong:
        return wrong
    return passed(f"valid molecule, {formulas.hill(molecules.formula(text) or {})}")


@define(
    "canonical identity",
    "smiles",
    "the same molecule as the wanted one, stereochemistry included",
    _RDKIT,
    asks="smiles",
    most=molecules.MAX_LENGTH,
)
def canonical_identity(text: str, request: Request) -> Found:
    """Compare canonical isomeric SMILES."""
    target = molecules.canonical(request.smiles or "")
    if target is None:
        return unknown("not checked: the wanted molecule is not valid SMILES")
    wrong = _not_a_molecule(text)
    if wrong:
        return wrong
    if molecules.canonical(text) == target:
        return passed("the wanted molecule")
    if molecules.skeleton(text) == molecules.skeleton(target):
        return failed("the wanted atoms and bonds, but another stereochemistry or isotope")
    return failed(f"another molecule: {molecules.canonical(text)}, not {target}")


@define(
    "molecular formula",
    "smiles",
    "the molecule has the wanted formula",
    _RDKIT,
    asks="formula",
    most=molecules.MAX_LENGTH,
)
def molecular_formula(text: str, request: Request) -> Found:
    """Count the atoms of a molecule against a formula."""
    target = formulas.parse(request.formula or "")
    if target is None:
        return unknown("not checked: the wanted formula cannot be read")
    return _not_a_molecule(text) or _counted(molecules.formula(text) or {}, target)


@define(
    "scaffold",
    "smiles",
    "the molecule has the wanted substructure",
    "SMARTS by RDKit, doi:10.5281/zenodo.591637",
    asks="scaffold",
    most=molecules.MAX_LENGTH,
)
def scaffold(text: str, request: Request) -> Found:
    """Search for a SMARTS pattern."""
    pattern = request.scaffold or ""
    if not diagnosis.readable_pattern(pattern):
        return unknown(f"not checked: {quoted(pattern)} is not a SMARTS pattern of moderate size")
    wrong = _not_a_molecule(text)
    if wrong:
        return wrong
    there = diagnosis.has_substructure(text, pattern)
    if there is None:
        return unknown("not checked: the molecule has too many fused rings for a quick search")
    if there:
        return passed(f"the substructure {quoted(pattern)} is there")
    return failed(f"the substructure {quoted(pattern)} is not in the molecule")


@define(
    "formula grammar",
    "formula",
    "known elements with whole counts and balanced brackets",
    "IUPAC symbols",
    most=formulas.MAX_LENGTH,
)
def formula_grammar(text: str, request: Request) -> Found:
    """Read a formula."""
    if formulas.parse(text) is None:
        return failed(f"not a valid formula: {quoted(text)}")
    return passed("valid formula")


@define(
    "element counts",
    "formula",
    "the counts of every element are those of the wanted molecule or formula",
    "Hill order, doi:10.1021/ja02046a005",
    asks="formula|smiles",
    most=formulas.MAX_LENGTH,
)
def element_counts(text: str, request: Request) -> Found:
    """Compare a formula with a formula or a molecule."""
    if request.formula is not None:
        target = formulas.parse(request.formula)
    else:
        target = molecules.formula(request.smiles or "")
    if target is None:
        return unknown("not checked: the wanted formula or molecule cannot be read")
    counts = formulas.parse(text)
    return formula_failed(text) if counts is None else _counted(counts, target)


def formula_failed(text: str) -> Found:
    """Return the failure of a text that is no formula."""
    return failed(f"not a valid formula: {quoted(text)}")


def _counted(counts: Mapping[str, int], target: Mapping[str, int]) -> Found:
    for key in sorted(counts.keys() | target.keys(), key=lambda key: (key == formulas.CHARGE, key)):
        came, wanted = counts.get(key, 0), target.get(key, 0)
        if came == wanted:
            continue
        if key == formulas.CHARGE:
            return failed(f"the charge is {came}, {wanted} is wanted")
        return failed(f"{count(came, 'atom')} of {key} came, {word(wanted)} wanted")
    return passed(f"the counts of every element are right: {formulas.hill(target)}")


@define(
    "iupac reading",
    "iupac",
    "OPSIN reads the name, and as the wanted molecule if one is given",
    _OPSIN,
    most=names.MAX_LENGTH,
)
def iupac_reading(text: str, request: Request) -> Found:
    """Read a name, and compare its molecule with the wanted one."""
    target = None
    if request.smiles is not None:
        target = molecules.canonical(request.smiles)
        if target is None:
            return unknown("not checked: the wanted molecule is not valid SMILES")
    read = names.names_to_smiles([text])[0]
    if read is None:
        return failed("OPSIN does not understand the name")
    if target is None or molecules.canonical(read) == target:
        of_it = "" if target is None else ", the wanted molecule"
        return passed(f"OPSIN reads the name as {read}{of_it}")
    return failed(f"OPSIN reads the name as {read}, not as {target}")


CHECKS: tuple[Check, ...] = (
    smiles_grammar,
    valence,
    kekulisation,
    one_molecule,
    canonical_identity,
    molecular_formula,
    scaffold,
    formula_grammar,
    element_counts,
    iupac_reading,
)
