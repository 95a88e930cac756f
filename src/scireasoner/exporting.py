"""The RL stage of a recipe for verl and its Ray clusters: rows, rewards, settings, a launch file.

Written for verl 0.9.1, whose own trainer groups, filters and clips as DAPO does
(arXiv 2503.14476); the rewards are the package's (``trainers/verl_rewards.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import write_text, writing
from scireasoner.errors import DataError, InputError
from scireasoner.prompts.chat import CHAT_TEMPLATE
from scireasoner.prompts.reply import PREFIX
from scireasoner.run import Run
from scireasoner.settings import use_data_root
from scireasoner.tasks.task import Task
from scireasoner.trainers.questions import verl_row
from scireasoner.training.difficulty import ROWS, chosen_tasks
from scireasoner.training.modes import MODES, load_modes
from scireasoner.training.rl import questions
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.schedule import schedule
from scireasoner.types import Mode, Split

_PROMPT_TOKENS = 2_048
_ENGINES = ("vllm", "sglang")
_LAUNCH = """\
#!/bin/sh
# DAPO of the recipe {recipe} on {nodes} node(s) of {gpus} GPUs, with verl 0.9.1 and {engine}.
# One node:    sh launch.sh
# A cluster:   ray start --head (first node), ray start --address=HEAD:6379 (the others), then
#              ray job submit --address=http://HEAD:8265 -- sh "$PWD/launch.sh"
# Every node sees this folder, the run's rows and its checkpoint at one path (a shared disk),
# and has verl, this package (pip install --no-deps) and its tools: scireasoner doctor.
# What follows is handed on:  sh launch.sh trainer.nnodes=2 actor_rollout_ref.model.path=...
set -e
here=$(cd "$(dirname "$0")" && pwd)
exec python3 -m verl.trainer.main_ppo --config-path "$here" --config-name dapo \\
  data.train_files="$here/train.parquet" data.val_files="$here/val.parquet" \\
  reward.custom_reward_function.path="$here/reward.py" \\
  reward.reward_manager.module.path="$here/reward.py" "$@"
"""
_REWARD = '''\
"""The reward of verl, by path: the judge of scireasoner."""

from pathlib import Path

from scireasoner.settings import set_data_root
from scireasoner.trainers import verl_rewards
from scireasoner.trainers.verl_rewards import compute_score

__all__ = ["compute_score"]

# The rows of the run: what an invented molecule must not repeat, for one.
set_data_root(Path({data}))


def __getattr__(name):
    # verl looks the reward manager up in this file.
    return getattr(verl_rewards, name)
'''


@dataclass(frozen=True)
class Cluster:
    """Where verl runs: nodes, GPUs of each, the engine of the rollouts."""

    nodes: int = 1
    gpus: int = 8
    engine: str = "vllm"

    def __post_init__(self) -> None:
        if self.engine not in _ENGINES:
            raise InputError(f"the engine is {self.engine!r}; use one of {', '.join(_ENGINES)}")


def export_verl(
    run: Run, out: Path, cluster: Cluster, model: str = "", dev: int = 50
) -> Mapping[str, int]:
    """Write what verl needs for a recipe's RL stage; return how many rows there are.

    Parameters
    ----------
    run : a run whose modes (and cold start, unless ``model`` is given) are finished; where its
        difficulty stage is finished too, training asks what that chose.
    out : gets ``train.parquet``, ``val.parquet``, ``reward.py``, ``dapo.yaml``, ``launch.sh``.
    model : the checkpoint to begin from; the run's cold start by default.
    dev : development rows of each task in the validation file.

    Raises
    ------
    ArtifactError : if the run has no table of modes yet.
    DataError : if no row is left.
    """
    modes, _ = load_modes(run.path("modes") / MODES)
    config = run.recipe.rl
    asked = chosen_tasks(run.tasks, run.path("difficulty"))
    with use_data_root(run.path("data")):
        train = [
            _marked(verl_row(q.task, q.sample, Split.TRAIN, q.mode, n))
            for n, q in enumerate(questions(asked, modes, config, run.seed))
        ]
        val = _val(run.tasks, modes, config, dev)
    if not val:
        raise DataError("no task of the recipe has development rows to validate on")
    for name, rows in (("train", train), ("val", val)):
        _parquet(out / f"{name}.parquet", rows)
    start = model or str((run.path("cold_start") / "model").resolve())
    data = json.dumps(str(run.path("data").resolve()))
    write_text(out / "reward.py", _REWARD.format(data=data))
    write_text(out / "dapo.yaml", as_yaml(settings(run, start, cluster)))
    names = {"recipe": run.recipe.name, "nodes": cluster.nodes, "gpus": cluster.gpus}
    write_text(out / "launch.sh", _LAUNCH.format(**names, engine=cluster.engine))
    return {"train": len(train), "val": len(val)}


def told(run: Run, model: str = "") -> list[str]:
    """Return what an export of a run holds, and which of its stages are missing for it."""
    rows = "training rows: "
    if (run.path("difficulty") / ROWS).is_file():
        lines = [rows + "those that the difficulty stage chose"]
    elif run.recipe.difficulty.rows:
        lines = [
            f"{rows}drawn from all of them, for the difficulty stage of the recipe has not run: "
            "run it with --stage difficulty, then export again"
        ]
    else:
        lines = [rows + "drawn from all of them; the recipe has no difficulty stage"]
    start = run.path("cold_start") / "model"
    if not model and not start.is_dir():
        lines.append(f"{start}, where training begins, is not there: run --stage cold_start")
    return lines


def _val(
    tasks: Sequence[Task], modes: Mapping[str, Mode], config: RlConfig, dev: int
) -> list[dict[str, Any]]:
    asked = [task for task in tasks if config.weight(task.name) > 0]
    rows = [(task, sample) for task in asked for sample in task.samples(Split.DEV, dev)]
    return [
        _marked(verl_row(task, sample, Split.DEV, modes[task.name], n))
        for n, (task, sample) in enumerate(rows)
    ]


def _marked(row: dict[str, Any]) -> dict[str, Any]:
    """Write the mode into the messages: verl hands those alone to the chat template."""
    mode = row["extra_info"]["mode"]
    return {**row, "prompt": [{**message, "mode": mode} for message in row["prompt"]]}


def _parquet(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    import pandas as pd

    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(rows).to_parquet(path)


def chat_template() -> str:
    """Return the chat template that reads each row's mode from its last message."""
    # The prefix of a mode ends the prompt, as the renderer of this package writes it.
    texts = {mode: PREFIX[mode].replace("\n", "\\n") for mode in Mode}
    ends = "".join(
        "{%- if messages[-1].mode == '" + mode.value + "' -%}{{- '" + text + "' -}}{%- endif -%}"
        for mode, text in texts.items()
    )
    switch = "{%- if enable_thinking is defined and enable_thinking is false -%}"
    head, _ = CHAT_TEMPLATE.split(switch)
    return head + ends + "{%- endif -%}"


def settings(run: Run, model: str, cluster: Cluster) -> dict[str, Any]:
    """Return verl's settings: what differs from its ``ppo_trainer``.

    A batch is the recipe's groups of every GPU; the recipe counts them for one process.
    """
    config = run.recipe.rl
    fit, gpus = config.fit, cluster.nodes * cluster.gpus
    return {
        "hydra": {"searchpath": ["pkg://verl.trainer.config"]},
        "defaults": ["ppo_trainer", "_self_"],
        "data": {
            "train_files": "train.parquet",  # launch.sh makes these paths whole
            "val_files": "val.parquet",
            "train_batch_size": config.groups * config.minibatches * gpus,
            "max_prompt_length": _PROMPT_TOKENS,
            "max_response_length": config.max_tokens,
            "filter_overlong_prompts": True,
            "seed": run.seed,
        },
        "algorithm": {
            "adv_estimator": "grpo",
            "norm_adv_by_std_in_grpo": config.scale != "none",
            "use_kl_in_reward": False,
            "filter_groups": {
                "enable": config.gate != "none",
                "metric": "acc" if config.gate == "correct" else "reward",
            },
        },
        "actor_rollout_ref": _actor(config, model, cluster),
        "reward": _reward(config),
        "trainer": {
            "nnodes": cluster.nodes,
            "n_gpus_per_node": cluster.gpus,
            "total_training_steps": fit.steps,
            "total_epochs": 1_000,
            "save_freq": fit.save_every,
            "test_freq": fit.save_every,
            "project_name": "scireasoner",
            "experiment_name": run.folder.name,
            "logger": ["console"],
        },
    }


def _actor(config: RlConfig, model: str, cluster: Cluster) -> dict[str, Any]:
    """Return the settings of the model, its training and its rollouts."""
    fit, gpus = config.fit, cluster.nodes * cluster.gpus
    longest = _PROMPT_TOKENS + config.max_tokens
    share = schedule(fit)
    warm = next((step for step in range(fit.steps) if share(step) >= 1.0), 0)
    return {
        "model": {
            "path": model,
            "enable_gradient_checkpointing": fit.gradient_checkpointing,
            "use_liger": fit.liger,
            "custom_chat_template": chat_template(),
        },
        "actor": {
            "strategy": "fsdp2",
            "ppo_mini_batch_size": config.groups * gpus,
            "ppo_epochs": config.iterations,
            "use_dynamic_bsz": True,
            "ppo_max_token_len_per_gpu": longest,
            "clip_ratio_low": config.epsilon_low,
            "clip_ratio_high": config.epsilon_high,
            "loss_agg_mode": "token-mean",
            "entropy_coeff": 0,
            "use_kl_loss": config.beta > 0,
            "kl_loss_coef": config.beta,
            "grad_clip": fit.max_grad_norm,
            "optim": {
                "lr": fit.lr,
                "lr_warmup_steps": warm,
                "weight_decay": fit.weight_decay,
            },
        },
        "rollout": {
            "name": cluster.engine,
            "n": config.group_size,
            "temperature": config.temperature,
            "top_p": 1.0,
            "gpu_memory_utilization": 0.6,
            "tensor_model_parallel_size": 1,
            "log_prob_use_dynamic_bsz": True,
            "log_prob_max_token_len_per_gpu": longest,
            "val_kwargs": {"temperature": 0, "do_sample": False, "n": 1},
        },
    }


def _reward(config: RlConfig) -> dict[str, Any]:
    """Return the settings of the reward: the package's judge and manager, the overlong buffer."""
    return {
        "custom_reward_function": {"path": "reward.py", "name": "compute_score"},
        "reward_manager": {
            "source": "importlib",
            "name": "ScienceRewardManager",
            "module": {"path": "reward.py"},
        },
        "reward_kwargs": {
            "max_resp_len": config.max_tokens,
            "overlong_buffer_cfg": {
                "enable": config.overlong_penalty > 0,
                "len": config.overlong_cache,
                "penalty_factor": config.overlong_penalty,
                "log": False,
            },
        },
    }


def as_yaml(table: Mapping[str, Any], depth: int = 0) -> str:
    """Write nested tables as YAML; values as JSON, which YAML reads."""
    lines = []
    for name, value in table.items():
        inner = isinstance(value, Mapping)
        text = "" if inner else " " + json.dumps(value)
        if isinstance(value, float) and "." not in text:
            text = text.replace("e", ".0e")  # YAML takes 1e-06 for a word
        lines.append("  " * depth + f"{name}:" + text)
        if inner:
            lines.append(as_yaml(value, depth + 1).rstrip("\n"))
    return "\n".join(lines) + "\n"
