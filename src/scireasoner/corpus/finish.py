"""The last step of a build: statistics, samples, leaks, and the manifest that says it is done."""

from __future__ import annotations

import importlib.metadata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import (
    Artifact,
    Manifest,
    fingerprint,
    read_json,
    write_json,
    write_jsonl,
    writing,
)
from scireasoner.corpus.cleaning import DUPLICATE, LEAK, NEAR_DUPLICATE
from scireasoner.corpus.mixture import MIXTURE
from scireasoner.corpus.packing import packed_name
from scireasoner.corpus.recipe import CorpusRecipe
from scireasoner.corpus.shards import Shard
from scireasoner.corpus.tokens import SAMPLES
from scireasoner.errors import DataError

STATS, LEAKS, SAMPLED, DUPLICATES = (
    "stats.json",
    "leaks.jsonl",
    "samples.jsonl",
    "duplicates.jsonl",
)
_SHOWN_DUPLICATES = 20
_PACKAGES = ("datatrove", "tokenizers", "numpy", "rdkit", "scireasoner")


@dataclass(frozen=True)
class Finish:
    """Gather what the stages counted and write the manifest.

    Parameters
    ----------
    folders : of the stages ``tokens``, ``mixture`` and ``pack``.
    leaks : the index of test items that was used.
    """

    recipe: CorpusRecipe
    out: Path
    shards: tuple[Shard, ...]
    files: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, str]
    folders: Mapping[str, Path]
    leaks: Path | None

    def __call__(self, data: object, rank: int = 0, world_size: int = 1) -> None:
        """Write ``stats.json``, ``leaks.jsonl``, ``samples.jsonl`` and the manifest."""
        stats = self.gathered()
        if not stats["blocks"]:
            raise DataError(
                f"the corpus does not fill one block of {self.recipe.pack.sequence_length} tokens "
                f"in any of {self.recipe.pack.shards} files: give more text or choose shorter "
                "blocks or fewer files"
            )
        write_json(self.out / STATS, stats)
        self._copy_leaks()
        write_jsonl(self.out / SAMPLED, self._samples())
        write_jsonl(self.out / DUPLICATES, self._duplicates())
        for left in self.out.glob(".*.partial"):
            left.unlink()
        packed = [packed_name(i) for i in range(self.recipe.pack.shards)]
        settings = asdict(self.recipe)
        for place in ("run", "folder"):  # where the work was done changes nothing
            settings.pop(place)
        facts = {k: stats[k] for k in ("tokens", "blocks", "domains", "licences", "dropped")}
        Artifact(self.out).finish(
            Manifest(
                "corpus build",
                self.recipe.seed,
                {"key": self.keys["all"], "recipe": settings},
                {name: fingerprint(dict(files)) for name, files in self.files.items()},
                facts=facts,
            ),
            [*packed, STATS, LEAKS, SAMPLED, DUPLICATES],
        )

    def gathered(self) -> dict[str, Any]:
        """Return what went in, what was dropped and why, and what came out."""
        sources = self._sources()
        groups = self._written()
        packs = [self._read("pack", i) for i in range(self.recipe.pack.shards)]
        mixture = read_json(self.folders["mixture"] / MIXTURE)
        dropped: Counter[str] = Counter()
        for source in sources.values():
            dropped.update(source["dropped"])
        return {
            "sources": sources,
            "groups": groups,
            "domains": _summed(groups, "domain"),
            "licences": _summed(groups, "licence"),
            "dropped": dict(sorted(dropped.items())),
            "tokens": sum(group["tokens"] for group in groups),
            "blocks": sum(pack["blocks"] for pack in packs),
            "left_over": sum(pack["left_over"] for pack in packs),
            "sequence_length": self.recipe.pack.sequence_length,
            "mixture": mixture,
            "leaks": dict(sorted(Counter(row["task"] for row in self._leaked()).items())),
            "test_items": Artifact(self.leaks).manifest.facts if self.leaks else {},
            "versions": {name: importlib.metadata.version(name) for name in _PACKAGES},
            "seed": self.recipe.seed,
        }

    def _read(self, stage: str, number: int, what: str = "") -> Any:
        return read_json(self.folders[stage] / what / f"{number:05d}.json")

    def _sources(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for number, shard in enumerate(self.shards):
            source = shard.source
            row = found.setdefault(
                source.name,
                {
                    "domain": source.domain,
                    "licence": source.licence,
                    "citation": source.citation,
                    "files": dict(self.files[source.name]),
                    "read": 0,
                    "kept": 0,
                    "characters": 0,
                    "tokens": 0,
                    "dropped": {},
                    "lengths": {},
                },
            )
            self._add(row, number, shard)
        return found

    def _add(self, row: dict[str, Any], number: int, shard: Shard) -> None:
        summary = read_json(shard.path("summary"))
        kept = self._read("tokens", number, "after-near")
        after = self._read("tokens", number, "after-exact")
        dropped = Counter(row["dropped"])
        dropped.update(summary["dropped"])
        dropped[DUPLICATE] += summary["kept"] - after
        dropped[NEAR_DUPLICATE] += after - kept
        row["dropped"] = {k: v for k, v in sorted(dropped.items()) if v}
        row["read"] += summary["read"]
        row["kept"] += kept
        for group in self._read("tokens", number)["groups"]:
            row["characters"] += group["characters"]
            row["tokens"] += group["tokens"]
        shown = read_json(self.folders["tokens"] / f"{number:05d}.shown.json")
        lengths = Counter(row["lengths"])
        lengths.update(shown["lengths"].get(shard.source.name, {}))
        row["lengths"] = dict(sorted(lengths.items(), key=lambda item: int(item[0])))

    def _written(self) -> list[dict[str, Any]]:
        found: dict[tuple[str, ...], dict[str, Any]] = {}
        for number in range(self.recipe.pack.shards):
            for group in self._read("pack", number)["groups"]:
                name = tuple(group[k] for k in ("origin", "domain", "source", "licence"))
                total = found.setdefault(name, {**group, "documents": 0, "tokens": 0})
                total["documents"] += group["documents"]
                total["tokens"] += group["tokens"]
        return [found[name] for name in sorted(found)]

    def _leaked(self) -> Iterator[dict[str, Any]]:
        import orjson

        for shard in self.shards:
            with shard.path("dropped").open("rb") as lines:
                for line in lines:
                    if b'"leak"' not in line:
                        continue
                    row = orjson.loads(line)
                    if row["reason"] == LEAK:
                        text = {"source": shard.source.name, "id": row["id"], "text": row["text"]}
                        yield {**text, **row["detail"]}

    def _copy_leaks(self) -> None:
        import orjson

        path = self.out / LEAKS
        with writing(path), path.open("wb") as file:
            for row in self._leaked():
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def _samples(self) -> list[dict[str, Any]]:
        best: dict[str, list[dict[str, Any]]] = {}
        for number in range(len(self.shards)):
            shown = read_json(self.folders["tokens"] / f"{number:05d}.shown.json")["samples"]
            for origin, rows in shown.items():
                both = [*best.get(origin, []), *rows]
                best[origin] = sorted(both, key=lambda r: (r["drawn"], r["id"]))[:SAMPLES]
        return [{"origin": origin, **row} for origin, rows in best.items() for row in rows]

    def _duplicates(self) -> list[dict[str, Any]]:
        """Return the first duplicates of each kind and source, to be looked at."""
        import orjson

        found: Counter[tuple[str, str]] = Counter()
        rows = []
        for kind in (DUPLICATE, NEAR_DUPLICATE):
            folder = self.folders["tokens"] / "dropped" / kind.replace(" ", "-")
            for path in sorted(folder.glob("*.jsonl")):
                with path.open("rb") as lines:
                    for line in lines:
                        row = orjson.loads(line)
                        found[kind, row["origin"]] += 1
                        if found[kind, row["origin"]] > _SHOWN_DUPLICATES:
                            break
                        rows.append({"kind": kind, **row})
        return rows


def _summed(groups: list[dict[str, Any]], by: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for group in groups:
        total = found.setdefault(group[by], {"documents": 0, "tokens": 0})
        total["documents"] += group["documents"]
        total["tokens"] += group["tokens"]
    return dict(sorted(found.items()))
