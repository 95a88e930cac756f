"""Names taken apart at their substituents: every part is a name that OPSIN reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scireasoner.notation.tags import NOTATIONS
from scireasoner.science import formulas, molecules, names
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice

_LONGEST = 140
_MOST_STEPS = 5
_SIMPLE = (  # noqa: SIM905 (words read better in lines)
    "fluoro|chloro|bromo|iodo|nitro|amino|hydroxy|oxo|cyano|azido|methyl|ethyl|propyl|butyl|pentyl|"
    "hexyl|methoxy|ethoxy|propoxy|butoxy|phenoxy|phenyl|benzyl|acetyl|benzoyl|formyl|cyclopropyl|"
    "cyclobutyl|cyclopentyl|cyclohexyl|tert-butyl|acetamido|benzamido|anilino|sulfanyl|"
    "dimethylamino|carbamoyl|carboxy|phenylmethoxy|methylsulfanyl|methylsulfonyl|trifluoromethyl"
).split("|")
_TIMES = {"": 1, "di": 2, "tri": 3, "tetra": 4, "bis": 2, "tris": 3}
_LOCANTS = r"(?:[0-9N]{1,2}[a-z]?'?(?:,[0-9N]{1,2}[a-z]?'?)*-)"
_HEAD = re.compile(
    rf"(?P<loc>{_LOCANTS})?(?P<times>di|tri|tetra)?"
    rf"(?P<sub>{'|'.join(sorted(_SIMPLE, key=len, reverse=True))})"
)
_BRACKET = re.compile(rf"(?P<loc>{_LOCANTS})?(?P<times>bis|tris)?(?P<open>[(\[])")
_STEREO = re.compile(r"\((?:[0-9]{0,2}[a-z]?[RSEZ],?)+\)-")


@dataclass(frozen=True, slots=True)
class Part:
    """One substituent: what is written, how often, its atoms, the hydrogens it replaces."""

    said: str
    times: int
    group: str
    replaced: int
    rest: str
    smiles: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A name taken apart: its parts from the outside, then the parent."""

    smiles: str
    parts: tuple[Part, ...]
    parent: str
    core: str


def taken_apart(name: str) -> Taken | None:
    """Peel substituents off the front of a name while OPSIN reads what remains."""
    bare = _STEREO.sub("", name)
    if len(name) > _LONGEST or not names.available():
        return None
    whole = _structure(name)
    if whole is None:
        return None
    lead, space, last = bare.rpartition(" ")
    parts: list[Part] = []
    current = _structure(bare)
    while current is not None and len(parts) < _MOST_STEPS:
        part = _peeled(lead + space, last, current)
        if part is None:
            break
        parts.append(part)
        current, last = part.smiles, part.rest.rpartition(" ")[2]
    if not parts:
        return None
    return Taken(whole, tuple(parts), parts[-1].rest, parts[-1].smiles)


def _structure(name: str) -> str | None:
    smiles = names.names_to_smiles([name])[0]
    return None if smiles is None else molecules.canonical(smiles)


def _peeled(lead: str, word: str, smiles: str) -> Part | None:
    """Take one substituent off; None if it cannot be done or the atoms do not add up."""
    found = _HEAD.match(word)
    if found is not None:
        said, group, end = found["sub"], found["sub"], found.end()
    else:
        found = _BRACKET.match(word)
        end = _closing(word, found.start("open")) if found else -1
        if found is None or end < 0:
            return None
        group = word[found.start("open") : end]
        said = group
    rest = lead + word[end:].lstrip("-")
    times = _TIMES[found["times"] or ""]
    if len(rest) < 4 or (found["loc"] and found["loc"].count(",") + 1 != times):
        return None
    remaining = _structure(rest)
    atoms = _group(group)
    if remaining is None or atoms is None or molecules.skeleton(smiles) is None:
        return None
    replaced = 2 if group == "oxo" else 1
    part = Part((found["loc"] or "") + (found["times"] or "") + said, times, atoms, replaced, rest,
                remaining)  # fmt: skip
    return part if _adds_up(smiles, part) else None


def _closing(text: str, at: int) -> int:
    """Return where the bracket that opens at a position is closed, past it; -1 if it is not."""
    depth = 0
    for place in range(at, len(text)):
        depth += text[place] in "([{"
        depth -= text[place] in ")]}"
        if depth == 0:
            return place + 1
    return -1


def _group(group: str) -> str | None:
    """Return the atoms of a substituent as a formula, from what it makes of methane."""
    if group == "oxo":
        return "O"
    bare = group if group[0] in "([" else f"({group})"
    counts = molecules.formula(_structure(f"{bare}methane") or "")
    if counts is None or formulas.CHARGE in counts:
        return None
    counts["C"], counts["H"] = counts.get("C", 0) - 1, counts.get("H", 0) - 3
    if min(counts.values()) < 0:
        return None
    return formulas.hill(counts) or None


def _adds_up(smiles: str, part: Part) -> bool:
    whole, rest = molecules.formula(smiles), molecules.formula(part.smiles)
    group = formulas.parse(part.group)
    if whole is None or rest is None or group is None:
        return False
    total = dict(rest)
    for element, count in group.items():
        total[element] = total.get(element, 0) + part.times * count
    total["H"] = total.get("H", 0) - part.times * part.replaced
    return {k: v for k, v in total.items() if v} == whole


def _change(part: Part) -> str:
    """Write what a substituent adds and replaces: ``+ 2 CH3 - 2 H``."""
    group = part.group if part.times == 1 else f"{part.times} {part.group}"
    hydrogens = part.times * part.replaced
    return f"+ {group} - {'H' if hydrogens == 1 else f'{hydrogens} H'}"


def _back(part: Part) -> str:
    group = part.group if part.times == 1 else f"{part.times} {part.group}"
    hydrogens = part.times * part.replaced
    return f"- {group} + {'H' if hydrogens == 1 else f'{hydrogens} H'}"


def _tag(kind: str, text: str) -> str:
    return NOTATIONS[kind].wrap(text)


def formula(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Add the substituents of a name to its parent."""
    taken = taken_apart(inputs["iupac"])
    if taken is None:
        return None
    counts, core = molecules.formula(taken.smiles), molecules.formula(taken.core)
    if counts is None or core is None or formulas.CHARGE in counts:
        return None
    result = formulas.hill(counts)
    head = voice.say("The parent", "Inside the name stands", "Without substituents it is",
                     "Start from", "The core")  # fmt: skip
    verb = "is" if head in ("The parent", "The core") else "that is,"
    parts = voice.order(f"{p.said}: {_change(p)}" for p in taken.parts)
    middle = voice.say(
        "Each substituent replaces hydrogen",
        "Substituents take the place of hydrogen",
        "Add the groups, less the hydrogens they replace",
        "Then the substituents",
    )
    changes = " ".join(_change(p) for p in reversed(taken.parts))
    end = voice.say("The formula is", "In all", "Altogether", "Formula:")
    text = (
        f"{head} {_tag('iupac', taken.parent)} {verb} {formulas.hill(core)}. "
        f"{middle} ({'; '.join(parts)}). {formulas.hill(core)} {changes} = {result}. "
        f"{end} {result}."
    )
    return Derived(text, result)


def structure(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Build a structure from the parent outwards, one substituent at a time."""
    taken = taken_apart(inputs["iupac"])
    if taken is None:
        return None
    steps = []
    smiles = taken.core
    larger = [inputs["iupac"], *(p.rest for p in taken.parts[:-1])]
    built = [taken.smiles, *(p.smiles for p in taken.parts[:-1])]
    for part, name, whole in zip(
        reversed(taken.parts), reversed(larger), reversed(built), strict=True
    ):
        joined = f"{_tag('smiles', smiles)} {_change(part)} = {_tag('smiles', whole)}"
        verb = voice.say("Adding", "With", "Attach", "Next")
        steps.append(f"{verb} {part.said} gives {_tag('iupac', name)}: {joined}.")
        smiles = whole
    head = voice.say("The parent", "The core", "Start:", "The name ends in a parent:")
    text = f"{head} {_tag('iupac', taken.parent)} is {_tag('smiles', taken.core)}."
    return Derived(" ".join([text, *steps]), taken.smiles)


def name(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Take a structure apart to a parent, then name it back with locants."""
    known = inputs["answer"]
    taken = taken_apart(known)
    if taken is None or taken.smiles != molecules.canonical(inputs["smiles"]):
        return None
    steps = []
    smiles = taken.smiles
    for part in taken.parts:
        verb = voice.say("Take off", "Remove", "Without", "Cut off")
        steps.append(
            f"{verb} {part.said}: {_tag('smiles', smiles)} {_back(part)} = "
            f"{_tag('smiles', part.smiles)}."
        )
        smiles = part.smiles
    core = voice.say("What remains", "The parent", "The core", "The rest")
    steps.append(f"{core} {_tag('smiles', smiles)} is named {_tag('iupac', taken.parent)}.")
    back = voice.say("Put back", "With its substituents", "Add the prefixes", "From the inside out")
    listed = ", ".join(p.said for p in reversed(taken.parts))
    steps.append(f"{back}: {listed}.")
    return Derived(" ".join(steps), known)


_OPSIN = "substitutive nomenclature; every part read with OPSIN, doi:10.1021/ci100384d"
DERIVATIONS = (
    Derivation(
        "formula of a name",
        ("iupac",),
        "the parent's formula, and what each substituent adds and replaces",
        _OPSIN,
        formula,
        tasks=("smol_iupac_to_formula",),
    ),
    Derivation(
        "structure of a name",
        ("iupac",),
        "the parent's structure, and the substituents joined one at a time",
        _OPSIN,
        structure,
        tasks=("smol_iupac_to_smiles",),
    ),
    Derivation(
        "name of a structure",
        ("smiles", "answer"),
        "the substituents taken off down to a parent, and the name put together",
        _OPSIN,
        name,
        tasks=("smol_smiles_to_iupac",),
    ),
)
