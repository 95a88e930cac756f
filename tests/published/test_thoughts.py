"""What is taken off as a thought, against regular expressions that say the same.

The released patterns take quadratic time on hostile texts; ours are linear and must not differ.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN, read
from scireasoner.published.cleaning import after_last, answer_only, enclosed, without_thoughts
from scireasoner.types import Fault, Mode

every = pytest.mark.parametrize("n", [2_000, pytest.param(40_000, marks=pytest.mark.slow)])

PIECES = (
    THINK_OPEN, THINK_CLOSE, THINK_OPEN, THINK_CLOSE, "<think", "think>", "</think", "</", "<", ">",
    " ", "\n", "\t\u00a0", "\r\n", "42", "why", "<SMILES>", "</SMILES>", "\x1c", "\u2028", "é", "$",
)  # fmt: skip

_CLOSED = re.compile(f"{THINK_OPEN}.*?{THINK_CLOSE}", re.DOTALL)
_STRAY = re.compile(f"^.*{THINK_CLOSE}\\s*", re.DOTALL)
_HEAD = re.compile(f"\\A\\s*{THINK_OPEN}")
_SPLIT = re.compile(f"(.*){THINK_CLOSE}(.*)", re.DOTALL)
_TAG = re.compile(r"<SMILES>(.*?)</SMILES>")


def texts(n: int) -> Iterator[str]:
    rng = random.Random(20_250_921)
    for _ in range(n):
        yield "".join(rng.choices(PIECES, k=rng.randint(0, 14)))


@every
def test_the_released_evaluators_clean_as_their_patterns_do(n: int) -> None:
    for text in texts(n):
        assert without_thoughts(text) == _CLOSED.sub("", text)
        assert answer_only(text) == _STRAY.sub("", _CLOSED.sub("", text))
        assert after_last(text, THINK_CLOSE) == re.split(THINK_CLOSE, text)[-1]
        lines = [part for line in text.split("\n") for part in _TAG.findall(line)]
        assert list(enclosed(text, "<SMILES>", "</SMILES>")) == lines


@every
@pytest.mark.parametrize("mode", [Mode.THINK, Mode.INSTANT, None])
def test_the_reader_of_thoughts_reads_what_a_pattern_reads(n: int, mode: Mode | None) -> None:
    seen = set()
    for text in texts(n):
        split = _SPLIT.fullmatch(text)
        thought, answer = split.groups() if split else (None, text)
        opened = THINK_OPEN in answer or (
            split is None and (mode is Mode.THINK or _HEAD.match(text) is not None)
        )
        found = read(text, mode)
        if opened:
            assert (found.answer, found.fault) == ("", Fault.OPEN_THOUGHT)
        else:
            said = re.sub(r"\A\s+|\s+\Z", "", answer)
            assert (found.answer, found.fault) == (said, None if said else Fault.NO_ANSWER)
            inner = None if thought is None else _HEAD.sub("", thought, count=1).strip()
            assert found.thought == inner
        seen.add(found.fault)
    assert len(seen) == 3
