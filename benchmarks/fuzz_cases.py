"""What the parser fuzz asks of each answer kind, and second opinions on "correct".

A second opinion (`states`) never calls the parsers. It says whether a text can be meant as the
right answer at all: whether the right letters, digits, names or structure occur in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scireasoner import answers as a

LYSOZYME = "KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWW"
TRNA = "GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCC"
HAIRPIN = "((((((....))))))"
MARKS = ("Am", "m1A", "m5C", "m6A", "m6Am", "Psi")


@dataclass(frozen=True)
class Case:
    """One question: the kind, its gold, right and wrong raw answers, and a second opinion.

    ``single`` is whether two complete answers must be a fault; a list of names has no such thing.
    """

    kind: a.Answer
    gold: str | None
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    states: Callable[[str], bool]
    single: bool = True


def plain(text: str) -> str:
    """Fold what Unicode and typesetting make of one text."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub("[\u2010-\u2015\u2212\ufe63\uff0d]", "-", text)
    return text.casefold()


def has(*words: str) -> Callable[[str], bool]:
    """Say whether all of these occur, whatever stands between their words."""
    wanted = ["".join(c for c in plain(word) if c.isalnum()) for word in words]

    def states(text: str) -> bool:
        folded = "".join(c for c in plain(text) if c.isalnum())
        return all(word in folded for word in wanted)

    return states


def any_of(*words: str) -> Callable[[str], bool]:
    checks = [has(word) for word in words]
    return lambda text: any(check(text) for check in checks)


_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]{1,3})?")
_POWER = re.compile(r"(?:[x×·*⋅]|\\times|\\cdot)\s*10(?:\^|\*\*)?\s*\{?\s*([-+]?[0-9]{1,3})")


def numbers_in(text: str) -> list[float]:
    """Return every number that any reading of the digits could give, powers of ten applied."""
    folded = plain(text).replace("{,}", ",").replace("\\,", ",")
    variants = {folded, re.sub(r"(?<=[0-9])[,' ](?=[0-9]{3})", "", folded)}
    variants |= {re.sub(r"(?<![0-9])\.(?=[0-9])", " ", v) for v in variants}
    found = [float(m) for v in variants for m in _FLOAT.findall(v)[:400]]
    found += [-number for number in found]
    powers = {int(p) for v in variants for p in _POWER.findall(v)[:20]} | {0}
    powers |= {int(m) for m in re.findall(r"10\^?\{?([-+]?[0-9]{1,3})", folded)[:20]}
    tens = [float(f"1e{p}") for p in powers if abs(p) < 300]
    return [number * ten for number in found for ten in tens] + tens


def near(gold: float, tolerance: float, *factors: float) -> Callable[[str], bool]:
    def states(text: str) -> bool:
        slack = tolerance * 1.001 + 1e-9
        return any(
            abs(number * factor - gold) <= slack
            for number in numbers_in(text)
            for factor in (1.0, 0.01, *factors)
        )

    return states


@lru_cache(maxsize=50_000)
def _structure(smiles: str, stereo: bool) -> str | None:
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    mol = Chem.MolFromSmiles(smiles) if len(smiles) < 300 and smiles.isascii() else None
    if mol is None:
        return None
    for atom in mol.GetAtoms():
        atom.SetAtomMapNum(0)
    found = Chem.MolToSmiles(mol, isomericSmiles=stereo)
    return ".".join(sorted(found.split(".")))


def structure(gold: str, stereo: bool = True, joint: bool = False) -> Callable[[str], bool]:
    """Say whether some run of SMILES characters is this structure, read by RDKit itself."""
    target = _structure(gold, stereo)

    def states(text: str) -> bool:
        text = re.sub(r"(?i)answer(?::|[ \t]is)", "\n", text)
        text = re.sub(r"</?SMILES>", " @@ ", text)  # a run of its own that is no molecule
        if joint:
            text = "\n".join([re.sub(r"\s*[.;]\s*", ".", s) for s in (text, *text.split("\n"))])
        runs = re.findall(r"[A-Za-z0-9@+\-\[\]()=#$:/\\%.~]+", text)[:200]
        trimmed = {run.strip(".:@$") for run in runs} | set(runs)
        trimmed |= {t[1:-1] for t in trimmed} | {t.partition("{")[2].strip("}") for t in trimmed}
        return any(_structure(run, stereo) == target for run in trimmed if run)

    return states


def formula(gold: str) -> Callable[[str], bool]:
    """Say whether some run of letters and digits, brackets multiplied out, has these atoms."""

    def atoms(run: str) -> Counter[str]:
        run = re.sub(r"\(([A-Za-z0-9]*)\)([0-9]{0,3})", lambda m: m[1] * int(m[2] or 1), run)
        counts: Counter[str] = Counter()
        for element, count in re.findall(r"([A-Z][a-z]?)([0-9]*)", run):
            counts["H" if element in "DT" else element] += int(count or 1)
        return counts

    def states(text: str) -> bool:
        text = unicodedata.normalize("NFKC", text)
        text = re.sub(r"</?MOLFORMULA>|\\[a-z]+", " ", text)
        joined = re.sub(r"[\s_{}$*`.]", "", text)
        runs = re.findall(r"[A-Z][A-Za-z0-9()\[\]]*", joined)
        runs += re.findall(r"[A-Z][A-Za-z0-9()\[\]]*", re.sub(r"[_{}$*`]", "", text))
        runs += re.findall(r"[A-Z][A-Za-z0-9()\[\]]*", re.sub(r"[_{}$*]", "", text))
        runs += re.findall(r"[A-Z][A-Za-z0-9()\[\]]*", re.sub(r"[_{}]", "", text))
        spaced = re.sub(r"[{}$*`]", " ", re.sub(r"_\{?([0-9]+)\}?", r"\1", text))
        runs += re.findall(r"[A-Z][A-Za-z0-9()\[\]]*", spaced)
        runs += [match for run in runs for match in re.findall(r"(?:[A-Z][a-z]?[0-9]*)+", run)]
        return any(atoms(re.sub(r"[\[\]]", "", run)) == atoms(gold) for run in runs[:300])

    return states


def letters(gold: str, swap: tuple[str, str] = ("", "")) -> Callable[[str], bool]:
    def states(text: str) -> bool:
        run = "".join(c for c in text if c.isascii() and c.isalpha()).upper()
        return gold in (run.replace(*swap) if swap[0] else run)

    return states


def anything(text: str) -> bool:
    """No second opinion: the kind has no gold, its own rules are checked in `sound`."""
    return True


YES_STEMS = ("yes", "true", "positive", "present", "detect", "bind", "soluble", "find", "contain")
NO_STEMS = ("no", "false", "negative", "absent", "lack", "n't", "cannot", "without", "insoluble")


def cases() -> list[Case]:
    """Return the questions, one or more for every kind."""
    number = a.Number("K", 0, 2000, 20, 5)
    plain_number = a.Number(None, -1000, 2000, 1, 0.01)
    two = a.Numbers(("HK", "Dev"), (None, None), (-10, -10), (10, 10), (1, 1), (0.01, 0.01))
    gap = a.PropertyValue("band_gap", "eV", 0, 20, 1, 0.01)
    pair = a.Relations(("chemical", "disease"))

    def both(text: str) -> bool:
        return near(0.53, 0.01)(text) and near(-1.27, 0.01)(text)

    return [
        Case(number, "298.15", ("298.15", "298.15 K", "25 °C"), ("500", "12 K"),
             lambda t: near(298.15, 5)(t) or near(25, 5)(t)),
        Case(plain_number, "-1.27", ("-1.27", "-1.27e0", "-0.127 x 10^1"), ("1.27", "-12.7", "0"),
             near(-1.27, 0.01)),
        Case(two, "0.53, -1.27", ("HK: 0.53, Dev: -1.27", "0.53, -1.27"),
             ("HK: -1.27, Dev: 0.53", "0.53"), both),
        Case(gap, "1.37", ("1.37", "1.37 eV"), ("0.37", "2", "13.7"), near(1.37, 0.01, 1e-3)),
        Case(a.PropertyLabel("is_direct", ("True", "False")), "True", ("True",), ("False",),
             has("true")),
        Case(a.Boolean(), "True", ("Yes", "The motif is present."), ("No", "It is absent."),
             any_of(*YES_STEMS, "absent", "lack", "negative")),
        Case(a.Boolean(tag="text"), "False", ("No", "It does not bind."), ("Yes", "It binds."),
             any_of(*NO_STEMS, "not")),
        Case(a.Label(("alpha", "beta", "unknown")), "beta", ("beta",), ("alpha",), has("beta")),
        Case(a.Label(("Yes", "No", "Maybe"), leading=True), "Maybe", ("Maybe", "Maybe, as it is"),
             ("No", "Yes, as it is"), has("maybe")),
        Case(a.Choice(), "B", ("B", "(B)", "B) text"), ("A", "(C)", "D) text"), has("b")),
        Case(a.Entities("genes"), "BRCA1; TP53", ("TP53; BRCA1",), ("BRCA1", "EGFR"),
             has("brca1", ) , single=False),
        Case(a.LabelSet("marks", ",", labels=MARKS), "m6A, Psi", ("m6A, Psi", "Psi and m6A"),
             ("m6A", "m6Am, Psi"), lambda t: "m6a" in plain(t) and "psi" in plain(t), single=False),
        Case(a.EcNumbers(), "3.2.1.17", ("3.2.1.17", "EC 3.2.1.17"), ("3.2.1.18", "1.1.1.1"),
             has("32117"), single=False),
        Case(pair, "(h(+)-atpase, ulcer)", ("(h(+)-atpase, ulcer)",), ("(h(+)-atpase, gout)",),
             has("h", "atpase", "ulcer"), single=False),
        Case(a.Molecule(), "C[C@H](N)C(=O)O", ("C[C@H](N)C(=O)O", "[C@@H](C)(N)C(=O)O"),
             ("C[C@@H](N)C(=O)O", "CC(N)C(=O)O", "CCO"), structure("C[C@H](N)C(=O)O")),
        Case(a.Molecule(stereo=False), "CC(N)C(=O)O", ("C[C@H](N)C(=O)O",), ("CCO", "CC(N)C=O"),
             structure("CC(N)C(=O)O", stereo=False)),
        Case(a.MoleculeSet(), "CCO.CN", ("CN.CCO", "CCO; CN"), ("CCO", "CCO.CCO.CN"),
             structure("CCO.CN", joint=True)),
        Case(a.NovelMolecule(known=lambda: frozenset({"CCCCO"})), None, ("CCOC(C)=O",),
             ("CCCCO", "CCO"), anything, single=False),
        Case(a.Formula(), "C6H12O6", ("C6H12O6", "C_{6}H_{12}O_{6}"), ("C6H12O5",),
             formula("C6H12O6")),
        Case(a.IupacName(), "ethanol", ("ethanol", "ethyl alcohol"), ("methanol",),
             any_of("eth", "carbinol")),
        Case(a.Equation(), "C3H8 + O2 -> CO2 + H2O", ("C3H8 + 5 O2 -> 3 CO2 + 4 H2O",),
             ("C3H8 + 5 O2 -> 3 CO2 + 3 H2O",), has("c", "5", "3", "4")),
        Case(a.Material(), "Ti O", ("Ti O O <sg> <sg136>", "TiO2"), ("Ti Ti O", "Na Cl"),
             lambda t: "Ti" in t and "O" in t),
        Case(a.NovelMaterial(), None, ("Ti O O <sg> <sg136>",), ("Ti Ti O <sg> <sg136>",),
             anything, single=False),
        Case(a.ModulusMaterial(), "210", ("Ti O O <sg> <sg136>",), ("Na <sg1>",), anything,
             single=False),
        Case(a.Protein(), "MKVLATGGW", ("MKVLATGGW",), ("MKVLAT",), letters("MKVLATGGW")),
        Case(a.ProteinDesign(threshold=1.0), LYSOZYME, (LYSOZYME,), (LYSOZYME[::-1],),
             letters(LYSOZYME)),
        Case(a.Dna(), "ACGTAACC", ("ACGTAACC",), ("ACGTAACG",), letters("ACGTAACC")),
        Case(a.Rna(), "ACGUAACC", ("ACGUAACC", "ACGTAACC"), ("ACGUAACG",),
             letters("ACGUAACC", ("T", "U"))),
        Case(a.RnaDesign(), HAIRPIN, ("GGGGGGAAAACCCCCC",), ("A" * 16,), has("gg")),
        Case(a.NovelProtein(), None, (LYSOZYME,), ("M" * 30,), anything, single=False),
        Case(a.NovelRna(), None, (TRNA,), ("A" * 40,), anything, single=False),
        Case(a.FreeText("token_f1"), "It binds zinc ions", ("It binds zinc ions",), ("It bends",),
             has("binds", "zinc"), single=False),
    ]  # fmt: skip


def sound(case: Case, value: Any, target: Any, correct: bool) -> bool:
    """Whether a verdict follows from the value by a rule written here again."""
    if case.kind.kind in ("number", "property value"):
        tolerance = getattr(case.kind, "tolerance", 0.0)
        return correct == (abs(value - target) <= tolerance)
    if case.kind.kind == "numbers":
        return correct == all(abs(v - t) <= 0.01 for v, t in zip(value, target, strict=True))
    if case.kind.kind == "novel molecule":
        carbons = "C" in value or "c" in value
        return not correct or (carbons and not set(".*") & set(value) and value != "CCCCO")
    if case.kind.kind in ("novel protein", "novel rna"):
        return not correct or (len(set(value)) > 3 and 20 <= len(value) <= 1024)
    if case.kind.kind in ("material", "novel material", "modulus material"):
        return not correct or len(set(re.findall(r"\b[A-Z][a-z]?\b", value))) > 1
    if case.kind.kind in ("rna design", "free text", "equation"):
        return True
    return correct == (value == target)
