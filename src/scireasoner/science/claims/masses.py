"""Masses and formulas that grow piece by piece: ``C2 +24: 24, H6 +6: 30``, the pieces in tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scireasoner.science import formulas, proteins
from scireasoner.science import masses as room
from scireasoner.science.claims.base import ENTITY, Claim, Entity, Scene

_WEIGHED = re.compile(rf"{ENTITY} \+([0-9]{{1,5}}): ([0-9]{{1,6}})(?![0-9.])")
_GROWN = re.compile(rf"{ENTITY} ({ENTITY})")
_JOINT = ", "


def read(scene: Scene) -> Iterator[Claim]:
    """Yield each step of a sum of masses or of formulas, and what its pieces make together."""
    for chain in _chains(scene, _WEIGHED):
        yield from _weighed(scene, chain)
    for chain in _chains(scene, _GROWN):
        yield from _grown(scene, chain)


def _chains(scene: Scene, pattern: re.Pattern[str]) -> Iterator[list[re.Match[str]]]:
    """Yield the steps that follow one another with nothing but a comma between them."""
    chain: list[re.Match[str]] = []
    for step in pattern.finditer(scene.text):
        if chain and scene.text[chain[-1].end() : step.start()] != _JOINT:
            yield chain
            chain = []
        chain.append(step)
    if chain:
        yield chain


def _atoms(piece: Entity | None) -> Mapping[str, int] | None:
    """Return the atoms of a formula, or of an amino acid in a chain; None for anything else."""
    if piece is None:
        return None
    if piece.kind == "formula":
        return formulas.parse(piece.text)
    single = piece.kind == "protein" and piece.text in proteins.AMINO_ACIDS
    return room.residue(piece.text) if single else None


def _weighed(scene: Scene, chain: list[re.Match[str]]) -> Iterator[Claim]:
    pieces = [_atoms(scene.at(step.start())) for step in chain]
    known = [piece for piece in pieces if piece is not None]
    if len(known) < len(chain):
        return
    scene.take(chain[0].start(), chain[-1].end())
    total = 0
    for step, atoms in zip(chain, known, strict=True):
        mass, stated = int(step.group(1)), int(step.group(2))
        own = room.nominal(atoms)
        why = "" if own == mass else f"it weighs {own}"
        yield scene.claim(step.start(), step.end(1), "nominal mass", own == mass, why)
        why = "" if total + mass == stated else f"the sum is {total + mass}"
        yield scene.claim(step.start(1), step.end(), "running sum", total + mass == stated, why)
        total = stated
    yield from _whole(scene, chain, room.add(*known))


def _grown(scene: Scene, chain: list[re.Match[str]]) -> Iterator[Claim]:
    total: Mapping[str, int] = room.WATER
    for step in chain:
        letter, formula = scene.at(step.start()), scene.at(step.start(1))
        atoms = _atoms(letter) if letter is not None and letter.kind == "protein" else None
        stated = formulas.parse(formula.text) if formula and formula.kind == "formula" else None
        if atoms is None or stated is None:
            return
        total = room.add(total, atoms)
        why = "" if total == stated else f"the chain has {formulas.hill(total)}"
        yield scene.claim(step.start(), step.end(), "running formula", total == stated, why)
        total = stated
    letters = [scene.at(step.start()) for step in chain]
    yield from _whole(scene, chain, room.peptide("".join(e.text for e in letters if e)))


def _whole(scene: Scene, chain: list[re.Match[str]], atoms: Mapping[str, int]) -> Iterator[Claim]:
    """Compare the pieces with the formula or the peptide of the question, if there is one."""
    for given in scene.given:
        if given.kind == "formula":
            known = formulas.parse(given.text)
        elif given.kind == "protein" and set(given.text) <= proteins.AMINO_ACIDS:
            known = room.peptide(given.text)
        else:
            continue
        if known is not None:
            why = "" if known == atoms else f"the question is about {formulas.hill(known)}"
            span = chain[0].start(), chain[-1].end()
            yield scene.claim(*span, "pieces", known == atoms, why)
        return
