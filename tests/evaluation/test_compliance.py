"""Who followed the mode, by hand."""

from __future__ import annotations

import pytest

from scireasoner.evaluation.compliance import EMPTY, MISSING, OPEN, UNASKED, compliance
from scireasoner.types import Completion, Mode

INSTANT, THINK = Mode.INSTANT, Mode.THINK

# what was written, how it ended, mode -> fault, thought there
REPLIES: list[tuple[str, str, Mode | None, str | None, bool]] = [
    ("why\n</think>\n\n7", "stop", THINK, None, True),
    ("why\n</think>\n\n7", "length", THINK, None, True),  # a cut answer is no matter of the mode
    ("why and why", "length", THINK, OPEN, True),
    ("</think>\n\n7", "stop", THINK, EMPTY, False),
    ("why\n</think>\n\n", "stop", THINK, MISSING, True),
    ("", "stop", THINK, OPEN, False),
    ("7", "stop", INSTANT, None, False),
    ("<think>\n\n</think>\n\n7", "stop", INSTANT, None, False),
    ("<think>\nwhy\n</think>\n\n7", "stop", INSTANT, UNASKED, True),
    ("<think>\nwhy", "length", INSTANT, OPEN, True),
    ("", "stop", INSTANT, None, False),  # no answer: the judge's matter
    ("7", "stop", None, None, False),
    ("<think>\nwhy\n</think>\n\n7", "stop", None, None, True),
    ("<think>\nwhy", "length", None, OPEN, True),
]


@pytest.mark.parametrize(("text", "finish", "mode", "fault", "thought"), REPLIES)
def test_one_reply(
    text: str, finish: str, mode: Mode | None, fault: str | None, thought: bool
) -> None:
    found = compliance([Completion(text, 10, finish)], mode)
    assert found.faults == ({} if fault is None else {fault: 1})
    assert found.thought == float(thought)
    assert found.followed == (None if mode is None else float(fault is None))


def test_shares_and_lengths() -> None:
    """Twenty thoughts of 1 to 20 tokens, one unclosed of 99, and one reply without a thought."""
    replies = [Completion("why\n</think>\n\n7", n + 4, thinking=n) for n in range(1, 21)]
    replies += [Completion("why", 99, "length"), Completion("</think>7", 3)]
    found = compliance(replies, THINK)
    assert found.n == 22
    assert found.followed == pytest.approx(20 / 22)
    assert found.thought == pytest.approx(21 / 22)
    assert found.mean == pytest.approx((210 + 99) / 21)
    assert found.p95 == 20  # 20 of 21 thoughts are not longer
    assert found.faults == {OPEN: 1, EMPTY: 1}


def test_a_length_that_was_not_counted_is_its_share_of_the_text() -> None:
    (found,) = (compliance([Completion("abcdefgh\n</think>\n\nij", 20)], THINK),)
    assert found.mean == pytest.approx(16)


def test_nothing_was_asked() -> None:
    assert compliance([], THINK) == compliance([], THINK)
    assert compliance([], THINK).followed is None
    assert compliance([Completion("", 0, "unread")], THINK) == compliance([], THINK)
