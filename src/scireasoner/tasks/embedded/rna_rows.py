"""Computed rows about RNA folding (ViennaRNA minimum free energy, 37 C, Turner 2004)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from scireasoner.science import nucleotides
from scireasoner.tasks.embedded.compounds import Tables
from scireasoner.tasks.rows import Caps, Row

_PAIRS = ("GC", "CG", "AU", "UA", "GU", "UG")
_PAIR_WEIGHTS = (36, 36, 11, 11, 3, 3)
_MIN_HAIRPIN, _MAX_HAIRPIN = 3, 6


def hairpin(rng: Random, shortest: int, longest: int) -> str:
    """Return a random hairpin in dot-bracket: overhangs, one or two stems, perhaps a bulge."""
    while True:
        inner, outer = rng.randint(3, 6), rng.choice((0, 0, 1, 2, 3))
        left = rng.choice((0, 1, 2)) if outer else 0
        right = rng.choice((0, 1, 2)) if outer else 0
        loop = rng.randint(_MIN_HAIRPIN, _MAX_HAIRPIN)
        text = (
            "." * rng.randint(0, 4) + "(" * outer + "." * left + "(" * inner + "." * loop
            + ")" * inner + "." * right + ")" * outer + "." * rng.randint(0, 4)
        )  # fmt: skip
        if shortest <= len(text) <= longest:
            return text


def sequence_for(structure: str, rng: Random) -> str:
    """Return a random sequence that can form every pair of a structure."""
    bases = [""] * len(structure)
    stack: list[int] = []
    for position, mark in enumerate(structure):
        if mark == "(":
            stack.append(position)
        elif mark == ")":
            pair = rng.choices(_PAIRS, _PAIR_WEIGHTS)[0]
            bases[stack.pop()], bases[position] = pair[0], pair[1]
        else:
            bases[position] = rng.choices("ACGU", (55, 15, 15, 15))[0]
    return "".join(bases)


def rna_folding_energy(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """RNA of 16-28 bases, half designed hairpins and half random, to its folding energy."""
    for number in range(caps.drawn):
        if number % 2:
            rna = sequence_for(hairpin(rng, 16, 28), rng)
        else:
            rna = "".join(rng.choices("ACGU", k=rng.randint(16, 28)))
        structure, energy = nucleotides.fold(rna)
        meta = {"structure": structure}
        yield Row({"rna": rna}, f"{energy + 0.0:.1f}", (rna,), None, meta)


def rna_design(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Target hairpins of 12-24 bases; the reference folds exactly to its target."""
    for _ in range(caps.drawn):
        target = hairpin(rng, 12, 24)
        for _ in range(3):
            rna = sequence_for(target, rng)
            if nucleotides.fold(rna)[0] == target:
                yield Row({"structure": target}, target, (target,), rna)
                break
