"""Checks of names listed in text."""

from __future__ import annotations

import re

from scireasoner.science.bullets import unmarked
from scireasoner.science.checks.base import (
    Check,
    Found,
    Request,
    count,
    define,
    failed,
    passed,
    quoted,
    unknown,
)
from scireasoner.science.text import normalise_entity

_SEPARATOR = re.compile(r"[;\n]")


@define(
    "entity set",
    "text",
    "exactly the wanted names, separated by semicolons or lines, in any order",
    "one spelling for each name (Unicode NFKC, case, dashes, quotes)",
    asks="names",
)
def entity_set(text: str, request: Request) -> Found:
    """Compare two sets of names."""
    wanted = {name for raw in request.names or () if (name := normalise_entity(raw))}
    if not wanted:
        return unknown("not checked: the request names nothing")
    # Commas stand inside names of chemicals; they separate only where nothing else does.
    pieces = _SEPARATOR.split(text)
    if len(pieces) == 1 and len(wanted) > 1:
        pieces = text.split(", ")
    came = {name for raw in unmarked(pieces) if (name := normalise_entity(raw))}
    missing, extra = sorted(wanted - came), sorted(came - wanted)
    if missing:
        return failed(f"{count(len(missing), 'name')} missing: {quoted(missing[0])}")
    if extra:
        return failed(f"{count(len(extra), 'name')} not wanted: {quoted(extra[0])}")
    return passed(f"exactly the {count(len(wanted), 'wanted name')}")


CHECKS: tuple[Check, ...] = (entity_set,)
