"""Embeddings for the entries that an extended tokenizer adds to a base model's.

A new row starts as the mean of what the model already knows of the entry: the rows of the base
tokenizer's pieces of a text that says what the entry is. ``benchmarks/embedding_init.py`` compares
this with random rows and with the mean of all rows (Hewitt 2021,
https://nlp.stanford.edu/~johnhew/vocab-expansion.html).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.errors import ArtifactError
from scireasoner.notation.rules import SPACE_GROUPS
from scireasoner.notation.tags import NOTATIONS

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

MULTIPLE = 128
"""The rows of the embedding are a multiple of this, as matrix units like it."""

_NOISE = 0.02  # of the spread of the old rows: enough to tell twins apart, too little to be read


def extend_embeddings(
    model: Any,
    base: PreTrainedTokenizerBase,
    tokenizer: PreTrainedTokenizerBase,
    seed: int,
    multiple: int = MULTIPLE,
) -> dict[int, list[int]]:
    """Give a model rows for the new entries of a tokenizer, in place.

    Rows of the base's entries stay bit for bit. Rows that no entry uses are left as they are, or
    the mean of all old rows where they are new. An untied output embedding is treated alike.

    Parameters
    ----------
    model : a causal language model whose embedding covers the base tokenizer.
    base, tokenizer : before and after :func:`scireasoner.corpus.tokenizer.extend_tokenizer`.
    seed : of the small noise that sets entries with equal pieces apart.
    multiple : the rows are rounded up to a multiple of this; they never get fewer.

    Returns
    -------
    New id -> the base's ids of which its row is the mean.

    Raises
    ------
    ArtifactError : if the tokenizer gives another id to an entry of the base, or the model has
        fewer rows than the base has entries.
    """
    pieces = new_entries(base, tokenizer)
    if not pieces:
        return {}
    rows = model.get_input_embeddings().weight.shape[0]
    used = 1 + max(base.get_vocab().values())
    if rows < used:
        raise ArtifactError(
            f"the base model embeds {rows} tokens and its tokenizer has {used}: the two do not "
            "belong together; give the folder of one checkpoint"
        )
    wanted = max(rows, math.ceil((1 + max(pieces)) / multiple) * multiple)
    if wanted > rows:
        model.resize_token_embeddings(wanted, mean_resizing=False)
    for number, weight in enumerate(_matrices(model)):
        _fill(weight, pieces, used, rows, seed + number)
    return pieces


def new_entries(
    base: PreTrainedTokenizerBase, tokenizer: PreTrainedTokenizerBase
) -> dict[int, list[int]]:
    """Return the new ids in order, each with the base's ids of the words that describe it."""
    before, after = base.get_vocab(), tokenizer.get_vocab()
    for entry, number in before.items():
        if after.get(entry) != number:
            raise ArtifactError(
                f"the tokenizer has {entry!r} as {after.get(entry)} and that of the base model as "
                f"{number}: it does not extend it; run the tokenizer stage again"
            )
    words = descriptions()
    new = sorted((number, entry) for entry, number in after.items() if entry not in before)
    found: dict[int, list[int]] = {}
    for number, entry in new:
        text = words.get(entry) or tokenizer.convert_tokens_to_string([entry])
        found[number] = base(text, add_special_tokens=False)["input_ids"]
    return found


def descriptions() -> dict[str, str]:
    """Return what tags and space groups are in words; other entries say it themselves."""
    words: dict[str, str] = {}
    for notation in NOTATIONS.values():
        if notation.tag:
            words[notation.opening] = f" start {notation.title}"
            words[notation.closing] = f" end {notation.title}"
    return words | {group: f" space group {group[3:-1]}" for group in SPACE_GROUPS}


def mean_rows(weight: torch.Tensor, groups: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the mean of each group of rows with the norm that its members have on average.

    A plain mean of many rows is much shorter than any of them.

    Parameters
    ----------
    weight : (rows, width).
    groups : row numbers, at least one in each.

    Returns
    -------
    (groups, width) in float32.
    """
    import torch

    means = []
    for group in groups:
        members = weight[list(group)].float()
        mean = members.mean(0)
        length = members.norm(dim=1).mean()
        means.append(mean * (length / mean.norm().clamp_min(1e-12)))
    return torch.stack(means)


def _matrices(model: Any) -> list[Any]:
    """Return the input embedding, and the output embedding where it is one of its own."""
    inputs = model.get_input_embeddings().weight
    outputs = model.get_output_embeddings()
    tied = outputs is None or outputs.weight is inputs
    return [inputs] if tied else [inputs, outputs.weight]


def _fill(
    weight: Any, pieces: Mapping[int, Sequence[int]], used: int, rows: int, seed: int
) -> None:
    """Write the new rows of one matrix; ``rows`` of it are of the base model, ``used`` trained."""
    import torch

    with torch.no_grad():
        old = weight[:used].float()
        if len(weight) > rows:
            weight[rows:] = old.mean(0).to(weight.dtype)
        chance = torch.Generator().manual_seed(seed)
        noise = torch.randn(len(pieces), weight.shape[1], generator=chance)
        new = mean_rows(weight, list(pieces.values()))
        new += _NOISE * old.std(0).to(new.device) * noise.to(new.device)
        weight[list(pieces)] = new.to(weight.dtype)
