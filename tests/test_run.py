"""Stages and their artifacts: run once, continued where interrupted, rerun when anything changes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import Artifact
from scireasoner.errors import ArtifactError, InputError
from scireasoner.recipe import Recipe, TokenizerConfig
from scireasoner.run import Run, Stage, latest_run, rows_of_newest_run, run_folder, run_stages
from scireasoner.settings import data_root, use_data_root

RECIPE = Recipe("toy", tasks=("smiles_to_formula",))


class Stopped(Exception):
    """Stands for a crash inside a stage."""


class Toy:
    """Three stages in a row; each writes a file, counts its runs, and can be made to stop."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ran: list[str] = []
        self.stop: str | None = None
        self.told: list[str] = []
        self.stages = (
            Stage("dig", (), ("data",), self._work("dig")),
            Stage("wash", ("dig",), ("tokenizer",), self._work("wash")),
            Stage("weigh", ("wash",), ("rl", "threads"), self._work("weigh")),
        )

    def _work(self, name: str) -> Callable[[Run, Path], Mapping[str, Any]]:
        def work(run: Run, out: Path) -> Mapping[str, Any]:
            self.ran.append(name)
            (out / "half.txt").write_text("first half")
            if self.stop == name:
                raise Stopped
            (out / "whole.txt").write_text(name)
            return {"grains": 3}

        return work

    def go(self, recipe: Recipe = RECIPE, last: str | None = None) -> list[str]:
        """Run; return the stages that did work this time."""
        self.ran, self.told = [], []
        run = Run(recipe, run_folder(recipe, self.root))
        run_stages(run, self.stages, last=last, tell=self.told.append)
        return self.ran

    @property
    def folder(self) -> Path:
        return run_folder(RECIPE, self.root)


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path)


def test_each_stage_is_run_once_in_order(toy: Toy) -> None:
    assert toy.go() == ["dig", "wash", "weigh"]
    assert toy.go() == []
    assert toy.told == [
        f"[{i}/3] {n}: done before" for i, n in enumerate(("dig", "wash", "weigh"), 1)
    ]


def test_the_run_notes_facts_settings_and_inputs(toy: Toy) -> None:
    toy.go()
    run = Run(RECIPE, toy.folder)
    assert run.facts("wash")["grains"] == 3
    manifest = Artifact(toy.folder / "weigh").manifest
    assert set(manifest.config) == {"rl", "threads", "tasks"}
    assert manifest.config["tasks"] == ["smiles_to_formula v1"]
    assert set(manifest.files) == {"half.txt", "whole.txt"}
    assert not (toy.folder / "weigh" / "started.json").exists()


def test_up_to_a_stage(toy: Toy) -> None:
    assert toy.go(last="wash") == ["dig", "wash"]
    assert toy.go() == ["weigh"]
    with pytest.raises(InputError, match=r"no stage 'wahs'; did you mean 'wash'\?; stages: dig"):
        toy.go(last="wahs")


# what differs -> stages that run again
CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"threads": 3}, ["weigh"]),
    ({"tokenizer": TokenizerConfig(999)}, ["wash", "weigh"]),
    ({"tasks": ("logp",)}, ["dig", "wash", "weigh"]),
    ({"evaluation": None}, []),  # no stage here depends on it
]


@pytest.mark.parametrize(("change", "again"), CHANGES, ids=["/".join(c[0]) for c in CHANGES])
def test_a_change_runs_what_depends_on_it(
    change: dict[str, Any], again: list[str], toy: Toy
) -> None:
    toy.go()
    assert toy.go(replace(RECIPE, **change)) == again


def test_another_seed_is_another_run(toy: Toy) -> None:
    toy.go()
    assert toy.go(replace(RECIPE, seed=1)) == ["dig", "wash", "weigh"]
    assert toy.go() == []
    assert sorted(p.name for p in toy.root.iterdir()) == ["toy-seed0", "toy-seed1"]


def test_an_interrupted_stage_goes_on_in_its_folder(toy: Toy) -> None:
    toy.stop = "wash"
    with pytest.raises(Stopped):
        toy.go()
    assert not (toy.folder / "wash" / "manifest.json").exists()
    (toy.folder / "wash" / "checkpoint-1").mkdir()
    (toy.folder / "wash" / "checkpoint-1" / "weights").write_text("x")
    (toy.folder / "wash" / ".whole.txt.77.partial").write_text("torn")
    toy.stop = None
    assert toy.go() == ["wash", "weigh"]
    assert sorted(p.name for p in (toy.folder / "wash").iterdir()) == [
        "half.txt", "manifest.json", "whole.txt",
    ]  # fmt: skip


def test_an_interrupted_stage_starts_over_if_its_settings_changed(toy: Toy) -> None:
    toy.stop = "wash"
    with pytest.raises(Stopped):
        toy.go()
    (toy.folder / "wash" / "stale.txt").write_text("from other settings")
    toy.stop = None
    toy.go(replace(RECIPE, tokenizer=TokenizerConfig(999)))
    assert not (toy.folder / "wash" / "stale.txt").exists()


def test_the_time_of_all_attempts_is_counted(toy: Toy) -> None:
    toy.stop = "dig"
    with pytest.raises(Stopped):
        toy.go()
    started = toy.folder / "dig" / "started.json"
    noted = json.loads(started.read_text())
    started.write_text(json.dumps({**noted, "seconds": 100.0}))
    toy.stop = None
    toy.go()
    assert Run(RECIPE, toy.folder).facts("dig")["seconds"] >= 100


def test_an_edited_file_stops_the_run(toy: Toy) -> None:
    toy.go()
    (toy.folder / "dig" / "whole.txt").write_text("dug")
    with pytest.raises(ArtifactError, match=r"dig/whole\.txt was changed .* delete .*dig and run"):
        toy.go()


def test_a_kill_after_the_manifest_loses_nothing(toy: Toy) -> None:
    """The manifest is written last; what is left over is tidied by the next run."""
    toy.go()
    (toy.folder / "dig" / "started.json").write_text("{}")
    (toy.folder / "dig" / "checkpoint-9").mkdir()
    assert toy.go() == []
    assert not (toy.folder / "dig" / "started.json").exists()
    assert not (toy.folder / "dig" / "checkpoint-9").exists()


def test_the_newest_finished_run_is_found(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no finished model under"):
        latest_run(tmp_path)
    for age, name in ((100, "old-seed0"), (50, "new-seed0"), (10, "unfinished-seed0")):
        folder = tmp_path / name / "rl"
        folder.mkdir(parents=True)
        if not name.startswith("un"):
            (folder / "manifest.json").write_text("{}")
            os.utime(folder / "manifest.json", (1e9 - age, 1e9 - age))
    assert latest_run(tmp_path) == tmp_path / "new-seed0"


# what lies under runs/, oldest first -> whose rows are read
BUILT = [
    ([], None),
    (["a/data"], "a"),
    (["a/data", "b/data"], "b"),
    (["a/data", "a/rl", "b/data"], "a"),  # the rows of a run go with its finished model
    (["b/rl", "a/data"], None),
]


@pytest.mark.parametrize(("stages", "run"), BUILT)
def test_rows_are_those_of_the_newest_run(
    stages: list[str], run: str | None, tmp_path: Path
) -> None:
    for age, stage in enumerate(stages):
        (tmp_path / stage).mkdir(parents=True)
        (tmp_path / stage / "manifest.json").write_text("{}")
        os.utime(tmp_path / stage / "manifest.json", (1e9 + age, 1e9 + age))
    before = data_root()
    with rows_of_newest_run(tmp_path):
        assert data_root() == (before if run is None else tmp_path / run / "data")
    with use_data_root(tmp_path / "mine"), rows_of_newest_run(tmp_path):
        assert data_root() == tmp_path / "mine"
    assert data_root() == before
