"""What cleaning finds of what was planted: near duplicates and leaked test items.

    python benchmarks/corpus_cleaning.py --documents 2000 --seed 0

A corpus of made prose, proteins, DNA and real molecules gets copies of known documents (words
changed, 2 % of the letters changed, another SMILES) and documents that hold test items. Recall is
the share of planted documents that were dropped for the right reason, precision the share of the
documents dropped for that reason that were planted. Copies and originals count alike: of a pair
either may go.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scireasoner.corpus.entities import Kind
from scireasoner.corpus.leaks import TestItem, write_index
from scireasoner.corpus.loading import load_corpus_recipe
from scireasoner.corpus.scale import build_at_scale
from scireasoner.corpus.tokenizer import build_tokenizer
from scireasoner.science.molecules import randomise

LETTERS = {"protein": "ACDEFGHIKLMNPQRSTVWY", "dna": "ACGT"}
RATE = 0.02
RECIPE = """
seed = {seed}
[tokenizer]
path = "tokenizer"
[pack]
sequence_length = 64
"""
SOURCE = """
[[source]]
name = "{name}"
path = "{name}.jsonl"
reader = "jsonl"
licence = "CC0-1.0"
citation = "made for this benchmark"
domain = "{name}"
shards = 2
"""


@dataclass(frozen=True)
class Found:
    """Recall and precision of one kind of planted document."""

    kind: str
    planted: int
    recall: float
    precision: float


@dataclass(frozen=True)
class Row:
    """A document, what it is a copy of (``dup``) or whose test item it holds (``leak``)."""

    id: str
    text: str
    dup: str = ""
    leak: bool = False


def words_of(rng: random.Random, count: int) -> list[str]:
    return [
        "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 9)))
        for _ in range(count)
    ]


def changed(rng: random.Random, letters: str, alphabet: str) -> str:
    return "".join(rng.choice(alphabet) if rng.random() < RATE else x for x in letters)


def reverse(dna: str) -> str:
    return dna.translate(str.maketrans("ACGT", "TGCA"))[::-1]


def prose(rng: random.Random, count: int, items: list[TestItem]) -> Iterator[Row]:
    vocabulary = words_of(rng, 5_000)
    for i in range(count):
        text = rng.choices(vocabulary, k=rng.randint(60, 300))
        yield Row(f"text{i}", " ".join(text))
        if i % 10 == 0:
            copy = [rng.choice(vocabulary) if rng.random() < RATE else w for w in text]
            yield Row(f"text{i}copy", " ".join(copy).capitalize() + ".", dup=f"text{i}")
        if i % 10 == 1:
            leaked = rng.choices(vocabulary, k=30)
            items.append(TestItem("qa", f"q{i}", Kind.TEXT, " ".join(leaked)))
            yield Row(f"text{i}leak", " ".join([*text[:40], *leaked[5:25], *text[40:]]), leak=True)


def sequences(rng: random.Random, kind: str, count: int, items: list[TestItem]) -> Iterator[Row]:
    alphabet = LETTERS[kind]
    for i in range(count):
        letters = "".join(rng.choices(alphabet, k=rng.randint(100, 600)))
        yield Row(f"{kind}{i}", f"<{kind}>{letters}</{kind}>")
        if i % 10 == 0:
            copy = changed(rng, letters, alphabet)
            copy = reverse(copy) if kind == "dna" and i % 20 == 0 else copy
            yield Row(f"{kind}{i}copy", f"<{kind}>{copy}</{kind}>", dup=f"{kind}{i}")
        if i % 10 == 1:
            test = "".join(rng.choices(alphabet, k=200))
            items.append(TestItem(kind, f"s{i}", Kind(kind), test))
            yield Row(
                f"{kind}{i}leak", f"<{kind}>{leaked(rng, test, i, alphabet)}</{kind}>", leak=True
            )


def leaked(rng: random.Random, test: str, i: int, alphabet: str) -> str:
    """Return the test item itself, with letters changed, within a longer one, or a part of it."""
    around = "".join(rng.choices(alphabet, k=100))
    return [test, changed(rng, test, alphabet), around + test + around, test[40:160]][i // 10 % 4]


def molecules(rng: random.Random, count: int, items: list[TestItem]) -> Iterator[Row]:
    """Use chains of real groups: each molecule is another, and RDKit reads it."""
    parts = ["C", "CC", "O", "N", "C(=O)", "c1ccc(cc1)", "C(F)", "C(Cl)", "S", "C(C)(C)", "C=C"]
    seen: set[str] = set()
    while len(seen) < count:
        seen.add("C" + "".join(rng.choices(parts, k=rng.randint(5, 9))) + "C")
    for i, smiles in enumerate(sorted(seen)):
        yield Row(f"mol{i}", f"<SMILES>{smiles}</SMILES>")
        if i % 10 == 0:
            other = randomise(smiles, i)
            yield Row(f"mol{i}copy", f"<SMILES>{other}</SMILES>", dup=f"mol{i}")
        if i % 10 == 1:
            test = smiles[:-1] + "CBr"
            items.append(TestItem("logp", f"m{i}", Kind.MOLECULE, test))
            text = (
                f"It melts. <SMILES>{randomise(test, i)}</SMILES> is the compound {i} of the set."
            )
            yield Row(f"mol{i}leak", text, leak=True)


def measure(folder: Path, count: int, seed: int, workers: int = 1) -> list[Found]:
    """Plant, build and count. Each domain has ``count`` documents before the planted ones."""
    rng = random.Random(seed)
    items: list[TestItem] = []
    made = {
        "prose": list(prose(rng, count, items)),
        "protein": list(sequences(rng, "protein", count, items)),
        "dna": list(sequences(rng, "dna", count, items)),
        "molecule": list(molecules(rng, count, items)),
    }
    for name, rows in made.items():
        lines = [json.dumps({"id": row.id, "text": row.text}) + "\n" for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(lines))
    texts = [row.text for rows in made.values() for row in rows[:50]]
    build_tokenizer(iter(texts), 1_500, folder / "tokenizer")
    recipe = RECIPE.format(seed=seed) + "".join(SOURCE.format(name=name) for name in made)
    (folder / "corpus.toml").write_text(recipe)
    index = write_index(items, 13, folder / "leaks")
    build_at_scale(load_corpus_recipe(folder / "corpus.toml"), folder / "out", index, workers)
    return counted(folder / "out", made)


def counted(out: Path, made: dict[str, list[Row]]) -> list[Found]:
    """Compare what was dropped with what was planted."""
    dropped = {"leak": set(), "duplicate": set()}
    for line in (out / "leaks.jsonl").read_text().splitlines():
        dropped["leak"].add(json.loads(line)["id"].split("/")[-1])
    for path in (out / "work").glob("tokens-*/dropped/*/*.jsonl"):
        for line in path.read_text().splitlines():
            dropped["duplicate"].add(json.loads(line)["id"].split("/")[-1])
    found = []
    for name, rows in made.items():
        leaks = {row.id for row in rows if row.leak}
        ids = {row.id for row in rows}
        hits = dropped["leak"] & ids
        found.append(
            Found(
                f"{name} leaks",
                len(leaks),
                len(hits & leaks) / len(leaks),
                len(hits & leaks) / max(1, len(hits)),
            )
        )
        pairs = [{row.id, row.dup} for row in rows if row.dup]
        hits = dropped["duplicate"] & ids
        right = sum(1 for pair in pairs if len(pair & hits) == 1)
        planted = set().union(*pairs)
        found.append(
            Found(
                f"{name} copies",
                len(pairs),
                right / len(pairs),
                len(hits & planted) / max(1, len(hits)),
            )
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for row in measure(Path(folder), options.documents, options.seed):
            sys.stdout.write(
                f"{row.kind:18} planted {row.planted:5} recall {row.recall:.3f} "
                f"precision {row.precision:.3f}\n"
            )


if __name__ == "__main__":
    main()
