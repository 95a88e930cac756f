"""Supervised training as a whole: it learns, repeats, and survives rows without an answer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from scireasoner import artifacts
from scireasoner.errors import DataError
from scireasoner.jsonl_log import JsonlLog
from scireasoner.models.checkpoint import load_model
from scireasoner.tasks.task import Task
from scireasoner.training import loop
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.mixture import Part, dialogues
from scireasoner.training.model import compile_blocks
from scireasoner.training.supervised import supervised
from scireasoner.types import Message, Mode, Prompt

FIT = FitConfig(steps=12, batch_tokens=1024, lr=1e-2, log_every=1, save_every=100, warmup=0.0)
LONG = (Prompt("t", "long", (Message("user", "CH4 " * 300),), Mode.INSTANT), "CH4")


def train(checkpoint: Path, pairs: Iterable[tuple[Prompt, str]], out: Path, **changes: Any) -> Any:
    options = {"config": FIT, "max_length": 64, "out": out, "seed": 0, "label": "test", **changes}
    return supervised(checkpoint, [Part("formula", 1, lambda: pairs)], **options)


def weights(out: Path) -> torch.Tensor:
    parameters = load_model(out / "model").parameters()
    return torch.cat([p.detach().flatten() for p in parameters])


def test_it_learns_the_answers(checkpoint: Path, formula: Task, tmp_path: Path) -> None:
    facts = train(checkpoint, dialogues([formula], 40, {}, 0), tmp_path)
    assert facts["pairs"] == 40
    assert facts["loss"] < 0.65 * math.log(480)  # an untrained model: log of the vocabulary


def test_one_seed_one_model(checkpoint: Path, formula: Task, tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        train(checkpoint, dialogues([formula], 40, {}, 0), tmp_path / name, seed=seed)
    a, b, c = (weights(tmp_path / name) for name in "abc")
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


def test_compiled_blocks_train_as_plain_ones(
    checkpoint: Path, formula: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Traced as for a GPU, without a C++ compiler at hand."""
    compiled: list[torch.nn.Module] = []

    def traced(model: torch.nn.Module) -> None:
        compile_blocks(model, "aot_eager")
        compiled.append(model)

    monkeypatch.setattr(loop, "compile_blocks", traced)
    rows = list(dialogues([formula], 40, {}, 0))
    curves = {}
    for compile in (False, True):
        out = tmp_path / str(compile)
        train(checkpoint, rows, out, config=replace(FIT, compile=compile))
        curves[compile] = [row["loss"] for row in JsonlLog(out / "curve.jsonl").rows()]
    assert len(compiled) == 1
    assert curves[True] == pytest.approx(curves[False], abs=1e-3)
    names = [set(load_model(tmp_path / name / "model").state_dict()) for name in ("False", "True")]
    assert names[0] == names[1]


def test_the_curve_of_a_resumed_training_is_that_of_a_whole_one(
    checkpoint: Path, formula: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after a checkpoint that lies between two points of the curve."""
    settings = replace(FIT, log_every=4, save_every=6)
    rows = list(dialogues([formula], 40, {}, 0))
    train(checkpoint, rows, tmp_path / "whole", config=settings)
    write = artifacts.write_text

    def stopped(path: Path, text: str) -> None:
        write(path, text)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loop, "write_text", stopped)  # once the checkpoint is marked whole
        with pytest.raises(KeyboardInterrupt):
            train(checkpoint, rows, tmp_path / "resumed", config=settings)
    train(checkpoint, rows, tmp_path / "resumed", config=settings)
    whole, resumed = (JsonlLog(tmp_path / n / loop.CURVE).rows() for n in ("whole", "resumed"))
    assert resumed == whole
    assert torch.equal(weights(tmp_path / "resumed"), weights(tmp_path / "whole"))


def test_a_prompt_that_leaves_no_room_for_its_answer_spoils_nothing(
    checkpoint: Path, formula: Task, tmp_path: Path
) -> None:
    """Cut at max_length such a row carries no loss: alone in a batch it would be 0 / 0."""
    train(checkpoint, [*dialogues([formula], 10, {}, 0), *[LONG] * 60], tmp_path)
    assert bool(torch.isfinite(weights(tmp_path)).all())


@pytest.mark.parametrize("pairs", [[], [LONG]], ids=["none", "prompts too long"])
def test_nothing_to_learn_is_told(
    pairs: list[tuple[Prompt, str]], checkpoint: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="test: "):
        train(checkpoint, pairs, tmp_path)


def test_rows_padded_on_the_left_are_kept_from_the_attention_that_fails_on_them(
    checkpoint: Path,
) -> None:
    """On an H200 cuDNN's attention made NaN of them (docs/log.md)."""
    torch.backends.cuda.enable_cudnn_sdp(True)
    load_model(checkpoint)
    assert not torch.backends.cuda.cudnn_sdp_enabled()
