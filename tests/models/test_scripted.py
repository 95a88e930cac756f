from __future__ import annotations

import json
from pathlib import Path

import pytest

from scireasoner.errors import BackendError, MissingTool
from scireasoner.models.backend import Sampling
from scireasoner.models.load import open_backend
from scireasoner.models.scripted import ScriptedBackend
from scireasoner.types import Message, Mode, Prompt


def ask(text: str, sample: str) -> Prompt:
    return Prompt("a_task", sample, (Message("user", text),), Mode.INSTANT)


PROMPTS = [ask("water?", "s1"), ask("benzene?", "s2")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("H2O", ["H2O", "H2O"]),
        (["H2O", "C6H6"], ["H2O", "C6H6"]),
        ({"s1": "H2O", "s2": "C6H6"}, ["H2O", "C6H6"]),
        ({"water?": "H2O", "benzene?": "C6H6"}, ["H2O", "C6H6"]),
        (lambda prompt: prompt.sample_id.upper(), ["S1", "S2"]),
    ],
)
def test_answers(answers: object, expected: list[str]) -> None:
    groups = ScriptedBackend(answers).generate(PROMPTS, Sampling())  # type: ignore[arg-type]
    assert [group[0].text for group in groups] == expected


def test_long_answers_are_cut() -> None:
    ((short,), (also_short,)) = ScriptedBackend("one two three").generate(
        PROMPTS, Sampling(max_tokens=2)
    )
    assert (short.text, short.tokens, short.finish) == ("one two", 2, "length")
    assert short == also_short


def test_a_missing_answer_names_its_sample() -> None:
    with pytest.raises(BackendError, match=r"no answer for sample 's2'.*did you mean 's1'"):
        ScriptedBackend({"s1": "H2O"}).generate(PROMPTS, Sampling())


def test_predictions_can_be_played_back(tmp_path: Path) -> None:
    rows = [{"task": "head"}, {"sample": "s1", "text": "a"}, {"question": "benzene?", "text": "b"}]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    groups = open_backend(f"scripted:{path}").generate(PROMPTS, Sampling(), n=2)
    assert [[c.text for c in group] for group in groups] == [["a", "a"], ["b", "b"]]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("vlm:some/model", "unknown model kind 'vlm'; did you mean 'vllm'"),
        ("hf:", "names nothing"),
        ("openai:http://localhost:8000/v1", "lacks an address or a model"),
        ("openai:gpt#x", "lacks an address or a model"),
        ("scripted:/no/such/file.jsonl", "does not exist"),
        ("hf:/no/such/folder", "does not exist"),
        ("/no/such/folder", "does not exist"),
        ("C:/no/such/folder", "does not exist"),
    ],
)
def test_wrong_specifications(spec: str, message: str) -> None:
    with pytest.raises(BackendError, match=message):
        open_backend(spec)


def test_a_script_without_answers(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text('{"id": 1}\n')
    with pytest.raises(BackendError, match="holds no answers"):
        open_backend(f"scripted:{path}")


def test_vllm_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vllm", None)
    with pytest.raises(MissingTool, match=r"pip install 'scireasoner\[vllm\]'"):
        open_backend("vllm:some/model")


def test_the_checkpoint_opens_by_its_path(checkpoint: Path) -> None:
    for spec in (str(checkpoint), f"hf:{checkpoint}"):
        assert open_backend(spec).name == str(checkpoint)
