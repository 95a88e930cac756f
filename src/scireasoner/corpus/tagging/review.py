"""The review file: what is neither sure nor hopeless, for a person to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scireasoner.corpus.tagging.found import Found
from scireasoner.corpus.tagging.threshold import DEFAULT, REVIEW

_SIDE = 60


def review_rows(
    text: str, found: Iterable[Found], low: float = REVIEW, high: float = DEFAULT, name: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield a row for each piece with ``low <= confidence < high``.

    A row names the piece, its notation, context class, confidence and reason, shows the text
    around it with the piece between ⟦ ⟧, and has an empty ``verdict``: fill in ``tag`` or
    ``leave`` (and set ``context`` to ``*`` for every context), then give the file as decisions.
    """
    for piece in found:
        if low <= piece.confidence < high:
            before = text[max(0, piece.start - _SIDE) : piece.start]
            after = text[piece.end : piece.end + _SIDE]
            yield {
                "document": name,
                "start": piece.start,
                "text": piece.text,
                "notation": piece.notation,
                "context": piece.context,
                "confidence": round(piece.confidence, 3),
                "reason": piece.reason,
                "window": f"{before}⟦{piece.text}⟧{after}",
                "verdict": "",
            }
