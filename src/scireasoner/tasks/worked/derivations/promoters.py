"""Promoters by published rules: a TATA box in its place, a CpG island.

Neither writes worked solutions: on 1,500 training rows each of the GUE promoter sets their
balanced accuracy is 0.54 (TATA box) and 0.43 to 0.49 (CpG island), because the sets draw their
negatives from promoters or from other places with a TATA motif. Right answers of such a rule are
luck, and luck teaches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from scireasoner.science import nucleotides
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice, shown

_BOX = "TATAAA"
# Where the box begins in the rows of GUE: they end 34 (core) or 49 (300 bases) after the start.
_CORE, _LONG = 70, 300
_PLACES = {_CORE: (1, 14), _LONG: (215, 228)}
TATA_ERROR = "a TATA box is found in 10 to 20 % of human promoters only"
ISLAND_ERROR = "about 70 % of human promoters lie in an island"


def _matches(piece: str) -> int:
    return sum(a == b for a, b in zip(piece, _BOX, strict=True))


def tata(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Look for a TATA box about 30 bases before the start of transcription."""
    dna = nucleotides.clean_dna(inputs["dna"])
    if dna is None or len(dna) not in _PLACES:
        return None
    low, high = _PLACES[len(dna)]
    places = range(low, high + 1)
    best = max(places, key=lambda p: (_matches(dna[p - 1 : p + 5]), -p))
    piece = dna[best - 1 : best + 5]
    same = _matches(piece)
    found = same >= 5
    head = voice.say(
        f"A TATA box ({_BOX}) lies 30 bases before the start, here from base {low} to {high}.",
        f"Look for {_BOX} between base {low} and {high}.",
        f"The box {_BOX} is expected to begin at bases {low} to {high}.",
        f"Core promoters with a TATA box have {_BOX} near base {low} to {high}.",
    )
    fit = voice.say(
        f"Best fit: {piece} at base {best} agrees in {same} of 6 letters, 6 - {6 - same} = {same}.",
        f"{piece} at base {best} comes closest: {6 - same} letters differ, 6 - {6 - same} = {same} "
        "agree.",
        f"{piece} stands at base {best} and shares 6 - {6 - same} = {same} letters with it.",
    )
    end = (
        voice.say("That is a TATA box: a promoter.", "A TATA box, so yes.", "So a promoter.")
        if found
        else voice.say("No TATA box: no promoter of this kind.", "Too few, so no.", "So none.")
    )
    error = voice.say(f"Limits: {TATA_ERROR}.", f"The rule is partial: {TATA_ERROR}.")
    return Derived(f"{head} {fit} {end} {error}", "yes" if found else "no")


def island(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Test for a CpG island: GC above 50 % and observed over expected CpG above 0.6."""
    dna = nucleotides.clean_dna(inputs["dna"])
    if dna is None or len(dna) < 200:
        return None
    length, c, g = len(dna), dna.count("C"), dna.count("G")
    both = dna.count("CG")
    if not c or not g:
        return None
    percent = shown(Decimal(100 * (c + g)) / length, 1)
    ratio = shown(Decimal(both * length) / (c * g), 2)
    inside = Decimal(percent) > 50 and Decimal(ratio) > Decimal("0.6")
    counts = voice.say(
        f"{length} bases: {', '.join(voice.order([f'{c} C', f'{g} G']))}; CG occurs {both} times.",
        f"Counts: {' and '.join(voice.order([f'{c} C', f'{g} G']))}, CG occurs {both} times.",
        f"CG occurs {both} times; there are {', '.join(voice.order([f'{g} G', f'{c} C']))}.",
        f"Count {' and '.join(voice.order([f'{g} G', f'{c} C']))} among {length} bases; "
        f"CG occurs {both} times.",
    )
    tests = voice.order([
        f"GC content {percent} %, from ({c} + {g}) / {length} = {percent} %.",
        f"CpG observed over expected: {both} * {length} / ({c} * {g}) = {ratio}.",
    ])  # fmt: skip
    end = (
        voice.say("Above 50 % and above 0.6: a CpG island, so a promoter.",
                  "Both bounds (50 %, 0.6) are passed: an island, as at most promoters.",
                  "By the bounds 50 % and 0.6 this is an island: yes.")
        if inside
        else voice.say("Not above both 50 % and 0.6: no CpG island, so no.",
                       "The bounds 50 % and 0.6 are not both passed: no island.",
                       "By the bounds 50 % and 0.6 this is no island: no.")
    )  # fmt: skip
    error = voice.say(f"Limits: {ISLAND_ERROR}.", f"The rule is rough: {ISLAND_ERROR}.")
    return Derived(f"{counts} {' '.join(tests)} {end} {error}", "yes" if inside else "no")


DERIVATIONS = (
    Derivation(
        "TATA box",
        ("dna",),
        "whether TATAAA, with at most one change, stands where a TATA box does",
        "doi:10.1016/0022-2836(90)90223-9",
        tata,
        TATA_ERROR,
    ),
    Derivation(
        "CpG island",
        ("dna",),
        "GC content above 50 % and observed over expected CpG above 0.6",
        "doi:10.1016/0022-2836(87)90689-9",
        island,
        ISLAND_ERROR,
    ),
)
