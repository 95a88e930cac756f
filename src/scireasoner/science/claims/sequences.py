"""Sequences: other strands, lengths, counts of letters, places of motifs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from scireasoner.science import nucleotides, proteins
from scireasoner.science.claims.base import ENTITY, NUMBER, Claim, Scene, near

_STRAND = re.compile(
    rf"\b([Rr]everse complement|[Cc]omplement|[Rr]everse|[Rr]ead backwards)(?: strand)?"
    rf"(?: of (?:it|the sequence|({ENTITY})|([ACGTU]{{2,}})))?"
    rf"(?: is|:| gives| reads|,)? ({ENTITY}|[ACGTU]{{3,}})(?![A-Za-z])"
)
_PROTEIN = re.compile(
    rf"\b(?:protein|peptide|translation|chain)(?: is|:| reads| =)? "
    rf"({ENTITY}|[A-Z]{{2,}}\*?)(?![a-z])"
)
_TRANSLATES = re.compile(
    rf"({ENTITY}) (?:translates to|codes for|encodes|gives) ({ENTITY}|[A-Z]{{2,}})(?![a-z])"
)
_GC = re.compile(
    rf"\bG\+?C(?:[- ](?:content|share|fraction))(?: is| of|:| =)* ({NUMBER})"
    r"(?![0-9]|\.[0-9]| ?[-+*/]) ?(%|percent|)"
)
_LENGTH = re.compile(
    r"(?<![\w.])([0-9]{1,6})[ -](?:bases|nucleotides|nt|bp|residues|amino acids)\b( long)?"
    r"(?! (?:before|after|upstream|downstream))"
)
# What is measured is a part: "the site is 6 bp long".
_PART = re.compile(
    r"\b(?:site|motif|primer|probe|stem|loop|linker|spacer|overhang|region|box|tail|insert|exon"
    r"|intron|fragment|signal|repeat|seed|domain|helix)s? (?:is|are|has|have|of) \Z"
)
_ONE_KIND = r"[0-9]{1,5} [A-Z](?![\w*])"
_MANY = re.compile(rf"(?<![\w.])(?P<list>{_ONE_KIND}(?:(?:, and |, | and |; ){_ONE_KIND})*)")
_ITEM = re.compile(r"([0-9]{1,5}) ([A-Z])")
_PLACE = re.compile(
    r"(?<![A-Za-z])([A-Z]{2,24})(?: is| stands| occurs| starts| begins| found| lies)? "
    r"(?:at|from) (?:base|position|place|residue) ([0-9]{1,6})\b"
)
_QUOTED = re.compile(
    r"\b(?:base|position|place) ([0-9]{1,6}): ([ACGTU]{0,12}) ?\b"
    r"([ACGTU]{4,24})(?: ([ACGTU]{1,12}))?\b"
)
_ABSENT = re.compile(r"\b(?:no|not|without) ([ACGTU]{4,24})\b(?! at)")
_TIMES = re.compile(
    r"(?<![A-Za-z])([A-Z]{2,12}) (?:occurs|is found|stands there) ([0-9]{1,4}) times?"
)
_CUT = re.compile(r"\b([ACGT]{4,8}) is (cut by|the site of) ([A-Z][A-Za-z]{2,4}[IVX]*)\b")
NUCLEIC = ("dna", "rna", "sirna")
_ANY = (*NUCLEIC, "protein")


def read(scene: Scene) -> Iterator[Claim]:
    """Yield statements about sequences."""
    yield from _strands(scene)
    yield from _proteins(scene)
    yield from _composition(scene)
    yield from _places(scene)


def clean(text: str) -> str:
    """Return a sequence in capitals without blanks."""
    return "".join(text.split()).upper()


def _strands(scene: Scene) -> Iterator[Claim]:
    for found in _STRAND.finditer(scene.text):
        what, tagged, bare, result = found.groups()
        entity = scene.at(found.start(4))
        stated = clean(entity.text) if entity else result
        source = scene.at(found.start(2)) if tagged else None
        sources = [source.text] if source else ([bare] if bare else [])
        if not sources:
            before = [e for e in scene.candidates(found.start(), *NUCLEIC) if e is not entity]
            sources = [e.text for e in before[:4]]
        wanted = [_other(clean(s), what.lower()) for s in sources]
        if not wanted:
            continue
        holds = with_t(stated) in wanted
        why = "" if holds else f"it is {wanted[0][:60]}"
        yield scene.claim(*found.span(), "other strand", holds, why)


def _other(sequence: str, what: str) -> str:
    dna = with_t(sequence)
    if nucleotides.clean_dna(dna) is None:
        return ""
    if what in ("reverse", "read backwards"):
        return dna[::-1]
    reverse = nucleotides.reverse_complement(dna)
    return reverse if what.startswith("reverse") else reverse[::-1]


@lru_cache(maxsize=1_024)
def _coded(text: str) -> str:
    """Return what a nucleic acid codes for, up to the first stop; empty if it is none."""
    dna = with_t(clean(text))
    if nucleotides.clean_dna(dna) is None or len(dna) < 3:
        return ""
    return nucleotides.translate(dna).partition("*")[0]


def _proteins(scene: Scene) -> Iterator[Claim]:
    for found in _TRANSLATES.finditer(scene.text):
        source, entity = scene.at(found.start(1)), scene.at(found.start(2))
        if source is None or source.kind not in NUCLEIC:
            continue
        stated = clean(entity.text) if entity else found.group(2)
        holds = _coded(source.text) == stated.rstrip("*")
        why = "" if holds else f"it codes for {_coded(source.text)[:60]}"
        yield scene.claim(*found.span(), "translation", holds, why)
    for found in _PROTEIN.finditer(scene.text):
        entity = scene.at(found.start(1))
        if entity is not None and entity.kind != "protein":
            continue
        stated = clean(entity.text) if entity else found.group(1)
        coded = [_coded(e.text) for e in scene.candidates(found.start(), *NUCLEIC)]
        if not any(coded) or proteins.clean(stated) is None:
            continue
        holds = stated.rstrip("*") in coded
        why = "" if holds else f"the sequence codes for {coded[0][:60]}"
        yield scene.claim(*found.span(), "translation", holds, why)


def _composition(scene: Scene) -> Iterator[Claim]:
    for found in _GC.finditer(scene.text):
        number, percent = found.groups()
        if abs(float(number)) > 1:
            percent = "%"  # no share is that large

        def share(
            text: str, number: str = number, percent: str = percent
        ) -> tuple[bool | None, str]:
            dna = with_t(clean(text))
            if nucleotides.clean_dna(dna) is None:
                return None, "no nucleic acid"
            value = nucleotides.gc_content(dna) * (100 if percent else 1)
            return near(value, number), f"it is {value:.4g}{' %' if percent else ''}"

        yield from _said(scene, found, "GC content", NUCLEIC, share)
    for found in _LENGTH.finditer(scene.text):
        stated = int(found.group(1))
        head = scene.text[max(0, found.start() - 24) : found.start()]
        whole = found.group(2) is not None or re.search(r"\b(?:has|length)\b[^.;]*$", head)
        firm = bool(whole) and _PART.search(head) is None

        def length(text: str, stated: int = stated, firm: bool = firm) -> tuple[bool | None, str]:
            size = len(clean(text))
            return (True if size == stated else (False if firm else None)), f"it has {size}"

        yield from _said(scene, found, "length", _ANY, length)
    for found in _MANY.finditer(scene.text):
        items = [(int(n), letter) for n, letter in _ITEM.findall(found.group("list"))]
        kinds = _ANY if len(items) > 1 else ()

        def letters(text: str, items: list[tuple[int, str]] = items) -> tuple[bool | None, str]:
            sequence = clean(text)
            wrong = [f"{sequence.count(x)} {x}" for n, x in items if sequence.count(x) != n]
            return not wrong, ", ".join(wrong)

        if not scene.candidates(found.start(), "smiles", "formula", "equation", "material"):
            yield from _said(scene, found, "letter counts", kinds, letters)


def _said(
    scene: Scene,
    found: re.Match[str],
    kind: str,
    kinds: tuple[str, ...],
    test: Callable[[str], tuple[bool | None, str]],
) -> Iterator[Claim]:
    claim = scene.about(found, kind, kinds, test)
    if claim is not None:
        yield claim


def _places(scene: Scene) -> Iterator[Claim]:
    for found in _PLACE.finditer(scene.text):
        motif, place = found.group(1), int(found.group(2))
        yield from _said(scene, found, "motif", _ANY, partial(_stands, motif=motif, place=place))
    for found in _QUOTED.finditer(scene.text):
        place, before, motif, after = int(found.group(1)), *found.groups()[1:]
        whole, start = f"{before}{motif}{after or ''}", place - len(before)
        yield from _said(scene, found, "motif", NUCLEIC, partial(_stands, motif=whole, place=start))
    for found in _ABSENT.finditer(scene.text):
        motif = found.group(1)

        def absent(text: str, motif: str = motif) -> tuple[bool | None, str]:
            at = with_t(clean(text)).find(with_t(motif))
            return at < 0, "" if at < 0 else f"it stands at {at + 1}"

        yield from _said(scene, found, "absent motif", NUCLEIC, absent)
    for found in _TIMES.finditer(scene.text):
        motif, stated = found.group(1), int(found.group(2))

        def times(text: str, motif: str = motif, stated: int = stated) -> tuple[bool | None, str]:
            if not _could_stand(motif, text):
                return None, "a name, no motif"
            number = len(re.findall(f"(?={with_t(motif)})", with_t(clean(text))))
            return number == stated, f"it occurs {number} times"

        yield from _said(scene, found, "motif count", _ANY, times)
    for found in _CUT.finditer(scene.text):
        yield scene.claim(*found.span(), "enzyme", *_cuts(*found.groups()))


def _cuts(dna: str, said: str, enzyme: str) -> tuple[bool | None, str]:
    """Whether DNA is, or holds where it is said to be cut, a site of an enzyme on either strand."""
    site = site_of(enzyme)
    if site is None:
        return None, f"no enzyme {enzyme} is known"
    look = re.search if said == "cut by" else re.fullmatch
    strands = (dna, nucleotides.reverse_complement(dna))
    holds = any(look(nucleotides.motif_pattern(site), strand) for strand in strands)
    return holds, f"the site of {enzyme}: {site}"


def _stands(text: str, motif: str, place: int) -> tuple[bool | None, str]:
    if not _could_stand(motif, text):
        return None, "a name, no motif"
    there = clean(text)[max(0, place - 1) : max(0, place - 1 + len(motif))]
    holds = place >= 1 and with_t(there) == with_t(motif)
    return holds, f"there stands {there or 'nothing'}"


def with_t(sequence: str) -> str:
    """Return RNA in the letters of DNA, as motifs of both are written."""
    return sequence.replace("U", "T")


def _could_stand(motif: str, text: str) -> bool:
    """Whether a motif has the letters of a sequence: ``TSS`` is a name where that is DNA."""
    nucleic = nucleotides.clean_dna(with_t(clean(text))) is not None
    return set(with_t(motif)) <= (nucleotides.DNA if nucleic else proteins.AMINO_ACIDS)


@lru_cache(maxsize=256)
def site_of(enzyme: str) -> str | None:
    """Return the recognition site of a restriction enzyme (REBASE, through Biopython)."""
    from Bio import Restriction

    known = getattr(Restriction, enzyme, None)
    site = getattr(known, "site", None)
    return site if isinstance(site, str) else None
