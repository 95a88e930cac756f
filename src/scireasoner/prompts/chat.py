"""The chat template of our models, and the one renderer of prompts to text."""

from __future__ import annotations

from functools import cache
from typing import Any

from scireasoner.errors import InputError
from scireasoner.prompts.reply import PREFIX
from scireasoner.types import Mode, Prompt

TURN_START = "<|im_start|>"
TURN_END = "<|im_end|>"
END_OF_TEXT = "<|endoftext|>"

# The layout that Qwen3 checkpoints expect. ``enable_thinking`` false writes the empty thought;
# true leaves the generation prompt open, and the renderer adds the opening tag itself.
CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "{{- '" + TURN_START + "' + message.role + '\n' + message.content + '" + TURN_END + "\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}"
    "{{- '" + TURN_START + "assistant\n' -}}"
    "{%- if enable_thinking is defined and enable_thinking is false -%}"
    "{{- '" + PREFIX[Mode.INSTANT].replace("\n", "\\n") + "' -}}"
    "{%- endif -%}"
    "{%- endif -%}"
)


def render(prompt: Prompt, template: str | None = None) -> str:
    """Return the text after which a model writes its completion.

    Parameters
    ----------
    prompt : the question and its mode. A last message of the assistant is a begun answer, as a
        model wrote it after the mode's prefix: the text ends with it, and is to be continued.
    template : a checkpoint's own Jinja chat template; ours by default.

    Raises
    ------
    InputError : if a message holds a control token of the chat format.
    """
    messages, begun = prompt.messages, ""
    if messages and messages[-1].role == "assistant":
        messages, begun = messages[:-1], messages[-1].content
    for message in prompt.messages:
        for control in (TURN_START, TURN_END, END_OF_TEXT):
            if control in message.content:
                raise InputError(
                    f"the question holds the control token {control}, which would end the turn "
                    "early: remove it"
                )
    turns = [{"role": m.role, "content": m.content} for m in messages]
    options: dict[str, Any] = {"messages": turns, "add_generation_prompt": True}
    if prompt.mode is not None:
        options["enable_thinking"] = prompt.mode is Mode.THINK
    text: str = _compiled(template or CHAT_TEMPLATE).render(**options)
    prefix = PREFIX[prompt.mode]
    # A template without a mode switch gets the prefix from us, once.
    whole = text if not prefix or text.endswith(prefix) else text + prefix
    return whole + begun


@cache
def _compiled(template: str) -> Any:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(template)
