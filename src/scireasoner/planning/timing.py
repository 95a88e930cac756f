"""Seconds of a step: operations over what a device does of them, and bytes over its links."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scireasoner.planning.constants import Device, Rollouts
from scireasoner.planning.memory import kv_bytes, zero_stage
from scireasoner.planning.shapes import Counts, Shape
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.rl_config import RlConfig

_HALF = 2  # bytes


@dataclass(frozen=True)
class Work:
    """What a step works on, on one GPU.

    Parameters
    ----------
    tokens : padded tokens of all forward passes of a step.
    positions : of them, those with logits.
    sequence : mean length of a sequence, for the attention.
    """

    tokens: float
    positions: float
    sequence: float


def forward_flops(shape: Shape, parameters: Counts, sequence: float) -> float:
    """Return operations of a token in a forward pass, without the head.

    Two for each parameter of the layers, and four times the width of the queries for each of the
    (on average) sequence / 2 earlier tokens (arXiv 2204.02311, appendix B).
    """
    return 2 * parameters.multiplied + 4 * shape.layers * shape.queries * sequence / 2


def head_flops(shape: Shape) -> float:
    """Return operations of the head for one position in a forward pass."""
    return 2.0 * shape.hidden * shape.vocabulary


def train_flops(shape: Shape, parameters: Counts, work: Work) -> float:
    """Return operations of a step on one GPU: the backward pass takes twice the forward one."""
    body = work.tokens * forward_flops(shape, parameters, work.sequence)
    return 3 * (body + work.positions * head_flops(shape))


def muon_flops(shape: Shape) -> float:
    """Return operations of Muon's five Newton-Schulz iterations over all matrices, each step."""
    h, q, k, i = shape.hidden, shape.queries, shape.keys, shape.intermediate
    matrices = [(h, q), (h, k), (h, k), (q, h), (h, i), (h, i), (i, h)]
    sizes = [(min(pair), max(pair)) for pair in matrices]
    return shape.layers * sum(5.0 * (4 * m * m * n + 2 * m**3) for m, n in sizes)


def link_bytes(parameters: Counts, fit: FitConfig, gpus: int) -> float:
    """Return bytes that a GPU sends and receives in a step.

    Sharded parameters are gathered in the forward and in the backward pass of every accumulation;
    gradients are reduced once. Nothing is sent by a GPU that is alone.
    """
    if gpus == 1:
        return 0.0
    once = _HALF * parameters.total * (gpus - 1) / gpus
    if zero_stage(fit.strategy) == 3:
        return once * (2 * fit.accumulation + 1)
    return 2 * once


def train_seconds(
    shape: Shape, parameters: Counts, work: Work, fit: FitConfig, device: Device, share: float,
    gpus: int,
) -> float:  # fmt: skip
    """Return the seconds of an optimiser step: computing hides sending, whichever is longer."""
    flops = train_flops(shape, parameters, work) * (4 / 3 if fit.gradient_checkpointing else 1)
    if fit.optimizer == "muon":
        flops += muon_flops(shape)
    return max(flops / (device.flops * share), link_bytes(parameters, fit, gpus) / device.network)


def rollout_seconds(
    shape: Shape, parameters: Counts, config: RlConfig, device: Device, rollouts: Rollouts
) -> float:
    """Return the seconds in which one GPU rolls out and judges the answers of a step.

    A decoding step reads all weights and the caches of the sequences in flight, or computes their
    next tokens, whichever takes longer. As many sequences are in flight as the caches allow. On a
    GPU without vLLM the launches of each layer come on top.
    """
    wanted = config.groups * config.group_size * rollouts.rounds
    length = rollouts.length_share * config.max_tokens
    weights = _HALF * parameters.total
    cache = kv_bytes(shape) * (rollouts.prompt_tokens + length)
    room = (rollouts.engine_memory_share if config.vllm else 0.5) * device.memory - weights
    flight = max(1.0, min(float(config.groups * config.group_size), room // cache))
    read = (weights + flight * cache) / (device.bandwidth * rollouts.bandwidth_share)
    compute = forward_flops(shape, parameters, length) + head_flops(shape)
    computed = flight * compute / (device.flops * rollouts.decode_utilisation)
    # A batch waits for its longest answer, taken as twice the mean; vLLM refills the places.
    longest = min(float(config.max_tokens), 2 * length)
    steps = math.ceil(wanted / flight) * (length if config.vllm else longest)
    launches = 0.0 if config.vllm or device.kind == "cpu" else rollouts.layer_seconds
    prefill = wanted * rollouts.prompt_tokens * compute
    return (
        steps * (max(read, computed) + rollouts.step_seconds + shape.layers * launches)
        + prefill / (device.flops * rollouts.decode_utilisation)
        + wanted * rollouts.judge_seconds / rollouts.judges
    )
