"""Checks of proteins, DNA, RNA and secondary structures."""

from __future__ import annotations

import re

from scireasoner.science import alignment as aligning
from scireasoner.science import nucleotides, proteins
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

_READERS = {
    "protein": proteins.clean,
    "dna": nucleotides.clean_dna,
    "rna": nucleotides.clean_rna,
}
_KNOWN = {
    "protein": proteins.AMINO_ACIDS,
    "dna": nucleotides.DNA,
    "rna": nucleotides.RNA,
}
_TITLES = {"protein": "a protein", "dna": "a DNA", "rna": "an RNA"}
_LETTERS = {
    "protein": "the 20 amino acid letters",
    "dna": "A, C, G and T",
    "rna": "A, C, G and U",
}
_CODE = "NCBI genetic code 1"
_LONGEST_MOTIF = 200


def _sequence(text: str, alphabet: str | None = None) -> str | None:
    """Read a sequence in its alphabet, or in the first one that it has the letters of."""
    readers = [_READERS[alphabet]] if alphabet in _READERS else list(_READERS.values())
    return next((found for read in readers if (found := read(text))), None)


def _nucleic(text: str) -> str | None:
    """Read DNA, or RNA as the DNA it was copied from."""
    rna = nucleotides.clean_rna(text)
    return nucleotides.clean_dna(text) or (rna and rna.replace("U", "T"))


def _no_sequence(text: str, what: str = "a sequence") -> Found:
    return failed(f"not {what}: {quoted(text)}")


@define(
    "alphabet",
    "protein dna rna",
    f"only letters of the alphabet, 1 to {MAX_RESIDUES:,} of them",
    "IUPAC-IUB one-letter codes, doi:10.1093/nar/13.9.3021",
    asks="alphabet",
    most=MAX_RESIDUES,
)
def alphabet(text: str, request: Request) -> Found:
    """Read a sequence in the wanted alphabet."""
    name = request.alphabet or ""
    if name not in _READERS:
        return unknown(f"not checked: {quoted(name)} is none of {', '.join(_READERS)}")
    sequence = _READERS[name](text)
    if sequence is not None:
        unit = "residue" if name == "protein" else "base"
        return passed(
            f"valid {name.upper() if name != 'protein' else name}, "
            f"{len(sequence):,} {unit}{'s' if len(sequence) != 1 else ''}"
        )
    bare = "".join(text.split()).upper()
    known = _KNOWN[name]
    odd = next(((n, c) for n, c in enumerate(bare, 1) if c not in known), None)
    where = f": {odd[1]!a} at place {odd[0]} is none of {_LETTERS[name]}" if odd else ""
    return failed(f"not {_TITLES[name]} sequence{where}")


@define(
    "length",
    "protein dna rna",
    "as many residues as wanted",
    "the request",
    asks="shortest|longest",
    most=MAX_RESIDUES,
)
def length(text: str, request: Request) -> Found:
    """Count residues or bases."""
    sequence = _sequence(text, request.alphabet)
    if sequence is None:
        return _no_sequence(text)
    number = len(sequence)
    if request.shortest is not None and number < request.shortest:
        return failed(f"{number:,} long, at least {request.shortest:,} is wanted")
    if request.longest is not None and number > request.longest:
        return failed(f"{number:,} long, at most {request.longest:,} is wanted")
    return passed(f"{number:,} long, as wanted")


@define(
    "reading frame",
    "dna rna",
    "starts with ATG, whole codons, ends with a stop codon and has none before",
    _CODE,
    most=MAX_RESIDUES,
)
def reading_frame(text: str, request: Request) -> Found:
    """Describe the first fault of a coding sequence."""
    sequence = _nucleic(text)
    if sequence is None:
        return _no_sequence(text, "DNA or RNA")
    if len(sequence) < 6:
        return failed(f"{count(len(sequence), 'base')} cannot hold a start and a stop codon")
    frame = nucleotides.reading_frame(sequence)
    if not frame.starts:
        return failed(f"the reading frame does not start with ATG, but with {sequence[:3]}")
    if frame.inner_stop is not None:
        return failed(
            f"the reading frame has a stop codon at codon {frame.inner_stop:,} of {frame.codons:,}"
        )
    if frame.leftover:
        left = count(frame.leftover, "base")
        return failed(f"the length is no multiple of 3: {left} left over")
    if not frame.ends:
        return failed(f"the reading frame does not end with a stop codon, but with {sequence[-3:]}")
    return passed(f"an open reading frame of {frame.codons:,} codons")


@define(
    "codon translation",
    "dna rna protein",
    "a coding sequence gives the wanted protein, or a protein comes from the given DNA",
    _CODE,
    asks="protein|dna",
    most=MAX_RESIDUES,
)
def codon_translation(text: str, request: Request) -> Found:
    """Translate codon by codon and compare."""
    if request.dna is not None:
        coding, wanted = _nucleic(request.dna), None
        if coding is None:
            return unknown("not checked: the given DNA has other letters than A, C, G and T")
        came = proteins.clean(text)
        if came is None:
            return _no_sequence(text, "a protein")
        wanted = nucleotides.translate(coding).rstrip("*")
    else:
        wanted = proteins.clean(request.protein or "")
        if wanted is None:
            return unknown("not checked: the wanted protein has other letters than amino acids")
        coding = _nucleic(text)
        if coding is None:
            return _no_sequence(text, "DNA or RNA")
        if len(coding) % 3:
            return failed(f"{count(len(coding) % 3, 'base')} left over after the last whole codon")
        came = nucleotides.translate(coding)
        came = came.removesuffix("*")
    return _same_protein(came, wanted)


def _same_protein(came: str, wanted: str) -> Found:
    if came == wanted:
        return passed(f"the codons give the protein, {count(len(wanted), 'residue')}")
    for place, (ours, theirs) in enumerate(zip(came, wanted, strict=False), start=1):
        if ours != theirs:
            ours = "a stop" if ours == "*" else ours
            theirs = "a stop" if theirs == "*" else theirs
            return failed(f"residue {place:,} is {ours}, {theirs} is wanted")
    return failed(f"{count(len(came), 'residue')} came, {len(wanted):,} are wanted")


@define(
    "alignment",
    "protein dna rna",
    "enough residues match the given sequence in order",
    "longest common subsequence over the longer length",
    asks="sequence identity",
    most=MAX_RESIDUES,
)
def alignment(text: str, request: Request) -> Found:
    """Compare the identity with a given sequence to the least one wanted."""
    target = _sequence(request.sequence or "", request.alphabet)
    if target is None:
        return unknown("not checked: the given sequence cannot be read")
    sequence = _sequence(text, request.alphabet)
    if sequence is None:
        return _no_sequence(text)
    # The alignment knows amino acids; U is none of them, and T stands for the same base.
    if nucleotides.clean_rna(sequence) or nucleotides.clean_rna(target):
        sequence, target = sequence.replace("U", "T"), target.replace("U", "T")
    share = aligning.identity(sequence, target)
    least = request.identity or 0.0
    said = f"{share:.1%} of the residues match"
    return passed(said) if share >= least else failed(f"{said}, {least:.1%} are wanted")


@define(
    "motif",
    "protein dna rna",
    "the wanted residues occur in a row",
    "IUPAC-IUB one-letter codes, doi:10.1093/nar/13.9.3021",
    asks="motif",
    most=MAX_RESIDUES,
)
def motif(text: str, request: Request) -> Found:
    """Search for a motif with letters that stand for several."""
    wanted = (request.motif or "").strip().upper()
    if not 0 < len(wanted) <= _LONGEST_MOTIF or not (wanted.isascii() and wanted.isalpha()):
        return unknown(
            f"not checked: {quoted(wanted)} is no motif of 1 to {_LONGEST_MOTIF} letters"
        )
    sequence = _sequence(text, request.alphabet)
    if sequence is None:
        return _no_sequence(text)
    bases = _nucleic(text) if request.alphabet != "protein" else None
    if bases is not None:
        found = re.search(nucleotides.motif_pattern(wanted), bases)
    else:
        found = re.search(wanted.replace("X", "."), sequence)
    if found is None:
        return failed(f"the motif {quoted(wanted)} does not occur")
    return passed(f"the motif {quoted(wanted)} occurs at place {found.start() + 1:,}")


CHECKS: tuple[Check, ...] = (
    alphabet,
    length,
    reading_frame,
    codon_translation,
    alignment,
    motif,
)
