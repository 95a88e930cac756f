"""From a finished run to a model that can be given away: small, plain, and with its papers."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scireasoner.artifacts import MANIFEST, Artifact, Manifest, read_json, write_json, writing
from scireasoner.data.licensed import learnt_from
from scireasoner.errors import ArtifactError, InputError
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.tasks.registry import get
from scireasoner.training.model import save_model
from scireasoner.training.modes import MODES

LIMIT = 25 * 2**20
"""The most bytes that a shipped model may take, all files together."""
_STAGE = "ship"


def ship(run: Path, out: Path, *, stage: str = "rl", limit: int = LIMIT) -> Manifest:
    """Write a stage's model in bfloat16, with tokenizer, table of modes and manifest.

    What is written loads with ``transformers`` alone.

    Parameters
    ----------
    run : the folder of a run.
    out : a new or empty folder, or one with a shipped model, whose files are replaced once
        everything is ready.
    stage : the training stage whose model is taken.
    limit : bytes that all files together may take.

    Raises
    ------
    InputError : if ``out`` holds anything but a shipped model.
    ArtifactError : if the stage has not finished, or the model is larger than ``limit``.
    DataError : if a task was trained on rows that may not be given away as weights.
    """
    out = out.resolve()  # "." and ".." have no name to put a folder beside
    _refuse_other(out)
    artifact = Artifact(run / stage)
    manifest = artifact.manifest
    names = [str(name).split(" ")[0] for name in manifest.config["tasks"]]
    learnt_from([get(name) for name in names], sifted=bool(manifest.config.get("licensed")))
    behind = _made_from(run, stage)
    beside = out.with_name(f".{out.name}.shipping")
    shutil.rmtree(beside, ignore_errors=True)
    with writing(beside):
        weights = run / stage / "model"
        model = load_model(weights, "bfloat16")
        save_model(model, load_tokenizer(weights), beside)
        write_json(beside / MODES, read_json(run / "modes" / MODES))
        for path in beside.iterdir():
            path.chmod(0o644)  # safetensors writes for its owner alone
        files = [path.name for path in sorted(beside.iterdir()) if path.is_file()]
        size = sum((beside / name).stat().st_size for name in files)
        if size > limit:
            shutil.rmtree(beside)
            raise ArtifactError(
                f"the model takes {size / 2**20:.1f} MiB and may take {limit / 2**20:.0f}: ship a "
                "smaller one"
            )
        made = Manifest(
            stage=_STAGE,
            seed=manifest.seed,
            config={"run": run.name, "stage": stage, "dtype": "bfloat16", "tasks": names},
            inputs=behind,
            facts={
                "parameters": model.num_parameters(),
                "bytes": size,
                "spent": _seconds(run, behind),
            },
        )
        Artifact(beside).finish(made, files)
        _put(beside, out)
    return Artifact(out).manifest


def _refuse_other(out: Path) -> None:
    """Raise InputError where shipping would remove what is no shipped model."""
    if out.is_dir():
        if _shipped(out) or not any(out.iterdir()):
            return
        what = "is a folder with other things in it than a shipped model"
    elif out.exists():
        what = "is a file"
    else:
        return
    raise InputError(
        f"{out} {what}: name a new folder, an empty one, or one that `scireasoner ship` wrote"
    )


def _shipped(folder: Path) -> bool:
    try:
        return Artifact(folder).manifest.stage == _STAGE
    except ArtifactError:
        return False


def _put(made: Path, out: Path) -> None:
    """Move the files of one folder into another, in place of the model that it may hold."""
    if not out.exists():
        made.replace(out)
        return
    # The folder itself stays: someone may stand in it (``--out .``) or have mounted it.
    old = Artifact(out).manifest.files if _shipped(out) else {}
    files = sorted(made.iterdir(), key=lambda path: path.name == MANIFEST)
    for path in files:
        path.replace(out / path.name)
    made.rmdir()
    for name in set(old) - {path.name for path in files}:
        (out / Path(name).name).unlink(missing_ok=True)


def _made_from(run: Path, stage: str) -> dict[str, str]:
    """Return the keys of a stage, of the table of modes, and of all that they were made from.

    As their manifests say: stages after them, or made anew since, have no part in the model.
    """
    found: dict[str, str] = {}
    left = [(name, key) for name in (stage, "modes") if (key := _key(run, name)) is not None]
    while left:
        name, key = left.pop(0)
        if name not in found:
            found[name] = key
            if _key(run, name) == key:
                left += Artifact(run / name).manifest.inputs.items()
    return found


def _key(run: Path, name: str) -> str | None:
    artifact = Artifact(run / name)
    return artifact.manifest.key if artifact.finished else None


def _seconds(run: Path, keys: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: Artifact(run / name).manifest.facts.get("seconds")
        for name, key in keys.items()
        if _key(run, name) == key
    }
