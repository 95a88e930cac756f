"""Rows before they are split: one global split rule, one fixed order, one set of caps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scireasoner.types import Sample, Split

_TRAIN_BELOW, _DEV_BELOW = 0.90, 0.94
ENTITY_SEPARATOR = " | "
PUBLISHED = "published row"
"""The key in a row's ``meta`` that marks it as one of those the published tables rest on."""
UNSHIPPED = "weights may not ship"
"""The key in a row's ``meta`` that marks it as one from which weights that are given away may not
learn."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row without its split.

    Parameters
    ----------
    entities : canonical keys of what the row is about (a molecule's skeleton, a sequence, a
        formula ...); the split follows from them, so that a test entity is in no other split of
        any task.
    alike : what makes two rows the same question in dev and test; the inputs by default.
    """

    inputs: Mapping[str, str]
    gold: str | None
    entities: tuple[str, ...]
    reference: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    alike: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A question's inputs and its right answer, as raw texts, before it has an id or a split.

    Parameters
    ----------
    inputs, gold, reference, meta : as in :class:`~scireasoner.types.Sample`.
    """

    inputs: Mapping[str, str]
    gold: str | None
    reference: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows of a task may come from.

    Parameters
    ----------
    kind : ``"hub"``, ``"public set"``, ``"embedded"``, ``"file"`` or ``"prompt"``.
    location : where it is looked for.
    present : whether it is there.
    splits : the splits that it gives.
    source, licence : citation and terms.
    comparable : whether its test rows are those of the published tables.
    ships : whether weights trained on it may be given away.
    note : what a user should know.
    sampled : whether its test rows are drawn from those of the published tables: the same
        question, asked of a part.
    partly : whether weights may be given away that learnt from a part of its training rows: those
        without :data:`UNSHIPPED` in their ``meta``.
    """

    kind: str
    location: str
    present: bool
    splits: tuple[Split, ...]
    source: str
    licence: str
    comparable: bool
    ships: bool = False
    note: str = ""
    sampled: bool = False
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Caps:
    """How many rows a task may have per split, and how many compounds are read at all."""

    train: int = 12_000
    dev: int = 200
    test: int = 300
    compounds: int | None = None

    def of(self, split: Split) -> int:
        """Return the cap of a split."""
        return {Split.TRAIN: self.train, Split.DEV: self.dev, Split.TEST: self.test}[split]

    @property
    def drawn(self) -> int:
        """How many rows to draw where rows are made, so that every split can fill its cap."""
        needed = max(self.train / 0.90, self.dev / 0.04, self.test / 0.06)
        return int(1.15 * needed) + 1


def split_of(entity: str) -> Split:
    """Return the split of an entity: SHA-256, 90 % train, 4 % dev, 6 % test, for all tasks."""
    share = int.from_bytes(hashlib.sha256(entity.encode()).digest()[:8], "big") / 2**64
    if share < _TRAIN_BELOW:
        return Split.TRAIN
    return Split.DEV if share < _DEV_BELOW else Split.TEST


def arrange(task: str, rows: Iterable[Row], caps: Caps, seed: int) -> dict[Split, list[Sample]]:
    """Split, deduplicate, order by a seeded hash, and cap.

    Rows whose entities fall into different splits are left out: they would leak.
    """
    keyed: dict[Split, dict[str, tuple[str, Row]]] = {split: {} for split in Split}
    for row in rows:
        splits = {split_of(entity) for entity in row.entities}
        if len(splits) != 1:
            continue
        split = splits.pop()
        question = row.alike if row.alike is not None else repr(sorted(row.inputs.items()))
        # Training keeps several answers to one question; dev and test ask each question once.
        key = f"{question} -> {row.reference}" if split is Split.TRAIN else question
        digest = hashlib.sha256(f"{seed}:{task}:{key}".encode()).hexdigest()
        keyed[split].setdefault(key, (digest, row))
    arranged = {}
    for split, found in keyed.items():
        ordered = sorted(found.values(), key=lambda item: item[0])[: caps.of(split)]
        arranged[split] = [_sample(task, digest, row) for digest, row in ordered]
    return arranged


def _sample(task: str, digest: str, row: Row) -> Sample:
    meta = {**row.meta, "entity": ENTITY_SEPARATOR.join(row.entities)}
    return Sample(f"{task}-{digest[:12]}", dict(row.inputs), row.gold, row.reference, meta)
