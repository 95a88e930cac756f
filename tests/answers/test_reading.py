"""Where the answer stands in a text, for every kind alike."""

from __future__ import annotations

import pytest

from scireasoner.answers.reading import declines, read_answer, refuses, unwrap
from scireasoner.notation.tags import NOTATIONS
from scireasoner.types import Fault

NUMBER = NOTATIONS["number"]


def word(text: str) -> str | Fault:
    return text if text.isalpha() else Fault.UNKNOWN_LABEL


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("<NUMBER>yes</NUMBER>", "yes"),
        ("<NUMBER> yes </NUMBER>", "yes"),
        ("It is <NUMBER>yes</NUMBER>, I think; no.", "yes"),
        ("<NUMBER>yes</NUMBER><NUMBER>no</NUMBER>", Fault.TWO_ANSWERS),
        ("<NUMBER>yes", Fault.NO_ANSWER),  # cut
        ("so <NUMBER>yes or", Fault.NO_ANSWER),
        ("yes</NUMBER>", "yes"),  # the opening tag may stand in the prompt
        ("yes</NUMBER> no", Fault.UNKNOWN_LABEL),
        ("yes</NUMBER></NUMBER>", Fault.UNKNOWN_LABEL),
        ("<NUMBER>a <NUMBER>yes</NUMBER>", "yes"),
        ("\\boxed{yes}", "yes"),
        ("\\boxed{yes} \\boxed{yes}", "yes"),
        ("\\boxed{yes} \\boxed{no}", Fault.TWO_ANSWERS),
        ("\\boxed{yes", Fault.UNKNOWN_LABEL),
        ("The answer is: yes.", "yes"),
        ("The answer isn't yes", Fault.UNKNOWN_LABEL),
        ("I weighed it.\n\n```text\nyes\n```", "yes"),
        ("I weighed it: `yes`", "yes"),
        ("**no** or **yes**", Fault.TWO_ANSWERS),
        ("Not **no**, nor **yes**", Fault.UNKNOWN_LABEL),  # both are denied
        ("It is not **no** but **yes**", "yes"),
        ("It is not <NUMBER>yes</NUMBER>.", Fault.NO_ANSWER),
        ("Is it <NUMBER>yes</NUMBER>?", Fault.NO_ANSWER),
        ("<NUMBER>yes</NUMBER> is wrong.", Fault.NO_ANSWER),
        ("<NUMBER>yes</NUMBER> is not chiral.", "yes"),
        ("It is not known for sure, but <NUMBER>yes</NUMBER>", "yes"),
        ("not <NUMBER>no</NUMBER> but <NUMBER>yes</NUMBER>", Fault.TWO_ANSWERS),
        ("anything but \\boxed{yes}", Fault.NO_ANSWER),
        ("a" * 20_001, Fault.TOO_LONG),
        ("  ", Fault.NO_ANSWER),
        ("sorry", Fault.REFUSED),
    ],
)
def test_the_place_of_the_answer(text: str, value: str | Fault) -> None:
    assert read_answer(text, NUMBER, word) == value


def smiles(text: str) -> str | Fault:
    return text if text in ("CCO", "CCN") else Fault.INVALID_MOLECULE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SMILES: CCO", "CCO"),
        ("**SMILES:** CCO", "CCO"),
        ("The SMILES is CCO.", "CCO"),
        ("The canonical SMILES string of ethanol is:\n\nCCO", "CCO"),
        ("Here is the SMILES:\nCCO", "CCO"),
        ("Two carbons and OH.\n\n**Answer**: CCO", "CCO"),
        ("### Step 1\nEthane: CC\n\n### Final Answer\n\nCCO", "CCO"),
        ("It is an alcohol.\n\n**Final Answer**\nCCO", "CCO"),
        ("$\\boxed{\\texttt{CCO}}$", "CCO"),
        ("The chain is\n\n$$CCO$$\n\nas drawn.", "CCO"),
        ("\\[CCN\\] was given, **CCO** is made.", "CCO"),  # steps are displayed too
        ("\\[CCN\\] or \\[CCO\\] is made.", Fault.TWO_ANSWERS),
        ("### Canonical SMILES\nCCO", "CCO"),
        ("**Wrong answer**\nCCO", Fault.INVALID_MOLECULE),
        ("The SMILES is not CCO", Fault.INVALID_MOLECULE),
        ("Not the SMILES: CCO", Fault.INVALID_MOLECULE),
        ("The incorrect SMILES: CCO", Fault.INVALID_MOLECULE),
        ("The SMILES is CCO?", Fault.INVALID_MOLECULE),
        ("The SMILES is CCN. Alternatively:\nCCO", Fault.INVALID_MOLECULE),
        ("SMILES: CCO\nSMILES: CCN", Fault.INVALID_MOLECULE),
        ("### Answer\nCCO\n### Answer\nCCN", Fault.TWO_ANSWERS),
        ("**CCN**\n\n**Answer**: CCO", Fault.TWO_ANSWERS),
    ],
)
def test_words_that_announce_an_answer_are_no_part_of_it(text: str, value: str | Fault) -> None:
    assert read_answer(text, NOTATIONS["smiles"], smiles) == value


def test_a_code_fence_keeps_its_first_letters() -> None:
    assert unwrap("```c1ccccc1```") == "c1ccccc1"
    assert read_answer("It is ```abc```!", NUMBER, word) == "abc"


@pytest.mark.parametrize("text", ["I cannot say", "I'm unsure", "As an AI I", "N/A", "Unknown."])
def test_the_writer_declines(text: str) -> None:
    assert declines(text)
    assert refuses(text)


@pytest.mark.parametrize(
    "text", ["The mutant is unable to bind.", "Data do not have a trend.", "Not enough data exist."]
)
def test_a_finding_is_no_refusal_of_the_writer(text: str) -> None:
    assert not declines(text)
