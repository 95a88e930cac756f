"""What a property of a material is, and how it is asked for, answered, read and measured."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from scireasoner.answers import PropertyLabel, PropertyValue
from scireasoner.answers.base import Answer
from scireasoner.metrics import (
    ACCURACY,
    BALANCED_ACCURACY,
    MAD_OVER_MAE,
    MCC,
    SPEARMAN,
    Metric,
    mae,
    roc_auc,
)
from scireasoner.tasks.release import Record
from scireasoner.tasks.rows import Example
from scireasoner.tasks.suites.collection import Kind, Row
from scireasoner.tasks.suites.materials_data import written
from scireasoner.tasks.tables import Table
from scireasoner.types import Domain, Family, Sample


@dataclass(frozen=True)
class Quantity:
    """A numeric property.

    Parameters
    ----------
    suffix : the end of the task's name, after the source.
    released : the task's name in the released configuration, after the source.
    key : the property's name in records and answers.
    size : rows of the published test set.
    words : the property in a sentence.
    unit : None for a pure number.
    bounds : the range, in ``unit``.
    scale, tolerance : as of :class:`~scireasoner.answers.Number`, in ``unit``.
    shown : plausible values for the source's three example compounds.
    table : a public set with the property, None if there is none.
    """

    suffix: str
    released: str
    key: str
    size: int
    words: str
    unit: str | None
    bounds: tuple[float, float]
    scale: float
    tolerance: float
    shown: tuple[float, float, float]
    table: Table | None = None


@dataclass(frozen=True)
class Label:
    """A property of two classes, the positive one first; fields as of :class:`Quantity`."""

    suffix: str
    released: str
    key: str
    size: int
    words: str
    labels: tuple[str, str]
    shown: tuple[int, int, int]
    table: Table | None = None


@dataclass(frozen=True)
class Origin:
    """A data source of the benchmark.

    Parameters
    ----------
    name : in task names and in the hub's folders.
    released : how released names begin.
    where : ends the question, naming database and method.
    source, licence : citation and terms of the database.
    shown : three compounds for the examples.
    properties : its tasks.
    framework : whether the material is a metal-organic framework.
    """

    name: str
    released: str
    where: str
    source: str
    licence: str
    shown: tuple[str, str, str]
    properties: tuple[Quantity | Label, ...]
    framework: bool = False


def answer_of(prop: Quantity | Label) -> Answer:
    """Return how a property is answered: ``{key : value}``."""
    if isinstance(prop, Label):
        return PropertyLabel(prop.key, prop.labels)
    low, high = prop.bounds
    return PropertyValue(
        prop.key, prop.unit, low=low, high=high, scale=prop.scale, tolerance=prop.tolerance
    )


def metrics_of(prop: Quantity | Label) -> tuple[Metric, ...]:
    """Return the metrics of a property, the strict headline first."""
    if isinstance(prop, Label):
        return (roc_auc(prop.labels[0]), BALANCED_ACCURACY, MCC, ACCURACY)
    return (MAD_OVER_MAE, mae(prop.unit, *prop.bounds), SPEARMAN, ACCURACY)


def question_of(origin: Origin, prop: Quantity | Label) -> str:
    """Return the question about a property, with ``{formula}`` or ``{framework}``."""
    material = "metal-organic framework {framework}" if origin.framework else "crystal {formula}"
    if isinstance(prop, Label):
        return f"Is the {material} {prop.words}, {origin.where}?"
    return f"What is the {prop.words} of the {material}, {origin.where}?"


def inputs_of(origin: Origin) -> dict[str, str]:
    """Return the inputs of a source's tasks: a formula, or any description of a framework."""
    return {"framework": "text"} if origin.framework else {"formula": "formula"}


def examples_of(origin: Origin, prop: Quantity | Label) -> tuple[Example, ...]:
    """Return an example for each compound that the source shows."""
    (name,) = inputs_of(origin)
    golds = (
        [prop.labels[index] for index in prop.shown]
        if isinstance(prop, Label)
        else [written(float(value)) for value in prop.shown]
    )
    return tuple(
        Example({name: compound}, gold) for compound, gold in zip(origin.shown, golds, strict=True)
    )


def gold_of(key: str) -> Callable[[Record], str | None]:
    """Return the reader of ``{key : value}`` in a record's output; None where it is not there."""
    pattern = re.compile(
        rf"\{{\s*[\"']?{re.escape(key)}[\"']?\s*:\s*[\"']?([^{{}}\"']*)[\"']?\s*\}}"
    )

    def gold(record: Record) -> str | None:
        found = pattern.search(str(record.get("output", "")))
        return found.group(1).strip() if found else None

    return gold


def output_for(key: str) -> Callable[[Sample], str]:
    """Return the writer of ``{key : value}``, the output that the hub carries."""
    return lambda sample: f"{{{key} : {sample.gold}}}"


def kept(key: str) -> Callable[[Record], bool]:
    """Return the released rule of which records of a source's file belong to a property."""
    return lambda record: f"{{{key} :" in str(record.get("output", ""))


def row_of(origin: Origin, prop: Quantity | Label, prefix: str, released: str, kind: Kind) -> Row:
    """Return the task of a property.

    Parameters
    ----------
    prefix : how our name begins, before the names of source and property.
    released : its whole name in the released configuration.
    """
    numeric = isinstance(prop, Quantity)
    return Row(
        name=f"{prefix}_{origin.name}_{prop.suffix}",
        released=released,
        family=Family.PREDICTION if numeric else Family.CLASSIFICATION,
        domain=Domain.MATERIAL,
        kind=kind,
        answer=answer_of(prop),
        prompt=question_of(origin, prop),
        inputs=inputs_of(origin),
        tables=() if prop.table is None else (prop.table,),
        size=prop.size,
        examples=examples_of(origin, prop),
    )
