"""Molecules: a given one, several at once, or a new one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from scireasoner.answers.tagged import Tagged
from scireasoner.errors import TaskError
from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science.molecules import (
    canonical,
    formula,
    heavy_atoms,
    parent,
    similarity,
    skeleton,
)
from scireasoner.science.names import names_to_smiles
from scireasoner.types import Fault, RewardGroup

_MAX_SMILES = 1000
_MAX_NAME = 500
_VALID = 0.05
_BEST_OTHER = 0.85
# RDKit keeps a charge in eight bits: of "[C+999]" it makes -25.
_HUGE_CHARGE = re.compile(r"[+-][0-9]{2,}(?::[0-9]+)?\]")
_MAP = re.compile(r":[0-9]+\]")
_LABEL = re.compile(r"\[[0-9]")
_JOINT = re.compile(r"\s*[.;]\s*")


def _read_smiles(text: str, stereo: bool = True, atom_maps: bool = True) -> str | Fault:
    # RDKit reads "CCO is ethanol" as ethanol with a title; a SMILES has no white space.
    if len(text) > _MAX_SMILES or text.split() != [text]:
        return Fault.INVALID_MOLECULE
    if _HUGE_CHARGE.search(text) or (not atom_maps and _MAP.search(text)):
        return Fault.INVALID_MOLECULE
    found = canonical(text) if stereo else skeleton(text)
    return Fault.INVALID_MOLECULE if found is None else found


def _compare_structures(value: str, target: str) -> tuple[float, bool]:
    """Return 1 for the same isomeric structure, else at most 0.85 by Tanimoto similarity."""
    if value == target:
        return 1.0, True
    return min(_VALID + 0.8 * similarity(value, target), _BEST_OTHER), False


def _stereo(counts: bool) -> str:
    return ", stereochemistry included" if counts else ", whatever its stereochemistry"


@dataclass(frozen=True)
class Molecule(Tagged[str]):
    """One molecule as SMILES; correct when the canonical isomeric SMILES are the same.

    Stereochemistry, charges, isotopes and the number of fragments all count. A valid molecule
    scores 0.05, and up to 0.85 with its Morgan-Tanimoto similarity to the target.

    Parameters
    ----------
    stereo : whether stereochemistry (and isotopes) count.
    """

    stereo: bool = True

    kind: ClassVar[str] = "molecule"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "smiles"

    @property
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        return "the same structure" + _stereo(self.stereo)

    def read(self, text: str) -> str | Fault:
        """Return the canonical SMILES."""
        return _read_smiles(text, self.stereo)

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for the same structure, else a score by similarity."""
        return _compare_structures(value, target)


@dataclass(frozen=True)
class MoleculeSet(Tagged[str]):
    """Several molecules, such as one side of a reaction, joined by dots or semicolons.

    The value is their canonical SMILES, sorted and joined by dots; how often each one occurs
    counts. Correct: equal. Otherwise 0.05, and up to 0.85 with the F1 of the best one-to-one
    matching of molecules by Morgan-Tanimoto similarity.

    Parameters
    ----------
    stereo : whether stereochemistry (and isotopes) count.
    atom_maps : whether atom-mapped SMILES are accepted; the maps never count.
    """

    stereo: bool = True
    atom_maps: bool = True

    kind: ClassVar[str] = "molecule set"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "smiles"

    @property
    def rule(self) -> str:
        """What makes an answer correct, in words."""
        return "the same molecules, each as often" + _stereo(self.stereo)

    def asks(self) -> str:
        """Return the sentence that asks for the molecules."""
        return f"Answer in {self.notation.wrap('')}, molecules joined by dots."

    def write(self, raw: str) -> str:
        """Return the molecules inside the tag, joined by dots."""
        return self.notation.wrap(_JOINT.sub(".", raw.strip()))

    def read(self, text: str) -> str | Fault:
        """Return the canonical SMILES, sorted and joined by dots."""
        if len(text) > _MAX_SMILES:
            return Fault.INVALID_MOLECULE
        # Each part between semicolons must be whole; a ring may be closed across a dot.
        parts = [_JOINT.sub(".", part.strip()) for part in text.split(";")]
        if any(isinstance(_read_smiles(part), Fault) for part in parts):
            return Fault.INVALID_MOLECULE
        found = _read_smiles(".".join(parts), self.stereo, self.atom_maps)
        return found if isinstance(found, Fault) else ".".join(sorted(found.split(".")))

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for the same molecules, else a score by the best matching."""
        if value == target:
            return 1.0, True
        from scipy.optimize import linear_sum_assignment

        ours, theirs = value.split("."), target.split(".")
        likeness = [[similarity(a, b) for b in theirs] for a in ours]
        rows, columns = linear_sum_assignment(likeness, maximize=True)
        matched = sum(likeness[row][column] for row, column in zip(rows, columns, strict=True))
        f1 = 2.0 * matched / (len(ours) + len(theirs))
        return min(_VALID + 0.8 * f1, _BEST_OTHER), False


@dataclass(frozen=True)
class IupacName(Tagged[str]):
    """A IUPAC name, judged by the structure that OPSIN reads from it (doi:10.1021/ci100384d).

    Any correct name of the molecule is correct, not only the spelling of the data. The value is
    the canonical SMILES.
    """

    kind: ClassVar[str] = "iupac name"
    rule: ClassVar[str] = "names the same isomeric structure, as OPSIN reads it"
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    notation_name: ClassVar[str] = "iupac"

    def warm(self, texts: Sequence[str]) -> None:
        """Read the tagged names of many answers at once: OPSIN answers a batch far quicker."""
        names_to_smiles([s.text for text in texts for s in find_spans(text, self.notation)])

    def read(self, text: str) -> str | Fault:
        """Return the canonical SMILES of the named molecule."""
        if len(text) > _MAX_NAME:
            return Fault.INVALID_NAME
        (smiles,) = names_to_smiles([text])
        found = None if smiles is None else canonical(smiles)
        return Fault.INVALID_NAME if found is None else found

    def compare(self, value: str, target: str) -> tuple[float, bool]:
        """Return 1 for the same structure, else a score by similarity."""
        return _compare_structures(value, target)


def _among(smiles: str, known: frozenset[str]) -> bool:
    """Whether a molecule is a known one, or one but for isotope labels or unpaired electrons."""
    if smiles in known:
        return True
    plain = parent(smiles)
    return plain in known or plain in _unlabelled(known)


@lru_cache(maxsize=8)
def _unlabelled(known: frozenset[str]) -> frozenset[str]:
    """Return the known molecules that have isotope labels, without them."""
    return frozenset(parent(smiles) for smiles in known if _LABEL.search(smiles))


@dataclass(frozen=True)
class NovelMolecule:
    """A new, drug-like sized organic molecule; there is no gold.

    Correct: valid, ``low`` to ``high`` heavy atoms, containing carbon, one neutral fragment, and
    not among the known ones, isotope labels and unpaired electrons aside. A valid molecule that is
    not correct scores 0.3.

    Parameters
    ----------
    known : returns the canonical SMILES of the training set; None if novelty is not asked for.
    low, high : heavy atoms.
    blanks : whether the molecule is written with a blank on either side, inside the tag; read are
        both.
    """

    known: Callable[[], frozenset[str]] | None = None
    low: int = 4
    high: int = 40
    blanks: bool = False

    kind: ClassVar[str] = "novel molecule"
    rule: ClassVar[str] = (
        "valid, neutral, one fragment with carbon, of the asked size and not known"
    )
    group: ClassVar[RewardGroup] = RewardGroup.VERIFIED
    valid_only: ClassVar[float] = 0.3

    def __post_init__(self) -> None:
        """Check the size window."""
        if not 1 <= self.low <= self.high:
            raise TaskError(
                f"a novel molecule was declared with {self.low} to {self.high} heavy atoms; "
                "give 1 <= low <= high"
            )

    def asks(self) -> str:
        """Return the sentence that asks for the molecule."""
        return Molecule().asks()

    def write(self, raw: str) -> str:
        """Return a molecule inside its tag."""
        return NOTATIONS["smiles"].wrap(raw, blanks=self.blanks)

    def parse(self, text: str) -> str | Fault:
        """Return the canonical SMILES."""
        return Molecule().parse(text)

    def read_gold(self, raw: str | None) -> None:
        """Return None: what is asked for has no gold."""
        return

    def compare(self, value: str, target: None) -> tuple[float, bool]:
        """Return 1 for a plausible new molecule, 0.3 for any other valid one."""
        if self._plausible(value) and not (self.known and _among(value, self.known())):
            return 1.0, True
        return self.valid_only, False

    def _plausible(self, smiles: str) -> bool:
        counts = formula(smiles)
        if counts is None or "." in smiles or "*" in smiles:
            return False
        neutral = counts.get("charge", 0) == 0
        return neutral and "C" in counts and self.low <= heavy_atoms(smiles) <= self.high
