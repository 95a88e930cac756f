"""What every reader shares: what a source is, what is broken, and a stream that never raises.

A reader is a generator of :class:`Document` and :class:`Broken`. It holds one record in memory,
names what it cannot read, and goes on with the rest where the format allows.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from scireasoner.corpus.documents import Document
from scireasoner.corpus.readers.unpacked import BLOCK, Tap, unpacked
from scireasoner.errors import DataError, InputError

LONGEST_LINE = 1 << 25
"""Bytes of one line; a longer one is broken, so that a hostile file cannot fill the memory."""

_EXCERPT = 80

Source = Path | IO[bytes]


@dataclass(slots=True)
class Turn:
    """Whose record comes next: shards of one file take its records in turn.

    Who reads counts in ``number`` what has come. A reader looks before it works on a record, and
    gives ``SKIPPED`` for another's: finding where records end is all that each shard repeats.
    """

    first: int = 0
    step: int = 1
    number: int = 0

    @property
    def mine(self) -> bool:
        """Whether the next record belongs to this shard."""
        return self.number % self.step == self.first


@dataclass(frozen=True, slots=True)
class Origin:
    """What the user states about a source; the file itself does not say it.

    Parameters
    ----------
    source : citation of where it comes from.
    licence : terms of use, e.g. ``"CC-BY-4.0"``.
    domain : what it is about, e.g. ``"protein"``.
    name : stands before the ids of its documents; the file's name by default.
    turn : which records are wanted; all by default.
    """

    source: str
    licence: str
    domain: str
    name: str = ""
    turn: Turn = field(default_factory=Turn, compare=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that is no document.

    Parameters
    ----------
    source : path or name of the file.
    place : where in it, such as ``"line 12"`` or ``"record 3"``.
    reason : what is wrong, in words.
    excerpt : the first characters of it.
    """

    source: str
    place: str
    reason: str
    excerpt: str = ""


Item = Document | Broken

SKIPPED = Broken("", "", "a record of another shard")
"""Stands for a record that was not worked on, so that the others keep their numbers."""

Reader = Callable[..., Iterator[Item]]
"""``read(source, origin, **options)``: the documents of a source in its order, and what is broken.

Options are keyword arguments; ``readers.options_of`` lists them.
"""


class Opened:
    """The unpacked bytes of a source.

    Parameters
    ----------
    name : path or name, for messages and ids.
    turn : which records are wanted.
    stream : to read from; it ends early, and ``fault`` says why, where the file is damaged.
    """

    def __init__(self, name: str, tap: Tap, prefix: str, turn: Turn) -> None:
        self.name = name
        self.turn = turn
        self.prefix = prefix
        self.stream = io.BufferedReader(tap, BLOCK)
        self.count = 0
        self._tap = tap

    @classmethod
    def named(cls, name: object, origin: Origin) -> Opened:
        """Return a source that another library reads; it gives names and ids alone."""
        text = str(name) if isinstance(name, str | Path) else str(getattr(name, "name", "stream"))
        return cls(text, Tap(lambda _: b""), origin.name or _stem(text), origin.turn)

    @property
    def fault(self) -> str | None:
        """Why the stream ended early; None if it did not (yet)."""
        return self._tap.fault

    def lines(self, longest: int = LONGEST_LINE) -> Iterator[bytes]:
        """Yield lines with their end; one above ``longest`` bytes comes in several pieces.

        ``count`` is the number of the line that came last.
        """
        readline, whole = self.stream.readline, True
        while line := readline(longest):
            self.count += whole
            whole = line.endswith(b"\n")
            yield line

    def broken(self, reason: str, excerpt: bytes | str = "", place: str = "") -> Broken:
        """Return what is wrong at the line read last, or at ``place``."""
        if isinstance(excerpt, bytes):
            excerpt = excerpt[: 4 * _EXCERPT].decode("utf-8", "backslashreplace")
        return Broken(self.name, place or f"line {self.count}", reason, excerpt.strip()[:_EXCERPT])

    def ending(self) -> Iterator[Broken]:
        """Yield what cut the stream short, if anything did; call it at the end."""
        if self.fault is not None:
            place = f"after line {self.count}" if self.count else "the whole file"
            yield self.broken(self.fault, place=place)

    def id(self, key: str | int) -> str:
        """Return the id of a document from its key in the source."""
        return f"{self.prefix}/{key}"


@contextmanager
def opened(source: Source, origin: Origin) -> Iterator[Opened]:
    """Open a path or a binary stream, unpacked by its first bytes (gzip, zstd, bz2, xz).

    Raises
    ------
    DataError : if there is no such file.
    InputError : if the stream gives text instead of bytes.
    MissingTool : for zstd without pyarrow.
    """
    if isinstance(source, Path):
        name = str(source)
        try:
            raw: IO[bytes] = source.open("rb")
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            raise DataError(f"{source} cannot be read ({error.strerror}): give a file") from error
    else:
        name, raw = str(getattr(source, "name", "stream")), source
        if hasattr(source, "encoding"):
            raise InputError("a stream of text was given, bytes were expected: open it with 'rb'")
    prefix = origin.name or _stem(name)
    try:
        yield Opened(name, unpacked(raw), prefix, origin.turn)
    finally:
        if isinstance(source, Path):
            raw.close()


def _stem(name: str) -> str:
    stem = Path(name).name
    for ending in (".gz", ".zst", ".bz2", ".xz"):
        stem = stem.removesuffix(ending)
    return stem.rsplit(".", 1)[0] if "." in stem[1:] else stem


def text_of(line: bytes) -> str | None:
    """Return a line as text, without its end; None if it is not UTF-8."""
    try:
        return line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return None
