"""Rows of JSON: one text a row, as in C4, OIG, StackExchange dumps and documents of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scireasoner.corpus.documents import Document
from scireasoner.corpus.readers.base import Item, Opened, Origin, Source, opened
from scireasoner.errors import InputError

_TEXTS = ("text", "content", "body", "abstract", "raw_content")
_IDS = ("id", "_id", "url", "doc_id", "question_id", "corpusid")
_PAIRS = (("instruction", "output"), ("question", "answer"), ("prompt", "completion"))


def read_jsonl(
    source: Source,
    origin: Origin,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    keep: Sequence[str] = (),
) -> Iterator[Item]:
    """Read JSON lines.

    Parameters
    ----------
    text : field of the text, or several that are joined by a blank line; found by its usual names
        (``text``, ``content``, ``question`` and ``answer`` ...) by default.
    id : field of the id; the line's number where there is none.
    keep : further fields that go into ``meta``.
    """
    with opened(source, origin) as file:
        for row in json_rows(file):
            if isinstance(row, Mapping):
                fields = (text,) if isinstance(text, str) else text
                yield row_document(file, origin, row, file.count, fields, id, keep)
            else:
                yield row
        yield from file.ending()


def json_rows(file: Opened) -> Iterator[Any]:
    """Yield the JSON object of each line, or what is broken in it."""
    parts: list[bytes] = []
    too_long = False
    for line in file.lines():
        if not line.endswith(b"\n") and len(line) > 1 << 20 and file.fault is None:
            parts, too_long = [line[:200]], True  # more of the same line follows
            continue
        if too_long:
            yield file.broken("the line is too long", parts[0])
            too_long = False
            continue
        if not line.strip():
            continue
        yield _object(file, line)


def _object(file: Opened, line: bytes) -> Any:
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


def row_document(
    file: Opened,
    origin: Origin,
    row: Mapping[str, Any],
    number: int,
    text: Sequence[str] | None,
    id: str | None,
    keep: Sequence[str],
) -> Item:
    """Return a row of named fields as a document, or what is wrong with it."""
    place = f"line {number}"
    names = text or _usual(row)
    if names is None:
        found = ", ".join(map(repr, list(row)[:8]))
        return file.broken("no field of text: name it with text=", found, place)
    values = [row.get(name) for name in names]
    if not all(isinstance(value, str) for value in values):
        missing = next(n for n, v in zip(names, values, strict=True) if not isinstance(v, str))
        return file.broken(f"the field {missing!r} is missing or no text", repr(row)[:80], place)
    body = "\n\n".join(value.strip() for value in values if isinstance(value, str))
    if not body.strip():
        return file.broken("the text is empty", repr(row)[:80], place)
    keys = (id,) if id is not None else _IDS
    key = next((str(row[k]) for k in keys if row.get(k) not in (None, "")), str(number))
    meta = {k: str(row[k]) for k in keep if row.get(k) not in (None, "")}
    return Document(body, origin.source, origin.licence, file.id(key), origin.domain, meta)


def _usual(row: Mapping[str, Any]) -> Sequence[str] | None:
    for name in _TEXTS:
        if isinstance(row.get(name), str):
            return (name,)
    return next((pair for pair in _PAIRS if all(isinstance(row.get(n), str) for n in pair)), None)


def check_names(given: Sequence[str], known: Sequence[str], what: str) -> None:
    """Raise InputError for a name that a table does not have."""
    for name in given:
        if name not in known:
            raise InputError(f"there is no {what} {name!r}: it has {', '.join(known)}")
