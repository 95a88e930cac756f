"""SMILES and SELFIES in prose: cheap patterns first, then RDKit and the SELFIES grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scireasoner.corpus.notations import of_selfies
from scireasoner.corpus.tagging.context import place_of
from scireasoner.corpus.tagging.found import Candidate
from scireasoner.science import formulas, molecules

_SHORTEST = 3
_LETTERS = r"A-Za-z0-9@+\-\[\]()=#$%/\\.:~"
# Beside a SMILES stand blanks, or the marks of tables, quotations, HTML, Markdown and LaTeX. One
# side of a reaction is not wrapped without the other.
_BESIDE = r"\s|,;<>{}*!?\"'“”‘’`"
_CHUNK = re.compile(
    rf"(?<![^{_BESIDE}])(?<!>>)(?:(?i:\w{{0,20}}smiles)[:=])?([{_LETTERS}]{{3,1100}}+)(?![^{_BESIDE}])(?!>>)"
)
_ATOM_ORDER = re.compile(r"(?:Cl|Br|[BCNOPSFI]|[bcnops]|\[[^\[\]\s]{1,30}\])")
_OPENS, _CLOSES = "([{\"'“‘`", ")]}\"'”’`"
_RING = re.compile(r"[A-Za-z\])][0-9]|%[0-9]{2}")
_AROMATIC = re.compile(r"[bcnops][0-9(bcnops]")
_BOND = re.compile(r"[=#]")
_BRANCH = re.compile(r"[A-Za-z0-9\])]\(")
_HYDROGENS = re.compile(r"(?<!\[)[CNOS]H[0-9]?|[0-9]{2,}(?!\])")
_PLAIN_WORD = re.compile(r"[A-Za-z]++")
_STEREO = re.compile(r"@|(?<=[A-Za-z0-9\])(])[/\\]")
_WORDS = frozenset({"smiles", "canonical", "structure", "molecule", "compound", "ligand"})

_SELFIES = re.compile(r"(?<![\w\]])(?:\[[^\[\]\s]{1,12}+\]\.?){2,400}+(?![\w\[])")
_SYMBOL = re.compile(
    r"\[(?:nop|[=#]?(?:Ring|Branch)[1-3]|[-/\\]{2}(?:Ring)[1-3]|"
    r"[=#/\\]?(?P<isotope>[0-9]{1,3})?(?P<element>[A-Z][a-z]?)@{0,2}(?:H[0-9])?(?:[+-][0-9])?)\]\.?"
)


def smiles(text: str) -> Iterator[Candidate]:
    """Yield the pieces of a text that RDKit reads as a molecule, with their clues."""
    for chunk in _CHUNK.finditer(text):
        start, end = _trimmed(text, *chunk.span(1))
        body = text[start:end]
        if len(body) < _SHORTEST or not _looks_like_smiles(body):
            continue
        place = place_of(text, start, end)
        named = bool(_WORDS & {*place.before_words[-4:], *place.after_words[:2]})
        clues = tuple(_smiles_clues(body, named, "smiles" in place.around))
        # RDKit is asked last: most chunks have lost by then.
        if sum(weight for _, weight in clues) > -4 and molecules.canonical(body) is not None:
            yield Candidate(start, end, "smiles", clues)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Strip punctuation and brackets that do not belong to the chunk."""
    while end > start:
        first, last = text[start], text[end - 1]
        if last in ".,;:!?\"'”’`":
            end -= 1
        elif first in "\"'“‘`":
            start += 1
        elif first == "(" and last == ")":
            start, end = start + 1, end - 1
        elif first in "({" or (last in ")}" and not _balanced(text[start:end])):
            start, end = (start + 1, end) if first in "({" else (start, end - 1)
        else:
            break
    return start, end


def _balanced(body: str) -> bool:
    return body.count("(") == body.count(")")


def _looks_like_smiles(body: str) -> bool:
    return (
        _ATOM_ORDER.match(body) is not None
        and _balanced(body)
        and body.count("[") == body.count("]")
    )


def _smiles_clues(body: str, named: bool, said: bool) -> Iterator[tuple[str, float]]:
    yield "RDKit reads it", -3.0
    if said:
        yield "the text speaks of SMILES", 3.0
    if named:
        yield "a word for structures beside it", 1.0
    for name, pattern, weight in (
        ("ring closure", _RING, 1.5),
        ("aromatic atoms", _AROMATIC, 1.5),
        ("bond marks", _BOND, 2.5),
        ("branches", _BRANCH, 1.5),
        ("stereo marks", _STEREO, 2.0),
        ("hydrogens or numbers as in a formula", _HYDROGENS, -3.0),
    ):
        if pattern.search(body):
            yield name, weight
    if formulas.parse(body) is not None:
        yield "it is a formula as well", -2.5
    if _PLAIN_WORD.fullmatch(body):
        yield "letters only", -3.0 if not said else -1.0
    if "[" in body and body.count("[") == 1 and len(body) < 8:
        yield "one bracket, as in an isotope label", -3.0
    yield "length", min(len(body), 40) / 10.0 - 0.5


def selfies(text: str) -> Iterator[Candidate]:
    """Yield runs of bracketed symbols that are SELFIES (doi:10.1088/2632-2153/aba947)."""
    for run in _SELFIES.finditer(text):
        body = run.group().rstrip(".")
        symbols = body.replace(".", "").count("[")
        if not _is_selfies(body):
            continue
        place = place_of(text, run.start(), run.start() + len(body))
        clues = [("every symbol is one of SELFIES", -1.0), ("symbols", min(symbols, 12) / 2.0)]
        if "selfies" in place.around:
            clues.append(("the text speaks of SELFIES", 3.0))
        if "Ring" in body or "Branch" in body or "[=" in body:
            clues.append(("rings, branches or bonds", 2.0))
        yield Candidate(run.start(), run.start() + len(body), "selfies", tuple(clues))


@lru_cache(maxsize=1_000)
def _is_selfies(body: str) -> bool:
    """Whether each symbol is known and the whole gives a molecule."""
    at = 0
    while at < len(body):
        found = _SYMBOL.match(body, at)
        if found is None or (found["element"] or "C") not in formulas.ELEMENTS:
            return False
        at = found.end()
    decoded = of_selfies(body)
    return decoded is not None and molecules.canonical(decoded) is not None
