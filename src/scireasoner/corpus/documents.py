"""A document of the pretraining corpus, and what makes one unusable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from scireasoner.prompts.chat import END_OF_TEXT, TURN_END, TURN_START


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its provenance.

    Parameters
    ----------
    text : scientific objects in it are already tagged by ``Notation.wrap``.
    source : citation of where it comes from.
    licence : terms of use, e.g. ``"CC-BY-4.0"``.
    id : unique within the corpus.
    domain : what it is about; the mixture is weighted by it.
    meta : anything else worth keeping.
    """

    text: str
    source: str
    licence: str
    id: str
    domain: str
    meta: Mapping[str, str] = field(default_factory=dict)


# Control characters but for tab, line feed and carriage return; lone surrogates.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")  # in an id or a fact, no file can hold them
# In a text they would end a document, or give one a turn to speak.
_CONTROL = re.compile("|".join(map(re.escape, (END_OF_TEXT, TURN_START, TURN_END))))


def fault(document: Document) -> str | None:
    """Return why a document cannot be used, or None.

    Files lie about their encoding, so the text is looked at: control characters, lone surrogates
    and the replacement character mean that bytes were lost. Texts about language models may quote
    the tokens that end a document or a turn, which would then do so.
    """
    text = document.text
    if not _is_text(text):
        return "text missing"
    if not text.strip():
        return "empty"
    if _BROKEN.search(text):
        return "broken characters"
    if "\ufffd" in text:
        return "broken characters"
    if _CONTROL.search(text):
        return "control tokens"
    if any(_LONE.search(said) for said in (document.id, *document.meta.values())):
        return "broken characters"
    if not (document.source.strip() and document.licence.strip()):
        return "no source or licence"
    return None


def _is_text(value: object) -> bool:
    # Rows of a JSON file may hold null where a text was promised.
    return isinstance(value, str)
