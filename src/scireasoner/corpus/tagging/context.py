"""The place of a candidate: the words, numbers and marks beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

WINDOW = 80
"""Characters read on each side of a candidate."""

_WORD = re.compile(r"[^\W\d_]++")
_UNITS = (
    "mM|µM|μM|uM|nM|pM|fM|M|mmol|mol|µmol|μmol|nmol|mEq|meq|mg|µg|μg|ng|kg|g|mL|ml|L|l|%|wt%|mol%|"
    "N|mmol/L|mmol/l|mEq/L|mEq/l|mol/L|mg/kg|mg/ml|mg/mL|µg/ml|μg/ml|g/L|g/l|micrograms?|ppm|ppb"
)
_AMOUNT_BEFORE = re.compile(rf"(?<![\w.])[0-9][0-9.,]*+ ?-?(?:{_UNITS})(?: of)? ?\(?$")
_NUMBER_BEFORE = re.compile(r"(?<![\w.])[0-9][0-9.,]*+ $")
_NUMBER_AFTER = re.compile(r"^ ?(?:\(?[=<>≤≥~±]|[0-9])")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]['\")\]]?\s+|\n\s*)[\"'(\[]?$")


def words(text: str) -> frozenset[str]:
    """Return the words of a list that is written as lines."""
    return frozenset(text.split())


# Words that stand beside formulas and symbols of elements.
CHEMISTRY = words(
    """acid acids adduct alloy alloys anion anions aqueous atmosphere atom atoms base bond bonds
    buffer catalyst cation cations channel channels chelate chloride complex complexes compound
    compounds concentration concentrations content coordination crystal crystals current
    currents deficiency dissolved donor donors electrode electrolyte electrolytes electron
    elemental emission evaporated excretion exposure formula composition film films flux gas
    gases gaseous hydroxide influx efflux intake ion ionic ions isotope isotopes ligand ligands
    metal metals metallic mixture molecule molecules nanoparticle nanoparticles oxidation oxide
    oxides oxidized powder precipitate production pressure radical radicals reagent reduction
    release residue salt salts scavenger solution solutions solvent solid synthase synthesis
    toxicity transport uptake vapor vapour levels level donors balance homeostasis doped
    catalysed catalyzed reacts reacted intracellular extracellular plasma serum urinary"""
)
# Words that say that a symbol beside them is an element's.
ELEMENTAL = words(
    """atom atoms ion ions cation cations anion anions alloy alloys doped oxide oxides metal metals
    isotope isotopes nanoparticles nanoparticle vacancy vacancies dopant dopants electrode
    catalyst catalysts foil sublattice impurity impurities adatoms chelate gas gases atmosphere"""
)
# Words after which a capital letter or a short word in capitals is a label.
LABELS = words(
    """antigen cell cells chain chromosome class cluster codon component cytochrome domain exon
    factor fig figure figures form fraction gene grade group groups helix hepatitis isoform lane
    level line locus mutant panel panels part patient peak period phase point position protein
    receptor receptors region sample series serotype site stage step strain subunit table test
    type types value variant virus vitamin wave coenzyme dr prof mr mrs st lipid model arm
    kinase"""
)


@dataclass(frozen=True)
class Place:
    """What stands around a candidate.

    Parameters
    ----------
    before, after : up to `WINDOW` characters on each side.
    inside : the candidate itself.
    """

    before: str
    inside: str
    after: str

    @cached_property
    def before_words(self) -> list[str]:
        """Words before, in small letters, the nearest last."""
        return [word.lower() for word in _WORD.findall(self.before)]

    @cached_property
    def after_words(self) -> list[str]:
        """Words after, in small letters, the nearest first."""
        return [word.lower() for word in _WORD.findall(self.after)]

    @cached_property
    def around(self) -> frozenset[str]:
        """All words around, in small letters."""
        return frozenset(self.before_words) | frozenset(self.after_words)

    @property
    def previous(self) -> str:
        """The word before, in small letters, if nothing but blanks and brackets is between."""
        return self.before_words[-1] if re.search(r"[^\W\d_][ (\[-]{0,2}$", self.before) else ""

    @property
    def next(self) -> str:
        """The word after, in small letters, if nothing but blanks and brackets is between."""
        return self.after_words[0] if re.match(r"[ )\]-]{0,2}[^\W\d_]", self.after) else ""

    @cached_property
    def amount_before(self) -> bool:
        """Whether a number with a unit stands before: ``5 mM NaCl``."""
        return _AMOUNT_BEFORE.search(self.before) is not None

    @cached_property
    def number_before(self) -> bool:
        """Whether a bare number stands before."""
        return _NUMBER_BEFORE.search(self.before) is not None

    @cached_property
    def number_after(self) -> bool:
        """Whether a number or a relation stands after: ``P < 0.05``."""
        return _NUMBER_AFTER.match(self.after) is not None

    @cached_property
    def starts_sentence(self) -> bool:
        """Whether a sentence begins here."""
        return _SENTENCE_START.search(self.before) is not None

    @cached_property
    def bracketed(self) -> bool:
        """Whether it stands alone in brackets."""
        return self.before[-1:] in "([" and self.after[:1] in ")]" and bool(self.before)

    @cached_property
    def in_capitals(self) -> bool:
        """Whether the words around are all written in capitals, as in a title."""
        words = [w for w in _WORD.findall(self.before[-50:] + " " + self.after[:50]) if len(w) > 2]
        return len(words) >= 2 and sum(word.isupper() for word in words) > 0.7 * len(words)

    @cached_property
    def chemistry_beside(self) -> bool:
        """Whether a chemistry word is next to it."""
        return self.previous in CHEMISTRY or self.next in CHEMISTRY

    @cached_property
    def element_beside(self) -> bool:
        """Whether a word such as ``atoms`` or ``alloy`` is next to it."""
        return self.next in ELEMENTAL and (
            self.after[:1] == " " or self.next in {"ion", "ions", "doped", "atom", "atoms"}
        )

    @property
    def kind(self) -> str:
        """The context class by which a reviewer's decision can be limited."""
        if self.in_capitals:
            return "capitals"
        if self.amount_before:
            return "amount"
        if self.chemistry_beside:
            return "chemistry"
        if self.bracketed:
            return "bracketed"
        return "start" if self.starts_sentence else "plain"


def place_of(text: str, start: int, end: int) -> Place:
    """Return the place of a piece of a text; cost independent of the text's length."""
    before = text[max(0, start - WINDOW) : start]
    return Place(before, text[start:end], text[end : end + WINDOW])
