"""No task of a recipe trains on what another task of it holds out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from scireasoner import cores
from scireasoner.data import unleaked
from scireasoner.data.unleaked import HeldOut, Unleaked, dropped, read_ahead, together
from scireasoner.science.nucleotides import reverse_complement
from scireasoner.tasks.registry import get
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Task
from scireasoner.types import Sample, Split

LONG = "TTGACAATTAATCATCGGCTCGTATAATGTGTGGAATTGTGAGCGGATAACAATTTCACACAGG"


@dataclass(frozen=True)
class Rows:
    """Rows in memory."""

    rows: dict[Split, tuple[str, ...]]
    notation: str

    def load(self, task: str, split: Split) -> tuple[Sample, ...]:
        texts = self.rows.get(split, ())
        return tuple(Sample(f"{task}-{t}", {self.notation: t}, "1") for t in texts)

    def places(self, task: str) -> tuple[Place, ...]:
        place = get("smiles_to_formula").data.places(task)[0]
        return (replace(place, present=True),)


@dataclass(frozen=True)
class Given:
    """Whole rows in memory."""

    rows: dict[Split, tuple[Sample, ...]]

    def load(self, task: str, split: Split) -> tuple[Sample, ...]:
        return self.rows.get(split, ())

    def places(self, task: str) -> tuple[Place, ...]:
        place = get("smiles_to_formula").data.places(task)[0]
        return (replace(place, present=True, splits=tuple(Split)),)


def made(name: str, notation: str, train: str, dev: str = "", test: str = "") -> Task:
    rows = {Split.TRAIN: train, Split.DEV: dev, Split.TEST: test}
    split = {key: tuple(value.split()) for key, value in rows.items()}
    return replace(
        get("smiles_to_formula"),
        name=name,
        inputs={notation: notation},
        prompt=f"{{{notation}}}",
        data=Rows(split, notation),
    )


@pytest.mark.parametrize(
    ("notation", "train", "others_test", "kept"),
    [
        pytest.param("smiles", "CCO CCC CCN", "CCC", ["CCO", "CCN"], id="the same text"),
        pytest.param("smiles", "OCC CCC", "CCO", ["CCC"], id="another spelling of a molecule"),
        pytest.param("formula", "Fe2O3 NaCl", "O3Fe2", ["NaCl"], id="another order of elements"),
        pytest.param("dna", "ACGT acgg", "ACGG", ["ACGT"], id="letters of either case"),
        pytest.param("dna", f"{LONG} ACGT", LONG[5:50], ["ACGT"], id="a window around"),
        pytest.param("dna", f"{LONG[5:50]} ACGT", LONG, ["ACGT"], id="a window within"),
        pytest.param("dna", LONG, reverse_complement(LONG[5:50]), [], id="the other strand of one"),
        pytest.param("dna", LONG, LONG[5:30], [LONG], id="too few bases for a window"),
        pytest.param("protein", "MKV MKL", "MKA", ["MKV", "MKL"], id="nothing in common"),
    ],
)
def test_what_another_task_holds_out(
    notation: str, train: str, others_test: str, kept: list[str]
) -> None:
    first = made("first", notation, train)
    second = made("second", notation, "", test=others_test)
    guard = Unleaked(first, HeldOut((first, second)))
    rows = guard.load("first", Split.TRAIN)
    assert [row.inputs[notation] for row in rows] == kept
    assert guard.dropped == len(train.split()) - len(kept)


@pytest.mark.parametrize(
    ("train", "test"),
    [
        pytest.param("smiles_to_iupac", "iupac_to_smiles", id="a name the other way round"),
        pytest.param("iupac_to_smiles", "smiles_to_iupac", id="a molecule the other way round"),
        pytest.param("iupac_to_smiles", "smiles_to_formula", id="a molecule that is named"),
        pytest.param("smiles_to_formula", "smol_molecule_generation", id="a described molecule"),
        pytest.param("smiles_to_formula", "uspto50k_retrosynthesis", id="a product"),
    ],
)
def test_an_object_is_the_same_whether_asked_about_or_for(train: str, test: str) -> None:
    texts = {"smiles": "CCO", "iupac": "ethanol", "formula": "C2H6O", "text": "An alcohol."}

    def asked(name: str, split: Split) -> Task:
        task = get(name)
        inputs = {place: texts[notation] for place, notation in task.inputs.items()}
        gold = texts.get(str(getattr(task.answer, "notation_name", "")), "CC=O")
        return replace(task, data=Given({split: (Sample("1", inputs, gold),)}))

    first, second = asked(train, Split.TRAIN), asked(test, Split.TEST)
    assert Unleaked(first, HeldOut((first, second))).load(train, Split.TRAIN) == ()
    assert len(Unleaked(first, HeldOut((first,))).load(train, Split.TRAIN)) == 1


def test_development_rows_count_too_and_held_out_rows_stay() -> None:
    task = made("one", "dna", "ACGT AAAA", dev="AAAA", test="ACGT")
    guard = Unleaked(task, HeldOut((task,)))
    assert guard.load("one", Split.TRAIN) == ()
    assert len(guard.load("one", Split.TEST)) == len(guard.load("one", Split.DEV)) == 1


def test_the_embedded_tasks_are_split_together_already() -> None:
    tasks = together(("embedded",))
    assert not any(isinstance(task.data, Unleaked) for task in tasks)
    assert dropped(tasks) == {}


@pytest.mark.parametrize("count", [1, 2])
def test_rows_that_are_read_ahead_are_those_of_each_task_alone(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (cores, unleaked):
        monkeypatch.setattr(module, "cores", lambda: count)
    plain = (
        made("one", "smiles", "OCC CCC CCN", test="CCC"),
        made("two", "smiles", "CCC CCF", dev="CCO"),
        made("three", "dna", f"{LONG} ACGT", test=LONG[5:50]),
    )

    def guarded() -> tuple[Task, ...]:
        held_out = HeldOut(plain)
        return tuple(replace(task, data=Unleaked(task, held_out)) for task in plain)

    ahead, alone = guarded(), guarded()
    read_ahead(ahead)
    in_memory = [task.data.read for task in ahead if isinstance(task.data, Unleaked)]
    assert in_memory == [count > 1] * 3
    for one, other in zip(ahead, alone, strict=True):
        for split in Split:
            assert one.samples(split) == other.samples(split)
    assert dropped(ahead) == dropped(alone) == {"one": 2, "two": 1, "three": 1}
