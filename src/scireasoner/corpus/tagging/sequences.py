"""Protein, DNA and RNA sequences in prose: runs of capitals, judged by letters and context."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from scireasoner.corpus.tagging.context import Place, place_of, words
from scireasoner.corpus.tagging.found import Candidate
from scireasoner.corpus.tagging.grammar import read_run
from scireasoner.science import nucleotides, proteins

_RUN = re.compile(r"(?<![A-Za-z0-9_])[A-Z]{4,10000}+(?![A-Za-z0-9_])")
_FASTA = re.compile(
    r"^>[^\n]*+\n([A-Z]{1,10000}+(?:\r?\n[A-Z]{1,200}+(?=\r?\n|\Z))*+)\*?(?=\r?\n|\Z)",
    re.MULTILINE,
)
_PRIMES = re.compile(r"(?:5['′’]?-(?:d\()?|5['′’] ?)$"), re.compile(r"^\)?-?3['′’]?")

_GENERAL = words("sequence sequences sequenced motif motifs seq fasta")
_NUCLEIC = words(
    """primer primers oligonucleotide oligonucleotides oligo oligos probe probes forward reverse
    aptamer promoter dna rna mrna sirna shrna mirna strand sense antisense guide grna sgrna codon
    codons site box repeat repeats hairpin nucleotide nucleotides duplex adapter barcode"""
)
_PEPTIDE = words(
    """peptide peptides protein proteins residues polypeptide epitope epitopes antibody cdr signal
    domain enzyme fragment residue chain translated tag linker amino"""
)
_COMMON_WORDS = words(
    """DATA CASE STAGE TEST PATIENTS PATIENT METHODS RESULTS DESIGN AIMS AIM FINDINGS MAIN SETTING
    MEASURES MATERIALS INTERVENTIONS PARTICIPANTS LIMITATIONS STATEMENT DISCLAIMER ACKNOWLEDGEMENTS
    DETAILS"""
)
_ABBREVIATION = 7
# Percent of residues in Swiss-Prot (release statistics) and of letters in English text.
_PROTEIN_PERCENT = (
    "A8.3 R5.5 N4.1 D5.5 C1.4 Q3.9 E6.7 G7.1 H2.3 I5.9 L9.7 K5.8 M2.4 F3.9 P4.7 S6.7 T5.4 W1.1 "
    "Y2.9 V6.9"
)
_ENGLISH_PERCENT = (
    "A8.2 R6.0 N6.7 D4.3 C2.8 Q0.1 E12.7 G2.0 H6.1 I7.0 L4.0 K0.8 M2.4 F2.2 P1.9 S6.3 T9.1 W2.4 "
    "Y2.0 V1.0"
)


def _percents(table: str) -> dict[str, float]:
    return {entry[0]: float(entry[1:]) for entry in table.split()}


_LOG_RATIO = {
    letter: math.log(share / _percents(_ENGLISH_PERCENT)[letter])
    for letter, share in _percents(_PROTEIN_PERCENT).items()
}


def find_sequences(text: str) -> Iterator[Candidate]:
    """Yield runs of capitals that are DNA, RNA or protein by their letters, with their clues."""
    headed = []
    for record in _FASTA.finditer(text):
        start, end = record.span(1)
        headed.append((start, end))
        yield from _candidates(text, start, end, "".join(record.group(1).split()), fasta=True)
    spans = iter([*headed, (len(text), len(text))])
    current = next(spans)
    for run in _RUN.finditer(text):
        while run.start() >= current[1] and current[0] < len(text):
            current = next(spans)
        if run.start() < current[0]:
            yield from _candidates(text, run.start(), run.end(), run.group(), fasta=False)


def _candidates(text: str, start: int, end: int, letters: str, fasta: bool) -> Iterator[Candidate]:
    kind = _alphabet(letters)
    if kind is None:
        return
    place = place_of(text, start, end)
    clues: list[tuple[str, float]] = [("FASTA header", 8.0)] if fasta else []
    if kind == "protein":
        clues += _protein_clues(letters, place)
    else:
        clues += _nucleic_clues(letters, place)
        small = "T" not in letters and 18 <= len(letters) <= 27
        if small and "sirna" in place.around:
            kind = "sirna"
    if sum(weight for _, weight in clues) > -6:
        yield Candidate(start, end, kind, tuple(clues))


def _alphabet(letters: str) -> str | None:
    """Return the smallest alphabet that holds all letters."""
    if nucleotides.clean_dna(letters) is not None:
        return "dna"
    if nucleotides.clean_rna(letters) is not None:
        return "rna"
    return "protein" if proteins.clean(letters) is not None else None


def _nucleic_clues(letters: str, place: Place) -> Iterator[tuple[str, float]]:
    yield "letters of nucleotides only", -5.0
    # A run of n such letters by chance in English is (4/20)^n, in abbreviations (4/26)^n.
    yield f"{len(letters)} letters", 0.55 * min(len(letters), 20)
    distinct = len(set(letters))
    if distinct == 1:
        yield "one letter repeated", -2.0
    if _PRIMES[0].search(place.before) or (_PRIMES[1].match(place.after) and place.after):
        yield "5' or 3' beside", 5.0
    yield from _words(place, _NUCLEIC)
    if place.in_capitals and len(letters) < 12:
        yield "capitals around", -2.0


def _protein_clues(letters: str, place: Place) -> Iterator[tuple[str, float]]:
    yield "letters of amino acids only", -5.0
    yield f"{len(letters)} letters", 0.25 * min(len(letters), 30)
    yield from _words(place, _PEPTIDE)
    if place.in_capitals:
        yield "capitals around", -4.0
    if len(letters) < _ABBREVIATION:
        yield "short as an abbreviation", -3.0
    if letters in _COMMON_WORDS:
        yield "a word in capitals", -6.0
    if len(letters) <= 60 and read_run(letters) is not None:
        yield "a chemical name in capitals", -6.0
    # How much likelier the letters are in a protein than in English, in nats.
    ratio = sum(_LOG_RATIO[letter] for letter in letters[:200])
    yield "letters as in proteins, not as in words", max(-8.0, min(8.0, ratio))
    if letters[0] == "M" and len(letters) >= 15:
        yield "begins with methionine", 0.5


def _words(place: Place, special: frozenset[str]) -> Iterator[tuple[str, float]]:
    near = {*place.before_words[-6:], *place.after_words[:3]}
    if near & _GENERAL:
        yield "a word for sequences near", 3.0
    if near & special:
        yield "a word for its kind near", 2.0
