"""Judgements kept between runs: what was judged once is not judged again.

A file of predictions is judged in lots, and a lot's judgement depends on its predictions and rows,
on our code, on the packages and tools that it calls, and on the data that some metrics look at.
All of that goes into a name; a file of that name holds the judgement. Where anything changes, the
name changes, and the lot is judged anew. Judgements with failures of our own tools are not kept:
the tool may work the next time.
"""

from __future__ import annotations

import io
import json
import marshal
import os
import platform
import shutil
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from importlib.metadata import distributions
from itertools import islice
from pathlib import Path
from typing import Any

import scireasoner
from scireasoner.artifacts import write_bytes
from scireasoner.errors import InputError
from scireasoner.evaluation.draws import Prediction, Problem
from scireasoner.evaluation.judging import Lot
from scireasoner.evaluation.lots import Judges
from scireasoner.evaluation.rating import Rated, Rating, Score
from scireasoner.evaluation.spill import Judged
from scireasoner.settings import data_roots
from scireasoner.types import OUR_FAULTS, Estimate, Sample

_WINDOW = 64
"""Known lots in a row that end a run of new ones."""

_NOT_JUDGING = ("weights", "recipes", "__pycache__")
"""Folders of the package on which no judgement depends."""

_DAMAGED = (ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError)
"""What a file raises that is cut off or has wrong bytes, in its kind of compression too: what it
held is judged again."""

_VARIABLES = ("SCIREASONER", "NLTK_DATA")


@dataclass(frozen=True)
class _Known:
    """A lot, its name, and its judgement if that is kept."""

    lot: Lot
    name: str
    made: Judged | None

    @property
    def answers(self) -> int:
        return sum(len(prediction.texts) for prediction, _ in self.lot.rows)


class Kept:
    """Judges that look first into a folder of what they judged before.

    Parameters
    ----------
    judges : who judges what is not there.
    folder : where judgements are kept; it may be deleted at any time.
    files : Python files that register tasks of the user's own.

    Raises
    ------
    InputError : if the folder is a file.
    """

    def __init__(self, judges: Judges, folder: Path, files: Sequence[str] = ()) -> None:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file: give a folder where judgements are kept")
        self._judges = judges
        self._folder = folder / surroundings(files, folder)[:16]
        self._names: dict[str, list[str | None]] = {}

    def judged(self, lots: Iterable[Lot]) -> Iterator[Judged]:
        """Yield the judgement of each lot in the order of the lots."""
        stream = iter(lots)
        for lot in stream:
            known = self._known(lot)
            if known.made is None:
                yield from self._run(known, stream)
            else:
                yield from self._noted(known, [known.made])

    def _run(self, first: _Known, stream: Iterator[Lot]) -> Iterator[Judged]:
        """Yield the judgements from a new lot on, until many known ones in a row have come.

        The judges draw new lots ahead, so that none of them waits for another.
        """
        waiting = deque([first])

        def new() -> Iterator[Lot]:
            yield first.lot
            row = 0
            for lot in stream:
                waiting.append(self._known(lot))
                row = 0 if waiting[-1].made is None else row + 1
                if row == 0:
                    yield lot
                elif row == _WINDOW:
                    return

        fresh = self._judges.judged(new())
        pieces: list[Judged] = []  # several of one lot where an answer of it killed its judge
        while waiting:
            made = waiting[0].made
            if made is not None:
                yield from self._noted(waiting.popleft(), [made])
            elif sum(len(piece.keys) for piece in pieces) >= waiting[0].answers:
                yield from self._noted(waiting.popleft(), pieces)
                pieces = []
            else:
                pieces.append(next(fresh))
            if not waiting:
                pieces += islice(fresh, 1)  # goes on with the run, where it goes on

    def _known(self, lot: Lot) -> _Known:
        name = lot_name(lot)
        return _Known(lot, name, self._judgement(name))

    def _noted(self, known: _Known, pieces: list[Judged]) -> list[Judged]:
        sound = known.made is not None or self._keep(known.name, pieces)
        self._names.setdefault(known.lot.task, []).append(known.name if sound else None)
        return pieces

    def rated(self, works: Sequence[Rating]) -> Iterator[Rated]:
        """Yield the score of each task, in order; the lots are those that were judged before."""
        names = [self._rating_name(work) for work in works]
        found = [None if name is None else self._score(name) for name in names]
        new = [work for work, made in zip(works, found, strict=True) if made is None]
        fresh = self._judges.rated(new) if new else iter(())
        for name, made in zip(names, found, strict=True):
            rated = next(fresh) if made is None else made
            if made is None and name is not None:
                self._write(f"{name}.json", json.dumps(asdict(rated)).encode())
            yield rated

    def _rating_name(self, work: Rating) -> str | None:
        names = self._names.get(work.task, [])
        if None in names:
            return None
        return _digest(marshal.dumps([work.task, work.missing, work.seed, names], 2))

    def _judgement(self, name: str) -> Judged | None:
        content = self._read(f"{name}.npz")
        try:
            return None if content is None else _unpacked(content)
        except _DAMAGED:
            return None

    def _keep(self, name: str, pieces: Sequence[Judged]) -> bool:
        """Keep a lot's judgement; False, and nothing kept, if a tool of ours failed in it."""
        ours = {fault.value for fault in OUR_FAULTS}
        if len(pieces) != 1 or ours & pieces[0].faults.keys():
            return False
        self._write(f"{name}.npz", _packed(pieces[0]))
        return True

    def _score(self, name: str) -> Rated | None:
        content = self._read(f"{name}.json")
        try:
            return None if content is None else _rated(json.loads(content))
        except _DAMAGED:
            return None

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name[:2] / name).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, name: str, content: bytes) -> None:
        write_bytes(self._folder / name[:2] / name, content, lasting=False)


# Names ------------------------------------------------------------------------------------------


def lot_name(lot: Lot) -> str:
    """Return a name for what is judged: equal for equal predictions and rows, in any process."""
    rows = [[*_prediction(prediction), *_sample(sample)] for prediction, sample in lot.rows]
    # Of this version since it writes values alone; later ones also write which objects are shared.
    return _digest(marshal.dumps([lot.task, rows], 2))


def _prediction(p: Prediction) -> list[Any]:
    mode = None if p.mode is None else p.mode.value
    return [p.id, list(p.texts), mode, list(p.finishes), list(p.tokens), p.probability]


def _sample(sample: Sample) -> list[Any]:
    inputs, meta = dict(sample.inputs), dict(sample.meta)
    return [sample.id, inputs, sample.gold, sample.reference, meta]


def surroundings(files: Sequence[str] = (), kept: Path | None = None) -> str:
    """Return a digest of everything besides the answers that a judgement may depend on.

    Our code, Python and every installed package by version, Java, the variables and folders that
    name data or models (files by size and time of change), and the user's own task files. A
    package that is edited in place, without a new version, is not seen. Nor is what lies in
    ``kept``, which each run may add to.
    """
    own = Path(scireasoner.__file__).parent
    code = [
        (str(path.relative_to(own)), path.read_bytes())
        for path in sorted(own.rglob("*"))
        if path.is_file() and not set(path.relative_to(own).parts) & set(_NOT_JUDGING)
    ]
    packages = sorted(f"{found.name}=={found.version}" for found in distributions())
    named = sorted(item for item in os.environ.items() if item[0].startswith(_VARIABLES))
    texts = [text for _, value in named for text in value.split(os.pathsep)]
    # A model's layer follows an ``@``, which a folder may have in its name as well.
    places = [*map(str, data_roots()), *texts, *(text.rpartition("@")[0] for text in texts)]
    state = [
        platform.python_version(),
        platform.machine(),
        shutil.which("java") or "",
        packages,
        [list(item) for item in named],
        [_tree(place, kept) for place in dict.fromkeys(places) if place],
        [[name, Path(name).read_bytes()] for name in files],
        [list(item) for item in code],
    ]
    return _digest(marshal.dumps(state, 2))


def _tree(top: str, kept: Path | None) -> list[Any]:
    """List a file, or a folder's files but those in ``kept``, with size and time of change."""
    apart = None if kept is None else kept.resolve()
    paths = [top]
    for place, inside, names in os.walk(top, followlinks=True):
        inside[:] = [name for name in inside if Path(place, name).resolve() != apart]
        paths += [os.path.join(place, name) for name in names]
    facts = [(path, os.stat(path)) for path in sorted(paths) if os.path.isfile(path)]
    return [top, *([path, fact.st_size, fact.st_mtime_ns] for path, fact in facts)]


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=20).hexdigest()


# Contents ---------------------------------------------------------------------------------------


def _packed(judged: Judged) -> bytes:
    """Write arrays as arrays and the rest as JSON, so that reading runs no code."""
    import numpy as np

    about = [judged.task, judged.published, list(judged.subtasks.items()), judged.faults,
             judged.faulty, judged.comparable]  # fmt: skip
    file = io.BytesIO()
    text = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    np.savez(file, keys=judged.keys, rows=judged.rows, about=text)
    return file.getvalue()


def _unpacked(content: bytes) -> Judged:
    import numpy as np

    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        keys, rows, text = held["keys"], held["rows"], held["about"].tobytes()
    task, published, subtasks, faults, faulty, comparable = json.loads(text)
    return Judged(
        task,
        keys,
        rows,
        [(key, name, tuple(row)) for key, name, row in published],
        dict(map(tuple, subtasks)),
        Counter(faults),
        [tuple(row) for row in faulty],
        comparable,
    )


def _rated(held: dict[str, Any]) -> Rated:
    problems = tuple(Problem(**row) for row in held["problems"])
    score = held["score"]
    if score is None:
        return Rated(None, problems)
    estimates = {name: Estimate(**row) for name, row in score["estimates"].items()}
    return Rated(Score(**{**score, "estimates": estimates}), problems)
