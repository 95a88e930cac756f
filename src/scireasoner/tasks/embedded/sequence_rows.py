"""Computed rows about DNA and proteins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from random import Random

from scireasoner.science import formulas, masses, proteins
from scireasoner.tasks.embedded.compounds import Tables
from scireasoner.tasks.rows import Caps, Row

# Amino-acid composition of UniProtKB/Swiss-Prot in per cent (statistics page of the release).
RESIDUES: Mapping[str, float] = {
    "A": 8.25, "R": 5.53, "N": 4.06, "D": 5.46, "C": 1.38, "Q": 3.93, "E": 6.72, "G": 7.07,
    "H": 2.27, "I": 5.91, "L": 9.65, "K": 5.80, "M": 2.41, "F": 3.86, "P": 4.74, "S": 6.65,
    "T": 5.36, "W": 1.10, "Y": 2.92, "V": 6.86,
}  # fmt: skip
ENZYMES = ("EcoRI", "BamHI", "HindIII", "PstI")
NO_SITE = "none"


@cache
def codons() -> dict[str, tuple[str, ...]]:
    """Return residue -> codons of the standard genetic code (``*`` for stop)."""
    from Bio.Data import CodonTable

    table = CodonTable.unambiguous_dna_by_id[1]
    found: dict[str, list[str]] = {"*": list(table.stop_codons)}
    for codon, residue in table.forward_table.items():
        found.setdefault(residue, []).append(codon)
    return {residue: tuple(sorted(triplets)) for residue, triplets in found.items()}


@cache
def sites() -> dict[str, str]:
    """Return enzyme -> recognition site, read from REBASE through Biopython."""
    from Bio import Restriction

    return {name: str(getattr(Restriction, name).site) for name in ENZYMES}


def _residues(rng: Random, length: int) -> str:
    return "".join(rng.choices(list(RESIDUES), list(RESIDUES.values()), k=length))


def dna_to_protein(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Open reading frames of 5-9 codons, start and stop included, to their peptides.

    Residues follow Swiss-Prot; synonymous codons are equally likely.
    """
    table = codons()
    for _ in range(caps.drawn):
        protein = "M" + _residues(rng, rng.randint(3, 7))
        dna = "".join(rng.choice(table[residue]) for residue in protein + "*")
        yield Row({"dna": dna}, protein, (protein,))


def restriction_site(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """DNA of 24-32 bases with exactly one site of four enzymes, or none; classes equally likely."""
    for _ in range(caps.drawn):
        enzyme = rng.choice((*ENZYMES, NO_SITE))
        site = sites().get(enzyme, "")
        bases = "".join(rng.choices("ACGT", k=rng.randint(24, 32) - len(site)))
        start = rng.randint(0, len(bases))
        dna = bases[:start] + site + bases[start:]
        if sum(dna.count(s) for s in sites().values()) == bool(site):
            yield Row({"dna": dna}, enzyme, (dna,))


def protein_charge(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Peptides of 10-20 residues: isoelectric point above or below 7; none within 6.5-7.5.

    Both labels are equally frequent.
    """
    seen = {"basic": 0, "acidic": 0}
    while min(seen.values()) < caps.drawn // 2:
        peptide = _residues(rng, rng.randint(10, 20))
        point = proteins.isoelectric_point(peptide)
        label = "basic" if point > 7 else "acidic"
        if abs(point - 7) > 0.5 and seen[label] < caps.drawn // 2:
            seen[label] += 1
            yield Row({"protein": peptide}, label, (peptide,), None, {"pI": f"{point:.2f}"})


def peptide_formula(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Linear peptides of 2-8 residues, drawn as in Swiss-Prot, to their molecular formula."""
    for _ in range(caps.drawn):
        peptide = _residues(rng, rng.randint(2, 8))
        yield Row({"protein": peptide}, formulas.hill(masses.peptide(peptide)), (peptide,))


def peptide_mass(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Linear peptides of 3-6 residues, drawn as in Swiss-Prot, to their nominal mass, Da."""
    for _ in range(caps.drawn):
        peptide = _residues(rng, rng.randint(3, 6))
        yield Row({"protein": peptide}, str(masses.nominal(masses.peptide(peptide))), (peptide,))
