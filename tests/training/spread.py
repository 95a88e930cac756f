"""What a job of several processes runs: one step of each training, with plain SGD at rate 1.

Started by torchrun; arguments: a checkpoint, a folder for results, what to train. Parameters
before minus parameters after the step are the gradient, as every process of the job agreed on it.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).parent))

from conftest import alkanes, task
from scireasoner.models.checkpoint import load_model
from scireasoner.processes import is_main, rank, world
from scireasoner.training import loop, pretrain, rl, supervised
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.mixture import Part
from scireasoner.training.model import ModelConfig
from scireasoner.training.rl_config import RlConfig
from scireasoner.types import Mode

IN_A_STEP = 4  # batches, or groups of rollouts, in one step of the whole job
SFT = [(n, n % 7 + 1) for n in range(1, 21)]  # alkanes, and how often the answer is repeated


def plain_sgd() -> None:
    """Let every training step with SGD at rate 1 and no clipping."""

    def sgd(parameters: Any, **_: Any) -> torch.optim.SGD:
        return torch.optim.SGD(parameters, lr=1.0)

    torch.optim.AdamW = sgd
    before = loop.common_arguments

    def arguments(*given: Any, **more: Any) -> dict[str, Any]:
        # The schedule that transformers makes for a sharded model begins with a rate of 0.
        plain = {"optim": "sgd", "lr_scheduler_type": "constant", "warmup_steps": 0}
        return before(*given, **more) | plain | OVERRIDES

    loop.common_arguments = rl.common_arguments = arguments


OVERRIDES: dict[str, Any] = {}
HELD: dict[str, float] = {}  # share of the parameters that this process holds, by kind


def shard_on_cpu() -> None:
    """Let accelerate shard over CPU processes too: it takes FSDP for GPUs only, silently."""
    from accelerate import state
    from accelerate.utils import DistributedType

    before = state.AcceleratorState.__init__

    def begin(self: Any, *given: Any, fsdp_plugin: Any = None, **more: Any) -> None:
        before(self, *given, fsdp_plugin=fsdp_plugin, **more)
        if fsdp_plugin is not None:
            self.distributed_type = DistributedType.FSDP
            state.PartialState._shared_state["distributed_type"] = DistributedType.FSDP
            self.fsdp_plugin = fsdp_plugin

    state.AcceleratorState.__init__ = begin


def note_share(kind: str) -> None:
    """Write down, when a model is saved, which share of it lies in this process."""
    before = loop.save_trained

    def save(trainer: Any, *given: Any) -> None:
        parameters = list(trainer.model.parameters())
        own = [p.to_local() if hasattr(p, "to_local") else p for p in parameters]
        HELD[kind] = sum(p.numel() for p in own) / sum(p.numel() for p in parameters)
        before(trainer, *given)
        loop.save_trained = before

    loop.save_trained = save


def fit(strategy: str = "", **more: Any) -> FitConfig:
    return FitConfig(
        steps=1,
        lr=1.0,
        warmup=0.0,
        decay="constant",
        max_grad_norm=0.0,
        accumulation=IN_A_STEP // world(),
        save_every=10,
        log_every=1,
        strategy=strategy,
        **more,
    )


def pretraining(start: Path, out: Path) -> None:
    rng = np.random.default_rng(0)
    shard = out / "shard.npy"
    if is_main():
        out.mkdir(parents=True)
        np.save(shard, rng.integers(5, 400, size=(8, 24)).astype(np.uint16))
    loop.meet("shard written")
    # ``base``: the very model that the gradient is taken from.
    shape = ModelConfig(base=str(start))
    config = pretrain.PretrainConfig(24, fit(batch_tokens=48))
    pretrain.pretrain(shard, start, shape, config, out=out, seed=0)


def fine_tuning(start: Path, out: Path, strategy: str = "") -> None:
    one = task("formula")
    rows = {len(row.inputs["smiles"]): row for row in alkanes(range(1, 21))}
    pairs = [
        (one.render(rows[n], Mode.INSTANT), " ".join([one.solution(rows[n], Mode.INSTANT)] * times))
        for n, times in SFT
    ]
    supervised.supervised(
        start,
        [Part("formula", len(pairs), lambda: pairs)],
        fit(strategy, batch_tokens=64),
        max_length=256,
        out=out,
        seed=0,
        label="SFT",
    )


def reinforcing(start: Path, out: Path) -> None:
    """One step on rollouts that only the prompt decides: right and wrong ones, of all lengths."""
    from trl import GRPOTrainer

    one = task("formula")
    rows = {len(row.inputs["smiles"]): row for row in alkanes(range(1, 21))}

    def rollouts(self: Any, prompt_ids: Any, *_: Any, **__: Any) -> Any:
        ids = []
        for i, prompt in enumerate(self.processing_class.batch_decode(prompt_ids)):
            carbons = prompt.split("formula of", 1)[1].split("?")[0].count("C")
            text = one.solution(rows[carbons], Mode.INSTANT)
            if i % 2:
                text = text.replace("H", "N") + " or not" * (carbons % 5)
            ids.append([*self.processing_class(text)["input_ids"], self.eos_token_ids[0]])
        return ids, None

    GRPOTrainer._generate_single_turn = rollouts
    config = RlConfig(
        prompts=20,
        groups=IN_A_STEP // world(),
        group_size=4,
        max_tokens=64,
        overlong_cache=8,
        max_rounds=1,
        fit=fit(),
    )
    modes = {"formula": Mode.INSTANT}
    rl.reinforce(start, [one], modes, config, out=out, seed=0, dtype="float32")


KINDS = {
    "pretrain": pretraining,
    "sft": fine_tuning,
    "rl": reinforcing,
    "fsdp2": functools.partial(fine_tuning, strategy="fsdp2"),
    "local means": fine_tuning,  # what must not be: each process's own mean
}


def main(start: Path, out: Path, kinds: list[str]) -> None:
    torch.set_num_threads(1)
    plain_sgd()
    shard_on_cpu()
    before = load_model(start).state_dict()
    for kind in kinds:
        OVERRIDES.clear()
        if kind == "local means":
            OVERRIDES["average_tokens_across_devices"] = False
        note_share(kind)
        KINDS[kind](start, out / kind)
        loop.meet(kind)
        if is_main():
            after = load_model(out / kind / "model").state_dict()
            gradient = {name: before[name] - after[name] for name in before}
            del gradient["lm_head.weight"]  # tied to the embeddings
            save_file(gradient, str(out / f"{kind}.safetensors"))
    (out / f"rank{rank()}.json").write_text(json.dumps(HELD))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
