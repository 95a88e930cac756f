"""Crystal structures in CIF or in lines of text: lattice, atoms, volume, density, distances.

A small reader for what a model can write: one cell, one list of atoms, the symmetry operations of
CIF core (doi:10.1107/S010876739101067X). Everything is checked to be finite first; no C code sees
the numbers.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import product

from scireasoner.science.formulas import ELEMENTS

MAX_CHARACTERS = 20_000
MAX_ATOMS = 200
MAX_OPERATIONS = 192
"""The general position of the richest space group, 227, has 192 images."""

_AVOGADRO = 6.02214076e23  # 1/mol, SI 2019
_CUBIC_CENTIMETRE = 1e24  # cubic angstrom
_SAME = 1e-3  # fractional coordinates closer than this are one atom on a special position

_NUMBER = r"[+-]?(?:[0-9]{1,10}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,3})?"
_VALUE = re.compile(rf"({_NUMBER})(?:\([0-9]{{1,5}}\))?\Z")
_SYMBOL = re.compile(r"([A-Z][a-z]?)")
_TERM = re.compile(r"([+-]?)(?:([xyz])|([0-9]{1,2})(?:/([0-9]{1,2})|(\.[0-9]{1,8}))?)")
_CELL = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
_OPERATIONS = ("_symmetry_equiv_pos_as_xyz", "_space_group_symop_operation_xyz")
_GROUP_NUMBERS = (
    "_symmetry_int_tables_number",
    "_space_group_it_number",
)

Atom = tuple[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Crystal:
    """A cell and its atoms.

    Parameters
    ----------
    lengths : a, b, c in angstrom; angles : alpha, beta, gamma in degrees. All finite.
    atoms : element and fractional coordinates of every atom of the cell.
    space_group : as the file names it, 1 to 230; None if it does not.
    """

    lengths: tuple[float, float, float]
    angles: tuple[float, float, float]
    atoms: tuple[Atom, ...]
    space_group: int | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The atoms of the cell by element."""
        counts: dict[str, int] = {}
        for element, _ in self.atoms:
            counts[element] = counts.get(element, 0) + 1
        return counts

    @property
    def volume(self) -> float:
        """The volume in cubic angstrom; 0 if the angles close no cell."""
        a, b, c = self.lengths
        x, y, z = (math.cos(math.radians(angle)) for angle in self.angles)
        square = 1 - x * x - y * y - z * z + 2 * x * y * z
        return a * b * c * math.sqrt(square) if square > 0 else 0.0

    @property
    def density(self) -> float:
        """The density in g/cm3; the volume must be above 0."""
        from rdkit.Chem import GetPeriodicTable

        table = GetPeriodicTable()
        mass = sum(n * float(table.GetAtomicWeight(e)) for e, n in self.counts.items())
        return mass / _AVOGADRO * _CUBIC_CENTIMETRE / self.volume

    @property
    def vectors(self) -> tuple[tuple[float, float, float], ...]:
        """The cell vectors in angstrom, a along x and b in the xy plane."""
        a, b, c = self.lengths
        alpha, beta, gamma = (math.radians(angle) for angle in self.angles)
        x = math.cos(beta)
        y = (math.cos(alpha) - math.cos(beta) * math.cos(gamma)) / math.sin(gamma)
        z = math.sqrt(max(1 - x * x - y * y, 0.0))
        first = (a, 0.0, 0.0)
        second = (b * math.cos(gamma), b * math.sin(gamma), 0.0)
        return first, second, (c * x, c * y, c * z)

    def heights(self) -> tuple[float, float, float]:
        """Return the distances between opposite faces, in angstrom; the volume must be above 0."""
        a, b, c = self.lengths
        sines = [math.sin(math.radians(angle)) for angle in self.angles]
        faces = (b * c * sines[0], a * c * sines[1], a * b * sines[2])
        volume = self.volume
        return volume / faces[0], volume / faces[1], volume / faces[2]

    def closest(self, within: float) -> tuple[float, str, str] | None:
        """Return the smallest distance of two atoms below ``within`` angstrom and their elements.

        Periodic images count, also of an atom with itself. None if no pair is that close. Two
        points that are f apart along a cell vector are at least f times the cell's height apart,
        so only few images have to be looked at.
        """
        heights, vectors = self.heights(), self.vectors
        best: tuple[float, str, str] | None = None
        for first, (element, here) in enumerate(self.atoms):
            for second, (other, there) in enumerate(self.atoms[first:], start=first):
                apart = [q - p - round(q - p) for p, q in zip(here, there, strict=True)]
                near = [_near(d, h, within) for d, h in zip(apart, heights, strict=True)]
                for images in product(*near):
                    distance = math.hypot(*(
                        sum(f * vector[axis] for f, vector in zip(images, vectors, strict=True))
                        for axis in range(3)
                    ))  # fmt: skip
                    itself = first == second and not any(images)
                    if not itself and distance < (best[0] if best else within):
                        best = distance, element, other
        return best


def _near(apart: float, height: float, within: float) -> list[float]:
    """Return the fractional distances of all images that may be closer than ``within``."""
    reach = int(within / height + 0.5)
    shifts = (apart + n for n in range(-reach, reach + 1))
    return [shifted for shifted in shifts if abs(shifted) * height < within]


def parse(text: str) -> Crystal | None:
    """Read a CIF, or lines: ``a b c alpha beta gamma``, then ``El x y z`` for each atom.

    None if it is malformed, has more than 200 atoms, or a number that is not finite.
    """
    if len(text) > MAX_CHARACTERS:
        return None
    return _cif(text) if "_cell_length_a" in text else _lines(text)


def looks_like_one(text: str) -> bool:
    """Whether a text sets out to be a structure rather than a composition."""
    first = text.strip().split("\n", 1)[0].split()
    return "_cell_length_a" in text or (len(first) == 6 and any(map(_VALUE.match, first)))


def _finite(word: str) -> float | None:
    found = _VALUE.match(word)
    value = float(found.group(1)) if found else math.nan
    return value if math.isfinite(value) else None


def _triple(words: list[str]) -> tuple[float, float, float] | None:
    values = [value for word in words if (value := _finite(word)) is not None]
    return (values[0], values[1], values[2]) if len(values) == len(words) == 3 else None


def _element(word: str) -> str | None:
    found = _SYMBOL.match(word)
    if found is None:
        return None
    symbol = found.group(1)
    return symbol if symbol in ELEMENTS else (symbol[0] if symbol[0] in ELEMENTS else None)


def _lines(text: str) -> Crystal | None:
    rows = [line.split() for line in text.strip().splitlines() if line.strip()]
    if not rows or len(rows[0]) != 6 or not 1 < len(rows) <= MAX_ATOMS + 1:
        return None
    lengths, angles = _triple(rows[0][:3]), _triple(rows[0][3:])
    atoms: list[Atom] = []
    for row in rows[1:]:
        place = _triple(row[1:])
        if place is None or row[0] not in ELEMENTS:
            return None
        atoms.append((row[0], place))
    if lengths is None or angles is None:
        return None
    return Crystal(lengths, angles, tuple(atoms))


def _cif(text: str) -> Crystal | None:
    """Read the first cell of a CIF with its atoms, expanded by the symmetry operations given."""
    values, loops = _tables(text)
    cell = [_finite(values.get(f"_cell_{name}", "")) for name in _CELL]
    sites = next((rows for keys, rows in loops if "_atom_site_fract_x" in keys), None)
    if sites is None or any(number is None for number in cell):
        return None
    a, b, c, alpha, beta, gamma = (number or 0.0 for number in cell)
    operations = [
        row[key] for _, rows in loops for row in rows for key in _OPERATIONS if key in row
    ] or ["x,y,z"]
    group = next((values[key] for key in _GROUP_NUMBERS if key in values), "")
    number = int(group) if re.fullmatch("[0-9]{1,3}", group) else None
    # Without its operations, a symmetric structure lacks most of its atoms.
    if len(operations) > MAX_OPERATIONS or (number not in (None, 1) and len(operations) == 1):
        return None
    atoms: list[Atom] = []
    for row in sites:
        element = _element(row.get("_atom_site_type_symbol") or row.get("_atom_site_label", ""))
        place = _triple([row.get(f"_atom_site_fract_{axis}", "") for axis in "xyz"])
        if element is None or place is None or not _full(row):
            return None
        images = _images(place, operations)
        if images is None or len(atoms) + len(images) > MAX_ATOMS:
            return None
        atoms += [(element, image) for image in images]
    if not atoms:
        return None
    return Crystal((a, b, c), (alpha, beta, gamma), tuple(atoms), number)


def _full(row: dict[str, str]) -> bool:
    """Whether a site of a CIF is fully occupied, as it is where nothing is said."""
    said = row.get("_atom_site_occupancy", ".")
    return said in (".", "?") or _finite(said) == 1


def _images(
    place: tuple[float, float, float], operations: list[str]
) -> list[tuple[float, float, float]] | None:
    images: list[tuple[float, float, float]] = []
    for operation in operations:
        parts = operation.lower().replace(" ", "").split(",")
        moved = [_moved(part, place) for part in parts]
        if len(moved) != 3 or None in moved:
            return None
        image = tuple((value or 0.0) % 1.0 for value in moved)
        if not any(_same(image, other) for other in images):
            images.append((image[0], image[1], image[2]))
    return images


def _same(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return all(abs(p - q - round(p - q)) < _SAME for p, q in zip(a, b, strict=True))


def _moved(part: str, place: tuple[float, float, float]) -> float | None:
    """Evaluate one coordinate of an operation, such as ``-y+1/2``."""
    if not part or len(part) > 40:
        return None
    total, at = 0.0, 0
    while at < len(part):
        term = _TERM.match(part, at)
        if term is None or (at and not term.group(1)):
            return None
        at = term.end()
        sign = -1.0 if term.group(1) == "-" else 1.0
        if term.group(2):
            total += sign * place["xyz".index(term.group(2))]
        elif term.group(4):
            if not int(term.group(4)):
                return None
            total += sign * int(term.group(3)) / int(term.group(4))
        else:
            total += sign * float(term.group(3) + (term.group(5) or ""))
    return total


Rows = list[dict[str, str]]


def _tables(text: str) -> tuple[dict[str, str], list[tuple[list[str], Rows]]]:
    """Split a CIF into single values and loops, by its own rules but without text fields."""
    values: dict[str, str] = {}
    loops: list[tuple[list[str], Rows]] = []
    keys: list[str] | None = None
    for line in text.splitlines():
        words = [a or b or c for a, b, c in _WORD.findall(line)]
        if not words or line.lstrip().startswith("#") or words[0].lower().startswith("data_"):
            continue
        if words[0].lower() == "loop_":
            keys = []
            loops.append((keys, []))
        elif words[0].startswith("_"):
            if keys is not None and len(words) == 1 and not loops[-1][1]:
                keys.append(words[0].lower())
            elif len(words) > 1:
                keys = None
                values.setdefault(words[0].lower(), words[1])
        elif keys is not None and len(words) == len(keys):
            loops[-1][1].append(dict(zip(keys, words, strict=True)))
    return values, loops


_WORD = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"|(\S+)")
