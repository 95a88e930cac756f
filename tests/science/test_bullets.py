"""The marks of lists, and what only looks like one."""

from __future__ import annotations

import re

import pytest

from scireasoner.science.bullets import unmarked, without_marks

NAMES = [
    ("- TP53", "TP53"),
    ("* TP53", "TP53"),
    ("\u2022 TP53\n\u2022 MYC", "TP53\nMYC"),
    ("\u2013 TP53", "TP53"),
    ("  - TP53", "TP53"),
    ("1. TP53", "TP53"),
    ("1) TP53\n2) MYC", "TP53\nMYC"),
    ("(1) TP53\n(2) MYC", "TP53\nMYC"),
    ("1\\. TP53", "TP53"),  # escaped in Markdown
    ("1.\u00a0TP53", "TP53"),
    ("- 1. TP53", "TP53"),
    ("119. TP53\n120. MYC", "TP53\nMYC"),
    ("**1.** TP53", "TP53"),
    ("**1. TP53**", "**TP53**"),
    ("(a) TP53\n(b) MYC", "TP53\nMYC"),
    ("a) TP53\nb) MYC", "TP53\nMYC"),
    ("A) TP53\nB) MYC", "TP53\nMYC"),
    ("(i) TP53\n(ii) MYC\n(iii) JUN", "TP53\nMYC\nJUN"),
    ("The genes:\n(a) TP53\n(b) MYC", "The genes:\nTP53\nMYC"),
    ("- 5-hydroxytryptamine", "5-hydroxytryptamine"),
    ("- 5 alpha-reductase", "5 alpha-reductase"),
    # no marks
    ("-TP53", "-TP53"),
    ("1,2-dichloroethane", "1,2-dichloroethane"),
    ("3.2.1.17", "3.2.1.17"),
    ("**TP53**", "**TP53**"),
    ("(a, c)", "(a, c)"),
    ("(S) ibuprofen\n(R) ibuprofen", "(S) ibuprofen\n(R) ibuprofen"),
    ("(a) TP53", "(a) TP53"),  # nothing counts up
    ("(a) TP53\n(c) MYC", "(a) TP53\n(c) MYC"),
    ("A. thaliana\nB. subtilis\nC. elegans", "A. thaliana\nB. subtilis\nC. elegans"),
    ("e. coli", "e. coli"),
    ("TP53 1. MYC", "TP53 1. MYC"),
    ("1.", "1."),
    ("", ""),
]
NUMBERS = [
    ("1. HK: 0.5\n2. Dev: -1.2", "HK: 0.5\nDev: -1.2"),
    ("1) 0.5\n2) - 1.2", "0.5\n- 1.2"),
    ("(1) 0.5\n(2) -1.2", "0.5\n-1.2"),
    ("- 1. HK: 0.5", "HK: 0.5"),
    ("**1.** 0.5", "0.5"),
    # signs, names and values are no marks
    ("- 0.5", "- 0.5"),
    ("- HK: 0.5", "- HK: 0.5"),
    ("(a) 0.5\n(b) 1.2", "(a) 0.5\n(b) 1.2"),
    ("a) 0.5\nb) 1.2", "a) 0.5\nb) 1.2"),
    ("(12) HK\n(3) Dev", "(12) HK\n(3) Dev"),
    ("(1) (2)", "(1) (2)"),
    ("300. -1.2", "300. -1.2"),
    ("0.5\n1.2", "0.5\n1.2"),
]


@pytest.mark.parametrize(("text", "bare"), NAMES)
def test_marks_of_names(text: str, bare: str) -> None:
    assert without_marks(text) == bare


@pytest.mark.parametrize(("text", "bare"), NUMBERS)
def test_marks_of_numbers(text: str, bare: str) -> None:
    assert without_marks(text, numbers=True) == bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [("2. 3.2", "3.2"), ("3. 2", "3. 2"), ("1. 3.2\n2. x", "3.2\n2. x"), ("(1) x", "(1) x")],
)
def test_what_follows_may_decide(text: str, bare: str) -> None:
    assert without_marks(text, before=re.compile(r"[0-9]\.[0-9]\Z")) == bare


def test_the_pieces_of_a_line_are_items_too() -> None:
    assert unmarked(["(a) TP53", " (b) MYC"]) == ["TP53", "MYC"]
