"""Logs of JSON lines that outlive a kill."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scireasoner.artifacts import HALVES, read_jsonl, write_jsonl, writing


class JsonlLog:
    """An append-only JSON-lines file that survives a kill: a torn last line is cut off on opening.

    Used where work is resumed answer by answer: harvest, evaluation, training curves.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            content = path.read_bytes()
            whole = content.rfind(b"\n") + 1
            if whole != len(content):
                with path.open("r+b") as file:
                    file.truncate(whole)

    def rows(self) -> list[dict[str, Any]]:
        """Return what was logged so far."""
        return read_jsonl(self.path)

    def extend(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append rows and force them to disk."""
        text = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
        with writing(self.path), self.path.open("a", encoding="utf-8", errors=HALVES) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def rewrite(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Replace the whole log (used to drop what a checkpoint does not know of)."""
        write_jsonl(self.path, rows)
