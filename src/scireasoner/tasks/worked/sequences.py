"""Codons, recognition sites and charged residues, read along the sequence."""

from __future__ import annotations

from scireasoner.science import nucleotides
from scireasoner.tasks.embedded.sequence_rows import NO_SITE, sites
from scireasoner.types import Sample

_CHARGES = {"K": 1, "R": 1, "D": -1, "E": -1}


def translate(sample: Sample) -> str | None:
    """Translate codon by codon up to the stop: ``ATG M, GCA A, TAA stop``."""
    dna = sample.inputs["dna"]
    codons = [dna[i : i + 3] for i in range(0, len(dna), 3)]
    residues = nucleotides.translate(dna)
    if not residues.endswith("*") or residues[:-1] != sample.gold:
        return None
    steps = [
        f"{codon} {'stop' if residue == '*' else residue}"
        for codon, residue in zip(codons, residues, strict=True)
    ]
    return ", ".join(steps)


def find_site(sample: Sample) -> str | None:
    """Quote the site with three bases on either side, or say that each one is absent."""
    dna, enzyme = sample.inputs["dna"], sample.gold
    if enzyme == NO_SITE:
        return ", ".join(f"no {site}" for site in sites().values())
    site = sites().get(enzyme or "")
    start = dna.find(site) if site else -1
    if site is None or start < 0:
        return None
    before, after = dna[max(0, start - 3) : start], dna[start + len(site) :][:3]
    return f"base {start + 1}: {before} {site} {after}. {site} is cut by {enzyme}"


def net_charge(sample: Sample) -> str | None:
    """Sum the charges of K, R (+1) and D, E (-1) along the peptide.

    None where the isoelectric point disagrees with the sign of the sum: there the count is no
    honest reason.
    """
    total = 0
    steps = ["net 0"]
    for residue in sample.inputs["protein"]:
        if residue in _CHARGES:
            total += _CHARGES[residue]
            steps.append(f"{residue} {total:+d}" if total else f"{residue} 0")
    label = "basic" if total > 0 else "acidic"
    if label != sample.gold:
        return None
    return f"{', '.join(steps)}: {'above' if total > 0 else 'not above'} 0"
