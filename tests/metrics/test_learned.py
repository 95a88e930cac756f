"""Metrics with a model, on tiny models made here; and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scireasoner.errors import MissingTool
from scireasoner.metrics import BERTSCORE, PLDDT, bertscore, learned
from scireasoner.types import Fault, Outcome

_LINE = "[PAD] [UNK] [CLS] [SEP] [MASK] the an acid ester of binds ribosome plant"
WORDS = _LINE.split()
TEXTS = [("the acid of plant", "an acid of the plant"), ("binds", "the ribosome binds ester"),
         ("ester", "ester"), ("acid acid acid", "the")]  # fmt: skip


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with random weights."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(WORDS))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, initializer_range=0.5,
    )  # fmt: skip
    BertModel(config).eval().save_pretrained(folder)
    BertTokenizerFast(vocab=str(vocabulary)).save_pretrained(folder)
    return folder


def outcomes() -> list[Outcome]:
    made = [Outcome(f"{i}", v, t, 0, v == t, None) for i, (v, t) in enumerate(TEXTS)]
    return [*made, Outcome("fault", None, "the", 0, False, Fault.NO_ANSWER)]


def by_hand(folder: Path, layer: int) -> list[float]:
    """Greedy matching written out, one text at a time."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)

    def vectors(text: str) -> np.ndarray:  # type: ignore[type-arg]
        with torch.no_grad():
            out = model.eval()(**tokenizer(text, return_tensors="pt"), output_hidden_states=True)
        states = out.hidden_states[layer][0].double().numpy()
        return np.asarray(states / np.linalg.norm(states, axis=1, keepdims=True))

    scores = []
    for value, target in TEXTS:
        likeness = vectors(value) @ vectors(target).T
        precision = np.mean([max(row) for row in likeness[1:-1]])
        recall = np.mean([max(row) for row in likeness.T[1:-1]])
        scores.append(float(2 * precision * recall / (precision + recall)))
    return [*scores, 0.0]


@pytest.mark.parametrize("layer", [1, 2])
def test_bertscore_is_greedy_matching(encoder: Path, layer: int) -> None:
    metric = bertscore(str(encoder), layer)
    assert metric.lacking is not None
    assert metric.lacking() is None
    assert metric.name == f"BERTScore F1 ({encoder.name}, layer {layer})"
    rows = metric.columns(outcomes())
    assert rows[:, 0] == pytest.approx(by_hand(encoder, layer), abs=1e-5)
    assert rows[2, 0] == pytest.approx(1.0)
    alone = np.vstack([metric.columns([outcome]) for outcome in outcomes()])
    assert alone == pytest.approx(rows, abs=1e-5)


def test_the_environment_names_the_encoder(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(learned.BERTSCORE_MODEL, f"{encoder}@1")
    assert BERTSCORE.lacking is not None
    assert BERTSCORE.lacking() is None
    assert BERTSCORE.compute(outcomes()) == bertscore(str(encoder), 1).compute(outcomes())


@pytest.mark.parametrize("layer", ["", "@17"])
@pytest.mark.parametrize("name", ["encoder", "me@host"])
def test_a_folder_may_have_an_at_in_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, layer: str
) -> None:
    (tmp_path / name).mkdir()
    monkeypatch.setenv(learned.BERTSCORE_MODEL, f"{tmp_path / name}{layer}")
    assert BERTSCORE.lacking is not None
    assert BERTSCORE.lacking() is None


def test_without_a_model_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for metric, variable in ((BERTSCORE, learned.BERTSCORE_MODEL), (PLDDT, learned.ESMFOLD_MODEL)):
        for value in ("", "/nowhere/at/all"):
            monkeypatch.setenv(variable, value)
            assert metric.lacking is not None
            assert variable in str(metric.lacking())
            with pytest.raises(MissingTool, match=variable):
                metric.compute(outcomes())
        faults = outcomes()[-1:]
        assert metric.compute(faults) == metric.worst == 0.0


def test_plddt_is_the_mean_over_the_alpha_carbons(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import torch

    class Folder:
        """Says 0.9 for each alpha carbon and nonsense for the other atoms."""

        device = torch.device("cpu")

        def __call__(self, ids: torch.Tensor) -> dict[str, torch.Tensor]:
            plddt = torch.zeros(1, ids.shape[1], 37)
            plddt[:, :, 1] = 0.9
            return {"plddt": plddt}

    def tokenizer(texts: list[str], **_: object) -> dict[str, torch.Tensor]:
        return {"input_ids": torch.zeros(1, len(texts[0]), dtype=torch.long)}

    monkeypatch.setenv(learned.ESMFOLD_MODEL, str(tmp_path))
    monkeypatch.setattr(learned, "_folder_model", lambda folder: (tokenizer, Folder()))
    judged = [
        Outcome("a", "MKTAYIAK", None, 0, True, None),
        Outcome("b", None, None, 0, False, Fault.INVALID_SEQUENCE),
    ]
    assert PLDDT.compute(judged) == pytest.approx(45.0)
