"""The scientific objects in a question, and whether each is valid in its notation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, Notation, find_spans
from scireasoner.science import materials, molecules, nucleotides, proteins, reactions
from scireasoner.serving.checking import GATES, check_entity
from scireasoner.types import Verdict

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


def _material(text: str) -> str | None:
    return text if materials.from_tokens(text) or materials.parse_composition(text) else None


def _equation(text: str) -> str | None:
    return text if reactions.parse_equation(text) else None


# Notation -> the text as our tasks write it: a molecule in canonical SMILES, letters in capitals,
# and of what the checks read only the forms that a task asks about.
_WRITTEN: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "smiles": molecules.canonical,
        "protein": proteins.clean,
        "dna": nucleotides.clean_dna,
        "rna": nucleotides.clean_rna,
        "material": _material,
        "equation": _equation,
    }
)


def read(text: str, notation: str) -> str | None:
    """Return an entity as our tasks write it, or None if it is not valid in the notation."""
    bare = text.strip()
    if not bare or wrong_with(bare, notation):
        return None
    write = _WRITTEN.get(notation)
    return write(bare) if write else bare


def wrong_with(text: str, notation: str) -> str:
    """Say what is wrong with an entity, in the words of the check; empty if nothing is."""
    # A number in a question may be any text: its task decides.
    for gate in () if notation == "number" else GATES.get(notation, ()):
        for finding in check_entity(text, notation, only=(gate,)):
            if finding.verdict is not Verdict.PASS:
                return finding.text
    return ""


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
        raise InputError(
            f"{_short(text)} is not a valid {notation.title}{_why(text, [notation])}: "
            f"{_HINTS.get(notation.name, 'check it')}, then ask again"
        )
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
    if any("\ud800" <= character <= "\udfff" for character in question):
        # What Python makes of arguments in another encoding; no tokenizer takes it.
        raise InputError("the question is not UTF-8 text: ask it from a terminal that writes UTF-8")
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
    why = _why(text, notations)
    return InputError(f"{_short(text)} is not a valid {titles}{why}: {hints}{ask_anyway}")


def _why(text: str, notations: list[Notation]) -> str:
    """Return the reason in brackets, where only one notation was possible."""
    reason = wrong_with(text, notations[0].name) if len(set(notations)) == 1 else ""
    return f" ({reason})" if reason else ""


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
