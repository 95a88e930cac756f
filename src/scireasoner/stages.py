"""The stages of a recipe: each calls one room and leaves an artifact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_json, read_jsonl, write_json, write_jsonl
from scireasoner.corpus.build import DOCUMENTS, build_corpus, read_texts
from scireasoner.corpus.documents import Document
from scireasoner.corpus.pack import pack
from scireasoner.corpus.tokenizer import build_tokenizer, extend_tokenizer
from scireasoner.data.unleaked import dropped, read_ahead
from scireasoner.models.transformers_backend import TransformersBackend
from scireasoner.processes import is_main
from scireasoner.progress import watched
from scireasoner.prompts import TURN_END, render
from scireasoner.run import Run, Stage
from scireasoner.scoring import scoring
from scireasoner.tasks.embedded.build import FOLDER, build_embedded
from scireasoner.tasks.rows import Caps
from scireasoner.tasks.task import Task
from scireasoner.tasks.tracing import first_false
from scireasoner.training.cold_start import cold_start
from scireasoner.training.difficulty import chosen_tasks
from scireasoner.training.difficulty_rollouts import measure_difficulty
from scireasoner.training.documents import documents, entities_of, held_out
from scireasoner.training.harvest import Trace, harvest
from scireasoner.training.modes import (
    MODES,
    as_rows,
    candidates,
    decide,
    load_modes,
    mode_table,
    train_probe,
)
from scireasoner.training.pretrain import pretrain
from scireasoner.training.rl import reinforce
from scireasoner.training.supervised import ROWS, sft
from scireasoner.training.teachers.opening import harvested, open_judge, open_teachers
from scireasoner.types import Mode, ModeDecision, Split

TRACES = "traces.jsonl"
TEACHERS = "teachers"
SHARD = "corpus.npy"
_CHATS_PER_TASK = 300


def data(run: Run, out: Path) -> Mapping[str, Any]:
    """Build the embedded rows and check that no test entity is in training rows."""
    settings = run.recipe.data
    for task in run.tasks:
        # What is not built here must be there: its source says where it was looked for.
        if task.suite != FOLDER and not task.available(Split.TRAIN):
            task.samples(Split.TRAIN)
    caps = Caps(settings.train, settings.dev, settings.test, settings.compounds or None)
    facts = build_embedded(out, caps=caps)
    read_ahead(run.tasks)
    return {**facts, "leaks": check_leaks(run), "held_out_elsewhere": dropped(run.tasks)}


def check_leaks(run: Run) -> int:
    """Return 0, or raise DataError naming the first entity that is held out and trained on."""
    from scireasoner.errors import DataError

    hidden = held_out(run.tasks)
    for task in run.tasks:
        for row in task.samples(Split.TRAIN):
            for entity in entities_of(row.meta):
                if entity in hidden:
                    raise DataError(
                        f"leak: {entity!r} of task {task.name!r} is in training and in a held-out "
                        "split; delete the data folder and run the data stage again"
                    )
    return 0


def corpus(run: Run, out: Path) -> Mapping[str, Any]:
    """Write the tagged corpus, without anything that a held-out row is about."""
    read_ahead(run.tasks)
    hidden = held_out(run.tasks)

    def forbidden(document: Document) -> str | None:
        found = any(entity in hidden for entity in entities_of(document.meta))
        return "held-out entity" if found else None

    settings = run.recipe.corpus
    stats = build_corpus(
        watched(documents(run.tasks, settings, run.seed), "corpus", "documents"),
        out,
        forbidden=forbidden,
        seed=run.seed,
        weights=settings.weights,
    )
    return stats.as_facts()


def tokenizer(run: Run, out: Path) -> Mapping[str, Any]:
    """Build the tokenizer (or extend the base model's), and pack the corpus with it."""
    texts = run.path("corpus") / DOCUMENTS
    base = run.recipe.model.base
    if base:
        from scireasoner.models.checkpoint import load_tokenizer

        load_tokenizer(base).save_pretrained(str(out / "base"))
        extend_tokenizer(out / "base", out)
    else:
        read_ahead(run.tasks)
        seen = watched(chain(read_texts(texts), _chats(run)), "vocabulary", "texts")
        build_tokenizer(seen, run.recipe.tokenizer.vocabulary, out)
    length = run.recipe.pretrain.sequence_length
    packing = watched(read_texts(texts), "packing", "texts")
    stats = pack(packing, out, length, out / SHARD)
    return asdict(stats)


def _chats(run: Run) -> Iterator[str]:
    """Yield rendered questions, so that the words of the chat format become whole tokens."""
    for task in run.tasks:
        for row in task.samples(Split.TRAIN, _CHATS_PER_TASK):
            for mode in Mode:
                yield render(task.render(row, mode)) + (task.solution(row, mode) or "") + TURN_END


def pretraining(run: Run, out: Path) -> Mapping[str, Any]:
    """Pretrain on the packed corpus."""
    folder = run.path("tokenizer")
    recipe = run.recipe
    return pretrain(folder / SHARD, folder, recipe.model, recipe.pretrain, out=out, seed=run.seed)


def fine_tuning(run: Run, out: Path) -> Mapping[str, Any]:
    """Fine-tune on direct answers."""
    recipe = run.recipe
    start = run.path("pretrain") / "model"
    _read_ahead(run.tasks, out)
    return sft(start, run.tasks, recipe.sft, out=out, seed=run.seed, dtype=recipe.model.dtype)


def _read_ahead(tasks: Sequence[Task], out: Path) -> None:
    """Read the rows of a training that begins; one that goes on has them encoded."""
    if is_main() and not (out / ROWS).is_file():
        read_ahead(tasks)


def modes(run: Run, out: Path) -> Mapping[str, Any]:
    """Train a probe, compare thinking with instant answers on development rows, decide."""
    recipe = run.recipe
    start, dtype = run.path("sft") / "model", recipe.model.dtype
    tasks = candidates(run.tasks, recipe.modes)
    facts: Mapping[str, Any] = {}
    decisions: list[ModeDecision] = []
    if tasks:
        _read_ahead(tasks, out)
        facts = train_probe(start, run.tasks, recipe.modes, out=out, seed=run.seed, dtype=dtype)
        decisions = _compare(run, tasks, out) if is_main() else []
    if not is_main():
        return facts
    table = mode_table(run.tasks, decisions)
    write_json(out / MODES, {"modes": table, "evidence": as_rows(decisions)})
    return {**facts, "think": sorted(n for n, m in table.items() if m is Mode.THINK)}


def _compare(run: Run, tasks: Sequence[Task], out: Path) -> list[ModeDecision]:
    """Ask the probe the same development rows in both modes."""
    from scireasoner.evaluation.run import evaluate

    settings = run.recipe.modes
    backend = TransformersBackend(out / "model")
    instant, thinking = (
        evaluate(
            tasks,
            backend,
            split=Split.DEV,
            mode=mode,
            limit=settings.dev,
            seed=run.seed,
            out=out / "dev",
        )
        for mode in (Mode.INSTANT, Mode.THINK)
    )
    return [
        decide(t.name, instant[t.name].outcomes, thinking[t.name].outcomes, settings) for t in tasks
    ]


def harvesting(run: Run, out: Path) -> Mapping[str, Any]:
    """Harvest correct chains of thought for every task whose thinking was tried.

    As in the paper, all are harvested; which of them are used, the cold start reads from the
    table of modes.
    """
    settings = run.recipe.harvest
    tried = harvested(run.tasks, candidates(run.tasks, run.recipe.modes), settings)
    names = [task.name for task in tried]
    # Beside the stages: what was paid for outlives a change of the recipe.
    folder = Path(settings.cache) if settings.cache else run.path(TEACHERS)

    def probe() -> TransformersBackend:
        return TransformersBackend(run.path("modes") / "model")

    teachers = open_teachers(settings, probe, names, folder, run.seed)
    judge = open_judge(settings, names, folder)
    traces, yields = harvest(
        tried, teachers, settings, out, run.seed, judge=judge, check=first_false
    )
    write_jsonl(out / TRACES, (asdict(trace) for trace in traces))
    return {"traces": len(traces), "yield": [asdict(y) for y in yields]}


def cold_starting(run: Run, out: Path) -> Mapping[str, Any]:
    """Replace the data of thinking tasks and anneal."""
    table, _ = load_modes(run.path("modes") / MODES)
    traces = [Trace(**row) for row in read_jsonl(run.path("harvest") / TRACES)]
    recipe = run.recipe
    _read_ahead(run.tasks, out)
    return cold_start(
        run.path("sft") / "model",
        run.tasks,
        table,
        traces,
        recipe.cold_start.after(recipe.sft.weights),
        out=out,
        seed=run.seed,
        dtype=recipe.model.dtype,
    )


def difficulty(run: Run, out: Path) -> Mapping[str, Any]:
    """Roll out training rows and choose those that RL asks; nothing where the recipe has none."""
    settings = run.recipe.difficulty
    if not settings.rows:
        return {"rows": 0}
    table, _ = load_modes(run.path("modes") / MODES)
    backend = TransformersBackend(run.path("cold_start") / "model")
    asked = [task for task in run.tasks if run.recipe.rl.weight(task.name) > 0]
    found = measure_difficulty(asked, table, backend, settings, out, run.seed)
    return {"rows": sum(t.rows for t in found), "kept": sum(t.kept for t in found)}


def reinforcing(run: Run, out: Path) -> Mapping[str, Any]:
    """Train with DAPO from the cold start; the mode table travels with the model."""
    table, _ = load_modes(run.path("modes") / MODES)
    recipe = run.recipe
    facts = reinforce(
        run.path("cold_start") / "model",
        chosen_tasks(run.tasks, run.path("difficulty")),
        table,
        recipe.rl,
        out=out,
        seed=run.seed,
        dtype=recipe.model.dtype,
    )
    if is_main():
        write_json(out / "model" / MODES, read_json(run.path("modes") / MODES))
    return facts


def _training(name: str, reads: tuple[str, ...], work: Any, everyone: bool = True) -> Stage:
    return Stage(name, reads, ("model", name, "threads"), work, everyone)


_ALL = (
    "data", "corpus", "tokenizer", "pretrain", "sft", "modes", "harvest", "cold_start",
    "difficulty", "rl",
)  # fmt: skip

STAGES: tuple[Stage, ...] = (
    Stage("data", (), ("data",), data),
    Stage("corpus", ("data",), ("corpus",), corpus),
    Stage("tokenizer", ("corpus",), ("tokenizer", "model", "pretrain"), tokenizer),
    _training("pretrain", ("tokenizer",), pretraining),
    _training("sft", ("data", "pretrain"), fine_tuning),
    _training("modes", ("data", "sft"), modes),
    _training("harvest", ("data", "modes"), harvesting, everyone=False),
    _training("cold_start", ("data", "sft", "modes", "harvest"), cold_starting),
    _training("difficulty", ("data", "modes", "cold_start"), difficulty, everyone=False),
    _training("rl", ("data", "modes", "cold_start", "difficulty"), reinforcing),
    Stage("evaluation", _ALL, ("evaluation",), scoring),
)
