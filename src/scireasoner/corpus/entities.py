"""Molecules, sequences and compositions in one spelling, as 64-bit keys.

Two objects are compared by these keys and never by their texts, so that another SMILES of a
molecule or the other strand of a DNA is still the same object. Of 10 million different texts two
share a key by chance with a probability of 3e-6.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from scireasoner.corpus.notations import of_selfies
from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science import materials, molecules, nucleotides, proteins
from scireasoner.science.formulas import CHARGE, ELEMENTS
from scireasoner.science.formulas import parse as parse_formula
from scireasoner.science.sequences import letters
from scireasoner.science.text import normalise_entity


class Kind(StrEnum):
    """How two objects are compared."""

    MOLECULE = "molecule"
    NAME = "name"
    PROTEIN = "protein"
    DNA = "dna"
    RNA = "rna"
    COMPOSITION = "composition"
    TEXT = "text"


SEQUENCES = (Kind.PROTEIN, Kind.DNA, Kind.RNA, Kind.TEXT)
"""The kinds that are also compared by likeness."""

LETTERS: Mapping[Kind, str] = {
    Kind.PROTEIN: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    Kind.DNA: "ACGTRYSWKMBDHVN",
    Kind.RNA: "ACGURYSWKMBDHVN",
}
"""The letters, those for several residues or nucleotides included (doi:10.1093/nar/13.9.3021)."""

_SPACE = re.compile(r"\s+")
_AMOUNT = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*)")
_DIGITS = 6
_ISOTOPE = re.compile(r"[DT](?![a-z])[0-9]*")  # counted as hydrogen


@dataclass(frozen=True, slots=True)
class Thing:
    """One object in one spelling.

    Parameters
    ----------
    text : the canonical text.
    """

    kind: Kind
    key: int
    text: str = ""


def key_of(*parts: str) -> int:
    """Return a 64-bit hash of texts."""
    digest = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def plain(text: str) -> str:
    """Return a text in Unicode form NFKC with single spaces; letters keep their case (SMILES)."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def thing(text: str, notation: str) -> Thing | None:
    """Return the object that a text in a notation stands for, None if it is not valid there."""
    kind_of = KINDS.get(notation)
    if kind_of is None:
        return None
    bare = text.strip()
    if notation == "selfies":
        bare = of_selfies(bare) or ""
    spelling = _spelling(bare, kind_of)
    if spelling is None:
        return None
    return Thing(kind_of, key_of(kind_of, spelling), spelling)


def doubtful(text: str, notation: str) -> Thing | None:
    """Return a sequence as `thing` does, also of any length, with blanks, X or N.

    Databases hold such sequences, and one X must not hide one from a comparison.
    """
    kind = KINDS.get(notation)
    if kind is None or kind not in LETTERS:
        return None
    bare = "".join(text.upper().split())
    bare = bare.removesuffix("*") if kind is Kind.PROTEIN else bare
    bare = bare.replace("T", "U") if kind is Kind.RNA else bare
    spelling = letters(bare, frozenset(LETTERS[kind]), len(bare))
    if spelling is None:
        return None
    if kind is Kind.DNA:
        spelling = min(spelling, nucleotides.other_strand(spelling))
    return Thing(kind, key_of(kind, spelling), spelling)


def own_key(text: str, notation: str, found: Thing) -> int:
    """Return 64 bits of all that an object says: test rows are kept out by less.

    C2H4 is no C3H6, an ion no other ion, rutile no anatase, and a reaction is more than its
    product.

    Parameters
    ----------
    found : what `thing` or `last_side` says that the text stands for.
    """
    if notation == "smiles" and ">" in text:
        sides = [molecules.canonical(side) or side for side in text.split(">")]
        return key_of(found.kind, *sides)
    if notation == "formula" and (counts := parse_formula(text)):
        amounts = [f"{element}{count}" for element, count in sorted(counts.items())]
        return key_of(notation, *amounts, *_ISOTOPE.findall(text))
    if notation == "material" and (tokens := materials.from_tokens(text)) and tokens[1]:
        return key_of(found.kind, found.text, str(tokens[1]))
    return found.key


KINDS: Mapping[str, Kind] = {
    "smiles": Kind.MOLECULE,
    "selfies": Kind.MOLECULE,
    "iupac": Kind.NAME,
    "protein": Kind.PROTEIN,
    "dna": Kind.DNA,
    "rna": Kind.RNA,
    "sirna": Kind.RNA,
    "material": Kind.COMPOSITION,
    "formula": Kind.COMPOSITION,
}


def _spelling(text: str, kind: Kind) -> str | None:
    if kind is Kind.MOLECULE:
        return molecules.canonical(text)
    if kind is Kind.NAME:
        return normalise_entity(text) or None
    if kind is Kind.COMPOSITION:
        return composition(text)
    if kind is Kind.PROTEIN:
        return proteins.clean(text)
    if kind is Kind.DNA:
        strand = nucleotides.clean_dna(text)
        return strand and min(strand, nucleotides.other_strand(strand))
    # RNA is often written with the letters of DNA.
    return nucleotides.clean_rna(text.upper().replace("T", "U"))


def composition(text: str) -> str | None:
    """Return the reduced composition as shares of atoms, elements in alphabetical order.

    Formulas (``Fe2O3``), repeated elements (``Fe Fe O O O``) and fractional amounts
    (``Fe0.4O0.6``) of one composition are the same. None if the text is none of these.
    """
    tokens = materials.from_tokens(text)
    counts: Mapping[str, float] | None = tokens[0] if tokens else parse_formula(text)
    amounts = dict(counts) if counts else _fractions(text)
    amounts.pop(CHARGE, None)
    total = sum(amounts.values())
    if total <= 0:
        return None
    return " ".join(f"{e}{round(n / total, _DIGITS)}" for e, n in sorted(amounts.items()) if n)


def _fractions(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    at = 0
    for match in _AMOUNT.finditer(text):
        if match.start() != at or match[1] not in ELEMENTS or match[2] == ".":
            return {}
        found[match[1]] = found.get(match[1], 0.0) + float(match[2] or 1)
        at = match.end()
    return found if at == len(text) else {}


def spans(text: str) -> Iterator[tuple[str, str]]:
    """Yield (notation, content) of every tagged object in a text."""
    if "<" not in text:
        return
    for name in KINDS:
        for span in find_spans(text, NOTATIONS[name]):
            yield name, span.text


def last_side(text: str) -> Thing | None:
    """Return the molecule after the last arrow of a reaction SMILES, or the molecule itself."""
    return thing(text.rsplit(">", 1)[-1], "smiles")
