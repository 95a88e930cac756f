"""A backend whose answers are written down: for tests, documents and reruns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scireasoner.artifacts import read_jsonl
from scireasoner.errors import BackendError, nearest
from scireasoner.models.backend import Sampling
from scireasoner.models.budget import bounded, within_budget
from scireasoner.prompts.reply import read
from scireasoner.types import Completion, Prompt

Answers = str | Sequence[str] | Mapping[str, str] | Callable[[Prompt], str]


class ScriptedBackend:
    """Gives written answers.

    Parameters
    ----------
    answers : one text for every prompt; or texts given in turn (from the start again at the end);
        or texts by sample id, else by the question's own text; or a function of the prompt.
    name : what reports show.
    """

    def __init__(self, answers: Answers, name: str = "scripted") -> None:
        self.name = name
        self.answers = answers
        self._turn = 0
        if not answers:
            raise BackendError("a scripted model needs at least one answer, and got none")

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return ``n`` written answers for each prompt; a word counts as a token.

        A begun answer is continued with the script's own answer.
        """
        if bounded(prompts, sampling):
            return within_budget(self.generate, prompts, sampling, n)
        return [
            [_cut(self._text(prompt), sampling.max_tokens) for _ in range(n)] for prompt in prompts
        ]

    def _text(self, prompt: Prompt) -> str:
        if prompt.messages and prompt.messages[-1].role == "assistant":
            if isinstance(self.answers, Sequence) and not isinstance(self.answers, str):
                raise BackendError(
                    "answers that are given in turn cannot be continued: script them by question"
                )
            whole = self._text(replace(prompt, messages=prompt.messages[:-1]))
            return read(whole, prompt.mode).answer
        if isinstance(self.answers, str):
            return self.answers
        if callable(self.answers):
            return self.answers(prompt)
        if isinstance(self.answers, Mapping):
            return _looked_up(self.answers, prompt)
        text = self.answers[self._turn % len(self.answers)]
        self._turn += 1
        return text


def _looked_up(answers: Mapping[str, str], prompt: Prompt) -> str:
    question = prompt.messages[-1].content if prompt.messages else ""
    for key in (prompt.sample_id, question):
        if key in answers:
            return answers[key]
    raise BackendError(
        f"the script has no answer for sample {prompt.sample_id!r} of task {prompt.task!r}"
        f"{nearest(prompt.sample_id, answers)}: add one under its id or its question"
    )


def _cut(text: str, max_tokens: int) -> Completion:
    words = text.split()
    if len(words) > max_tokens:
        return Completion(" ".join(words[:max_tokens]), max_tokens, "length")
    return Completion(text, len(words), "stop")


def read_script(path: Path) -> ScriptedBackend:
    """Return the backend of a JSON-lines file.

    Each line is ``{"sample": id, "text": answer}`` or ``{"question": text, "text": answer}``;
    other lines (the head of a predictions file) are passed over, so that predictions of an
    evaluation can be played back.

    Raises
    ------
    BackendError : if there is no such file, or it holds no answer.
    """
    if not path.is_file():
        raise BackendError(f"the script {path} does not exist: give a JSON-lines file of answers")
    answers: dict[str, str] = {}
    for row in read_jsonl(path):
        key, text = row.get("sample", row.get("question")), row.get("text")
        if isinstance(key, str) and isinstance(text, str):
            answers[key] = text
    if not answers:
        raise BackendError(
            f'{path} holds no answers: write lines such as {{"sample": "id", "text": "answer"}}'
        )
    return ScriptedBackend(answers, name=f"scripted:{path}")
