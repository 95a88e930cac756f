r"""Tokens a second on a CPU: ours beside plain ``generate`` of transformers, on the same prompts.

    python benchmarks/inference.py runs/nano-seed0/rl/model --threads 1 2
    python benchmarks/inference.py runs/nano-seed0/rl/model --hidden 256 --layers 8

The prompts are the examples of the registered tasks, so no data are needed. Arms: ``generate`` one
prompt at a time and in batches of 64, ours one prompt at a time and all prompts in one call; and
the comparison of Yes and No after each prompt, by whole sequences and with the prompt shared.
Every round runs all arms in another order. Printed are medians over the rounds of generated tokens
(or prompts) a second, by wall clock and by processor time, and the ratio to the first arm of the
same round; other work on the machine disturbs the ratios less than the rates. Greedy answers must
be the same in all arms; how many are is printed too. ``--hidden`` and ``--layers`` take random
weights of that shape instead, with the checkpoint's tokenizer: only the speed of those is of use.
"""

from __future__ import annotations

import argparse
import copy
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from scireasoner.models.backend import Sampling
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.tasks.registry import all_tasks
from scireasoner.types import Completion, Mode, Prompt

BATCH = 64
OPTIONS = ("<BOOLEAN>Yes</BOOLEAN>", "<BOOLEAN>No</BOOLEAN>")
Timed = tuple[float, float, Any]  # wall seconds, processor seconds, what came


def random_model(model: Any, hidden: int, layers: int) -> Any:
    """Return a model of another size, with random weights."""
    import torch

    config = copy.deepcopy(model.config)
    config.hidden_size, config.num_hidden_layers = hidden, layers
    config.intermediate_size = 3 * hidden
    config.num_attention_heads, config.num_key_value_heads = hidden // 32, max(1, hidden // 64)
    config.head_dim = 32
    config.layer_types = ["full_attention"] * layers
    torch.manual_seed(0)
    return type(model)(config).eval()


def prompts_of(backend: TransformersBackend, count: int, tokens: int) -> list[Prompt]:
    """Return prompts of the tasks' examples that leave room for an answer, shuffled."""
    room = backend.model.config.max_position_embeddings - tokens
    found = [task.render(s, Mode.INSTANT) for task in all_tasks() for s in task.shown()]
    found = [p for p in found if len(p.messages[-1].content) < room]
    random.Random(0).shuffle(found)
    return found[:count]


def by_the_library(work: Callable[[], Any]) -> Any:
    """Run with the lean passes off."""
    with mock.patch.object(TransformersBackend, "_passes", return_value=None):
        return work()


def alone(
    backend: TransformersBackend, prompts: Sequence[Prompt], sampling: Sampling
) -> list[list[Completion]]:
    """Answer one prompt after the other."""
    return [backend.generate([prompt], sampling)[0] for prompt in prompts]


def timed(work: Callable[[], Any]) -> Timed:
    """Run and return wall seconds, processor seconds and the result."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def rounds(arms: dict[str, Callable[[], Any]], count: int) -> dict[str, list[Timed]]:
    """Run every arm once unmeasured, then ``count`` times, each time in another order."""
    for work in arms.values():
        work()
    found: dict[str, list[Timed]] = {name: [] for name in arms}
    names = list(arms)
    for turn in range(count):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            found[name].append(timed(arms[name]))
    return found


def report(found: dict[str, list[Timed]], unit: str, amount: Callable[[Any], int]) -> None:
    """Print rates and ratios; the first arm is the one to compare with."""
    base = next(iter(found.values()))
    first = base[0][2]
    head = f"{'arm':44} {unit + '/s':>11} {unit + '/cpu-s':>15} {'x wall':>8} {'x cpu':>8} same"
    sys.stdout.write(head + "\n")
    for name, runs in found.items():
        size = amount(runs[0][2])
        wall = statistics.median(size / run[0] for run in runs)
        cpu = statistics.median(size / run[1] for run in runs)
        own = amount(first) / size
        x_wall = statistics.median(b[0] / r[0] / own for b, r in zip(base, runs, strict=True))
        x_cpu = statistics.median(b[1] / r[1] / own for b, r in zip(base, runs, strict=True))
        same = sum(a == b for a, b in zip(first, runs[0][2], strict=True))
        sys.stdout.write(
            f"{name:44} {wall:11,.0f} {cpu:15,.0f} {x_wall:8.2f} {x_cpu:8.2f} {same}/{len(first)}\n"
        )


def main() -> None:
    """Read the arguments, and print the tables."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the folder of a checkpoint")
    parser.add_argument("--prompts", type=int, default=64)
    parser.add_argument("--tokens", type=int, default=32, help="of an answer at most")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--hidden", type=int, default=0)
    parser.add_argument("--layers", type=int, default=8)
    options = parser.parse_args()
    backend = TransformersBackend(options.model, device="cpu")
    if options.hidden:
        backend.model = random_model(backend.model, options.hidden, options.layers)
    prompts = prompts_of(backend, options.prompts, options.tokens)
    sampling = Sampling(max_tokens=options.tokens)
    size = sum(p.numel() for p in backend.model.parameters()) / 1e6
    answers = {
        "generate, one prompt at a time": lambda: by_the_library(
            lambda: alone(backend, prompts, sampling)
        ),
        f"generate, batches of {BATCH}": lambda: by_the_library(
            lambda: [
                g
                for i in range(0, len(prompts), BATCH)
                for g in backend.generate(prompts[i : i + BATCH], sampling)
            ]
        ),
        "ours, one prompt at a time": lambda: alone(backend, prompts, sampling),
        "ours, all prompts": lambda: backend.generate(prompts, sampling),
    }
    choices = {
        "two answers, whole sequences": lambda: by_the_library(
            lambda: [[round(x, 3) for x in row] for row in backend.choose(prompts, OPTIONS)]
        ),
        "two answers, the prompt shared": lambda: [
            [round(x, 3) for x in row] for row in backend.choose(prompts, OPTIONS)
        ],
    }
    for threads in options.threads:
        torch.set_num_threads(threads)
        shape = f"{size:.2f} M parameters, {len(prompts)} prompts, {threads} threads"
        sys.stdout.write(f"\n{shape}, at most {options.tokens} tokens an answer\n")
        tokens = rounds(answers, options.rounds)
        report(tokens, "tokens", lambda groups: sum(c.tokens for g in groups for c in g))
        report(rounds(choices, options.rounds), "prompts", len)


if __name__ == "__main__":
    main()
