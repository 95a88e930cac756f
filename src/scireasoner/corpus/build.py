"""Build the corpus of a run: check, drop duplicates and test rows, weigh, shuffle, write.

One process, for corpora made from tasks; ``scale`` builds from dumps, with the same checks. Two
spellings of one molecule are no duplicates here: a run's corpus holds them on purpose.

The document work runs on datatrove, whose blocks also run on Slurm or Ray clusters.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import writing
from scireasoner.corpus.cleaning import DUPLICATE, Rules, unsound
from scireasoner.corpus.documents import Document
from scireasoner.errors import DataError, InputError, MissingTool, nearest

DOCUMENTS = "documents.jsonl"
DROPPED = "dropped.jsonl"
_RULES = Rules()

Forbidden = Callable[[Document], str | None]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much text there is."""

    documents: int = 0
    characters: int = 0

    def plus(self, characters: int, copies: int = 1) -> Amount:
        """Return the amount with ``copies`` more documents of so many characters."""
        return Amount(self.documents + copies, self.characters + copies * characters)


@dataclass(frozen=True)
class CorpusStats:
    """What went in and what came out.

    Parameters
    ----------
    read : documents that came.
    dropped : reason -> documents; broken ones, duplicates and what ``forbidden`` named.
    kept : distinct documents that passed every check.
    written : documents in the file, where weights repeat or thin out the kept ones.
    domains, sources, licences : the written amount by each.
    """

    read: int
    dropped: Mapping[str, int]
    kept: Amount
    written: Amount
    domains: Mapping[str, Amount]
    sources: Mapping[str, Amount]
    licences: Mapping[str, Amount]

    @property
    def duplicates(self) -> int:
        """Documents dropped because an equal text came before."""
        return self.dropped.get(DUPLICATE, 0)

    def as_facts(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return asdict(self)


def build_corpus(
    documents: Iterable[Document],
    out: Path,
    *,
    forbidden: Forbidden,
    seed: int,
    weights: Mapping[str, float] | None = None,
) -> CorpusStats:
    """Write the usable documents, shuffled, to ``documents.jsonl`` and the others beside.

    Parameters
    ----------
    documents : read once.
    out : the folder; ``dropped.jsonl`` in it names the reason for each dropped document.
    forbidden : the reason why a document must not be trained on (it leaks a test row), or None.
    seed : fixes the order and, for fractional weights, which documents are repeated.
    weights : domain -> how often its documents are seen: 1 once, 2 twice, 0.5 half of them.

    Raises
    ------
    InputError : for a negative weight or one of a domain that no document has.
    StorageError : if nothing can be written.
    """
    weights = weights or {}
    _check_weights(weights)
    tally = _Tally(forbidden)
    work = out / ".building"
    with writing(out):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            _run(documents, work, tally)
            for name in (DOCUMENTS, DROPPED):
                (work / name).touch()
            _check_domains(weights, tally.domains)
            stats = _shuffle(work / DOCUMENTS, work / "shuffled", tally, weights, seed)
            (work / DROPPED).replace(out / DROPPED)
            (work / "shuffled").replace(out / DOCUMENTS)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return stats


def read_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a ``documents.jsonl`` in order, one line in memory at a time.

    Raises
    ------
    DataError : if the file is missing or a line of it is broken.
    """
    advice = "build the corpus again"
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    text = json.loads(line)["text"]
                except (ValueError, KeyError, TypeError) as error:
                    raise DataError(
                        f"{path}, line {number} is broken ({error}): {advice}"
                    ) from error
                yield text
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing: {advice}") from error


class _Tally:
    """Decides on each document and counts."""

    def __init__(self, forbidden: Forbidden) -> None:
        self.forbidden = forbidden
        self.read = 0
        self.kept = Amount()
        self.dropped: Counter[str] = Counter()
        self.domains: dict[str, None] = {}
        self.seen: set[bytes] = set()

    def decide(self, document: Document) -> str | None:
        """Return the reason to drop a document, or None to keep it."""
        self.read += 1
        reason = (
            unsound(document, _RULES) or self._repeated(document.text) or self.forbidden(document)
        )
        if reason is None:
            self.kept = self.kept.plus(len(document.text))
            self.domains[document.domain] = None
        else:
            self.dropped[reason] += 1
        return reason

    def _repeated(self, text: str) -> str | None:
        key = hashlib.blake2b(text.strip().encode(), digest_size=16).digest()
        if key in self.seen:
            return DUPLICATE
        self.seen.add(key)
        return None


def _run(documents: Iterable[Document], work: Path, tally: _Tally) -> None:
    """Send the documents through datatrove: into ``documents.jsonl`` or ``dropped.jsonl``."""
    try:
        from datatrove.data import Document as Row
        from datatrove.executor import LocalPipelineExecutor
        from datatrove.pipeline.filters import LambdaFilter
        from datatrove.pipeline.writers import JsonlWriter
        from loguru import logger
    except ImportError as error:
        raise MissingTool(
            "datatrove", "building a corpus", "pip install 'datatrove[io]' orjson"
        ) from error

    def read(_: object, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        for document in documents:
            text = document.text if isinstance(document.text, str) else ""
            yield Row(text=text, id=document.id, metadata={"document": document})

    def decide(row: Any) -> bool | tuple[bool, str]:
        reason = tally.decide(row.metadata["document"])
        return True if reason is None else (False, reason)

    def writer(name: str) -> Any:
        return JsonlWriter(str(work), name, compression=None, adapter=_row)

    # datatrove logs every step to the terminal; a failure is raised and loses nothing.
    logger.disable("datatrove")
    try:
        LocalPipelineExecutor(
            [read, LambdaFilter(decide, exclusion_writer=writer(DROPPED)), writer(DOCUMENTS)],
            tasks=1,
            workers=1,
            logging_dir=str(work / "log"),
            skip_completed=False,
        ).run()
    finally:
        logger.enable("datatrove")


def _row(_: object, row: Any) -> dict[str, Any]:
    document: Document = row.metadata["document"]
    fields: dict[str, Any] = {
        "text": _shown(row.text),
        "id": _shown(document.id),
        "source": document.source,
        "licence": document.licence,
        "domain": str(document.domain),
        "meta": {key: _shown(value) for key, value in document.meta.items()},
    }
    if reason := row.metadata.get("filter_reason"):
        fields["reason"] = reason
    return fields


def _shown(text: str) -> str:
    """Return a text as well as it goes: what is dropped may hold what JSON cannot."""
    return text.encode("utf-8", "backslashreplace").decode()


def _check_weights(weights: Mapping[str, float]) -> None:
    for domain, weight in weights.items():
        if not (math.isfinite(weight) and weight >= 0):
            raise InputError(
                f"the weight of the domain {domain!r} is {weight}: a number of at least 0 was "
                "expected (1 keeps it as it is)"
            )


def _check_domains(weights: Mapping[str, float], known: Mapping[str, None]) -> None:
    unknown = [domain for domain in weights if domain not in known]
    if unknown:
        raise InputError(
            f"a weight is given for the domain {unknown[0]!r}, of which there is no document"
            f"{nearest(unknown[0], known)}"
        )


def _draw(seed: int, purpose: str, name: str) -> int:
    digest = hashlib.blake2b(f"{seed}\0{purpose}\0{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _copies(weight: float, seed: int, name: str) -> int:
    whole = math.floor(weight)
    return whole + (_draw(seed, "share", name) < (weight - whole) * 2**64)


def _shuffle(
    source: Path, target: Path, tally: _Tally, weights: Mapping[str, float], seed: int
) -> CorpusStats:
    """Write the rows in the order of a seeded hash, repeated by weight; only offsets in memory."""
    order: list[tuple[int, int]] = []
    written = Amount()
    groups: dict[str, dict[str, Amount]] = {"domain": {}, "source": {}, "licence": {}}
    with source.open("rb") as rows:
        offset = 0
        for number, line in enumerate(rows):
            row = json.loads(line)
            name = f"{number}\0{row['id']}"
            copies = _copies(weights.get(row["domain"], 1.0), seed, name)
            order += [(_draw(seed, f"order {i}", name), offset) for i in range(copies)]
            offset += len(line)
            if copies:
                written = written.plus(len(row["text"]), copies)
                for kind, group in groups.items():
                    amount = group.get(row[kind], Amount())
                    group[row[kind]] = amount.plus(len(row["text"]), copies)
        with target.open("wb") as file:
            for _, start in sorted(order):
                rows.seek(start)
                file.write(rows.readline())
    return CorpusStats(
        tally.read,
        dict(sorted(tally.dropped.items())),
        tally.kept,
        written,
        *(dict(sorted(group.items())) for group in groups.values()),
    )
