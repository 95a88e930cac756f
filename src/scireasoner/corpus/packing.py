"""Write the packed files: each gathers its documents from all shards, in an order by the seed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scireasoner.artifacts import read_json, write_json, writing
from scireasoner.corpus.entities import key_of
from scireasoner.corpus.kmers import mixed
from scireasoner.corpus.mixture import MIXTURE
from scireasoner.corpus.pack import GrowingFile
from scireasoner.corpus.tokens import document_dtype

if TYPE_CHECKING:
    import numpy as np

_OPEN_FILES = 200
_BLOCK_TOKENS = 1 << 20


def packed_name(number: int) -> str:
    """Return the name of a packed file."""
    return f"tokens-{number:05d}.npy"


@dataclass(frozen=True)
class Pack:
    """The step that packs file ``n``.

    Parameters
    ----------
    tokens : the folder of the tokenised shards, of which there are ``shards``.
    mixture : the folder of ``mixture.json``.
    out : where the packed file goes; its counts go to ``facts``.
    sequence_length : tokens of a block.
    """

    tokens: Path
    shards: int
    mixture: Path
    out: Path
    facts: Path
    sequence_length: int
    seed: int

    def __call__(self, data: object, rank: int = 0, world_size: int = 1) -> None:
        """Gather, order and cut into blocks. A rest below one block is not written."""
        import numpy as np

        epochs: dict[str, float] = read_json(self.mixture / MIXTURE)["epochs"]
        chosen, groups, dtype = self._chosen(rank, epochs)
        path = self.out / packed_name(rank)
        rest = np.empty(0, dtype)
        blocks = 0
        with writing(path), GrowingFile(path, dtype, self.sequence_length) as file:
            for piece in _pieces(self.tokens, chosen, dtype):
                stream = np.concatenate([rest, piece])
                full = len(stream) // self.sequence_length
                file.append(stream[: full * self.sequence_length], full)
                rest = stream[full * self.sequence_length :]
                blocks += full
        write_json(
            self.facts / f"{rank:05d}.json",
            {"blocks": blocks, "left_over": len(rest), "groups": groups},
        )

    def _chosen(
        self, rank: int, epochs: dict[str, float]
    ) -> tuple[np.ndarray[Any, Any], list[dict[str, Any]], np.dtype[Any]]:
        """Return (shard, offset, length) of what is written, in order; the counts by group."""
        import numpy as np

        parts: list[np.ndarray[Any, Any]] = []
        counted: dict[tuple[str, ...], dict[str, Any]] = {}
        dtype = np.dtype("<u2")
        for number in range(self.shards):
            facts = read_json(self.tokens / f"{number:05d}.json")
            dtype = np.dtype(facts["dtype"])
            table = self._bucket(number, rank)
            wanted = np.array([epochs.get(g["origin"], 0.0) for g in facts["groups"]], np.float64)
            copies = self._copies(table, wanted[table["group"]] if len(table) else np.empty(0))
            _count(counted, facts["groups"], table, copies)
            parts.append(self._drawn(number, table, copies))
        chosen = np.concatenate(parts)
        order = np.argsort(chosen["order"], kind="stable")
        return chosen[order], list(counted.values()), dtype

    def _bucket(self, number: int, rank: int) -> np.ndarray[Any, Any]:
        import numpy as np

        path = self.tokens / f"{number:05d}.documents"
        if path.stat().st_size == 0:
            return np.empty(0, document_dtype())
        # The table is sorted by bucket; only the pages of this one are read.
        table = np.memmap(path, document_dtype(), "r")
        low, high = np.searchsorted(table["bucket"], [rank, rank + 1])
        return np.array(table[low:high])

    def _copies(
        self, table: np.ndarray[Any, Any], epochs: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        """Return how often each document is written: whole epochs, and a drawn share of one."""
        import numpy as np

        whole = np.floor(epochs + 1e-9)
        draws = mixed(table["key"], key_of(str(self.seed), "share")) / 2.0**64
        return (whole + (draws < epochs - whole)).astype(np.int64)

    def _drawn(
        self, number: int, table: np.ndarray[Any, Any], copies: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        import numpy as np

        rows = np.repeat(np.arange(len(table)), copies)
        first = np.repeat(np.cumsum(copies) - copies, copies)
        copy = np.arange(len(rows)) - first
        dtype = [("order", "<u8"), ("shard", "<u4"), ("offset", "<u8"), ("length", "<u4")]
        drawn = np.zeros(len(rows), dtype)
        keys = mixed(table["key"][rows], key_of(str(self.seed), "order"))
        drawn["order"] = mixed(keys + copy.astype(np.uint64))
        drawn["shard"] = number
        drawn["offset"], drawn["length"] = table["offset"][rows], table["length"][rows]
        return drawn


def _count(
    counted: dict[tuple[str, ...], dict[str, Any]],
    groups: list[dict[str, Any]],
    table: np.ndarray[Any, Any],
    copies: np.ndarray[Any, Any],
) -> None:
    import numpy as np

    for number, group in enumerate(groups):
        mine = table["group"] == number
        name = tuple(group[k] for k in ("origin", "domain", "source", "licence"))
        names = dict(zip(("origin", "domain", "source", "licence"), name, strict=True))
        total = counted.setdefault(name, {**names, "documents": 0, "tokens": 0})
        total["documents"] += int(copies[mine].sum())
        total["tokens"] += int((copies[mine] * table["length"][mine].astype(np.int64)).sum())


def _pieces(
    folder: Path, chosen: np.ndarray[Any, Any], dtype: np.dtype[Any]
) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the tokens of the chosen documents in order, about a million at a time."""
    import numpy as np

    files: OrderedDict[int, IO[bytes]] = OrderedDict()
    waiting: list[Any] = []
    size = 0
    try:
        for row in chosen:
            file = _file(files, folder, int(row["shard"]))
            file.seek(int(row["offset"]) * dtype.itemsize)
            raw = file.read(int(row["length"]) * dtype.itemsize)
            waiting.append(np.frombuffer(raw, dtype))
            size += len(waiting[-1])
            if size >= _BLOCK_TOKENS:
                yield np.concatenate(waiting)
                waiting, size = [], 0
        if waiting:
            yield np.concatenate(waiting)
    finally:
        for file in files.values():
            file.close()


def _file(files: OrderedDict[int, IO[bytes]], folder: Path, number: int) -> IO[bytes]:
    if number not in files:
        if len(files) >= _OPEN_FILES:
            files.popitem(last=False)[1].close()
        files[number] = (folder / f"{number:05d}.ids").open("rb")
    files.move_to_end(number)
    return files[number]
