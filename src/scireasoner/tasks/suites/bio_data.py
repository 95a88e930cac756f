"""What the biology suites share: how released records are read, how public sets become rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

from scireasoner.answers.polarity import polarity
from scireasoner.metrics import Metric
from scireasoner.published.base import Evaluator
from scireasoner.science.numbers import read_numbers
from scireasoner.tasks.release import Record, output_of
from scireasoner.tasks.rows import Example
from scireasoner.tasks.suites.bio_examples import shown
from scireasoner.tasks.suites.collection import Kind
from scireasoner.tasks.tables import DataSet, Join, Table
from scireasoner.types import Fault, Sample

Read: TypeAlias = Callable[[Record], str | None]
"""Reads one text from a record, None if it is not there."""

Rows: TypeAlias = Callable[[Record], Iterator[Example]]

LIST = "; "
"""What stands between the names of a raw gold."""

_POLARITIES = MappingProxyType(
    {"positive": "yes", "yes": "yes", "true": "yes", "1": "yes", "soluble": "yes",
     "negative": "no", "no": "no", "false": "no", "0": "no", "insoluble": "no"}
)  # fmt: skip
# What the released loader of GUE writes behind an output.
_WRITTEN = re.compile(r"The prediction result is (positive|negative)\.\s*\Z")
_PRIMES = re.compile("[35]\\s?['\u2019\u2032]")


# How the records of the hub are read. A label counts first; the output is all that a prediction
# file keeps.


def label_of(record: Record) -> Any:
    """Return the label of a record, at its top level or in its meta data; None without one."""
    label = record.get("label")
    return (record.get("meta_data") or {}).get("label") if label is None else label


def part_of(record: Record) -> str:
    """Return the sub-set in a record's task: ``tf-m-0`` as it is, ``H3`` of ``emp-H3``."""
    task = str(record.get("task") or (record.get("meta_data") or {}).get("task") or "")
    family, _, part = task.partition("-")
    return task if family in {"tf", "pd", "cpd"} else "" if part == family else part


def yes_or_no(record: Record) -> str | None:
    """Return ``yes`` or ``no`` from the label, else from the output's words."""
    output = output_of(record) or ""
    written = _WRITTEN.search(output)
    label = _POLARITIES.get(written[1] if written else str(label_of(record)).strip().casefold())
    if label is not None:
        return label
    return _meant(output)


# The outputs of a set are the same few sentences.
@lru_cache(maxsize=256)
def _meant(output: str) -> str | None:
    said = polarity(output)
    return None if isinstance(said, Fault) else "yes" if said else "no"


def number(record: Record) -> str | None:
    """Return the label if it is a number, else the only number of the output."""
    for text in _texts(record):
        found = numbers_in(text)
        if len(found) == 1:
            return found[0]
    return None


def numbers(*names: str) -> Read:
    """Return a reader of several numbers: a mapping as the label, or an output in this order."""

    def read(record: Record) -> str | None:
        label = label_of(record)
        if isinstance(label, Mapping) and set(names) <= set(label):
            return LIST.join(str(label[name]) for name in names)
        found = numbers_in(output_of(record) or "")
        return LIST.join(found) if len(found) == len(names) else None

    return read


def _texts(record: Record) -> list[str]:
    """Return label and output, as far as they are there."""
    return [str(text) for text in (label_of(record), output_of(record)) if text is not None]


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text, but not those of 5' and 3'."""
    return [f"{reading.value:.10g}" for reading in read_numbers(_PRIMES.sub(" ", text))]


def known_names(names: Sequence[str]) -> Read:
    """Return a reader of those of the names that stand in the label, or else in the output."""
    longest_first = sorted(names, key=len, reverse=True)
    word = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def read(record: Record) -> str | None:
        return _first_found(word, record)

    return read


def listed(separators: str) -> Read:
    """Return a reader of the names in an output, between any of the separators."""
    between = re.compile(f"[{re.escape(separators)}]")

    def read(record: Record) -> str | None:
        names = [name.strip() for name in between.split(output_of(record) or "")]
        return LIST.join(name for name in names if name) or None

    return read


_EC = re.compile(r"(?<![\d.])\d+(?:\s*\.\s*(?:n?\d+|-)){3}")


def ec_numbers(record: Record) -> str | None:
    """Return the EC numbers of the label or the output, also those with blanks in them."""
    return _first_found(_EC, record)


def _first_found(pattern: re.Pattern[str], record: Record) -> str | None:
    found = next(filter(None, map(pattern.findall, _texts(record))), ())
    return LIST.join(dict.fromkeys("".join(name.split()) for name in found)) or None


# What the hub would carry for a row of another source.


@dataclass(frozen=True)
class Style:
    """How the records of a group of tasks carry their answer.

    Parameters
    ----------
    gold : reads the raw gold from a record.
    output : writes the output text of a raw gold.
    label : writes the label of a raw gold, as the released evaluator reads it; None if it does not.
    """

    gold: Read
    output: Callable[[str], str]
    label: Callable[[str], str] | None = None

    def label_in(self, record: Record) -> str | None:
        """Return the label of a record as a text; from its gold if it has none."""
        label = label_of(record)
        if label is not None:
            return json.dumps(label) if isinstance(label, dict | list) else str(label)
        gold = self.gold(record)
        return None if gold is None or self.label is None else self.label(gold)

    def write(self, sample: Sample) -> str:
        """Return the output text of a row."""
        return self.output(sample.example or "")

    def kind(
        self,
        evaluator: Evaluator,
        scale: str,
        *metrics: Metric,
        decoding: str = "model default",
        max_tokens: tuple[int, int] = (64, 320),
    ) -> Kind:
        """Return the kind of tasks with this style; fields as of :class:`Kind`."""
        return Kind(
            metrics=metrics,
            key=evaluator.headline,
            scale=scale,
            gold=self.gold,
            output=self.write,
            evaluator=evaluator,
            max_tokens=max_tokens,
            decoding=decoding,
            subtask=part_of,
            label=self.label_in if self.label else None,
        )

    def labelled(self, example: Example) -> Example:
        """Return an example with its label, if the released evaluator needs one."""
        if example.gold is None or self.label is None:
            return example
        return replace(example, meta={**example.meta, "label": self.label(example.gold)})

    def shown(
        self,
        inputs: Mapping[str, str],
        golds: Sequence[str] = ("yes", "no", "yes"),
        texts: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> tuple[Example, ...]:
        """Return examples of the format, each with its label; see `bio_examples.shown`."""
        return tuple(map(self.labelled, shown(inputs, golds, texts)))

    def table(self, data: DataSet, rows: Rows, *joins: Join) -> Table:
        """Return the rows of a public set, each with its label."""

        def labelled(record: Record) -> Iterator[Example]:
            yield from map(self.labelled, rows(record))

        return Table(data, labelled, joins)


def _said(gold: str) -> str:
    return "positive" if gold == "yes" else "negative"


def _as_is(gold: str) -> str:
    return gold


POLAR = Style(yes_or_no, lambda gold: f"The answer is {gold.capitalize()}.", _said)
NUMERIC = Style(number, lambda gold: f"The predicted value is {gold}.", _as_is)


def several(*names: str) -> Style:
    """Return the style of several numbers, whose label is a mapping with these names."""

    def label(gold: str) -> str:
        return json.dumps({n: float(v) for n, v in zip(names, gold.split(LIST), strict=True)})

    return Style(numbers(*names), lambda gold: f"The values are {gold.replace(';', ',')}.", label)


def names_style(read: Read, separator: str, labelled: bool = False) -> Style:
    """Return the style of a list of names, written with the separator in output and label."""

    def text(gold: str) -> str:
        return gold.replace(LIST, separator)

    return Style(read, text, text if labelled else None)


# How public sets become rows.


def adapter(
    inputs: Mapping[str, str | Read],
    gold: str | Read,
    where: Callable[[Record], bool] | None = None,
    part: str | None = None,
) -> Rows:
    """Return the adapter of a set with one row a record.

    Parameters
    ----------
    inputs : the task's input name -> the set's column, or what reads it.
    gold : the column of the right answer, or what reads it; a record without one is left out.
    where : which records belong to the task.
    part : the column of the sub-set.
    """

    def rows(record: Record) -> Iterator[Example]:
        if where is not None and not where(record):
            return
        texts = {name: _text(record, column) for name, column in inputs.items()}
        answer = _text(record, gold)
        if answer is None or any(text is None for text in texts.values()):
            return
        meta = {"subtask": part_of({"task": record[part]})} if part else {}
        yield Example({n: t for n, t in texts.items() if t is not None}, answer, None, meta)

    return rows


def _text(record: Record, column: str | Read) -> str | None:
    value = record.get(column) if isinstance(column, str) else column(record)
    return None if value in (None, "", []) else str(value)


def polar(column: str) -> Read:
    """Return a reader of 1 and 0 as yes and no."""
    return lambda record: _POLARITIES.get(str(record.get(column)))


def joined(*columns: str) -> Read:
    """Return a reader of the names in columns of lists, the GO identifier behind them cut off."""

    def read(record: Record) -> str | None:
        names = [str(name) for column in columns for name in record.get(column) or ()]
        return LIST.join(dict.fromkeys(_GO_ID.sub("", name) for name in names)) or None

    return read


_GO_ID = re.compile(r" \[GO:\d{7}\]\Z")
