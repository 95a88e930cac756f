"""The classical model that a user would try first, as a backend: a random forest of scikit-learn.

It knows the training split only, reads the features of :mod:`~scireasoner.evaluation.features`,
and answers in the task's own form, so that the one judge scores it like any model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from scireasoner.answers import EcNumbers, LabelSet
from scireasoner.errors import MissingTool
from scireasoner.evaluation.baselines import NUMERIC, Trained, held_out
from scireasoner.evaluation.features import features
from scireasoner.tasks.task import Task
from scireasoner.types import Fault, Prompt, Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOREST = "random forest"
MAX_TRAIN = 20_000
"""Training rows looked at by default."""

TREES = 100
_GROWN = 10  # trees grown at a time and forgotten: many classes would fill the memory
_LABELS = 100
_LABEL_LEAF = 3

_CLASSES = frozenset({"boolean", "label", "property label", "name"})
_SETS = frozenset({"label set", "ec numbers"})


def has_forest(task: Task) -> bool:
    """Return whether a forest can answer the task: numbers, classes and sets of labels.

    Not where a structure or a text has to be written, nor where nothing is given.
    """
    return bool(task.inputs) and task.answer.kind in NUMERIC | _CLASSES | _SETS


class ForestBackend(Trained):
    """A random forest for each task: 100 trees, the square root of the features at each split.

    Numbers get the mean of the trees, classes the largest mean share, sets of labels every label
    that most trees name (the likeliest one if none is).
    """

    name = FOREST

    def __init__(self, *tasks: Task, rows: int = MAX_TRAIN, seed: int = 0) -> None:
        super().__init__(*tasks, rows=rows)
        self.seed = seed
        self.seen: dict[str, str] = {}
        """Task -> the features that it was answered from, in words."""

    def answers(self, task: Task, prompts: Sequence[Prompt]) -> Sequence[str]:
        """Return the forest's answer to each prompt, as a raw text."""
        train = self.known(task)
        asked = held_out(task, prompts)
        x, y, words = features(task.inputs, [s.inputs for s in train], [s.inputs for s in asked])
        self.seen[task.name] = words
        kind = task.answer.kind
        if kind in NUMERIC:
            return self._numbers(task, train, x, y)
        if kind in _CLASSES:
            return self._classes([str(s.example) for s in train], x, y)
        return self._sets(task, train, x, y)

    def _numbers(self, task: Task, train: Sequence[Sample], x: Any, y: Any) -> list[str]:
        import numpy as np

        golds = [task.answer.read_gold(sample.gold) for sample in train]
        kept = [n for n, gold in enumerate(golds) if not isinstance(gold, Fault)]
        table = np.array([np.atleast_1d(golds[n]) for n in kept], dtype=np.float64)
        target = table[:, 0] if table.shape[1] == 1 else table
        made = sum(m.predict(y) * m.n_estimators for m in self._forests(x[kept], target)) / TREES
        return [" ".join(repr(round(float(v), 6)) for v in np.atleast_1d(row)) for row in made]

    def _classes(self, golds: Sequence[str], x: Any, y: Any) -> list[str]:
        import numpy as np

        names, codes = np.unique(np.array(golds), return_inverse=True)
        made = sum(
            m.predict_proba(y) * m.n_estimators for m in self._forests(x, codes, classes=True)
        )
        return [str(names[place]) for place in np.asarray(made).argmax(axis=1)]

    def _sets(self, task: Task, train: Sequence[Sample], x: Any, y: Any) -> list[str]:
        import numpy as np

        golds = [_labels(task.answer.read_gold(sample.gold)) for sample in train]
        counted = Counter(label for gold in golds for label in gold)
        names = [label for label, _ in counted.most_common(_LABELS)]
        place = {label: n for n, label in enumerate(names)}
        table = np.zeros((len(golds), len(names)))
        for row, gold in enumerate(golds):
            table[row, [place[label] for label in gold if label in place]] = 1.0
        if len(names) == 1:
            table = table[:, 0]
        forests = self._forests(x, table, leaf=_LABEL_LEAF)
        made = sum(m.predict(y) * m.n_estimators for m in forests) / TREES
        shares = np.asarray(made).reshape(len(y), -1)
        empty = isinstance(task.answer, LabelSet) and task.answer.none is not None
        return [_joined(task, _chosen(names, row, may_be_empty=empty)) for row in shares]

    def _forests(self, x: Any, y: Any, *, classes: bool = False, leaf: int = 1) -> Iterator[Any]:
        """Yield fitted forests of a few trees each, ``TREES`` in all."""
        try:
            from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
        except ImportError as error:
            raise MissingTool(
                "scikit-learn", "the classical baseline", "pip install 'scireasoner[classical]'"
            ) from error
        kind = RandomForestClassifier if classes else RandomForestRegressor
        for turn in range(TREES // _GROWN):
            made = kind(
                n_estimators=_GROWN,
                max_features="sqrt",
                min_samples_leaf=leaf,
                n_jobs=1,
                random_state=self.seed * TREES + turn,
            )
            yield made.fit(x, y)


def _labels(gold: Any) -> tuple[str, ...]:
    return () if isinstance(gold, Fault) else tuple(gold)


def _chosen(names: Sequence[str], shares: Floats, *, may_be_empty: bool) -> list[str]:
    """Return the labels with a share above one half, else the likeliest one."""
    found = [name for name, share in zip(names, shares, strict=True) if share > 0.5]
    # Nothing at all is an answer only where the empty set is likelier than every label.
    if found or (may_be_empty and shares.sum() < 0.5):
        return found
    return [names[int(shares.argmax())]]


def _joined(task: Task, labels: Sequence[str]) -> str:
    """Write labels as a raw gold of the task."""
    answer = task.answer
    if isinstance(answer, EcNumbers):
        return "; ".join(labels)
    assert isinstance(answer, LabelSet)
    return f"{(answer.gold_separators or answer.separators)[0]} ".join(labels)
