"""Building and loading rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scireasoner import cores, settings
from scireasoner.artifacts import MANIFEST, Artifact, read_jsonl
from scireasoner.errors import ArtifactError, DataError
from scireasoner.tasks.embedded.build import NAMES, builder
from scireasoner.tasks.rows import Caps
from scireasoner.tasks.sources import Jsonl, build_embedded
from scireasoner.types import Split

SMALL = Caps(train=60, dev=12, test=16, compounds=900)


def test_every_task_has_a_builder() -> None:
    assert all(callable(builder(name)) for name in NAMES)
    with pytest.raises(KeyError):
        builder("arrange")


def test_the_manifest_states_hashes_versions_licences_and_sizes(small_root: Path) -> None:
    artifact = Artifact(small_root / "embedded")
    artifact.verify()
    manifest = artifact.manifest
    assert set(manifest.config["packages"]) >= {"chemicals", "rdkit", "smact"}
    assert "MIT" in manifest.config["tables"]
    assert len(manifest.files) == 3 * len(NAMES)
    for name in NAMES:
        for split in Split:
            rows = read_jsonl(small_root / "embedded" / name / f"{split}.jsonl")
            assert manifest.facts["rows"][name][str(split)] == len(rows)


def test_a_finished_build_is_kept(small_root: Path) -> None:
    before = (small_root / "embedded" / "manifest.json").stat().st_mtime_ns
    facts = build_embedded(small_root, progress=False, caps=SMALL)
    assert (small_root / "embedded" / "manifest.json").stat().st_mtime_ns == before
    assert facts["rows"]["logp"]["train"] == 60


@pytest.mark.parametrize("count", [1, 2])
def test_two_builds_are_equal_byte_by_byte(
    count: int, small_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cores, "cores", lambda: count)
    build_embedded(tmp_path, progress=False, caps=SMALL)
    first, second = (root / "embedded" / MANIFEST for root in (small_root, tmp_path))
    assert first.read_bytes() == second.read_bytes()
    Artifact(second.parent).verify()


def test_a_damaged_row_is_found(tmp_path: Path) -> None:
    caps = Caps(train=4, dev=2, test=2, compounds=150)
    build_embedded(tmp_path, progress=False, caps=caps)
    (tmp_path / "embedded" / "logp" / "train.jsonl").write_text("{}\n")
    with pytest.raises(ArtifactError, match="logp"):
        Artifact(tmp_path / "embedded").verify()


def test_a_users_own_file_is_read(tmp_path: Path) -> None:
    row = {"id": "1", "inputs": {"smiles": "CCO"}, "gold": "C2H6O"}
    (tmp_path / "train.jsonl").write_text(json.dumps(row) + "\n")
    (sample,) = Jsonl(tmp_path).load("mine", Split.TRAIN)
    assert (sample.gold, sample.example, dict(sample.meta)) == ("C2H6O", "C2H6O", {})


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"inputs": {}}], "needs an 'id'"),
        ([{"id": "1", "inputs": {"x": 3}}], "needs an 'id'"),
        ([{"id": "1", "inputs": {}, "gold": 3}], "'gold' must be a text"),
        ([{"id": "1", "inputs": {}, "answer": "x"}], "unknown field 'answer'"),
        ([{"id": "1", "inputs": {}, "meta": {"x": 1}}], "'meta' must be"),
        ([{"id": "1", "inputs": {}}] * 2, "'1' is there twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, rows: list[dict[str, object]], message: str) -> None:
    (tmp_path / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(DataError, match=message):
        Jsonl(tmp_path).load("mine", Split.TEST)


def test_a_file_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "dev.jsonl"
    for gold in ("A", "long answer"):
        path.write_text(json.dumps({"id": "1", "inputs": {}, "gold": gold}) + "\n")
        assert Jsonl(tmp_path).load("mine", Split.DEV)[0].gold == gold


def test_the_data_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(settings.ENVIRONMENT, str(tmp_path / "env"))
    assert settings.data_root() == tmp_path / "env"
    with settings.use_data_root(tmp_path / "chosen"):
        assert settings.data_root() == tmp_path / "chosen"
    assert settings.data_root() == tmp_path / "env"
    monkeypatch.delenv(settings.ENVIRONMENT)
    assert settings.data_root().parts[-2:] == ("scireasoner", "data")
