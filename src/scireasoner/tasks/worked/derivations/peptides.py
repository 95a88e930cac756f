"""Proteins from their residues: mass, charge, extinction, solubility.

The solubility rule writes no worked solutions: on 1,500 training rows of the solubility task its
balanced accuracy is 0.53, so its right answers are luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from scireasoner.science import proteins
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice, exact, shown

_MOST = 2_000
SOLUBILITY_ERROR = "88 % of the proteins it was fitted to are classified rightly"
# pKa values of the EMBOSS program iep.
_BASES = {"K": "10.8", "R": "12.5", "H": "6.5"}
_ACIDS = {"D": "3.9", "E": "4.1", "C": "8.5", "Y": "10.1"}
_ENDS = ("8.6", "3.6")


def _clean(inputs: Mapping[str, str]) -> str | None:
    found = proteins.clean(inputs["protein"])
    return found if found is not None and len(found) <= _MOST else None


def mass(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Add residue masses and one water."""
    sequence = _clean(inputs)
    if sequence is None:
        return None
    from Bio.Data.IUPACData import protein_weights

    water = Decimal("18.0153")
    counts = {residue: sequence.count(residue) for residue in dict.fromkeys(sequence)}
    steps, masses = [], []
    for residue, count in counts.items():
        unit = exact(protein_weights[residue], 4) - water
        steps.append(f"{residue}: {count} * {unit} = {count * unit}")
        masses.append(count * unit)
    total = sum(masses, water)
    listed = voice.order(f"{n} {r}" for r, n in counts.items())
    residues = f" Residues: {', '.join(listed)}." if len(listed) > 1 else ""
    head = voice.say("Residue masses and one water.", "Sum the residues (each less a water).",
                     "Residues plus one water.", "Average masses, in Da.")  # fmt: skip
    end = voice.say("Molecular mass", "The molecular mass is", "Molecular weight:", "Molar mass")
    added = " + ".join(str(m) for m in [*masses, water])
    value = shown(total, 1)
    text = f"{head}{residues} {'; '.join(voice.order(steps))}. {added} = {total}. {end} {value} Da."
    return Derived(text, value)


def charge(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Sum the charges of side chains and ends at pH 7 by Henderson and Hasselbalch."""
    sequence = _clean(inputs)
    if sequence is None:
        return None
    parts: list[tuple[str, Decimal]] = []
    groups = [(f"{r}, {sequence.count(r)}", sequence.count(r), pka, 1) for r, pka in _BASES.items()]
    groups += [(f"{r}, {sequence.count(r)}", sequence.count(r), pk, -1) for r, pk in _ACIDS.items()]
    groups += [("amino end", 1, _ENDS[0], 1), ("carboxyl end", 1, _ENDS[1], -1)]
    for name, number, pka, charged in groups:
        if number:
            power = f"7 - {pka}" if charged > 0 else f"{pka} - 7"
            exponent = float(Decimal(7) - Decimal(pka)) * charged
            value = exact(charged * number / (1 + 10**exponent), 3)
            parts.append((f"{name}: {charged * number} / (1 + 10^({power})) = {value}", value))
    total = sum((value for _, value in parts), Decimal(0))
    head = voice.say(
        "At pH 7, group by group with its pKa.",
        "Henderson and Hasselbalch at pH 7.",
        "Each ionisable group contributes its charged share at pH 7.",
        "Net charge at pH 7 from pKa values.",
    )
    added = " + ".join(str(value) for _, value in parts).replace("+ -", "- ")
    sign = "positive" if total > 0 else "negative"
    end = voice.say(f"The net is {sign}.", f"So the chain is {sign} at pH 7.",
                    f"The isoelectric point lies {'above' if total > 0 else 'below'} 7.",
                    f"Net charge {sign}.")  # fmt: skip
    steps = "; ".join(voice.order(text for text, _ in parts))
    return Derived(f"{head} {steps}. {added} = {total}. {end}", shown(total, 1))


def extinction(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Compute the molar extinction at 280 nm of a chain without disulfides."""
    sequence = _clean(inputs)
    if sequence is None or not set("WY") & set(sequence):
        return None
    w, y = sequence.count("W"), sequence.count("Y")
    value = 5500 * w + 1490 * y
    terms = voice.order([f"5500 * {w}", f"1490 * {y}"])
    counts = voice.order([f"{w} W", f"{y} Y"])
    head = voice.say("Only W and Y absorb at 280 nm:", "Count W and Y:", "Chromophores at 280 nm:",
                     "W adds 5500 and Y adds 1490:")  # fmt: skip
    end = voice.say("Extinction coefficient", "Molar extinction", "At 280 nm", "Sum")
    return Derived(f"{head} {', '.join(counts)}. {end}: {' + '.join(terms)} = {value} M^-1 cm^-1.",
                   str(value))  # fmt: skip


def solubility(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Predict solubility on expression in E. coli by Wilkinson and Harrison's rule, revised."""
    sequence = _clean(inputs)
    if sequence is None or len(sequence) < 20:
        return None
    size = len(sequence)
    n, g, p, s = (sequence.count(residue) for residue in "NGPS")
    r, k, d, e = (sequence.count(residue) for residue in "RKDE")
    turns = exact((n + g + p + s) / size, 4)
    net = exact((r + k - d - e) / size, 4)
    apart = abs(net - Decimal("0.03"))
    value = Decimal("15.43") * turns - Decimal("29.56") * apart
    result = shown(value - Decimal("1.71"), 2)
    soluble = Decimal(result) < 0
    first = voice.order([f"{n} N", f"{g} G", f"{p} P", f"{s} S"])
    second = voice.order([f"{r} R", f"{k} K", f"{d} D", f"{e} E"])
    facts = voice.order([
        f"Turn formers {', '.join(first)}: ({n} + {g} + {p} + {s}) / {size} = {turns}.",
        f"Charges {', '.join(second)}: ({r} + {k} - {d} - {e}) / {size} = {net}; "
        f"distance from 0.03: {_distance(net, apart)}.",
    ])  # fmt: skip
    head = voice.say(
        f"{size} residues long.",
        f"The chain is {size} residues long; two shares decide.",
        f"Wilkinson and Harrison's rule for {size} residues:",
        "Turn-forming residues and net charge decide, after Wilkinson and Harrison.",
    )
    rule = voice.say("Canonical variable less its bound", "Discriminant", "CV - CV'",
                     "Index")  # fmt: skip
    end = (
        voice.say("Below 0: soluble.", "Negative, so soluble.", "Soluble.")
        if soluble
        else voice.say("Not below 0: insoluble.", "So it is not soluble.", "Not soluble.")
    )
    error = voice.say(f"Stated: {SOLUBILITY_ERROR}.", f"Limits: {SOLUBILITY_ERROR}.")
    text = (
        f"{head} {' '.join(facts)} {rule}: 15.43 * {turns} - 29.56 * {apart} - 1.71 = {result}. "
        f"{end} {error}"
    )
    return Derived(text, "yes" if soluble else "no")


def _distance(net: Decimal, apart: Decimal) -> str:
    return f"{net} - 0.03 = {apart}" if net >= Decimal("0.03") else f"0.03 - ({net}) = {apart}"


DERIVATIONS = (
    Derivation("peptide mass", ("protein",), "residues and one water", "Biopython's average masses",
               mass),
    Derivation("net charge at pH 7", ("protein",), "group by group by Henderson and Hasselbalch",
               "pKa values of EMBOSS iep (doi:10.1016/S0168-9525(00)02024-2)", charge,
               "pKa values shift by about one unit in folded chains"),
    Derivation("extinction coefficient", ("protein",), "5500 for each W and 1490 for each Y",
               "doi:10.1002/pro.5560041120", extinction),
    Derivation("solubility by Wilkinson and Harrison", ("protein",),
               "turn formers and net charge, as revised in doi:10.1002/(SICI)1097-0290(19991120)"
               "65:4<382::AID-BIT2>3.0.CO;2-I", "doi:10.1038/nbt0591-443", solubility,
               SOLUBILITY_ERROR),
)  # fmt: skip
