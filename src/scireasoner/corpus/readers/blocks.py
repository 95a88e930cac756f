"""Records between marks: SDF, UniProt text, XML. Each is cut out and parsed alone.

So one broken record costs one record, memory holds one, and no parser of XML ever sees a document
type, where entities that expand without end would be declared.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from scireasoner.corpus.readers.base import SKIPPED, Broken, Opened

LONGEST = 1 << 26
"""Bytes of one record."""
_BLOCK = 1 << 18
_RAISED = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}encoding=["']([A-Za-z0-9._-]{1,40})["']""")


def line_blocks(file: Opened, last: bytes) -> Iterator[tuple[str, bytes, bool]]:
    """Yield place, bytes and wholeness of records that each end with the line ``last``.

    A record without its end, or too long to hold, is not whole.
    """
    parts: list[bytes] = []
    size, start = 0, 1
    for line in file.lines(1 << 20):
        if line.rstrip() == last:
            yield f"line {start}", b"".join(parts), size <= LONGEST
            parts, size, start = [], 0, file.count + 1
            continue
        size += len(line)
        if size <= LONGEST:
            parts.append(line)
    rest = b"".join(parts)
    if rest.strip():
        yield f"line {start}", rest, False


def xml_blocks(file: Opened, tag: str) -> Iterator[tuple[str, ET.Element | Broken]]:
    """Yield place and element of every ``<tag>`` that is not inside another, or what is wrong."""
    encoding = ""
    for number, (body, whole) in enumerate(_xml_bodies(file, tag), start=1):
        if number == 1:
            told = _ENCODING.match(body)
            encoding = told.group(1).decode() if told else "utf-8"
            continue
        file.count = number - 1
        place = f"record {file.count}"
        if whole:
            yield place, _element(file, body, encoding, place)
        else:
            yield place, file.broken("the record has no end", body[:200], place)


def _xml_bodies(file: Opened, tag: str) -> Iterator[tuple[bytes, bool]]:
    """Yield the file's first bytes, then the bytes of each record and whether it has an end."""
    opening = re.compile(rb"<%s(?=[\s>/])" % tag.encode())
    closing = b"</%s>" % tag.encode()
    read = file.stream.read1
    rest, at = file.stream.read(400), 0
    yield rest.lstrip(), False
    while True:
        found = opening.search(rest, at)
        if found is None:
            # A tag may be cut by the end of what was read.
            more = read(_BLOCK)
            if not more:
                return
            rest, at = rest[max(at, len(rest) - len(closing)) :] + more, 0
            continue
        start, looked = found.start(), found.end()
        while (end := rest.find(closing, looked)) < 0:
            more = read(max(_BLOCK, len(rest) - start)) if len(rest) - start < LONGEST else b""
            if not more:
                yield rest[start : start + 200], False
                return
            looked = max(len(rest) - len(closing) - start, 0)
            rest, start = rest[start:] + more, 0
        at = end + len(closing)
        # Where another record starts before this one ends, its own end is missing.
        while again := opening.search(rest, start + 1, end):
            yield rest[start : again.start()], False
            start = again.start()
        yield rest[start:at], True


def _element(file: Opened, body: bytes, encoding: str, place: str) -> ET.Element | Broken:
    if not file.turn.mine:
        return SKIPPED
    try:
        parser = ET.XMLParser(encoding=encoding)
        parser.feed(body)
        element: ET.Element = parser.close()
    except (ET.ParseError, ValueError, LookupError) as error:
        return file.broken(f"the record is no XML ({error})", body[:200], place)
    return element


def words(element: ET.Element | None) -> str:
    """Return the text of an element and all within it, on one line; exponents stay exponents."""
    if element is None:
        return ""
    for part in list(element.iter("sup")):
        text, tail = raised("".join(part.itertext())), part.tail
        part.clear()
        part.text, part.tail = text, tail
    return " ".join("".join(element.itertext()).split())


def raised(text: str) -> str:
    """Return what a text says in superscript: 10<sup>6</sup> is 10⁶, never 106.

    What has no such letters and holds a figure follows a ``^``; other letters stay as they are.
    """
    bare = text.strip()
    found = bare.translate(_RAISED)
    if not any(character in bare for character in found):
        return found
    return f"^{bare}" if any(map(str.isdecimal, bare)) else text
