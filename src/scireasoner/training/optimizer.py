"""Muon for the matrices inside the blocks, AdamW for embeddings, head and norms.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon) comes from ``torch.optim``.
It is defined for hidden matrices only, so two optimisers step together under one name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def muon_with_adamw(
    model: torch.nn.Module, *, muon_lr: float, adamw_lr: float, weight_decay: float
) -> torch.optim.Optimizer:
    """Return one optimiser over all parameters of a model.

    Parameters
    ----------
    model : the model; matrices outside embeddings and the head go to Muon.
    muon_lr, adamw_lr : peak learning rates of the two parts.
    weight_decay : decoupled weight decay of the matrices.
    """
    import torch

    hidden: list[torch.nn.Parameter] = []
    rest: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        inner = parameter.ndim == 2 and "embed" not in name and "lm_head" not in name
        (hidden if inner else rest).append(parameter)
    muon = torch.optim.Muon(
        hidden, lr=muon_lr, weight_decay=weight_decay, momentum=0.95, nesterov=True
    )
    adamw = torch.optim.AdamW(rest, lr=adamw_lr, betas=(0.9, 0.95), weight_decay=0.0)
    paired: torch.optim.Optimizer = _paired()([muon, adamw])
    return paired


def _paired() -> Any:
    """Return the class; made here so that importing this file does not import torch."""
    import torch

    class Paired(torch.optim.Optimizer):
        """Several optimisers that step, save and load as one."""

        def __init__(self, parts: list[torch.optim.Optimizer]) -> None:
            groups = [group for part in parts for group in part.param_groups]
            super().__init__([dict(group) for group in groups], {})
            self.parts = parts
            self._share()

        def _share(self) -> None:
            # The very same dictionaries, so that a schedule that sets ``lr`` reaches the parts.
            self.param_groups = [group for part in self.parts for group in part.param_groups]

        def step(self, closure: Any = None) -> Any:
            loss = None if closure is None else closure()
            for part in self.parts:
                part.step()
            return loss

        def zero_grad(self, set_to_none: bool = True) -> None:
            for part in self.parts:
                part.zero_grad(set_to_none)

        def state_dict(self) -> dict[str, Any]:
            return {"parts": [part.state_dict() for part in self.parts]}

        def load_state_dict(self, state_dict: dict[str, Any]) -> None:
            for part, state in zip(self.parts, state_dict["parts"], strict=True):
                part.load_state_dict(state)
            self._share()

    return Paired
