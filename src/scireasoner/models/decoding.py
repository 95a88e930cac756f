"""Writing many answers at once with the lean passes: rows that are done leave, others take over."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scireasoner.models.lean import Cache
from scireasoner.models.prefill import Prefill

if TYPE_CHECKING:
    import torch

    from scireasoner.models.backend import Sampling
    from scireasoner.models.lean import Lean

MAX_ROWS = 128
"""Beyond this many rows a step costs in proportion to them, and only the cache grows."""

_NARROWER = 0.6  # of the width of a cache


@dataclass(slots=True)
class Written:
    """What was written after a prompt.

    Parameters
    ----------
    prompt, draw : which answer to which prompt it is.
    ids : the tokens, with the one that ended the turn; without one the limit was reached.
    logprobs : of each token, by the model itself (temperature 1, every token allowed), if asked.
    """

    prompt: int
    draw: int
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)


def write(
    lean: Lean,
    prompts: Sequence[Sequence[int]],
    sampling: Sampling,
    stops: Collection[int],
    *,
    draws: int = 1,
    tokens: int = 24_000,
) -> list[list[Written]]:
    """Return ``draws`` answers to each prompt, in the order of the prompts.

    A prompt is read once for all its draws. Rows that are done leave the batch once they are an
    eighth of it, and the next prompts take their places. Each answer draws from random numbers of
    its own, so it does not depend on what else is in the batch, but for rounding.

    Parameters
    ----------
    lean : the passes.
    prompts : token ids.
    sampling : temperature, top_p, top_k, limit and seed; no beams.
    stops : tokens that end a turn.
    tokens : of prompts and answers in one batch at most.
    """
    import torch

    made = [[Written(p, d) for d in range(draws)] for p in range(len(prompts))]
    if not prompts or sampling.max_tokens < 1:
        return made
    # Longest first: what does not fit into memory fails at once or never.
    order = sorted(range(len(prompts)), key=lambda p: (-len(prompts[p]), p))
    with torch.inference_mode():
        prefill = Prefill(lean, prompts, tokens)
        while order:
            width = len(prompts[order[0]]) + sampling.max_tokens
            most = max(1, min(MAX_ROWS, tokens // width))
            # Where memory bounds the rows, much shorter prompts wait for a narrower cache.
            least = _NARROWER * width if most < MAX_ROWS else 0
            alike = [p for p in order if len(prompts[p]) + sampling.max_tokens > least]
            order = order[len(alike) :]
            rows = [row for p in alike for row in made[p]]
            most = min(most, len(rows))
            _run(_Batch(Cache(lean, most, width), prefill, sampling, stops), rows, draws)
    return made


def _run(batch: _Batch, waiting: list[Written], draws: int) -> None:
    """Write all rows that wait; the draws of a prompt come in together, so that it is read once."""
    most = batch.cache.rows
    unit = min(draws, most)
    most -= most % unit
    while waiting or batch.active:
        free = most - len(batch.active)
        free -= free % unit
        enough = min(len(waiting), max(unit, most // 4))
        if waiting and (not batch.active or free >= enough):
            batch.admit(waiting[:free])
            del waiting[:free]
        else:
            batch.step()
        batch.leave()


class _Batch:
    """The rows that are being written, always the first ones of the cache."""

    def __init__(
        self, cache: Cache, prefill: Prefill, sampling: Sampling, stops: Collection[int]
    ) -> None:
        import torch

        self.cache, self.prefill, self.lean = cache, prefill, prefill.lean
        self.sampling, self.stops = sampling, frozenset(stops)
        self.active: list[Written] = []
        self.done: list[int] = []
        self.tokens = torch.zeros(cache.rows, dtype=torch.long)
        self.positions = torch.zeros(cache.rows, dtype=torch.long)
        self.seen = torch.full((cache.rows, cache.width), -torch.inf)
        size = sampling.max_tokens if sampling.temperature > 0 else 0
        self.numbers = torch.zeros(cache.rows, size)
        self.counts = torch.zeros(cache.rows, dtype=torch.long)

    def admit(self, rows: Sequence[Written]) -> None:
        """Read the prompts of new rows, and write the first token of each."""
        import torch

        start = place = len(self.active)
        states: list[torch.Tensor] = []
        for part in self.prefill.parts(list(dict.fromkeys(row.prompt for row in rows))):
            number = {p: n for n, p in enumerate(part.prompts)}
            own = [number[row.prompt] for row in rows if row.prompt in number]
            here = slice(place, place + len(own))
            for layer, pairs in zip(self.cache.layers, part.kept, strict=True):
                layer[here, :, : pairs.shape[2]] = pairs[own]
            self.positions[here] = part.lengths[own]
            states.append(part.state[own])
            place = here.stop
        new = slice(start, place)
        self.active += rows
        unseen = torch.arange(self.cache.width) >= self.positions[new, None]
        self.seen[new] = torch.zeros(1).masked_fill(unseen, -torch.inf)
        self.counts[new] = 0
        if self.sampling.temperature > 0:
            self.numbers[new] = torch.stack([self._numbers(row) for row in rows])
        self._take(self.lean.logits(torch.cat(states)), start)

    def _numbers(self, row: Written) -> torch.Tensor:
        """Return the random numbers in [0, 1) of an answer: its own, whatever is beside it."""
        import torch

        name = f"{self.sampling.seed}:{row.prompt}:{row.draw}"
        source = torch.Generator().manual_seed(random.Random(name).getrandbits(63))
        return torch.rand(self.sampling.max_tokens, generator=source)

    def step(self) -> None:
        """Write one more token of each row."""
        import torch

        rows = len(self.active)
        here = self.positions[:rows]
        self.seen[torch.arange(rows), here] = 0.0
        seen = self.seen[:rows] if rows > 1 else None
        logits = self.lean.step(self.tokens[:rows], here, self.cache, seen)
        # A row that is done goes on until it leaves; it must not leave the cache on its own.
        here.add_(1).clamp_(max=self.cache.width - 1)
        self._take(logits, 0)

    def _take(self, logits: torch.Tensor, start: int) -> None:
        """Choose the next token of the rows from ``start`` on."""
        rows = slice(start, len(self.active))
        counts = self.counts[rows]
        if self.sampling.temperature > 0:
            numbers = self.numbers[rows].gather(1, counts[:, None])
            picked = drawn(logits, self.sampling, numbers)
        else:
            picked = logits.argmax(-1)
        self.tokens[rows] = picked
        counts.add_(1).clamp_(max=self.sampling.max_tokens - 1)
        likely: list[float] | None = None
        if self.sampling.logprobs:
            likely = logits.log_softmax(-1).gather(1, picked[:, None])[:, 0].tolist()
        finished = set(self.done)
        for place, token in enumerate(picked.tolist(), start):
            if place in finished:
                continue
            row = self.active[place]
            row.ids.append(token)
            if likely is not None:
                row.logprobs.append(likely[place - start])
            if token in self.stops or len(row.ids) >= self.sampling.max_tokens:
                self.done.append(place)

    def leave(self) -> None:
        """Let rows go that are done, once they are an eighth; the last rows take their places."""
        if not self.done or len(self.done) < len(self.active) // 8:
            return
        gone = set(self.done)
        staying = [place for place in range(len(self.active)) if place not in gone]
        size = len(staying)
        holes = (place for place in range(size) if place in gone)
        columns = (self.tokens, self.positions, self.seen, self.numbers, self.counts)
        for target, source in zip(holes, [p for p in staying if p >= size], strict=True):
            self.cache.copy(source, target, int(self.positions[source]))
            for column in columns:
                column[target] = column[source]
            self.active[target] = self.active[source]
        del self.active[size:]
        self.done = []


def drawn(logits: torch.Tensor, sampling: Sampling, numbers: torch.Tensor) -> torch.Tensor:
    """Return tokens drawn as ``transformers`` does: temperature, then top-k, then top-p.

    Parameters
    ----------
    logits : (rows, vocabulary).
    numbers : (rows, 1) in [0, 1): where each row's token lies in its cumulative distribution.
    """
    import torch

    scores = logits.float() / sampling.temperature
    if sampling.top_k:
        least = scores.topk(min(sampling.top_k, scores.shape[-1])).values[:, -1:]
        scores = scores.masked_fill(scores < least, -torch.inf)
    if sampling.top_p < 1:
        ordered, order = scores.sort(-1)
        unlikely = ordered.softmax(-1).cumsum(-1) <= 1 - sampling.top_p
        unlikely[:, -1] = False
        scores = scores.masked_fill(unlikely.scatter(1, order, unlikely), -torch.inf)
    # In double precision no number below 1 can lie beyond the whole.
    reached = scores.softmax(-1).double().cumsum(-1)
    return (reached <= numbers.double() * reached[:, -1:]).sum(-1)
