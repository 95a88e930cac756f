"""Answers that a model could farm rewards with: texts that know the training rows, not the gold.

Each strategy gives one text a row, or None where the task has no such answer. The text goes to the
one judge like any completion.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from scireasoner.answers import (
    Boolean,
    Choice,
    EcNumbers,
    Entities,
    Label,
    LabelSet,
    PropertyLabel,
    Relations,
)
from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, strip_tags
from scireasoner.tasks.task import Task
from scireasoner.types import Fault, Sample

LISTS = (Entities, LabelSet, EcNumbers, Relations)
"""Kinds whose answer is a set of names."""
_HEDGE = 8
_EVERY = 40
_PADDING = 30_000
_RATIOS = ((1,), (2,), (3,), (4,), (1, 2), (2, 1), (2, 3), (1, 4), (2, 4))
"""How often the last elements stand; those before them stand once."""
_LETTERS: Mapping[str, str] = MappingProxyType(
    {"protein": "ACDEFGHIKLMNPQRSTVWY", "dna": "ACGT", "rna": "ACGU"}
)


@dataclass(frozen=True)
class Field:
    """What is farmed.

    Parameters
    ----------
    task : whose reward.
    known : training rows, all that a farmer has seen.
    asked : the rows that are answered.
    seed : of everything random.
    """

    task: Task
    known: Sequence[Sample]
    asked: Sequence[Sample]
    seed: int = 0

    def rng(self, what: str) -> random.Random:
        """Return the random numbers of one strategy."""
        return random.Random(f"{self.seed}:{self.task.name}:{what}")

    @property
    def examples(self) -> list[str]:
        """The right answers of the training rows as raw texts."""
        return [sample.example for sample in self.known if sample.example is not None]


def written(task: Task, raw: str) -> str:
    """Return a raw text as an answer; as it is where it cannot stand in the task's tag."""
    try:
        return task.answer.write(raw)
    except InputError:
        return raw


def joined(task: Task, names: Iterable[object]) -> str:
    """Return parsed names of a list kind as one answer."""
    if isinstance(task.answer, Relations):
        texts = [f"({', '.join(map(str, slots))})" for slots in names]  # type: ignore[call-overload]
        return ", ".join(texts) or "none"
    separators = getattr(task.answer, "separators", ";")
    return f"{separators[0]} ".join(map(str, names)) or (getattr(task.answer, "none", "") or "none")


def names_of(task: Task, sample: Sample) -> tuple[object, ...]:
    """Return the parsed names of a row's gold; none where it cannot be read."""
    gold = task.answer.read_gold(sample.gold)
    return () if isinstance(gold, Fault) else tuple(gold)


def frequent_names(task: Task, known: Sequence[Sample]) -> list[object]:
    """Return the names of all golds of a list kind, the most frequent first."""
    count = Counter(name for sample in known for name in names_of(task, sample))
    return [name for name, _ in count.most_common()]


def empty(field: Field) -> list[str | None]:
    """Return nothing, for each row."""
    return ["" for _ in field.asked]


def copies(field: Field) -> list[list[str | None]]:
    """Return the ways to copy the prompt: the question, and each input as the answer."""
    task = field.task
    ways: list[list[str | None]] = [[task.question(s.inputs) for s in field.asked]]
    notation = getattr(task.answer, "notation", NOTATIONS["text"])
    for name in dict.fromkeys(name for sample in field.asked for name in sample.inputs):
        values = [sample.inputs.get(name, "") for sample in field.asked]
        # Never by ``write``, which may solve the question (it balances equations).
        ways.append([notation.wrap(strip_tags(value)) for value in values])
    return ways


def fixed_ratios(field: Field) -> list[list[str | None]]:
    """Return the asked elements in a fixed ratio, for kinds that ask for elements; else nothing."""
    if field.task.answer.kind != "material":
        return []
    ways: list[list[str | None]] = []
    for ratio in _RATIOS:
        texts: list[str | None] = []
        for sample in field.asked:
            elements = (sample.gold or "").split()
            counts = (1,) * len(elements) + ratio
            pairs = zip(elements, counts[-len(elements) :], strict=True)
            texts.append(written(field.task, " ".join(e for e, n in pairs for _ in range(n))))
        ways.append(texts)
    return ways


def another(field: Field) -> list[str | None]:
    """Return the right answer of some other training row: valid, and of a plausible size."""
    rng, task = field.rng("another"), field.task
    pool = field.examples
    drawn = []
    for sample in field.asked:
        found = next((x for x in rng.choices(pool, k=20) if x != sample.example), None)
        drawn.append(None if found is None else written(task, found))
    return drawn


def random_letters(field: Field) -> list[str | None]:
    """Return a random sequence as long as the asked structure, else as some training answer."""
    notation = getattr(field.task.answer, "notation_name", "")
    letters = _LETTERS.get(notation)
    if letters is None:
        return [None for _ in field.asked]
    rng = field.rng("letters")
    lengths = [len(example) for example in field.examples]
    designs = field.task.answer.kind == "rna design"
    texts: list[str | None] = []
    for sample in field.asked:
        size = len(sample.gold or "") if designs else rng.choice(lengths)
        texts.append(written(field.task, "".join(rng.choices(letters, k=size))))
    return texts


def every(field: Field) -> list[str | None]:
    """Return every label of a closed list at once, or the most frequent names of an open one."""
    answer = field.task.answer
    if isinstance(answer, Boolean):
        text = f"{answer.yes} and {answer.no}"
    elif isinstance(answer, Label):
        text = ", ".join(answer.labels)
    elif isinstance(answer, PropertyLabel):
        text = ", ".join(answer.write(label) for label in answer.labels)
    elif isinstance(answer, Choice):
        text = ", ".join(f"({letter})" for letter in answer.letters)
    elif isinstance(answer, LISTS):
        labels = getattr(answer, "labels", None)
        text = joined(field.task, labels or frequent_names(field.task, field.known)[:_EVERY])
    else:
        return [None for _ in field.asked]
    return [text for _ in field.asked]


def hedged(field: Field) -> list[str | None]:
    """Return a list of eight answers, the right one among them."""
    rng, task = field.rng("hedged"), field.task
    texts: list[str | None] = []
    for sample in field.asked:
        others = rng.sample(field.known, min(_HEDGE - 1, len(field.known)))
        rows = [sample, *others]
        rng.shuffle(rows)
        if isinstance(task.answer, LISTS):
            names = dict.fromkeys(name for row in rows for name in names_of(task, row))
            texts.append(joined(task, names))
        else:
            texts.append(" ".join(written(task, row.example or "") for row in rows))
    return texts


def broken_tags(field: Field) -> list[str | None]:
    """Return the right answer in a tag that is opened and never closed."""
    notation = getattr(field.task.answer, "notation", None)
    if notation is None or not notation.tag:
        return [None for _ in field.asked]
    return [
        written(field.task, sample.example or "").removesuffix(notation.closing)
        for sample in field.asked
    ]


def over_long(field: Field) -> list[str | None]:
    """Return the right answer, then blanks and words beyond any limit."""
    padding = " and so on" * (_PADDING // 10)
    return [written(field.task, sample.example or "") + padding for sample in field.asked]


STRATEGIES: Mapping[str, Callable[[Field], list[str | None]]] = MappingProxyType(
    {
        "empty": empty,
        "every label": every,
        "hedged list": hedged,
        "other row's gold": another,
        "random letters": random_letters,
        "broken tags": broken_tags,
        "over-long": over_long,
    }
)
"""Every strategy that gives one text a row, by its name; constants and copies are searched."""
