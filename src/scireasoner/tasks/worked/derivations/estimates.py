"""Estimates of a molecule's properties by published equations, with their stated errors."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from scireasoner.science import molecules
from scireasoner.tasks.worked.derivations.base import (
    Derivation,
    Derived,
    Voice,
    exact,
    shown,
    signed_sum,
)

ESOL_ERROR = "a factor of 5 to 8, or 0.7 to 0.9 log units"
CRIPPEN_ERROR = "a standard deviation of 0.677 for 9,920 compounds"
CLARK_ERROR = "a standard deviation of 0.354 for 55 compounds"


def solubility(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Estimate log S (mol/L) by Delaney's equation."""
    values = molecules.descriptors(inputs["smiles"])
    if not values:
        return None
    logp, mass = exact(values["logp"], 2), exact(values["mol_weight"], 2)
    bonds, share = int(values["rotatable_bonds"]), exact(values["aromatic_proportion"], 2)
    facts = voice.order([
        f"Crippen logP {logp}",
        f"molar mass {mass} g/mol",
        f"rotatable bonds {bonds}",
        f"aromatic proportion {share}",
    ])  # fmt: skip
    result = (
        Decimal("0.16")
        - Decimal("0.63") * logp
        - Decimal("0.0062") * mass
        + Decimal("0.066") * bonds
        - Decimal("0.74") * share
    )
    value = shown(result, 2)
    sign, size = ("-", logp) if logp >= 0 else ("+", -logp)
    equation = (
        f"0.16 {sign} 0.63 * {size} - 0.0062 * {mass} + 0.066 * {bonds} - 0.74 * {share} = {value}"
    )
    head = voice.say(
        "Delaney's equation needs four numbers:",
        "For the ESOL equation:",
        "Solubility falls with logP and size. Here",
        "Estimate from the structure:",
    )
    error = voice.say(
        f"Stated error: {ESOL_ERROR}.",
        f"The equation is good to {ESOL_ERROR}.",
        f"As an estimate it carries {ESOL_ERROR}.",
        f"Its author states {ESOL_ERROR}.",
    )
    name = voice.say("log S:", "Estimate:", "So the logarithm is", "In log10(mol/L):")
    return Derived(f"{head} {', '.join(facts)}. {name} {equation}. {error}", value)


# Groups that carry a charge at pH 7.4, where log D is not log P.
_IONISED = (
    "[CX3](=O)[OX2H1]", "[SX4](=O)(=O)[OX2H1]", "P(=O)[OX2H1]", "c1nnn[nH]1", "c1nn[nH]n1",
    "[NX3;H2,H1,H0;!$(N-C=[O,S,N]);!$(N-[S,P]=O);!$(N-[c,n,o,s]);!$(N-C=C);!$(N-[N,O]);!$(N-C#N)]",
    "[NX2]=C([NX3])[NX3]", "[CX3](=O)[NX3H][OX2H]", "[+,-]",
)  # fmt: skip


@cache
def _patterns() -> tuple[Any, ...]:
    from rdkit import Chem

    return tuple(Chem.MolFromSmarts(smarts) for smarts in _IONISED)


def lipophilicity(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Estimate log D at pH 7.4 of a molecule that stays neutral by Crippen's contributions."""
    smiles = inputs["smiles"]
    if not molecules.descriptors(smiles):
        return None
    from rdkit import Chem
    from rdkit.Chem import rdMolDescriptors

    mol = Chem.MolFromSmiles(smiles.strip())
    # Nitro groups and N-oxides are written with charges that cancel out.
    bare = Chem.RemoveHs(mol)
    if any(bare.HasSubstructMatch(pattern) for pattern in _patterns()[:-1]):
        return None
    if Chem.GetFormalCharge(mol):
        return None
    whole = Chem.AddHs(mol)
    kinds = [0] * whole.GetNumAtoms()
    labels = [""] * whole.GetNumAtoms()
    parts = rdMolDescriptors._CalcCrippenContribs(whole, False, kinds, labels)
    summed: dict[tuple[str, Decimal], int] = {}
    for label, (part, _) in zip(labels, parts, strict=True):
        key = (label, exact(part, 4))
        summed[key] = summed.get(key, 0) + 1
    steps, terms, total = [], [], Decimal(0)
    for (label, part), count in sorted(summed.items()):
        product = count * part
        steps.append(f"type {label}: {count} * {part} = {product}")
        terms.append(str(product))
        total += product
    value = shown(total, 2)
    head = voice.say(
        "No group is ionised at pH 7.4, so log D is log P.",
        "Neither acid nor base at pH 7.4: log D equals log P.",
        "The molecule stays neutral at pH 7.4; take log P.",
        "Without ionised groups log D and log P agree.",
    )
    how = voice.say(
        "Crippen's contributions by atom type:",
        "Atom types after Wildman and Crippen:",
        "Each atom type adds its contribution:",
        "Sum the atomic contributions:",
    )
    end = voice.say(f"Stated error: {CRIPPEN_ERROR}.", f"The fit has {CRIPPEN_ERROR}.",
                    f"As an estimate it has {CRIPPEN_ERROR}.")  # fmt: skip
    added = f"{signed_sum(terms)} = {value}"
    text = f"{head} {how} {'; '.join(voice.order(steps))}. {added}. Crippen logP {value}. {end}"
    return Derived(text, value)


def brain(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Say whether a molecule passes the blood-brain barrier by Clark's equation."""
    values = molecules.descriptors(inputs["smiles"])
    if not values or values["charge"]:
        return None
    area, logp = exact(values["tpsa"], 1), exact(values["logp"], 2)
    result = Decimal("-0.0148") * area + Decimal("0.152") * logp + Decimal("0.139")
    value = shown(result, 2)
    passes = Decimal(value) >= -1
    sign, size = ("+", logp) if logp >= 0 else ("-", -logp)
    equation = f"-0.0148 * {area} {sign} 0.152 * {size} + 0.139 = {value}"
    facts = " and ".join(voice.order([f"TPSA {area}", f"Crippen logP {logp}"]))
    head = voice.say(
        f"Clark's equation takes {facts}.",
        f"Polar surface and lipophilicity decide: {facts}.",
        f"With {facts}:",
        f"A molecule with {facts}.",
    )
    rule = voice.say(
        "At least -1 (a tenth of the blood's level) counts as passing:",
        "The usual bound is -1:",
        "Compounds below -1 hardly enter:",
        "Above the bound of -1 it passes:",
    )
    said = voice.say("it passes.", "yes.", "above the bound.") if passes else voice.say(
        "it does not pass.", "no.", "below the bound."
    )  # fmt: skip
    error = voice.say(
        f"The equation has {CLARK_ERROR}.",
        f"Stated error: {CLARK_ERROR}.",
        f"It was fitted with {CLARK_ERROR}.",
    )
    text = f"{head} log BB: {equation}. {rule} {said} {error}"
    return Derived(text, "Yes" if passes else "No")


DERIVATIONS = (
    Derivation(
        "water solubility by Delaney",
        ("smiles",),
        "log S in mol/L from logP, mass, rotatable bonds and aromatic proportion",
        "doi:10.1021/ci034243x, with RDKit's Crippen logP for Clogp",
        solubility,
        ESOL_ERROR,
        ("smol_esol",),
    ),
    Derivation(
        "lipophilicity by Crippen",
        ("smiles",),
        "log D at pH 7.4 of a molecule without ionised groups, atom type by atom type",
        "doi:10.1021/ci990307l, through RDKit",
        lipophilicity,
        CRIPPEN_ERROR,
        ("smol_lipophilicity",),
    ),
    Derivation(
        "blood-brain barrier by Clark",
        ("smiles",),
        "log BB from polar surface and logP, against -1 (doi:10.1021/ci050135u)",
        "doi:10.1021/js980402t, with RDKit's TPSA and Crippen logP",
        brain,
        CLARK_ERROR,
        ("smol_bbbp",),
    ),
)
