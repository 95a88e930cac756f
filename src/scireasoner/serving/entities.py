"""The scientific objects in a question, and whether each is valid in its notation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, Notation, find_spans
from scireasoner.science import (
    formulas,
    materials,
    molecules,
    names,
    nucleotides,
    proteins,
    reactions,
)

LONGEST = 4_000  # characters of a question

_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "smiles": "check ring closures, brackets and valences",
        "formula": "write element symbols with counts, as in C2H6O",
        "protein": "use the 20 one-letter codes",
        "dna": "use the letters A, C, G and T",
        "rna": "use the letters A, C, G and U",
        "material": "write each element as often as it occurs, as in Na Cl",
        "structure": "every ( needs its )",
        "equation": "write it as in H2 + O2 -> H2O",
        "iupac": "check the spelling",
    }
)


def _smiles(text: str) -> str | None:
    return molecules.canonical(text)


def _name(text: str) -> str | None:
    return text if names.names_to_smiles([text])[0] else None


def _formula(text: str) -> str | None:
    return text if formulas.parse(text) else None


def _material(text: str) -> str | None:
    return text if materials.from_tokens(text) or materials.parse_composition(text) else None


def _structure(text: str) -> str | None:
    return None if nucleotides.pairs(text) is None else text


def _equation(text: str) -> str | None:
    return text if reactions.parse_equation(text) else None


def _any(text: str) -> str | None:
    return text or None


# Notation -> the text as our tasks write it (a molecule in canonical SMILES), or None.
_READERS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "smiles": _smiles,
        "iupac": _name,
        "formula": _formula,
        "protein": proteins.clean,
        "dna": nucleotides.clean_dna,
        "rna": nucleotides.clean_rna,
        "material": _material,
        "structure": _structure,
        "equation": _equation,
    }
)


def read(text: str, notation: str) -> str | None:
    """Return an entity as our tasks write it, or None if it is not valid in the notation."""
    return _READERS.get(notation, _any)(text.strip())


def valid_or_complain(text: str, notation: Notation) -> str:
    """Return a tagged entity as our tasks write it.

    Raises
    ------
    InputError : naming what is wrong and what to do.
    """
    if not text:
        raise InputError(
            f"{notation.opening}{notation.closing} is empty: give the {notation.title}"
        )
    # OPSIN does not read every trivial name; in its own tag a name is taken as it stands.
    found = text if notation.name == "iupac" else read(text, notation.name)
    if found is None:
        hint = _HINTS.get(notation.name, "check it")
        raise InputError(f"{_short(text)} is not a valid {notation.title}: {hint}, then ask again")
    return found


def check_spans(question: str) -> None:
    """Check every tagged entity of a question before any model is asked.

    Raises
    ------
    InputError : at the first entity that is not valid, or a tag that is not closed.
    """
    if not question.strip():
        raise InputError("the question is empty: ask something")
    if len(question) > LONGEST:
        raise InputError(f"the question has {len(question):,} characters; at most {LONGEST:,} fit")
    for notation in NOTATIONS.values():
        if not notation.tag:
            continue
        spans = find_spans(question, notation)
        if question.count(notation.opening) != len(spans):
            raise InputError(f"{notation.opening} is not closed: end it with {notation.closing}")
        for span in spans:
            if span.text:  # an empty pair of tags shows how to answer
                valid_or_complain(span.text, notation)


def expected(text: str, notations: list[Notation]) -> InputError:
    """Return the error for a bare entity that is valid in none of the notations of a question."""
    titles = " or ".join(dict.fromkeys(notation.title for notation in notations))
    hints = "; ".join(dict.fromkeys(_HINTS.get(n.name, "check it") for n in notations))
    tags = next((n for n in notations if n.name == "iupac"), notations[0])
    ask_anyway = (
        f", or ask with {tags.opening}…{tags.closing} around it" if tags.name == "iupac" else ""
    )
    return InputError(f"{_short(text)} is not a valid {titles}: {hints}{ask_anyway}")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
