"""Rows of named fields: JSON lines or an array, parquet. C4, OIG, StackExchange, own documents."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scireasoner.corpus.readers.base import (
    LONGEST_LINE,
    SKIPPED,
    Broken,
    Item,
    Opened,
    Origin,
    Source,
    opened,
)
from scireasoner.corpus.readers.roles import Plan, of_rows
from scireasoner.errors import DataError

_BLOCK = 1 << 16
_BETWEEN = re.compile(r"[ \t\r\n,]*")


@of_rows
def read_jsonl(source: Source, origin: Origin, wanted: Plan) -> Iterator[Item]:
    """Read JSON lines, or one JSON array; options as in :class:`RowOptions`."""
    with opened(source, origin) as file:
        for place, row in json_rows(file):
            if isinstance(row, Broken):
                yield row
            else:
                yield wanted.document(file, origin, row, file.count, place)
        yield from file.ending()


def json_rows(file: Opened) -> Iterator[tuple[str, dict[str, Any] | Broken]]:
    """Yield place and JSON object of each line or array element, or what is broken in it."""
    lines = file.lines()
    first = next((line for line in lines if line.strip()), b"")
    if first.lstrip().startswith(b"["):
        file.count = 0  # of elements from here on
        yield from _array(file, first)
        return
    too_long = b""
    for line in _again(first, lines):
        if len(line) >= LONGEST_LINE and not line.endswith(b"\n"):
            too_long = too_long or line[:200]  # more of the same line follows
        elif too_long:
            yield "", file.broken("the line is too long", too_long)
            too_long = b""
        elif line.strip():
            yield f"line {file.count}", _object(file, line)
    if too_long:
        yield "", file.broken("the line is too long", too_long)


def _again(first: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from lines


def _object(file: Opened, line: bytes) -> dict[str, Any] | Broken:
    if not file.turn.mine:
        return SKIPPED
    try:
        row = json.loads(line)
    except UnicodeDecodeError:
        return file.broken("the line is not UTF-8", line)
    except ValueError as error:
        cut = not line.endswith(b"\n")
        reason = "the line is cut off" if cut else f"the line is no JSON ({error})"
        return file.broken(reason, line)
    except RecursionError:
        return file.broken("the JSON is nested too deeply", line)
    if not isinstance(row, dict):
        return file.broken("the line is no JSON object", line)
    return row


class _Characters:
    """The text of a stream from a point on, read as it is asked for."""

    def __init__(self, file: Opened, first: bytes) -> None:
        self._read = file.stream.read1
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.text = self._decode(first)
        self.at = 0

    def more(self) -> bool:
        """Read at least as much again as is left; False at the end."""
        left = len(self.text) - self.at
        data = self._read(max(_BLOCK, left))
        self.text = self.text[self.at :] + self._decode(data, final=not data)
        self.at = 0
        return bool(data)

    def next(self) -> str:
        """Return the next character that is neither blank nor comma, unread; empty at the end."""
        while True:
            found = _BETWEEN.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def element(self, decoder: json.JSONDecoder) -> Any:
        """Return the JSON value here.

        Raises
        ------
        ValueError : if there is none, or it is longer than the longest line.
        """
        while True:
            try:
                value, self.at = decoder.raw_decode(self.text, self.at)
            except ValueError:
                # Broken and not yet complete look alike: read on.
                if len(self.text) - self.at > LONGEST_LINE or not self.more():
                    raise
            else:
                return value


def _array(file: Opened, first: bytes) -> Iterator[tuple[str, dict[str, Any] | Broken]]:
    """Yield the elements of ``[{...}, {...}]``, one in memory at a time."""
    characters = _Characters(file, first.lstrip()[1:])
    decoder = json.JSONDecoder()
    while (character := characters.next()) != "]":
        file.count += 1
        place = f"element {file.count}"
        if not character:
            yield place, file.broken("the array is cut off", place=place)
            return
        try:
            row = characters.element(decoder)
        except (ValueError, RecursionError) as error:
            # Where the element ends is not known, so nothing after it can be read.
            rest = characters.text[characters.at :]
            reason = f"the array is cut off or no JSON from here on ({error})"
            yield place, file.broken(reason, rest[:80], place)
            return
        if isinstance(row, dict):
            yield place, row
        else:
            yield place, file.broken("the element is no JSON object", str(row)[:80], place)


@of_rows
def read_parquet(source: Source, origin: Origin, wanted: Plan) -> Iterator[Item]:
    """Read parquet, 1,000 rows in memory at a time; options as in :class:`RowOptions`.

    The stream must be able to seek: a parquet file is read from its end.
    """
    import pyarrow
    import pyarrow.parquet as parquet

    if isinstance(source, Path) and not source.is_file():
        raise DataError(f"{source} cannot be read: give a file")
    file = Opened.named(source, origin)
    try:
        table = parquet.ParquetFile(source)
    except (pyarrow.ArrowException, OSError) as error:
        yield file.broken(f"the file is no parquet or is cut off ({error})", place="the whole file")
        return
    number = 0
    for group in range(table.num_row_groups):
        try:
            for batch in table.iter_batches(1_000, row_groups=[group]):
                for row in batch.to_pylist():
                    number += 1
                    yield wanted.document(file, origin, row, number, f"row {number}")
        except (pyarrow.ArrowException, OSError) as error:
            yield file.broken(f"the row group is damaged ({error})", place=f"row group {group + 1}")
