"""A document of the pretraining corpus, and what makes one unusable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


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


def fault(document: Document) -> str | None:
    """Return why a document cannot be used, or None.

    Files lie about their encoding, so the text is looked at: control characters, lone surrogates
    and the replacement character mean that bytes were lost.
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
    if not (document.source and document.licence):
        return "no source or licence"
    return None


def _is_text(value: object) -> bool:
    # Rows of a JSON file may hold null where a text was promised.
    return isinstance(value, str)
