"""The card of a model that is given away: what it learnt from, under which terms, and its limits.

No card is written for weights that learnt from rows whose terms do not let them be given away.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scireasoner.artifacts import MANIFEST, Artifact
from scireasoner.data.licensed import Learnt, learnt_from
from scireasoner.errors import ArtifactError
from scireasoner.evaluation.forest import FOREST
from scireasoner.recipe import Recipe
from scireasoner.standing.reading import Measurement
from scireasoner.standing.rows import (
    counts,
    held_in_training,
    paper_standings,
    task_standings,
)
from scireasoner.tasks.registry import get, select
from scireasoner.yardsticks import Yardsticks

LICENCE = "apache-2.0"
_FILES = "*.safetensors"
_LEARNING = {
    "pretrain": "pretraining on tagged entities and general English",
    "sft": "supervised tuning",
    "cold_start": "cold start",
    "rl": "reinforcement learning with the judge's score as reward",
}
_WITHOUT_THOUGHTS = ("pretrain", "sft")

_LIMITS = (
    "A research model of a few million parameters. Its answers are guesses with the error that the "
    "scorecard shows; nothing it says may decide on a patient, a synthesis or a material.",
    "It knows the questions it was trained on, worded as in the tasks. It does not hold a "
    "conversation and knows no facts beyond its data.",
    "Most of its test rows are not those of published tables; the scorecard says so row by row.",
    "Sequences and molecules longer than its context are cut or refused.",
    "It can name compounds that are toxic or controlled; it knows nothing about safety.",
)


@dataclass(frozen=True)
class Card:
    """What a card says.

    Parameters
    ----------
    recipe : what the model was trained by.
    model : its folder, for its size; None leaves that out.
    found, against : its scores and the baselines; none leaves the scores out.
    """

    recipe: Recipe
    model: Path | None = None
    found: Sequence[Measurement] = ()
    against: Yardsticks = field(default_factory=Yardsticks)


def model_card(card: Card) -> str:
    """Return the card as Markdown with the header that model hubs read.

    Raises
    ------
    DataError : if a training set does not let weights be given away.
    ArtifactError : if the model's folder holds no weights.
    """
    sets = learnt_from(select(card.recipe.tasks), sifted=card.recipe.licensed)
    parts = [
        _header(card.recipe),
        f"# SciReasoner {card.recipe.name}\n\n{_about(card)}",
        _data(sets, card),
        _splits(),
        _scores(card),
        "## Limits\n\n" + "\n".join(f"- {limit}" for limit in _LIMITS),
        _again(card),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _header(recipe: Recipe) -> str:
    return (
        f"---\nlicense: {LICENCE}\nlibrary_name: transformers\npipeline_tag: text-generation\n"
        f"tags: [chemistry, biology, materials]\nmodel_name: scireasoner-{recipe.name}\n---"
    )


def _about(card: Card) -> str:
    recipe = card.recipe
    shape = recipe.model
    size = f"{parameters(card.model) / 1e6:.2f} million parameters, " if card.model else ""
    return (
        f"A Qwen3 of {size}{shape.layers} layers and a width of {shape.hidden}, trained from "
        f"nothing by the recipe `{recipe.name}` (seed {recipe.seed}): {_learning(_stage(card))} "
        "(arXiv 2509.21320). It loads with transformers, and is asked with `scireasoner ask`."
    )


def _learning(last: str | None) -> str:
    """Return what was done up to a stage, in words; up to the last one if none is named."""
    stages = list(_LEARNING)
    end = stages.index(last) + 1 if last in stages else len(stages)
    return ", ".join(_LEARNING[stage] for stage in stages[:end])


def parameters(folder: Path) -> int:
    """Return how many parameters the safetensors files of a folder hold.

    Raises
    ------
    ArtifactError : if there is no such file, or one is damaged.
    """
    files = sorted(folder.glob(_FILES))
    if not files:
        raise ArtifactError(f"{folder} holds no safetensors file: give the folder of a model")
    return sum(_elements(shape) for path in files for shape in _shapes(path))


def _elements(shape: Sequence[int]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _shapes(path: Path) -> list[list[int]]:
    """Read the shapes from the header of a safetensors file: eight bytes of length, then JSON."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            head = json.loads(file.read(length))
        return [own["shape"] for name, own in head.items() if name != "__metadata__"]
    except (ValueError, struct.error, KeyError) as error:
        raise ArtifactError(f"{path} is no safetensors file ({error}): copy it again") from error


def _data(sets: Sequence[Learnt], card: Card) -> str:
    lines = ["| data set | source | terms | learnt | tasks |", "|---|---|---|---|---|"]
    for (folder, source, terms, part), names in _by_set(sets).items():
        lines.append(f"| {folder} | {source} | {terms} | {part} | {', '.join(names)} |")
    words = (
        "Only data whose terms let weights be given away were learnt from. General English comes "
        f"from the Python reference manual (PSF-2.0). {_thoughts(card)}"
    )
    return f"## Data and licences\n\n{words}\n\n" + "\n".join(lines)


def _by_set(sets: Sequence[Learnt]) -> dict[tuple[str, str, str, str], list[str]]:
    """Return (folder, source, terms, what was learnt) -> tasks; notes do not tell sets apart."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for own in sets:
        place = own.place
        folder, source, terms = place.location.rpartition("/")[0], place.source, place.licence
        if place.kind == "embedded":  # each task names what its rows are made of
            task = get(own.tasks[0])
            folder, source, terms = "embedded", task.source, task.licence
        part = "the rows whose terms permit it" if own.part else "its training rows"
        found.setdefault((folder, source, terms, part), []).extend(own.tasks)
    return found


def _thoughts(card: Card) -> str:
    recipe = card.recipe
    if _stage(card) in _WITHOUT_THOUGHTS:
        return "Thoughts were read in pretraining alone: worked solutions made by tools."
    asked = [teacher.backend for teacher in recipe.harvest.teachers]
    others = [name for name in asked if name not in ("tools", "probe")]
    if not others:
        own = "" if asked and "probe" not in asked else ", and the model's own samples"
        return f"Thoughts are worked solutions made by tools{own}."
    return (
        f"Thoughts are also those of {', '.join(others)}: the terms of these models hold for what "
        "is made of their answers."
    )


def _splits() -> str:
    return (
        "## Splits\n\nEach set keeps its own training, development and test rows; the test rows "
        "were read for the scores alone. A training row about a molecule, sequence or composition "
        "that any task of the recipe holds out was left out before the first stage."
    )


def _scores(card: Card) -> str:
    if not card.found:
        return ""
    tasks = task_standings(card.found, card.against)
    rows = paper_standings(tasks)
    found = counts(tasks, rows, FOREST)
    seen = f"- {words}\n" if (words := held_in_training(tasks)) else ""
    return (
        "## Scores\n\n"
        f"- {len(found.learnt)} of {len(found.learnt) + len(found.not_learnt)} tasks beat the "
        "constant answer, intervals apart.\n"
        f"- {found.specialist} of {found.with_specialist} rows of the paper on its own test rows "
        f"(whole or a part) are at or above the specialist LLM, {found.big} above "
        "SciReasoner-8B.\n"
        f"- {found.beside} more rows rest on other test rows and claim nothing.\n{seen}\n"
        "Every number, with its interval and baselines, is in the scorecard "
        "(docs/reference/small.md)."
    )


def _stage(card: Card) -> str | None:
    """Return the stage whose weights the folder holds, as ``ship`` wrote it down."""
    if card.model is None or not (card.model / MANIFEST).is_file():
        return None
    stage = Artifact(card.model).manifest.config.get("stage")
    return None if stage is None else str(stage)


def _again(card: Card) -> str:
    stage = _stage(card)
    name, only = card.recipe.name, f" --stage {stage}" if stage else ""
    return (
        "## Train it again\n\n```\n"
        f"SCIREASONER_DATA=FOLDER scireasoner run {name}{only}\n```\n\n"
        "The recipe's first lines say on how many processes. The manifest beside the weights names "
        "the settings, the seed and the hashes of every file."
    )
