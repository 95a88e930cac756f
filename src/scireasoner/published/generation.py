"""RNA, proteins and molecules generated without conditions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import partial

from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, UPSTREAM, first, mean
from scireasoner.published.rows import first_block, last_block, numbers
from scireasoner.published.structures import molecule
from scireasoner.science.nucleotides import folded

# RNA ---------------------------------------------------------------------------------------------

MAX_FOLDED = 5_000
"""In nucleotides: longer RNA takes minutes each, and is left out of the mean energy."""

LONG_RNA = 1_024
_BASES = re.compile(r"[ACGU]+", re.IGNORECASE)
_RNA_END = re.compile("</rna>", re.IGNORECASE)


def _printed_energy(sequence: str) -> float | None:
    """Return the energy in kcal/mol that is read back from what RNAfold prints, None if none is.

    RNAfold writes ``(%6.2f)``, and the released pattern takes no space behind the bracket: only
    energies of six characters are found, that is -10.00 kcal/mol and below (or above 100).
    """
    if len(sequence) > MAX_FOLDED:
        return None
    text = f"{folded(sequence)[1]:6.2f}"
    return None if text.startswith(" ") else float(text)


def _rna(text: str, upstream: bool) -> str:
    """Return the first block; upstream also takes the last bases before a lone closing tag."""
    text = text.replace("T", "U").replace("t", "u")
    found = first_block(text, "rna")
    if found is not None or not upstream:
        return found or ""
    end = _RNA_END.search(text)
    chunks = _BASES.findall(text[: end.start()]) if end else []
    return chunks[-1] if chunks else ""


def _rna_row(item: Item, upstream: bool) -> Row:
    sequence = _rna(first(item), upstream).upper()
    if not sequence or not set(sequence) <= set("ACGU"):
        return (0, None)
    return (len(sequence), _printed_energy(sequence))


def _rna_finish(rows: Sequence[Row], upstream: bool) -> Mapping[str, float | None]:
    lengths = [length for length in numbers(rows, 0) if length]
    nothing = upstream and not lengths
    return {
        "total_samples": float(len(rows)),
        "invalid_prediction_count": float(len(rows) - len(lengths)),
        "overlength_prediction_count": float(sum(length > LONG_RNA for length in lengths)),
        "valid_sequence_count": float(len(lengths)),
        "average_mfe": 0.0 if nothing else mean(numbers(rows, 1)),
        "retrieved_rfam_family_count": 0.0 if nothing else None,
    }


def _no_families() -> str:
    return "Rfam families are sought by cmscan in Rfam.cm: neither is run here"


UNCONDITIONAL_RNA = Evaluator(
    "unconditional rna",
    "average_mfe",
    partial(_rna_row, upstream=False),
    partial(_rna_finish, upstream=False),
    f"{ANCHOR}/uncond_RNA.py:20-75 (a failing cmscan, which loses all numbers, is left out)",
    _no_families,
)
"""Mean energy in kcal/mol, not per nucleotide, of what folds to -10 kcal/mol or below."""

UNCONDITIONAL_RNA_UPSTREAM = Evaluator(
    "unconditional rna upstream",
    "average_mfe",
    partial(_rna_row, upstream=True),
    partial(_rna_finish, upstream=True),
    f"{UPSTREAM}/datasets/SciReasoner/uncond_RNA.py",
    _no_families,
)
"""As the later merge: an unopened block counts, and no valid RNA at all has the energy 0."""

# Proteins ----------------------------------------------------------------------------------------

FOLDED_BELOW = 100
IDENTITY = 0.99
_RESIDUES = frozenset("ACDEFGHIKLMNPQRSTVWY-")


def _protein_row(item: Item) -> Row:
    found = last_block(first(item), "<protein>", "</protein>")
    return ("".join(letter for letter in found.upper() if letter in _RESIDUES),)


def _clusters(sequences: Sequence[str]) -> int:
    """Count the clusters of a greedy pass: a sequence joins the first of 99 % equal positions.

    Only sequences of one length are compared.
    """
    from rapidfuzz.distance import Hamming

    centres: dict[int, list[str]] = {}
    seen: set[str] = set()
    for sequence in sequences:
        if sequence in seen:
            continue
        seen.add(sequence)
        size = len(sequence)
        own = centres.setdefault(size, [])
        same = (size - int(Hamming.distance(sequence, centre)) for centre in own)
        if not any(count / size >= IDENTITY for count in same):
            own.append(sequence)
    return sum(map(len, centres.values()))


def _protein_finish(rows: Sequence[Row], upstream: bool) -> Mapping[str, float | None]:
    sequences = [str(row[0]) for row in rows if row[0]]
    keys = ("num_length_less_100", "valid_rate", "average_length", "diversity", "average_plddt")
    if not sequences:
        # The released code divides by zero; upstream writes zeros.
        return dict.fromkeys(keys, 0.0 if upstream or not rows else None)
    short = sum(len(sequence) < FOLDED_BELOW for sequence in sequences)
    values = (
        float(short),
        round(len(sequences) / len(rows), 4),
        round(sum(map(len, sequences)) / len(sequences), 2),
        round(_clusters(sequences) / len(sequences), 4),
        None if short else 0.0,
    )
    return dict(zip(keys, values, strict=True))


def _no_plddt() -> str:
    return "pLDDT needs the weights of OmegaFold (release2.pt), which are not run here"


_PROTEIN_LINES = "unconditional_protein_generation/UPG.py:60-176"

UNCONDITIONAL_PROTEIN = Evaluator(
    "unconditional protein",
    "valid_rate",
    _protein_row,
    partial(_protein_finish, upstream=False),
    f"{ANCHOR}/{_PROTEIN_LINES}",
    _no_plddt,
)
"""Share of answers with any residue, whatever else is in them; mean length; clusters."""

UNCONDITIONAL_PROTEIN_UPSTREAM = Evaluator(
    "unconditional protein upstream",
    "valid_rate",
    _protein_row,
    partial(_protein_finish, upstream=True),
    f"{UPSTREAM}/datasets/SciReasoner/{_PROTEIN_LINES}",
    _no_plddt,
)
"""As the later merge: zeros where no answer has a residue."""

# Molecules ---------------------------------------------------------------------------------------

_TAG = "<SMILES>"
_SPACED = re.compile(r"<SMILES> ([A-Za-z0-9()=#+@\\/.-]+) </SMILES>")
_PLAIN = re.compile(r"[A-Za-z0-9()=#+@\\/.-]+")
_CANDIDATE = re.compile(r"[A-Za-z0-9₀-₉().+\-=#$:@*/%\\]{2,}")
SHORTEST = 4


def _named(text: str) -> str:
    """Return the molecule of a text: what the spaced tags hold, else the text itself.

    Without an opening tag, tags are first put around every word of four or more characters that
    RDKit can parse unsanitised.
    """
    if _TAG in text:
        found = _SPACED.search(text)
        return found[1] if found else text
    pieces, start = [], 0
    for match in _CANDIDATE.finditer(text):
        word = match[0]
        if len(word) < SHORTEST or molecule(word, sanitize=False) is None:
            continue
        if _PLAIN.fullmatch(word):
            return word
        pieces += [text[start : match.start()], f"{_TAG} {word} </SMILES>"]
        start = match.end()
    return "".join((*pieces, text[start:]))


def _molecule_row(item: Item) -> Row:
    text = first(item)
    if not text:
        return (None,)
    name = _named(text)
    if molecule(name.strip()) is None:
        return (None,)
    data = name.encode("utf-8", "surrogatepass")
    return (hashlib.blake2b(data, digest_size=12).hexdigest(),)


def _molecule_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    valid = [row[0] for row in rows if row[0] is not None]
    return {
        "validity": len(valid) / len(rows) if rows else 0.0,
        # Spelt as released.
        "uniquness": len(set(valid)) / len(valid) if valid else 0.0,
    }


UNCONDITIONAL_MOLECULE = Evaluator(
    "unconditional molecule",
    "validity",
    _molecule_row,
    _molecule_finish,
    f"{ANCHOR}/unconditional_molecule_generation/UMG.py:61-125",
)
"""Shares in [0, 1]: what RDKit can read, and how many different texts that is."""
