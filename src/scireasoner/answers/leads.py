"""What may stand before an answer and is no part of it: "The answer is", "SMILES:"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from scireasoner.notation.tags import Notation

_IS = r"[ \t*]{0,4}(?:(?:is|are)\b\s{0,2}:?|:|=)[\s*:]{0,8}"
_SO = r"\*{0,2}(?:(?:so|thus|therefore|hence),?\s)?(?:(?:the|its|my|this)\s)?"
_HERE = r"here(?:['’]s|\sis)\s(?:an?|the|my|your|one)\s(?:(?:possible|new)\s)?"
# "### Final answer" or "**Final answer**", the answer in the next line.
_TITLE = r"(?:(?:the|my|final|correct|short|direct)\s){0,3}answer"
_HEADING = (
    rf"(?:#{{1,6}}[ \t]\*{{0,2}}{_TITLE}[ \t*:]{{0,4}}"
    rf"|\*\*{_TITLE}[ \t:]{{0,2}}\*\*[ \t:]{{0,2}})\n\s*"
)
_ANSWER = re.compile(
    rf"\A(?:{_SO}(?:final\s|correct\s)?answer{_IS}|{_HEADING})",
    re.IGNORECASE,
)
PHRASE = re.compile(
    rf"\banswer{_IS}([^\s*:][^\n]*)|^{_HEADING}([^\s][^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
"""An answer that a longer text states, up to the end of its line."""

# What an answer of a notation is called; other notations are plain words or numbers.
_CALLED: Mapping[str, str] = {
    "smiles": r"smiles(?:\s(?:string|notation|representation|code))?",
    "iupac": r"(?:name|iupac)",
    "formula": r"formula",
    "protein": r"(?:sequence|protein)",
    "dna": r"(?:sequence|dna)",
    "rna": r"(?:sequence|rna)",
    "equation": r"(?:equation|reaction)",
    "material": r"(?:material|composition|formula)",
}
_KIND = (
    r"(?:final|predicted|correct|balanced|translated|designed|generated|proposed|resulting"
    r"|corresponding|complete|full|canonical|isomeric|molecular|chemical|systematic|iupac|product"
    r"|amino\sacid|protein|peptide|rna|dna|nucleotide|reaction)"
)


def without_lead(text: str, notation: Notation) -> str:
    """Return a text without the words that only say that an answer of a notation follows."""
    text = _ANSWER.sub("", text, count=1).strip()
    lead = _lead(notation.name)
    return text if lead is None else lead.sub("", text, count=1).strip()


def announced(notation: Notation) -> bool:
    """Whether answers of a notation have a name ("SMILES", "equation") that may announce them."""
    return notation.name in _CALLED


@cache
def _lead(name: str) -> re.Pattern[str] | None:
    """Return what finds "The SMILES of ethanol is" and the like; None for other notations."""
    called = _CALLED.get(name)
    if called is None:
        return None
    return re.compile(
        rf"\A(?:{_SO}|{_HERE})(?:{_KIND}\s){{0,4}}{called}(?:\s(?:of|for)\s[^:=\n]{{1,80}}?)?{_IS}"
        rf"|\A#{{1,6}}[ \t]\*{{0,2}}(?:{_KIND}\s){{0,4}}{called}[ \t*:]{{0,4}}\n\s*",
        re.IGNORECASE,
    )
