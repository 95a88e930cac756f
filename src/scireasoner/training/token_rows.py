"""Rows of tokens in flat arrays: millions fit in memory, and go to disk and back in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from scireasoner.artifacts import writing
from scireasoner.errors import ArtifactError
from scireasoner.training.batches import Row

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class TokenRows:
    """A sequence of rows in which one that comes again costs a number.

    Parameters
    ----------
    tokens : the token ids of all distinct rows, one after the other.
    starts : where each distinct row begins in ``tokens``, and the end: one longer than their count.
    prompts : tokens of each distinct row that carry no loss.
    order : the distinct row at each place of the sequence.
    """

    tokens: np.ndarray[Any, Any]
    starts: np.ndarray[Any, Any]
    prompts: np.ndarray[Any, Any]
    order: np.ndarray[Any, Any]

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> Row:
        row = self.order[place]
        return Row(self.tokens[self.starts[row] : self.starts[row + 1]], int(self.prompts[row]))

    def __iter__(self) -> Iterator[Row]:
        return (self[place] for place in range(len(self)))

    @property
    def lengths(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Tokens of the prompt and of the answer at each place."""
        import numpy as np

        prompts = self.prompts[self.order]
        return prompts, np.diff(self.starts)[self.order] - prompts

    def save(self, path: Path) -> None:
        """Write the rows to one file."""
        import numpy as np

        half = path.with_name(f".{path.name}.partial")
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path):
            with half.open("wb") as file:
                np.savez(
                    file,
                    tokens=self.tokens,
                    starts=self.starts,
                    prompts=self.prompts,
                    order=self.order,
                )
            half.replace(path)

    @classmethod
    def load(cls, path: Path) -> TokenRows:
        """Read the rows back.

        Raises
        ------
        ArtifactError : if the file does not hold rows.
        """
        import numpy as np

        try:
            with path.open("rb") as file, np.load(file) as found:
                return cls(*(found[name] for name in ("tokens", "starts", "prompts", "order")))
        except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
            raise ArtifactError(
                f"{path} holds no rows of tokens ({error}): delete it, they are made again"
            ) from error


def gather(distinct: Iterable[tuple[Any, int]], order: Iterable[int], vocabulary: int) -> TokenRows:
    """Return rows from (token ids, length of the prompt) of the distinct ones and their order.

    Rows without an answer are left out, wherever they stand.
    """
    import numpy as np

    kind = np.uint16 if vocabulary <= 1 << 16 else np.uint32
    parts: list[np.ndarray[Any, Any]] = []
    lengths, prompts = [], []
    for tokens, prompt in distinct:
        parts.append(np.asarray(tokens, dtype=kind))
        lengths.append(len(tokens))
        prompts.append(prompt)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    before = np.asarray(prompts, dtype=np.int64)
    places = np.fromiter(order, dtype=np.int64)
    if len(places):
        places = places[(np.diff(starts) - before)[places] > 0]
    return TokenRows(np.concatenate(parts) if parts else np.empty(0, kind), starts, before, places)


def joined(parts: Sequence[TokenRows]) -> TokenRows:
    """Return the rows of several sequences, one after the other; at least one is needed."""
    import numpy as np

    starts, orders = [np.zeros(1, dtype=np.int64)], []
    tokens = distinct = 0
    for part in parts:
        starts.append(part.starts[1:] + tokens)
        orders.append(part.order + distinct)
        tokens += len(part.tokens)
        distinct += len(part.prompts)
    return TokenRows(
        np.concatenate([part.tokens for part in parts]),
        np.concatenate(starts),
        np.concatenate([part.prompts for part in parts]),
        np.concatenate(orders),
    )


def merged(parts: Sequence[tuple[TokenRows, Sequence[bytes]]]) -> TokenRows:
    """Return the rows of parts that may hold equal ones, each distinct row where it came first.

    Parameters
    ----------
    parts : rows, and what tells the distinct ones apart; nothing where there is one part.
    """
    import numpy as np

    if len(parts) == 1:
        return parts[0][0]
    known: dict[bytes, int] = {}
    fresh = []
    for rows, keys in parts:
        before = len(known)
        numbers = np.asarray([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
        new = numbers >= before
        lengths = np.diff(rows.starts)
        starts = np.concatenate([[0], np.cumsum(lengths[new])]).astype(np.int64)
        tokens = rows.tokens[np.repeat(new, lengths)]
        # ``joined`` counts from what came before.
        fresh.append(TokenRows(tokens, starts, rows.prompts[new], numbers[rows.order] - before))
    return joined(fresh)
