"""How likely a causal model holds each of some given answers to be."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.errors import InputError
from scireasoner.models.prefill import Prefill, shared

if TYPE_CHECKING:
    import torch

    from scireasoner.models.lean import Lean

_NODES = 256  # of a tree of answers in one pass

Tokens = tuple[int, ...]


def chances(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[str],
    options: Sequence[str],
    batch_tokens: int,
    passes: Lean | None = None,
) -> list[tuple[float, ...]]:
    """Return the probability of each option after each prompt, normalised over the options.

    The log-probability of an option is the sum over its tokens. The end of the turn counts where
    another option goes on from there ("1" and "10"); after the others it is taken for certain.

    A prompt is read once for all options. What the options have in common at their beginning
    cannot tell them apart and is read with the prompt; where they then differ in one token, one
    pass over the prompts is all there is.

    Parameters
    ----------
    model, tokenizer : as ``transformers`` loads them.
    prompts : rendered texts after which the model writes.
    options : at least two answers as a model would write them.
    batch_tokens : padded tokens in one forward pass at most.
    passes : the lean passes of the model, if it has any; without them every option is read apart.

    Raises
    ------
    InputError : if there are fewer than two options, or two of them are the same.
    """
    if len(options) < 2 or len(set(options)) < len(options):
        raise InputError(f"{len(options)} options came; at least two are needed, all different")
    if not prompts:
        return []
    encoded = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    tails = _ended(tokenizer, options)
    if passes is None:
        totals = _each_apart(model, encoded, tails, batch_tokens)
    else:
        totals = _by_tree(passes, encoded, tails, batch_tokens)
    return [_shares(totals[p]) for p in range(len(prompts))]


def _ended(tokenizer: Any, options: Sequence[str]) -> list[Tokens]:
    """Return the options' tokens, with the end of the turn where another one goes on."""
    tails = [tuple(ids) for ids in tokenizer(list(options), add_special_tokens=False)["input_ids"]]
    begun = {tail[:size] for tail in tails for size in range(len(tail))}
    return [(*tail, tokenizer.eos_token_id) if tail in begun else tail for tail in tails]


def _by_tree(
    passes: Lean, encoded: Sequence[Sequence[int]], tails: Sequence[Tokens], batch_tokens: int
) -> Mapping[int, list[float]]:
    """Return the log-probabilities of the tails by prompt, less what they have in common."""
    import torch

    root = tails[0][: shared(tails)]
    rows = [(*ids, *root) for ids in encoded]
    trees = list(_trees([tail[len(root) :] for tail in tails]))
    # Of each tail: its first token after the root, then (tree, node, token) of the others.
    found: dict[int, list[float]] = {}
    with torch.inference_mode():
        prefill = Prefill(passes, rows, batch_tokens)
        order = sorted(range(len(rows)), key=lambda p: (-len(rows[p]), p))
        for part in prefill.parts(order):
            first = passes.logits(part.state).log_softmax(-1)
            total = first[:, [tail[len(root)] for tail in tails]].double()
            for tree in trees:
                scores = passes.branch(*tree.tensors(), part.lengths, part.kept)
                spread = scores.log_softmax(-1)
                for option, node, token in tree.steps:
                    total[:, option] += spread[:, node, token]
            found.update(zip(part.prompts, total.tolist(), strict=True))
    return found


class _Tree:
    """The inner nodes of some of the options: every beginning of one that another token follows.

    Parameters
    ----------
    nodes : the beginnings, each without the root and of one token or more.
    steps : (option, node, token): what each option adds at which node.
    """

    def __init__(self, nodes: Sequence[Tokens], tails: Mapping[int, Tokens]) -> None:
        self.nodes = nodes
        number = {node: place for place, node in enumerate(nodes)}
        self.steps = [
            (option, number[tail[:size]], tail[size])
            for option, tail in tails.items()
            for size in range(1, len(tail))
        ]

    def tensors(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the nodes' tokens, their depths, and which nodes each one sees."""
        import torch

        above = [[node[: len(other)] == other for other in self.nodes] for node in self.nodes]
        return (
            torch.tensor([node[-1] for node in self.nodes]),
            torch.tensor([len(node) - 1 for node in self.nodes]),
            torch.tensor(above),
        )


def _trees(tails: Sequence[Tokens]) -> Iterator[_Tree]:
    """Yield trees of options with a first token in common, small ones together."""
    groups: dict[int, dict[int, Tokens]] = {}
    for option, tail in enumerate(tails):
        if len(tail) > 1:
            groups.setdefault(tail[0], {})[option] = tail
    held: dict[int, Tokens] = {}
    for group in groups.values():
        if held and len(_inner(held | group)) > _NODES:
            yield _Tree(_inner(held), held)
            held = {}
        held |= group
    if held:
        yield _Tree(_inner(held), held)


def _inner(tails: Mapping[int, Tokens]) -> list[Tokens]:
    beginnings = (tail[:size] for tail in tails.values() for size in range(1, len(tail)))
    return list(dict.fromkeys(beginnings))


def _each_apart(
    model: Any, encoded: Sequence[Sequence[int]], tails: Sequence[Tokens], batch_tokens: int
) -> Mapping[int, list[float]]:
    """Return the log-probabilities of the tails by prompt, for models without lean passes."""
    rows = [(p, o) for p in range(len(encoded)) for o in range(len(tails))]
    rows.sort(key=lambda row: -len(encoded[row[0]]))
    totals = {p: [0.0] * len(tails) for p in range(len(encoded))}
    while rows:
        width = len(encoded[rows[0][0]]) + max(map(len, tails))
        size = max(1, batch_tokens // width)
        batch, rows = rows[:size], rows[size:]
        logs = _log_probabilities(model, [(encoded[p], tails[o]) for p, o in batch])
        for (p, o), value in zip(batch, logs, strict=True):
            totals[p][o] = value
    return totals


def _log_probabilities(
    model: Any, pairs: Sequence[tuple[Sequence[int], Collection[int]]]
) -> list[float]:
    """Return the summed log-probability of each tail after its head; one forward pass."""
    import torch

    width = max(len(head) + len(tail) for head, tail in pairs)
    ids = torch.zeros((len(pairs), width), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for place, (head, tail) in enumerate(pairs):
        row = [*head, *tail]
        ids[place, width - len(row) :] = torch.tensor(row)
        mask[place, width - len(row) :] = 1
    longest = max(len(tail) for _, tail in pairs)
    with torch.inference_mode():
        logits = model(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            # Learnt positions count from the first token, not from the padding before it.
            position_ids=(mask.cumsum(-1) - 1).clamp(min=0).to(model.device),
            logits_to_keep=longest + 1,
        ).logits
        spread = logits[:, :-1].float().log_softmax(-1).cpu()
    found = []
    for place, (_, tail) in enumerate(pairs):
        chosen = torch.tensor(list(tail))
        steps = spread[place, longest - len(tail) :]
        found.append(float(steps.gather(1, chosen[:, None]).sum()))
    return found


def _shares(logs: Sequence[float]) -> tuple[float, ...]:
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    return tuple(weight / sum(weights) for weight in weights)
