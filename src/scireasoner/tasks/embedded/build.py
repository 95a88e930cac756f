"""Builds every embedded task's rows in one pass over shared tables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from random import Random
from typing import Any

from scireasoner.artifacts import Artifact, Manifest, as_jsonl, write_text, writing
from scireasoner.cores import spread
from scireasoner.progress import bar
from scireasoner.tasks.embedded import (
    composition_rows,
    molecule_rows,
    reaction_rows,
    rna_rows,
    sentence_rows,
    sequence_rows,
)
from scireasoner.tasks.embedded.compounds import Tables, load_tables
from scireasoner.tasks.rows import Caps, Row, arrange
from scireasoner.types import Split

FOLDER = "embedded"
VERSION = 4
Builder = Callable[[Tables, Random, Caps], Iterable[Row]]

_ROOMS = (
    molecule_rows, reaction_rows, sequence_rows, rna_rows, composition_rows, sentence_rows
)  # fmt: skip
NAMES = (
    "smiles_to_formula", "iupac_to_formula", "iupac_to_smiles", "smiles_to_iupac",
    "dna_to_protein", "chemical_entities", "boiling_point", "logp", "inorganic_density",
    "rna_folding_energy", "flammable", "restriction_site", "protein_charge", "balance_reaction",
    "composition", "unconditional_molecule", "rna_design", "nominal_mass", "peptide_formula",
    "peptide_mass",
)  # fmt: skip
_PACKAGES = ("chemicals", "rdkit", "py2opsin", "ViennaRNA", "biopython", "smact")
_LICENCES = {
    "tables": "chemicals (MIT) redistributes handbook tables; rows stay on this machine",
    "computed": "by rdkit (BSD-3), OPSIN (MIT), ViennaRNA (own licence), Biopython, SMACT (MIT)",
}


def builder(name: str) -> Builder:
    """Return the row builder of an embedded task: the function of that name."""
    for room in _ROOMS:
        if name in vars(room):
            found: Builder = vars(room)[name]
            return found
    raise KeyError(name)


def build_embedded(
    root: Path, progress: bool = True, seed: int = 0, caps: Caps | None = None
) -> dict[str, Any]:
    """Build ``<root>/embedded/<task>/<split>.jsonl`` for every embedded task.

    The folder appears whole or not at all; one that is already there with the same settings and
    package versions is kept.

    Parameters
    ----------
    root : the data root.
    progress : whether to show a bar.
    seed : fixes the computed rows and the order of all rows.
    caps : rows per split, and how many compounds are read; small caps build in seconds.

    Returns
    -------
    The facts of the manifest: rows per task and split, compounds, baseline shares.
    """
    caps = caps or Caps()
    final = Path(root) / FOLDER
    config = {"version": VERSION, "caps": asdict(caps), "packages": _versions(), **_LICENCES}
    manifest = Manifest("embedded", seed, config, {})
    ready = Artifact(final)
    if ready.finished and ready.manifest.key == manifest.key:
        return dict(ready.manifest.facts)
    partial = final.with_name(f".{FOLDER}.{os.getpid()}.partial")
    try:
        facts, files = _write(partial, caps, seed, progress)
        done = Manifest("embedded", seed, config, {}, facts=facts)
        Artifact(partial).finish(done, files)
        with writing(final):
            shutil.rmtree(final, ignore_errors=True)
            partial.replace(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return facts


def _write(folder: Path, caps: Caps, seed: int, progress: bool) -> tuple[dict[str, Any], list[str]]:
    counts: dict[str, dict[str, int]] = {}
    files: list[str] = []
    shown = bar("building data", total=len(NAMES) + 1, unit="tasks")
    with shown if progress else nullcontext(lambda *a, **k: None) as tick:
        tables = load_tables(caps.compounds)
        tick(1, "compounds")

        def rows(name: str) -> dict[Split, tuple[int, str]]:
            rng = Random(f"{seed}:{name}")
            arranged = arrange(name, builder(name)(tables, rng, caps), caps, seed)
            # Text is what comes out of another process soonest.
            return {
                split: (len(own), as_jsonl(map(asdict, own))) for split, own in arranged.items()
            }

        built = spread(rows, NAMES, done=lambda name: tick(1, name))
        for name, arranged in zip(NAMES, built, strict=True):
            for split, (count, text) in arranged.items():
                files.append(f"{name}/{split}.jsonl")
                write_text(folder / files[-1], text)
                counts.setdefault(name, {})[str(split)] = count
    return {"rows": counts, "compounds": len(tables.compounds)}, files


def _versions() -> Mapping[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
