"""The model that comes with the package: small, trained by our own recipe, asked by default."""

from __future__ import annotations

from pathlib import Path

_WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
NAME = "small"


def shipped_model() -> Path | None:
    """Return the folder of the model that ships; None in a tree that has none yet.

    It is an ordinary checkpoint: config, safetensors, tokenizer and chat template, beside a card,
    a manifest and the table of modes.
    """
    folder = _WEIGHTS / NAME
    return folder if (folder / "config.json").is_file() else None
