"""The reader of thoughts, and the chat template."""

from __future__ import annotations

import pytest

from scireasoner.prompts import CHAT_TEMPLATE, closing, compose, read, render
from scireasoner.prompts.reply import PREFIX, UNREAD
from scireasoner.types import Fault, Message, Mode, Prompt

INSTANT, THINK = Mode.INSTANT, Mode.THINK


@pytest.mark.parametrize(
    ("text", "mode", "answer", "thought", "fault"),
    [
        ("42", INSTANT, "42", None, None),
        ("42", None, "42", None, None),
        ("why\n</think>\n\n42", THINK, "42", "why", None),
        ("<think>why</think>42", THINK, "42", "why", None),  # the opening tag repeated
        ("<think>why</think>42", None, "42", "why", None),
        ("<think>\n\n</think>\n\n42", INSTANT, "42", "", None),
        ("why", THINK, "", "why", Fault.OPEN_THOUGHT),
        ("<think>The answer is 42", None, "", "The answer is 42", Fault.OPEN_THOUGHT),
        ("<think>The answer is 42", INSTANT, "", "The answer is 42", Fault.OPEN_THOUGHT),
        ("a</think>42<think>no, 43", THINK, "", "a", Fault.OPEN_THOUGHT),
        ("why</think>", THINK, "", "why", Fault.NO_ANSWER),
        ("", INSTANT, "", None, Fault.NO_ANSWER),
        (" \n", None, "", None, Fault.NO_ANSWER),
        ("", THINK, "", "", Fault.OPEN_THOUGHT),
        # the last closing tag ends the thought
        ("a</think>41</think>42", THINK, "42", "a</think>41", None),
    ],
)
def test_nothing_inside_a_thought_is_an_answer(
    text: str, mode: Mode | None, answer: str, thought: str | None, fault: Fault | None
) -> None:
    reply = read(text, mode)
    assert (reply.answer, reply.thought, reply.fault) == (answer, thought, fault)


@pytest.mark.parametrize(
    ("text", "mode", "fault"),
    [
        ("42", INSTANT, Fault.TRUNCATED),
        ("why</think>4", THINK, Fault.TRUNCATED),
        ("why</think>", THINK, Fault.TRUNCATED),
        ("why", THINK, Fault.OPEN_THOUGHT),
        ("<think>why", None, Fault.OPEN_THOUGHT),
    ],
)
def test_a_cut_text_is_a_fault(text: str, mode: Mode | None, fault: Fault) -> None:
    assert read(text, mode, finish="length").fault is fault


@pytest.mark.parametrize("mode", [INSTANT, THINK, None])
def test_a_question_that_was_not_asked_is_a_fault(mode: Mode | None) -> None:
    assert read("", mode, finish=UNREAD).fault is Fault.NO_ROOM


@pytest.mark.parametrize("thought", [None, "why", "two\n\nlines", ""])
def test_read_is_the_inverse_of_compose(thought: str | None) -> None:
    reply = read(compose(thought, "42"), INSTANT if thought is None else THINK)
    assert (reply.answer, reply.thought, reply.fault) == ("42", thought, None)


@pytest.mark.parametrize("text", ["<think>" * 100_000, "</think>" * 100_000, "a" * 1_000_000])
def test_long_hostile_texts_are_read_at_once(text: str) -> None:
    assert read(text, THINK).fault in {Fault.OPEN_THOUGHT, Fault.NO_ANSWER}


def prompt(mode: Mode | None, *messages: Message) -> Prompt:
    return Prompt("t", "s", messages or (Message("user", "How many?"),), mode)


@pytest.mark.parametrize("mode", [INSTANT, THINK, None])
def test_the_prompt_ends_where_the_mode_begins(mode: Mode | None) -> None:
    head = "<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\n"
    assert render(prompt(mode)) == head + PREFIX[mode]


def test_a_template_without_modes_gets_the_prefix_once() -> None:
    plain = "{% for m in messages %}{{ m.content }}{% endfor %}> "
    assert render(prompt(INSTANT), plain) == "How many?> " + PREFIX[INSTANT]
    assert render(prompt(THINK), plain) == "How many?> " + PREFIX[THINK]
    assert render(prompt(None), plain) == "How many?> "


def test_all_turns_are_rendered_in_order() -> None:
    turns = (Message("system", "S"), Message("user", "{{ 7*7 }}"), Message("assistant", "A"))
    text = render(prompt(None, *turns, Message("user", "B")))
    assert text.startswith("<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n{{ 7*7 }}<|im_end|>")
    assert text.endswith("A<|im_end|>\n<|im_start|>user\nB<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.parametrize(("mode", "prefix"), [(THINK, "<think>\n"), (None, "")])
def test_a_begun_answer_is_what_the_text_ends_with(mode: Mode | None, prefix: str) -> None:
    asked, begun = Message("user", "How many?"), Message("assistant", "two\n")
    text = render(prompt(mode, asked, begun))
    assert text == render(prompt(mode, asked)) + "two\n"
    assert text.endswith(f"<|im_start|>assistant\n{prefix}two\n")


# what was written, mode -> what ends the thought
ENDS: list[tuple[str, Mode | None, str | None]] = [
    ("one two", THINK, "\n</think>\n\n"),
    ("one two\n", THINK, "</think>\n\n"),
    ("one\n</think>\n\n7", THINK, None),
    ("<think>\none", None, "\n</think>\n\n"),
    ("one two", None, None),
    ("<think>\none", INSTANT, "\n</think>\n\n"),
    ("7", INSTANT, None),
]


@pytest.mark.parametrize(("text", "mode", "end"), ENDS)
def test_what_ends_an_open_thought(text: str, mode: Mode | None, end: str | None) -> None:
    assert closing(text, mode) == end
    if end is not None:
        assert read(text + end + "7", mode).answer == "7"


def test_our_rendering_is_what_transformers_makes_of_the_template() -> None:
    from transformers.utils.chat_template_utils import render_jinja_template

    conversation = [{"role": "user", "content": "How many?"}]
    for mode, options in ((INSTANT, {"enable_thinking": False}), (None, {})):
        rendered, _ = render_jinja_template(
            conversations=[conversation],
            chat_template=CHAT_TEMPLATE,
            add_generation_prompt=True,
            **options,
        )
        assert rendered[0] == render(prompt(mode))


def test_a_hostile_template_cannot_reach_python() -> None:
    from jinja2.exceptions import SecurityError

    with pytest.raises(SecurityError):
        render(prompt(None), "{{ messages.__class__.__mro__ }}")
