r"""How tagged text is cut into pieces that a tokenizer may never merge across.

The patterns are in the regular-expression dialect of the ``tokenizers`` package (Oniguruma), not
Python's. They work as a chain of ``Split`` pre-tokenizers:

1. :func:`span_pattern` isolates every whole ``<TAG>...</TAG>`` span and every lone tag;
2. one :func:`piece_patterns` entry per family of notations cuts its own spans into atoms, residues,
   codons, elements ... ``\A<TAG>`` matches only at the start of a span, and ``\G(?!\A)`` only where
   the last match ended, so the chain runs inside that span and touches nothing else;
3. :func:`guarded` lets the general rule for prose pass over the pieces made so far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from scireasoner.notation.tags import NOTATIONS

_SYMBOLS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr
Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm
Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No
Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""

ELEMENTS: tuple[str, ...] = tuple(_SYMBOLS.split())
"""The symbols of the 118 elements by atomic number (IUPAC 2016)."""

SPACE_GROUPS: tuple[str, ...] = tuple(f"<sg{number}>" for number in range(1, 231))
"""The tokens of the 230 space groups in the material notation of arXiv 2509.21320."""

# Atoms outside brackets are one or two letters; these bracket atoms are the commonest in drug-like
# and charged molecules, so that they are one token in any vocabulary.
_ATOMS = """
Cl Br [C@H] [C@@H] [C@] [C@@] [nH] [NH+] [NH2+] [NH3+] [N+] [N-] [n+] [O-] [OH-] [S-] [s+] [P+]
[S@] [S@@] [Si] [Se] [se] [B-] [H] [H+] [2H] [13C] [Li+] [Na+] [K+] [Cl-] [Br-] [I-]
"""

# Symbols of SELFIES (doi:10.1088/2632-2153/aba947). A small vocabulary learns those it meets.
_SELFIES = """
Branch1 =Branch1 #Branch1 Branch2 =Branch2 #Branch2 Branch3 =Branch3 #Branch3
Ring1 =Ring1 Ring2 =Ring2 Ring3 =Ring3
H B C N O F Si P S Cl Se Br I =B =C =N =O =Si =P =S =Se #B #C #N #P #S
B-1 C+1 C-1 N+1 =N+1 #N+1 N-1 =N-1 O+1 =O+1 O-1 P+1 =P+1 S+1 =S+1 S-1 NH1 NH1+1 NH2+1 NH3+1 =NH1+1
=NH2+1 PH1 SiH2 OH1 C@ C@@ C@H1 C@@H1 N@+1 N@@+1 P@ P@@ S@ S@@ =S@ =S@@ /C \\C =/C =\\C /N \\N /O
\\O /S \\S /F \\F /Cl \\Cl /Br \\Br /C@H1 /C@@H1 \\C@H1 \\C@@H1 Li+1 Na+1 K+1 F-1 Cl-1 Br-1 I-1
2H 13C
"""

SELFIES_SYMBOLS: tuple[str, ...] = tuple(f"[{symbol}]" for symbol in _SELFIES.split())
"""The common symbols of SELFIES, single tokens in a vocabulary with room for them."""

CODONS: tuple[str, ...] = tuple(map("".join, product("ACGT", repeat=3)))
"""The 64 triplets of bases. DNA is cut into them from its first base on, so that a coding sequence
is one token a residue; what is left over at the end, and any other letter, stands alone."""


def _prose(letters: str, digits: str, letter: str, digit: str) -> str:
    """Return the general rule from what stands for letters and digits, in a class and alone."""
    return (
        rf"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n{letters}{digits}]?{letter}+|{digit}"
        rf"| ?[^\s{letters}{digits}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


PROSE = _prose(r"\p{L}", r"\p{N}", r"\p{L}", r"\p{N}")
"""The general rule for prose: that of Qwen2 and Qwen3 (Apache-2.0), in which digits stand alone."""

_BRACKETED = r"\[[^\[\]\s]{1,64}\]"
_RING = r"%[0-9]{2}"
_ARROWS = "->|>>"
_GROUP = "<sg[0-9]{0,3}>"


def _elements() -> str:
    # Longest first: "Cl" must not be read as carbon and a stray letter.
    return "|".join(sorted(ELEMENTS, key=lambda symbol: (-len(symbol), symbol)))


@dataclass(frozen=True, slots=True)
class _Family:
    """Notations that are cut alike. ``pieces`` lists what is more than one character."""

    notations: tuple[str, ...]
    pieces: str


_FAMILIES = (
    _Family(("smiles",), rf"{_BRACKETED}|Cl|Br|{_RING}|{_ARROWS}"),
    _Family(("selfies",), _BRACKETED),
    # Runs of letters are left to the learned merges; locants, hyphens, brackets stand alone.
    _Family(("iupac", "boolean"), r" ?\p{L}+"),
    _Family(("formula", "material", "equation"), rf"{_GROUP}|{_ARROWS}|{_elements()}"),
    _Family(("dna",), "[ACGT]{3}"),
    _Family(("protein", "rna", "sirna", "structure", "number"), ""),
)


def _tag_names(extra: Sequence[str]) -> str:
    names = [n.tag for n in NOTATIONS.values() if n.tag]
    names += [re.escape(tag.strip("</>")) for tag in extra if not tag.startswith("</")]
    return "|".join(names)


def span_pattern(extra: Sequence[str] = ()) -> str:
    """Return the pattern that matches a whole span, or else a single tag.

    Parameters
    ----------
    extra : further tags that are one piece wherever they stand, e.g. those of a thought.

    A span holds anything but one of the tags, so a tag that is never closed costs linear time.
    """
    tags = "|".join(n.tag for n in NOTATIONS.values() if n.tag)
    every = _tag_names(extra)
    inside = rf"(?>[^<]+|<(?!/?(?:{every})>))*"
    return rf"<({tags})>{inside}</\1>|</?(?:{every})>"


def piece_patterns() -> list[str]:
    """Return the patterns that cut spans into pieces, one for each family of notations."""
    patterns = []
    for family in _FAMILIES:
        tags = "|".join(NOTATIONS[name].tag for name in family.notations)
        # The last alternative takes whatever one character comes: the chain must not break.
        pieces = f"{family.pieces}|" if family.pieces else ""
        patterns.append(rf"\A<(?:{tags})>|</(?:{tags})>\z|\G(?!\A)(?:{pieces}[\s\S])")
    return patterns


def ascii_pieces() -> dict[str, str]:
    """Return how the content of an ASCII span is cut, by tag, as a pattern of Python's ``re``.

    An empty pattern cuts it into characters. ``re.findall`` gives the pieces that
    :func:`piece_patterns` make.
    """
    found: dict[str, str] = {}
    for family in _FAMILIES:
        pieces = family.pieces.replace(r"\p{L}", "[A-Za-z]")
        pattern = rf"{pieces}|[\s\S]" if pieces else ""
        found |= {NOTATIONS[name].tag: pattern for name in family.notations}
    return found


def ascii_prose() -> str:
    """Return the rule for ASCII prose between spans as a pattern of Python's ``re`` in ASCII mode.

    ``re.findall`` gives the pieces that ``guarded(PROSE)`` makes of text without a tag.
    """
    pieces = rf"{_BRACKETED}|{_RING}|{_GROUP}|{_ARROWS}"
    return rf"\A(?:{pieces})\Z|{_prose('A-Za-z', '0-9', '[A-Za-z]', '[0-9]')}"


def guarded(prose: str, extra: Sequence[str] = ()) -> str:
    """Return a rule for prose that leaves tags and the pieces of notations whole."""
    pieces = rf"</?(?:{_tag_names(extra)})>|{_BRACKETED}|{_RING}|{_GROUP}|{_ARROWS}"
    return rf"\A(?:{pieces})\z|{prose}"


def whole_pieces() -> list[str]:
    """Return the pieces of more than one character that are one token in every vocabulary."""
    symbols = (symbol for symbol in ELEMENTS if len(symbol) > 1)
    return list(dict.fromkeys([*_ATOMS.split(), "->", ">>", *symbols, *CODONS]))
