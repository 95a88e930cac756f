"""What a built corpus holds, read from its folder."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import Artifact, read_json, read_jsonl
from scireasoner.corpus.finish import DUPLICATES, LEAKS, SAMPLED, STATS
from scireasoner.errors import DataError, InputError, nearest


@dataclass(frozen=True)
class Part:
    """One row of the table of a corpus.

    Parameters
    ----------
    documents, tokens : as written, repetitions included.
    share : of all tokens.
    """

    name: str
    documents: int
    tokens: int
    share: float


def load_stats(folder: Path) -> dict[str, Any]:
    """Return the statistics of a built corpus.

    Raises
    ------
    DataError : if there is none in the folder.
    """
    if not Artifact(folder).finished or not (folder / STATS).is_file():
        raise DataError(
            f"{folder} holds no finished corpus: run `scireasoner corpus build RECIPE --out` on it"
        )
    stats: dict[str, Any] = read_json(folder / STATS)
    return stats


def parts(stats: Mapping[str, Any], by: str) -> list[Part]:
    """Return what was written by ``"domain"``, ``"origin"`` (the sources) or ``"licence"``."""
    totals: dict[str, list[int]] = {}
    for group in stats["groups"]:
        total = totals.setdefault(group[by], [0, 0])
        total[0] += group["documents"]
        total[1] += group["tokens"]
    whole = sum(tokens for _, tokens in totals.values())
    return [
        Part(name, documents, tokens, tokens / whole if whole else 0.0)
        for name, (documents, tokens) in sorted(totals.items(), key=lambda item: -item[1][1])
    ]


def samples(folder: Path, source: str | None, count: int, seed: int) -> list[dict[str, Any]]:
    """Return documents drawn from those that were kept to be looked at (50 of each source).

    Raises
    ------
    InputError : if there is no such source.
    """
    load_stats(folder)
    rows = read_jsonl(folder / SAMPLED)
    known = list(dict.fromkeys(row["origin"] for row in rows))
    if source is not None:
        if source not in known:
            raise InputError(
                f"the corpus has no source {source!r}{nearest(source, known)}; "
                f"it has {', '.join(known)}"
            )
        rows = [row for row in rows if row["origin"] == source]
    return random.Random(seed).sample(rows, min(count, len(rows)))


def leaks(folder: Path, most: int) -> list[dict[str, Any]]:
    """Return the first documents that were removed because they repeat a test row."""
    return _first(folder / LEAKS, most)


def duplicates(folder: Path) -> list[dict[str, Any]]:
    """Return some of the duplicates that were removed."""
    return read_jsonl(folder / DUPLICATES)


def _first(path: Path, most: int) -> list[dict[str, Any]]:
    import json

    found: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if len(found) == most:
                break
            found.append(json.loads(line))
    return found


def length_bars(lengths: Mapping[str, int]) -> list[tuple[str, int, float]]:
    """Return (tokens, documents, share of the longest bar) of a histogram by powers of two."""
    sizes = {int(size): count for size, count in lengths.items()}
    if not sizes:
        return []
    most = max(sizes.values())
    return [
        (f"{2 ** (size - 1)}-{2**size - 1}", sizes.get(size, 0), sizes.get(size, 0) / most)
        for size in range(min(sizes), max(sizes) + 1)
    ]


def reasons(stats: Mapping[str, Any]) -> Iterator[tuple[str, int, Sequence[tuple[str, int]]]]:
    """Yield (reason, documents, [(source, documents)]) of what was dropped, most first."""
    for reason, count in sorted(stats["dropped"].items(), key=lambda item: -item[1]):
        by = [
            (name, source["dropped"][reason])
            for name, source in stats["sources"].items()
            if reason in source["dropped"]
        ]
        yield reason, count, by
