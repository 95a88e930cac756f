"""The classical baseline: its features against hand-made values, its answers on small tasks."""

from __future__ import annotations

import random

import pytest
from tests.evaluation.conftest import make, rows_of

from scireasoner.answers import Boolean, LabelSet, Number
from scireasoner.evaluation.features import composition, features, kmer_names, kmers, morgan
from scireasoner.evaluation.forest import ForestBackend, has_forest
from scireasoner.evaluation.run import evaluate
from scireasoner.metrics import ACCURACY, mae
from scireasoner.science.formulas import ELEMENTS
from scireasoner.tasks.task import Task


@pytest.mark.parametrize(
    ("text", "share"),
    [("ACGT", {"A": 1 / 4, "AC": 1 / 3, "TT": 0}), ("AAN", {"A": 1, "AA": 1}), ("", {"A": 0})],
)
def test_kmers(text: str, share: dict[str, float]) -> None:
    row = dict(zip(kmer_names("ACGT", 2), kmers([text], "ACGT", 2)[0], strict=False))
    assert {name: pytest.approx(value) for name, value in share.items()} == {
        name: row[name] for name in share
    }


def test_the_last_kmer_column_is_the_length() -> None:
    found = kmers(["ACGT", "A"], "ACGT", 2)
    assert found.shape == (2, 4 + 16 + 1)
    assert list(found[:, -1]) == [4, 1]


def test_morgan_counts_are_of_environments() -> None:
    found = morgan(["CCO", "OCC", "C" * 12, "not a molecule"])
    assert (found[0] == found[1]).all()
    assert found[2].max() > 4
    assert found[3].sum() == 0


def test_composition_has_fractions_and_weighted_means() -> None:
    found = composition(["Fe2O3", "O", "nonsense"])
    iron, oxygen = ELEMENTS.index("Fe"), ELEMENTS.index("O")
    assert found[0, [iron, oxygen]] == pytest.approx([0.4, 0.6])
    assert found[0, len(ELEMENTS)] == 2
    # mean and mean deviation of the atomic number: 0.4 * 26 + 0.6 * 8, and about it
    first = len(ELEMENTS) + 1
    assert found[0, first] == pytest.approx(15.2)
    assert found[0, first + 10] == pytest.approx(0.4 * 10.8 + 0.6 * 7.2)
    assert found[1, first + 10] == 0
    assert found[2].sum() == 0


@pytest.mark.parametrize(
    ("notation", "known", "words", "columns"),
    [
        ("smiles", ["CCO", "CCN", "CCC", "CCCl"], "Morgan fingerprint counts", None),
        ("text", ["HeLa", "HL-60"] * 8, "categories", 2),
        ("text", [f"void {n}, pore {n + 1} A" for n in range(16)], "numbers of the text", 2),
        ("text", [f"gene{'ABCDEFGHIJKLMNOP'[n]}" for n in range(16)], "n-grams of the text", None),
        ("dna", ["ACGT", "ACGA", "ACGG", "TCGT"], "k-mer counts", None),
    ],
)
def test_features_follow_the_notation(
    notation: str, known: list[str], words: str, columns: int | None
) -> None:
    rows = [{"x": text} for text in known]
    left, right, said = features({"x": notation}, rows, rows[:2])
    assert said == words
    assert left.shape[1] == right.shape[1] == (columns or left.shape[1]) > 0
    assert (left[:2] == right).all()


def dna(seed: int, count: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices("ACGT", k=40)) for _ in range(count)]


def share_of_a(text: str) -> str:
    return f"{text.count('A') / len(text):.3f}"


DNA = {"inputs": {"dna": "dna"}, "prompt": "{dna}?"}


def test_numbers_that_follow_from_the_counts_are_found() -> None:
    train, test = ([(t, share_of_a(t)) for t in dna(seed, n)] for seed, n in ((1, 120), (2, 20)))
    task = make(
        "share",
        **DNA,
        answer=Number(None, low=0, high=1, scale=0.1, tolerance=0.05),
        data=rows_of(train, test, "dna"),
        metrics=(mae("", 0, 1), ACCURACY),
    )
    found = evaluate([task], ForestBackend(task))["share"]
    assert found.estimates["MAE"].value < 0.04
    again = evaluate([task], ForestBackend(task))["share"]
    assert [o.value for o in found.outcomes] == [o.value for o in again.outcomes]


def test_classes_and_sets_of_labels_are_written_in_the_tasks_own_form() -> None:
    def rows(kind: str) -> object:
        def gold(text: str) -> str:
            much, little = text.count("A") > 10, text.count("C") > 10
            if kind == "set":
                return "; ".join(n for n, on in (("a", much), ("c", little)) if on) or "none"
            return "yes" if much else "no"

        parts = [[(t, gold(t)) for t in dna(seed, n)] for seed, n in ((3, 150), (4, 30))]
        return rows_of(parts[0], parts[1], "dna")

    yes = make("yes", **DNA, answer=Boolean(), data=rows("yes"), metrics=(ACCURACY,))
    sets = make("sets", **DNA, answer=LabelSet("bases"), data=rows("set"), metrics=(ACCURACY,))
    for task in (yes, sets):
        result = evaluate([task], ForestBackend(task))[task.name]
        assert result.answered == 1.0
        assert result.estimates["accuracy"].value > 0.6


def test_only_tasks_with_an_input_and_a_plain_answer_have_a_forest(
    boiling: Task, formula: Task, novel: Task
) -> None:
    assert [has_forest(task) for task in (boiling, formula, novel)] == [True, False, False]
