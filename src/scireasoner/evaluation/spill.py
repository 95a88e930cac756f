"""What judged answers leave behind: numbers on disk, so that memory does not grow with a file."""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scireasoner.published.base import Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Keys = NDArray[np.uint64]

FIXED = 4
"""Columns before those of the metrics: the draw, whether it was answered, whether it counts, and
the key of its sub-set."""


@dataclass(frozen=True)
class Judged:
    """A piece of one task's answers, judged.

    Parameters
    ----------
    keys : 64-bit hashes of the row ids, shape (n,).
    rows : shape (n, k): draw, answered, counts (not our own failure), sub-set, then every metric's
        number of columns and its columns.
    published : the released evaluator's row of each prompt, with the key of its id and its
        sub-set.
    subtasks : the names of the sub-sets by their keys.
    faults : how often each fault occurred.
    faulty : (id, fault, start of the text) of every answer with a fault.
    comparable : whether all rows are rows of the published tables.
    """

    task: str
    keys: Keys
    rows: Floats
    published: list[tuple[int, str, Row]]
    subtasks: dict[float, str]
    faults: Counter[str]
    faulty: list[tuple[str, str, str]]
    comparable: bool = False


def key_of(identity: str) -> int:
    """Return a 64-bit key of a row's id; two of a million ids meet with a chance of 3e-8."""
    return int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=8).digest(), "little")


def subtask_key(name: str) -> float:
    """Return the key of a sub-set as a number that a column can hold."""
    return float(key_of(name) >> 12) if name else 0.0


@dataclass
class Shelf:
    """One task's judged answers on disk."""

    folder: Path
    width: int = 0
    count: int = 0
    ours: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    subtasks: dict[float, str] = field(default_factory=dict)
    comparable: bool = True

    def add(self, piece: Judged) -> None:
        """Append a piece; of one in which we could judge nothing the metrics get no rows."""
        self.faults.update(piece.faults)
        self.comparable &= piece.comparable
        self.folder.mkdir(parents=True, exist_ok=True)
        if piece.published:
            with (self.folder / "published").open("ab") as file:
                pickle.dump(piece.published, file, protocol=pickle.HIGHEST_PROTOCOL)
        if not piece.rows[:, 2].any():
            self.ours += len(piece.keys)
            return
        self.width = piece.rows.shape[1]
        self.count += len(piece.keys)
        self.subtasks.update(piece.subtasks)
        for name, array in (("keys", piece.keys), ("rows", piece.rows)):
            with (self.folder / name).open("ab") as file:
                array.tofile(file)

    def keys(self) -> Keys:
        """Return the keys of all answers, mapped from disk."""
        import numpy as np

        return np.memmap(self.folder / "keys", dtype=np.uint64, mode="r", shape=(self.count,))

    def rows(self) -> Floats:
        """Return the rows of all answers, mapped from disk."""
        import numpy as np

        shape = (self.count, self.width)
        return np.memmap(self.folder / "rows", dtype=np.float64, mode="r", shape=shape)

    def published(self) -> Iterator[tuple[int, str, Row]]:
        """Yield the released evaluator's rows with their keys and sub-sets, in order."""
        path = self.folder / "published"
        if not path.exists():
            return
        with path.open("rb") as file:
            while (piece := _load(file)) is not None:
                yield from piece


def _load(file: BinaryIO) -> Any:
    try:
        return pickle.load(file)
    except EOFError:
        return None


def first_of_each(keys: Keys, draws: Sequence[float] | Floats) -> Any:
    """Return the sorted positions of all answers of each row's first prediction."""
    import numpy as np

    # The answers of a prediction lie together, the first of them being draw 0.
    prediction = np.cumsum(np.asarray(draws) == 0)
    _, first, row = np.unique(keys, return_index=True, return_inverse=True)
    return np.flatnonzero(prediction == prediction[first][row])
