from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from scireasoner.answers import Boolean, Formula, Label, NovelMolecule, Number
from scireasoner.metrics import ACCURACY, UNIQUENESS, VALIDITY, mae
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family, Sample, Split


@dataclass(frozen=True)
class Rows:
    """Rows in memory."""

    rows: Mapping[Split, Sequence[Sample]]

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return self.rows[split]


def rows_of(train: Sequence[tuple[str, str]], test: Sequence[tuple[str, str]], key: str) -> Rows:
    def samples(pairs: Sequence[tuple[str, str]], split: Split) -> tuple[Sample, ...]:
        return tuple(Sample(f"{split}-{i}", {key: x}, y) for i, (x, y) in enumerate(pairs))

    parts = {Split.TRAIN: train, Split.DEV: [], Split.TEST: test}
    return Rows({split: samples(pairs, split) for split, pairs in parts.items()})


TRAIN_MOLECULES = [("CCO", "351.4"), ("c1ccccc1", "353.2"), ("CCCCCCCC", "398.8")]
TEST_MOLECULES = [
    ("CCCO", "370.3"),
    ("Cc1ccccc1", "383.8"),
    ("CCCCCCCCC", "423.9"),
    ("CCN", "290.0"),
]


def make(name: str, **changes: object) -> Task:
    options: dict[str, object] = {
        "suite": "test",
        "family": Family.PREDICTION,
        "domain": Domain.MOLECULE,
        "prompt": "What is the boiling point of {smiles}?",
        "inputs": {"smiles": "smiles"},
        "answer": Number("K", low=50, high=1200, scale=40, tolerance=15),
        "data": rows_of(TRAIN_MOLECULES, TEST_MOLECULES, "smiles"),
        "source": "made for a test",
        "licence": "none",
        "metrics": (mae("K", 50, 1200), ACCURACY),
    }
    return Task(name=name, **{**options, **changes})  # type: ignore[arg-type]


@pytest.fixture
def boiling() -> Task:
    return make("boiling")


@pytest.fixture
def formula() -> Task:
    data = rows_of(
        [("CCO", "C2H6O"), ("COC", "C2H6O"), ("C", "CH4")],
        [("CCC", "C3H8"), ("OCC", "C2H6O"), ("N", "NH3"), ("CC", "C2H6")],
        "smiles",
    )
    return make(
        "formula",
        family=Family.TRANSLATION,
        prompt="What is the formula of {smiles}?",
        answer=Formula(),
        data=data,
        metrics=(ACCURACY,),
    )


@pytest.fixture
def site() -> Task:
    data = rows_of(
        [("AAGAATTCAA", "EcoRI"), ("TTGGATCCTT", "BamHI"), ("CCGAATTCCC", "EcoRI")],
        [("GGGAATTCGG", "EcoRI"), ("ACGGATCCGT", "BamHI")],
        "dna",
    )
    return make(
        "site",
        family=Family.CLASSIFICATION,
        domain=Domain.DNA,
        prompt="Which enzyme cuts {dna}?",
        inputs={"dna": "dna"},
        answer=Label(("EcoRI", "BamHI")),
        data=data,
        metrics=(ACCURACY,),
    )


@pytest.fixture
def novel() -> Task:
    train = tuple(Sample(f"t{i}", {}, None, s) for i, s in enumerate(("CCCO", "CCCN", "CCCC")))
    test = tuple(Sample(f"x{i}", {}, None, "CCCF") for i in range(3))
    return make(
        "novel",
        family=Family.GENERATION,
        prompt="Invent a molecule.",
        inputs={},
        answer=NovelMolecule(low=3),
        data=Rows({Split.TRAIN: train, Split.DEV: (), Split.TEST: test}),
        metrics=(VALIDITY, UNIQUENESS),
        temperature=1.0,
    )


@pytest.fixture
def yes_no() -> Task:
    data = rows_of(
        [("C", "yes"), ("CC", "no"), ("CCC", "no")], [("CO", "no"), ("CN", "yes")], "smiles"
    )
    return make("yes_no", answer=Boolean(), data=data, metrics=(ACCURACY,))
