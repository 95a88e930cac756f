"""Loading a checkpoint, and saying what is wrong with one that cannot be loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.errors import BackendError
from scireasoner.models.joined import LARGEST

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_FEWEST_TOKENS = 2


def check_place(name: str, *, needed: bool) -> None:
    """Refuse what is plainly a path and not a model folder, before the hub is asked for it."""
    place = Path(name)
    if not needed or (place / "config.json").is_file():
        return
    if place.exists():
        raise BackendError(
            f"{name} holds no model (no config.json): give the folder that a stage wrote its "
            "checkpoint to, such as runs/nano-seed0/rl/model"
        )
    if place.is_absolute() or name.startswith((".", "~")) or name.count("/") != 1:
        raise BackendError(
            f"{name} does not exist: give a checkpoint's folder, or a hub name such as "
            "SciReason/SciReasoner-1.7B"
        )


def load_tokenizer(path: str | Path) -> PreTrainedTokenizerBase:
    """Return the tokenizer of a checkpoint, from a folder or the hub.

    Raises
    ------
    BackendError : if it cannot be loaded, or knows no words.
    """
    from transformers import AutoTokenizer

    name = str(path)
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise _unloadable(name, "tokenizer", error) from error
    if len(tokenizer) < _FEWEST_TOKENS:
        # What transformers makes of a folder without tokenizer.json: every question is empty.
        raise BackendError(
            f"{name} holds no tokenizer (no tokenizer.json): copy the one that belongs to its model"
        )
    return tokenizer


def load_model(path: str | Path, dtype: torch.dtype | str = "float32") -> PreTrainedModel:
    """Return the causal language model of a checkpoint, from a folder or the hub, quietly.

    Raises
    ------
    BackendError : if it cannot be loaded.
    """
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    name = str(path)
    padded_attention()
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(name, dtype=dtype)
        return model
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise _unloadable(name, "model", error) from error
    finally:
        if shown:
            logging.enable_progress_bar()


def _unloadable(name: str, what: str, error: Exception) -> BackendError:
    reason = " ".join(str(error).split())[:200]
    if Path(name).exists():
        return BackendError(
            f"the {what} in {name} cannot be loaded ({reason}): delete the folder and run the "
            "stage that wrote it again"
        )
    return BackendError(
        f"{name} is no folder here, and cannot be had from the Hugging Face hub ({reason}): check "
        "the name and the network, or give the folder of a checkpoint"
    )


def padded_attention() -> None:
    """Keep torch from cuDNN's attention for the rest of the process.

    Of rows that are padded on the left, as prompts in a batch are, it made numbers that are none
    (bf16, torch 2.11, one H200: docs/log.md); torch's other kernels do not, and are as fast.
    """
    import torch

    torch.backends.cuda.enable_cudnn_sdp(False)


def slow_halves(model: Any) -> bool:
    """Whether a model is better run in float32: on the CPU, if a copy of it costs nothing."""
    import torch

    half = model.dtype in (torch.bfloat16, torch.float16)
    return half and model.device.type == "cpu" and model.num_parameters() <= LARGEST


def default_device() -> str:
    """Return the accelerator of this machine, or the CPU."""
    import torch

    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return "cpu" if found is None else found.type


def stop_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """Return every token that ends a turn, by the model's and the tokenizer's account."""
    named = getattr(getattr(model, "generation_config", None), "eos_token_id", None)
    ids = [*(named if isinstance(named, list | tuple) else [named]), tokenizer.eos_token_id]
    return tuple(dict.fromkeys(int(i) for i in ids if i is not None))
