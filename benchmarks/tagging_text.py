"""Labelled and planted text to fit and judge tagging on.

Labelled: BC5CDR abstracts (doi:10.1093/database/baw068) as they are, and the sentences of four
corpora (doi:10.1186/s12859-017-1776-8), whose tokens are joined by one blank: the blanks that no
author wrote are taken out again by the rules below, and the labels move with them. Planted: real
structures and sequences in templates and in labelled sentences, beside real words and short forms.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scireasoner.corpus.tagging.context import words
from scireasoner.corpus.tagging.formulas import normal
from scireasoner.science import formulas, names

# Blanks between tokens that no author wrote.
_GLUE = tuple(
    re.compile(rule)
    for rule in (
        r" (?=[.,;:!?)\]%'](?: |$))",
        r"(?<= [(\[]) |(?<=^[(\[]) ",
        r" (?=[-/] )|(?<!HCO3 -)(?<! Cl -)(?<! OH -)(?<! O2 -)(?<= [-/]) ",
        r"(?<=\d) (?=, \d+(?: , \d+)* -)|(?<=\d ,) (?=\d+(?: , \d+)* -)",
        r"(?<=\d ') |(?<=\d) (?=')",
        r"(?<=\d) (?=\. \d)|(?<=\d \.) (?=\d)",
        r"(?<=Ca2|Mg2|Zn2|Mn2|Fe2|Fe3|Cu2|Co2|Ni2|Al3|Ba2|Sr2|Cd2|Pb2) (?=\+)",
        r"(?<= Na| Cl| Li| Cs) (?=[+-])|(?<= K| H) (?=[+-])|(?<=NH4) (?=\+)|(?<=HCO3) (?=-)",
        r"(?<=[A-Za-z0-9)]) (?=\( \d{1,2} ?[+-]? \))|(?<=\( \d) (?=[+-] \))",
    )
)


@dataclass(frozen=True)
class Labelled:
    """A text with the offsets of its chemical mentions."""

    corpus: str
    split: str
    text: str
    mentions: tuple[tuple[int, int], ...]

    def mention(self, at: tuple[int, int]) -> str:
        """Return the text of a mention."""
        return self.text[at[0] : at[1]]


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def labelled(root: Path) -> Iterator[Labelled]:
    """Yield every labelled text of the data root."""
    chemistry = root / "chemistry"
    for row in read_jsonl(chemistry / "bc5cdr" / "bc5cdr.jsonl.gz"):
        spans = [s for s in row["spans"] if s["type"] == "Chemical"]
        at = tuple((s["start"], s["end"]) for s in spans)
        yield Labelled("BC5CDR", row["split"], row["text"], at)
    for row in read_jsonl(chemistry / "chem_ner_sentences" / "chem_ner_sentences.jsonl.gz"):
        text, moved = rejoined(row["text"])
        at = tuple((moved[s["start"]], moved[s["end"] - 1] + 1) for s in row["spans"])
        yield Labelled(row["corpus"].removesuffix("-chem"), row["split"], text, at)


def rejoined(text: str) -> tuple[str, list[int]]:
    """Return the text without the blanks of its tokens, and where each character went."""
    gone = {match.start() for rule in _GLUE for match in rule.finditer(text)}
    moved: list[int] = []
    kept: list[str] = []
    for at, character in enumerate(text):
        moved.append(len(kept))
        if at not in gone:
            kept.append(character)
    return "".join(kept), moved


# What parses as a formula by chance; decided by hand over every such mention of train and valid
# (codes of drugs, residues with their number, initials of long names).
_CODE = re.compile(r"[A-Z]{1,4}-?[0-9]{2,}|[A-Z][a-z]?[0-9]{1,2}")
_SMALL = words(
    """NO CO CN OH KI HI HF KF KCN KOH HCN NaCN CH4 H2 N2 O2 O3 F2 I2 Cl2 Br2 H2O H2S CO2 NO2 SO2
    N2O NH3 NH4 HCl CCl4 KCl NaCl NaF LiCl KBr NaOH PO4 SO4 NO3 KH2PO4 Na2HPO4 NaH2PO4 HCO3
    NaHCO3"""
)
_NO_FORMULA = words(
    """AmB OCs COCs HBeAg VDAs VTAs PNAs PCr Rg1 Rb1 TAc HCFCs CFCs PhIP SCh BPs CPs AgSD ThTP
    PtdIns AlF CAs FeTPPS NaPi GlcN HCa PO2 HC1 CpG NAc OAc NPs PCBs PAHs SAs SNPs PFCs UTPs HCys
    Hcy PBDEs POPs FAs ROS NOs TCs BAs AAs PGs CBs OPs OCPs HCs TPs BFRs"""
)


_IONS = re.compile(r"[- ](?:ions?|cations?|anions?|atoms?)$")


@cache
def is_formula(mention: str) -> bool:
    """Whether a labelled mention is a formula or a symbol, by the rules and lists above."""
    mention = _IONS.sub("", mention)
    plain = normal(mention.replace(" ", ""))
    if formulas.parse(plain) is None:
        return False
    base = plain.rstrip("+-")
    if plain in _SMALL or base in _SMALL or base.rstrip("23") in _SMALL:
        return True
    if (_CODE.fullmatch(base) and plain == base) or re.search("-[0-9]", plain) or "Ac" in plain:
        return False
    # C-terminal, glutathione S-transferase, T for testosterone: of single letters only K is left.
    if len(base) == 1 and base != "K" and plain == base:
        return False
    symbols = re.findall("[A-Z][a-z]?", base)
    letters = "".join(symbols)
    if mention in _NO_FORMULA or base in _NO_FORMULA:
        return False
    initials = len(symbols) > 1 and letters.isupper()
    return any(character.isdigit() for character in base) or not initials


def opsin_reads(mentions: list[str]) -> dict[str, bool]:
    """Return which mentions OPSIN (doi:10.1021/ci100384d) reads as a name."""
    unique = list(dict.fromkeys(mentions))
    return {m: bool(s) for m, s in zip(unique, names.names_to_smiles(unique), strict=True)}


def name_class(mention: str) -> str:
    """Say how an OPSIN-readable mention is written: with locants, several words or one word."""
    if re.search(
        r"(?:^|[-(\[,])(?:\d+[a-z]?'?|[NOSDLpom]|alpha|beta|gamma)(?:,|-)|\)-|-yl", mention
    ):
        return "locants"
    return "several words" if " " in mention.strip() else "one word"
