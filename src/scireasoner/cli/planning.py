"""The command ``plan``: what a recipe takes on GPUs."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.cli.common import Commands, command, console, finite, positive, share

if TYPE_CHECKING:
    from scireasoner.planning import Plan
    from scireasoner.recipe import Recipe

_GB = 1e9


def add_plan(commands: Commands) -> None:
    """Add ``plan``."""
    planning = command(
        commands,
        "plan",
        "say what a recipe takes on GPUs: memory, step time, tokens a second, hours, cost",
        "  scireasoner plan 1.7b --gpus 128 --gpu a800 --explain\n"
        "  scireasoner plan 8b --gpus 32 --gpu h100 --work-of 256 --price 2.2\n\n"
        "Shares of the peak are assumed until you measure yours: benchmarks/gpu_mfu.py.\n"
        "`scireasoner corpus plan` does the same for the corpus.",
    )
    planning.add_argument("recipe", help="a recipe's TOML file, or the name of one that ships")
    planning.add_argument("--gpus", type=positive, default=1, help="how many (default: 1)")
    planning.add_argument("--gpu", default="h100", help="h100, h200, a100, a800, b200 or cpu2")
    planning.add_argument(
        "--work-of",
        type=positive,
        metavar="M",
        help="the recipe's steps are for M GPUs: N do the same work in M / N times the steps",
    )
    planning.add_argument("--price", type=finite, help="of a GPU hour (default: a round number)")
    planning.add_argument("--utilisation", type=share, help="share of the peak that you measured")
    planning.add_argument(
        "--length-share",
        type=finite,
        help="mean length of RL's answers as a share of max_tokens, above 0 and at most 1 "
        "(default: 0.5, assumed)",
    )
    planning.add_argument("--constants", type=Path, help="a file of your own numbers")
    planning.add_argument("--explain", action="store_true", help="print formulas and sources")
    planning.add_argument("--json", action="store_true", help="print everything as JSON")
    planning.set_defaults(run=_plan)


def _plan(options: argparse.Namespace) -> int:
    from scireasoner.planning import load_constants, plan
    from scireasoner.recipe import load_recipe
    from scireasoner.recipes import find

    recipe = load_recipe(find(options.recipe))
    constants = load_constants(options.constants)
    if options.length_share is not None:
        like = replace(constants.rollouts, length_share=options.length_share)
        constants = replace(constants, rollouts=like)
    device = constants.device(options.gpu)
    if options.price is not None:
        device = replace(device, price=options.price)
    found = plan(
        recipe,
        device,
        options.gpus,
        constants,
        utilisation=options.utilisation,
        work_of=options.work_of,
    )
    if options.json:
        console().print(json.dumps(asdict(found), indent=1), markup=False)
        return 0
    _show(found, recipe)
    if options.explain:
        _explain(found)
    return 0


def _show(found: Plan, recipe: Recipe) -> None:
    from rich.table import Table

    from scireasoner.planning.plan import largest_batch

    out = console()
    out.print(
        f"{found.recipe}: {found.parameters.total / 1e9:.3f} B parameters, {found.gpus} x "
        f"{found.device.name}, {found.usable / _GB:.1f} GB of each to use"
    )
    parts = ("parameters", "gradients", "optimiser", "gathered", "activations", "logits",
             "rollouts")  # fmt: skip
    table = Table("GB on a GPU", *parts, "all", "fits", box=None)
    for stage in found.stages:
        sizes = [f"{getattr(stage.memory, part) / _GB:.3g}" for part in parts]
        fits = "yes" if found.fits(stage) else "NO"
        table.add_row(stage.stage, *sizes, f"{stage.memory.total / _GB:.3g}", fits)
    out.print(table)
    table = Table("stage", "steps", "s/step", "of it rollouts", "tokens/s", "tokens", "hours",
                  "cost", box=None)  # fmt: skip
    for stage in found.stages:
        table.add_row(
            stage.stage,
            f"{stage.steps:,}",
            f"{stage.step_seconds:.3g}",
            f"{stage.rollout_seconds:.3g}",
            f"{stage.tokens_per_second:,.0f}",
            f"{stage.tokens_per_step * stage.steps:.3g}",
            f"{stage.hours:,.3g}",
            f"{stage.cost:,.0f}",
        )
    out.print(table)
    assumed = "assumed" if found.utilisation.assumed else found.utilisation.measured
    out.print(
        f"all: {found.hours:,.3g} hours, cost {found.cost:,.0f} at {found.device.price:g} a GPU "
        f"hour; utilisation {found.utilisation.value:.2f} ({assumed})"
    )
    trained = {"pretrain": recipe.pretrain.fit, "sft": recipe.sft.fit, "modes": recipe.modes.fit,
               "cold_start": recipe.cold_start.fit}  # fmt: skip
    for stage in found.stages:
        if found.fits(stage):
            continue
        if stage.stage == "rl":
            advice = "raise rl.fit.accumulation (fewer rollouts in a pass) or set liger"
        else:
            most = largest_batch(found, recipe, trained[stage.stage])
            advice = f"at most batch_tokens = {most:,} fit; raise accumulation to match"
        out.print(f"{stage.stage} does not fit: {advice}")


def _explain(found: Plan) -> None:
    from scireasoner.planning.plan import FORMULAS

    out, shape = console(), found.shape
    out.print(
        f"\nshape ({shape.source}): h {shape.hidden}, layers {shape.layers}, q {shape.queries}, "
        f"k {shape.keys}, i {shape.intermediate}, vocabulary {shape.vocabulary}; a token's KV "
        f"cache {found.kv_bytes:,} bytes\ndevice: {found.device.source}; network "
        f"{found.device.network / _GB:g} GB/s a GPU is assumed",
        markup=False,
    )
    for formula in FORMULAS:
        out.print(f"  {formula}", markup=False)
