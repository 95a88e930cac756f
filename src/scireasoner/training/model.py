"""Models: ordinary Qwen3 checkpoints, from a few hundred thousand parameters up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from scireasoner.errors import RecipeError
from scireasoner.models.checkpoint import load_model, load_tokenizer, padded_attention
from scireasoner.recipes.bounds import above_zero
from scireasoner.training.embeddings import extend_embeddings

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase, Qwen3Config


@dataclass(frozen=True)
class ModelConfig:
    """The shape of a new Qwen3 model, or the name of the checkpoint to continue from.

    Parameters
    ----------
    base : hub name or folder of a checkpoint to start from; empty builds a new model.
    hidden, layers, heads, kv_heads, head_dim, intermediate : shape of a new model.
    max_positions : longest sequence in tokens.
    dtype : ``float32`` or ``bfloat16``.
    """

    base: str = ""
    hidden: int = 128
    layers: int = 5
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 32
    intermediate: int = 384
    max_positions: int = 1024
    dtype: str = "float32"

    def __post_init__(self) -> None:
        if self.dtype not in {"float32", "bfloat16"}:
            raise RecipeError(f"model.dtype is {self.dtype!r}; use 'float32' or 'bfloat16'")
        above_zero(self, "hidden", "layers", "heads", "kv_heads", "head_dim", "intermediate")
        above_zero(self, "max_positions")
        if self.heads % self.kv_heads:
            raise RecipeError(
                f"model.heads ({self.heads}) must be a multiple of model.kv_heads ({self.kv_heads})"
            )


class Widths(Protocol):
    """What a Qwen3 is wide and deep: a recipe's own model, or a published shape."""

    @property
    def hidden(self) -> int:
        """Width of the stream."""

    @property
    def layers(self) -> int:
        """Number of layers."""

    @property
    def heads(self) -> int:
        """Query heads."""

    @property
    def kv_heads(self) -> int:
        """Key and value heads."""

    @property
    def head_dim(self) -> int:
        """Width of a head."""

    @property
    def intermediate(self) -> int:
        """Width of the feed-forward layer."""


def qwen3(shape: Widths, vocabulary: int, *, tied: bool = True, **more: Any) -> Qwen3Config:
    """Return the configuration of a Qwen3; ``tied``: one matrix embeds and predicts tokens."""
    from transformers import Qwen3Config

    return Qwen3Config(
        vocab_size=vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        tie_word_embeddings=tied,
        **{"bos_token_id": None, "eos_token_id": None, **more},
    )


def new_model(config: ModelConfig, tokenizer: PreTrainedTokenizerBase, seed: int) -> Any:
    """Return a model to train: a fresh Qwen3 of the given shape, or the base checkpoint.

    A base checkpoint gets rows for the entries that the tokenizer adds to its own
    (:func:`scireasoner.training.embeddings.extend_embeddings`).
    """
    import torch
    from transformers import Qwen3ForCausalLM

    padded_attention()
    torch.manual_seed(seed)
    if config.base:
        model = load_model(config.base, config.dtype)
        extend_embeddings(model, load_tokenizer(config.base), tokenizer, seed)
        return model
    shape = qwen3(
        config,
        len(tokenizer),
        max_position_embeddings=config.max_positions,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
    )
    return Qwen3ForCausalLM(shape).to(getattr(torch, config.dtype))


def compile_blocks(model: torch.nn.Module, backend: str = "inductor") -> None:
    """Compile the repeated blocks of a model in place; rows and lengths of a batch may vary.

    One block is compiled and serves for all (``torch.compile``): seconds, not the minutes of a
    whole model. What is saved afterwards is as if nothing had been compiled.
    """
    from torch.nn import ModuleList

    for found in model.modules():
        if isinstance(found, ModuleList) and len({type(block) for block in found}) == 1:
            for block in found:
                block.compile(dynamic=True, backend=backend)


def save_model(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    out: Path,
    state: Mapping[str, torch.Tensor] | None = None,
) -> None:
    """Write an ordinary checkpoint: safetensors, config, tokenizer and chat template.

    ``state`` holds the whole tensors of a model whose own are shards.
    """
    from scireasoner.artifacts import writing

    with writing(out):
        model.save_pretrained(str(out), state_dict=state)
        tokenizer.save_pretrained(str(out))
