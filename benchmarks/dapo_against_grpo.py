"""Processor time to a fixed held-out reward: our DAPO against TRL's GRPOTrainer as it comes.

    python benchmarks/dapo_against_grpo.py --run runs/nano-seed0 --work FOLDER --seeds 0 1

The same start model, questions, judge and reward (with its overlong penalty), rollouts a group,
sampling, optimiser and learning rate. The plain trainer has its defaults otherwise: one optimiser
step a batch of rollouts, every group used. Its learning rate is raised too, to tell what larger
steps do from what the method does. Seconds are of the processor, held-out scoring apart; the score
is the mean of a point and its two neighbours, so that one lucky draw is not the end.
"""

from __future__ import annotations

import dataclasses
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rl_runs import Start, arguments, held_out, mean, started
from transformers import TrainerCallback
from trl import GRPOConfig, GRPOTrainer

from scireasoner.artifacts import read_json, write_json
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.settings import use_data_root
from scireasoner.training import rl
from scireasoner.training.rl_config import RlConfig
from scireasoner.training.rollouts import Answers, RolloutJudge

OURS = {"share_prompts": True, "groups": 4, "minibatches": 4}
"""Of one batch of 16 prompts four optimiser steps, as DAPO takes sixteen of 512 prompts."""

ARMS: Mapping[str, Mapping[str, Any]] = {
    "plain": {"rate": 1.0},
    "ours": OURS,
    "plain, rate x 2": {"rate": 2.0},
    "ours, one step a batch": {"share_prompts": True},
}


class Plain(GRPOTrainer):
    """TRL's trainer; only counts what it generated and what the gradient flows through."""

    def _generate_and_score_completions(self, inputs: Any) -> Any:
        output = super()._generate_and_score_completions(inputs)
        metrics, mask = self._metrics["train"], output["completion_mask"]
        metrics["rollout/tokens"].append(float(mask.sum()))
        useful = (mask.sum(1) * (output["advantages"] != 0)).sum()
        metrics["dapo/useful_tokens"].append(float(useful))
        return output


class Clock(TrainerCallback):
    """Scores the model each so many seconds of training, and stops at the budget."""

    def __init__(self, start: Start, options: Any, trainer: Any) -> None:
        self.start, self.options, self.trainer = start, options, trainer
        self.points: list[dict[str, float]] = []
        self.tokens = self.useful = self.spent = 0.0
        self.since = time.process_time()

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Score the start."""
        self._score(0)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        """Add up tokens."""
        self.tokens += logs.get("rollout/tokens", 0.0)
        self.useful += logs.get("dapo/useful_tokens", 0.0)

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        """Score when it is time, and stop at the budget."""
        spent = self.spent + time.process_time() - self.since
        if spent >= (len(self.points)) * self.options.every:
            self.spent = spent
            self._score(state.global_step)
        control.should_training_stop = self.spent >= self.options.budget
        return control

    def _score(self, step: int) -> None:
        tokenizer, training = self.trainer.processing_class, self.trainer.model.training
        scores = held_out(self.start, self.trainer.model, tokenizer, self.options.rows)
        self.trainer.model.train(training)
        self.points.append(
            {
                "step": step,
                "seconds": self.spent,
                "reward": mean(scores, "reward"),
                "correct": mean(scores, "correct"),
                "tokens": self.tokens,
                "useful": self.useful,
            }
        )
        self.since = time.process_time()


def plain(start: Start, config: RlConfig, rate: float, out: Path, seed: int) -> Any:
    """Return TRL's trainer with its defaults, the shared settings apart."""
    from datasets import Dataset

    asked = rl.questions(start.tasks, start.modes, config, seed)
    tokenizer = load_tokenizer(start.model)
    tokenizer.padding_side = "left"
    rows = [
        {"prompt": rl.render(q.task.render(q.sample, q.mode), tokenizer.chat_template), "row": i}
        for i, q in enumerate(asked)
    ]
    judge = RolloutJudge(asked, config.max_tokens, config.overlong_cache)

    def reward(
        completions: list[str], completion_ids: list[list[int]], row: list[int], **_: Any
    ) -> list[float | None]:
        size, ends = config.group_size, set(trainer.eos_token_ids)
        groups = []
        for start in range(0, len(row), size):
            span = slice(start, start + size)
            ids = completion_ids[span]
            finished = [one[-1] in ends for one in ids]
            groups.append(Answers(row[start], completions[span], [len(o) for o in ids], finished))
        return [judged.reward for group in judge(groups) for judged in group]

    trainer = Plain(
        model=load_model(start.model),
        reward_funcs=reward,
        args=GRPOConfig(
            output_dir=str(out),
            max_steps=100_000,
            learning_rate=config.fit.lr * rate,
            lr_scheduler_type="constant",
            per_device_train_batch_size=config.groups * config.group_size,
            gradient_accumulation_steps=1,
            num_generations=config.group_size,
            max_completion_length=config.max_tokens,
            temperature=config.temperature,
            seed=seed,
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            save_strategy="no",
            logging_steps=1,
            report_to="none",
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
    )
    return trainer


def ours(start: Start, config: RlConfig, out: Path, seed: int) -> Any:
    """Return our trainer as the RL stage sets it up."""
    asked = rl.questions(start.tasks, start.modes, config, seed)
    return rl._trainer(start.model, asked, config, out, seed, "float32")


def curve(start: Start, options: Any, arm: str, seed: int) -> list[dict[str, float]]:
    """Return the held-out scores of an arm over its processor time; kept on disk."""
    out = options.work / f"{arm.replace(' ', '-')}-{seed}"
    if (out / "points.json").is_file():
        return read_json(out / "points.json")
    shutil.rmtree(out, ignore_errors=True)
    changes = dict(ARMS[arm])
    rate = changes.pop("rate", None)
    fit = dataclasses.replace(
        start.config.fit,
        steps=100_000,
        save_every=100_000,
        log_every=1,
        warmup=0.0,
        lr=options.lr or start.config.fit.lr,
    )
    config = dataclasses.replace(start.config, fit=fit, weights={}, prompts=2000, **changes)
    trainer = (
        ours(start, config, out, seed) if rate is None else plain(start, config, rate, out, seed)
    )
    rl.quiet(trainer)
    clock = Clock(start, options, trainer)
    trainer.add_callback(clock)
    trainer.train()
    write_json(out / "points.json", clock.points)
    return clock.points


def smoothed(points: Sequence[Mapping[str, float]], name: str) -> list[float]:
    """Return each value averaged with its two neighbours; the start, which all share, as it is."""
    values = [point[name] for point in points]
    return values[:1] + [
        float(np.mean(values[max(1, i - 1) : i + 2])) for i in range(1, len(values))
    ]


def reached(points: Sequence[Mapping[str, float]], target: float) -> float | None:
    """Return the processor seconds at which the smoothed reward first meets the target.

    Parameters
    ----------
    target : above the reward of the start.
    """
    values = smoothed(points, "reward")
    for i, value in enumerate(values):
        if value >= target:
            share = (target - values[i - 1]) / (value - values[i - 1])
            before, after = points[i - 1]["seconds"], points[i]["seconds"]
            return before + share * (after - before)
    return None


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--arms", nargs="*", default=list(ARMS))
    parser.add_argument("--budget", type=float, default=120.0, help="processor seconds an arm")
    parser.add_argument("--every", type=float, default=12.0, help="seconds between scores")
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--lr", type=float, help="of both sides; the recipe's by default")
    parser.add_argument("--targets", type=float, nargs="*", default=[0.01, 0.015, 0.02, 0.03])
    options = parser.parse_args()
    with use_data_root(options.run / "data"):
        start = started(options)
        made: dict[str, list[Any]] = {arm: [] for arm in options.arms}
        for seed in options.seeds:
            for arm in options.arms:
                made[arm].append(curve(start, options, arm, seed))
                show(arm, seed, made[arm][-1], options.targets)
    for target in options.targets:
        print(f"seconds to the start's reward + {target}:")
        for arm, runs in made.items():
            times = [reached(run, run[0]["reward"] + target) for run in runs]
            print(f"  {arm}: {', '.join('-' if t is None else f'{t:.0f}' for t in times)}")


def show(arm: str, seed: int, points: Sequence[Mapping[str, float]], targets: Any) -> None:
    last = points[-1]
    print(f"{arm}, seed {seed}: {last['step']} steps in {last['seconds']:.0f} s; "
          f"{last['tokens']:.0f} tokens generated, {last['tokens'] / last['useful']:.2f} a useful "
          f"gradient token; {last['tokens'] / last['seconds']:.0f} tokens/s")  # fmt: skip
    for name in ("reward", "correct"):
        print(f"  {name}: {' '.join(f'{v:.3f}' for v in smoothed(points, name))}")


if __name__ == "__main__":
    main()
