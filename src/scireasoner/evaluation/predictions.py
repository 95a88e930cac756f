"""Stored predictions, made anywhere: read as a stream, whatever program wrote them.

Three layouts are known:

- JSON lines, one prediction each: ``{"task", "id", "prediction"}``, where ``prediction`` is a text
  or a list of texts (best first). ``gold`` (raw, as in the data), ``output`` (as on the hub),
  ``question``, ``mode`` (``"instant"``, ``"think"``), ``finish`` (``"length"`` if it was cut) and
  ``draw`` (which of several answers of one question this is) may be added.
- the files of ``scireasoner eval --predictions``: a head line, then one completion a line.
- OpenCompass: one JSON object a task, ``{"0": {"origin_prompt", "prediction", "gold"}, ...}``, in a
  file named after the task, or a folder of such files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scireasoner.errors import DataError, InputError, nearest
from scireasoner.evaluation.draws import Line, Prediction, Problem, apart, following, gathered
from scireasoner.evaluation.members import MAX_LINE, TOO_DEEP, members, piece
from scireasoner.tasks.hub import record_sample
from scireasoner.tasks.registry import all_tasks
from scireasoner.types import Mode, Sample

_SHARD = re.compile(r"_\d+\Z")


def read_predictions(path: Path, task: str | None = None) -> Iterator[Prediction | Problem]:
    """Yield the predictions of a file or a folder of files, in order, without loading it whole.

    Parameters
    ----------
    task : whose predictions these are, where the file does not say so.

    Raises
    ------
    InputError : if there is no such file, or none in the folder.
    """
    names = _names()
    if path.is_dir():
        named = (p for p in path.rglob("*.json*") if p.suffix in {".json", ".jsonl"})
        files = sorted(p for p in named if p.is_file())
        if not files:
            raise InputError(f"{path} holds no .json or .jsonl file: give predictions")
    elif path.is_file():
        files = [path]
    else:
        raise InputError(f"{path} does not exist: give a file of predictions, or their folder")
    for file in files:
        if file.suffix == ".json":
            yield from _opencompass(file, task, names)
        else:
            yield from _lines(file, task, names)


def _names() -> dict[str, str]:
    """Return the task of every name that a prediction file may carry."""
    names: dict[str, str] = {}
    for task in all_tasks():
        release = task.release
        for alias in (release.name, *release.aliases) if release else ():
            names.setdefault(alias, task.name)
    return names | {task.name: task.name for task in all_tasks()}


def _lines(
    path: Path, task: str | None, names: Mapping[str, str]
) -> Iterator[Prediction | Problem]:
    """Yield the predictions of a file; answers of one prompt on lines of their own become one."""
    with path.open("rb") as file:
        join = gathered if apart(_bounded(file)) else following
    yield from join(_each_line(path, task, names))


def _each_line(path: Path, task: str | None, names: Mapping[str, str]) -> Iterator[Line]:
    head: dict[str, Any] = {}
    with path.open("rb") as file:
        for number, line in enumerate(_bounded(file), start=1):
            where = f"{path.name}, line {number}"
            if not line.strip():
                continue
            try:
                row = piece(line)
            except (ValueError, RecursionError) as error:
                what = TOO_DEEP if isinstance(error, RecursionError) else error
                yield 0, Problem(where, f"not JSON ({what})")
                continue
            if not isinstance(row, dict):
                what = f"an object was expected, {type(row).__name__} came"
                yield 0, Problem(where, what)
            elif "questions" in row and "rows" in row:
                head = row
            else:
                draw = row.get("draw")
                found = _from_line(row, where, head, task, names)
                yield (draw if isinstance(draw, int) else 0), found


def _bounded(file: Any) -> Iterator[bytes]:
    """Yield lines; one beyond 64 MB is cut, and so becomes a problem instead of filling memory."""
    while line := file.readline(MAX_LINE):
        if not line.endswith(b"\n"):
            while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
        yield line


def _from_line(
    row: Mapping[str, Any],
    where: str,
    head: Mapping[str, Any],
    task: str | None,
    names: Mapping[str, str],
) -> Prediction | Problem:
    given = task or row.get("task") or str(head.get("task", "")).split(" v", maxsplit=1)[0]
    name = names.get(str(given))
    if name is None:
        hint = nearest(str(given), names)
        return Problem(where, f"there is no task {given!r}{hint}; name one with 'task' or --task")
    identity = row.get("id", row.get("sample"))
    texts = row.get("prediction", row.get("text"))
    texts = [texts] if isinstance(texts, str) else texts
    if identity is None or isinstance(identity, dict | list):
        return Problem(where, f"no 'id'; it has {sorted(row)}")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or not texts:
        return Problem(where, "'prediction' must be a text or a list of texts")
    mode = row.get("mode", head.get("mode"))
    if mode not in (None, *Mode):
        return Problem(where, f"'mode' is {mode!r}; instant, think or null was expected")
    tokens, chance = row.get("tokens", 0), row.get("probability")
    if chance is not None and not (isinstance(chance, int | float) and 0 <= chance <= 1):
        return Problem(where, f"'probability' is {chance!r}; a number from 0 to 1 was expected")
    return Prediction(
        name,
        str(identity),
        tuple(texts),
        _own_sample(name, str(identity), row),
        None if mode is None else Mode(mode),
        ("length" if row.get("finish") == "length" else "stop",) * len(texts),
        (tokens if isinstance(tokens, int) else 0,) * len(texts),
        None if chance is None else float(chance),
    )


def _own_sample(task: str, identity: str, row: Mapping[str, Any]) -> Sample | None:
    """Return the row that a line brings along, None if it brings no gold."""
    question = {"question": str(row["question"])} if "question" in row else {}
    if isinstance(row.get("output"), str):
        return _released(task, identity, {"input": row.get("question", ""), **row})
    gold = row.get("gold")
    if isinstance(gold, str | int | float):
        return Sample(identity, question, str(gold))
    return None


def _released(task: str, identity: str, record: Mapping[str, Any]) -> Sample | None:
    from scireasoner.tasks.registry import get

    release = get(task).release
    return None if release is None else record_sample(release, task, identity, record)


def _opencompass(
    path: Path, given: str | None, names: Mapping[str, str]
) -> Iterator[Prediction | Problem]:
    # A large task is written in parts, NAME_0.json, NAME_1.json ..., each counting from 0.
    whole = given or (path.stem if path.stem in names else _SHARD.sub("", path.stem))
    task = names.get(whole)
    if task is None:
        yield Problem(path.name, f"there is no task {whole!r}{nearest(whole, names)}; use --task")
        return
    part = path.stem.removeprefix(whole)
    try:
        for key, entry in members(path):
            where = f"{path.name}, entry {key}"
            made = entry.get("prediction") if isinstance(entry, dict) else None
            texts = [made] if isinstance(made, str) else made
            if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
                yield Problem(where, "'prediction' must be a text or a list of texts")
                continue
            record = _record(entry)
            if not isinstance(record["output"], str):
                yield Problem(where, "'gold' must be a text")
                continue
            identity = f"{part.strip('_')}-{key}" if part else key
            sample = _released(task, identity, record)
            yield Prediction(task, identity, tuple(texts) or ("",), sample)
    except DataError as error:
        yield Problem(path.name, str(error))


def _record(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of OpenCompass as a record of the hub.

    The later set (1.5) keeps ``gold`` as an object: the value, and what it belongs to.
    """
    gold = entry.get("gold")
    about = gold if isinstance(gold, dict) else {}
    output = str(about["value"]) if "value" in about else gold
    return {**about, "input": _asked(entry.get("origin_prompt")), "output": output}


def _asked(prompt: Any) -> str:
    """Return the question of OpenCompass' ``origin_prompt``: a text, or a list of turns."""
    if isinstance(prompt, str):
        return prompt
    turns = [turn for turn in prompt or () if isinstance(turn, dict)]
    return str(turns[-1].get("prompt", "")) if turns else ""
