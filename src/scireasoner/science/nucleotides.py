"""DNA and RNA: alphabets, translation, folding and secondary structure in dot-bracket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from scireasoner.errors import InputError, MissingTool
from scireasoner.science.sequences import letters

DNA = frozenset("ACGT")
RNA = frozenset("ACGU")
MAX_FOLDED = 500
"""Folding is cubic in length and returns nonsense energies beyond ViennaRNA's own limits."""

_COMPLEMENT = str.maketrans("ACGTRYKMBDHV", "TGCAYRMKVHDB")
_STRUCTURE = frozenset("().")
# Letters that stand for several bases.
_ANY: Mapping[str, str] = {
    "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip


def clean_dna(text: str) -> str | None:
    """Return the DNA sequence in capitals, None if it has other letters than A, C, G, T."""
    return letters(text, DNA)


def clean_rna(text: str) -> str | None:
    """Return the RNA sequence in capitals, None if it has other letters than A, C, G, U."""
    return letters(text, RNA)


@cache
def _codons() -> Mapping[str, str]:
    """Load the standard genetic code (NCBI table 1), stop codons as ``*``."""
    from Bio.Data.CodonTable import unambiguous_dna_by_id

    table = unambiguous_dna_by_id[1]
    return {**table.forward_table, **dict.fromkeys(table.stop_codons, "*")}


def _dna(text: str) -> str:
    """Return clean DNA or say what is wrong."""
    sequence = clean_dna(text)
    if sequence is None:
        raise InputError(f"{text[:60]!r} is not DNA: only the letters A, C, G and T are expected")
    return sequence


def translate(dna: str) -> str:
    """Translate codon by codon from the first base (NCBI table 1), stop codons as ``*``.

    One or two bases left over at the end are not translated.
    """
    sequence, codons = _dna(dna), _codons()
    return "".join(codons[sequence[i : i + 3]] for i in range(0, len(sequence) - 2, 3))


@dataclass(frozen=True, slots=True)
class Frame:
    """The reading frame of a coding sequence from its first base.

    Parameters
    ----------
    codons : whole codons.
    starts : whether the first is ATG.
    ends : whether the last is a stop codon (NCBI table 1).
    inner_stop : the first stop codon before the last codon, counted from 1; None without one.
    leftover : bases after the last whole codon, 0 to 2.
    """

    codons: int
    starts: bool
    ends: bool
    inner_stop: int | None
    leftover: int


def reading_frame(sequence: str) -> Frame:
    """Describe the frame of DNA or RNA (U is read as T).

    Raises
    ------
    InputError : if it is neither.
    """
    dna = sequence.upper().replace("U", "T")
    protein = translate(dna)
    leftover = len(_dna(dna)) % 3
    inner = protein[:-1].find("*")
    return Frame(
        codons=len(protein),
        starts=_dna(dna).startswith("ATG"),
        ends=protein.endswith("*"),
        inner_stop=inner + 1 if inner >= 0 else None,
        leftover=leftover,
    )


def reverse_complement(dna: str) -> str:
    """Return the other strand, read 5' to 3'."""
    return other_strand(_dna(dna))


def other_strand(dna: str) -> str:
    """Return the other strand of a DNA in capitals that may have letters for several bases."""
    return dna.translate(_COMPLEMENT)[::-1]


def motif_pattern(motif: str) -> str:
    """Return the regular expression of a motif in IUPAC codes, to be searched for in DNA."""
    return "".join(f"[{_ANY.get(letter, letter)}]" for letter in motif.replace("U", "T"))


def gc_content(dna: str) -> float:
    """Return the share of G and C, in [0, 1]."""
    sequence = _dna(dna)
    return (sequence.count("G") + sequence.count("C")) / len(sequence)


def fold(rna: str) -> tuple[str, float]:
    """Minimum free energy structure (dot-bracket) and its energy in kcal/mol at 37 °C.

    ViennaRNA 2 (doi:10.1186/1748-7188-6-26), default parameters; 1 to 500 nucleotides.

    Raises
    ------
    InputError : if it is no RNA, or too long.
    """
    sequence = clean_rna(rna)
    if sequence is None or len(sequence) > MAX_FOLDED:
        raise InputError(
            f"{rna[:60]!r} cannot be folded: 1 to {MAX_FOLDED} letters A, C, G, U are expected"
        )
    return folded(sequence)


@lru_cache(maxsize=4_096)
def folded(sequence: str) -> tuple[str, float]:
    """Return the same for letters A, C, G, U of any length (minutes for thousands of them)."""
    try:
        import RNA as vienna  # noqa: N811 (the package is named RNA, as our alphabet is)
    except ImportError:
        raise MissingTool("ViennaRNA", "folding RNA", "pip install ViennaRNA==2.8.0") from None
    structure, energy = vienna.fold(sequence)
    return str(structure), round(float(energy), 2)  # a float32 in units of 0.01


@lru_cache(maxsize=512)
def pairs(structure: str) -> frozenset[tuple[int, int]] | None:
    """Return the base pairs (i, j), i < j, counted from 0; None if the brackets do not balance."""
    if len(structure) > MAX_FOLDED * 20 or not _STRUCTURE.issuperset(structure):
        return None
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for position, mark in enumerate(structure):
        if mark == "(":
            opened.append(position)
        elif mark == ")":
            if not opened:
                return None
            found.append((opened.pop(), position))
    return None if opened else frozenset(found)


def structure_similarity(a: str, b: str) -> float:
    """Return the F1 of base pairs, in [0, 1]; 0 for unequal lengths or unbalanced brackets.

    Two structures without pairs are equal: 1.
    """
    if len(a) != len(b):
        return 0.0
    first, second = pairs(a), pairs(b)
    if first is None or second is None:
        return 0.0
    if not first and not second:
        return 1.0
    return 2.0 * len(first & second) / (len(first) + len(second))
