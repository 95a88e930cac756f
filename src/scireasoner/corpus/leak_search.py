"""Which test item a document repeats, by the index that ``leaks.write_index`` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import Artifact
from scireasoner.corpus.entities import Kind
from scireasoner.corpus.leaks import (
    FEWEST_KMERS,
    K_NUCLEOTIDES,
    K_PROTEIN,
    LEAST_KMERS,
    TABLES,
    exact_key,
    hashes_of,
)
from scireasoner.corpus.looking import Look
from scireasoner.errors import ArtifactError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST_LIST = 2_000


@dataclass(frozen=True, slots=True)
class Leak:
    """Which test row a document repeats, and how that was seen."""

    task: str
    row: str
    how: str


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
        if not Artifact(path).finished:
            raise ArtifactError(f"{path} is no index of test items: build the corpus again")
        self.path = path
        self.words: int = int(Artifact(path).manifest.config["words"])
        self._known = {name: _mapped(path / f"{name}.hash.npy") for name in TABLES}
        self._owners = {name: _mapped(path / f"{name}.item.npy") for name in TABLES}
        self._marks = {name: _mapped(path / f"{name}.mark.npy") for name in TABLES}
        self._sizes = _mapped(path / "sizes.npy")
        self._places = _mapped(path / "places.npy")

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
            key = exact_key(kind, text)
            if key is not None and (hit := self._equal(key)) is not None:
                yield self._named(hit, "same molecule" if kind is Kind.MOLECULE else "equal")
            if kind in (Kind.PROTEIN, Kind.DNA, Kind.RNA):
                yield from self._alike(kind, text, identity)
        prose = look.prose
        if not prose.strip():
            return
        key = exact_key(Kind.TEXT, prose)
        if key is not None and (hit := self._equal(key)) is not None:
            yield self._named(hit, "equal")
        hits, _ = self._hits("words", hashes_of(Kind.TEXT, prose, self.words)[1])
        if len(hits):
            yield self._named(int(hits[0]), f"{self.words} words in a row")

    def _equal(self, key: int) -> int | None:
        import numpy as np

        marks = self._marks["exact"]
        place = key >> (64 - (8 * len(marks)).bit_length() + 1)
        if not int(marks[place >> 3]) >> (place & 7) & 1:
            return None
        hits, _ = self._hits("exact", np.array([key], np.uint64))
        return int(hits[0]) if len(hits) else None

    def _alike(self, kind: Kind, text: str, identity: float) -> Iterator[Leak]:
        """Yield the item that contains the sequence, is contained in it, or is alike."""
        import numpy as np

        table, hashes = hashes_of(kind, text, self.words)
        items, shared = self._hits(table, hashes)
        if not len(items):
            return
        hashes = np.unique(hashes)
        k = K_PROTEIN if kind is Kind.PROTEIN else K_NUCLEOTIDES
        sizes = self._sizes[items].astype(np.int64)
        # Both are piece and whole in turn; the piece decides how much must be shared.
        for piece, how in (
            (sizes, "test sequence in it"),
            (np.full_like(sizes, len(hashes)), "part of a test sequence"),
        ):
            few = piece < FEWEST_KMERS
            least = np.where(few, 1.0, identity**k)
            good = np.flatnonzero((shared >= least * piece) & (piece >= LEAST_KMERS))
            if len(good):
                best = good[np.argmax(shared[good] / piece[good])]
                share = float(shared[best] / piece[best])
                yield self._named(int(items[best]), f"{how}, {share ** (1 / k):.1%} identity")
                return

    def _hits(
        self, table: str, hashes: NDArray[np.uint64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the items that share hashes, and how many each."""
        import numpy as np

        known = self._known[table]
        hashes = hashes[_marked(self._marks[table], hashes)]
        if not len(hashes):
            return hashes.astype(np.int64), hashes.astype(np.int64)
        hashes = np.unique(hashes)
        low = np.searchsorted(known, hashes, side="left")
        size = np.searchsorted(known, hashes, side="right") - low
        rows = np.flatnonzero(size)
        if not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        # A k-mer of thousands of items (a repeat) says nothing, and would cost much.
        rows = rows[size[rows] <= _LONGEST_LIST]
        size, low = size[rows], low[rows]
        at = np.arange(size.sum()) + np.repeat(low - (np.cumsum(size) - size), size)
        return np.unique(self._owners[table][at].astype(np.int64), return_counts=True)

    def _named(self, number: int, how: str) -> Leak:
        with (self.path / "items.jsonl").open("rb") as lines:
            lines.seek(int(self._places[number]))
            task, row = json.loads(lines.readline())
        return Leak(task, row, how)


def _mapped(path: Path) -> np.ndarray[Any, Any]:
    import numpy as np

    # A plain view: indexing the subclass costs more than the search.
    return np.load(path, mmap_mode="r").view(np.ndarray)


def _marked(marks: NDArray[np.uint8], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    import numpy as np

    place = hashes >> np.uint64(64 - (8 * len(marks)).bit_length() + 1)
    byte = marks[(place >> np.uint64(3)).astype(np.int64)]
    return (byte >> (place & np.uint64(7)).astype(np.uint8)) & np.uint8(1) != 0
