"""The share of a device's peak that training reaches, and the seconds of an RL step.

    python benchmarks/gpu_mfu.py --recipe 1.7b --gpu h100 --out mfu.json
    python benchmarks/gpu_mfu.py --recipe nano --gpu cpu2 --tokens 4096 --sequence 128

Pretraining: random weights of the recipe's shape, random tokens, its optimiser, float32 weights
with bf16 products on a GPU as FSDP2 keeps them, checkpointing and Liger as the recipe says. RL:
the package's own trainer on the embedded tasks; a random model fills every answer to its limit.
What is printed holds a row for ``utilisation`` in the constants of ``scireasoner plan``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_jsonl, write_json
from scireasoner.planning import counts, load_constants, meta_model, shape_of
from scireasoner.planning.timing import Work, muon_flops, train_flops
from scireasoner.recipe import Recipe, load_recipe
from scireasoner.recipes import find
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.optimizer import muon_with_adamw
from scireasoner.training.rl import reinforce
from scireasoner.training.rl_config import RlConfig
from scireasoner.types import Mode


def random_model(recipe: Recipe, device: Any) -> Any:
    """Return a model of the recipe's shape with random weights, made on the device."""
    import torch

    torch.manual_seed(0)
    model = meta_model(shape_of(recipe)).to_empty(device=device)
    model.init_weights()
    model.tie_weights()
    # Buffers are not parameters: the rotary frequencies are made anew from the configuration.
    rotary = type(model.model.rotary_emb)(config=model.config).to(device)
    model.model.rotary_emb = rotary
    return model


def clock(device: Any) -> Callable[[], float]:
    """Return a clock: of the wall on a GPU, of this process's own work on a shared CPU."""
    import torch

    if device.type == "cpu":
        return time.process_time

    def wall() -> float:
        torch.cuda.synchronize()
        return time.perf_counter()

    return wall


def pretraining(recipe: Recipe, options: argparse.Namespace, device: Any) -> dict[str, Any]:
    """Return seconds of a step, tokens a second and the share of the peak."""
    import torch

    fit = recipe.pretrain.fit
    model = random_model(recipe, device)
    if fit.gradient_checkpointing:
        model.gradient_checkpointing_enable()
    if fit.liger and device.type == "cuda":
        from liger_kernel.transformers import apply_liger_kernel_to_qwen3

        apply_liger_kernel_to_qwen3(model=model)
    rows = max(1, options.tokens // options.sequence)
    ids = torch.randint(0, model.config.vocab_size, (rows, options.sequence), device=device)
    if fit.optimizer == "muon":
        optimizer = muon_with_adamw(model, muon_lr=1e-4, adamw_lr=1e-5, weight_decay=0.0)
    else:
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=device.type == "cuda")
    now, seconds = clock(device), []
    for _ in range(options.warmup + options.steps):
        begin = now()
        with torch.autocast(device.type, torch.bfloat16, enabled=fit.bf16):
            loss = model(input_ids=ids, labels=ids, use_cache=False).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(now() - begin)
    step = statistics.median(seconds[options.warmup :])
    shape, parameters = shape_of(recipe), counts(shape_of(recipe))
    tokens = float(ids.numel())
    flops = train_flops(shape, parameters, Work(tokens, tokens, float(options.sequence)))
    if fit.optimizer == "muon":
        flops += muon_flops(shape)
    peak = load_constants().device(options.gpu).flops * cores_share(device, options.gpu)
    again = 4 / 3 if fit.gradient_checkpointing else 1.0
    memory = torch.cuda.max_memory_allocated() if device.type == "cuda" else None
    return {
        "tokens": tokens,
        "seconds": step,
        "tokens_per_second": tokens / step,
        "mfu": flops / step / peak,
        "row": {
            "device": options.gpu,
            "parameters": parameters.total,
            "value": again * flops / step / peak,
            "assumed": False,
            "measured": f"benchmarks/gpu_mfu.py, {date.today()}",
        },
        "peak_bytes": memory,
    }


def cores_share(device: Any, name: str) -> float:
    """Return the part of the device that is used: one thread's, on a CPU of several."""
    import torch

    if device.type != "cpu":
        return 1.0
    # Time of the process adds the threads up, so one thread's work is compared with one core's.
    cores = int("".join(filter(str.isdigit, name)) or torch.get_num_threads())
    return 1.0 / cores


def reinforcement(recipe: Recipe, options: argparse.Namespace, device: Any) -> dict[str, Any]:
    """Return the seconds of each step of the package's own RL on random weights."""
    from scireasoner.corpus.tokenizer import build_tokenizer
    from scireasoner.models.checkpoint import load_tokenizer
    from scireasoner.settings import use_data_root
    from scireasoner.tasks.registry import select
    from scireasoner.tasks.rows import Caps
    from scireasoner.tasks.sources import build_embedded
    from scireasoner.training.model import save_model
    from scireasoner.types import Split

    with (
        tempfile.TemporaryDirectory() as name,
        use_data_root(options.data or Path(name) / "data") as root,
    ):
        if not options.data:
            build_embedded(root, progress=False, caps=Caps(60, 4, 4, 300))
        tasks = select(["smiles_to_formula", "dna_to_protein"])
        texts = [t.question(row.inputs) for t in tasks for row in t.samples(Split.TRAIN, 50)]
        start = Path(name) / "start"
        build_tokenizer(texts, 544, start)
        save_model(random_model(recipe, device), load_tokenizer(start), start)
        config = RlConfig(
            prompts=40,
            groups=options.groups,
            group_size=options.group_size,
            max_tokens=options.max_tokens,
            overlong_cache=max(1, options.max_tokens // 8),
            gate="none",
            vllm=options.vllm,
            fit=FitConfig(
                steps=options.rl_steps,
                accumulation=options.groups * options.group_size // options.rollouts_in_a_pass,
                lr=1e-6,
                log_every=1,
                save_every=10_000,
                bf16=recipe.rl.fit.bf16 and device.type == "cuda",
                gradient_checkpointing=recipe.rl.fit.gradient_checkpointing,
            ),
        )
        modes = {task.name: Mode.INSTANT for task in tasks}
        out = Path(name) / "rl"
        dtype = recipe.model.dtype if device.type == "cuda" else "float32"
        reinforce(start, tasks, modes, config, out=out, seed=0, dtype=dtype)
        rows = [row for row in read_jsonl(out / "curve.jsonl") if "step_time" in row]
    seconds = [row["step_time"] for row in rows]
    steady = seconds[1:] or seconds
    answers = options.groups * options.group_size
    return {
        "seconds": steady,
        "median": statistics.median(steady),
        "answers": answers,
        "answers_per_second": answers / statistics.median(steady),
        "mean_length": [row.get("completions/mean_length") for row in rows],
        "config": asdict(config),
    }


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--recipe", default="1.7b")
    parser.add_argument("--gpu", default="h100", help="whose peak is compared with")
    parser.add_argument("--tokens", type=int, default=32_768, help="of a pretraining step")
    parser.add_argument("--sequence", type=int, default=8_192)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--rl-steps", type=int, default=3, help="0 leaves RL out")
    parser.add_argument("--groups", type=int, default=8)
    parser.add_argument("--group-size", type=int, default=8)
    parser.add_argument("--max-tokens", type=int, default=512)
    parser.add_argument("--rollouts-in-a-pass", type=int, default=4)
    parser.add_argument("--data", type=Path, help="a run's data folder; rows are made where absent")
    parser.add_argument("--vllm", action="store_true", help="roll out with vLLM on the same GPU")
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    import torch

    options = options_of(arguments)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cpu":
        torch.set_num_threads(1)
    recipe = load_recipe(find(options.recipe))
    if device.type == "cpu":
        recipe = replace(recipe, model=replace(recipe.model, dtype="float32"))
    found: dict[str, Any] = {
        "device": torch.cuda.get_device_name() if device.type == "cuda" else os.uname().machine,
        "recipe": recipe.name,
        "torch": torch.__version__,
        "pretrain": pretraining(recipe, options, device),
    }
    if options.rl_steps:
        found["rl"] = reinforcement(recipe, options, device)
    if options.out:
        write_json(options.out, found)
    print(json.dumps(found, indent=1))
    return found


if __name__ == "__main__":
    main()
