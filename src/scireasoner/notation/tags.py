"""The tagged notations, and the only code that puts on, finds or takes off a tag.

The tag names are those of arXiv 2509.21320 and its released data, so that its checkpoints read
our prompts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from scireasoner.errors import InputError


@dataclass(frozen=True, slots=True)
class Span:
    """A tagged piece of a text.

    Parameters
    ----------
    start, end : character offsets of the whole piece, tags included.
    text : what stands between the tags, without outer white space.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Notation:
    """A way of writing a scientific object.

    Parameters
    ----------
    name : how tasks call it, e.g. ``"smiles"``.
    tag : the tag's name, e.g. ``"SMILES"``; empty for plain text.
    title : how a sentence calls it.
    """

    name: str
    tag: str
    title: str

    @property
    def opening(self) -> str:
        """The opening tag, empty for plain text."""
        return f"<{self.tag}>" if self.tag else ""

    @property
    def closing(self) -> str:
        """The closing tag, empty for plain text."""
        return f"</{self.tag}>" if self.tag else ""

    def wrap(self, text: str, *, blanks: bool = False) -> str:
        """Return ``<TAG>text</TAG>``; a text that is already wrapped stays as it is.

        ``blanks`` puts a blank on either side of the text, where a released evaluator asks for it.

        Raises
        ------
        InputError : if a science tag stands inside the text, which would break the span.
        """
        if not self.tag:
            return text
        inner = text.strip()
        if inner.startswith(self.opening) and inner.endswith(self.closing):
            inner = inner[len(self.opening) : -len(self.closing)].strip()
        if "<" in inner and (found := _any_tag().search(inner)):
            raise InputError(
                f"the tag {found.group()} stands inside a {self.title}: give the {self.title} "
                "alone, without tags"
            )
        space = " " if blanks else ""
        return f"{self.opening}{space}{inner}{space}{self.closing}"


_ALL = (
    Notation("smiles", "SMILES", "SMILES"),
    Notation("selfies", "SELFIES", "SELFIES"),
    Notation("iupac", "IUPAC", "IUPAC name"),
    Notation("formula", "MOLFORMULA", "molecular formula"),
    Notation("protein", "protein", "protein sequence"),
    Notation("dna", "dna", "DNA sequence"),
    Notation("rna", "rna", "RNA sequence"),
    Notation("sirna", "sirna", "siRNA sequence"),
    Notation("material", "material", "material"),
    Notation("structure", "structure", "dot-bracket structure"),
    Notation("equation", "equation", "reaction equation"),
    Notation("number", "NUMBER", "number"),
    Notation("boolean", "BOOLEAN", "yes or no"),
    Notation("text", "", "text"),
)

NOTATIONS: Mapping[str, Notation] = MappingProxyType({n.name: n for n in _ALL})
"""Every notation by its name."""

TAGS: tuple[str, ...] = tuple(t for n in _ALL if n.tag for t in (n.opening, n.closing))
"""Every opening and closing tag, in a fixed order."""


def find_spans(text: str, notation: Notation) -> list[Span]:
    """Return the closed, innermost spans of a notation, left to right; linear in the text.

    White space inside the tags is ignored. An opening tag that is opened again before it is
    closed is forgotten, as is a closing tag without an opening one.
    """
    if not notation.tag:
        return []
    spans: list[Span] = []
    opened: re.Match[str] | None = None
    for found in _either_tag(notation.tag).finditer(text):
        if not found.group().startswith("</"):
            opened = found
        elif opened is not None:
            inner = text[opened.end() : found.start()].strip()
            spans.append(Span(opened.start(), found.end(), inner))
            opened = None
    return spans


def strip_tags(text: str) -> str:
    """Return the text without any science tag; what stood between the tags stays."""
    return _any_tag().sub("", text)


@cache
def _either_tag(tag: str) -> re.Pattern[str]:
    return re.compile(f"</?{re.escape(tag)}>")


@cache
def _any_tag() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(tag) for tag in TAGS))
