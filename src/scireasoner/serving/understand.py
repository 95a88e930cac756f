"""Finding the task behind a question asked in plain words."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from scireasoner.notation.tags import NOTATIONS, Notation, find_spans
from scireasoner.serving import entities
from scireasoner.tasks.registry import all_tasks
from scireasoner.tasks.task import Task


@dataclass(frozen=True)
class Understood:
    """What a question asks for.

    Parameters
    ----------
    question : the text as it was asked.
    task : the registered task whose wording it has; None if it has none.
    inputs : the task's inputs, each in the form that the task's rows have.
    """

    question: str
    task: Task | None
    inputs: Mapping[str, str]


def understand(question: str) -> Understood:
    """Check the entities of a question and find its task.

    A question belongs to a task if it has the fixed words of the task's prompt and valid
    entities in the places of the inputs, tagged or bare. Several tasks can share their words (a
    formula is asked for of a SMILES and of a name); then the entities decide.

    Raises
    ------
    InputError : if an entity is not valid; no model has been asked then.
    """
    entities.check_spans(question)
    refused: list[tuple[str, Notation]] = []
    for task in sorted(all_tasks(), key=lambda task: -_fixed_words(task.prompt)):
        raw = _match(task, question)
        if raw is None:
            continue
        inputs = _read(task, raw, refused)
        if inputs is not None:
            return Understood(question, task, inputs)
    if refused:
        text = refused[0][0]
        raise entities.expected(text, [notation for other, notation in refused if other == text])
    return Understood(question, None, {})


def _read(
    task: Task, raw: Mapping[str, str], refused: list[tuple[str, Notation]]
) -> dict[str, str] | None:
    """Return the inputs as the task's rows have them; None (and why) if one is not valid."""
    inputs: dict[str, str] = {}
    for name, text in raw.items():
        notation = NOTATIONS[task.inputs[name]]
        tagged = find_spans(text, notation)
        if tagged and tagged[0].start == 0 and tagged[0].end == len(text):
            inputs[name] = entities.valid_or_complain(tagged[0].text, notation)
            continue
        if "<" in text and any(find_spans(text, other) for other in NOTATIONS.values()):
            return None  # tagged as something else: another task's question
        found = entities.read(text, notation.name)
        if found is None:
            refused.append((text, notation))
            return None
        inputs[name] = found
    return inputs


def _match(task: Task, question: str) -> dict[str, str] | None:
    text = " ".join(question.split())
    asks = " ".join(task.answer.asks().split())
    found = _pattern(task.prompt).fullmatch(text.removesuffix(asks).strip())
    return None if found is None else {k: v.strip() for k, v in found.groupdict().items()}


@lru_cache(maxsize=512)
def _pattern(prompt: str) -> re.Pattern[str]:
    """Return the prompt as a pattern: its fixed words, in any case, around named groups."""
    parts: list[str] = []
    seen: set[str] = set()
    for fixed, name, _, _ in string.Formatter().parse(" ".join(prompt.split())):
        parts.append(re.escape(fixed))
        if name is not None:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
    body = "".join(parts)
    ending = re.search(r"(\\[.?!]|[.?!:])$", body)
    body = body[: ending.start()] if ending else body
    return re.compile(body + r"\s*[.?!:]?", re.IGNORECASE)


def _fixed_words(prompt: str) -> int:
    return sum(len(fixed) for fixed, *_ in string.Formatter().parse(prompt))
