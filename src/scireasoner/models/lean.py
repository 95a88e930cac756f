"""The forward passes of a small Qwen3 on a CPU, without what a tiny model spends its time on.

``transformers`` spends most of a step of a model of a few million parameters on Python, masks and
copies of its cache. The same weights are read here through few, large operations: the projections
of a layer are joined, prompts are padded on the right (a causal mask then needs no padding), and
keys and values are written in place into one cache whose rows all have a position of their own.
Architecture: Qwen3 technical report, arXiv 2505.09388.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.models.joined import Layer, fits, layer_of, scaled

if TYPE_CHECKING:
    import torch


def lean(model: Any) -> Lean | None:
    """Return the lean passes of a model, or None if it is not of the kind that they are for."""
    return Lean(model) if fits(model) else None


class Cache:
    """Keys and values of rows that each have a position of their own.

    Parameters
    ----------
    lean : whose layers and heads it is for.
    rows, width : how many rows, and the most tokens that one may have.
    """

    def __init__(self, lean: Lean, rows: int, width: int) -> None:
        import torch

        self.rows = rows
        self.width = width
        # Zeros, since a masked position still takes part in a sum: 0 x NaN would be NaN.
        self.layers = [
            torch.zeros(rows, 2 * lean.key_heads, width, lean.head_dim) for _ in lean.layers
        ]

    def copy(self, source: int, target: int, length: int) -> None:
        """Put the first ``length`` positions of a row in the place of another row's."""
        for layer in self.layers:
            layer[target, :, :length] = layer[source, :, :length]


class Lean:
    """The passes over the current weights of a model: make a new one after each change of them.

    Parameters
    ----------
    model : a ``Qwen3ForCausalLM`` in float32 on the CPU.
    """

    def __init__(self, model: Any) -> None:
        import torch

        config = model.config
        self.heads = int(config.num_attention_heads)
        self.key_heads = int(config.num_key_value_heads)
        self.head_dim = int(config.head_dim)
        self._root_eps = math.sqrt(float(config.rms_norm_eps))
        self._floors: dict[int, torch.Tensor] = {}
        self.layers = [layer_of(layer, self.heads, self.key_heads) for layer in model.model.layers]
        self.embedding = model.model.embed_tokens.weight.detach()
        self.head = scaled(model.lm_head.weight, model.model.norm)
        self._rotary = model.model.rotary_emb
        self._cos = self._sin = torch.empty(0, self.head_dim)

    def _unit(self, x: torch.Tensor) -> torch.Tensor:
        """Divide by the length, as a root mean square norm does up to its weights.

        x / sqrt(mean(x^2) + eps) = sqrt(n) x / hypot(|x|, sqrt(n eps)): three passes, not six.
        """
        import torch

        length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        return x / torch.hypot(length, self._floor(x.shape[-1]))

    def _floor(self, size: int) -> torch.Tensor:
        import torch

        if size not in self._floors:
            self._floors[size] = torch.tensor(self._root_eps * math.sqrt(size))
        return self._floors[size]

    def turns(self, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return cosines and signed sines of the positions below ``width``: (width, head_dim).

        The sines' first half is negative: then a roll by half a head takes the place of the
        usual split, negation and joining.
        """
        import torch

        if len(self._cos) < width:
            cos, sin = self._rotary(self.embedding, torch.arange(width)[None])
            signed = sin[0].clone()
            signed[:, : self.head_dim // 2] *= -1
            self._cos, self._sin = cos[0].contiguous(), signed
        return self._cos[:width], self._sin[:width]

    def _projected(
        self, layer: Layer, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor
    ) -> torch.Tensor:
        """Return queries, keys and values by head: (..., heads + 2 key_heads, head_dim)."""
        import torch
        from torch.nn.functional import linear

        every = linear(self._unit(x), layer.qkv)
        every = every.view(*every.shape[:-1], -1, self.head_dim)
        turned = every[..., : self.heads + self.key_heads, :]
        normed = self._unit(turned).mul_(layer.head_norm)
        rolled = normed.roll(self.head_dim // 2, -1).mul_(sin)
        torch.add(normed.mul_(cos), rolled, out=turned)
        return every

    def _finished(self, layer: Layer, x: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
        """Return the layer's output from what its attention gathered."""
        from torch.nn.functional import linear, silu

        x = linear(mixed, layer.out).add_(x)
        gate, up = linear(self._unit(x), layer.gate_up).chunk(2, -1)
        return linear(silu(gate).mul_(up), layer.down).add_(x)

    def logits(self, x: torch.Tensor) -> torch.Tensor:
        """Return the scores of the next token."""
        from torch.nn.functional import linear

        return linear(self._unit(x), self.head)

    def read(
        self, ids: torch.Tensor, lengths: torch.Tensor, prefix: Sequence[torch.Tensor] = ()
    ) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Read prompts.

        Parameters
        ----------
        ids : (rows, tokens), padded on the right.
        lengths : (rows,) tokens of each row without padding.
        prefix : by layer, the keys and values (1, 2 key_heads, start, head_dim) of tokens that
            stand before every row.

        Returns
        -------
        The state of the last token of each row, (rows, hidden); by layer, the rows' keys and
        values (rows, 2 key_heads, start + tokens, head_dim), those of the prefix first.
        """
        import torch
        from torch.nn.functional import embedding, scaled_dot_product_attention

        rows, tokens = ids.shape
        start = prefix[0].shape[2] if prefix else 0
        cos, sin = (part[start:, None] for part in self.turns(start + tokens))
        mask = torch.ones(tokens, start + tokens, dtype=torch.bool).tril(start) if start else None
        at = torch.arange(rows), lengths - 1
        x = embedding(ids, self.embedding)
        kept: list[torch.Tensor] = []
        for number, layer in enumerate(self.layers):
            every = self._projected(layer, x, cos, sin)
            pairs = every[:, :, self.heads :].transpose(1, 2)
            if start:
                pairs = torch.cat([prefix[number].expand(rows, -1, -1, -1), pairs], 2)
            kept.append(pairs)
            query = every[:, :, : self.heads].transpose(1, 2)
            keys, values = pairs.chunk(2, 1)
            if number + 1 < len(self.layers):
                mixed = scaled_dot_product_attention(
                    query, keys, values, mask, is_causal=mask is None, enable_gqa=True
                )
                x = self._finished(layer, x, mixed.transpose(1, 2).flatten(2))
                continue
            # After the last layer nothing but the last token is looked at.
            seen = torch.arange(start + tokens) < (start + lengths)[:, None]
            x = self._attended(layer, x[at], query.transpose(1, 2)[at], keys, values, seen)
        return x, kept

    def _attended(
        self,
        layer: Layer,
        x: torch.Tensor,
        query: torch.Tensor,
        keys: torch.Tensor,
        values: torch.Tensor,
        seen: torch.Tensor | None,
    ) -> torch.Tensor:
        """Return the layer's output for one token of each row.

        Parameters
        ----------
        x, query : (rows, hidden) and (rows, heads, head_dim).
        keys, values : (rows, key_heads, width, head_dim).
        seen : (rows, width): bool, or float to be added to the scores; None if all is seen.
        """
        from torch.nn.functional import scaled_dot_product_attention

        # The queries that share a key head stand as so many queries of one head.
        grouped = query.unflatten(1, (self.key_heads, -1))
        mask = None if seen is None else seen[:, None, None]
        mixed = scaled_dot_product_attention(grouped, keys, values, mask)
        return self._finished(layer, x, mixed.flatten(1))

    def step(
        self, tokens: torch.Tensor, positions: torch.Tensor, cache: Cache, seen: torch.Tensor | None
    ) -> torch.Tensor:
        """Read one more token of each of the first rows of a cache; return (rows, vocabulary).

        Parameters
        ----------
        tokens, positions : (rows,) what is read, and where it stands.
        seen : (rows, width) float: 0 up to each row's position, else minus infinity; None for one
            row, whose positions are all seen.
        """
        import torch
        from torch.nn.functional import embedding

        rows = len(tokens)
        width = int(positions.max()) + 1
        turns = self.turns(cache.width)
        cos, sin = (part[positions][:, None] for part in turns)
        # One row is written to by a slice, which costs less than an index.
        row: Any = slice(1) if rows == 1 else torch.arange(rows)
        column: Any = width - 1 if rows == 1 else positions
        x = embedding(tokens, self.embedding)
        for layer, pairs in zip(self.layers, cache.layers, strict=True):
            every = self._projected(layer, x, cos, sin)
            pairs[row, :, column] = every[:, self.heads :]
            keys, values = pairs[:rows, :, :width].chunk(2, 1)
            mask = None if seen is None else seen[:, :width]
            x = self._attended(layer, x, every[:, : self.heads], keys, values, mask)
        return self.logits(x)

    def branch(
        self, ids: torch.Tensor, depths: torch.Tensor, above: torch.Tensor,
        lengths: torch.Tensor, kept: Sequence[torch.Tensor],
    ) -> torch.Tensor:  # fmt: skip
        """Read a tree of continuations after every prompt; return (rows, nodes, vocabulary).

        Parameters
        ----------
        ids, depths : (nodes,) the token of each node, and how deep it stands (0 right after the
            prompt).
        above : (nodes, nodes) bool: whether a node sees another one (itself included).
        lengths, kept : of the prompts, the prefix counted in, as `read` returns them.
        """
        import torch
        from torch.nn.functional import embedding, scaled_dot_product_attention

        rows, width = len(lengths), kept[0].shape[2]
        turns = self.turns(int(lengths.max()) + int(depths.max()) + 1)
        where = lengths[:, None] + depths
        cos, sin = (part[where][:, :, None] for part in turns)
        before = torch.arange(width) < lengths[:, None]
        seen = torch.cat(
            [
                before[:, None].expand(-1, len(ids), -1),
                above[None].expand(rows, -1, -1),
            ],
            2,
        )[:, None]
        x = embedding(ids, self.embedding).expand(rows, -1, -1)
        for layer, pairs in zip(self.layers, kept, strict=True):
            every = self._projected(layer, x, cos, sin)
            both = torch.cat([pairs, every[:, :, self.heads :].transpose(1, 2)], 2)
            keys, values = both.chunk(2, 1)
            query = every[:, :, : self.heads].transpose(1, 2)
            mixed = scaled_dot_product_attention(query, keys, values, seen, enable_gqa=True)
            x = self._finished(layer, x, mixed.transpose(1, 2).flatten(2))
        return self.logits(x)
