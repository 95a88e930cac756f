"""Checks of what RNA folds into."""

from __future__ import annotations

from scireasoner.science import nucleotides
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
)
from scireasoner.science.sequences import MAX_RESIDUES

_VIENNA = "ViennaRNA 2 at 37 °C, doi:10.1186/1748-7188-6-26"


@define(
    "folding energy",
    "rna",
    f"the minimum free energy in kcal/mol is within bounds (1 to {nucleotides.MAX_FOLDED} nt)",
    _VIENNA,
    asks="low|high",
    most=MAX_RESIDUES,
)
def folding_energy(text: str, request: Request) -> Found:
    """Fold an RNA and compare its energy with the bounds."""
    sequence = nucleotides.clean_rna(text)
    if sequence is None:
        return failed(f"not RNA: {quoted(text)}")
    if len(sequence) > nucleotides.MAX_FOLDED:
        return unknown(f"not checked: RNA of more than {nucleotides.MAX_FOLDED} nt is not folded")
    energy = nucleotides.fold(sequence)[1]
    said = f"the minimum free energy is {energy:.2f} kcal/mol"
    if request.low is not None and not energy >= request.low:
        return failed(f"{said}, at least {request.low:g} is wanted")
    if request.high is not None and not energy <= request.high:
        return failed(f"{said}, at most {request.high:g} is wanted")
    return passed(said)


@define(
    "target structure",
    "rna",
    "the minimum free energy structure is the wanted one",
    _VIENNA,
    asks="structure",
    most=MAX_RESIDUES,
)
def target_structure(text: str, request: Request) -> Found:
    """Fold an RNA and compare its base pairs with the target."""
    target = (request.structure or "").strip()
    if not 0 < len(target) <= nucleotides.MAX_FOLDED or nucleotides.pairs(target) is None:
        return unknown("not checked: the target is no balanced dot-bracket structure")
    sequence = nucleotides.clean_rna(text)
    if sequence is None:
        return failed(f"not RNA: {quoted(text)}")
    if len(sequence) != len(target):
        return failed(f"{len(sequence):,} bases came, the target has {len(target):,}")
    structure = nucleotides.fold(sequence)[0]
    if structure == target:
        return passed("folds into the target structure")
    share = nucleotides.structure_similarity(structure, target)
    return failed(f"folds into {quoted(structure, 80)}: {share:.0%} of the base pairs agree (F1)")


@define(
    "bracket balance",
    "structure",
    "dots and brackets only, and every bracket has its partner",
    "dot-bracket notation, doi:10.1007/BF00818163",
    most=20 * nucleotides.MAX_FOLDED,
)
def bracket_balance(text: str, request: Request) -> Found:
    """Pair the brackets of a structure."""
    pairs = nucleotides.pairs(text)
    if pairs is None:
        return failed("not a dot-bracket structure: every ( needs its )")
    return passed(f"{count(len(pairs), 'base pair')} over {len(text):,} nt")


CHECKS: tuple[Check, ...] = (folding_energy, target_structure, bracket_balance)
