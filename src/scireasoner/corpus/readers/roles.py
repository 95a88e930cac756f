"""Which field of a row is what: by option, or by the names that public tables use."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from scireasoner.corpus.documents import Document
from scireasoner.corpus.readers.base import SKIPPED, Item, Opened, Origin, Reader
from scireasoner.corpus.readers.entities import ENTITIES, Wish, compose
from scireasoner.errors import InputError, nearest

Columns = Mapping[str, str | Sequence[str]]

# A field's name in lower case, letters and digits alone -> its role; the first that is there wins.
_NAMES: Mapping[str, str] = {
    "id": "chemblid zincid cid compoundcid pubchemcompoundcid id materialid mpid jid entry "
    "accession pmid url docid questionid qid corpusid",
    "smiles": "smiles isosmiles isomericsmiles canonicalsmiles pubchemsmiles "
    "pubchemopeneyeisosmiles connectivitysmiles pubchemopeneyecansmiles",
    "selfies": "selfies",
    "iupac": "iupacname iupac pubchemiupacname iupacnames",
    "protein": "protein proteinsequence aasequence",
    "dna": "dna dnasequence",
    "rna": "rna rnasequence",
    "sequence": "sequence seq",
    "organism": "organism genome",
    "name": "proteinnames",
    "gene": "genenames genenamesprimary",
    "function": "functioncc",
    "reaction": "reaction rxnsmiles reactionsmiles rxn reactionssmiles",
    "reactants": "reactants",
    "products": "products product",
    "text": "text content body abstract rawcontent",
    "question": "question instruction prompt",
    "answer": "answer output completion response",
}
ROLES = (
    *_NAMES, "smiles2", "protein2", "dna2", "rna2", "cds", "family", "family2", "identity",
    "label", "position",
)  # fmt: skip
_PROSE = frozenset({"text", "question", "answer"})
"""The roles for which a number is no value."""
_PLAIN = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Plan:
    """How rows of named fields become documents.

    Parameters
    ----------
    columns : role -> fields; found by the usual names where it is empty.
    keep : further fields for ``meta``.
    wish : topic, random SMILES and the like.
    """

    columns: Mapping[str, tuple[str, ...]]
    keep: tuple[str, ...]
    wish: Wish

    def document(
        self, file: Opened, origin: Origin, row: Mapping[str, Any], number: int, place: str
    ) -> Item:
        """Return a row as a document, or what is wrong with it."""
        if not origin.turn.mine:
            return SKIPPED
        columns = self.roles(tuple(row))
        values = {
            role: _joined(row, fields, numbers=role not in _PROSE)
            for role, fields in columns.items()
        }
        lacking = [role for role in self.columns if role != "id" and not values.get(role)]
        if lacking:
            fields = ", ".join(columns[lacking[0]])
            return file.broken(f"the field {fields!r} is missing, empty or no text", _seen(row),
                               place)  # fmt: skip
        key = values.pop("id", "") or str(number)
        try:
            found = compose(values, str(origin.domain), key, self.wish)
        except InputError as error:
            return file.broken(str(error), _seen(row), place)
        if found is None:
            reason = "no field of text or of an entity: name it with columns="
            return file.broken(reason, ", ".join(map(repr, list(row)[:8])), place)
        text, meta = found
        meta |= {k: v for k in self.keep if (v := _joined(row, (k,)))}
        return Document(text, origin.source, origin.licence, file.id(key), origin.domain, meta)

    def roles(self, names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Return role -> fields for rows with these fields."""
        found = usual(names)
        if not self.columns:
            return found
        return {**({"id": found["id"]} if "id" in found else {}), **self.columns}


@dataclass(frozen=True, kw_only=True)
class RowOptions:
    """The options that all readers of rows have; `of_rows` gives them to a reader.

    Parameters
    ----------
    columns : role -> field or fields (joined by a blank line); ``answers.0.text`` goes into lists
        and objects. Found by their usual names where not given.
    text, id : short for ``columns={"text": ..., "id": ...}``; the row's number where no id is.
    keep : further fields that go into ``meta``.
    topic : what a label says.
    randoms, inchi : random SMILES beside the canonical one, and whether to add the InChI.
    seed : fixes wordings and random SMILES.
    """

    columns: Columns | None = None
    text: str | Sequence[str] | None = None
    id: str | None = None
    keep: Sequence[str] = ()
    topic: str = ""
    randoms: int = 1
    inchi: bool = False
    seed: int = 0

    def plan(self) -> Plan:
        """Return how rows become documents.

        Raises
        ------
        InputError : for an unknown role.
        """
        named: dict[str, tuple[str, ...]] = {}
        for role, fields in (self.columns or {}).items():
            if role not in ROLES:
                raise InputError(
                    f"there is no role {role!r} for a column{nearest(role, ROLES)}; "
                    f"known: {', '.join(ROLES)}"
                )
            named[role] = _tuple(fields)
        if self.text is not None:
            named["text"] = _tuple(self.text)
        if self.id is not None:
            named["id"] = (self.id,)
        # An id alone leaves the rest to be found.
        kind = _Found if set(named) == {"id"} else Plan
        wish = Wish(self.topic, self.randoms, self.inchi, self.seed)
        return kind(named, _tuple(self.keep), wish)


def of_rows(reader: Callable[..., Iterator[Item]]) -> Reader:
    """Give a reader the options of rows beside its own: it takes the plan that they ask for.

    Parameters
    ----------
    reader : takes a source, an origin and a :class:`Plan`, then its own options by name.
    """
    common = inspect.signature(RowOptions).parameters
    source, origin, _, *own = inspect.signature(reader).parameters.values()

    @wraps(reader)
    def read(source: Any, origin: Origin, **options: Any) -> Iterator[Item]:
        given = {name: options.pop(name) for name in tuple(options) if name in common}
        return reader(source, origin, RowOptions(**given).plan(), **options)

    read.__signature__ = inspect.Signature([source, origin, *own, *common.values()])  # type: ignore[attr-defined]
    return read


class _Found(Plan):
    """A plan that names the id alone."""

    def roles(self, names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        return {**usual(names), **self.columns}


@lru_cache(maxsize=256)
def usual(names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return role -> field for the names that public tables use."""
    known = {_PLAIN.sub("", name.lower()): name for name in reversed(names)}
    found: dict[str, tuple[str, ...]] = {}
    for role, aliases in _NAMES.items():
        for alias in aliases.split():
            if alias in known:
                found[role] = (known[alias],)
                break
    # "text" next to an entity is a column of its own only where the user says so.
    if any(role in found for role in ENTITIES):
        found = {k: v for k, v in found.items() if k not in ("text", "question", "answer")}
    return found


def _tuple(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _joined(row: Mapping[str, Any], fields: Sequence[str], numbers: bool = True) -> str:
    """Return the texts of the fields with a blank line between; empty if one is missing."""
    if len(fields) == 1:
        return _value(row, fields[0], numbers)
    values = [_value(row, field, numbers) for field in fields]
    return "\n\n".join(values) if all(values) else ""


def _value(row: Mapping[str, Any], path: str, numbers: bool) -> str:
    """Return a field as text; ``answers.0.text`` goes into lists and objects."""
    value: Any = row.get(path)
    if isinstance(value, str):
        return value.strip()
    if value is None and "." in path:
        value = row
        for step in path.split("."):
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdecimal():
                value = value[int(step)] if int(step) < len(value) else None
            else:
                return ""
    if isinstance(value, str):
        return value.strip()
    return str(value) if numbers and isinstance(value, int | float) else ""


def _seen(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={str(value)[:30]!r}" for name, value in list(row.items())[:3])
