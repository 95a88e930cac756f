"""vLLM in this process: the fast engine where there is a GPU."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from typing import Any

from scireasoner.errors import BackendError, MissingTool
from scireasoner.models.backend import Sampling, refuse_beams
from scireasoner.models.budget import bounded, thinking_tokens, within_budget
from scireasoner.prompts.chat import render
from scireasoner.prompts.reply import UNREAD
from scireasoner.types import Completion, Prompt

log = logging.getLogger(__name__)


class VllmBackend:
    """Generates with vLLM (doi:10.1145/3600006.3613165).

    Parameters
    ----------
    path : folder of a checkpoint, or a name on the Hugging Face hub.
    options : passed to ``vllm.LLM``, e.g. ``tensor_parallel_size``, ``max_model_len``.

    Raises
    ------
    MissingTool : if vLLM is not installed.
    BackendError : if it cannot load the model.
    """

    def __init__(self, path: str, **options: Any) -> None:
        try:
            import vllm
        except ImportError as error:
            raise MissingTool(
                "vllm", "models named vllm:NAME", "pip install 'scireasoner[vllm]'"
            ) from error
        self.name = str(path)
        self._vllm = vllm
        try:
            self._engine = vllm.LLM(model=self.name, **options)
        except (OSError, ValueError, RuntimeError) as error:
            raise BackendError(
                f"vLLM cannot load {self.name} ({' '.join(str(error).split())[:200]}): check the "
                "name, and that the model fits into the memory of the GPU"
            ) from error
        self._tokenizer = self._engine.get_tokenizer()

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return ``n`` completions for each prompt, in the order of the prompts.

        A prompt that, with the room for its answer, is longer than the model reads is not asked:
        its completions are empty and say so (``finish`` ``"unread"``).
        """
        refuse_beams(self.name, sampling)
        if not prompts:
            return []
        if bounded(prompts, sampling):
            return within_budget(self.generate, prompts, sampling, n)
        template = self._tokenizer.chat_template
        texts = [render(prompt, template) for prompt in prompts]
        encoded = self._tokenizer(texts, add_special_tokens=False)["input_ids"]
        fitting = [p for p, ids in enumerate(encoded) if self._fits(prompts[p], ids, sampling)]
        groups = [[Completion("", 0, UNREAD)] * n for _ in prompts]
        if fitting:
            asked = [{"prompt_token_ids": encoded[p]} for p in fitting]
            settings = [self._settings(prompts[p], sampling, n) for p in fitting]
            replies = self._engine.generate(asked, settings, use_tqdm=False)
            for place, reply in zip(fitting, replies, strict=True):
                groups[place] = [self._completion(output) for output in reply.outputs]
        return groups

    def _fits(self, prompt: Prompt, ids: Sequence[int], sampling: Sampling) -> bool:
        """Whether the engine reads a prompt: one that is too long would end the whole call."""
        room = self._engine.llm_engine.model_config.max_model_len
        fits = 0 < len(ids) <= room - sampling.max_tokens
        if not fits:
            log.warning(
                "sample %r of %r takes %d tokens and %d more are allowed for its answer, but %s "
                "reads %s: it was not asked",
                prompt.sample_id, prompt.task, len(ids), sampling.max_tokens, self.name, room,
            )  # fmt: skip
        return fits

    def _settings(self, prompt: Prompt, sampling: Sampling, n: int) -> Any:
        """Return the settings of one prompt; its seed depends on nothing but itself."""
        key = f"{sampling.seed}:{prompt.task}:{prompt.sample_id}"
        if prompt.messages[-1].role == "assistant":
            # Several begun answers to one question are continued with a seed of their own.
            key += f":{prompt.messages[-1].content}"
        seed = random.Random(key).getrandbits(31)
        return self._vllm.SamplingParams(
            n=n,
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            top_k=sampling.top_k or -1,
            max_tokens=sampling.max_tokens,
            seed=seed,
            skip_special_tokens=True,
            spaces_between_special_tokens=False,
        )

    def _completion(self, output: Any) -> Completion:
        ids = list(output.token_ids)
        finish = "length" if output.finish_reason == "length" else "stop"
        thinking = thinking_tokens(self._tokenizer, ids)
        return Completion(output.text, len(ids), finish, thinking=thinking)
