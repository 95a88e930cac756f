from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import DataError
from scireasoner.models.backend import Sampling
from scireasoner.models.journal import Journal, question_key
from scireasoner.types import Message, Mode, Prompt

PROMPT = Prompt("t", "s", (Message("user", "q"),), Mode.THINK)
SAMPLING = Sampling(0.6, 0.95, 0, 100, 7)


def row(key: str, task: str = "t", **changes: Any) -> dict[str, Any]:
    base = {"key": key, "task": task, "sample": "s", "tokens_in": 2, "tokens": 3, "cost": 0.5}
    return {**base, "text": f"é {key}", "finish": "stop", **changes}


def failed(key: str) -> dict[str, Any]:
    made = row(key, tokens=0, cost=0.0, fault="timed out")
    del made["text"]
    return made


def test_answers_and_spending_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "j.jsonl"
    first = Journal(path)
    for made in (row("a"), failed("b"), row("c", task="u")):
        first.add(made)
    for journal in (first, Journal(path)):
        assert len(journal) == 2
        assert [(journal.answer(k) or {}).get("text") for k in "abc"] == ["é a", None, "é c"]
        assert journal.spent() == (1.0, 12)
        assert journal.spent(but="u") == (0.5, 7)


def test_a_failed_question_that_is_answered_later_is_known(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    journal.add(failed("a"))
    journal.add(row("a"))
    assert (journal.answer("a") or {})["text"] == "é a"


def test_a_torn_line_costs_one_answer(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    journal = Journal(path)
    journal.add(row("a"))
    journal.add(row("b"))
    path.write_bytes(path.read_bytes()[:-9])
    again = Journal(path)
    assert (again.answer("a") is not None, again.answer("b")) == (True, None)
    again.add(row("c"))
    assert len(Journal(path)) == 2


@pytest.mark.parametrize("line", ['{"no": "key"}', "[1]", "nonsense"])
def test_a_foreign_line_is_told(line: str, tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(DataError, match="has a line that is no answer of a model"):
        Journal(path)


OTHERS = [
    ("other", PROMPT, SAMPLING),
    ("m", replace(PROMPT, messages=(Message("user", "q "),)), SAMPLING),
    ("m", replace(PROMPT, messages=(Message("system", "q"),)), SAMPLING),
    ("m", replace(PROMPT, mode=None), SAMPLING),
    *(
        ("m", PROMPT, replace(SAMPLING, **{name: value}))
        for name, value in {
            "temperature": 0.7,
            "top_p": 0.9,
            "top_k": 5,
            "max_tokens": 99,
            "seed": 8,
        }.items()
    ),
]


@pytest.mark.parametrize(("model", "prompt", "sampling"), OTHERS)
def test_a_key_is_of_everything_an_answer_depends_on(
    model: str, prompt: Prompt, sampling: Sampling
) -> None:
    key = question_key("m", PROMPT, SAMPLING)
    assert question_key(model, prompt, sampling) != key
    assert question_key("m", replace(PROMPT, sample_id="x", task="y"), SAMPLING) == key
