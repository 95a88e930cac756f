"""Token ids of texts from tables of pieces: the tokenizer's own ids, only sooner.

Our rules cut spans and prose into pieces that no merge crosses (`scireasoner.notation.rules`), so a
piece has the same ids wherever it stands. The tokenizer is asked once for each; spans that are not
ASCII, and all texts of a tokenizer that cuts otherwise, go to it whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby
from typing import TYPE_CHECKING

from scireasoner.corpus.tokenizer import cuts_spans, text_spans
from scireasoner.notation.rules import ascii_pieces, ascii_prose

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MOST, _LONGEST = 200_000, 64  # pieces remembered, and their characters: words have no end
# Between two such words a piece ends whatever else stands around them.
_BETWEEN_WORDS = re.compile("(?<=[A-Za-z])(?= [A-Za-z])")


class _Known(dict[str, list[int]]):
    """The ids of the pieces met so far; a new one is asked for."""

    def __init__(self, ids: Callable[[str], list[int]]) -> None:
        super().__init__()
        self._ids = ids

    def __missing__(self, piece: str) -> list[int]:
        ids = self._ids(piece)
        if len(piece) <= _LONGEST and len(self) < _MOST:
            self[piece] = ids
        return ids

    def of(self, pieces: Iterable[str]) -> list[int]:
        """Return the ids of pieces."""
        return list(chain.from_iterable(map(self.__getitem__, pieces)))


class _Table:
    """The pieces of one notation, or of prose.

    Parameters
    ----------
    pattern : cuts an ASCII text into them; an empty one into characters.
    ids : asks the tokenizer for those of one piece.
    """

    def __init__(self, pattern: str, ids: Callable[[str], list[int]]) -> None:
        self._pattern = re.compile(pattern, re.ASCII) if pattern else None
        self._known = _Known(ids)

    def encode(self, text: str) -> list[int]:
        """Return the ids of an ASCII text."""
        return self._known.of(text if self._pattern is None else self._pattern.findall(text))


class PieceEncoder:
    """Encodes texts as ``tokenizer`` does, without special tokens around them."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._spans = text_spans()
        self._prose, self._words = _Table(ascii_prose(), self._ids), _Known(self._ids)
        self._tables: dict[str, tuple[int, _Table, int]] = {}
        # transformers leaves its padding and cutting of an earlier call in its tokenizer.
        spec = {**json.loads(tokenizer.to_str()), "padding": None, "truncation": None}
        self._tokenizer: Tokenizer = type(tokenizer).from_str(json.dumps(spec))
        self._ours = cuts_spans(spec)
        # An added token cuts a text before any rule sees it; the longest wins.
        self._added = {token["content"]: token["id"] for token in spec["added_tokens"]}
        longest_first = sorted(self._added, key=len, reverse=True)
        self._cuts = re.compile(f"({'|'.join(map(re.escape, longest_first))})")
        for tag, pattern in ascii_pieces().items() if self._ours else ():
            ends = self._ids(f"<{tag}></{tag}>")
            if len(ends) == 2:
                self._tables[tag] = ends[0], _Table(pattern, partial(self._inside, tag)), ends[1]

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text."""
        if self._ours:
            return [list(chain.from_iterable(self._parts(text))) for text in texts]
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [one.ids for one in encoded]

    def _parts(self, text: str) -> Iterator[list[int]]:
        """Yield the ids of the added tokens of a text and of what is between them."""
        if not self._added:
            yield from self._spans_of(text)
            return
        for part in self._cuts.split(text):
            if part in self._added:
                yield [self._added[part]]
            else:
                yield from self._spans_of(part)

    def _spans_of(self, text: str) -> Iterator[list[int]]:
        """Yield the ids of the spans of a text and of what is between them."""
        at = 0
        for found in self._spans.finditer(text) if "<" in text else ():
            yield self._between(text[at : found.start()])
            yield self._span(found[0], found[1] or "")
            at = found.end()
        yield self._between(text[at:])

    def _between(self, prose: str) -> list[int]:
        if prose.isascii():
            return self._prose.encode(prose)
        ids: list[int] = []
        for plain, group in groupby(_BETWEEN_WORDS.split(prose), str.isascii):
            words = list(group)
            ids += self._prose.encode("".join(words)) if plain else self._words.of(words)
        return ids

    def _span(self, text: str, tag: str) -> list[int]:
        """Return the ids of a whole span, or of a lone tag, which has no table."""
        if tag not in self._tables or not text.isascii():
            return self._ids(text)
        opening, table, closing = self._tables[tag]
        return [opening, *table.encode(text[len(tag) + 2 : -len(tag) - 3]), closing]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _inside(self, tag: str, piece: str) -> list[int]:
        return self._ids(f"<{tag}>{piece}</{tag}>")[1:-1]
