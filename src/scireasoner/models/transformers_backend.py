"""Any checkpoint that transformers loads, on the CPU or one accelerator."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.errors import BackendError, InputError
from scireasoner.models.backend import Sampling
from scireasoner.models.budget import bounded, thinking_tokens, within_budget
from scireasoner.models.choosing import chances
from scireasoner.prompts.chat import render
from scireasoner.types import Completion, Prompt

if TYPE_CHECKING:
    import torch

# Beyond this many rows a step costs in proportion to its rows, and the cache grows for nothing.
MAX_ROWS = 256


@dataclass(frozen=True, slots=True)
class _Row:
    """One completion to make: where it belongs, and the prompt's token ids."""

    prompt: int
    draw: int
    ids: tuple[int, ...]


class TransformersBackend:
    """Generates with ``transformers``' own ``generate``.

    Greedy decoding at temperature 0. Sampling seeds each batch with the sampling seed and the
    batch's number, so the same call gives the same completions on one machine; the caller's own
    random state is left alone.

    Parameters
    ----------
    path : folder of a checkpoint, or a name on the Hugging Face hub.
    device : e.g. ``"cpu"`` or ``"cuda"``; by default an accelerator if there is one.
    dtype : of the weights; by default as they are stored.
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
        _check_place(self.name, needed=model is None or tokenizer is None)
        self.tokenizer = _load_tokenizer(self.name) if tokenizer is None else tokenizer
        self.model = _load_model(self.name, dtype or "auto") if model is None else model
        if model is None or device is not None:
            self.model.to(device or _default_device())
        self._stops = _stop_ids(self.model, self.tokenizer)

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return ``n`` completions for each prompt, in the order of the prompts.

        Raises
        ------
        InputError : if a prompt is too long, or more answers than beams are asked for.
        """
        if sampling.beams and n > sampling.beams:
            raise InputError(
                f"{n} answers of {sampling.beams} beams were asked for: use more beams"
            )
        if bounded(prompts, sampling):
            return within_budget(self.generate, prompts, sampling, n)
        # Greedy draws are all alike: one is made, and repeated. Beams come together from one row.
        draws = n if sampling.temperature > 0 and not sampling.beams else 1
        each = n if sampling.beams else 1
        rows = self._rows(prompts, sampling, draws)
        made: list[list[Completion | None]] = [[None] * (draws * each) for _ in prompts]
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
            return chances(self.model, self.tokenizer, texts, options, self.batch_tokens)

    @contextmanager
    def _evaluating(self) -> Iterator[None]:
        """Switch dropout and the like off, and back as it was."""
        training = self.model.training
        self.model.eval()
        try:
            yield
        finally:
            self.model.train(training)

    def _rows(self, prompts: Sequence[Prompt], sampling: Sampling, draws: int) -> list[_Row]:
        if not prompts:
            return []
        template = self.tokenizer.chat_template
        texts = [render(prompt, template) for prompt in prompts]
        encoded = self.tokenizer(texts, add_special_tokens=False)["input_ids"]
        room = getattr(self.model.config, "max_position_embeddings", None)
        for prompt, ids in zip(prompts, encoded, strict=True):
            if not ids or (room and len(ids) + sampling.max_tokens > room):
                raise InputError(
                    f"sample {prompt.sample_id!r} of {prompt.task!r} takes {len(ids)} tokens and "
                    f"{sampling.max_tokens} more are allowed for its answer, but {self.name} reads "
                    f"1 to {room}: shorten the question or lower max_tokens"
                )
        return [_Row(i, j, tuple(ids)) for i, ids in enumerate(encoded) for j in range(draws)]

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


def _check_place(name: str, *, needed: bool) -> None:
    """Refuse what is plainly a path and not a model folder, before the hub is asked for it."""
    place = Path(name)
    if not needed or (place / "config.json").is_file():
        return
    if place.exists():
        raise BackendError(
            f"{name} holds no model (no config.json): give the folder that a stage wrote its "
            "checkpoint to, such as runs/nano-seed0/rl/model"
        )
    if place.is_absolute() or name.startswith((".", "~")) or name.count("/") != 1:
        raise BackendError(
            f"{name} does not exist: give a checkpoint's folder, or a hub name such as "
            "SciReason/SciReasoner-1.7B"
        )


def _load_tokenizer(name: str) -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise _unloadable(name, "tokenizer", error) from error


def _load_model(name: str, dtype: torch.dtype | str) -> Any:
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        return AutoModelForCausalLM.from_pretrained(name, dtype=dtype)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise _unloadable(name, "model", error) from error
    finally:
        if shown:
            logging.enable_progress_bar()


def _unloadable(name: str, what: str, error: Exception) -> BackendError:
    reason = " ".join(str(error).split())[:200]
    if Path(name).exists():
        return BackendError(
            f"the {what} in {name} cannot be loaded ({reason}): delete the folder and run the "
            "stage that wrote it again"
        )
    return BackendError(
        f"{name} is no folder here, and cannot be had from the Hugging Face hub ({reason}): check "
        "the name and the network, or give the folder of a checkpoint"
    )


def _default_device() -> str:
    import torch

    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return "cpu" if found is None else found.type


def _stop_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """Return every token that ends a turn, by the model's and the tokenizer's account."""
    named = getattr(getattr(model, "generation_config", None), "eos_token_id", None)
    ids = [*(named if isinstance(named, list | tuple) else [named]), tokenizer.eos_token_id]
    return tuple(dict.fromkeys(int(i) for i in ids if i is not None))
