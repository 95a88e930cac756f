"""Half-right answers: golds that are changed a little, to see over what range rewards spread."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from scireasoner.answers import Equation, FreeText
from scireasoner.evaluation.farming import LISTS, Field, frequent_names, joined, names_of, written
from scireasoner.tasks.balance import two_valued
from scireasoner.types import Fault, Sample

_ERRORS = (0.03, 0.1, 0.3, 1.0)
"""Standard deviations of the noise on a number, in scales of the task."""
_SHARES = (0.05, 0.15, 0.3, 0.5)
"""Shares of words, names or letters that are changed."""
_TRIES = 20
_CHANGED = 0.5
_COEFFICIENT = re.compile(r"(?<![\w)\]])[0-9]+(?= )")


def perturbed(field: Field) -> list[str | None]:
    """Return a changed gold for each row; None where the kind has nothing between right and wrong.

    Numbers get noise, lists lose and gain names, texts lose words, equations get other
    coefficients; everything else gets edits of letters that can still be read.
    """
    answer = field.task.answer
    if two_valued(field.task):
        return [None for _ in field.asked]
    rng = field.rng("perturbed")
    if isinstance(answer, LISTS):
        pool = frequent_names(field.task, field.known)
        return [_names(field, sample, pool, rng) for sample in field.asked]
    if isinstance(answer, FreeText):
        return [_words(sample.example or "", rng) for sample in field.asked]
    if isinstance(answer, Equation):
        return [_coefficients(written(field.task, s.example or ""), rng) for s in field.asked]
    scales = _scales(answer)
    if scales:
        return [_numbers(field, sample, scales, rng) for sample in field.asked]
    return [_letters(field, sample.example, rng) for sample in field.asked]


def _scales(answer: object) -> tuple[float, ...]:
    several: tuple[float, ...] = getattr(answer, "scales", ())
    one: float | None = getattr(answer, "scale", None)
    return several or (() if one is None else (one,))


def _names(field: Field, sample: Sample, pool: Sequence[object], rng: random.Random) -> str:
    share = rng.choice(_SHARES)
    names: list[object] = [n for n in names_of(field.task, sample) if rng.random() > share]
    wrong = max(1, round(share * max(len(names), 1)))
    return joined(field.task, [*names, *rng.choices(pool, k=wrong)] if pool else names)


def _words(text: str, rng: random.Random) -> str:
    share = rng.choice(_SHARES)
    return " ".join(word for word in text.split() if rng.random() > share)


def _coefficients(equation: str, rng: random.Random) -> str:
    """Change one in two coefficients of a balanced equation."""

    def change(found: re.Match[str]) -> str:
        return str(rng.randint(1, 6)) if rng.random() < _CHANGED else found.group()

    return _COEFFICIENT.sub(change, equation)


def _numbers(
    field: Field, sample: Sample, scales: Sequence[float], rng: random.Random
) -> str | None:
    gold = field.task.answer.read_gold(sample.gold)
    if isinstance(gold, Fault):
        return None
    values = gold if isinstance(gold, tuple) else (gold,)
    share = rng.choice(_ERRORS)
    noisy = (x + rng.gauss(0.0, share * scale) for x, scale in zip(values, scales, strict=True))
    return written(field.task, " ".join(f"{x:.8g}" for x in noisy))


def _letters(field: Field, raw: str | None, rng: random.Random) -> str | None:
    """Change letters until the text is another one that can be read."""
    if not raw:
        return None
    letters = sorted(set(raw))
    for _ in range(_TRIES):
        changed = list(raw)
        for _ in range(max(1, round(rng.choice(_SHARES) * len(raw) / 2))):
            place = rng.randrange(len(changed))
            changed[place] = rng.choice([*letters, ""])
        text = written(field.task, "".join(changed))
        if text != written(field.task, raw) and not isinstance(
            field.task.answer.parse(text), Fault
        ):
            return text
    return None
