"""Data sets of the public hub, or a local folder of the same layout, streamed by ``datasets``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scireasoner.corpus.readers.base import Item, Opened, Origin
from scireasoner.corpus.readers.roles import Plan, of_rows
from scireasoner.errors import DataError


@of_rows
def read_hub(
    source: str | Path,
    origin: Origin,
    wanted: Plan,
    *,
    split: str = "train",
    config: str | None = None,
    revision: str | None = None,
) -> Iterator[Item]:
    """Read a data set row by row without downloading the whole.

    Further options as in :class:`RowOptions`.

    Parameters
    ----------
    source : name on the hub, such as ``"allenai/c4"``, or a folder.
    split, config, revision : as on the hub; a revision makes a run repeatable.

    Raises
    ------
    DataError : if the hub has no such set, configuration or split, or does not answer.
    """
    file = Opened.named(source, origin)
    for number, row in enumerate(_rows(str(source), config, split, revision), start=1):
        place = f"row {number}"
        if isinstance(row, str):
            yield file.broken(f"the set cannot be read further ({row})", place=place)
        else:
            yield wanted.document(file, origin, row, number, place)


def _rows(
    name: str, config: str | None, split: str, revision: str | None
) -> Iterator[dict[str, Any] | str]:
    """Yield the rows, and at last what stopped them, if anything did."""
    import datasets
    import pyarrow

    failures = (ValueError, OSError, pyarrow.ArrowException, datasets.exceptions.DatasetsError)
    try:
        rows = iter(
            datasets.load_dataset(name, config, split=split, revision=revision, streaming=True)
        )
        row = next(rows, None)
    except failures as error:
        raise DataError(
            f"the data set {name!r} (config {config}, split {split}) cannot be read: "
            f"{str(error)[:300]}; check its name, or the network"
        ) from error
    while row is not None:
        yield row
        try:
            row = next(rows, None)
        except failures as error:
            yield str(error)[:200]
            return
