"""The answer that earns most when it is given to every question: searched over right answers."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scireasoner.answers import (
    EcNumbers,
    Entities,
    FreeText,
    LabelSet,
    Number,
    Numbers,
    PropertyValue,
    Relations,
)
from scireasoner.answers.base import Answer
from scireasoner.types import Fault

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_QUANTILES = 50
_FREQUENT = 12
_SPREAD = 18
_LONGEST_UNION = 15
_SKELETONS = (0.2, 0.35, 0.5, 0.7)


@dataclass(frozen=True)
class Constants:
    """Candidates for a constant answer, and what each scores on each row.

    Parameters
    ----------
    texts : the answers as a model would write them.
    scores : the judge's score of each on each row, shape (candidates, rows), in [0, 1].
    """

    texts: tuple[str, ...]
    scores: NDArray[np.float64]

    def best(self, weights: Sequence[float], exponent: float = 1.0) -> tuple[str, float]:
        """Return the answer with the largest weighted mean of score ** exponent, and that mean."""
        import numpy as np

        if not self.texts or not sum(weights):
            return "", 0.0
        means = np.average(self.scores**exponent, axis=1, weights=np.asarray(weights))
        place = int(means.argmax())
        return self.texts[place], float(means[place])


def constants(answer: Answer, known: Sequence[str], golds: Sequence[str | None]) -> Constants:
    """Return the candidates of a task and their scores.

    Parameters
    ----------
    known : right answers of the training rows, as raw texts.
    golds : the raw golds of the rows that the candidates are judged against.
    """
    import numpy as np

    values: dict[Any, str] = {}
    for raw in candidates(answer, known):
        text = answer.write(raw)
        value = answer.parse(text)
        if not isinstance(value, Fault):
            values.setdefault(value, text)
    targets = [answer.read_gold(gold) for gold in golds]
    scores = np.zeros((len(values), len(targets)))
    judged: dict[tuple[Any, Any], float] = {}
    for row, value in enumerate(values):
        for column, target in enumerate(targets):
            if isinstance(target, Fault):
                continue
            if (value, target) not in judged:
                judged[value, target] = answer.compare(value, target)[0]
            scores[row, column] = judged[value, target]
    return Constants(tuple(values.values()), scores)


def candidates(answer: Answer, known: Sequence[str]) -> list[str]:
    """Return raw texts that may earn something on many rows.

    Numbers: quantiles. Otherwise the most frequent answers and some that are spread evenly; for
    sets also the unions of the most frequent members, for texts the words that most texts share.
    """
    if isinstance(answer, Number | PropertyValue):
        return [repr(value) for value in _quantiles([float(raw) for raw in known])]
    if isinstance(answer, Numbers):
        rows = [row for raw in known if not isinstance(row := answer.read_gold(raw), Fault)]
        columns = [_quantiles(column) for column in zip(*rows, strict=True)]
        return ["; ".join(map(repr, values)) for values in zip(*columns, strict=True)]
    common = [raw for raw, _ in Counter(known).most_common(_FREQUENT)]
    spread = known[:: max(1, len(known) // _SPREAD)][:_SPREAD]
    return [*common, *spread, *_unions(answer, known), *_skeletons(answer, known)]


def majority(answer: Answer, known: Sequence[str]) -> str:
    """Return the median for a number, else the most frequent right answer, as a raw text."""
    if isinstance(answer, Number | PropertyValue):
        return repr(statistics.median(float(raw) for raw in known))
    if isinstance(answer, Numbers):
        made = candidates(answer, known)
        return made[len(made) // 2]
    return Counter(known).most_common(1)[0][0]


def _quantiles(values: Iterable[float]) -> list[float]:
    ordered = sorted(values)
    last = len(ordered) - 1
    return [ordered[round(last * place / _QUANTILES)] for place in range(_QUANTILES + 1)]


def _unions(answer: Answer, known: Sequence[str]) -> list[str]:
    """Return the one, two, three ... most frequent members of the sets, as raw texts."""
    if not isinstance(answer, Entities | LabelSet | EcNumbers | Relations):
        return []
    counts: Counter[Any] = Counter()
    for raw in known:
        value = answer.read_gold(raw)
        if not isinstance(value, Fault):
            counts.update(value)
    names = [_member(name) for name, _ in counts.most_common(_LONGEST_UNION)]
    between = getattr(answer, "gold_separators", None) or getattr(answer, "separators", ";")
    joint = ", " if isinstance(answer, Relations) else f"{between[0]} "
    return [joint.join(names[:size]) for size in range(1, len(names) + 1)]


def _member(name: str | tuple[str, ...]) -> str:
    return name if isinstance(name, str) else f"({', '.join(name)})"


def _skeletons(answer: Answer, known: Sequence[str]) -> list[str]:
    """Return the words that a share of all texts have, where they stand on average."""
    if not isinstance(answer, FreeText):
        return []
    places: dict[str, list[float]] = {}
    for raw in known:
        words = raw.split()
        seen: Counter[str] = Counter()
        for place, word in enumerate(words):
            seen[word] += 1
            # The second "the" of a text is a word of its own.
            key = f"{word} {seen[word]}"
            places.setdefault(key, []).append(place / len(words))
    found = []
    for share in _SKELETONS:
        chosen = {
            w: statistics.fmean(at) for w, at in places.items() if len(at) >= share * len(known)
        }
        words = [key.rsplit(" ", 1)[0] for key in sorted(chosen, key=lambda w: chosen[w])]
        if words:
            found.append(" ".join(words))
    return found
