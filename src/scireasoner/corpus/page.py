"""One HTML page about a built corpus, which needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.artifacts import write_text
from scireasoner.corpus import stats as facts
from scireasoner.pages import environment

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE = "inspect.html"
_SAMPLES, _LEAKS = 3, 200


def write_page(folder: Path, out: Path | None = None) -> Path:
    """Write the page of a corpus and return where; equal corpora give equal bytes.

    Raises
    ------
    DataError : if the folder holds no finished corpus.
    StorageError : if the page cannot be written.
    """
    found = facts.load_stats(folder)
    path = out or folder / PAGE
    page = (
        _environment()
        .get_template("inspect.html.j2")
        .render(
            stats=found,
            domains=facts.parts(found, "domain"),
            sources=facts.parts(found, "origin"),
            licences=facts.parts(found, "licence"),
            reasons=list(facts.reasons(found)),
            lengths={n: facts.length_bars(s["lengths"]) for n, s in found["sources"].items()},
            samples={n: facts.samples(folder, n, _SAMPLES, 0) for n in _shown(folder)},
            duplicates=facts.duplicates(folder),
            leaks=facts.leaks(folder, _LEAKS),
            most_leaks=_LEAKS,
        )
    )
    write_text(path, page)
    return path


def _shown(folder: Path) -> list[str]:
    rows = facts.samples(folder, None, 10**9, 0)
    return sorted({str(row["origin"]) for row in rows})


def _environment() -> Environment:
    found = environment("scireasoner.corpus")
    found.filters |= {
        "count": lambda number: f"{number:,}",
        "percent": lambda share: f"{100 * share:.1f} %",
    }
    return found
