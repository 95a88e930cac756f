"""How much a token of an answer counts in the loss of supervised training."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scireasoner.training.batches import IGNORED

if TYPE_CHECKING:
    from torch import Tensor


def by_length(power: float) -> Callable[[Any, Tensor, Tensor | None], Tensor]:
    """Return a loss in which an answer of n tokens weighs n ** (1 - power).

    With the plain mean over tokens (power 0) a yes or no of three tokens is drowned by answers of
    thirty; with power 1 every answer counts the same.

    Parameters
    ----------
    power : in [0, 1].

    Returns
    -------
    A function of the model's output (``logits`` of shape (rows, columns, vocabulary)), the labels
    (rows, columns) and the number of labelled tokens in the whole step. Its value is the sum of
    the weighted losses over that number: nats a token for power 0, less for any other.
    """

    def loss(outputs: Any, labels: Tensor, num_items_in_batch: Tensor | None = None) -> Tensor:
        from torch.nn.functional import cross_entropy

        targets = labels[:, 1:]
        logits = outputs.logits[:, :-1].float()
        each = cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="none"
        ).view_as(targets)
        lengths = (targets != IGNORED).sum(dim=1, keepdim=True)
        total = (each * lengths.clamp(min=1).float() ** -power).sum()
        return total / (lengths.sum() if num_items_in_batch is None else num_items_in_batch)

    return loss
