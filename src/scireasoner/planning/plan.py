"""A recipe on so many GPUs: what each training stage takes, and by which formula."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scireasoner.errors import InputError
from scireasoner.planning.constants import Constants, Device, Utilisation
from scireasoner.planning.memory import (
    Memory,
    activation_bytes,
    kv_bytes,
    logits_bytes,
    state_bytes,
)
from scireasoner.planning.shapes import Counts, Shape, counts, shape_of
from scireasoner.planning.timing import Work, rollout_seconds, train_seconds
from scireasoner.recipe import Recipe
from scireasoner.tasks.registry import select
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.rl_config import RlConfig

_HALF = 2  # bytes of bfloat16
# The share of an SFT row that carries loss, where logits are computed: prompts have none.
_ANSWER_SHARE = 0.5

FORMULAS = (
    "parameters, gradients, AdamW: fsdp2 with bf16 16 x P / N bytes (float32 shards: 4 + 4 + 8); "
    "unsharded 4 x P x bytes of the type; DeepSpeed 2P + 2P + 12P, each / N from its stage on",
    "gathered (fsdp2): 2 bytes x 2 x (embeddings + head + 1.5 layers), for weights and gradients",
    "activations of a layer and token: 4 x (2h + q + k) + b x (4h + 3q + 3k + 4i), b bytes of the "
    "type; with checkpointing b x h for each layer, and one layer computed again",
    "logits of a position: vocabulary x (2 in bf16 + 3 x 4); a fused loss (liger) holds none",
    "KV cache of a token: 2 x layers x key width x 2 bytes",
    "operations of a step: 3 x tokens x (2 x P of the layers + 2 x layers x q x sequence) + 3 x "
    "positions x 2 x h x vocabulary, x 4/3 with checkpointing",
    "step = max(operations / (peak x utilisation), bytes sent / network); sent: 2P x (N - 1) / N "
    "x (2 x accumulation + 1) with fsdp2, twice 2P x (N - 1) / N without",
    "decoding step = max((2P + caches in flight) / (bandwidth x share), operations / (peak x "
    "share)) + overhead (and one for each layer on a GPU without vLLM); answers wanted = groups x "
    "group size x rounds",
    "hours = steps x step / 3600; cost = hours x GPUs x price; steps are the recipe's, or those of "
    "--work-of M GPUs x M / N",
)


@dataclass(frozen=True)
class StagePlan:
    """A stage: memory of a GPU, seconds of a step, tokens of all GPUs, hours, cost."""

    stage: str
    memory: Memory
    steps: int
    step_seconds: float
    rollout_seconds: float
    tokens_per_step: float
    hours: float
    cost: float

    @property
    def tokens_per_second(self) -> float:
        """Trained tokens a second, of all GPUs."""
        return self.tokens_per_step / self.step_seconds


@dataclass(frozen=True)
class Plan:
    """What a recipe takes on ``gpus`` devices."""

    recipe: str
    shape: Shape
    parameters: Counts
    device: Device
    gpus: int
    utilisation: Utilisation
    usable: float
    kv_bytes: int
    stages: tuple[StagePlan, ...]

    @property
    def hours(self) -> float:
        """Of all stages that train."""
        return sum(stage.hours for stage in self.stages)

    @property
    def cost(self) -> float:
        """Of all stages that train."""
        return sum(stage.cost for stage in self.stages)

    def fits(self, stage: StagePlan) -> bool:
        """Return whether a stage fits into a device."""
        return stage.memory.total <= self.usable


def _check(price: float, length_share: float) -> None:
    if price < 0:
        raise InputError(f"the price must not be negative, {price:g} came")
    if not 0 < length_share <= 1:
        raise InputError(f"the length share must be above 0 and at most 1, {length_share:g} came")


def plan(
    recipe: Recipe,
    device: Device,
    gpus: int,
    constants: Constants,
    *,
    utilisation: float | None = None,
    work_of: int | None = None,
) -> Plan:
    """Work out what the training stages of a recipe take.

    Parameters
    ----------
    utilisation : share of the peak; that of the constants nearest to the model's size by default.
    work_of : the number of GPUs for which the recipe's steps were chosen, so that N GPUs see the
        same tokens in M / N times the steps; N by default.

    Raises
    ------
    InputError : if a number makes no sense, or the model's shape is not known.
    """
    if gpus < 1 or (work_of is not None and work_of < 1):
        raise InputError(f"at least one GPU is needed, {min(gpus, work_of or gpus)} came")
    shape = shape_of(recipe)
    parameters = counts(shape)
    if utilisation is None:
        share = constants.utilisation(device, parameters.total)
    else:
        share = Utilisation(device.name, parameters.total, utilisation, False, "as given")
    if not share.value > 0:
        raise InputError(f"the utilisation must be above 0, {share.value:g} came")
    _check(device.price, constants.rollouts.length_share)
    one = _One(recipe, shape, parameters, device, gpus, constants, share.value)
    stages = [
        one.fit("pretrain", recipe.pretrain.fit, float(recipe.pretrain.sequence_length), 1.0),
        one.fit("sft", recipe.sft.fit, constants.mean_row_tokens, _ANSWER_SHARE),
        one.fit("modes", recipe.modes.fit, constants.mean_row_tokens, _ANSWER_SHARE),
        one.fit("cold_start", recipe.cold_start.fit, constants.mean_row_tokens, _ANSWER_SHARE),
        one.rl(recipe.rl),
    ]
    more = (work_of or gpus) / gpus
    stages = [
        replace(s, steps=round(s.steps * more), hours=s.hours * more, cost=s.cost * more)
        for s in stages
    ]
    usable = device.memory * (1 - constants.memory_reserve)
    return Plan(
        recipe.name,
        shape,
        parameters,
        device,
        gpus,
        share,
        usable,
        kv_bytes(shape),
        tuple(stages),
    )


@dataclass(frozen=True)
class _One:
    """What is the same for all stages."""

    recipe: Recipe
    shape: Shape
    parameters: Counts
    device: Device
    gpus: int
    constants: Constants
    share: float

    def fit(self, name: str, fit: FitConfig, sequence: float, answers: float) -> StagePlan:
        """Plan pretraining, or a supervised stage."""
        tokens = float(fit.batch_tokens)
        memory = self._memory(fit, tokens, tokens * answers)
        step = Work(tokens * fit.accumulation, tokens * answers * fit.accumulation, sequence)
        return self._stage(name, fit, memory, step, 0.0)

    def rl(self, config: RlConfig) -> StagePlan:
        """Plan reinforcement learning: rollouts, then a step over the groups that were kept."""
        fit, like = config.fit, self.constants.rollouts
        answers = config.groups * config.group_size
        together = answers / fit.accumulation
        length = like.length_share * config.max_tokens
        # The longest answer decides the padding: memory is planned for the limit.
        padded = together * (like.prompt_tokens + config.max_tokens)
        memory = self._memory(fit, padded, together * config.max_tokens)
        room = like.engine_memory_share * self.device.memory if config.vllm else 0.0
        cache = 0.0 if config.vllm else answers * (like.prompt_tokens + length) * self.kv
        # One after the other in one process, but an engine keeps what it was given.
        memory = replace(memory, rollouts=room or max(0.0, cache - memory.activations))
        step = Work(answers * (like.prompt_tokens + length), answers * length, length)
        rolling = rollout_seconds(self.shape, self.parameters, config, self.device, like)
        return self._stage("rl", fit, memory, step, rolling * (1 + self._asked_along(config)))

    def _asked_along(self, config: RlConfig) -> float:
        """Return how many development questions are asked for each one of training."""
        if not config.dev:
            return 0.0
        tasks = select(self.recipe.tasks)
        wanted = sum(config.weight(t.name) > 0 or t.name in config.watched for t in tasks)
        times = 1 + math.ceil(config.fit.steps / config.dev_every)
        rounds = self.constants.rollouts.rounds
        trained = config.fit.steps * config.groups * rounds * self.gpus
        return wanted * config.dev * times / trained

    @property
    def kv(self) -> int:
        return kv_bytes(self.shape)

    def _memory(self, fit: FitConfig, tokens: float, positions: float) -> Memory:
        dtype = self.recipe.model.dtype
        state = state_bytes(self.shape, self.parameters, fit, self.gpus, dtype)
        return Memory(
            *state,
            activation_bytes(self.shape, tokens, fit, dtype),
            logits_bytes(self.shape, positions, fit, dtype),
        )

    def _stage(
        self, name: str, fit: FitConfig, memory: Memory, work: Work, rolling: float
    ) -> StagePlan:
        seconds = rolling + train_seconds(
            self.shape, self.parameters, work, fit, self.device, self.share, self.gpus
        )
        hours = fit.steps * seconds / 3600
        return StagePlan(
            name,
            memory,
            fit.steps,
            seconds,
            rolling,
            work.tokens * self.gpus,
            hours,
            hours * self.gpus * self.device.price,
        )


def largest_batch(found: Plan, recipe: Recipe, fit: FitConfig) -> int:
    """Return the most padded tokens of one forward pass that fit beside everything else."""
    dtype = recipe.model.dtype
    state = sum(state_bytes(found.shape, found.parameters, fit, found.gpus, dtype))
    token = activation_bytes(found.shape, 1.0, fit, dtype) + logits_bytes(
        found.shape, 1.0, fit, dtype
    )
    return max(0, int((found.usable - state) / token))
