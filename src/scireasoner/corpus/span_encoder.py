"""Token ids of texts, those of tagged spans from a table: the tokenizer's own, only sooner.

Our rules cut a span into pieces that no merge crosses (`scireasoner.notation.rules`), so a piece
has the same ids wherever it stands. The tokenizer is asked once for each; prose goes to it whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scireasoner.corpus.tokenizer import cuts_spans, text_spans
from scireasoner.notation.rules import ascii_pieces

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MOST = 200_000  # pieces remembered for each notation: names have no end of words


@dataclass
class _Table:
    """The pieces of one notation met so far: those of one token, and those of several."""

    opening: int
    closing: int
    pattern: re.Pattern[str] | None
    single: dict[str, int] = field(default_factory=dict)
    several: dict[str, list[int]] = field(default_factory=dict)

    def cut(self, content: str) -> Sequence[str]:
        return content if self.pattern is None else self.pattern.findall(content)


class SpanEncoder:
    """Encodes texts as ``tokenizer`` does, without special tokens around them.

    Spans come from a table where the tokenizer has our rules and the span is ASCII; all else is
    given to the tokenizer.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._spans = text_spans()
        self._tables: dict[str, _Table] = {}
        spec = json.loads(tokenizer.to_str())
        # An added token cuts a text before any rule sees it.
        self._added = tuple(token["content"] for token in spec["added_tokens"])
        if cuts_spans(spec):
            for tag, pattern in ascii_pieces().items():
                ids = self._ids(f"<{tag}></{tag}>")
                compiled = re.compile(pattern, re.ASCII) if pattern else None
                if len(ids) == 2:
                    self._tables[tag] = _Table(ids[0], ids[1], compiled)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text."""
        prose: list[str] = []
        plans = [self._plan(text, prose) for text in texts]
        encoded = self._tokenizer.encode_batch_fast(prose, add_special_tokens=False)
        made = []
        for plan in plans:
            ids: list[int] = []
            for part in plan:
                ids += encoded[part].ids if isinstance(part, int) else part
            made.append(ids)
        return made

    def _plan(self, text: str, prose: list[str]) -> list[int | list[int]]:
        """Return the ids of the spans of a text, and the places of what is between in ``prose``."""
        plan: list[int | list[int]] = []
        at = 0
        if "</" in text and not any(token in text for token in self._added):
            for found in self._spans.finditer(text):
                table = self._tables.get(found[1] or "")
                if table is None:
                    continue
                content = text[found.end(1) + 1 : found.end() - len(found[1]) - 3]
                if not content.isascii():
                    continue
                if found.start() > at:
                    plan.append(len(prose))
                    prose.append(text[at : found.start()])
                plan.append(self._span(found[1], table, content))
                at = found.end()
        if at < len(text) or not plan:
            plan.append(len(prose))
            prose.append(text[at:])
        return plan

    def _span(self, tag: str, table: _Table, content: str) -> list[int]:
        pieces = table.cut(content)
        try:
            return [table.opening, *map(table.single.__getitem__, pieces), table.closing]
        except KeyError:
            return [table.opening, *self._looked_up(tag, table, pieces), table.closing]

    def _looked_up(self, tag: str, table: _Table, pieces: Iterable[str]) -> list[int]:
        ids: list[int] = []
        for piece in pieces:
            known = table.several.get(piece)
            if known is None and piece in table.single:
                known = [table.single[piece]]
            if known is None:
                known = self._ids(f"<{tag}>{piece}</{tag}>")[1:-1]
                if len(known) == 1 and len(table.single) < _MOST:
                    table.single[piece] = known[0]
                elif len(table.several) < _MOST:
                    table.several[piece] = known
            ids += known
        return ids

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids
