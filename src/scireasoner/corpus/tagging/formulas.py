"""Formulas and symbols of elements in prose: shape and context give the confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scireasoner.corpus.tagging.context import LABELS, Place, place_of, words
from scireasoner.corpus.tagging.found import Candidate
from scireasoner.corpus.tagging.known import COMMON, ENGLISH, IONS, NAMES, OTHERWISE
from scireasoner.corpus.tagging.weights import FORMULA
from scireasoner.science import formulas

MAX_LENGTH = 60
_NAME_LENGTH = 80

_N = "[0-9₀-₉]"
_UNIT = rf"(?:[A-Z][a-z]?(?:\([0-9]{{1,3}}\)|{_N}{{0,3}}+))"
_GROUP = rf"(?:[(\[]{_UNIT}{{1,12}}+[)\]]{_N}{{0,3}}+)"
_OUTER = rf"(?:[(\[](?:{_UNIT}|{_GROUP}){{1,12}}+[)\]]{_N}{{0,3}}+)"
_SIGN = "[+\\-\u2212⁺⁻]"
_CHARGE = (
    rf"(?:\([0-9]?{_SIGN}\)|\^\{{?[0-9]?{_SIGN}\}}?|[¹²³⁴]?[⁺⁻]|[0-9]?\+(?![\w+])|-(?![\w-])"
    rf"|\u2212(?!\w))?"
)
# A hydrate's dot; possessive throughout, so that no text is read twice.
_FORMULA = re.compile(
    rf"(?<![A-Za-z0-9₀-₉])(?:{_UNIT}|{_GROUP}|{_OUTER}){{1,20}}+"
    rf"(?:[·•⋅∙.]{_N}{{0,2}}+(?:{_UNIT}|{_GROUP}){{1,6}}+)*+{_CHARGE}(?![A-Za-z0-9₀-₉])"
)
_BRACKET_COUNT = re.compile(r"\(([0-9]{1,3}|[0-9]?[+\-\u2212])\)")
_ALONE = re.compile(r"[(\[](.*)[)\]]", re.DOTALL)
_SIGNS = "+-\u2212⁺⁻"
_SYMBOL = re.compile(r"[A-Z][a-z]?")
_BIG_COUNT = re.compile(r"[0-9]{2,}")
_ENDS_CHARGED = re.compile(
    r"(?:[+⁺⁻]|[0-9][-\u2212]|[a-z][-\u2212]|\([0-9]?[+\-\u2212]\)|[-\u2212])\)?$"
)
_WATER = re.compile(r"[·•⋅∙.][0-9]{0,2}H2O$")
_BAD_ONE = re.compile(r"(?<![0-9])[01](?![0-9])|(?<![0-9])0[0-9]")
_ROMAN = re.compile(r"[IVX]+")
_LETTER_NUMBER = re.compile(r"[A-Z][a-z]?[0-9]{1,3}")

_CHARGE_END = re.compile(r"(?:\^\{?[0-9]?[+\-\u2212⁺⁻]\}?|(?<=[A-Za-z])[2-4][+⁺]|[+\-\u2212⁺⁻])$")
_SHORT_NAMES = words("NO CO CN OH")
_METALS = words(
    """Li Be Na Mg Al K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Rb Sr Y Zr Nb Mo Ru Rh Pd Ag Cd In Sn
    Cs Ba La Ce Nd Eu Gd Tb Dy Er Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Th U"""
)
_NONMETALS = words("H B C N O F Si P S Cl As Se Br Te I")
_MARK = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = str.maketrans({"¹": "^1", "²": "^2", "³": "^3", "⁴": "^4"})


def find_formulas(text: str) -> Iterator[Candidate]:
    """Yield the pieces of a text that parse as a formula, with their weighed clues."""
    for start, end, clues in clued(text):
        weighed = tuple((clue, FORMULA[clue]) for clue in clues if FORMULA.get(clue))
        yield Candidate(start, end, "formula", weighed)


def clued(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield start, end and the names of the clues of each piece that parses as a formula."""
    defined = _definitions(text)
    for match in _FORMULA.finditer(text):
        start, end = match.span()
        body = match.group()
        whole = _ALONE.fullmatch(body)
        if whole and not re.search(r"[()\[\]]", whole.group(1)):
            start, end, body = start + 1, end - 1, whole.group(1)
        if len(body) > MAX_LENGTH:
            continue
        plain = normal(body)
        if formulas.parse(plain) is not None:
            place = place_of(text, start, end)
            shape = _shape(plain, body, place.element_beside)
            yield start, end, ("any", *shape, *_context(plain, place, defined))


def normal(body: str) -> str:
    """Return a formula as `formulas.parse` reads it: ``Ca(2+)`` and ``H(2)O`` without brackets."""
    return _BRACKET_COUNT.sub(r"\1", body.translate(_RAISED))


def _uncharged(plain: str) -> str:
    """Return a formula without its charge: the number before a sign belongs to that."""
    return _CHARGE_END.sub("", plain)


def _shape(plain: str, body: str, element: bool) -> Iterator[str]:
    symbols = _SYMBOL.findall(plain)
    letters = "".join(symbols)
    base = _WATER.sub("", _uncharged(plain).translate(_MARK))
    if _ENDS_CHARGED.search(body) is not None:
        yield "charge"
        ion = plain.translate(_MARK)
        if ion.rstrip(_SIGNS).replace("^", "") in IONS:
            yield "cation" if ion[-1] in "+⁺" else "anion" if len(base) > 1 else "hyphen or anion"
    if base in COMMON:
        yield "common formula"
    elif base in _SHORT_NAMES:
        yield "NO, CO, CN or OH"
    elif len(symbols) == 1 and not any(character.isdigit() for character in base):
        yield "one-letter symbol" if len(letters) == 1 else "two-letter symbol"
        yield from ("metal",) if letters in _METALS else ()
    elif len(symbols) == 1:
        yield "letter and number"
    else:
        yield from _several(base, symbols)
    # "In" before "atoms" is no preposition.
    if not element and (base in OTHERWISE or (letters.lower() in ENGLISH and base == letters)):
        yield "another meaning"
    if _ROMAN.fullmatch(plain):
        yield "a roman number"


def _several(base: str, symbols: list[str]) -> Iterator[str]:
    """Describe a formula of several symbols that is not among the common ones."""
    capitals = all(len(symbol) == 1 for symbol in symbols)
    if re.match("C[0-9]+H[0-9]+", base):
        yield "carbon and hydrogen counted"
    elif any(character.isdigit() for character in base):
        yield "capitals and counts" if capitals else "counted"
    else:
        yield "capitals only" if capitals else "letters, some small"
        if len(set(symbols)) < len(symbols) - 1:
            yield "a symbol repeated uncounted"
    if symbols[0] in _METALS and set(symbols[1:]) <= _NONMETALS:
        yield "metal first, then nonmetals"
    if symbols[-1] in {"O", "F", "Cl", "Br", "I", "S", "H"} and len(symbols) == 2:
        yield "two symbols, the second an anion's"
    if _BAD_ONE.search(base):
        yield "a count of one or zero"
    if _BIG_COUNT.search(base) and symbols[0] != "C":
        yield "a count above nine"
    if "(" in base or "[" in base:
        yield "groups"


def _context(plain: str, place: Place, defined: Mapping[str, bool]) -> Iterator[str]:
    before, after = place.before, place.after
    if plain in defined:
        yield "defined by its name" if defined[plain] else "defined as an abbreviation"
    if _named(plain, place):
        yield "its name beside"
    if before[-1:] == "[" and after[:1] == "]":
        yield "square brackets"
    elif re.match(r"\((?!\d)", after):
        yield "bracket after"
    if place.amount_before:
        yield "amount before"
    elif place.number_before:
        yield "number before"
    if place.number_after:
        yield "number or relation after"
    if place.element_beside:
        yield "atoms, ions, an alloy or the like beside"
    elif place.chemistry_beside:
        yield "chemistry word beside"
    if place.previous in LABELS or (place.next in LABELS and len(plain) < 3):
        yield "label word before"
    if place.starts_sentence:
        yield "sentence start"
    if place.in_capitals:
        yield "capitals around"
    if place.bracketed:
        yield "alone in brackets"
    if before[-1:] in ")]" and before:
        yield "glued to a bracket"
    if before[-1:] == "-":
        yield "hyphen before"
    if after[:1] in "-\u2013":
        yield "hyphen after"
        if re.match(r"[-\u2013](?:termin|methyl|ethyl|[a-z]*yl|acetyl|[A-Z0-9(\[])", after):
            yield "part of a name"
    if before[-1:] == "/" or after[:1] == "/":
        yield "slash beside"
    if re.search(r"(?<![^\W_])[A-Z]\.? ?$", before) or re.match(r"\. ?[A-Za-z]", after):
        yield "initials"
    if _LISTED_BEFORE.search(before) or _LISTED_AFTER.match(after):
        yield "formula beside"
    if re.match(r"[ )]{1,2}(?:was|is|were|are|[a-z]+ed) ", after):
        yield "verb after"


_CHARGED = r"(?:[0-9]?[+-]|\([0-9]?[+-]\))?"
_LISTED = rf"(?:(?:[A-Z][a-z]?[0-9]+|[A-Z][a-z])++(?:[A-Z][a-z]?)*+|K|H){_CHARGED}"
_AND = r"(?:, | and |, and | or |/|,| \+ | -> )"
_LISTED_BEFORE = re.compile(rf"(?<![A-Za-z0-9]){_LISTED}{_AND}\(?$")
_LISTED_AFTER = re.compile(rf"\)?{_AND}\(?{_LISTED}(?![A-Za-z0-9])")


def _named(plain: str, place: Place) -> bool:
    """Whether one of the last words names the element or molecule."""
    base = plain.rstrip("+-\u2212⁺⁻0123456789") if plain[-1:] in "+-" else plain
    return any(
        base in NAMES.get(word, ()) or plain in NAMES.get(word, ())
        for word in [*place.before_words[-8:], *place.after_words[:4]]
    )


_SHORT = re.compile(r"(?<=[\w)] )[(\[]([A-Z][A-Za-z0-9]{0,7})[)\],;]")
_LONG = re.compile(r"[^\W\d_]++")


def _definitions(text: str) -> dict[str, bool]:
    """Return short forms in brackets: True after the name of an element, False after other words.

    ``potassium (K)`` gives True, ``cyclophosphamide (CP)`` False.
    """
    found: dict[str, bool] = {}
    for match in _SHORT.finditer(text):
        short = match.group(1)
        before = text[max(0, match.start() - _NAME_LENGTH) : match.start()]
        parts = _LONG.findall(before.lower())[-1 - len(short) :]
        if any(short in NAMES.get(part, ()) for part in parts):
            found[short] = True
        elif short not in found and _abbreviates(short.lower(), parts):
            found[short] = False
    return found


def _abbreviates(short: str, parts: list[str]) -> bool:
    """Whether the letters of a short form occur in order in the words, the first at a start."""
    starts = [i for i, part in enumerate(parts) if part.startswith(short[0])]
    return any(_in_order(short, "".join(parts[i:])) for i in starts)


def _in_order(short: str, letters: str) -> bool:
    at = 0
    for letter in short:
        at = letters.find(letter, at) + 1
        if at == 0:
            return False
    return True
