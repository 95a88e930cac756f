"""Codons: what each codes for, and whether those read one after another stand in the sequence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product

from scireasoner.science import nucleotides, proteins
from scireasoner.science.claims.base import Claim, Scene
from scireasoner.science.claims.sequences import NUCLEIC, clean, with_t

_THREE = {v: k for k, v in proteins.THREE_LETTERS.items()}
_RESIDUE = rf"(?:stop|\*|{'|'.join(_THREE)}|[A-Z](?![A-Za-z0-9]))"
_CODON = re.compile(
    r"(?<![A-Za-z])(?<![ACGTU]{3} )([ACGTU]{3})"
    rf"(?: ?(?:=|->?|>|:|is|codes for|gives|reads|encodes) ?| \(?)"
    rf"({_RESIDUE})(\)|(?=[,.;\n)]|\s*\Z| and| then|$))?"
)
# Selenocysteine and pyrrolysine are read where a stop stands.
_RECODED = {"TGA": "U", "TAG": "O"}
_OTHER_CODE = re.compile(
    r"(?i)mitochondri|plastid|plasma|ciliate|candida|seleno|\bsec\b|pyrrolys|methano|"
    r"\b(?:code|table) [2-9]|\b(?:alternative|other|non-?standard) (?:genetic )?code"
)
_BEGINS = re.compile(r"(?i)\b(?:start|initiat|begins)")


def read(scene: Scene) -> Iterator[Claim]:
    """Yield what each codon is said to code for, and whether those in a row stand so."""
    read_so_far = ""
    last = -1
    for found in _CODON.finditer(scene.text):
        codon, residue = found.group(1), found.group(2)
        tight = found.group()[3:4] == " " and found.group()[4:5] not in ("(", "=", "-", ">")
        spelt = re.search(r"codes|gives|reads|encodes|is|=|>|:|\(", found.group()[3:])
        listed = scene.text[: found.start()].rstrip(" ")[-1:] in (
            "",
            ",",
            ";",
            ":",
            ".",
            "\n",
            "(",
            ">",
        )
        if tight and not spelt and (found.group(3) is None or not listed):
            continue
        coded = nucleotides.translate(with_t(codon))
        stated = "*" if residue in ("stop", "*") else _THREE.get(residue, residue)
        why = "" if coded == stated else f"{codon} codes for {'stop' if coded == '*' else coded}"
        said = coded == stated
        other = not said and _another_code(scene, found.start(), with_t(codon), stated)
        yield scene.claim(*found.span(), "codon", None if other else said, why)
        if last >= 0 and found.start() - last < 12:
            read_so_far += codon
        else:
            yield from _in_order(scene, read_so_far, last)
            read_so_far = codon
        last = found.end()
        if coded == "*":
            # What follows a stop is read anew: "TAA (stop), TAG (stop)" is a list.
            yield from _in_order(scene, read_so_far, last)
            read_so_far = ""
    yield from _in_order(scene, read_so_far, last)


def _another_code(scene: Scene, at: int, codon: str, residue: str) -> bool:
    """Whether the line speaks of another code, or of what begins a chain, and it holds there."""
    line = scene.text[scene.text.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    elsewhere, first = _all_codes()
    if residue == "M" and codon in first and _BEGINS.search(line):
        return True
    return residue in elsewhere[codon] and _OTHER_CODE.search(line) is not None


@lru_cache(maxsize=1)
def _all_codes() -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Return what each codon codes for in any code of NCBI, and the codons that begin in one."""
    from Bio.Data.CodonTable import unambiguous_dna_by_id as tables

    coded = {
        codon: {"*" if codon in table.stop_codons else table.forward_table[codon]
                for table in tables.values()
                if codon in table.stop_codons or codon in table.forward_table}
        for codon in map("".join, product("ACGT", repeat=3))
    }  # fmt: skip
    for codon, residue in _RECODED.items():
        coded[codon].add(residue)
    begins = frozenset(codon for table in tables.values() for codon in table.start_codons)
    return {codon: frozenset(residues) for codon, residues in coded.items()}, begins


def _in_order(scene: Scene, codons: str, end: int) -> Iterator[Claim]:
    """Judge whether codons read one after another stand like that in the sequence."""
    known = scene.candidates(end, *NUCLEIC)
    if len(codons) < 6 or not known:
        return
    wanted = with_t(codons)
    holds = any(wanted in with_t(clean(e.text)) for e in known)
    why = "" if holds else f"{codons[:60]} does not stand in the sequence"
    yield scene.claim(max(0, end - 1), end, "codons in order", holds, why)
