"""Artifacts: folders whose manifest says what is in them and how it came about.

Every file is written beside its final name and renamed, so a killed process leaves either the
old file or the new one, never half of one.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scireasoner.errors import ArtifactError, DataError, SciReasonerError, StorageError

MANIFEST = "manifest.json"
# torch, safetensors and tokenizers write in C++ and Rust, and report a full disk in words only.
_FULL = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "PytorchStreamWriter failed",
    ". unexpected pos ",
)
_BARRED = {errno.EACCES, errno.EROFS, errno.EPERM, errno.EEXIST, errno.ENOTDIR, errno.EISDIR}
HALVES = "backslashreplace"
"""How half a character is written, in which an answer that was cut may end: JSON reads it back."""
_PACKAGES = ("scireasoner", "torch", "transformers", "trl", "tokenizers", "rdkit", "chemicals")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failing write into one clear StorageError that names the path."""
    try:
        yield
    except SciReasonerError:
        raise
    except Exception as error:  # tokenizers raises no narrower class
        if _is_full(error):
            raise StorageError(
                f"no space left while writing {path}: free some space, then run the same command "
                "again; it continues where it stopped"
            ) from error
        if isinstance(error, OSError) and error.errno in _BARRED:
            why = os.strerror(error.errno)
            raise StorageError(f"{path} is not writable ({why}): choose another place") from error
        raise


def _is_full(error: Exception) -> bool:
    full = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    known = isinstance(error, OSError) and error.errno in full
    return known or any(sign in str(error) for sign in _FULL)


def write_bytes(path: Path, content: bytes, lasting: bool = True) -> None:
    """Write a file atomically, making its folder.

    Parameters
    ----------
    lasting : wait until the disk has it; else a loss of power may leave it cut off.

    Raises
    ------
    StorageError : if the disk is full or the folder is not writable.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def check_writable(*paths: Path | None) -> None:
    """Raise StorageError now, before hours of work, for a file that could not be written."""
    for path in filter(None, paths):
        if path.is_dir():
            raise StorageError(f"{path} is not writable (it is a folder): choose another place")
        write_bytes(trial := path.with_name(f".{path.name}.trial"), b"")
        trial.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically."""
    write_bytes(path, text.encode("utf-8", HALVES))


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically: sorted keys, so that equal values give equal bytes."""
    write_text(path, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line, atomically."""
    write_text(path, as_jsonl(rows))


def as_jsonl(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return one JSON object a line."""
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    return "".join(line + "\n" for line in lines)


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    ArtifactError : if it is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ArtifactError(f"{path} is missing: mend the path, or run its stage") from error
    except ValueError as error:
        raise ArtifactError(
            f"{path} is not valid JSON ({error}): delete it and run its stage again"
        ) from error


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Read a JSON-lines file whole.

    Raises
    ------
    DataError : if it is missing, or a line is broken (its number is named).
    """
    rows: list[dict[str, Any]] = []
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                rows.append(_row(path, number, line))
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing: run the stage that writes it") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text: it is broken, write it again") from error
    return rows


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(
            f"{path}, line {number} is not JSON ({error}): mend or delete the file and run its "
            "stage again"
        ) from error
    if not isinstance(row, dict):
        raise DataError(f"{path}, line {number}: an object was expected, {type(row).__name__} came")
    return row


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(value: Any) -> str:
    """Return a short stable hash of any JSON-able value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def versions() -> dict[str, str]:
    """Return the versions that an artifact depends on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found


@dataclass(frozen=True)
class Manifest:
    """What a finished stage leaves beside its files.

    Parameters
    ----------
    stage : the stage's name.
    seed : the seed that fixed data order and sampling.
    config : the stage's settings as plain values.
    inputs : artifact name -> fingerprint of its manifest.
    files : file name -> SHA-256.
    facts : counts and results worth reading without opening the files.
    versions : packages and Python.
    """

    stage: str
    seed: int
    config: Mapping[str, Any]
    inputs: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=versions)

    @property
    def key(self) -> str:
        """What decides whether a stage must be run again: settings, seed, inputs, versions."""
        parts = [self.stage, self.seed, dict(self.config), dict(self.inputs), dict(self.versions)]
        return fingerprint(parts)


@dataclass(frozen=True)
class Artifact:
    """A stage's folder."""

    path: Path

    @property
    def manifest(self) -> Manifest:
        """Read the manifest; ArtifactError if the stage has not finished."""
        raw = read_json(self.path / MANIFEST)
        known = {name: raw[name] for name in Manifest.__dataclass_fields__ if name in raw}
        try:
            return Manifest(**known)
        except TypeError as error:
            raise ArtifactError(
                f"{self.path / MANIFEST} lacks fields ({error}): delete the folder and run its "
                "stage again"
            ) from error

    @property
    def finished(self) -> bool:
        """Whether the stage wrote its manifest, which it does last."""
        return (self.path / MANIFEST).is_file()

    def finish(self, manifest: Manifest, files: Sequence[str]) -> None:
        """Hash the named files and write the manifest: from now on the stage is done."""
        hashes = {name: sha256(self.path / name) for name in sorted(files)}
        write_json(
            self.path / MANIFEST,
            {
                **{k: getattr(manifest, k) for k in Manifest.__dataclass_fields__},
                "files": hashes,
                "key": manifest.key,
            },
        )

    def verify(self) -> None:
        """Check the files against the manifest.

        Raises
        ------
        ArtifactError : naming the first file that is missing or was changed.
        """
        for name, expected in self.manifest.files.items():
            file = self.path / name
            if not file.is_file():
                raise ArtifactError(f"{file} is missing: delete {self.path} and run again")
            if sha256(file) != expected:
                raise ArtifactError(
                    f"{file} was changed or is broken (its hash differs from the manifest): "
                    f"delete {self.path} and run again"
                )
