"""What a check is: a name, what it needs of the request, and a verdict with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from scireasoner.errors import MissingTool
from scireasoner.types import Finding, Verdict

LONGEST = 20_000
"""Characters of a text that any check reads; the tools behind have limits of their own."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; a field that is None was not asked for.

    Parameters
    ----------
    alphabet : ``"protein"``, ``"dna"`` or ``"rna"``.
    elements : symbols of exactly the elements that are wanted.
    formula : a molecular formula.
    smiles : the molecule that is meant.
    reactants : SMILES of what goes in, joined by dots.
    molecules : SMILES of the wanted set, joined by dots; one that is named twice is wanted twice.
    equation : an equation with the wanted species, balanced or not.
    protein : the protein that a coding sequence must give.
    dna : the coding sequence that a protein must come from.
    sequence : a protein or nucleic acid to be alike.
    identity : the least share in [0, 1] of residues that must match ``sequence``.
    structure : the dot-bracket structure to fold into.
    space_group : 1 to 230.
    unit : the unit that the value is wanted in.
    low, high : the bounds of a value, in ``unit``.
    motif : residues that must occur in a row; X (protein) or IUPAC codes (DNA, RNA) stand for any.
    scaffold : SMARTS of a substructure that a molecule must have.
    shortest, longest : the bounds of a length, in residues.
    names : the wanted names, in any order.
    """

    alphabet: str | None = None
    elements: tuple[str, ...] | None = None
    formula: str | None = None
    smiles: str | None = None
    reactants: str | None = None
    molecules: str | None = None
    equation: str | None = None
    protein: str | None = None
    dna: str | None = None
    sequence: str | None = None
    identity: float | None = None
    structure: str | None = None
    space_group: int | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    motif: str | None = None
    scaffold: str | None = None
    shortest: int | None = None
    longest: int | None = None
    names: tuple[str, ...] | None = None


NOTHING = Request()
"""A request that asks for nothing in particular."""

Found: TypeAlias = tuple[Verdict, str]
Look: TypeAlias = Callable[[str, Request], Found]


@dataclass(frozen=True)
class Check:
    """A named constraint.

    Parameters
    ----------
    name : how it is called everywhere.
    entity : the notations of the texts that it reads.
    asks : fields of `Request` that it needs; ``"low|high"`` needs one of both.
    what : one line that says what is checked.
    source : where the rule or the tool comes from.
    run : looks at a text, without tags, and never raises on what a text or request holds.
    """

    name: str
    entity: tuple[str, ...]
    asks: tuple[str, ...]
    what: str
    source: str
    run: Callable[[str, Request], Finding]


def passed(text: str) -> Found:
    """Return that the constraint holds."""
    return Verdict.PASS, text


def failed(text: str) -> Found:
    """Return that the constraint is broken."""
    return Verdict.FAIL, text


def unknown(text: str) -> Found:
    """Return that nothing can be said."""
    return Verdict.NOT_APPLICABLE, text


def define(
    name: str,
    entity: str,
    what: str,
    source: str,
    asks: str = "",
    most: int = LONGEST,
) -> Callable[[Look], Check]:
    """Make a function that looks at a text into a check.

    The function sees only texts that are not empty, not longer than ``most`` characters, and for
    which the request holds what ``asks`` names (words, as in ``entity``).
    """
    needed = tuple(asks.split())

    def wrap(look: Look) -> Check:
        def run(text: str, request: Request) -> Finding:
            return Finding(name, *_guarded(look, text.strip(), request, needed, most))

        return Check(name, tuple(entity.split()), needed, what, source, run)

    return wrap


def _guarded(look: Look, text: str, request: Request, asks: tuple[str, ...], most: int) -> Found:
    for names in asks:
        if all(getattr(request, name) is None for name in names.split("|")):
            return unknown(f"not checked: the request gives no {names.replace('|', ' or ')}")
    if not text:
        return failed("there is nothing to check: the text is empty")
    if len(text) > most:
        return unknown(f"not checked: {len(text):,} characters came, at most {most:,} are read")
    try:
        return look(text, request)
    except MissingTool as missing:
        return unknown(f"not checked: {missing}")


_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905


def word(number: int) -> str:
    """Return a small number as a word."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def count(number: int, thing: str) -> str:
    """Return ``"five bonds"``: small numbers as words, the plural where it is one."""
    return f"{word(number)} {thing}" if number == 1 else f"{word(number)} {thing}s"


def quoted(text: str, most: int = 40) -> str:
    """Return a text in quotes, shortened, with what cannot be printed escaped."""
    return ascii(text) if len(text) <= most else ascii(text[: most - 3] + "...")
