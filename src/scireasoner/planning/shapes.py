"""Shapes of models, and the models themselves on the meta device: every tensor, no memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.artifacts import read_json
from scireasoner.errors import InputError
from scireasoner.recipe import Recipe
from scireasoner.training.model import qwen3

if TYPE_CHECKING:
    from transformers import Qwen3ForCausalLM

PUBLISHED = Path(__file__).with_name("shapes.json")


@dataclass(frozen=True)
class Shape:
    """The shape of a Qwen3: what a checkpoint's ``config.json`` says."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    vocabulary: int
    tied: bool
    source: str = ""

    @property
    def queries(self) -> int:
        """Width of all query heads."""
        return self.heads * self.head_dim

    @property
    def keys(self) -> int:
        """Width of all key heads, and of all value heads."""
        return self.kv_heads * self.head_dim


@dataclass(frozen=True)
class Counts:
    """Parameters of a model: all, one layer's, the input embeddings', an untied head's."""

    total: int
    layer: int
    embedding: int
    head: int

    @property
    def multiplied(self) -> int:
        """Parameters of the layers; each token is multiplied with them."""
        return self.total - self.embedding - self.head


def shape_of(recipe: Recipe) -> Shape:
    """Return the shape of a recipe's model: its own, or that of the checkpoint it begins from.

    Raises
    ------
    InputError : if the base is neither a known name nor a folder with ``config.json``.
    """
    model = recipe.model
    if not model.base:
        return Shape(
            model.hidden,
            model.layers,
            model.heads,
            model.kv_heads,
            model.head_dim,
            model.intermediate,
            recipe.tokenizer.vocabulary,
            tied=True,
            source=f"recipe {recipe.name}",
        )
    known = read_json(PUBLISHED)
    if model.base in known:
        return Shape(**known[model.base])
    config = Path(model.base) / "config.json"
    if not config.is_file():
        raise InputError(
            f"the shape of {model.base!r} is not known ({', '.join(known)} are): give the folder "
            "of a checkpoint as model.base"
        )
    raw = read_json(config)
    return Shape(
        raw["hidden_size"],
        raw["num_hidden_layers"],
        raw["num_attention_heads"],
        raw["num_key_value_heads"],
        raw["head_dim"],
        raw["intermediate_size"],
        raw["vocab_size"],
        bool(raw["tie_word_embeddings"]),
        str(config),
    )


def meta_model(shape: Shape) -> Qwen3ForCausalLM:
    """Return the model on the meta device: shapes and names of all tensors, and no data."""
    import torch
    from transformers import Qwen3ForCausalLM

    config = qwen3(shape, shape.vocabulary, tied=shape.tied)
    with torch.device("meta"):
        return Qwen3ForCausalLM(config)


def counts(shape: Shape) -> Counts:
    """Count the parameters of a model on the meta device; tied ones count once."""
    model = meta_model(shape)
    embedding = model.get_input_embeddings().weight.numel()
    # The meta device does not tie for us; a tied head is the embedding.
    body = sum(p.numel() for p in model.model.parameters())
    head = 0 if shape.tied else model.lm_head.weight.numel()
    layer = sum(p.numel() for p in model.model.layers[0].parameters())
    return Counts(body + head, layer, embedding, head)
