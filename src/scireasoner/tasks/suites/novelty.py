"""What is already known: the references that an answer must not repeat to be new."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from scireasoner.metrics import Metric, novelty
from scireasoner.tasks.tables import Table

T = TypeVar("T", bound=Hashable)


def known(table: Table, read: Callable[[str], T]) -> Callable[[], frozenset[T]]:
    """Return a function that gives the references of a table outside test as parsed values.

    Where the set is not on this machine nothing is known.
    """

    @cache
    def values(present: bool) -> frozenset[T]:
        return frozenset(map(read, table.references())) if present else frozenset()

    return lambda: values(_present(table))


def new_against(
    table: Table,
    read: Callable[[str], Hashable],
    form: Callable[[Any], Hashable] | None = None,
) -> Metric:
    """Return the metric of answers that are not among the references of a table outside test.

    ``form`` is that of `novelty`.
    """
    folder = table.data.folder

    def lacking() -> str | None:
        return None if _present(table) else f"the set {folder} is not under any data root"

    return replace(novelty(known(table, read), folder, form), lacking=lacking)


def _present(table: Table) -> bool:
    return any(place.present for place in table.places(""))
