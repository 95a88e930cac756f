"""The launch files that ship are read by what they are for, and the recipes fit their GPUs."""

from __future__ import annotations

from pathlib import Path

import pytest

from scireasoner.planning import load_constants, plan
from scireasoner.planning.memory import zero_stage
from scireasoner.recipe import load_recipe
from scireasoner.recipes import find
from scireasoner.training.fit_config import FitConfig

LAUNCH = Path(__file__).resolve().parents[2] / "recipes" / "launch"


@pytest.mark.parametrize(
    ("name", "machines", "processes"), [("one-node", 1, 8), ("nodes", 16, 128)]
)
def test_accelerate_reads_its_files(name: str, machines: int, processes: int) -> None:
    from accelerate.commands.config.config_args import load_config_from_file

    found = load_config_from_file(str(LAUNCH / f"{name}.yaml"))
    assert (found.num_machines, found.num_processes) == (machines, processes)
    assert found.distributed_type.value == "MULTI_GPU"


def test_the_deepspeed_file_is_a_strategy() -> None:
    fit = FitConfig(strategy=str(LAUNCH / "zero2.json"))
    assert zero_stage(fit.strategy) == 2


@pytest.mark.parametrize(("name", "gpus"), [("1.7b", 128), ("8b", 256)])
def test_large_recipes_fit_into_the_gpus_of_the_paper(name: str, gpus: int) -> None:
    """The paper trained on A800s of 80 GB; the tokens are those of figure 2 (206 B)."""
    recipe, constants = load_recipe(find(name)), load_constants()
    found = plan(recipe, constants.device("a800"), gpus, constants)
    assert [stage.stage for stage in found.stages if not found.fits(stage)] == []
    pretrain = found.stages[0]
    assert pretrain.tokens_per_step * pretrain.steps == pytest.approx(206e9, rel=0.01)
