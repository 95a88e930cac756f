"""Labels and options: the strings that published parsers misread."""

from __future__ import annotations

import pytest

from scireasoner.answers import Choice, Label
from scireasoner.errors import TaskError
from scireasoner.types import Fault

LETTERS = Label(("A", "B", "C", "D"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("B", "B"),
        ("b", "B"),
        ("B.", "B"),
        ("(B)", "B"),
        ("The answer is B", "B"),
        ("The answer is (B).", "B"),
        ("**B**", "B"),
        ("A, A", "A"),
        ("A or B", Fault.TWO_ANSWERS),
        ("A, or B", Fault.TWO_ANSWERS),
        ("A, B, C, D", Fault.TWO_ANSWERS),
        ("Vitamin A is wrong, so (B)", Fault.UNKNOWN_LABEL),  # published: read as A
        ("E", Fault.UNKNOWN_LABEL),
    ],
)
def test_a_label_is_read_whole(text: str, value: str | Fault) -> None:
    assert LETTERS.parse(text) == value


FAMILIES = Label(("tRNA", "miRNA", "none"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("This is a tRNA.", "tRNA"),
        ("Family: **tRNA**", "tRNA"),
        ("**Family:** tRNA", "tRNA"),
        ("tRNA (transfer RNA)", "tRNA"),
        ("The family is none.", "none"),
        ("This is not a tRNA.", Fault.UNKNOWN_LABEL),
        ("It could be: tRNA", Fault.UNKNOWN_LABEL),
        ("miRNA: tRNA", Fault.UNKNOWN_LABEL),
        ("tRNA (or miRNA)", Fault.UNKNOWN_LABEL),
        ("tRNA (unlikely)", Fault.UNKNOWN_LABEL),
        ("Is it a tRNA?", Fault.UNKNOWN_LABEL),
        ("It is tRNA or miRNA", Fault.UNKNOWN_LABEL),
    ],
)
def test_a_clause_may_end_with_a_label(text: str, value: str | Fault) -> None:
    assert FAMILIES.parse(text) == value


def test_a_label_may_look_like_a_refusal_or_hold_a_comma() -> None:
    kind = Label(("unknown", "soluble, in water", "insoluble"))
    assert kind.parse("Unknown") == "unknown"
    assert kind.parse("soluble, in water") == "soluble, in water"
    # one label inside another is no reason to take it
    assert kind.parse("not insoluble") is Fault.UNKNOWN_LABEL


@pytest.mark.parametrize("labels", [(), ("a",), ("a", "A "), ("a", "")])
def test_labels_must_differ(labels: tuple[str, ...]) -> None:
    with pytest.raises(TaskError):
        Label(labels)


ANSWER = Label(("Yes", "No", "Maybe"), leading=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes", "Yes"),
        ("Yes, because patients lived longer.", "Yes"),
        ("Yes because patients lived longer.", "Yes"),
        ("No. There was no difference.", "No"),
        ("**No**: the trial was stopped.", "No"),
        ("**Maybe** - the groups were small.", "Maybe"),
        ("Maybe \u2013 the groups were small.", "Maybe"),
        ("Maybe, not known", "Maybe"),  # published: read as no
        ("The answer is yes, because they did.", "Yes"),
        ("Based on the abstract, the answer is maybe.", "Maybe"),
        ("No, maybe in some patients it is.", "No"),
        ("No evidence of harm was found.", Fault.UNKNOWN_LABEL),  # "no" belongs to "evidence"
        ("Eyes", Fault.UNKNOWN_LABEL),  # published: yes
        ("normal", Fault.UNKNOWN_LABEL),  # published: no
        ("unknown", Fault.REFUSED),
        ("Yes. No.", Fault.TWO_ANSWERS),
        ("Yes, no, maybe", Fault.TWO_ANSWERS),
        ("It works, yes.", Fault.UNKNOWN_LABEL),
    ],
)
def test_a_leading_label_may_be_justified(text: str, value: str | Fault) -> None:
    assert ANSWER.parse(text) == value


def test_a_label_alone_does_not_lead() -> None:
    assert Label(("Yes", "No")).parse("Yes, because.") is Fault.UNKNOWN_LABEL


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("B", "B"),
        ("b", "B"),
        ("(B)", "B"),
        ("(b)", "B"),
        ("B.", "B"),  # published: wrong
        ("B)", "B"),
        ("[B]", "B"),
        ("**B**", "B"),
        ("**(B)**", "B"),
        ("`B`", "B"),
        ("\\boxed{B}", "B"),
        ("\\boxed{\\text{(B)}}", "B"),
        ("$\\boxed{B}$", "B"),
        ("B) ethanol", "B"),
        ("B. Ethanol is the alcohol.", "B"),
        ("(B) ethanol", "B"),
        ("Option B", "B"),
        ("Option B is correct.", "B"),
        ("The answer is B", "B"),  # published: wrong
        ("The answer is B, because of A.", "B"),
        ("The final answer is (B).", "B"),
        ("The correct option: B", "B"),
        ("Answer: B) ethanol", "B"),
        ("**Answer:** (B)", "B"),
        ("Vitamin A is wrong, so (B)", "B"),  # published: read as A
        ("B is the correct answer.", "B"),
        ("The answer is B - ethanol.", "B"),
        ("The answer is (B) \u2013 because (A) and (C) are incorrect.", "B"),
        ("The answer is B: ethanol. Option A is close but wrong.", "B"),
        ("B is the correct answer? No.", Fault.UNKNOWN_LABEL),
        ("B is correct.\nC is correct.", Fault.TWO_ANSWERS),
        ("B is the correct answer there; here D is the correct answer.", Fault.TWO_ANSWERS),
        ("B is best supported. A is the correct answer.", Fault.UNKNOWN_LABEL),
        ("(A) and (B) are right, (C) is not.", Fault.TWO_ANSWERS),
        ("Vitamin B is the correct answer.", Fault.UNKNOWN_LABEL),
        ("(A) is wrong, so (B)", "B"),
        ("It is not (A) but (B).", "B"),
        ("Considering (A) and (C).\n\nThe final answer is (B).", "B"),
        ("The (S)-enantiomer of (S) is formed, thus (B)", "B"),
        ("A and B", Fault.TWO_ANSWERS),
        ("A, A", "A"),
        ("(A) or (B)", Fault.TWO_ANSWERS),
        ("The answer is A, or B.", Fault.TWO_ANSWERS),
        ("The answer is A. The answer is B.", Fault.TWO_ANSWERS),
        ("The final answer is (A). The final answer is (B).", Fault.TWO_ANSWERS),
        ("\\boxed{A} \\boxed{B}", Fault.TWO_ANSWERS),
        ("A) x\nB) y\nC) z\nD) w\nThe answer is (C).", "C"),
        ("A) x\nB) y\nC) z\nD) w", Fault.TWO_ANSWERS),  # copying the options
        ("A, B, C, D", Fault.TWO_ANSWERS),
        ("E", Fault.UNKNOWN_LABEL),
        ("The answer is (E), not (B).", Fault.UNKNOWN_LABEL),
        ("The answer is not (A).", Fault.UNKNOWN_LABEL),
        ("Vitamin A", Fault.UNKNOWN_LABEL),
        ("A vitamin is needed.", Fault.UNKNOWN_LABEL),
        ("The answer is a vitamin.", Fault.UNKNOWN_LABEL),
        ("It is ethanol.", Fault.UNKNOWN_LABEL),
    ],
)
def test_an_option_is_a_marked_letter(text: str, value: str | Fault) -> None:
    assert Choice().parse(text) == value


def test_options_are_written_as_published() -> None:
    assert Choice().write("B") == "The final answer is (B)."
    assert Choice().read_gold("The final answer is (C).") == "C"
    assert Choice("ABCDE").parse("(E)") == "E"
    assert Choice().compare("A", "B") == (0.0, False)


@pytest.mark.parametrize("letters", ["", "A", "AA", "ab", "A1"])
def test_options_are_different_capitals(letters: str) -> None:
    with pytest.raises(TaskError):
        Choice(letters)
