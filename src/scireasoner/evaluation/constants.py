"""The best constant answer: candidates from training golds, and their scores on rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from scireasoner.answers import FreeText
from scireasoner.evaluation.farming import (
    LISTS,
    Field,
    frequent_names,
    joined,
    random_letters,
    written,
)
from scireasoner.tasks.balance import aspects
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Fault, Mode, Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

_FREQUENT, _RANDOM, _SHORT = 12, 24, 4
_QUANTILES = 41
_POOL = 40
_LONGEST = 16
_EXPONENTS = (1.0, 2.0, 4.0)
_BAGS = (4, 8, 16, 32, 64)


def candidates(field: Field) -> list[str]:
    """Return answers that may be given to every row, as texts."""
    task, examples = field.task, field.examples
    frequent = [raw for raw, _ in Counter(examples).most_common(_FREQUENT)]
    some = field.rng("constants").sample(examples, min(_RANDOM, len(examples)))
    short = sorted(set(examples), key=lambda raw: (len(raw), raw))[:_SHORT]
    raws = list(dict.fromkeys([*frequent, *some, *short]))
    texts = [written(task, raw) for raw in raws] + [written(task, raw) for raw in _central(field)]
    if task.open_ended:
        texts += [text for text in random_letters(field)[:1] if text is not None]
    if isinstance(task.answer, FreeText):
        texts += _bags(examples)
    if isinstance(task.answer, LISTS):
        texts += _lists(field)
    return list(dict.fromkeys(texts))


def _central(field: Field) -> list[str]:
    """Return the quantiles of numbers; of several numbers, the same quantile of each."""
    import numpy as np

    golds = [field.task.answer.read_gold(sample.gold) for sample in field.known]
    rows = [g if isinstance(g, tuple) else (g,) for g in golds if not isinstance(g, Fault)]
    # Yes and no are numbers too, for Python.
    if not rows or not all(type(x) is float for row in rows for x in row):
        return []
    table: Scores = np.quantile(np.array(rows), np.linspace(0.0, 1.0, _QUANTILES), axis=0)
    return [" ".join(repr(float(x)) for x in row) for row in table]


def _bags(examples: Sequence[str]) -> list[str]:
    """Return the most frequent words of all texts, as often as a text has them."""
    words = [re.findall(r"[\w-]+", text.casefold()) for text in examples]
    count = Counter(word for text in words for word in set(text))
    common = [word for word, _ in count.most_common(max(_BAGS))]
    return [" ".join(common[:size]) for size in _BAGS if common]


def _lists(field: Field) -> list[str]:
    """Return lists of names found greedily: each time the name that raises the mean most."""
    task = field.task
    pool = frequent_names(task, field.known)[:_POOL]
    found: list[str] = []
    rows = field.known[:150]
    for exponent in _EXPONENTS:
        chosen: list[object] = []
        best = 0.0
        while len(chosen) < _LONGEST:
            left = [name for name in pool if name not in chosen]
            texts = [joined(task, [*chosen, name]) for name in left]
            if not texts:
                break
            means = (scores_of_constants(task, texts, rows) ** exponent).mean(axis=1)
            if means.max() <= best:
                break
            best = float(means.max())
            chosen.append(left[int(means.argmax())])
            found.append(joined(task, chosen))
    return found


def scores_of_constants(task: Task, texts: Sequence[str], rows: Sequence[Sample]) -> Scores:
    """Return the score of each text for each row, (texts, rows); a fault scores 0.

    Read and compared as the judge does, with each text read once.
    """
    import numpy as np

    golds = [task.answer.read_gold(sample.gold) for sample in rows]
    table = np.zeros((len(texts), len(rows)))
    for i, text in enumerate(texts):
        value = task.answer.parse(text)
        if isinstance(value, Fault):
            continue
        table[i] = [
            0.0 if isinstance(gold, Fault) else task.answer.compare(value, gold)[0]
            for gold in golds
        ]
    return table


def best_by_aspect(
    task: Task, table: Scores, trained: Sequence[Sample], asked: Sequence[Sample]
) -> list[int]:
    """Return for each asked row which constant earns most where the same is asked about.

    Parameters
    ----------
    table : the reward of each constant on the trained rows, (texts, rows).

    Returns
    -------
    The place of a text for each asked row; the best overall where nothing alike was trained on.
    """
    import numpy as np

    found = aspects(task, [*trained, *asked])
    known, wanted = found[: len(trained)], found[len(trained) :]
    overall = int(table.mean(axis=1).argmax())
    best: dict[Hashable, int] = {}
    for aspect in dict.fromkeys(known):
        columns = np.array([one == aspect for one in known])
        best[aspect] = int(table[:, columns].mean(axis=1).argmax())
    return [best.get(aspect, overall) for aspect in wanted]


def scores_of_texts(task: Task, texts: Sequence[str | None], rows: Sequence[Sample]) -> Scores:
    """Return the score that the judge gives to each row's own text, (rows,); none scores 0."""
    import numpy as np

    return np.array(
        [
            0.0 if text is None else task.judge(sample, Completion(text, 0), Mode.INSTANT).score
            for text, sample in zip(texts, rows, strict=True)
        ]
    )
