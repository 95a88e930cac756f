"""A journal of every question that was put to a model: its answer, its cost, its fault.

It is a log, the memory of what was spent, and a cache by content at once: one line holds a
question's whole story, so a killed process cannot have paid for an answer and lost it, or know an
answer and forget its price.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scireasoner.errors import DataError, StorageError
from scireasoner.jsonl_log import JsonlLog
from scireasoner.models.backend import Sampling
from scireasoner.types import Prompt


def question_key(model: str, prompt: Prompt, sampling: Sampling) -> str:
    """Return what an answer depends on, as a hash: the model, the messages, the sampling."""
    mode = None if prompt.mode is None else prompt.mode.value
    parts = [
        model,
        [[m.role, m.content] for m in prompt.messages],
        mode,
        [sampling.temperature, sampling.top_p, sampling.top_k, sampling.max_tokens, sampling.seed],
    ]
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Journal:
    """Lines of one model, in one file; for one process at a time.

    A line is ``key`` (hash of the question), ``task``, ``sample``, ``tokens_in``, ``tokens``,
    ``cost``, ``seconds``, ``attempts``, ``at`` (Unix time), and either ``text`` and ``finish`` or
    ``fault`` and ``detail``. Texts stay on disk; what is kept in memory of an answered question is
    where its line begins.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log = JsonlLog(path)
        self._places: dict[str, tuple[int, int]] = {}
        self._cost: dict[str, float] = {}
        self._tokens: dict[str, int] = {}
        place = 0
        with path.open("rb") as file:
            for line in file:
                self._learn(self._read(line), place, len(line))
                place += len(line)
        self._end = place

    def _read(self, line: bytes) -> dict[str, Any]:
        try:
            row = json.loads(line)
            if isinstance(row, dict) and isinstance(row["key"], str):
                return row
        except (ValueError, KeyError):
            pass
        raise DataError(
            f"{self.path} has a line that is no answer of a model ({line[:80]!r}): mend or remove "
            "that line; the others are kept"
        )

    def _learn(self, row: Mapping[str, Any], place: int, length: int) -> None:
        task = row.get("task", "")
        self._cost[task] = self._cost.get(task, 0.0) + row.get("cost", 0.0)
        tokens = row.get("tokens_in", 0) + row.get("tokens", 0)
        self._tokens[task] = self._tokens.get(task, 0) + tokens
        if "text" in row:
            self._places[row["key"]] = (place, length)

    def spent(self, *, but: str | None = None) -> tuple[float, int]:
        """Return the money and tokens of all tasks, or of all but one."""
        cost = sum(value for task, value in self._cost.items() if task != but)
        return cost, sum(value for task, value in self._tokens.items() if task != but)

    def __len__(self) -> int:
        return len(self._places)

    def answer(self, key: str) -> dict[str, Any] | None:
        """Return the line of an answered question, None if it is not known."""
        found = self._places.get(key)
        if found is None:
            return None
        with self.path.open("rb") as file:
            file.seek(found[0])
            return self._read(file.read(found[1]))

    def add(self, row: Mapping[str, Any]) -> None:
        """Append a line and force it to disk.

        Raises
        ------
        StorageError : if the disk is full; no half line is left.
        """
        whole = {"at": round(time.time(), 3), **row}
        try:
            self._log.extend([whole])
        except StorageError:
            os.truncate(self.path, self._end)
            raise
        size = self.path.stat().st_size
        self._learn(whole, self._end, size - self._end)
        self._end = size
