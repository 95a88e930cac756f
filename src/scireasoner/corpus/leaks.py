"""An index of test items on disk.

Molecules are compared by their skeleton (no stereo, no isotopes), compositions and names are left
alone (a text about Fe2O3 gives nothing away), sequences by equality, containment and k-mer
identity, prose by shared runs of words. The arrays are mapped into memory, so that processes of
one machine share them.

Of two sequences whose letters agree with probability t a k-mer agrees with t^k (the reasoning of
Mash, doi:10.1186/s13059-016-0997-x): a test item is found where a share of at least t^k of its
k-mers stands in the document, or the same share of the document's in the item.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import Artifact, Manifest, write_text, writing
from scireasoner.corpus.entities import Kind, key_of
from scireasoner.corpus.kmers import kmers, word_ngrams
from scireasoner.corpus.looking import words_of
from scireasoner.science.molecules import skeleton

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K_PROTEIN, K_NUCLEOTIDES = 6, 13
FEWEST_KMERS = 20
"""A sequence of fewer k-mers must be contained whole: few k-mers say little about identity."""
LEAST_KMERS = 5
"""Fewer different k-mers (a run of one letter, 15 bases) stand in many sequences by chance."""
SHORTEST_TEXT = 5
"""Words of the shortest text that is compared; below the n-gram it must be equal as a whole."""
COMMON = 10
"""Runs of words in more test items than this are the wording of a task, not an item."""

TABLES = ("exact", "protein", "nucleotides", "words")


@dataclass(frozen=True, slots=True)
class TestItem:
    """What one test row is about: an object in its canonical text, or a prose.

    Parameters
    ----------
    task, row : name of the task and id of the row.
    kind : how it is compared.
    text : canonical SMILES, letters or prose.
    """

    __test__ = False

    task: str
    row: str
    kind: Kind
    text: str


def write_index(items: Iterable[TestItem], words: int, out: Path) -> Path:
    """Write the index of test items into a folder and return it.

    Equal objects of several rows are kept once, under the row that came first.
    """
    builder = _Builder(words)
    for item in items:
        builder.add(item)
    parts = ("hash", "item", "mark")
    columns = [f"{name}.{part}.npy" for name in TABLES for part in parts]
    files = [*columns, "sizes.npy", "places.npy", "items.jsonl"]
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        builder.save(out)
    facts = {"items": len(builder.items), "tasks": builder.tasks()}
    Artifact(out).finish(Manifest("leaks", 0, {"words": words}, {}, facts=facts), files)
    return out


class _Builder:
    def __init__(self, words: int) -> None:
        self.words = words
        self.items: list[tuple[str, str]] = []
        self.sizes: list[int] = []
        self.seen: set[int] = set()
        self.parts: dict[str, list[tuple[NDArray[np.uint64], int]]] = {n: [] for n in TABLES}

    def tasks(self) -> dict[str, int]:
        return dict(sorted(Counter(task for task, _ in self.items).items()))

    def add(self, item: TestItem) -> None:
        import numpy as np

        found = exact_key(item.kind, item.text)
        if found is None or found in self.seen:
            return
        self.seen.add(found)
        number = len(self.items)
        self.items.append((item.task, item.row))
        self.parts["exact"].append((np.array([found], np.uint64), number))
        table, hashes = hashes_of(item.kind, item.text, self.words)
        hashes = np.unique(hashes)
        self.sizes.append(len(hashes))
        if table:
            self.parts[table].append((hashes, number))

    def save(self, out: Path) -> None:
        import numpy as np

        dtype = np.dtype([("hash", "<u8"), ("item", "<u4")])
        for name, parts in self.parts.items():
            table = np.empty(sum(len(h) for h, _ in parts), dtype)
            if parts:
                table["hash"] = np.concatenate([hashes for hashes, _ in parts])
                table["item"] = np.repeat([n for _, n in parts], [len(h) for h, _ in parts])
            table.sort(order=("hash", "item"))
            kept = _rare(table) if name == "words" else table
            # Apart, because a search in a column of a table would copy the column first.
            for column in ("hash", "item"):
                np.save(out / f"{name}.{column}.npy", np.ascontiguousarray(kept[column]))
            np.save(out / f"{name}.mark.npy", _marks(kept["hash"]))
        np.save(out / "sizes.npy", np.array(self.sizes, np.uint32))
        lines = [json.dumps(item) + "\n" for item in self.items]
        # Where each line begins: an item is named without reading the others.
        np.save(out / "places.npy", np.cumsum([0, *map(len, lines)]))
        write_text(out / "items.jsonl", "".join(lines))


def _marks(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return a bitmap of the leading bits of hashes, 16 to 32 bits for each of them.

    Nearly all k-mers of a document are in no test item; a look here spares the search.
    """
    import numpy as np

    bits = max(12, (16 * len(hashes)).bit_length())
    found = np.zeros(1 << bits, bool)
    found[(hashes >> np.uint64(64 - bits)).astype(np.int64)] = True
    return np.packbits(found, bitorder="little")


def _rare(table: Any) -> Any:
    import numpy as np

    _, place, count = np.unique(table["hash"], return_inverse=True, return_counts=True)
    return table[count[place] <= COMMON] if len(table) else table


def exact_key(kind: Kind, text: str) -> int | None:
    """Return the key of an object or a text; None if it is too short to compare, or no molecule."""
    if kind is Kind.MOLECULE:
        plain = skeleton(text)
        return None if plain is None else key_of("molecule", plain)
    if kind is Kind.TEXT:
        found = words_of(text)
        return key_of("text", *found) if len(found) >= SHORTEST_TEXT else None
    if kind in (Kind.DNA, Kind.RNA):
        return key_of("nucleotides", *_strands(text))
    return key_of("protein", text) if kind is Kind.PROTEIN else None


def _strands(text: str) -> list[str]:
    # An RNA may stand in the test set as the DNA that it is read from, on either strand.
    letters = text.replace("U", "T")
    return [min(letters, letters.translate(str.maketrans("ACGT", "TGCA"))[::-1])]


def hashes_of(kind: Kind, text: str, words: int) -> tuple[str, NDArray[np.uint64]]:
    """Return the table that a kind is compared in, and the hashes of a text in it."""
    import numpy as np

    if kind is Kind.PROTEIN:
        return "protein", kmers(text, K_PROTEIN)
    if kind in (Kind.DNA, Kind.RNA):
        return "nucleotides", kmers(text, K_NUCLEOTIDES, strands=True)
    if kind is Kind.TEXT:
        return "words", word_ngrams(text, words)
    return "", np.empty(0, np.uint64)
