from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import BackendError
from scireasoner.models.backend import Sampling
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.prompts.reply import read
from scireasoner.types import Fault, Message, Mode, Prompt

QUESTIONS = (
    "CCO",
    "a much longer question about benzene",
    "x",
    "what is the formula?",
    "C",
    "NaCl",
)


def ask(text: str, mode: Mode | None = Mode.INSTANT) -> Prompt:
    return Prompt("a_task", text, (Message("user", text),), mode)


@pytest.fixture
def backend(tiny: tuple[Any, Any]) -> TransformersBackend:
    model, tokenizer = tiny
    return TransformersBackend("tiny", model=model, tokenizer=tokenizer)


def test_completions_come_in_the_order_of_the_prompts(backend: TransformersBackend) -> None:
    prompts = [ask(text) for text in QUESTIONS]
    together = backend.generate(prompts, Sampling(max_tokens=8))
    alone = [backend.generate([prompt], Sampling(max_tokens=8))[0] for prompt in prompts]
    assert together == alone
    assert len({group[0].text for group in together}) > 1


def test_small_batches_give_the_same_greedy_answers(tiny: tuple[Any, Any]) -> None:
    model, tokenizer = tiny
    prompts = [ask(text) for text in QUESTIONS]
    wide = TransformersBackend("tiny", model=model, tokenizer=tokenizer)
    narrow = TransformersBackend("tiny", model=model, tokenizer=tokenizer, batch_tokens=60)
    sampling = Sampling(max_tokens=6)
    assert wide.generate(prompts, sampling) == narrow.generate(prompts, sampling)


def test_sampling_is_fixed_by_its_seed_and_leaves_the_callers_random_state(
    backend: TransformersBackend,
) -> None:
    import torch

    prompts = [ask(text) for text in QUESTIONS]
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first = backend.generate(prompts, Sampling(1.0, max_tokens=8, seed=1), n=3)
    assert torch.rand(1) == expected
    assert first == backend.generate(prompts, Sampling(1.0, max_tokens=8, seed=1), n=3)
    assert first != backend.generate(prompts, Sampling(1.0, max_tokens=8, seed=2), n=3)
    assert [len(group) for group in first] == [3] * len(QUESTIONS)
    assert any(len({c.text for c in group}) > 1 for group in first)


def test_greedy_draws_are_repeated(backend: TransformersBackend) -> None:
    (group,) = backend.generate([ask("CCO")], Sampling(max_tokens=4), n=3)
    assert len(group) == 3
    assert len(set(group)) == 1


def test_finish_and_tokens(backend: TransformersBackend) -> None:
    stop = backend.tokenizer.eos_token_id
    letters = backend.tokenizer("<SMILES>CC</SMILES>", add_special_tokens=False)["input_ids"]
    pad = backend.tokenizer.pad_token_id
    stopped = backend._completion([*letters, stop, pad, pad])
    assert (stopped.text, stopped.tokens, stopped.finish) == ("<SMILES>CC</SMILES>", 5, "stop")
    cut = backend._completion(letters)
    assert (cut.text, cut.tokens, cut.finish) == ("<SMILES>CC</SMILES>", 4, "length")
    empty = backend._completion([stop, pad])
    assert (empty.text, empty.tokens, empty.finish) == ("", 1, "stop")


def test_a_model_in_training_stays_in_training(backend: TransformersBackend) -> None:
    backend.model.train()
    backend.generate([ask("CCO")], Sampling(max_tokens=2))
    assert backend.model.training
    backend.model.eval()


def test_the_checkpoints_own_generation_defaults_do_not_count(backend: TransformersBackend) -> None:
    plain = backend.generate([ask(t) for t in QUESTIONS], Sampling(max_tokens=8))
    own = backend.model.generation_config
    backend.model.generation_config = type(own)(
        do_sample=True,
        temperature=3.0,
        top_k=2,
        repetition_penalty=9.0,
        eos_token_id=own.eos_token_id,
    )
    try:
        assert backend.generate([ask(t) for t in QUESTIONS], Sampling(max_tokens=8)) == plain
    finally:
        backend.model.generation_config = own


def test_no_prompts_no_completions(backend: TransformersBackend) -> None:
    assert backend.generate([], Sampling()) == []


def test_a_saved_checkpoint_answers_as_the_model_in_memory(
    backend: TransformersBackend, checkpoint: Path
) -> None:
    loaded = TransformersBackend(checkpoint, device="cpu")
    prompts = [ask(text, Mode.THINK) for text in QUESTIONS]
    assert loaded.generate(prompts, Sampling(max_tokens=6)) == backend.generate(
        prompts, Sampling(max_tokens=6)
    )


@pytest.mark.parametrize("beams", [0, 2])
def test_a_question_that_does_not_fit_is_a_fault_of_its_own(
    backend: TransformersBackend, caplog: pytest.LogCaptureFixture, beams: int
) -> None:
    short, sampling = ask("C"), Sampling(max_tokens=8, beams=beams)
    alone = backend.generate([short], sampling)
    with caplog.at_level("WARNING"):
        long, beside = backend.generate([ask("C" * 300), short], sampling)
    assert read(long[0].text, Mode.INSTANT, long[0].finish).fault is Fault.NO_ROOM
    assert [beside] == alone
    assert re.search(r"'C{300}' of 'a_task' takes 3\d\d tokens", caplog.text)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match=r"holds no model \(no config.json\)"):
        TransformersBackend(tmp_path)


def test_a_model_without_its_tokenizer_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    """transformers makes a tokenizer of one token of it, and every question is empty."""
    bare = tmp_path / "checkpoint-600"
    shutil.copytree(checkpoint, bare, ignore=shutil.ignore_patterns("*token*"))
    with pytest.raises(BackendError, match=r"holds no tokenizer \(no tokenizer.json\)"):
        TransformersBackend(bare)


@pytest.mark.parametrize("name", ["/no/such/folder", "./model", "runs/nano/rl/model", "model"])
def test_a_missing_folder_is_not_asked_of_the_hub(name: str) -> None:
    with pytest.raises(BackendError, match="does not exist"):
        TransformersBackend(name)


def test_an_unreachable_hub_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(BackendError, match="cannot be had from the Hugging Face hub"):
        TransformersBackend("SciReason/no-such-model")


def test_broken_weights_are_told(checkpoint: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "broken"
    shutil.copytree(checkpoint, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(BackendError, match="cannot be loaded"):
        TransformersBackend(folder)
