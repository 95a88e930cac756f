"""Planted text: real structures and sequences in templates, between real sentences and decoys.

No labelled prose with SMILES, SELFIES or sequences is at hand, so this text is made: objects of the
public sets, drawn with a seed, are put into the templates below, half of which say what comes and
half of which do not. Around each stand a real sentence and, as decoys, words in capitals and short
forms as they are in real abstracts. Numbers on it are about this text, not about papers.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import tagging_text as labelled_text

_SAYS = {
    "smiles": ("The SMILES of the compound is {}.", "Its structure (SMILES: {}) was confirmed."),
    "selfies": ("Written as SELFIES it is {}.", "The SELFIES string {} was decoded."),
    "dna": (
        "The forward primer was 5'-{}-3'.",
        "The sequence {} was cloned.",
        "An oligonucleotide ({}) was used as a probe.",
    ),
    "rna": ("The RNA {} folds.", "The mRNA contains the motif {}."),
    "sirna": ("The siRNA {} reduced expression.", "Cells received siRNA ({})."),
    "protein": (
        "The peptide {} was synthesized.",
        "The protein sequence {} was aligned.",
        "An antibody against the epitope {} was raised.",
    ),
}
_SILENT = (
    "We then studied {} in more detail.",
    "In contrast, {} had no effect.",
    "Both groups received {} for two weeks.",
    "The results for {} are given in Table 2.",
    "Only one ({}) was active.",
)
_DECOYS = (
    "The {} and {} groups did not differ.",
    "{} was higher than {} at baseline.",
    "{}: A STUDY OF {} IN ADULTS.",
    "We used the {} sequence of events and the {} test.",
    "See also [1][2] and {} [3, 4]; {} was not measured.",
)
KINDS = tuple(_SAYS)


@dataclass(frozen=True)
class Planted:
    """A text with what was planted: start, end, notation, and whether the text says what it is."""

    text: str
    objects: tuple[tuple[int, int, str], ...]
    said: bool


def planted(root: Path, count: int, seed: int, split: str) -> Iterator[Planted]:
    """Yield ``count`` texts for each notation, and as many with decoys alone."""
    random = Random(seed)
    sentences, capitals = _prose(root, split)
    pools = {kind: _pool(root, kind, random, count) for kind in KINDS}
    for kind in (*KINDS, ""):
        for number in range(count):
            head = f"{random.choice(sentences)} "
            tail = " " + random.choice(_DECOYS).format(*random.sample(capitals, 2))
            said = number % 2 == 0
            if not kind:
                yield Planted(head + tail.strip(), (), False)
                continue
            template = random.choice(_SAYS[kind] if said else _SILENT)
            before, after = template.split("{}")
            piece = pools[kind][number]
            start = len(head + before)
            # Nothing but a word tells an siRNA from another RNA.
            name = "rna" if kind == "sirna" and not said else kind
            text = head + before + piece + after + tail
            yield Planted(text, ((start, start + len(piece), name),), said)


def _prose(root: Path, split: str) -> tuple[list[str], list[str]]:
    """Return real sentences and the words in capitals of real abstracts."""
    texts = [r.text for r in labelled_text.labelled(root) if r.split == split]
    sentences = [s for t in texts for s in re.split(r"(?<=[.!?]) (?=[A-Z])", t) if len(s) > 40]
    capitals = sorted({w for t in texts for w in re.findall(r"(?<!\S)[A-Z]{3,}(?=[\s.,;:])", t)})
    # Letters alone that are a sequence in the source are no decoys.
    return sentences, [w for w in capitals if not re.fullmatch("[ACGTU]{8,}", w) and len(w) < 15]


def _pool(root: Path, kind: str, random: Random, count: int) -> list[str]:
    if kind in ("smiles", "selfies"):
        import selfies

        path = root / "chemistry" / "smiles_corpus" / "chembl.csv.gz"
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = [row["smiles"] for row in csv.DictReader(file) if row["split"] == "test"]
        short = [row for row in rows if len(row) <= 60]
        drawn = random.sample(short, count)
        return drawn if kind == "smiles" else [str(selfies.encoder(row)) for row in drawn]
    folder, field = {
        "dna": ("gue_promoter_300", "sequence"),
        "rna": ("ncrna_family", "sequence"),
        "sirna": ("sirna_efficacy", "sirna_sequence"),
        "protein": ("protein_solubility", "sequence"),
    }[kind]
    rows = [r[field] for r in labelled_text.read_jsonl(root / "bio" / folder / "data.jsonl.gz")]
    letters = {"protein": "[ACDEFGHIKLMNPQRSTVWY]+"}.get(kind, "[ACGTU]+")
    rows = [row for row in rows if re.fullmatch(letters, row) and len(row) > 18]
    drawn = random.sample(rows, count)
    return drawn if kind == "sirna" else [_part(row, kind, random) for row in drawn]


def _part(sequence: str, kind: str, random: Random) -> str:
    """Return a piece of 10 to 60 letters (that holds a U, if it is RNA)."""
    length = min(random.choice((10, 12, 15, 18, 20, 25, 30, 40, 60)), len(sequence))
    starts = [
        at
        for at in range(len(sequence) - length + 1)
        if kind != "rna" or "U" in sequence[at : at + length]
    ]
    at = random.choice(starts)
    return sequence[at : at + length]
