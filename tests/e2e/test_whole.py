"""The whole recipe, small: all stages, twice the same, resumed, changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import Artifact
from scireasoner.stages import STAGES

NAMES = [stage.name for stage in STAGES]


def modified(folder: Path) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("stage", NAMES)
def test_every_stage_leaves_a_whole_artifact(stage: str, finished: Any) -> None:
    artifact = Artifact(finished.folder / stage)
    assert artifact.finished
    artifact.verify()
    manifest = artifact.manifest
    assert (manifest.stage, manifest.seed) == (stage, 0)
    assert manifest.versions["torch"]
    # Nothing that only an interrupted stage needs is left.
    left = [p.name for p in artifact.path.rglob("*")]
    assert not [
        n for n in left if n.startswith("checkpoint-") or n.endswith((".partial", "started.json"))
    ]
    # Every file is accounted for.
    files = {str(p.relative_to(artifact.path)) for p in artifact.path.rglob("*") if p.is_file()}
    assert set(manifest.files) == files - {"manifest.json"}


def test_inputs_are_named_by_their_keys(finished: Any) -> None:
    keys = {
        n: json.loads((finished.folder / n / "manifest.json").read_text())["key"] for n in NAMES
    }
    for stage in STAGES:
        manifest = Artifact(finished.folder / stage.name).manifest
        assert manifest.inputs == {name: keys[name] for name in stage.reads}


def test_a_second_run_says_done_before_and_touches_nothing(
    finished: Any, run: Callable[..., Any]
) -> None:
    before = modified(finished.folder)
    told = run(finished.runs)
    assert told.code == 0
    assert told.done_before == NAMES
    assert modified(finished.folder) == before


def test_the_same_seed_gives_the_same_bytes_in_another_process(
    finished: Any, run: Callable[..., Any], contents: Callable[..., Any], tmp_path: Path
) -> None:
    """Data, corpus, weights, traces, completions and scores: every file of every stage."""
    assert run(tmp_path).code == 0
    expected, found = contents(finished.folder), contents(tmp_path / "micro-seed0")
    assert list(found) == list(expected)
    assert [name for name in expected if found[name] != expected[name]] == []


def test_another_seed_gives_another_model_on_the_same_split(
    finished: Any, run: Callable[..., Any], contents: Callable[..., Any], tmp_path: Path
) -> None:
    assert run(tmp_path, seed=1).code == 0
    expected, found = contents(finished.folder), contents(tmp_path / "micro-seed1")
    same = {name for name in expected if found.get(name) == expected[name]}
    weights = {name for name in expected if name.endswith(".safetensors")}
    assert len(weights) >= 5
    assert not same & weights
    rows = {name for name in expected if "/embedded/" in name and name.endswith(".jsonl")}
    assert rows
    assert rows <= same


# what is changed in the recipe -> the stages that are run again
CHANGES = [
    (("steps = 4\nlr = 1e-2", "steps = 4\nlr = 2e-2"), "rl", {"rl"}),
    (
        ("temperature = 0.9", "temperature = 0.8"),
        "rl",
        {"harvest", "cold_start", "difficulty", "rl"},
    ),
    (("limit = 3", "limit = 2"), "evaluation", {"evaluation"}),
]


@pytest.mark.parametrize(("change", "last", "again"), CHANGES, ids=["rl", "harvest", "evaluation"])
def test_a_changed_recipe_reruns_what_it_touches_and_nothing_else(
    change: tuple[str, str],
    last: str,
    again: set[str],
    copy: Callable[..., Path],
    run: Callable[..., Any],
    edited: Callable[..., Path],
) -> None:
    runs = copy()
    before = modified(runs)
    told = run(runs, edited(change), stage=last)
    assert told.code == 0
    wanted = NAMES[: NAMES.index(last) + 1]
    assert told.done_before == [name for name in wanted if name not in again]
    changed = {p for p, when in modified(runs).items() if before.get(p) != when}
    assert {Path(p).relative_to(runs / "micro-seed0").parts[0] for p in changed} == again


def test_stages_are_run_again_from_the_one_that_was_deleted(
    copy: Callable[..., Path], run: Callable[..., Any], contents: Callable[..., Any], finished: Any
) -> None:
    """The inputs are the same, so what follows is still valid."""
    import shutil

    runs = copy()
    shutil.rmtree(runs / "micro-seed0" / "harvest")
    told = run(runs)
    assert told.done_before == [name for name in NAMES if name != "harvest"]
    assert contents(runs / "micro-seed0") == contents(finished.folder)


def test_where_no_task_is_tried_for_thinking_everything_is_answered_at_once(
    copy: Callable[..., Path], run: Callable[..., Any], edited: Callable[..., Path]
) -> None:
    """No probe, no harvest; the cold start anneals on direct answers."""
    runs = copy(before="modes")
    recipe = edited(("[modes]\n", "[modes]\nothers = 0.0\n"))
    assert run(runs, recipe).code == 0
    facts = {n: Artifact(runs / "micro-seed0" / n).manifest.facts for n in ("modes", "harvest")}
    assert facts["modes"]["think"] == []
    assert facts["harvest"]["traces"] == 0
    asked = sorted(p.name for p in (runs / "micro-seed0" / "evaluation" / "rl").glob("*.jsonl"))
    assert len(asked) == 4
    assert all(name.endswith(".instant.jsonl") for name in asked)


def test_fresh_starts_over(copy: Callable[..., Path], edited: Callable[..., Path]) -> None:
    from scireasoner import cli

    runs = copy()
    marker = runs / "micro-seed0" / "sft" / "mine.txt"
    marker.write_text("")
    code = cli.main(["run", str(edited()), "--runs", str(runs), "--fresh", "--stage", "data"])
    assert code == 0
    assert not marker.exists()
    assert [p.name for p in (runs / "micro-seed0").iterdir()] == ["data"]


def test_the_stages_did_real_work(finished: Any) -> None:
    """The micro recipe leaves no stage idle, so that the tests around it mean something."""
    facts = {name: Artifact(finished.folder / name).manifest.facts for name in NAMES}
    assert facts["data"]["leaks"] == 0
    assert facts["modes"]["think"] == ["dna_to_protein", "restriction_site", "smiles_to_formula"]
    assert facts["harvest"]["traces"] >= 18
    assert {row["teacher"] for row in facts["harvest"]["yield"]} == {"tools", "model"}
    starts = [_weights(finished.folder / name) for name in ("pretrain", "sft", "cold_start", "rl")]
    assert len(set(starts)) == 4
    curve = (finished.folder / "rl" / "curve.jsonl").read_text().splitlines()
    points = [json.loads(line) for line in curve]
    assert [point["step"] for point in points] == [1, 2, 3, 4]
    assert any(point["reward_std"] > 0 for point in points)


def _weights(stage: Path) -> bytes:
    return (stage / "model" / "model.safetensors").read_bytes()
