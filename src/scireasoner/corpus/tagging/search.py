"""Find every candidate, settle overlaps, wrap what is sure enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from scireasoner.corpus.tagging import structures
from scireasoner.corpus.tagging.context import place_of
from scireasoner.corpus.tagging.formulas import find_formulas
from scireasoner.corpus.tagging.found import FINDABLE, TAG, Candidate, Found, Options
from scireasoner.corpus.tagging.masks import Mask
from scireasoner.corpus.tagging.names import find_names
from scireasoner.corpus.tagging.sequences import find_sequences
from scireasoner.corpus.tagging.threshold import DEFAULT
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science.names import names_to_smiles

_LIKELY = 0.5
_READ, _UNREAD = ("OPSIN reads it", 1.0), ("OPSIN does not read it", -6.0)
_DEFAULTS = Options()

# Each finder with the notations it can give.
_FINDERS: Mapping[Callable[[str], Iterator[Candidate]], tuple[str, ...]] = MappingProxyType(
    {
        structures.selfies: ("selfies",),
        structures.smiles: ("smiles",),
        find_names: ("iupac",),
        find_formulas: ("formula",),
        find_sequences: ("sirna", "rna", "dna", "protein"),
    }
)


def find(text: str, options: Options = _DEFAULTS) -> list[Found]:
    """Return the pieces of a text that may be written in a notation, left to right.

    Pieces never overlap: of those that do, the longest likely one stays. Tagged spans, addresses
    and (unless asked for) thoughts and code are left alone. Linear in the length of the text.

    Raises
    ------
    MissingTool : if OPSIN is asked for and not installed.
    """
    wanted = set(options.notations)
    mask = Mask(text, options.thoughts, options.code)
    candidates = [
        candidate
        for finder, notations in _FINDERS.items()
        if wanted & set(notations)
        for candidate in finder(text)
        if candidate.notation in wanted and not mask.covers(candidate.start, candidate.end)
    ]
    if options.opsin:
        candidates = _asked(candidates, text)
    found = [_decided(candidate, text, options) for candidate in candidates]
    return _apart(found)


def tag(text: str, threshold: float = DEFAULT, options: Options = _DEFAULTS) -> str:
    """Wrap each piece that is at least so sure; taking the tags off gives the text back."""
    return wrap(text, (f for f in find(text, options) if f.confidence >= threshold))


def wrap(text: str, found: Iterable[Found]) -> str:
    """Wrap pieces, which stand left to right, by their notations."""
    parts: list[str] = []
    at = 0
    for piece in found:
        parts += [text[at : piece.start], NOTATIONS[piece.notation].wrap(piece.text)]
        at = piece.end
    return "".join([*parts, text[at:]])


def _asked(candidates: list[Candidate], text: str) -> list[Candidate]:
    """Let OPSIN read the names, all at once, and add what it says to their clues."""
    names = [text[c.start : c.end] for c in candidates if c.notation == "iupac"]
    answers = iter(names_to_smiles(names))
    return [
        replace(c, clues=(*c.clues, _READ if next(answers) else _UNREAD))
        if c.notation == "iupac"
        else c
        for c in candidates
    ]


def _decided(candidate: Candidate, text: str, options: Options) -> Found:
    """Give a candidate its confidence: a reviewer's, else that of the clues."""
    start, end = candidate.start, candidate.end
    piece, context = text[start:end], place_of(text, start, end).kind
    verdict = options.decisions.verdict(piece, candidate.notation, context)
    confidence, reason = candidate.confidence, candidate.reason
    if verdict is not None:
        confidence, reason = (1.0 if verdict == TAG else 0.0), f"decided by a reviewer: {verdict}"
    return Found(start, end, candidate.notation, piece, confidence, reason, context)


def _apart(found: list[Found]) -> list[Found]:
    """Keep pieces that do not overlap: likely ones first, then longer ones, then by notation."""
    ranked = sorted(
        found,
        key=lambda f: (
            f.confidence < _LIKELY,
            f.start - f.end,
            FINDABLE.index(f.notation),
            f.start,
        ),
    )
    kept: list[Found] = []
    taken: set[int] = set()
    for piece in ranked:
        if not taken.isdisjoint(range(piece.start, piece.end)):
            continue
        taken.update(range(piece.start, piece.end))
        kept.append(piece)
    return sorted(kept, key=lambda f: f.start)
