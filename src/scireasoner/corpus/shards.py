"""Shards of documents: sources are read and cleaned into them, later steps read them again.

The number and order of shards come from the recipe, never from the workers. A shard is whole when
its summary is there, which is written last; it lies in a folder named by the hash of all that it
depends on, so that it is made again only when one of these changes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scireasoner.artifacts import write_json, writing
from scireasoner.corpus.cleaning import Rules, decide
from scireasoner.corpus.documents import Document
from scireasoner.corpus.leak_search import open_index
from scireasoner.corpus.looking import Look
from scireasoner.corpus.readers import Broken, Origin, Turn, read

if TYPE_CHECKING:
    from scireasoner.corpus.recipe import SourceConfig

_EXCERPT = 160
_BATCH_CHARACTERS = 500_000
_BATCH_DOCUMENTS = 1_000
_QUOTED = re.compile(r"'\S*'")


@dataclass(frozen=True)
class Shard:
    """A part of a source.

    Parameters
    ----------
    source : its settings in the recipe.
    files : what is read, in order.
    first, step : of the records of these files every ``step``-th from ``first`` on belongs here.
    folder : where it is written; ``number`` is its name there.
    """

    source: SourceConfig
    files: tuple[str, ...]
    first: int
    step: int
    folder: Path
    number: int

    def path(self, what: str) -> Path:
        """Return the file of its ``kept`` or ``dropped`` rows, or its ``summary``."""
        ending = "json" if what == "summary" else "jsonl"
        return self.folder / what / f"{self.number:05d}.{ending}"


def split(source: SourceConfig, files: list[Path], count: int, folder: Path) -> list[Shard]:
    """Share the files of a source among ``count`` shards; files that are too few are shared."""
    names = [str(path) for path in files]
    if count <= len(names):
        return [Shard(source, tuple(names[i::count]), 0, 1, folder, i) for i in range(count)]
    shards = []
    for i in range(count):
        place, number = divmod(i, len(names))
        step = len(range(number, count, len(names)))
        shards.append(Shard(source, (names[number],), place, step, folder, i))
    return shards


@dataclass(frozen=True)
class CleanShards:
    """The step that reads and cleans: task ``n`` makes shard ``n``, unless it is whole.

    Parameters
    ----------
    leaks : folder of the index of test items, None for none.
    rules : all but the index, which each process opens for itself.
    """

    shards: tuple[Shard, ...] = field(repr=False)
    rules: Rules
    leaks: Path | None
    identity: float

    def __call__(self, data: object, rank: int = 0, world_size: int = 1) -> None:
        """Make one shard."""
        shard = self.shards[rank]
        if not shard.path("summary").is_file():
            index = open_index(self.leaks) if self.leaks else None
            rules = self.rules
            whole = Rules(rules.min_chars, rules.max_chars, rules.filters, index, self.identity)
            make_shard(shard, whole)


def make_shard(shard: Shard, rules: Rules) -> None:
    """Read a shard's records and write what is kept, what is dropped and why, and the counts."""
    dropped: Counter[str] = Counter()
    read_documents = kept = 0
    with _lines(shard.path("kept")) as good, _lines(shard.path("dropped")) as bad:
        for item in records(shard):
            read_documents += 1
            if isinstance(item, Broken):
                reason = f"unreadable: {item.reason}"
                place = {"file": item.source, "place": item.place, "text": item.excerpt}
                bad.write(_line({"reason": reason, "detail": place}))
            else:
                decision = decide(item, rules)
                if decision.reason is None and decision.look is not None:
                    kept += 1
                    good.write(_line(_row(item, decision.look)))
                    continue
                reason = decision.reason or ""
                bad.write(_line({**_excerpt(item), "reason": reason, "detail": decision.details}))
            dropped[_general(reason)] += 1
    write_json(
        shard.path("summary"),
        {"read": read_documents, "kept": kept, "dropped": dict(sorted(dropped.items()))},
    )


def records(shard: Shard) -> Iterator[Document | Broken]:
    """Yield the records of a shard."""
    source = shard.source
    options = dict(source.options)
    if source.only:
        options["keep"] = [*options.get("keep", ()), *source.only]
    for file in shard.files:
        turn = Turn(shard.first, shard.step)
        origin = Origin(source.citation, source.licence, source.domain, source.name, turn)
        for item in read(source.reader, Path(file), origin, **options):
            mine = turn.mine
            turn.number += 1
            if mine and _wanted(item, source.only):
                yield item


def _wanted(item: Document | Broken, only: Mapping[str, str]) -> bool:
    return isinstance(item, Broken) or all(item.meta.get(k) == v for k, v in only.items())


@contextmanager
def _lines(path: Path) -> Iterator[IO[bytes]]:
    partial = path.with_suffix(".partial")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            yield file
        partial.replace(path)


def _line(row: Mapping[str, Any]) -> bytes:
    import orjson

    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:
        # A dropped text may hold lone surrogates.
        return json.dumps(row).encode() + b"\n"


def _general(reason: str) -> str:
    """Return a reason without what differs from record to record."""
    return _QUOTED.sub("...", reason).split("(")[0].strip()[:80]


def _excerpt(document: Document) -> dict[str, Any]:
    text = document.text if isinstance(document.text, str) else ""
    return {"id": document.id, "text": text[:_EXCERPT]}


def _row(document: Document, look: Look) -> dict[str, Any]:
    spans = [[item.start, item.end, item.notation] for item in look.objects]
    return {
        "text": document.text,
        "id": document.id,
        "source": document.source,
        "licence": document.licence,
        "domain": document.domain,
        "key": look.key,
        "salts": [look.salt(False), look.salt(True)],
        "spans": spans,
    }


@dataclass(frozen=True)
class ReadShards:
    """The first step of every later pipeline: task ``n`` reads the kept rows of shard ``n``."""

    shards: tuple[Shard, ...] = field(repr=False)

    def __call__(self, data: object, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Yield the rows as datatrove's documents."""
        import orjson
        from datatrove.data import Document as Row

        shard = self.shards[rank]
        with shard.path("kept").open("rb") as lines:
            for line in lines:
                row = orjson.loads(line)
                text, name = row.pop("text"), row.pop("id")
                yield Row(text=text, id=name, metadata={**row, "origin": shard.source.name})


@dataclass(frozen=True)
class Count:
    """A step that lets all through and writes how many came: ``<rank>.json`` in its folder."""

    folder: Path

    def __call__(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Count."""
        count = 0
        for row in data:
            count += 1
            yield row
        write_json(self.folder / f"{rank:05d}.json", count)


def batches(data: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield rows of a shard some hundreds at a time, for steps that work on many at once."""
    batch: list[Any] = []
    characters = 0
    for row in data:
        batch.append(row)
        characters += len(row.text)
        if characters >= _BATCH_CHARACTERS or len(batch) >= _BATCH_DOCUMENTS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
