"""The weights of a small Qwen3 as the lean passes read them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

LARGEST = 200_000_000
"""Parameters up to which a copy of the weights costs nothing and overhead counts."""


def fits(model: Any) -> bool:
    """Whether a model is a plain, small Qwen3 in float32 on the CPU."""
    import torch

    config = model.config
    if type(model).__name__ != "Qwen3ForCausalLM" or model.device.type != "cpu":
        return False
    plain = (
        set(getattr(config, "layer_types", None) or ["full_attention"]) == {"full_attention"}
        and config.hidden_act == "silu"
        and not config.attention_bias
        and model.dtype == torch.float32
        and getattr(model.model.rotary_emb, "rope_type", "default") != "dynamic"
    )
    # An adapter puts its own modules in the place of the linear ones.
    linear = all(
        type(part) is torch.nn.Linear and part.bias is None
        for layer in model.model.layers
        for part in (layer.self_attn.q_proj, layer.self_attn.o_proj, layer.mlp.down_proj)
    )
    return plain and linear and sum(p.numel() for p in model.parameters()) <= LARGEST


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of a layer: those that read the same input joined, norms multiplied in."""

    qkv: torch.Tensor
    head_norm: torch.Tensor
    out: torch.Tensor
    gate_up: torch.Tensor
    down: torch.Tensor


def layer_of(layer: Any, heads: int, key_heads: int) -> Layer:
    """Return the weights of a decoder layer of ``transformers``."""
    import torch

    own, mlp = layer.self_attn, layer.mlp
    qkv = torch.cat([own.q_proj.weight, own.k_proj.weight, own.v_proj.weight])
    norms = [own.q_norm.weight] * heads + [own.k_norm.weight] * key_heads
    gate_up = torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight])
    return Layer(
        scaled(qkv, layer.input_layernorm),
        torch.stack(norms).detach() * math.sqrt(own.head_dim),
        own.o_proj.weight.detach(),
        scaled(gate_up, layer.post_attention_layernorm),
        mlp.down_proj.weight.detach(),
    )


def scaled(weight: torch.Tensor, norm: Any) -> torch.Tensor:
    """Return a projection that takes a vector of length 1 for what the norm gave it."""
    return (weight * (norm.weight * math.sqrt(weight.shape[1]))).detach()
