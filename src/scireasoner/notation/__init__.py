"""The tagged notations of molecules, sequences, materials and values."""

from scireasoner.notation.tags import NOTATIONS, TAGS, Notation, Span, find_spans, strip_tags

__all__ = ["NOTATIONS", "TAGS", "Notation", "Span", "find_spans", "strip_tags"]
