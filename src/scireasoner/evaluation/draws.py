"""Several answers of one question, each on a line of its own, become one prediction.

What ``scireasoner eval`` writes has the draws of a question one after the other; other programs ask
all questions once, then all once more.
"""

from __future__ import annotations

import pickle
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from scireasoner.evaluation.members import piece
from scireasoner.types import Mode, Sample

_LATER = re.compile(rb'"draw"\s*:\s*[1-9]')


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model answered to one row, best first.

    ``sample`` is the row itself where the file brings its gold along, else None: then the row is
    looked up in the task's data by ``id``. ``finishes`` and ``tokens`` go with the texts, as far
    as they are known.
    """

    task: str
    id: str
    texts: tuple[str, ...]
    sample: Sample | None = None
    mode: Mode | None = None
    finishes: tuple[str, ...] = ()
    tokens: tuple[int, ...] = ()
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A piece of a file that could not be scored, and why; nothing is dropped without one."""

    where: str
    what: str


Line = tuple[int, Prediction | Problem]
"""What a line holds, with the number of the draw that it says it is (0 if it says none)."""


def apart(lines: Iterable[bytes]) -> bool:
    """Return whether a later draw does not follow an earlier one of its question."""
    last, before = b"", None
    for line in lines:
        if not line.strip():
            continue
        now = _draw(line) if _LATER.search(line) else None
        if now is not None:
            before = before or _draw(last)
            if before is None or before[0] != now[0] or before[1] >= now[1]:
                return True
        last, before = line, now
    return False


def _draw(line: bytes) -> tuple[tuple[str, str], int] | None:
    """Return whose draw a line is, and which; None if it says neither."""
    try:
        row = piece(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict):
        return None
    draw = row.get("draw", 0)
    name = str(row.get("task")), str(row.get("id", row.get("sample")))
    return (name, draw) if isinstance(draw, int) else None


def following(lines: Iterable[Line]) -> Iterator[Prediction | Problem]:
    """Yield the predictions of lines on which a later draw follows the one before it."""
    held: Prediction | None = None
    last = 0
    for draw, item in lines:
        if isinstance(item, Prediction) and held is not None and _is_of(held, item) and draw > last:
            held, last = _joined(held, item), draw
            continue
        if held is not None:
            yield held
        held, last = item if isinstance(item, Prediction) else None, draw
        if isinstance(item, Problem):
            yield item
    if held is not None:
        yield held


def gathered(lines: Iterable[Line]) -> Iterator[Prediction | Problem]:
    """Yield the problems, then the predictions in the order of their first lines.

    The texts wait in a temporary file. A draw that comes again begins another prediction.
    """
    found: list[dict[int, int]] = []
    newest: dict[tuple[str, str], dict[int, int]] = {}
    with tempfile.TemporaryFile(prefix="scireasoner-") as file:
        for draw, item in lines:
            if isinstance(item, Problem):
                yield item
                continue
            places = newest.get((item.task, item.id))
            if places is None or draw in places:
                places = newest[item.task, item.id] = {}
                found.append(places)
            places[draw] = file.tell()
            pickle.dump(item, file, protocol=pickle.HIGHEST_PROTOCOL)
        for places in found:
            first, *others = (_at(file, places[draw]) for draw in sorted(places))
            for other in others:
                first = _joined(first, other)
            yield first


def _at(file: IO[bytes], place: int) -> Prediction:
    file.seek(place)
    item: Prediction = pickle.load(file)
    return item


def _is_of(held: Prediction, item: Prediction) -> bool:
    return (held.task, held.id) == (item.task, item.id)


def _joined(held: Prediction, item: Prediction) -> Prediction:
    return replace(
        held,
        texts=(*held.texts, *item.texts),
        finishes=(*held.finishes, *item.finishes),
        tokens=(*held.tokens, *item.tokens),
    )
