"""Which task's test rows appear in which task's training rows, as they are or one in the other."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from scireasoner.data.near import BANDS, alike, sketch
from scireasoner.data.objects import SEQUENCES, Kind
from scireasoner.data.scan import SPLITS, Keys, Scan, Sequences
from scireasoner.data.windows import Windows, within
from scireasoner.types import Split

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TRAIN, _TEST = SPLITS.index(Split.TRAIN), SPLITS.index(Split.TEST)
_PIECES = 50_000  # looked for at once: what bounds the memory of the search for windows


@dataclass(frozen=True, slots=True)
class Overlap:
    """Test rows of one task whose object stands in the training rows of a task.

    Parameters
    ----------
    kind : how the objects were compared.
    test, train : the tasks; they may be the same.
    equal : test rows with an object that is equal after canonicalisation.
    similar : test rows with an equal object or one that is nearly equal (sequences, texts).
    of : all test rows of the task.
    """

    kind: str
    test: str
    train: str
    equal: int
    similar: int
    of: int


class Collected:
    """The objects of all tasks: 64-bit keys in memory, sequences in a temporary file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.tasks: list[str] = []
        self.sizes: list[int] = []
        self._parts: dict[Kind, list[tuple[int, Keys]]] = {}
        self._file = file
        self._end = 0
        self._sequences: dict[Kind, list[tuple[int, Sequences]]] = {}

    def add(self, scan: Scan) -> None:
        """Take over what a task is about."""
        number = len(self.tasks)
        self.tasks.append(scan.task)
        self.sizes.append(scan.rows.get(Split.TEST, 0))
        for kind, keys in scan.things.items():
            self._parts.setdefault(kind, []).append((number, keys))
        for kind, found in scan.sequences.items():
            self._sequences.setdefault(kind, []).append((self._end, found))
            self._file.write(found.content)
            self._end += len(found.content)
            found.content = bytearray()

    def overlaps(self, tick: Callable[..., None], likeness: bool = True) -> list[Overlap]:
        """Return every pair of tasks that share objects between test and training."""
        found: list[Overlap] = []
        for kind in Kind:
            tick(1, f"overlaps of {kind.value}")
            if kind in self._parts:
                table = _Table(self._parts[kind])
                near = likeness and kind in SEQUENCES and kind in self._sequences
                pairs = self._near(kind, table, tick) if near else None
                found += self._count(kind, table, pairs)
        return sorted(found, key=lambda o: (o.test, o.kind, o.train))

    def windows(self, tick: Callable[..., None]) -> list[Windows]:
        """Return every pair of tasks of which DNA of the one's test stands in the other's training.

        Of a sequence its beginning is compared (`MAX_LETTERS`), and of equal ones none.
        """
        import numpy as np

        if Kind.DNA not in self._sequences:
            return []
        table = _Table(self._parts[Kind.DNA])
        pairs = self._pairs(table, tick)
        found = []
        for test in table.tested():
            keys, rows = table.test_rows(test)
            within, around, either = (
                table.hits(*_partners(keys, rows, near))
                for near in (*pairs, _sorted(np.concatenate(pairs)))
            )
            found += [
                Windows(
                    self.tasks[test],
                    self.tasks[train],
                    within.get(train, 0),
                    around.get(train, 0),
                    either[train],
                    self.sizes[test],
                )
                for train in sorted(either)
            ]
        return sorted(found, key=lambda o: (o.test, o.train))

    def _pairs(self, table: _Table, tick: Callable[..., None]) -> list[NDArray[np.uint64]]:
        """Return pairs (key of test DNA, key of training DNA): the one within the other, around it.

        Sorted by the first.
        """
        import numpy as np

        keys, text = self._texts(Kind.DNA)
        test, train = (
            {
                text(i): int(keys[i])
                for i in np.flatnonzero(np.isin(keys, table.keys[mine])).tolist()
            }
            for mine in (table.splits == _TEST, table.splits == _TRAIN)
        )
        found: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        for turn, (pieces, wholes) in enumerate(((test, train), (train, test))):
            these = list(pieces)
            for start in range(0, len(these), _PIECES):
                tick(0, "DNA within DNA")
                for piece, whole in within(these[start : start + _PIECES], wholes):
                    pair = pieces[piece], wholes[whole]
                    found[turn].append(pair if turn == 0 else pair[::-1])
        return [_sorted(np.array(p, dtype=np.uint64).reshape(-1, 2)) for p in found]

    def _count(
        self, kind: Kind, table: _Table, near: NDArray[np.uint64] | None
    ) -> Iterator[Overlap]:
        for test in table.tested():
            keys, rows = table.test_rows(test)
            equal = table.hits(keys, rows)
            similar = equal if near is None else table.hits(keys, rows, near)
            for train in sorted(similar):
                yield Overlap(
                    kind.value,
                    self.tasks[test],
                    self.tasks[train],
                    equal.get(train, 0),
                    similar[train],
                    self.sizes[test],
                )

    def _near(self, kind: Kind, table: _Table, tick: Callable[..., None]) -> NDArray[np.uint64]:
        """Return pairs (key of a test sequence, key of a nearly equal training sequence)."""
        import numpy as np

        keys, text = self._texts(kind)
        wanted = np.flatnonzero(np.isin(keys, table.keys[table.splits == _TEST]))
        known = np.flatnonzero(np.isin(keys, table.keys[table.splits == _TRAIN]))
        if not len(wanted) or not len(known):
            return np.empty((0, 2), dtype=np.uint64)
        needed = np.union1d(wanted, known)
        sketches = np.empty((len(needed), BANDS), dtype=np.uint32)
        for row, number in enumerate(needed):
            sketches[row] = sketch(text(number), kind)
            if row % 1_000 == 0:
                tick(0, f"likeness of {kind.value} {row}/{len(needed)}")
        pairs = alike(
            sketches[np.searchsorted(needed, wanted)],
            sketches[np.searchsorted(needed, known)],
            (lambda i: text(wanted[i]), lambda i: text(known[i])),
            kind,
            lambda _: tick(0, f"likeness of {kind.value}"),
        )
        return _sorted(np.stack([keys[wanted[pairs[:, 0]]], keys[known[pairs[:, 1]]]], axis=1))

    def _texts(self, kind: Kind) -> tuple[NDArray[np.uint64], Callable[[int], str]]:
        """Return the keys of the different sequences, and what gives the letters of each."""
        keys, offsets, sizes = self._index(kind)
        self._file.flush()

        def text(number: int) -> str:
            self._file.seek(int(offsets[number]))
            return self._file.read(int(sizes[number])).decode("utf-8", "replace")

        return keys, text

    def _index(self, kind: Kind) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the different sequences: keys, places in the file, sizes in bytes."""
        import numpy as np

        keys, offsets, sizes = [], [], []
        for start, found in self._sequences[kind]:
            size = np.array(found.sizes, dtype=np.int64)
            keys.append(np.array(found.keys, dtype=np.uint64))
            offsets.append(start + np.cumsum(size) - size)
            sizes.append(size)
        different, first = np.unique(np.concatenate(keys), return_index=True)
        return different, np.concatenate(offsets)[first], np.concatenate(sizes)[first]


@contextmanager
def collecting() -> Iterator[Collected]:
    """Give a collection whose temporary file goes away at the end."""
    with tempfile.TemporaryFile(prefix="scireasoner-") as file:
        yield Collected(file)


class _Table:
    """All objects of one kind as columns."""

    def __init__(self, parts: Sequence[tuple[int, Keys]]) -> None:
        import numpy as np

        self.keys = np.concatenate([np.array(k.keys, dtype=np.uint64) for _, k in parts])
        self.rows = np.concatenate([np.array(k.rows, dtype=np.uint32) for _, k in parts])
        self.splits = np.concatenate([np.array(k.splits, dtype=np.uint8) for _, k in parts])
        self.tasks = np.repeat(
            np.array([number for number, _ in parts], dtype=np.uint16),
            [len(k.keys) for _, k in parts],
        )
        trained = self.splits == _TRAIN
        keys, tasks = self.keys[trained], self.tasks[trained]
        order = np.lexsort((tasks, keys))
        keys, tasks = keys[order], tasks[order]
        new = np.ones(len(keys), dtype=bool)
        new[1:] = (keys[1:] != keys[:-1]) | (tasks[1:] != tasks[:-1])
        self.train_keys, self.train_tasks = keys[new], tasks[new]

    def tested(self) -> list[int]:
        """Return the tasks with test rows."""
        import numpy as np

        return [int(task) for task in np.unique(self.tasks[self.splits == _TEST])]

    def test_rows(self, task: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        """Return keys and row numbers of the test objects of a task."""
        chosen = (self.tasks == task) & (self.splits == _TEST)
        return self.keys[chosen], self.rows[chosen]

    def hits(
        self,
        keys: NDArray[np.uint64],
        rows: NDArray[np.uint32],
        near: NDArray[np.uint64] | None = None,
    ) -> dict[int, int]:
        """Return, by training task, how many rows have an object in its training rows.

        Parameters
        ----------
        near : pairs (test key, training key) that count as equal too; sorted by the first.
        """
        import numpy as np

        if near is not None:
            others, of = _partners(keys, rows, near)
            keys, rows = np.concatenate([keys, others]), np.concatenate([rows, of])
        low = np.searchsorted(self.train_keys, keys, side="left")
        at, row = _expanded(low, np.searchsorted(self.train_keys, keys, side="right") - low)
        pairs = np.unique(self.train_tasks[at].astype(np.uint64) << np.uint64(32) | rows[row])
        tasks, counts = np.unique(pairs >> np.uint64(32), return_counts=True)
        return {int(task): int(count) for task, count in zip(tasks, counts, strict=True)}


def _sorted(pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return pairs in the order of their first keys."""
    import numpy as np

    return pairs[np.argsort(pairs[:, 0], kind="stable")]


def _partners(
    keys: NDArray[np.uint64], rows: NDArray[np.uint32], pairs: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Return the second keys of the pairs whose first is one of ``keys``, and the rows of these."""
    import numpy as np

    low = np.searchsorted(pairs[:, 0], keys, side="left")
    at, row = _expanded(low, np.searchsorted(pairs[:, 0], keys, side="right") - low)
    return pairs[at, 1], rows[row]


def _expanded(
    low: NDArray[np.int64], size: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every position of the ranges [low, low + size), and the range it is from."""
    import numpy as np

    of = np.repeat(np.arange(len(low)), size)
    within = np.arange(len(of)) - np.repeat(np.cumsum(size) - size, size)
    return low[of] + within, of
