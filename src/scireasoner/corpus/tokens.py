"""Tokenise a shard: a flat file of ids, a table of documents, counts, lengths and samples."""

from __future__ import annotations

import heapq
import os
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import write_bytes, write_json, writing
from scireasoner.corpus.entities import key_of
from scireasoner.corpus.kmers import mixed
from scireasoner.corpus.pack import end_token, id_dtype
from scireasoner.corpus.piece_encoder import PieceEncoder
from scireasoner.corpus.shards import batches
from scireasoner.corpus.tokenizer import load_tokenizer

if TYPE_CHECKING:
    import numpy as np

SAMPLES = 50
"""Documents of each source that are kept as text, to be looked at."""
_SHOWN = 2_000


def document_dtype() -> np.dtype[Any]:
    """Return the type of a row of the table of documents.

    ``bucket`` is the packed file it goes to, ``group`` a row of the shard's ``groups``, ``offset``
    and ``length`` count tokens, ``key`` says which document it is.
    """
    import numpy as np

    return np.dtype(
        [
            ("bucket", "<u4"),
            ("group", "<u4"),
            ("offset", "<u8"),
            ("length", "<u4"),
            ("key", "<u8"),
        ]
    )


@dataclass(frozen=True)
class Tokenise:
    """The step that tokenises what is left of shard ``n``.

    Parameters
    ----------
    tokenizer : its folder.
    buckets : files that will be packed; a document's is drawn from its key and the seed.
    """

    folder: Path
    tokenizer: Path
    buckets: int
    seed: int

    def __call__(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> None:
        """Write ``<rank>.ids``, ``.documents``, ``.shown.json`` and ``.json``."""
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        ids = self.folder / f"{rank:05d}.ids"
        with writing(ids):
            ids.parent.mkdir(parents=True, exist_ok=True)
            with ids.open("wb") as file:
                table = _Table(self)
                table.add_all(data, file)
        write_bytes(ids.with_suffix(".documents"), table.rows().tobytes())
        write_json(ids.with_suffix(".shown.json"), table.shown())
        write_json(ids.with_suffix(".json"), table.facts())


class _Table:
    def __init__(self, step: Tokenise) -> None:
        self.step = step
        tokenizer = load_tokenizer(step.tokenizer)
        self.encoder = PieceEncoder(tokenizer)
        self.end = end_token(tokenizer, step.tokenizer)
        self.dtype = id_dtype(tokenizer)
        self.groups: dict[tuple[str, str, str, str], int] = {}
        self.counts: list[list[int]] = []
        self.columns = {name: array("Q") for name in ("group", "length", "key")}
        self.lengths: dict[str, Counter[int]] = {}
        self.samples: dict[str, list[tuple[int, str, str, dict[str, str]]]] = {}

    def add_all(self, data: Iterable[Any], file: Any) -> None:
        for batch in batches(data):
            encoded = self.encoder.encode([row.text for row in batch])
            for row, ids in zip(batch, encoded, strict=True):
                self._add(row, ids, file)

    def _add(self, row: Any, ids: list[int], file: Any) -> None:
        import numpy as np

        file.write(np.asarray([*ids, self.end], self.dtype).tobytes())
        facts = row.metadata
        name = (facts["origin"], facts["domain"], facts["source"], facts["licence"])
        group = self.groups.setdefault(name, len(self.groups))
        if group == len(self.counts):
            self.counts.append([0, 0, 0])
        size = len(ids) + 1
        for i, value in enumerate((1, len(row.text), size)):
            self.counts[group][i] += value
        for column, value in (("group", group), ("length", size), ("key", facts["key"])):
            self.columns[column].append(value)
        self.lengths.setdefault(name[0], Counter())[size.bit_length()] += 1
        self._sample(name[0], facts["key"], row)

    def _sample(self, origin: str, key: int, row: Any) -> None:
        """Keep the documents whose keys hash lowest: the same ones in any order of work."""
        drawn = key_of(str(self.step.seed), "sample", str(key))
        kept = self.samples.setdefault(origin, [])
        if len(kept) < SAMPLES or drawn < -kept[0][0]:
            shown = {"id": row.id, "text": row.text[:_SHOWN]}
            shown |= {k: row.metadata[k] for k in ("source", "licence", "domain")}
            push = heapq.heappush if len(kept) < SAMPLES else heapq.heapreplace
            # Spellings of one document under one id are told apart by their text.
            push(kept, (-drawn, row.id, shown["text"], shown))

    def rows(self) -> np.ndarray[Any, Any]:
        import numpy as np

        table = np.zeros(len(self.columns["key"]), document_dtype())
        for name, column in self.columns.items():
            table[name] = np.frombuffer(column, np.uint64) if len(column) else []
        table["offset"] = np.cumsum(table["length"], dtype=np.uint64) - table["length"]
        draws = mixed(table["key"], key_of(str(self.step.seed), "bucket"))
        table["bucket"] = draws % np.uint64(self.step.buckets)
        return table[np.argsort(table["bucket"], kind="stable")]

    def facts(self) -> dict[str, Any]:
        return {
            "dtype": self.dtype.str,
            "groups": [
                {
                    **dict(zip(("origin", "domain", "source", "licence"), name, strict=True)),
                    **dict(zip(("documents", "characters", "tokens"), counts, strict=True)),
                }
                for name, counts in zip(self.groups, self.counts, strict=True)
            ],
        }

    def shown(self) -> dict[str, Any]:
        return {
            "lengths": {
                origin: {str(size): count for size, count in sorted(sizes.items())}
                for origin, sizes in self.lengths.items()
            },
            "samples": {
                origin: [{**shown, "drawn": -drawn} for drawn, _, _, shown in sorted(kept)[::-1]]
                for origin, kept in self.samples.items()
            },
        }
