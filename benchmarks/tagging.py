r"""How right tagging of prose is, beside a naive baseline; writes docs/reference/tagging.md.

    SCIREASONER_DATA=... python benchmarks/tagging.py            # prints
    SCIREASONER_DATA=... python benchmarks/tagging.py --write    # and writes the page

Only the test parts of the corpora are read; the weights were fitted on train and valid. Intervals
are 95 % bootstraps over texts. The baseline is what the paper describes: each token that RDKit
reads is a SMILES, and regular expressions find the rest.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tagging_planted as plants
import tagging_text as text
from tagging_fit import is_gap

from scireasoner.corpus.tagging import DEFAULT, find
from scireasoner.metrics.resampling import draws, percentiles, wilson
from scireasoner.science import formulas, molecules
from scireasoner.settings import data_roots

Piece = tuple[int, int, str]
System = Callable[[str], list[Piece]]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "tagging.md"
BEGIN, END = "<!-- numbers: begin -->", "<!-- numbers: end -->"
_NAME = re.compile(
    r"[\w,'()\[\]-]*(?:ane|ene|yne|ol|al|one|ine|ate|ide|yl|amide|azole|oic|acid)s?", re.IGNORECASE
)
_LETTERS = (
    ("dna", re.compile("[ACGT]{6,}")),
    ("rna", re.compile("[ACGU]{6,}")),
    ("protein", re.compile("[ACDEFGHIKLMNPQRSTVWY]{10,}")),
)


def ours(body: str) -> list[Piece]:
    return [(f.start, f.end, f.notation) for f in find(body) if f.confidence >= DEFAULT]


def naive(body: str) -> list[Piece]:
    """Tag each token by the first tool or pattern that takes it."""
    found = []
    for token in re.finditer(r"\S+", body):
        word = token.group().strip(".,;:!?()\"'")
        start = token.start() + token.group().find(word)
        kind = _naive_kind(word)
        if word and kind:
            found.append((start, start + len(word), kind))
    return found


def _naive_kind(word: str) -> str | None:
    if re.fullmatch(r"(?:\[[^\[\]]+\]){2,}", word):
        return "selfies"
    for kind, pattern in _LETTERS:
        if pattern.fullmatch(word):
            return kind
    if molecules.canonical(word) is not None:
        return "smiles"
    if formulas.parse(word) is not None:
        return "formula"
    return "iupac" if _NAME.fullmatch(word) else None


@dataclass
class Ratio:
    """A share over texts: (right, all) of each text."""

    rows: list[tuple[int, int]] = field(default_factory=list)

    def add(self, right: int, total: int) -> None:
        """Count a text; one with nothing to count changes nothing."""
        if total:
            self.rows.append((right, total))

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(total for _, total in self.rows)

    @property
    def value(self) -> float:
        """The share."""
        return sum(right for right, _ in self.rows) / self.total if self.total else float("nan")

    def written(self) -> str:
        """Write the share with its interval."""
        if not self.total:
            return "-"
        rows = np.array(self.rows, dtype=float)
        if self.value in (0.0, 1.0):
            low, high = wilson(self.value, self.total)
        else:
            weights = np.concatenate(list(draws(np.ones(len(rows), dtype=np.int64), 0)))
            low, high = percentiles((weights @ rows[:, 0]) / (weights @ rows[:, 1]))
        return f"{self.value:.3f} [{low:.3f}, {high:.3f}]"


Scores = dict[str, Ratio]


def f1(precision: Ratio, recall: Ratio) -> str:
    p, r = precision.value, recall.value
    return f"{2 * p * r / (p + r):.3f}" if p + r > 0 else "-"


def brief(ratio: Ratio) -> str:
    return f"{ratio.value:.3f}" if ratio.total else "-"


# Labelled text ------------------------------------------------------------------------------------


def on_labelled(system: System, rows: Sequence[text.Labelled]) -> tuple[Scores, list[str]]:
    """Score a system on labelled text, and return what it wrapped outside of every mention."""
    scores: Scores = defaultdict(Ratio)
    outside: list[str] = []
    reads = text.opsin_reads([row.mention(m) for row in rows for m in row.mentions])
    for row in rows:
        pieces = system(row.text)
        for kind in ("formula", "iupac", "smiles", "selfies"):
            own = [p for p in pieces if p[2] == kind]
            inside = [p for p in own if any(a <= p[0] and p[1] <= b for a, b in row.mentions)]
            touching = [p for p in own if any(a < p[1] and p[0] < b for a, b in row.mentions)]
            alone = [row.text[p[0] : p[1]] for p in own if p not in touching]
            gaps = sum(map(is_gap, alone)) if kind == "formula" else 0
            if kind == "iupac":
                gaps = sum(text.opsin_reads(alone).values()) if alone else 0
            scores[f"{kind} inside"].add(len(inside), len(own))
            scores[f"{kind} touching"].add(len(touching), len(own))
            scores[f"{kind} corrected"].add(len(touching) + gaps, len(own))
            outside += [f"{kind}: {piece}" for piece in alone]
        _recall(scores, row, pieces, reads)
    return scores, outside


def _recall(
    scores: Scores, row: text.Labelled, pieces: list[Piece], reads: dict[str, bool]
) -> None:
    """Count the mentions that a piece touches (names: covers by half at least)."""
    counts: dict[str, list[int]] = defaultdict(list)
    for start, end in row.mentions:
        mention = row.text[start:end]
        shared = {
            kind: sum(max(0, min(e, end) - max(s, start)) for s, e, k in pieces if k == kind)
            for kind in ("formula", "iupac")
        }
        counts["all"].append(any(s < end and start < e for s, e, _ in pieces))
        if text.is_formula(mention):
            counts["formula"].append(shared["formula"] > 0)
        elif reads[mention]:
            hit = 2 * shared["iupac"] >= end - start
            counts[f"iupac, {text.name_class(mention)}"].append(hit)
            if text.name_class(mention) != "one word":
                counts["iupac, systematic"].append(hit)
    for name, hits in counts.items():
        scores[f"recall {name}"].add(sum(hits), len(hits))


def labelled_tables(rows: Sequence[text.Labelled]) -> Iterator[str]:
    both = {name: on_labelled(system, rows) for name, system in (("ours", ours), ("naive", naive))}
    yield "| wrapped as | system | n | in a mention | touches one | corrected |\n"
    yield "|---|---|---|---|---|---|\n"
    for kind in ("formula", "iupac", "smiles", "selfies"):
        for name, (scores, _) in both.items():
            cells = [scores[f"{kind} {how}"] for how in ("inside", "touching", "corrected")]
            shares = " | ".join(cell.written() for cell in cells)
            yield f"| {kind} | {name} | {cells[0].total} | {shares} |\n"
    yield "\n| mentions | n | recall, ours | recall, naive |\n|---|---|---|---|\n"
    for kind in (
        "formula",
        "iupac, systematic",
        "iupac, locants",
        "iupac, several words",
        "iupac, one word",
        "all",
    ):
        cells = [scores[f"recall {kind}"] for scores, _ in both.values()]
        shares = " | ".join(cell.written() for cell in cells)
        yield f"| {kind} | {cells[0].total} | {shares} |\n"
    sys.stderr.write("outside of every mention:\n" + "\n".join(sorted(both["ours"][1])) + "\n")


# Planted text -------------------------------------------------------------------------------------


def on_planted(system: System, rows: Iterable[plants.Planted]) -> Scores:
    """Score a system on planted text: a piece is right if its ends and notation are."""
    scores: Scores = defaultdict(Ratio)
    for row in rows:
        pieces = [p for p in system(row.text) if p[2] not in ("formula", "iupac")]
        right = [p for p in pieces if p in row.objects]
        for kind in plants.KINDS:
            own = [p for p in pieces if p[2] == kind]
            scores[f"{kind} precision"].add(sum(p in right for p in own), len(own))
            golds = [g for g in row.objects if g[2] == kind]
            hits = sum(g in right for g in golds)
            scores[f"{kind} recall"].add(hits, len(golds))
            scores[f"{kind} {'said' if row.said else 'not said'}"].add(hits, len(golds))
    return scores


def planted_tables(root: Path, count: int) -> Iterator[str]:
    rows = list(plants.planted(root, count, seed=1, split="test"))
    yield "| notation | system | n | precision | recall | F1 | recall, said | recall, not said |\n"
    yield "|---|---|---|---|---|---|---|---|\n"
    for name, system in (("ours", ours), ("naive", naive)):
        scores = on_planted(system, rows)
        for kind in plants.KINDS:
            p, r = scores[f"{kind} precision"], scores[f"{kind} recall"]
            said, silent = scores[f"{kind} said"], scores[f"{kind} not said"]
            yield (
                f"| {kind} | {name} | {r.total} | {p.written()} | {r.written()} | {f1(p, r)} | "
                f"{brief(said)} | {brief(silent)} |\n"
            )


def speed(rows: Sequence[text.Labelled]) -> str:
    sentences = sum(len(re.findall(r"[.!?](?:\s|$)", row.text)) or 1 for row in rows)
    times = []
    for system in (ours, naive):
        start = time.process_time()
        for row in rows:
            system(row.text)
        times.append(time.process_time() - start)
    return (
        f"{sentences / times[0]:,.0f} sentences/s of one core; the naive baseline "
        f"{sentences / times[1]:,.0f}/s in the same run.\n"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--count", type=int, default=300, help="planted texts a notation")
    options = arguments.parse_args()
    root = data_roots()[0]
    rows = [row for row in text.labelled(root) if row.split == "test"]
    abstracts = [row for row in rows if row.corpus == "BC5CDR"]
    others = [row for row in rows if row.corpus != "BC5CDR"]
    parts = [
        f"Threshold {DEFAULT}. Test parts alone.\n",
        f"\n### BC5CDR, {len(abstracts)} abstracts as written\n\n",
        *labelled_tables(abstracts),
        f"\n### CRAFT, BioNLP 2011 ID, 2013 CG, 2013 PC: {len(others)} rejoined sentences\n\n",
        *labelled_tables(others),
        f"\n### Planted, {options.count} texts a notation and as many decoys\n\n",
        *planted_tables(root, options.count),
        f"\n### Speed\n\n{speed(rows)}",
    ]
    body = "".join(parts)
    sys.stdout.write(body)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        PAGE.write_text(f"{page[:start]}\n\n{body}\n{page[end:]}", encoding="utf-8")


if __name__ == "__main__":
    main()
