"""An index of test items on disk, and which of them a document repeats.

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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import Artifact, Manifest, write_text, writing
from scireasoner.corpus.entities import Kind, key_of
from scireasoner.corpus.kmers import kmers, word_ngrams
from scireasoner.corpus.looking import Look, words_of
from scireasoner.errors import ArtifactError
from scireasoner.science.molecules import skeleton

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K_PROTEIN, K_NUCLEOTIDES = 6, 13
FEWEST_KMERS = 20
"""A sequence of fewer k-mers must be contained whole: few k-mers say little about identity."""
SHORTEST_TEXT = 5
"""Words of the shortest text that is compared; below the n-gram it must be equal as a whole."""
COMMON = 10
"""Runs of words in more test items than this are the wording of a task, not an item."""

_LONGEST_LIST = 2_000
_TABLES = ("exact", "protein", "nucleotides", "words")


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


@dataclass(frozen=True, slots=True)
class Leak:
    """Which test row a document repeats, and how that was seen."""

    task: str
    row: str
    how: str


def write_index(items: Iterable[TestItem], words: int, out: Path) -> Path:
    """Write the index of test items into a folder and return it.

    Equal objects of several rows are kept once, under the row that came first.
    """
    builder = _Builder(words)
    for item in items:
        builder.add(item)
    files = [f"{name}.npy" for name in _TABLES] + ["sizes.npy", "items.jsonl"]
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
        self.parts: dict[str, list[tuple[NDArray[np.uint64], int]]] = {n: [] for n in _TABLES}

    def tasks(self) -> dict[str, int]:
        return dict(sorted(Counter(task for task, _ in self.items).items()))

    def add(self, item: TestItem) -> None:
        import numpy as np

        found = _exact_key(item.kind, item.text, self.words)
        if found is None or found in self.seen:
            return
        self.seen.add(found)
        number = len(self.items)
        self.items.append((item.task, item.row))
        self.parts["exact"].append((np.array([found], np.uint64), number))
        table, hashes = _hashes(item.kind, item.text, self.words)
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
            np.save(out / f"{name}.npy", _rare(table) if name == "words" else table)
        np.save(out / "sizes.npy", np.array(self.sizes, np.uint32))
        lines = [json.dumps(item, ensure_ascii=False) + "\n" for item in self.items]
        write_text(out / "items.jsonl", "".join(lines))


def _rare(table: Any) -> Any:
    import numpy as np

    _, place, count = np.unique(table["hash"], return_inverse=True, return_counts=True)
    return table[count[place] <= COMMON] if len(table) else table


def _exact_key(kind: Kind, text: str, words: int) -> int | None:
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


def _hashes(kind: Kind, text: str, words: int) -> tuple[str, NDArray[np.uint64]]:
    import numpy as np

    if kind is Kind.PROTEIN:
        return "protein", np.unique(kmers(text, K_PROTEIN))
    if kind in (Kind.DNA, Kind.RNA):
        return "nucleotides", np.unique(kmers(text, K_NUCLEOTIDES, strands=True))
    if kind is Kind.TEXT:
        return "words", np.unique(word_ngrams(text, words))
    return "", np.empty(0, np.uint64)


@cache
def open_index(path: Path) -> LeakIndex:
    """Return the index of a folder, opened once a process."""
    return LeakIndex(path)


class LeakIndex:
    """The test items of a folder.

    Raises
    ------
    ArtifactError : if the index is not there.
    """

    def __init__(self, path: Path) -> None:
        import numpy as np

        if not Artifact(path).finished:
            raise ArtifactError(f"{path} is no index of test items: build the corpus again")
        self.path = path
        self.words: int = int(Artifact(path).manifest.config["words"])
        self._tables = {name: np.load(path / f"{name}.npy", mmap_mode="r") for name in _TABLES}
        self._sizes = np.load(path / "sizes.npy", mmap_mode="r")
        self._items: list[list[str]] | None = None

    def leak(self, look: Look, identity: float) -> Leak | None:
        """Return the test row that a document repeats, None if it repeats none."""
        for found in self._leaks(look, identity):
            return found
        return None

    def _leaks(self, look: Look, identity: float) -> Iterator[Leak]:
        for item in look.objects:
            if item.thing is None:
                continue
            kind, text = item.thing.kind, item.thing.text
            key = _exact_key(kind, text, self.words)
            if key is not None and (hit := self._equal(key)) is not None:
                yield self._named(hit, "same molecule" if kind is Kind.MOLECULE else "equal")
            if kind in (Kind.PROTEIN, Kind.DNA, Kind.RNA):
                yield from self._alike(kind, text, identity)
        prose = look.prose
        key = _exact_key(Kind.TEXT, prose, self.words)
        if key is not None and (hit := self._equal(key)) is not None:
            yield self._named(hit, "equal")
        hits, _ = self._hits("words", _hashes(Kind.TEXT, prose, self.words)[1])
        if len(hits):
            yield self._named(int(hits[0]), f"{self.words} words in a row")

    def _equal(self, key: int) -> int | None:
        import numpy as np

        hits, _ = self._hits("exact", np.array([key], np.uint64))
        return int(hits[0]) if len(hits) else None

    def _alike(self, kind: Kind, text: str, identity: float) -> Iterator[Leak]:
        """Yield the item that contains the sequence, is contained in it, or is alike."""
        import numpy as np

        table, hashes = _hashes(kind, text, self.words)
        items, shared = self._hits(table, hashes)
        if not len(items):
            return
        k = K_PROTEIN if kind is Kind.PROTEIN else K_NUCLEOTIDES
        sizes = self._sizes[items].astype(np.int64)
        # Both are piece and whole in turn; the piece decides how much must be shared.
        for piece, how in (
            (sizes, "test sequence in it"),
            (np.full_like(sizes, len(hashes)), "part of a test sequence"),
        ):
            few = piece < FEWEST_KMERS
            least = np.where(few, 1.0, identity**k)
            good = np.flatnonzero(shared >= least * piece)
            if len(good) and (len(text) >= k or how != "part of a test sequence"):
                best = good[np.argmax(shared[good] / piece[good])]
                share = float(shared[best] / piece[best])
                yield self._named(int(items[best]), f"{how}, {share ** (1 / k):.1%} identity")
                return

    def _hits(
        self, table: str, hashes: NDArray[np.uint64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the items that share hashes, and how many each."""
        import numpy as np

        known = self._tables[table]["hash"]
        low = np.searchsorted(known, hashes, side="left")
        size = np.searchsorted(known, hashes, side="right") - low
        rows = np.flatnonzero(size)
        if not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        # A k-mer of thousands of items (a repeat) says nothing, and would cost much.
        rows = rows[size[rows] <= _LONGEST_LIST]
        at = np.concatenate([np.arange(low[r], low[r] + size[r]) for r in rows] or [rows])
        return np.unique(self._tables[table]["item"][at].astype(np.int64), return_counts=True)

    def _named(self, number: int, how: str) -> Leak:
        if self._items is None:
            lines = (self.path / "items.jsonl").read_text(encoding="utf-8").split("\n")
            self._items = [json.loads(line) for line in lines if line]
        task, row = self._items[number]
        return Leak(task, row, how)
