"""Tables of text: CSV, TSV, SMILES files, with or without a header.

Known layouts are found by their column names (PubChem, ChEMBL, UniProt, MoleculeNet ...) or, where
there is no header, by what stands in the first line (PubChem ``CID-SMILES``, ZINC ``.smi``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain

from scireasoner.corpus.readers.base import Broken, Item, Opened, Origin, Source, opened, text_of
from scireasoner.corpus.readers.entities import ENTITIES
from scireasoner.corpus.readers.roles import Plan, of_rows, usual
from scireasoner.errors import InputError
from scireasoner.science.molecules import canonical

LONGEST_FIELD = 1 << 20
_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "blank": " "}


@of_rows
def read_table(
    source: Source,
    origin: Origin,
    wanted: Plan,
    *,
    delimiter: str | None = None,
    header: Sequence[str] | None = None,
) -> Iterator[Item]:
    """Read a table with one record a row; further options as in :class:`RowOptions`.

    Parameters
    ----------
    delimiter : ``"tab"``, ``"comma"``, ``"semicolon"``, ``"blank"`` or the character; found in the
        first line by default.
    header : names of the columns where the file has no header line.
    """
    with opened(source, origin) as file:
        yield from _rows(file, origin, wanted, delimiter, header)
        yield from file.ending()


def _rows(
    file: Opened,
    origin: Origin,
    wanted: Plan,
    delimiter: str | None,
    header: Sequence[str] | None,
) -> Iterator[Item]:
    trouble: list[Broken] = []
    lines = _texts(file, trouble)
    first = next((line for line in lines if line.strip()), None)
    yield from _drained(trouble)
    if first is None:
        return
    mark = _DELIMITERS.get(delimiter or "", delimiter) or _delimiter(first)
    try:
        cells = [field.strip() for field in _fields(first, mark)]
    except csv.Error as error:
        yield file.broken(f"the first line is broken ({error})", first)
        return
    names = list(header) if header is not None else _header(cells, wanted)
    if names is None:
        reason = "the columns are not known: name them with columns= or header="
        yield file.broken(reason, first)
        return
    told = header is None and names == cells
    if told:
        _check(wanted, names)
    body = lines if told else chain([first], lines)
    start = file.count + told
    for cells in _cells(file, body, mark, trouble):
        yield from _drained(trouble)
        place = f"line {file.count}" if file.count == start else f"lines {start}-{file.count}"
        start = file.count + 1
        if cells:
            yield _document(file, origin, wanted, names, cells, place)
    yield from _drained(trouble)


def _document(
    file: Opened,
    origin: Origin,
    wanted: Plan,
    names: Sequence[str],
    cells: Sequence[str],
    place: str,
) -> Item:
    if file.fault is not None and len(cells) < len(names):
        return file.broken("the row is cut off", ", ".join(cells), place)
    if len(cells) != len(names):
        reason = f"{len(cells)} fields where the header has {len(names)}"
        return file.broken(reason, ", ".join(cells), place)
    row = dict(zip(names, cells, strict=True))
    return wanted.document(file, origin, row, file.count, place)


def _drained(trouble: list[Broken]) -> Iterator[Broken]:
    yield from trouble
    trouble.clear()


def _texts(file: Opened, trouble: list[Broken]) -> Iterator[str]:
    """Yield the lines that are text; the others are put into ``trouble``."""
    for line in file.lines():
        text = text_of(line)
        if text is None:
            trouble.append(file.broken("the line is not UTF-8", line))
        elif "\0" in text:
            trouble.append(file.broken("the line has a null character", line))
        elif not line.endswith(b"\n") and file.fault is not None:
            trouble.append(file.broken("the row is cut off", line))
        else:
            yield f"{text}\n"


def _cells(
    file: Opened, lines: Iterator[str], mark: str, trouble: list[Broken]
) -> Iterator[list[str]]:
    if mark in " \t":  # tabs and blanks: public dumps of this form do not quote
        for line in lines:
            yield _fields(line, mark) if line.strip() else []
        return
    csv.field_size_limit(LONGEST_FIELD)
    while True:
        try:
            yield from csv.reader(lines, delimiter=mark, strict=True)
        except csv.Error as error:
            # The lines up to here are lost; the next one starts afresh.
            trouble.append(file.broken(f"the row is broken ({error})"))
        else:
            return


def _delimiter(line: str) -> str:
    counts = {mark: line.count(mark) for mark in "\t,;"}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else " "


def _fields(line: str, mark: str) -> list[str]:
    if mark == " ":  # a title may have blanks itself, and may be missing
        return [*line.split(None, 1), ""][:2]
    if mark == "\t":
        return line.rstrip("\n").split("\t")
    return next(csv.reader([line], delimiter=mark), [])


def _header(names: list[str], wanted: Plan) -> list[str] | None:
    """Return the columns' names: those of the first line, or those that its content shows."""
    named = [field for fields in wanted.columns.values() for field in fields]
    found = usual(tuple(names))
    if any(field in names for field in named) or any(
        role in found for role in (*ENTITIES, "text", "question")
    ):
        return names
    if named and set(wanted.columns) != {"id"}:
        known = ", ".join(map(repr, names[:12]))
        raise InputError(f"there is no column {named[0]!r}; the first line has {known}")
    if len(names) <= 2 and canonical(names[0]):
        return ["smiles", "id"][: len(names)]
    if len(names) == 2 and names[0].isdecimal() and canonical(names[1]):
        return ["id", "smiles"]
    return None


def _check(wanted: Plan, names: Sequence[str]) -> None:
    for field in (f for fields in wanted.columns.values() for f in fields):
        if field not in names:
            raise InputError(f"there is no column {field!r}; the table has {', '.join(names)}")
