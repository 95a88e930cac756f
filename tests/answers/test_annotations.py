"""EC numbers and relations."""

from __future__ import annotations

import pytest

from scireasoner.answers import EcNumbers, Relations
from scireasoner.errors import TaskError
from scireasoner.types import Fault

EC = EcNumbers()
PAIRS = Relations(("chemical", "disease"))
TRIPLES = Relations(("chemical", "relation", "protein"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.2.1.17", ("3.2.1.17",)),
        ("EC 3.2.1.17", ("3.2.1.17",)),
        ("EC:3.2.1.17", ("3.2.1.17",)),
        ("2 . 3 . 2 . 27", ("2.3.2.27",)),
        ("2 . 3 . 2 . 27 ; 1 . 1 . 1 . 1", ("1.1.1.1", "2.3.2.27")),
        ("EC3.2.1.17,EC3.2.1.-", ("3.2.1.-", "3.2.1.17")),
        ("3.2.1.17 3.2.1.18", ("3.2.1.17", "3.2.1.18")),
        ("3.2.1.-.", ("3.2.1.-",)),
        ("EC 3.4.n1.2", ("3.4.n1.2",)),  # published: dropped
        ("3.4.24.N3", ("3.4.24.n3",)),
        ("1.-.-.-", ("1.-.-.-",)),
        ("EC 3", ("3.-.-.-",)),
        ("EC 3.2", ("3.2.-.-",)),
        ("EC 3.2.1", ("3.2.1.-",)),
        ("The enzyme catalyses EC3.2.1.17,EC3.2.1.-.", ("3.2.1.-", "3.2.1.17")),
        ("The enzyme is a lysozyme. 3.2.1.17", ("3.2.1.17",)),
        ("EC number: 3.2.1.17\nSub-subclass 3.2.1: glycosidases", ("3.2.1.17",)),
        ("3.2.1.17, EC 3.2.2", ("3.2.1.17", "3.2.2.-")),
        ("- 3.2.1.17\n- 3.2.1.18", ("3.2.1.17", "3.2.1.18")),
        ("1) 3.2.1.17\n2) 3.2.1.18", ("3.2.1.17", "3.2.1.18")),
        ("1. 3.2.1.17\n2. 3.2.1.18.", ("3.2.1.17", "3.2.1.18")),
        ("1. 2 . 3 . 2 . 27\n2. 3 . 2 . 1 . 17", ("2.3.2.27", "3.2.1.17")),
        ("**1.** 3.2.1.17\n**2.** EC 3.2.1.18", ("3.2.1.17", "3.2.1.18")),
        ("3. 2. 1. 17", ("3.2.1.17",)),
        ("1. 1. 1. 1\n2. 7. 1. 1", ("1.1.1.1", "2.7.1.1")),  # levels that look like marks
        ("1. 2. 3. 4. 5", Fault.UNKNOWN_LABEL),
        ("**3.2.1.17**", ("3.2.1.17",)),
        ("\\boxed{3.2.1.17}", ("3.2.1.17",)),
        ("The answer is 3.2.1.17.", ("3.2.1.17",)),
        ("It is not 3.2.1.17", Fault.UNKNOWN_LABEL),
        ("\\boxed{3.2.1.17} \\boxed{3.2.1.18}", Fault.TWO_ANSWERS),
        ("3.2", Fault.UNKNOWN_LABEL),
        ("9.1.1.1", Fault.UNKNOWN_LABEL),
        ("3.-.1.1", Fault.UNKNOWN_LABEL),
        ("1.2.3.4.5", Fault.UNKNOWN_LABEL),
        ("3.2.1.1717", Fault.UNKNOWN_LABEL),
        ("lysozyme", Fault.UNKNOWN_LABEL),
        ("unknown", Fault.REFUSED),
        ("; ".join(f"1.1.1.{n}" for n in range(1, 99)), Fault.TOO_LONG),
    ],
)
def test_ec_numbers(text: str, value: tuple[str, ...] | Fault) -> None:
    assert EC.parse(text) == value


@pytest.mark.parametrize(
    ("value", "target", "score"),
    [
        (("3.2.1.17",), ("3.2.1.17",), 1.0),
        (("3.2.1.18",), ("3.2.1.17",), 0.75),
        (("3.2.1.-",), ("3.2.1.17",), 0.75),
        (("3.2.1.17",), ("3.2.1.-",), 0.75),
        (("3.1.1.17",), ("3.2.1.17",), 0.25),
        (("1.2.1.17",), ("3.2.1.17",), 0.0),
        (("1.1.1.1", "3.2.1.17"), ("3.2.1.17",), 2 / 3),  # precision 1/2, recall 1
        (("3.-.-.-",), ("3.2.1.17",), 0.25),
    ],
)
def test_ec_numbers_score_by_shared_levels(
    value: tuple[str, ...], target: tuple[str, ...], score: float
) -> None:
    assert EC.compare(value, target) == (pytest.approx(score), value == target)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (PAIRS, "(aspirin, ulcer)", (("aspirin", "ulcer"),)),
        (PAIRS, "(Aspirin, Ulcer), (aspirin,  ulcer)", (("aspirin", "ulcer"),)),
        (PAIRS, "(b, d)\n(a, c)", (("a", "c"), ("b", "d"))),
        (PAIRS, "1. (a, c)\n2) (b, d)", (("a", "c"), ("b", "d"))),
        (PAIRS, "- (a, c)\n- (b, d)", (("a", "c"), ("b", "d"))),
        (PAIRS, "(1) (a, c)\n(2) (b, d)", (("a", "c"), ("b", "d"))),
        (PAIRS, "(a) (a, c)\n(b) (b, d)", (("a", "c"), ("b", "d"))),
        (PAIRS, "(a) (a, c)\n(a) (b, d)", Fault.INVALID_RELATION),  # marks that do not count
        (PAIRS, "[('a', 'c'), ('b', 'd')]", (("a", "c"), ("b", "d"))),
        (PAIRS, "The relations are: (a, c) and (b, d).", (("a", "c"), ("b", "d"))),
        (PAIRS, "(1,2-dichloroethane, cancer)", (("1,2-dichloroethane", "cancer"),)),
        (PAIRS, "(aspirin,ulcer)", (("aspirin", "ulcer"),)),
        # published: both become "(h(+)" and score 1
        (PAIRS, "(h(+)-atpase, X)", (("h(+)-atpase", "x"),)),
        (PAIRS, "(h(+)-atpase, Y)", (("h(+)-atpase", "y"),)),
        (PAIRS, "(poly(A, B), X)", (("poly(a, b)", "x"),)),
        (TRIPLES, "(a, INHIBITOR, b)", (("a", "inhibitor", "b"),)),
        (PAIRS, "none", ()),
        (PAIRS, "(a, b, c)", Fault.INVALID_RELATION),
        (TRIPLES, "(a, b)", Fault.INVALID_RELATION),
        (PAIRS, "(a, )", Fault.INVALID_RELATION),
        (PAIRS, "(a, b) (c", Fault.INVALID_RELATION),
        (PAIRS, "a, b)", Fault.INVALID_RELATION),
        (PAIRS, "a, b", Fault.INVALID_RELATION),  # published: wrapped in brackets
        (PAIRS, "()", Fault.INVALID_RELATION),
        (PAIRS, "(a, b) is not related", Fault.INVALID_RELATION),
        (PAIRS, "(a, b) (see below)", Fault.INVALID_RELATION),
        (PAIRS, " ".join(f"(a{n}, b)" for n in range(200)), Fault.TOO_LONG),
        (PAIRS, "\\boxed{(a, b)} \\boxed{(a, c)}", Fault.TWO_ANSWERS),
        (PAIRS, "I do not know", Fault.REFUSED),
    ],
)
def test_relations(kind: Relations, text: str, value: object) -> None:
    assert kind.parse(text) == value


@pytest.mark.parametrize(
    ("text", "gold", "score"),
    [
        ("(a, b)", "(a, b)", 1.0),
        ("(b, a)", "(a, b)", 0.0),  # order matters
        ("(a, b), (c, d)", "(a, b)", 2 / 3),
        ("(a, c)", "(a, b)", 0.5),
        ("(acute ulcer, b)", "(ulcer, b)", (2 / 3 * 0.5 + 1) / 2),
        ("(ulcer acute, b)", "(acute ulcer, b)", 0.75),  # the same words are not the name
        ("none", "(a, b)", 0.0),
        ("(a, x), (b, y)", "(b, y), (a, x)", 1.0),
        ("(a, x), (a, y)", "(a, y), (z, x)", 0.75),  # the best matching, not the first
    ],
)
def test_relations_score_by_the_best_matching(text: str, gold: str, score: float) -> None:
    value, target = PAIRS.parse(text), PAIRS.read_gold(gold)
    assert not isinstance(value, Fault)
    assert not isinstance(target, Fault)
    assert PAIRS.compare(value, target) == (pytest.approx(score), score == 1.0)


def test_relations_are_asked_for_by_their_slots() -> None:
    assert PAIRS.asks() == "Answer with tuples (chemical, disease), or none."
    assert PAIRS.write("(a, b),(h(+), c)") == "(a, b), (h(+), c)"
    assert PAIRS.read_gold("") is Fault.BAD_GOLD
    with pytest.raises(TaskError):
        Relations(("chemical",))
