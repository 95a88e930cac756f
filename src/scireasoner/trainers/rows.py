"""A completion whose reward is asked for, from whatever a trainer hands over."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from scireasoner.errors import DataError, InputError, nearest
from scireasoner.prompts.reply import compose
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Fault, Mode, Sample, Split

_INDICES = 64
_FINISHES = ("stop", "length")


@dataclass(frozen=True, slots=True)
class Asked:
    """A completion and the row that it answers.

    The row is one of the task's own data (``id`` and ``split``), or is given whole: ``gold``, and
    ``inputs`` where the task's rewards look at them.

    Parameters
    ----------
    task : a name of ``scireasoner tasks``.
    completion : what the model wrote after the prompt, thought included.
    id, split : the row in the task's data.
    inputs, gold, reference, meta : the row itself, as in :class:`~scireasoner.types.Sample`.
    mode : what the prompt fixed; None if the model chose.
    finish : ``"length"`` if the completion was cut at its limit, else ``"stop"``.
    tokens : generated tokens; 0 where they are not known.
    group : completions of one prompt name one group; equal answers share a reward in it where a
        task has no gold. None: the completion stands alone.
    """

    task: str
    completion: str
    id: str | None = None
    split: Split = Split.TRAIN
    inputs: Mapping[str, str] | None = None
    gold: str | None = None
    reference: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    mode: Mode | None = None
    finish: str = "stop"
    tokens: int = 0
    group: str | None = None

    def written(self) -> Completion:
        """Return the completion as the judge reads it."""
        return Completion(self.completion, self.tokens, self.finish)


FIELDS = tuple(one.name for one in fields(Asked))


def asked(row: Mapping[str, Any], where: str = "the row") -> Asked:
    """Return a row of JSON, or of a data set's columns, as an :class:`Asked`.

    None counts as left out, also inside ``inputs`` and ``meta``: a table has every column in every
    row. ``inputs`` and ``meta`` may be JSON texts. ``completion`` may be a list of chat messages.

    Raises
    ------
    InputError : names ``where``, what came and what was expected.
    """
    given = {name: value for name, value in row.items() if value is not None}
    unknown = [name for name in given if name not in FIELDS]
    if unknown:
        raise InputError(
            f"{where}: unknown field {unknown[0]!r}{nearest(unknown[0], FIELDS)}; "
            f"the fields are {', '.join(FIELDS)}"
        )
    for name in ("task", "completion"):
        if name not in given:
            raise InputError(f"{where}: {name!r} is missing; it has {sorted(given)}")
    given["completion"] = text_of(given["completion"], where)
    for name in ("inputs", "meta"):
        if name in given:
            given[name] = _texts(given[name], f"{where}: {name!r}")
    for name in ("task", "id", "gold", "reference", "group"):
        _expect(given, name, str, "a text", where)
    _expect(given, "tokens", int, "a whole number", where)
    if given.get("tokens", 0) < 0:
        raise InputError(f"{where}: 'tokens' must be 0 or more, {given['tokens']} came")
    given["split"] = Split(_one_of(given.get("split", "train"), tuple(Split), f"{where}: 'split'"))
    mode = _one_of(given.get("mode", "auto"), ("auto", *Mode), f"{where}: 'mode'")
    given["mode"] = None if mode == "auto" else Mode(mode)
    given["finish"] = _one_of(given.get("finish", "stop"), _FINISHES, f"{where}: 'finish'")
    return Asked(**given)


def _expect(given: Mapping[str, Any], name: str, kind: type, words: str, where: str) -> None:
    value = given.get(name)
    if name in given and (not isinstance(value, kind) or isinstance(value, bool)):
        raise InputError(f"{where}: {name!r} must be {words}, {value!r} came")


def _one_of(value: Any, allowed: Sequence[str], where: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise InputError(f"{where} must be one of {', '.join(allowed)}; {value!r} came")
    return value


def _texts(value: Any, where: str) -> dict[str, str]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:  # also numbers too long, objects too deep
            raise InputError(f"{where} is no JSON: {error}; give an object of texts") from error
    if not isinstance(value, Mapping):
        raise InputError(f"{where} must be an object of texts, {value!r} came")
    kept = {key: text for key, text in value.items() if text is not None}
    wrong = [key for key, text in kept.items() if not isinstance(text, str)]
    if wrong:
        raise InputError(f"{where}: {wrong[0]!r} must be a text, {kept[wrong[0]]!r} came")
    return kept


def text_of(completion: Any, where: str = "the row") -> str:
    """Return the text of a completion: itself, or the last assistant message of a chat.

    A server that parses thoughts puts them beside the answer (``reasoning_content`` or
    ``thinking``); they are put back before it, where the one reader of thoughts expects them.
    """
    if isinstance(completion, str):
        return completion
    if not isinstance(completion, list | tuple):
        raise InputError(
            f"{where}: 'completion' must be a text or a list of messages, {completion!r} came"
        )
    for message in reversed(completion):
        if not isinstance(message, Mapping):
            raise InputError(f"{where}: a message must be an object, {message!r} came")
        if message.get("role", "assistant") == "assistant":
            answer = _content(message.get("content"), where)
            thought = message.get("reasoning_content") or message.get("thinking")
            return compose(str(thought), answer) if thought else answer
    return ""


def _content(content: Any, where: str) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list | tuple) and all(isinstance(part, Mapping) for part in content):
        return "".join(str(part.get("text") or "") for part in content)
    raise InputError(f"{where}: a message's content must be a text or parts, {content!r} came")


class Finder:
    """Finds the row that is asked about; keeps an index of the ids of each split it has read."""

    def __init__(self) -> None:
        self._indices: OrderedDict[tuple[str, Split], tuple[Any, dict[str, Sample]]] = OrderedDict()

    def sample(self, task: Task, row: Asked) -> Sample:
        """Return the row as a sample.

        Raises
        ------
        InputError : if the row has neither a gold nor an id and the task needs one.
        DataError : if the task's data has no such id, or is not on this machine.
        """
        if row.gold is not None or row.inputs is not None:
            inputs = row.inputs or {}
            return Sample(row.id or "given", inputs, row.gold, row.reference, row.meta)
        if row.id is not None:
            return self._known(task, row.split, row.id)
        if isinstance(task.answer.read_gold(None), Fault):
            raise InputError(
                f"task {task.name!r} judges against a right answer: give 'gold', or 'id' and "
                "'split' of a row of its data"
            )
        return Sample("given", {}, None, row.reference, row.meta)

    def _known(self, task: Task, split: Split, identity: str) -> Sample:
        rows = task.samples(split)
        key = (task.name, split)
        held = self._indices.get(key)
        if held is None or held[0] is not rows:
            held = (rows, {sample.id: sample for sample in rows})
            self._indices[key] = held
            if len(self._indices) > _INDICES:
                self._indices.popitem(last=False)
        found = held[1].get(identity)
        if found is None:
            first = f", the first is {rows[0].id!r}" if rows else ""
            raise DataError(
                f"task {task.name!r} has no {split} row {identity!r} among its "
                f"{len(rows)} rows here{first}; give 'split', or the row's 'gold'"
            )
        return found
