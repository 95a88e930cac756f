"""Free text by its overlap with a reference."""

from __future__ import annotations

import pytest

from scireasoner.answers import FreeText
from scireasoner.errors import TaskError
from scireasoner.types import Fault

GOLD = "The molecule is a monocarboxylic acid that binds zinc."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A  weak\nacid.", "A weak acid"),
        ("Answer: a weak acid.", "a weak acid"),
        ("The mutant is unable to bind zinc; no data are not available.", None),
        ("Sorry to say, we know little of it.", None),
        ("", Fault.NO_ANSWER),
        ("...", Fault.NO_ANSWER),
        ("I'm sorry, but I cannot answer this question.", Fault.REFUSED),
        ("As an AI, I am unable to say.", Fault.REFUSED),
        ("We don't know.", Fault.REFUSED),
        ("unknown", Fault.REFUSED),
        ("word " * 2000, Fault.TOO_LONG),
    ],
)
def test_any_text_is_an_answer_unless_it_declines(text: str, value: str | Fault | None) -> None:
    found = FreeText().parse(text)
    assert found == value if value is not None else isinstance(found, str)


@pytest.mark.parametrize("measure", ["rouge_l", "meteor", "token_f1"])
def test_more_in_common_scores_more(measure: str) -> None:
    kind = FreeText(measure)  # type: ignore[arg-type]
    gold = kind.read_gold(GOLD)
    assert kind.compare(kind.parse(GOLD.upper()), gold) == (1.0, True)
    near, _ = kind.compare(kind.parse("The molecule is a monocarboxylic acid."), gold)
    far, wrong = kind.compare(kind.parse("Zinc."), gold)
    assert 0 <= far < near < 1
    assert not wrong


def test_the_words_of_a_template_earn_nothing() -> None:
    kind = FreeText("token_f1", prefix="The molecule is")
    assert kind.parse("The molecule is") is Fault.NO_ANSWER
    assert kind.parse("the molecule is a weak acid.") == "a weak acid"
    score, _ = kind.compare(kind.parse("The molecule is red"), kind.read_gold(GOLD))
    assert score == 0.0
    assert kind.asks() == 'Answer in plain English beginning "The molecule is".'
    assert FreeText("token_f1").compare("a b c d", "a b c e") == (pytest.approx(0.75), False)
    assert FreeText("token_f1", threshold=0.7).compare("a b c d", "a b c e")[1]


@pytest.mark.parametrize("declared", [("bleu", 10, 0.9), ("meteor", 0, 0.9), ("meteor", 9, 0.0)])
def test_a_wrong_declaration_fails(declared: tuple[str, int, float]) -> None:
    with pytest.raises(TaskError):
        FreeText(*declared)  # type: ignore[arg-type]
