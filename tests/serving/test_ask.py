"""Asking: the mode, the thought apart, the answer checked by tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO

import pytest

from scireasoner.answers import Equation, Formula, IupacName, Molecule, Number, Protein
from scireasoner.errors import InputError
from scireasoner.models.backend import Sampling
from scireasoner.models.scripted import ScriptedBackend
from scireasoner.prompts.reply import compose
from scireasoner.serving import understand as understanding
from scireasoner.serving.ask import Answered, ask
from scireasoner.serving.show import show, task_card, task_table
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Domain, Family, Fault, Mode, Prompt, Sample, Split


class NoRows:
    """A source without rows."""

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return ()

    def places(self, task: str) -> tuple[Place, ...]:
        return ()


def a_task(name: str, prompt: str, notation: str, answer: object) -> Task:
    """Return a task with one input named ``x``."""
    return Task(
        name,
        "here",
        Family.TRANSLATION,
        Domain.MOLECULE,
        prompt,
        {"x": notation},
        answer,  # type: ignore[arg-type]
        NoRows(),
        "a source",
        "a licence",
    )


TASKS = (
    a_task("formula", "What is the molecular formula of {x}?", "smiles", Formula()),
    a_task("structure", "What is the SMILES of {x}?", "iupac", Molecule()),
    a_task("name", "Name the molecule {x}.", "smiles", IupacName()),
    a_task("balance", "Balance {x}.", "equation", Equation()),
    a_task("coding", "Translate {x}.", "dna", Protein()),
)


class Parrot:
    """A backend that says one thing and remembers what it was asked."""

    name = "parrot"

    def __init__(self, text: str, finish: str = "stop") -> None:
        self.completion = Completion(text, 7, finish)
        self.asked: list[tuple[Prompt, Sampling]] = []

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        self.asked += [(prompt, sampling) for prompt in prompts]
        return [[self.completion] * n for _ in prompts]


@pytest.fixture(autouse=True)
def _only_these_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "all_tasks", lambda: TASKS)


def said(answered: Answered) -> list[tuple[bool, str]]:
    return [(fact.holds, fact.text) for fact in answered.facts]


FORMULA = "What is the molecular formula of CCO?"
BALANCE = "Balance H2 + O2 -> H2O."


@pytest.mark.parametrize(
    ("question", "reply", "finding", "verified"),
    [
        (FORMULA, "<MOLFORMULA>C2H6O</MOLFORMULA>", (True, "agrees with RDKit"), True),
        (
            FORMULA,
            "<MOLFORMULA>C2H4O</MOLFORMULA>",
            (False, "does not agree with RDKit: C2H6O"),
            False,
        ),
        (FORMULA, "<MOLFORMULA>Qq2</MOLFORMULA>", (False, "not a valid formula: 'Qq2'"), False),
        (
            "What is the SMILES of ethanol?",
            "<SMILES>OCC</SMILES>",
            (True, "valid molecule, C2H6O"),
            True,
        ),
        (
            "What is the SMILES of ethanol?",
            "<SMILES>C1CC</SMILES>",
            (False, "the SMILES cannot be read: ring 1 is not closed in 'C1CC'"),
            False,
        ),
        (
            "Name the molecule OCC.",
            "<IUPAC>ethanol</IUPAC>",
            (True, "agrees with the molecule of the question"),
            True,
        ),
        (
            "Name the molecule OCC.",
            "<IUPAC>methanol</IUPAC>",
            (False, "does not agree with the molecule of the question: CCO"),
            False,
        ),
        (BALANCE, "<equation>2 H2 + O2 -> 2 H2O</equation>", (True, "balanced"), True),
        (
            BALANCE,
            "<equation>H2 + O2 -> H2O</equation>",
            (False, "not balanced: O -1 (right minus left)"),
            False,
        ),
        (
            "Translate ATGGCC.",
            "<protein>MA</protein>",
            (True, "agrees with the standard genetic code"),
            True,
        ),
        (
            "What is the most famous alcohol?",
            "It is <SMILES>CCO</SMILES>.",
            (True, "valid molecule, C2H6O"),
            True,
        ),
    ],
)
def test_tools_check_the_answer(
    question: str, reply: str, finding: tuple[bool, str], verified: bool
) -> None:
    answered = ask(question, backend=Parrot(reply))
    assert finding in said(answered)
    assert answered.verified is verified


def test_the_bounds_of_a_number_are_not_those_of_a_sequence_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = a_task("load", "How many ribosomes are on {x}?", "rna", Number(None, 0, 20, 1, 1))
    monkeypatch.setattr(understanding, "all_tasks", lambda: (task,))
    reply = "<NUMBER>3</NUMBER> for <rna>GGGGAAAACCCC</rna>"
    answered = ask("How many ribosomes are on GGGGAAAACCCC?", backend=Parrot(reply))
    assert said(answered) == [(True, "valid RNA, 12 bases")]


def test_physics_speaks_where_no_tool_knows_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    task = a_task("product", "What does {x} give?", "smiles", Molecule())
    monkeypatch.setattr(understanding, "all_tasks", lambda: (task,))
    answered = ask("What does CCO give?", backend=Parrot("<SMILES>CCBr</SMILES>"))
    assert (False, "the product has Br, which no reactant has") in said(answered)
    assert not answered.verified


def test_nothing_to_check_is_not_verified() -> None:
    answered = ask("Why is the sky blue?", backend=Parrot("Rayleigh scattering."))
    assert (answered.facts, answered.fault, answered.verified) == ((), None, False)


def test_the_thought_stands_apart() -> None:
    reply = compose("two carbons", "<MOLFORMULA>C2H6O</MOLFORMULA>")
    answered = ask(FORMULA, backend=Parrot(reply), mode="think")
    assert answered.thought == "two carbons"
    assert answered.answer == "<MOLFORMULA>C2H6O</MOLFORMULA>"


@pytest.mark.parametrize(
    ("reply", "finish", "mode", "fault"),
    [
        ("I go on and on", "length", "think", Fault.OPEN_THOUGHT),
        ("", "stop", "instant", Fault.NO_ANSWER),
        ("<MOLFORMULA>C2", "length", "instant", Fault.TRUNCATED),
        ("I do not know", "stop", "instant", Fault.REFUSED),
    ],
)
def test_no_usable_answer_has_a_name(reply: str, finish: str, mode: str, fault: Fault) -> None:
    answered = ask(FORMULA, backend=Parrot(reply, finish), mode=mode)
    assert answered.fault is fault
    assert not answered.verified


TABLE = {"formula": Mode.INSTANT, "balance": Mode.THINK}


@pytest.mark.parametrize(
    ("question", "mode", "table", "asked_in"),
    [
        (FORMULA, "auto", TABLE, Mode.INSTANT),
        (BALANCE, "auto", TABLE, Mode.THINK),
        (BALANCE, "instant", TABLE, Mode.INSTANT),
        (FORMULA, "think", None, Mode.THINK),
        (FORMULA, "auto", None, None),
        ("Why is the sky blue?", "auto", TABLE, Mode.INSTANT),
        ("Why is the sky blue?", "auto", None, None),
    ],
)
def test_the_mode(
    question: str, mode: str, table: Mapping[str, Mode] | None, asked_in: Mode | None
) -> None:
    parrot = Parrot("x")
    ask(question, backend=parrot, mode=mode, modes_table=table)
    assert parrot.asked[0][0].mode is asked_in


# mode, budget -> tokens that may be written; an instant answer to the task may have 64
BUDGETS = [("think", 0, 320), ("think", 40, 104), ("think", 900, 964), ("instant", 40, 64)]


@pytest.mark.parametrize(("mode", "budget", "limit"), BUDGETS)
def test_a_budget_leaves_room_for_the_answer(mode: str, budget: int, limit: int) -> None:
    parrot = Parrot("x")
    ask(FORMULA, backend=parrot, mode=mode, max_thinking=budget)
    sampling = parrot.asked[0][1]
    assert (sampling.max_tokens, sampling.max_thinking) == (limit, budget)


def test_a_thought_that_was_cut_is_shown_with_its_answer() -> None:
    whole = compose("one two three four", "<MOLFORMULA>C2H6O</MOLFORMULA>")
    answered = ask(FORMULA, backend=ScriptedBackend(lambda p: whole), mode="think", max_thinking=2)
    assert (answered.thought, answered.fault, answered.verified) == ("one two", None, True)


def test_a_known_question_is_asked_in_the_form_of_its_task() -> None:
    parrot = Parrot("x")
    ask("what is the molecular formula of OCC", backend=parrot, seed=3)
    prompt, sampling = parrot.asked[0]
    assert prompt.messages[0].content == TASKS[0].question({"x": "CCO"})
    assert (sampling.seed, sampling.temperature) == (3, 0.0)


def test_any_other_question_is_asked_as_it_stands() -> None:
    parrot = Parrot("x")
    ask(" Why is the sky blue? ", backend=parrot)
    assert parrot.asked[0][0].messages[0].content == "Why is the sky blue?"


@pytest.mark.parametrize(
    ("question", "mode"), [("What is <SMILES>C1CC</SMILES>?", "auto"), (FORMULA, "slow")]
)
def test_no_model_is_asked_what_is_wrong(question: str, mode: str) -> None:
    parrot = Parrot("x")
    with pytest.raises(InputError):
        ask(question, backend=parrot, mode=mode)
    assert parrot.asked == []


class Drawing(Parrot):
    """Says one thing when it must, and other things when it may draw."""

    def __init__(self, greedy: str, draws: Sequence[str]) -> None:
        super().__init__(greedy)
        self.draws = draws

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        if not sampling.temperature:
            return super().generate(prompts, sampling, n)
        return [[Completion(text, 7) for text in self.draws[:n]] for _ in prompts]


def test_a_verified_answer_is_what_most_of_those_that_pass_say() -> None:
    wrong, right = "<MOLFORMULA>C9H9</MOLFORMULA>", "<MOLFORMULA>C2H6O</MOLFORMULA>"
    backend = Drawing(wrong, [wrong, right, "?", right])
    answered = ask(FORMULA, backend=backend, verify=5)
    assert answered.answer == right
    assert (answered.drawn, answered.passed, answered.agreed) == (5, 2, 2)
    assert answered.verified
    assert answered.tokens == 5 * 7
    assert "2 of 5 answers can be read and fail no check, 2 say this" in shown(answered)
    middle = shown(replace(answered, answer="<NUMBER>1.5</NUMBER>", agreed=0))
    assert "2 of 5 answers can be read and fail no check, this is their middle" in middle
    none = replace(answered, passed=0, agreed=0, fault=Fault.NO_ANSWER)
    assert "0 of 5 answers can be read and fail no check, 0 say this" in shown(none)
    plain = ask(FORMULA, backend=backend)
    assert (plain.answer, plain.drawn) == (wrong, 1)
    assert "of 1 answers" not in shown(plain)


def test_a_question_of_no_task_is_asked_once() -> None:
    answered = ask("Why is the sky blue?", backend=Drawing("light", ["dark"]), verify=8)
    assert (answered.answer, answered.drawn) == ("light", 1)
    assert "the words of no task" in shown(answered)
    assert "the words of no task" not in shown(ask(FORMULA, backend=Parrot("C2H6O")))


def shown(thing: object) -> str:
    from rich.console import Console

    console = Console(file=StringIO(), width=200, color_system=None)
    if isinstance(thing, Answered):
        show(thing, console)
    else:
        console.print(thing)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_an_answer_is_shown_with_its_thought_and_findings() -> None:
    reply = compose("[two] carbons", "<MOLFORMULA>C2H6O</MOLFORMULA>")
    text = shown(ask(FORMULA, backend=Parrot(reply), mode="think"))
    for words in (FORMULA, "task formula, mode think", "| [two] carbons", "✓ agrees with RDKit"):
        assert words in text


def test_a_fault_is_shown_by_name() -> None:
    assert "no usable answer: refused" in shown(ask(FORMULA, backend=Parrot("I do not know")))


def test_tasks_are_shown() -> None:
    assert "balance" in shown(task_table(TASKS))
    card = shown(task_card(TASKS[0]))
    for words in ("What is the molecular formula of {x}?", "x: smiles", "a source", "a licence"):
        assert words in card
