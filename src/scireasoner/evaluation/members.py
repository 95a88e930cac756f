"""JSON of any origin: what a piece holds, and the members of one large object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scireasoner.errors import DataError

MAX_LINE = 64 * 1024 * 1024
"""The longest piece of a file that is read at once, in characters."""

_BLANK = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n,]*")
_HALF = re.compile(r"[\ud800-\udfff]")
# Only an escape can bring such a half, so most pieces need no walk.
_ESCAPED = re.compile(r"\\u[dD][89abABcdefCDEF]")

_HALVES = re.compile(rb"\\u[dD][89abABcdefCDEF]|\xed[\xa0-\xbf]")

TOO_DEEP = "nested too deeply"


def whole(value: Any) -> Any:
    """Return a JSON value with U+FFFD for each half of a character, which no file can hold."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {whole(key): whole(item) for key, item in value.items()}
    return value


def piece(line: bytes) -> Any:
    """Return what a line of JSON holds, as `whole` returns it; ValueError if it is no JSON."""
    value = json.loads(line)
    return whole(value) if _HALVES.search(line) else value


def members(path: Path, block: int = 1 << 16) -> Iterator[tuple[str, Any]]:
    """Yield the members of one large JSON object without loading it whole.

    Raises
    ------
    DataError : if the file is no object, or breaks off; the members before that were yielded.
    """
    decode = json.JSONDecoder().raw_decode
    with path.open(encoding="utf-8", errors="replace") as file:
        buffer = file.read(block).lstrip("\ufeff \t\r\n")
        if not buffer.startswith("{"):
            raise DataError("a JSON object was expected: one entry a row, by its number")
        at = 1
        while True:
            start = _past(_BETWEEN, buffer, at)
            if buffer.startswith("}", start):
                return
            try:
                key, end = decode(buffer, start)
                end = _past(_BLANK, buffer, end)
                if not buffer.startswith(":", end):
                    raise ValueError("no value")
                value, at = decode(buffer, _past(_BLANK, buffer, end + 1))
                if at == len(buffer):
                    raise ValueError("cut")  # a number may go on in the next block
            except RecursionError:
                raise DataError(f"the JSON is {TOO_DEEP} near {buffer[start:][:60]!r}") from None
            except ValueError:
                buffer, at = buffer[start:], 0
                more = file.read(max(block, len(buffer)))
                if not more or len(buffer) > MAX_LINE:
                    raise DataError(
                        f"the JSON breaks off or is broken near {buffer[:60]!r}"
                    ) from None
                buffer += more
                continue
            if _ESCAPED.search(buffer, start, at):
                key, value = whole(key), whole(value)
            yield str(key), value


def _past(blank: re.Pattern[str], text: str, at: int) -> int:
    found = blank.match(text, at)
    return at if found is None else found.end()
