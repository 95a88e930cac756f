"""Files that are whole or not there, logs that survive a kill, manifests that notice a change."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import (
    Artifact,
    Manifest,
    check_writable,
    fingerprint,
    read_json,
    read_jsonl,
    write_bytes,
    write_json,
    write_jsonl,
    writing,
)
from scireasoner.errors import ArtifactError, DataError, StorageError
from scireasoner.jsonl_log import JsonlLog


class Killed(BaseException):
    """Stands for a kill at a chosen moment."""


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_killed_write_leaves_the_old_file(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a" / "scores.json"
    write_bytes(path, b"old")

    def kill(*_: object) -> None:
        raise Killed

    owner: Any = os if moment == "fsync" else Path
    monkeypatch.setattr(owner, moment, kill)
    with pytest.raises(Killed):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["scores.json"]


# what a writer raises -> is it a full disk, a folder that cannot be written to, or neither
FAILURES = [
    (OSError(errno.ENOSPC, "No space left on device"), "no space left"),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), "no space left"),
    (OSError(errno.EFBIG, "File too large"), "no space left"),
    (OSError(errno.EACCES, "Permission denied"), "not writable"),
    (OSError(errno.EROFS, "Read-only file system"), "not writable"),
    (FileExistsError(errno.EEXIST, "File exists"), r"not writable \(File exists\)"),
    (NotADirectoryError(errno.ENOTDIR, "Not a directory"), "not writable"),
    (IsADirectoryError(errno.EISDIR, "Is a directory"), "not writable"),
    # torch, tokenizers and safetensors, as they word it
    (RuntimeError("PytorchStreamWriter failed writing file data/3: file write failed"), "no space left"),
    (RuntimeError("[enforce fail at inline_container.cc:858] . unexpected pos 64 vs 0"), "no space left"),
    (Exception("No space left on device (os error 28)"), "no space left"),
]  # fmt: skip


@pytest.mark.parametrize(("raised", "words"), FAILURES, ids=[str(f[0])[:40] for f in FAILURES])
def test_failing_writes_are_told(raised: Exception, words: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=words) as caught, writing(tmp_path / "model"):
        raise raised
    assert str(tmp_path / "model") in str(caught.value)
    assert caught.value.__cause__ is raised


@pytest.mark.parametrize("place", ["folder", "file/scores.json", "file/deeper/scores.json"])
def test_a_place_that_cannot_be_written_is_told_before_the_work(place: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    for write in (check_writable, lambda path: write_json(path, {})):
        with pytest.raises(StorageError, match=r"is not writable .*: choose another place"):
            write(tmp_path / place)
    check_writable(None, tmp_path / "new" / "scores.json", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "new"]


@pytest.mark.parametrize(
    "raised",
    [ZeroDivisionError(), OSError(errno.ENOENT, "x"), DataError("no rows"), RuntimeError("shape")],
    ids=lambda e: type(e).__name__,
)
def test_other_failures_stay_what_they_are(raised: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(raised)) as caught, writing(tmp_path):
        raise raised
    assert caught.value is raised


def test_equal_values_give_equal_bytes(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"b": 1, "a": "é"})
    write_json(tmp_path / "b.json", {"a": "é", "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert read_json(tmp_path / "a.json") == {"a": "é", "b": 1}


def test_reading_what_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"x\.json is missing: mend the path"):
        read_json(tmp_path / "x.json")
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(ArtifactError, match="is not valid JSON"):
        read_json(tmp_path / "x.json")


LINES = [
    (b'{"a": 1}\n{"a": \n', "line 2 is not JSON"),
    (b'{"a": 1}\n[1]\n', "line 2: an object was expected, list came"),
    (b'{"a": "\xff"}\n', "not UTF-8"),
]


@pytest.mark.parametrize(("content", "words"), LINES)
def test_a_broken_line_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_jsonl(path)


def test_rows_travel_through_a_file(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"text": "line\nbreak \u2028 é"}, {"n": 1.5}, {}, {"half a character": "C\\\ud83d"},
    ]  # fmt: skip
    write_jsonl(tmp_path / "rows.jsonl", rows)
    assert read_jsonl(tmp_path / "rows.jsonl") == rows
    JsonlLog(tmp_path / "log.jsonl").extend(rows)
    assert read_jsonl(tmp_path / "log.jsonl") == rows


@pytest.mark.parametrize("kept", range(0, 40, 3))
def test_a_log_cut_anywhere_keeps_its_whole_lines(kept: int, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = JsonlLog(path)
    log.extend([{"step": 1}, {"step": 2}])
    log.extend([{"step": 3, "é": "é"}])
    whole = path.read_bytes()[:kept]
    path.write_bytes(whole)
    again = JsonlLog(path)
    assert [row["step"] for row in again.rows()] == list(range(1, whole.count(b"\n") + 1))
    again.extend([{"step": 9}])
    assert again.rows()[-1] == {"step": 9}


def test_a_log_can_be_taken_back(tmp_path: Path) -> None:
    log = JsonlLog(tmp_path / "log.jsonl")
    log.extend({"step": i} for i in range(5))
    log.rewrite(row for row in log.rows() if row["step"] < 2)
    assert log.rows() == [{"step": 0}, {"step": 1}]


MANIFEST = Manifest("sft", 0, {"steps": 3}, {"data": "k1"}, versions={"torch": "2"})

# what differs -> does the stage have to be run again
KEYS: list[tuple[dict[str, Any], bool]] = [
    ({"seed": 1}, True),
    ({"config": {"steps": 4}}, True),
    ({"inputs": {"data": "k2"}}, True),
    ({"versions": {"torch": "3"}}, True),
    ({"stage": "rl"}, True),
    ({"facts": {"loss": 1.0}}, False),
    ({"files": {"a": "b"}}, False),
]


@pytest.mark.parametrize(("change", "differs"), KEYS, ids=["/".join(k[0]) for k in KEYS])
def test_the_key_of_a_manifest(change: dict[str, Any], differs: bool) -> None:
    from dataclasses import replace

    assert (replace(MANIFEST, **change).key != MANIFEST.key) is differs


def test_the_key_does_not_depend_on_the_order_of_settings() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_bytes(b"\x00\x01")
    (tmp_path / "curve").write_text("1\n")
    made = Artifact(tmp_path)
    assert not made.finished
    made.finish(MANIFEST, ["model/weights", "curve"])
    return made


def test_a_finished_artifact_is_read_back(artifact: Artifact) -> None:
    assert artifact.finished
    artifact.verify()
    assert artifact.manifest.key == MANIFEST.key
    assert set(artifact.manifest.files) == {"model/weights", "curve"}
    assert json.loads((artifact.path / "manifest.json").read_text())["key"] == MANIFEST.key


@pytest.mark.parametrize(("content", "words"), [(b"\x00\x02", "was changed"), (None, "is missing")])
def test_a_changed_file_is_noticed(content: bytes | None, words: str, artifact: Artifact) -> None:
    path = artifact.path / "model" / "weights"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(ArtifactError, match=f"weights {words}.*delete {artifact.path}"):
        artifact.verify()


def test_a_manifest_without_its_fields_is_told(artifact: Artifact) -> None:
    write_json(artifact.path / "manifest.json", {"stage": "sft"})
    with pytest.raises(ArtifactError, match="lacks fields"):
        _ = artifact.manifest
