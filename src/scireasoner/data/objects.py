"""What a row is about: molecules, sequences and compositions in one spelling, as 64-bit keys.

Two rows are compared by these keys and never by their texts, so that another SMILES of a molecule
or the other strand of a DNA is still the same object. Of 10 million different texts two share a
key by chance with a probability of 3e-6.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science import materials, molecules, nucleotides, proteins
from scireasoner.science.formulas import CHARGE, ELEMENTS
from scireasoner.science.formulas import parse as parse_formula
from scireasoner.science.text import normalise_entity
from scireasoner.tasks.task import QUESTION, Task
from scireasoner.types import Domain, Sample


class Kind(StrEnum):
    """How two objects are compared."""

    MOLECULE = "molecule"
    NAME = "name"
    PROTEIN = "protein"
    DNA = "dna"
    RNA = "rna"
    COMPOSITION = "composition"
    TEXT = "text"


SEQUENCES = (Kind.PROTEIN, Kind.DNA, Kind.RNA, Kind.TEXT)
"""The kinds that are also compared by likeness."""

_PLAIN = frozenset({"text", "number", "boolean"})
_SPACE = re.compile(r"\s+")
_AMOUNT = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*)")
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Thing:
    """One object in one spelling.

    Parameters
    ----------
    text : the canonical text; kept only for the kinds that are compared by likeness.
    """

    kind: Kind
    key: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a row is about.

    Parameters
    ----------
    question : key of the whole question up to notation.
    subject : key of what must not be in training and test both; None where that is the question.
    things : the objects that other tasks may hold too.
    """

    question: int
    subject: int | None
    things: tuple[Thing, ...]


def key_of(*parts: str) -> int:
    """Return a 64-bit hash of texts."""
    digest = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def plain(text: str) -> str:
    """Return a text in Unicode form NFKC with single spaces; letters keep their case (SMILES)."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def thing(text: str, notation: str) -> Thing | None:
    """Return the object that a text in a notation stands for, None if it is not valid there."""
    kind_of = _KINDS.get(notation)
    if kind_of is None:
        return None
    spelling = _spelling(text.strip(), kind_of)
    if spelling is None:
        return None
    return Thing(kind_of, key_of(kind_of, spelling), spelling if kind_of in SEQUENCES else "")


_KINDS: Mapping[str, Kind] = {
    "smiles": Kind.MOLECULE,
    "iupac": Kind.NAME,
    "protein": Kind.PROTEIN,
    "dna": Kind.DNA,
    "rna": Kind.RNA,
    "sirna": Kind.RNA,
    "material": Kind.COMPOSITION,
    "formula": Kind.COMPOSITION,
}


def _spelling(text: str, kind: Kind) -> str | None:
    if kind is Kind.MOLECULE:
        return molecules.canonical(text)
    if kind is Kind.NAME:
        return normalise_entity(text) or None
    if kind is Kind.COMPOSITION:
        return composition(text)
    if kind is Kind.PROTEIN:
        return proteins.clean(text)
    if kind is Kind.DNA:
        strand = nucleotides.clean_dna(text)
        return strand and min(strand, nucleotides.reverse_complement(strand))
    # RNA is often written with the letters of DNA.
    return nucleotides.clean_rna(text.upper().replace("T", "U"))


def composition(text: str) -> str | None:
    """Return the reduced composition as shares of atoms, elements in alphabetical order.

    Formulas (``Fe2O3``), repeated elements (``Fe Fe O O O``) and fractional amounts
    (``Fe0.4O0.6``) of one composition are the same. None if the text is none of these.
    """
    tokens = materials.from_tokens(text)
    counts: Mapping[str, float] | None = tokens[0] if tokens else parse_formula(text)
    amounts = dict(counts) if counts else _fractions(text)
    amounts.pop(CHARGE, None)
    total = sum(amounts.values())
    if total <= 0:
        return None
    return " ".join(f"{e}{round(n / total, _DIGITS)}" for e, n in sorted(amounts.items()) if n)


def _fractions(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    at = 0
    for match in _AMOUNT.finditer(text):
        if match.start() != at or match[1] not in ELEMENTS or match[2] == ".":
            return {}
        found[match[1]] = found.get(match[1], 0.0) + float(match[2] or 1)
        at = match.end()
    return found if at == len(text) else {}


def spans(text: str) -> Iterator[tuple[str, str]]:
    """Yield (notation, content) of every tagged object in a text."""
    if "<" not in text:
        return
    for name in _KINDS:
        for span in find_spans(text, NOTATIONS[name]):
            yield name, span.text


@dataclass(frozen=True)
class Reader:
    """Reads what the rows of one task are about.

    Parameters
    ----------
    gold_is_product : in a reaction task, whether the answer is the product (else the input is).
    """

    task: Task
    gold_is_product: bool = False

    @property
    def answer_notation(self) -> str:
        """The notation of the answer if it is an object, else an empty text."""
        name = str(getattr(self.task.answer, "notation_name", ""))
        return name if name in _KINDS and name != "formula" else ""

    @property
    def strict(self) -> bool:
        """Whether one subject in training and test is a leak by itself.

        It is not where further inputs (an assay, a temperature) make it another question.
        """
        if self.task.domain is Domain.REACTION:
            return True
        return self.text_only or not any(n in _PLAIN for n in self.task.inputs.values())

    @property
    def text_only(self) -> bool:
        """Whether no input is an object, so that the row is about its answer."""
        return not any(notation in _KINDS for notation in self.task.inputs.values())

    def about(self, sample: Sample) -> About:
        """Return what a row is about."""
        asked: list[Thing] = []
        rest: list[str] = []
        for name, text in sorted(sample.inputs.items()):
            self._input(name, text, asked, rest)
        answer = self._answer(sample)
        keys = sorted(str(t.key) for t in asked)
        question = key_of(*keys, *rest)
        product = self._product(sample)
        if product is not None:
            return About(question, product.key, (product,))
        if not asked and answer is not None:
            # An example of what a constraint allows is not the only right answer.
            subject = answer.key if sample.reference is None else None
            return About(question, subject, (answer, *_texts(rest)))
        things = (*asked, *((answer,) if answer else ()))
        subject = key_of(*keys) if asked else None
        return About(question, subject, _unique(things) or _texts(rest))

    def _input(self, name: str, text: str, asked: list[Thing], rest: list[str]) -> None:
        notation = self.task.inputs.get(name, "text")
        found = thing(text, notation)
        if found is not None:
            asked.append(found)
            return
        # A question that brings its objects along keeps its wording as a further input.
        for inner, content in spans(text):
            if (inside := thing(content, inner)) is not None:
                asked.append(inside)
                text = text.replace(content, "")
        rest.append(plain(text))

    def _answer(self, sample: Sample) -> Thing | None:
        # The gold of a material to design is its elements; the material is the reference.
        designed = self.answer_notation == "material"
        text = sample.reference if designed else sample.example
        return thing(text, self.answer_notation) if self.answer_notation and text else None

    def _product(self, sample: Sample) -> Thing | None:
        """Return the product of a reaction: what its rows are told apart by."""
        if self.task.domain is not Domain.REACTION:
            return None
        if self.gold_is_product:
            return self._answer(sample)
        return next(
            (t for text in molecule_texts(self.task, sample) if (t := last_side(text))), None
        )


def molecule_texts(task: Task, sample: Sample) -> list[str]:
    """Return the molecules asked about, an input called product first."""
    named = sorted(sample.inputs.items(), key=lambda item: "product" not in item[0])
    texts = [text for name, text in named if task.inputs.get(name) == "smiles"]
    asked = sample.inputs.get(QUESTION, "")
    return texts or [span.text for span in find_spans(asked, NOTATIONS["smiles"])]


def last_side(text: str) -> Thing | None:
    """Return the molecule after the last arrow of a reaction SMILES, or the molecule itself."""
    return thing(text.rsplit(">", 1)[-1], "smiles")


def gold_is_product(task: Task, samples: Iterable[Sample]) -> bool:
    """Return whether a reaction task asks for the product: the side with fewer molecules."""
    if Reader(task).answer_notation != "smiles" or any("product" in n for n in task.inputs):
        return False
    asked = told = 0
    for sample in samples:
        texts = molecule_texts(task, sample)
        if not texts or sample.gold is None:
            continue
        if any(">" in text for text in texts):
            return False
        asked += 1 + ".".join(texts).count(".")
        told += 1 + sample.gold.count(".")
    return told < asked


def _texts(rest: list[str]) -> tuple[Thing, ...]:
    text = " ".join(rest)
    return (Thing(Kind.TEXT, key_of(Kind.TEXT, text), text),) if text else ()


def _unique(things: Iterable[Thing]) -> tuple[Thing, ...]:
    return tuple({t.key: t for t in things}.values())
