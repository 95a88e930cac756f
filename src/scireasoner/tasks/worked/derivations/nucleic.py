"""Sequences read step by step: codons, the other strand, melting temperatures, sites."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from scireasoner.notation.tags import NOTATIONS
from scireasoner.science import nucleotides
from scireasoner.tasks.embedded.sequence_rows import sites
from scireasoner.tasks.worked.derivations.base import (
    Derivation,
    Derived,
    Voice,
    exact,
    shown,
    signed_sum,
)

_MOST_CODONS = 60
_GAS = Decimal("1.987")  # cal/(mol K), as in the paper
# Unified nearest-neighbour parameters, 1 M NaCl: kcal/mol and cal/(mol K).
_STACKS: Mapping[str, tuple[str, str]] = {
    "AA": ("-7.9", "-22.2"), "AT": ("-7.2", "-20.4"), "TA": ("-7.2", "-21.3"),
    "CA": ("-8.5", "-22.7"), "GT": ("-8.4", "-22.4"), "CT": ("-7.8", "-21.0"),
    "GA": ("-8.2", "-22.2"), "CG": ("-10.6", "-27.2"), "GC": ("-9.8", "-24.4"),
    "GG": ("-8.0", "-19.9"),
}  # fmt: skip
_ENDS: Mapping[str, tuple[str, str]] = {"G": ("0.1", "-2.8"), "A": ("2.3", "4.1")}
STRANDS = "0.0000005"
"""Total concentration of strands in mol/L that the melting temperature is given for."""


def _dna(inputs: Mapping[str, str]) -> str | None:
    return nucleotides.clean_dna(inputs["dna"])


def translation(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Translate codon by codon up to the stop."""
    dna = _dna(inputs)
    if dna is None or len(dna) % 3 or not 2 < len(dna) <= 3 * _MOST_CODONS:
        return None
    residues = nucleotides.translate(dna)
    protein = residues.rstrip("*")
    if "*" in protein or not protein:
        return None
    joint = voice.say(" -> ", " is ", " = ", " codes for ", ": ")
    steps = [
        f"{dna[3 * i : 3 * i + 3]}{joint}{'stop' if residue == '*' else residue}"
        for i, residue in enumerate(residues)
    ]
    head = voice.say(
        "Read in steps of three:",
        f"{len(dna)} bases make {len(dna)} / 3 = {len(dna) // 3} codons:",
        "Codon by codon:",
        "From the first base on,",
    )
    end = voice.say("The protein is", "Protein:", "The peptide reads", "Translation:")
    return Derived(f"{head} {', '.join(steps)}. {end} {protein}.", protein)


def strand(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Write the reverse complement and its share of G and C."""
    dna = _dna(inputs)
    if dna is None or not 3 <= len(dna) <= 120:
        return None
    other = nucleotides.reverse_complement(dna)
    counts = {base: dna.count(base) for base in "ACGT"}
    strong = counts["G"] + counts["C"]
    percent = shown(Decimal(100 * strong) / len(dna), 1)
    shared = f"({counts['G']} + {counts['C']}) / {len(dna)} = {percent} %"
    listed = voice.order(f"{n} {b}" for b, n in counts.items() if n)
    bases = f"{', '.join(listed)}." if len(listed) > 1 else ""
    complement = other[::-1]
    two = voice.say(
        f"Complement {complement}, read backwards: reverse complement {other}.",
        f"The complement is {complement}. The reverse complement is {other}.",
        f"Pair each base: complement {complement}. So the reverse complement is {other}.",
        f"Reverse complement: {other}.",
    )
    gc = voice.say(
        f"Of {len(dna)} bases: {bases} {shared}. GC content {percent} %.",
        f"G and C: {shared}, so the GC content is {percent} %.",
        f"Bases: {bases} GC content: {percent} %, since {shared}.",
        f"{bases} Share of G and C {shared}. GC content {percent} %.",
    )
    return Derived(" ".join(voice.order([two, gc])).replace("  ", " "), other)


def melting(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Estimate a melting temperature from the composition (Wallace, or Marmur and Doty)."""
    dna = _dna(inputs)
    if dna is None or not 6 <= len(dna) <= 200:
        return None
    strong = dna.count("G") + dna.count("C")
    weak = len(dna) - strong
    counts = voice.order(f"{dna.count(b)} {b}" for b in "ACGT" if b in dna)
    if len(dna) < 14:
        value = str(2 * weak + 4 * strong)
        rule = voice.say(
            f"{len(dna)} bases is short: Wallace's rule.",
            "Wallace's rule, 2 for A and T, 4 for G and C.",
            "By Wallace, each A or T adds 2 and each G or C adds 4.",
            f"Wallace's rule holds for a strand that is {len(dna)} bases long.",
        )
        equation = f"2 * {weak} + 4 * {strong} = {value}"
    else:
        result = Decimal("64.9") + 41 * (strong - Decimal("16.4")) / len(dna)
        value = shown(result, 1)
        rule = voice.say(
            f"{len(dna)} bases: the formula after Marmur and Doty.",
            "After Marmur and Doty, from the GC count and the length.",
            f"With {strong} G or C among {len(dna)} bases:",
            "The estimate from GC content and length:",
        )
        equation = f"64.9 + 41 * ({strong} - 16.4) / {len(dna)} = {value}"
    listed = f"Counts: {', '.join(counts)}." if len(counts) > 1 else ""
    end = voice.say("Tm", "Melting temperature", "So Tm", "The estimate")
    return Derived(f"{rule} {listed} {end}: {equation} °C.".replace("  ", " "), value)


def stack_of(pair: str) -> str:
    """Return the name of a stack of two bases: itself or its reverse complement."""
    return pair if pair in _STACKS else nucleotides.reverse_complement(pair)


def neighbours(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Compute a melting temperature from nearest neighbours in 1 M NaCl."""
    dna = _dna(inputs)
    if dna is None or not 8 <= len(dna) <= 40 or dna == nucleotides.reverse_complement(dna):
        return None
    stacks: dict[str, int] = {}
    for i in range(len(dna) - 1):
        stack = stack_of(dna[i : i + 2])
        stacks[stack] = stacks.get(stack, 0) + 1
    ends = [_ENDS["G" if base in "GC" else "A"] for base in (dna[0], dna[-1])]
    sums = []
    for which in (0, 1):
        terms = [(f"{n} * {_STACKS[s][which]}", n * Decimal(_STACKS[s][which]))
                 for s, n in stacks.items()]  # fmt: skip
        terms += [(end[which], Decimal(end[which])) for end in ends]
        total = sum((value for _, value in terms), Decimal(0))
        written = " + ".join(text for text, _ in terms)
        sums.append((written.replace("+ -", "- "), total))
    (heat, enthalpy), (disorder, entropy) = sums
    logarithm = exact(math.log(float(STRANDS) / 4), 3)
    value = shown(1000 * enthalpy / (entropy + _GAS * logarithm) - Decimal("273.15"), 1)
    listed = ", ".join(f"{s} {n}" for s, n in sorted(stacks.items()))
    head = voice.say(
        f"Stacks of neighbours: {listed}.",
        f"Count the neighbouring pairs ({listed}).",
        f"Nearest neighbours, each strand's pairs together: {listed}.",
        f"The duplex has the stacks {listed}.",
    )
    steps = voice.order([f"Enthalpy: {heat} = {enthalpy} kcal/mol.",
                         f"Entropy: {disorder} = {entropy} cal/(mol K)."])  # fmt: skip
    text = (
        f"{head} {' '.join(steps)} ln({STRANDS} / 4) = {logarithm}. "
        f"Tm: 1000 * {enthalpy} / ({entropy} - {_GAS} * {-logarithm}) - 273.15 = {value} °C."
    )
    return Derived(text, value)


def restriction(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Find the recognition sites of common enzymes."""
    dna = _dna(inputs)
    if dna is None or not 6 <= len(dna) <= 2_000:
        return None
    found, absent = [], []
    for enzyme, site in sites().items():
        places = [i + 1 for i in range(len(dna)) if dna.startswith(site, i)]
        if places:
            said = [f"{site} stands at base {place}" for place in places]
            found.append(f"{'; '.join(said)}; {site} is cut by {enzyme}")
        else:
            absent.append(f"no {site}")
    head = voice.say(
        "Look for each site.",
        f"Search the {len(dna)} bases.",
        "Scan the strand; the sites are palindromes.",
        "Each enzyme's site in turn.",
    )
    parts = voice.order([*found, *absent])
    end = voice.say("Cuts", "Sites found", "Number of cuts", "In total")
    number = sum(part.count("stands at") for part in found)
    return Derived(f"{head} {'. '.join(parts)}. {end}: {number}.", str(number))


def signals(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Find the polyadenylation signal in RNA."""
    rna = nucleotides.clean_rna(inputs["rna"])
    if rna is None or len(rna) < 12:
        return None
    steps = []
    for motif in ("AAUAAA", "AUUAAA"):
        place = rna.find(motif)
        steps.append(f"no {motif}" if place < 0 else f"{motif} occurs at base {place + 1}")
    head = voice.say(
        "The polyadenylation signal is AAUAAA, or its variant AUUAAA:",
        "Two hexamers signal polyadenylation:",
        "Look for the signal and its commonest variant:",
        "Poly(A) signals:",
    )
    yes = any("occurs" in step for step in steps)
    end = voice.say("A signal is there.", "So there is a signal.") if yes else voice.say(
        "No signal is there.", "So there is none."
    )  # fmt: skip
    return Derived(f"{head} {'; '.join(voice.order(steps))}. {end}", "yes" if yes else "no")


def loops(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Add up the energies of the loops of the best structure."""
    from scireasoner.tasks.worked.rna import loops_of

    rna = nucleotides.clean_rna(inputs["rna"])
    if rna is None or not 8 <= len(rna) <= 120:
        return None
    structure, _ = nucleotides.fold(rna)
    parts = loops_of(rna, structure)
    if "(" not in structure or parts is None:
        return None
    values = [exact(value / 100, 2) for _, value in parts]
    total = sum(values, Decimal(0))
    named = "; ".join(f"{name}: {v} kcal/mol" for (name, _), v in zip(parts, values, strict=True))
    head = voice.say("Fold it:", "The best structure is", "Least free energy:", "Structure:")
    how = voice.say("Loops from outside in:", "Each loop has its energy:", "Loop by loop,",
                    "Energies of stacks and loops:")  # fmt: skip
    end = voice.say("Sum", "Together", "The energy", "In kcal/mol")
    added = f"{signed_sum(str(v) for v in values)} = {total}"
    number = len(nucleotides.pairs(structure) or ())
    text = (
        f"{head} {NOTATIONS['structure'].wrap(structure)} with {number} "
        f"{'pair' if number == 1 else 'pairs'}. {how} {named}. {end}: {added}."
    )
    return Derived(text, shown(total, 1))


DERIVATIONS = (
    Derivation("translation", ("dna",), "codon by codon to the stop", "NCBI genetic code 1",
               translation),
    Derivation("reverse complement and GC content", ("dna",), "the other strand and the share of "
               "G and C", "Watson-Crick pairs", strand),
    Derivation("melting temperature by composition", ("dna",), "Wallace's rule below 14 bases, "
               "else the GC formula",
               "doi:10.1093/nar/6.11.3543, doi:10.1016/S0022-2836(62)80066-7",
               melting, "several degrees; salt and concentration are not asked"),
    Derivation("melting temperature by nearest neighbours", ("dna",), "enthalpy and entropy stack "
               "by stack, 1 M NaCl", "doi:10.1073/pnas.95.4.1460", neighbours),
    Derivation("restriction sites", ("dna",), "where common enzymes cut",
               "REBASE, through Biopython", restriction),
    Derivation("polyadenylation signal", ("rna",), "whether the hexamer stands in the RNA",
               "doi:10.1101/gr.10.7.1001", signals),
    Derivation("energy of loops", ("rna",), "the best structure's energy loop by loop",
               "Turner 2004, through ViennaRNA (doi:10.1186/1748-7188-6-26)", loops),
)  # fmt: skip
