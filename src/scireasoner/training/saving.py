"""What a training leaves, written by one process of a job: its curve, and the whole model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.jsonl_log import JsonlLog
from scireasoner.processes import is_main
from scireasoner.training.model import save_model

if TYPE_CHECKING:
    from transformers import Trainer


def save_trained(trainer: Trainer, tokenizer: Any, out: Path) -> None:
    """Write an ordinary checkpoint, whole also where the model was sharded over processes."""
    if not trainer.args.fsdp and not trainer.is_deepspeed_enabled:
        if is_main():
            save_model(trainer.model, tokenizer, out)
        return
    # Every process takes part in gathering the shards; the main one alone holds them all.
    state = trainer.accelerator.get_state_dict(trainer.model_wrapped)
    if is_main():
        save_model(trainer.model, tokenizer, out, state)


def open_curve(path: Path) -> JsonlLog:
    """Return the log of a training; only the main process writes it."""
    return JsonlLog(path) if is_main() else _Unwritten(path)


class _Unwritten(JsonlLog):
    """The log of a process that is not the main one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> list[dict[str, Any]]:
        return []

    def extend(self, rows: Iterable[Mapping[str, Any]]) -> None:
        pass

    def rewrite(self, rows: Iterable[Mapping[str, Any]]) -> None:
        pass
