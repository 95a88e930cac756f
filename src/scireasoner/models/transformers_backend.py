"""Any checkpoint that transformers loads, on the CPU or one accelerator."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.errors import InputError
from scireasoner.models.backend import Sampling
from scireasoner.models.budget import bounded, thinking_tokens, within_budget
from scireasoner.models.checkpoint import (
    check_place,
    default_device,
    load_model,
    load_tokenizer,
    slow_halves,
    stop_ids,
)
from scireasoner.models.choosing import chances
from scireasoner.models.decoding import write
from scireasoner.models.lean import lean
from scireasoner.prompts.chat import render
from scireasoner.prompts.reply import UNREAD
from scireasoner.types import Completion, Prompt

if TYPE_CHECKING:
    import torch

    from scireasoner.models.lean import Lean

log = logging.getLogger(__name__)

# Beyond this many rows a step costs in proportion to its rows, and the cache grows for nothing.
MAX_ROWS = 256


@dataclass(frozen=True, slots=True)
class _Row:
    """One completion to make: where it belongs, and the prompt's token ids."""

    prompt: int
    draw: int
    ids: tuple[int, ...]


class TransformersBackend:
    """Generates with lean passes of our own where they fit, else with ``generate``.

    A small Qwen3 on the CPU (`scireasoner.models.lean`) writes the same greedy tokens as
    ``transformers``' own ``generate``, and samples from the same distribution, several times as
    fast; beams, other models and other devices take ``generate``.

    Greedy decoding at temperature 0. The same call gives the same completions on one machine; the
    caller's own random state is left alone.

    Parameters
    ----------
    path : folder of a checkpoint, or a name on the Hugging Face hub.
    device : e.g. ``"cpu"`` or ``"cuda"``; by default an accelerator if there is one.
    dtype : of the weights; by default as they are stored, but float32 for a small model on the
        CPU, where half precision is slower.
    batch_tokens : padded prompt and answer tokens in one batch at most.
    model, tokenizer : objects already in memory, used instead of loading ``path``.

    Raises
    ------
    BackendError : if ``path`` holds no model, or a hub name cannot be reached.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        device: str | None = None,
        dtype: torch.dtype | str | None = None,
        batch_tokens: int = 24_000,
        model: Any = None,
        tokenizer: Any = None,
    ) -> None:
        self.name = str(path)
        self.batch_tokens = batch_tokens
        check_place(self.name, needed=model is None or tokenizer is None)
        self.tokenizer = load_tokenizer(self.name) if tokenizer is None else tokenizer
        self.model = load_model(self.name, dtype or "auto") if model is None else model
        if model is None or device is not None:
            self.model.to(device or default_device())
        if model is None and dtype is None and slow_halves(self.model):
            self.model.float()
        self._own = model is None
        self._kept: Lean | None = None
        self._stops = stop_ids(self.model, self.tokenizer)

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return ``n`` completions for each prompt, in the order of the prompts.

        A prompt that, with the room for its answer, is longer than the model reads is not asked:
        its completions are empty and say so (``finish`` ``"unread"``).

        Raises
        ------
        InputError : if more answers than beams are asked for.
        """
        if sampling.beams and n > sampling.beams:
            raise InputError(
                f"{n} answers of {sampling.beams} beams were asked for: use more beams"
            )
        if bounded(prompts, sampling):
            return within_budget(self.generate, prompts, sampling, n)
        fitting, encoded = self._fitting(prompts, sampling)
        groups: list[list[Completion]] = [[Completion("", 0, UNREAD)] * n for _ in prompts]
        for place, group in zip(fitting, self._answers(encoded, sampling, n), strict=True):
            groups[place] = group
        return groups

    def _answers(
        self, encoded: Sequence[Sequence[int]], sampling: Sampling, n: int
    ) -> list[list[Completion]]:
        # Greedy draws are all alike: one is made, and repeated. Beams come together from one row.
        draws = n if sampling.temperature > 0 and not sampling.beams else 1
        each = n if sampling.beams else 1
        passes = None if sampling.beams else self._passes()
        if passes is not None:
            groups = self._written(passes, encoded, sampling, draws)
            return groups if draws == n else [group * n for group in groups]
        rows = [_Row(i, j, tuple(ids)) for i, ids in enumerate(encoded) for j in range(draws)]
        made: list[list[Completion | None]] = [[None] * (draws * each) for _ in encoded]
        with self._evaluating():
            for number, batch in enumerate(self._batches(rows, sampling.max_tokens)):
                completions = self._complete(batch, sampling, number, each)
                for place, completion in enumerate(completions):
                    row = batch[place // each]
                    made[row.prompt][row.draw + place % each] = completion
        whole = [[c for c in group if c is not None] for group in made]
        return whole if draws * each == n else [group * n for group in whole]

    def choose(self, prompts: Sequence[Prompt], options: Sequence[str]) -> list[tuple[float, ...]]:
        """Return, for each prompt, the probabilities of the options (they sum to 1)."""
        if not prompts:
            return []
        texts = [render(prompt, self.tokenizer.chat_template) for prompt in prompts]
        with self._evaluating():
            passes = self._passes()
            return chances(self.model, self.tokenizer, texts, options, self.batch_tokens, passes)

    def _passes(self) -> Lean | None:
        """Return the lean passes over the weights as they are now, if they fit the model."""
        if not self._own:
            return lean(self.model)  # whoever brought the model may train it between two calls
        if self._kept is None:
            self._kept = lean(self.model)
        return self._kept

    @contextmanager
    def _evaluating(self) -> Iterator[None]:
        """Switch dropout and the like off, and back as it was."""
        training = self.model.training
        self.model.eval()
        try:
            yield
        finally:
            self.model.train(training)

    def _written(
        self, passes: Lean, encoded: Sequence[Sequence[int]], sampling: Sampling, draws: int
    ) -> list[list[Completion]]:
        """Return the answers that the lean passes write."""
        groups = write(
            passes, encoded, sampling, self._stops, draws=draws, tokens=self.batch_tokens
        )
        return [
            [replace(self._completion(w.ids), logprobs=tuple(w.logprobs) or None) for w in group]
            for group in groups
        ]

    def _fitting(
        self, prompts: Sequence[Prompt], sampling: Sampling
    ) -> tuple[list[int], list[list[int]]]:
        """Return the places of the prompts that the model can read, and their token ids."""
        if not prompts:
            return [], []
        texts = [render(prompt, self.tokenizer.chat_template) for prompt in prompts]
        encoded: list[list[int]] = self.tokenizer(texts, add_special_tokens=False)["input_ids"]
        room = getattr(self.model.config, "max_position_embeddings", None)
        spare = sampling.max_tokens
        fits = [bool(ids) and not (room and len(ids) + spare > room) for ids in encoded]
        for prompt, ids, fit in zip(prompts, encoded, fits, strict=True):
            if not fit:
                log.warning(
                    "sample %r of %r takes %d tokens and %d more are allowed for its answer, but "
                    "%s reads %s: it was not asked",
                    prompt.sample_id, prompt.task, len(ids), spare, self.name, room,
                )  # fmt: skip
        places = [place for place, fit in enumerate(fits) if fit]
        return places, [encoded[place] for place in places]

    def _batches(self, rows: Sequence[_Row], max_tokens: int) -> Iterator[list[_Row]]:
        """Yield batches of rows of like length, longest first (memory fails at once or never)."""
        ordered = sorted(rows, key=lambda row: (-len(row.ids), row.prompt, row.draw))
        while ordered:
            most = max(1, self.batch_tokens // (len(ordered[0].ids) + max_tokens))
            most = min(most, MAX_ROWS)
            # 300 rows make two batches of 150 rather than 256 and 44.
            size = -(-len(ordered) // -(-len(ordered) // most))
            yield ordered[:size]
            ordered = ordered[size:]

    def _complete(
        self, batch: Sequence[_Row], sampling: Sampling, number: int, each: int
    ) -> list[Completion]:
        import torch

        device = self.model.device
        width = max(len(row.ids) for row in batch)
        ids = torch.full((len(batch), width), self._pad, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for place, row in enumerate(batch):
            ids[place, width - len(row.ids) :] = torch.tensor(row.ids)
            mask[place, width - len(row.ids) :] = 1
        accelerators = [device] if device.type == "cuda" else []
        with torch.inference_mode(), torch.random.fork_rng(devices=accelerators):
            torch.manual_seed(random.Random(f"{sampling.seed}:{number}").getrandbits(63))
            written = self.model.generate(
                input_ids=ids.to(device),
                attention_mask=mask.to(device),
                generation_config=self._config(sampling, each),
            )
        return [self._completion(row) for row in written[:, width:].tolist()]

    @property
    def _pad(self) -> int:
        pad = self.tokenizer.pad_token_id
        return int(pad) if pad is not None else (self._stops[0] if self._stops else 0)

    def _config(self, sampling: Sampling, each: int) -> Any:
        """Return settings that leave nothing to the checkpoint's own generation defaults."""
        from transformers import GenerationConfig

        sample = sampling.temperature > 0 and not sampling.beams
        return GenerationConfig(
            max_new_tokens=sampling.max_tokens,
            do_sample=sample,
            temperature=sampling.temperature if sample else 1.0,
            top_p=sampling.top_p if sample else 1.0,
            top_k=sampling.top_k if sample else 50,  # 50 is the library's neutral value
            repetition_penalty=1.0,
            num_beams=sampling.beams or 1,
            num_return_sequences=each,
            use_cache=True,
            eos_token_id=list(self._stops) or None,
            pad_token_id=self._pad,
        )

    def _completion(self, ids: list[int]) -> Completion:
        """Return what was generated up to and with the stop token; padding is not counted."""
        end = next((place for place, token in enumerate(ids) if token in self._stops), None)
        kept = ids if end is None else ids[:end]
        text = self.tokenizer.decode(
            kept, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        thinking = thinking_tokens(self.tokenizer, kept)
        if end is None:
            return Completion(text, len(kept), "length", thinking=thinking)
        return Completion(text, end + 1, "stop", thinking=thinking)
