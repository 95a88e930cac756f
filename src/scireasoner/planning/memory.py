"""Bytes on one GPU: parameters, gradients, optimiser, activations, logits, rollouts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from scireasoner.artifacts import read_json
from scireasoner.errors import RecipeError
from scireasoner.planning.shapes import Counts, Shape
from scireasoner.training.fit_config import FitConfig

_SINGLE, _HALF = 4, 2  # bytes of float32 and bfloat16


@dataclass(frozen=True)
class Memory:
    """Bytes on one GPU, by what they are for."""

    parameters: float
    gradients: float
    optimiser: float
    gathered: float
    activations: float
    logits: float
    rollouts: float = 0.0

    @property
    def total(self) -> float:
        """All of it at once: the peak of a step."""
        return sum(asdict(self).values())


def kv_bytes(shape: Shape) -> int:
    """Return the bytes of a token in a bf16 cache of keys and values."""
    return 2 * shape.layers * shape.keys * _HALF


def zero_stage(strategy: str) -> int:
    """Return what is sharded: 0 nothing, 1 the optimiser, 2 gradients too, 3 all of it.

    Raises
    ------
    RecipeError : if a DeepSpeed file does not say its stage.
    """
    if strategy in {"", "fsdp2"}:
        return 3 if strategy else 0
    found = read_json(Path(strategy)).get("zero_optimization", {}).get("stage")
    if found not in {0, 1, 2, 3}:
        raise RecipeError(f"{strategy} has no zero_optimization.stage from 0 to 3")
    return int(found)


def state_bytes(
    shape: Shape, parameters: Counts, fit: FitConfig, gpus: int, dtype: str
) -> tuple[float, float, float, float]:
    """Return bytes of (parameters, gradients, optimiser, gathered copies).

    FSDP2 keeps float32 shards (accelerate raises the precision of what it trains in bf16) and
    gathers a layer in bf16 at a time; the embeddings and the head stay gathered through a step.
    DeepSpeed keeps bf16 parameters and a float32 copy beside Adam's moments.
    """
    count, stage = parameters.total, zero_stage(fit.strategy)
    parts = [gpus if stage >= needed else 1 for needed in (3, 2, 1)]
    if fit.strategy == "fsdp2":
        held = _SINGLE if fit.bf16 or dtype == "float32" else _HALF
        work = _HALF if fit.bf16 or dtype == "bfloat16" else _SINGLE
        own = [held * count / parts[0], held * count / parts[1], 2 * held * count / parts[2]]
        if gpus == 1:
            return own[0], own[1], own[2], 0.0
        # Two layers (one in use, one fetched ahead), the root, and the gradients of both kinds.
        root = parameters.embedding + parameters.head
        return own[0], own[1], own[2], work * 2 * (root + 1.5 * parameters.layer)
    if fit.strategy:
        moments = (2 + 1) * _SINGLE * count / parts[2]
        gathered = _HALF * 2 * parameters.layer if stage == 3 and gpus > 1 else 0.0
        return _HALF * count / parts[0], _HALF * count / parts[1], moments, gathered
    size = _HALF if dtype == "bfloat16" else _SINGLE
    moments = float(2 * size * count)
    if fit.optimizer == "muon":
        # One momentum for the matrices of the layers; AdamW's two for everything else.
        moments -= size * shape.layers * parameters.layer
    return size * count, size * count, moments, 0.0


def layer_bytes(shape: Shape, half: bool) -> int:
    """Return the bytes that a layer keeps of each token for its gradient, without checkpointing.

    Counted from the operations of a Qwen3 layer with fused attention (no matrix of scores): what
    the four norms read (always float32) and what they, the projections, the rotation, the
    attention and the gated product hand on.
    """
    h, q, k, i = shape.hidden, shape.queries, shape.keys, shape.intermediate
    norms = 2 * h + q + k
    others = 4 * h + 3 * q + 3 * k + 4 * i
    return norms * _SINGLE + others * (_HALF if half else _SINGLE)


def activation_bytes(shape: Shape, tokens: float, fit: FitConfig, dtype: str) -> float:
    """Return the bytes of activations of a forward pass over so many tokens."""
    half = fit.bf16 or dtype == "bfloat16"
    one = layer_bytes(shape, half) * tokens
    if not fit.gradient_checkpointing:
        return shape.layers * one
    # The input of each layer, and one layer computed again.
    return shape.layers * shape.hidden * tokens * (_HALF if half else _SINGLE) + one


def logits_bytes(shape: Shape, positions: float, fit: FitConfig, dtype: str) -> float:
    """Return the bytes of logits: the product, its float32 copy, the softmax, their gradient.

    A fused loss (Liger) never holds them; what is left is the gradient of the hidden states.
    """
    half = fit.bf16 or dtype == "bfloat16"
    if fit.liger:
        return positions * shape.hidden * (_HALF if half else _SINGLE)
    return positions * shape.vocabulary * ((_HALF if half else 0) + 3 * _SINGLE)
