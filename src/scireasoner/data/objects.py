"""What a row is about: molecules, sequences and compositions in one spelling, as 64-bit keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scireasoner.corpus.entities import (
    KINDS,
    SEQUENCES,
    Kind,
    Thing,
    composition,
    doubtful,
    key_of,
    last_side,
    plain,
    spans,
    thing,
)
from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.tasks.task import QUESTION, Task
from scireasoner.types import Domain, Sample

__all__ = [
    "SEQUENCES",
    "About",
    "Kind",
    "Reader",
    "Thing",
    "composition",
    "gold_is_product",
    "key_of",
    "last_side",
    "molecule_texts",
    "thing",
]

_PLAIN = frozenset({"text", "number", "boolean"})


@dataclass(frozen=True, slots=True)
class About:
    """What a row is about.

    Parameters
    ----------
    question : key of the whole question up to notation.
    subject : key of what must not be in training and test both; None where that is the question.
        One object has the same key whether it is asked about, made or described.
    things : the objects that other tasks may hold too.
    told : key of the object that answers a question about another one, such as a name; else None.
    """

    question: int
    subject: int | None
    things: tuple[Thing, ...]
    told: int | None = None


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
        return name if name in KINDS and name != "formula" else ""

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
        return not any(notation in KINDS for notation in self.task.inputs.values())

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
        subject = asked[0].key if len(asked) == 1 else key_of(*keys) if asked else None
        told = answer.key if answer and sample.reference is None else None
        return About(question, subject, _unique(things) or _texts(rest), told)

    def _input(self, name: str, text: str, asked: list[Thing], rest: list[str]) -> None:
        notation = self.task.inputs.get(name, "text")
        found = thing(text, notation) or doubtful(text, notation)
        if found is not None:
            asked.append(found)
            return
        # A question that brings its objects along keeps its wording as a further input.
        for inner, content in spans(text):
            if (inside := thing(content, inner) or doubtful(content, inner)) is not None:
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
