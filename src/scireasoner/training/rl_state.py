"""What a run of reinforcement learning goes on from, and who watches its curve."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import read_json, write_json
from scireasoner.errors import ArtifactError
from scireasoner.jsonl_log import JsonlLog
from scireasoner.training.warnings import FLAG, warned

if TYPE_CHECKING:
    from scireasoner.training.dapo_trainer import DapoTrainer

log = logging.getLogger(__name__)

WARNINGS = "warnings.jsonl"
_STREAM = "stream.json"


def stream_callback(trainer: DapoTrainer) -> Any:
    """Return what writes the data cursor of each process into every checkpoint."""
    from accelerate.utils import gather_object
    from transformers import TrainerCallback

    class SaveStream(TrainerCallback):
        """Writes where the questions stand, before a checkpoint is marked whole."""

        def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            cursors = gather_object([trainer.stream.cursor])
            if state.is_world_process_zero:
                scale = trainer.scale.variance if trainer.scale else {}
                write_json(
                    Path(args.output_dir) / f"checkpoint-{state.global_step}" / _STREAM,
                    {"cursors": cursors, "variance": scale},
                )

    return SaveStream()


def resume(trainer: DapoTrainer, checkpoint: Path | None) -> None:
    """Set the questions, the scales and the logs back to a checkpoint, or to the start.

    Raises
    ------
    ArtifactError : if the checkpoint was written by another number of processes.
    """
    step = int(checkpoint.name.rsplit("-", 1)[1]) if checkpoint else 0
    if trainer.rollout_log is not None:
        trainer.rollout_log.cut(step)
    if checkpoint is None:
        return
    saved = read_json(checkpoint / _STREAM)
    world = trainer.stream.world
    if len(saved["cursors"]) != world:
        raise ArtifactError(
            f"{checkpoint} was written by {len(saved['cursors'])} processes and {world} go on: "
            "start as many, or delete the stage's folder"
        )
    trainer.stream.cursor = saved["cursors"][trainer.stream.rank]
    if trainer.scale is not None:
        trainer.scale.restore(saved["variance"])


def watch(trainer: DapoTrainer, curve: JsonlLog, out: Path) -> None:
    """Have early warnings told once when they begin, and flagged in the curve while they hold."""
    from transformers import TrainerCallback

    class Watch(TrainerCallback):
        """Looks at the curve at each point."""

        def __init__(self) -> None:
            self.rows: list[Mapping[str, float]] = []

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            self.rows = list(curve.rows())
            if state.is_world_process_zero:
                told = JsonlLog(out / WARNINGS)
                told.rewrite([row for row in told.rows() if row["step"] <= state.global_step])

        def on_log(
            self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any
        ) -> None:
            if not state.is_world_process_zero or logs is None or "train_runtime" in logs:
                return
            before = {name for name in (self.rows[-1] if self.rows else ()) if FLAG in name}
            self.rows.append({k: v for k, v in logs.items() if isinstance(v, int | float)})
            now = warned(self.rows)
            logs |= {FLAG + one.name: 1.0 for one in now}
            self.rows[-1] = {**self.rows[-1], **{FLAG + one.name: 1.0 for one in now}}
            begun = [one for one in now if FLAG + one.name not in before]
            for one in begun:
                log.warning("step %d, %s: %s", state.global_step, one.name, one.text)
            if begun:
                rows = [{"step": state.global_step, "name": w.name, "text": w.text} for w in begun]
                JsonlLog(out / WARNINGS).extend(rows)

    # First of all: the curve, and a tracker if there is one, shall see the flags.
    trainer.callback_handler.callbacks.insert(0, Watch())
