"""Prompts: the chat template, the modes, and the one reader of thoughts."""

from scireasoner.prompts.chat import CHAT_TEMPLATE, END_OF_TEXT, TURN_END, TURN_START, render
from scireasoner.prompts.reply import closing, compose, read

__all__ = [
    "CHAT_TEMPLATE",
    "END_OF_TEXT",
    "TURN_END",
    "TURN_START",
    "closing",
    "compose",
    "read",
    "render",
]
