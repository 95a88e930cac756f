"""Metrics that need a trained model: BERTScore of texts, pLDDT of folded proteins.

The models are large and optional. They are read from a folder named in the environment, never
downloaded; where it is not named, the metric says so (``lacking``) and nothing stands in for it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.errors import MissingTool
from scireasoner.metrics.metric import Metric
from scireasoner.types import Outcome

if TYPE_CHECKING:
    from scireasoner.metrics.resampling import Columns

BERTSCORE_MODEL = "SCIREASONER_BERTSCORE"
"""Names the folder of an encoder, with its layer after an ``@``, e.g. ``.../roberta-large@17``."""

ESMFOLD_MODEL = "SCIREASONER_ESMFOLD"
"""Names the folder of an ESMFold checkpoint of transformers."""

MAX_TOKENS = 512
MAX_FOLDED = 400
"""Residues: ESMFold needs memory cubic in length."""

_BATCH = 32


def _named(variable: str) -> Path | None:
    """Return the folder that the variable names, if it is one."""
    text = os.environ.get(variable, "")
    before, _, layer = text.rpartition("@")
    # A folder may have an @ in its name too.
    folder = Path(before if layer.isdecimal() else text)
    return folder if text and folder.is_dir() else None


def _lacking(variable: str, what: str, path: str | None = None) -> str | None:
    found = Path(path).is_dir() if path else _named(variable) is not None
    if found:
        return None
    return f"{what} is not on this machine: set {variable} to the folder of a downloaded model"


@lru_cache(maxsize=2)
def _encoder(folder: str) -> tuple[Any, Any]:
    """Load a tokenizer and an encoder from a folder."""
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    return tokenizer, model


def _embedded(texts: Sequence[str], folder: str, layer: int | None) -> list[tuple[Any, Any]]:
    """Return (unit vectors of all tokens, whether each counts) of each text."""
    import torch

    tokenizer, model = _encoder(folder)
    special = set(tokenizer.all_special_ids)
    found = []
    for start in range(0, len(texts), _BATCH):
        batch = tokenizer(
            list(texts[start : start + _BATCH]),
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        with torch.no_grad():
            states = model(**batch, output_hidden_states=True).hidden_states
        hidden = states[-1 if layer is None else layer]
        unit = torch.nn.functional.normalize(hidden.double(), dim=-1)
        for vectors, ids, mask in zip(
            unit, batch["input_ids"], batch["attention_mask"], strict=True
        ):
            kept = mask.bool()
            counts = torch.tensor([token not in special for token in ids[kept].tolist()])
            found.append((vectors[kept], counts))
    return found


def _greedy_f1(candidate: tuple[Any, Any], reference: tuple[Any, Any]) -> float:
    """Match each token with its likest one; start and end marks may be matched, not counted."""
    if not candidate[1].any() or not reference[1].any():
        return 0.0
    likeness = candidate[0] @ reference[0].T
    precision = float(likeness.max(dim=1).values[candidate[1]].mean())
    recall = float(likeness.max(dim=0).values[reference[1]].mean())
    both = precision + recall
    return min(1.0, max(0.0, 2 * precision * recall / both)) if both > 0 else 0.0


def bertscore(path: str | None = None, layer: int | None = None) -> Metric:
    """Return the mean BERTScore F1 (arXiv 1904.09675), without idf weights or rescaling.

    Parameters
    ----------
    path : folder of the encoder; None takes that of ``$SCIREASONER_BERTSCORE``.
    layer : whose vectors are compared, 0 the embeddings; None is the last one (of the
        environment's model, the one named after ``@``).
    """

    def model() -> tuple[str, int | None]:
        if path is not None:
            return path, layer
        folder = _named(BERTSCORE_MODEL)
        if folder is None:
            line = f"set {BERTSCORE_MODEL} to the folder of a downloaded encoder"
            raise MissingTool("an encoder", "BERTScore", line)
        number = os.environ[BERTSCORE_MODEL].rpartition("@")[2]
        return str(folder), int(number) if number.isdecimal() else layer

    def columns(outcomes: Sequence[Outcome]) -> Columns:
        import numpy as np

        scores = np.zeros((len(outcomes), 1))
        answered = [i for i, outcome in enumerate(outcomes) if outcome.fault is None]
        if answered:
            folder, chosen = model()
            values = _embedded([outcomes[i].value for i in answered], folder, chosen)
            targets = _embedded([outcomes[i].target for i in answered], folder, chosen)
            for i, value, target in zip(answered, values, targets, strict=True):
                scores[i] = _greedy_f1(value, target)
        return scores

    of = f"${BERTSCORE_MODEL}" if path is None else Path(path).name
    where = "" if layer is None else f", layer {layer}"
    return Metric(
        f"BERTScore F1 ({of}{where})",
        "higher",
        "share",
        "scores 0",
        columns,
        lacking=lambda: _lacking(BERTSCORE_MODEL, "an encoder for BERTScore", path),
    )


BERTSCORE = bertscore()
"""Mean BERTScore F1 with the encoder that ``$SCIREASONER_BERTSCORE`` names."""


@lru_cache(maxsize=1)
def _folder_model(folder: str) -> tuple[Any, Any]:
    """Load ESMFold, on the accelerator if there is one."""
    import torch
    from transformers import AutoTokenizer, EsmForProteinFolding

    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = EsmForProteinFolding.from_pretrained(folder, local_files_only=True)
    return tokenizer, model.eval().to(device)


def _plddt(sequence: str) -> float:
    """Return the mean pLDDT of the alpha carbons, 0 to 100."""
    import torch

    folder = _named(ESMFOLD_MODEL)
    if folder is None:
        line = f"set {ESMFOLD_MODEL} to the folder of a downloaded ESMFold"
        raise MissingTool("ESMFold", "pLDDT", line)
    tokenizer, model = _folder_model(str(folder))
    tokens = tokenizer([sequence[:MAX_FOLDED]], return_tensors="pt", add_special_tokens=False)
    with torch.no_grad():
        folded = model(tokens["input_ids"].to(model.device))
    per_residue = folded["plddt"][0, :, 1]  # atom 1 is the alpha carbon
    return 100.0 * float(per_residue.mean())


def _plddt_columns(outcomes: Sequence[Outcome]) -> Columns:
    import numpy as np

    scores = [0.0 if o.fault is not None else _plddt(o.value) for o in outcomes]
    return np.array(scores, dtype=np.float64).reshape(-1, 1)


PLDDT = Metric(
    f"pLDDT (ESMFold, first {MAX_FOLDED} residues)",
    "higher",
    "pLDDT",
    "counts as 0",
    _plddt_columns,
    best=math.nan,
    lacking=lambda: _lacking(ESMFOLD_MODEL, "ESMFold"),
)
"""Mean confidence, 0 to 100, of the structures that ESMFold predicts (doi:10.1126/science.ade2574).
"""
