"""Whether a document is kept: sound, of a fit length, good enough, not seen in a test set.

The corpus of a run (``build``) and the one at scale (``shards``) decide by these functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scireasoner.corpus.documents import Document, fault
from scireasoner.corpus.filters import FILTERS
from scireasoner.corpus.leak_search import LeakIndex
from scireasoner.corpus.looking import Look, look

DUPLICATE, NEAR_DUPLICATE, LEAK = "duplicate", "near duplicate", "leak"
TOO_SHORT, TOO_LONG = "too short", "too long"


@dataclass(frozen=True)
class Rules:
    """What a document must be.

    Parameters
    ----------
    min_chars, max_chars : limits on its length.
    filters : domain -> names in ``FILTERS``, asked in order.
    leaks : the test items to keep out, None for none; ``identity`` is the threshold for sequences.
    """

    min_chars: int = 1
    max_chars: int = 1_000_000
    filters: Mapping[str, tuple[str, ...]] | None = None
    leaks: LeakIndex | None = None
    identity: float = 0.9


@dataclass(frozen=True)
class Decision:
    """The reason to drop a document, None to keep it.

    Parameters
    ----------
    look : what was read in it; None where it was dropped before.
    details : for a leak the ``task``, ``row`` and ``how``.
    """

    reason: str | None
    look: Look | None = None
    details: Mapping[str, Any] | None = None


def unsound(document: Document, rules: Rules) -> str | None:
    """Return why a document is no text to train on whatever it says, or None."""
    return fault(document) or _length(document.text, rules)


def decide(document: Document, rules: Rules) -> Decision:
    """Decide on one document by itself; what other documents say comes later."""
    reason = unsound(document, rules)
    if reason is not None:
        return Decision(reason)
    seen = look(document.text)
    for name in (rules.filters or {}).get(document.domain, ()):
        if (reason := FILTERS[name](seen)) is not None:
            return Decision(reason, seen)
    found = rules.leaks.leak(seen, rules.identity) if rules.leaks else None
    if found is not None:
        return Decision(LEAK, seen, {"task": found.task, "row": found.row, "how": found.how})
    return Decision(None, seen)


def _length(text: str, rules: Rules) -> str | None:
    if len(text) < rules.min_chars:
        return TOO_SHORT
    return TOO_LONG if len(text) > rules.max_chars else None
