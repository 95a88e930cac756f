"""The scorecard as a page of Markdown: every number beside what it must be held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scireasoner.evaluation.baselines import MAJORITY, NEAREST
from scireasoner.evaluation.compare import apart
from scireasoner.evaluation.forest import FOREST
from scireasoner.evaluation.summary import figure, interval
from scireasoner.measuring import Measured
from scireasoner.standing.reading import Measurement
from scireasoner.standing.rows import (
    Basis,
    Counts,
    PaperStanding,
    TaskStanding,
    counts,
    far,
    held_in_training,
    paper_standings,
    task_standings,
)
from scireasoner.types import Mode
from scireasoner.yardsticks import Yardsticks

_BASELINES = (MAJORITY, NEAREST, FOREST)
_SOURCE = "tables 3 to 8 of arXiv 2509.21320v3"


@dataclass(frozen=True)
class Page:
    """What a scorecard shows.

    Parameters
    ----------
    title : names the model.
    found : the measurements; the first one is the model's own and decides every count.
    against : the baselines and the leaks.
    """

    title: str
    found: Sequence[Measurement]
    against: Yardsticks


def scorecard_page(page: Page) -> str:
    """Return the page."""
    tasks = task_standings(page.found, page.against)
    rows = paper_standings(tasks)
    parts = [
        f"# Scorecard: {page.title}\n\nWritten by `scireasoner scorecard`; do not edit.",
        _summary(page, counts(tasks, rows, FOREST), tasks),
        _paper(
            "The paper's rows, on its test rows",
            "Asked of the published test rows, or of a random part of them, without those that "
            "training held where that is said. The distance is to the "
            f"printed number ({_SOURCE}); positive is better.",
            [row for row in rows if row.claims],
        ),
        _paper(
            "The paper's rows, on other test rows",
            "The published rows are not public here. Another set of the same question stands in: "
            "the printed numbers stand beside, and nothing is claimed.",
            [row for row in rows if not row.claims],
        ),
        _tasks(tasks),
        _modes(tasks),
        _others(page, tasks),
        _leaks(tasks, page.against.leaks),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _summary(page: Page, found: Counts, tasks: Sequence[TaskStanding]) -> str:
    settings = page.against.settings
    known = len(found.learnt) + len(found.not_learnt)
    most, others = max(t.model.estimate.n for t in tasks), settings.get("limit", "?")
    lines = [
        f"- {len(tasks)} tasks were asked, at most {most:,} test rows each, the first of a fixed "
        f"order; the baselines answered the first {others}.",
        f"- {seen}" if (seen := held_in_training(tasks)) else "",
        f"- {found.claimed} rows of the paper rest on its own test rows, whole or in part: "
        f"**{found.specialist}** of the {found.with_specialist} with a specialist LLM are at or "
        f"above it ({found.surely[0]} with their whole interval), **{found.big}** are above "
        f"SciReasoner-8B ({found.surely[1]} with their whole interval). The random forest reaches "
        f"the specialist LLM on {found.as_forest} of these rows.",
        f"- {found.beside} rows of the paper rest on other test rows and claim nothing.",
        f"- **{len(found.learnt)}** of {known} tasks beat the constant answer (the most common "
        "class or the median), intervals apart.",
        f"- {found.over_forest} of {found.with_forest} tasks beat the random forest, intervals "
        f"apart; it saw {settings.get('train', '?'):,} training rows at most."
        if found.with_forest
        else "",
        f"- Baselines were not measured for {', '.join(found.unknown)}." if found.unknown else "",
        f"- Not learnt: {_not_learnt(tasks)}." if found.not_learnt else "",
    ]
    return "\n".join(line for line in lines if line)


def _not_learnt(tasks: Sequence[TaskStanding]) -> str:
    said = []
    for task in tasks:
        constant = far(task)
        if task.learnt is False and constant is not None:
            own = interval(task.model.estimate)
            said.append(f"{task.task} ({task.model.metric} {own}; constant {interval(constant)})")
    return "; ".join(said)


def _paper(title: str, words: str, rows: Sequence[PaperStanding]) -> str:
    if not rows:
        return ""
    heads = ["row", "metric", "this model", *_BASELINES, "specialist LLM", "1.7B", "8B",
             "to specialist", "to 8B", "rows asked", "answers"]  # fmt: skip
    table = _table(heads, [_paper_row(row) for row in rows])
    return f"## {title}\n\n{words}\n\n{table}"


def _paper_row(found: PaperStanding) -> list[str]:
    row = found.row
    value = figure(found.value)
    if found.interval is not None:
        value += f" ({figure(found.interval[0])} to {figure(found.interval[1])})"
    named = f" ({row.specialist_llm_name})" if row.specialist_llm_name else ""
    arrow = "↑" if row.direction == "higher" else "↓"
    distances = [
        _distance(found.ahead(row.specialist_llm)) if found.claims else "no claim",
        _distance(found.ahead(row.scireasoner_8b)) if found.claims else "no claim",
    ]
    return [
        row.title,
        f"{row.metric} {arrow}",
        value,
        *(_number(found.baselines.get(name)) for name in _BASELINES),
        _number(row.specialist_llm) + named,
        _number(row.scireasoner_1_7b),
        _number(row.scireasoner_8b),
        *distances,
        f"{found.rows:,}"
        + (" (a part)" if found.basis is Basis.PART else "")
        + (f"; {found.left_out:,} left out" if found.left_out else ""),
        found.asked,
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if float(value).is_integer() else figure(value)


def _distance(gain: float | None) -> str:
    return "" if gain is None else ("+" if gain >= 0 else "") + figure(gain)


def _tasks(tasks: Sequence[TaskStanding]) -> str:
    heads = ["task", "metric", "this model", *_BASELINES, "beats", "readable", "answers",
             "released metric", "test rows"]  # fmt: skip
    words = (
        "The strict metric of each task with its 95 % interval, then the number of the released "
        "evaluator. `beats` names the baselines that are worse, intervals apart; `answers` says "
        "how they were made (docs/howto/answer.md)."
    )
    return f"## Every task\n\n{words}\n\n{_table(heads, [_task_row(task) for task in tasks])}"


def _task_row(task: TaskStanding) -> list[str]:
    model = task.model
    beaten = [name for name in _BASELINES if task.better_than(name)]
    scores = task.yardstick.scores if task.yardstick else {}
    same = {n: m for n, m in scores.items() if m.metric == model.metric}
    return [
        task.task,
        f"{model.metric} {'↑' if task.direction == 'higher' else '↓'}",
        interval(model.estimate),
        *(interval(same[n].estimate) if n in same else "" for n in _BASELINES),
        ", ".join(beaten) or "none" if same else "",
        f"{model.estimate.answered:.0%}",
        model.asked,
        _published(model),
        f"{model.estimate.n:,}; {task.basis}"
        + (f" ({task.note})" if task.note else "")
        + (f"; {model.left_out:,} that training held are left out" if model.left_out else ""),
    ]


def _published(model: Measured) -> str:
    if model.published is None:
        return ""
    text = f"{model.key} {figure(model.published)}"
    if model.interval is not None:
        text += f" ({figure(model.interval[0])} to {figure(model.interval[1])})"
    return text


def _modes(tasks: Sequence[TaskStanding]) -> str:
    rows = []
    for task in tasks:
        asked = {m.mode: m for m in (task.model, *task.others.values())}
        if Mode.INSTANT not in asked or Mode.THINK not in asked:
            continue
        direct, thought = asked[Mode.INSTANT], asked[Mode.THINK]
        rows.append(
            [
                task.task,
                direct.metric,
                interval(direct.estimate),
                interval(thought.estimate),
                _verdict(thought, direct, task),
                _tokens(direct),
                _tokens(thought),
            ]
        )
    if not rows:
        return ""
    heads = ["task", "metric", "instant", "thinking", "thinking is", "tokens", "tokens, thinking"]
    return f"## Thinking against instant answers\n\n{_table(heads, rows)}"


def _verdict(a: Measured, b: Measured, task: TaskStanding) -> str:
    if apart(a.estimate, b.estimate, task.direction):
        return "better"
    return "worse" if apart(b.estimate, a.estimate, task.direction) else "not apart"


def _tokens(measured: Measured) -> str:
    return "" if measured.tokens is None else figure(measured.tokens)


def _others(page: Page, tasks: Sequence[TaskStanding]) -> str:
    """Show further ways of asking (verified, several answers ...) beside the model's own."""
    names = [other.name for other in page.found[1:]]
    rows = [
        [
            task.task,
            task.model.metric,
            interval(task.model.estimate),
            *(_beside(task, name) for name in names),
        ]
        for task in tasks
        if task.others
    ]
    if not rows:
        return ""
    heads = ["task", "metric", page.found[0].name, *names]
    words = "Asked in other ways; the counts above are of the first column alone."
    return f"## Other ways of asking\n\n{words}\n\n{_table(heads, rows)}"


def _beside(task: TaskStanding, name: str) -> str:
    other = task.others.get(name)
    if other is None or other.metric != task.model.metric:
        return ""
    return f"{interval(other.estimate)}, {_verdict(other, task.model, task)}"


_LEAKS = ("of", "equal", "similar")


def _leaks(tasks: Sequence[TaskStanding], leaks: Mapping[str, Mapping[str, int]]) -> str:
    known = [(t.task, leaks[t.task]) for t in tasks if t.task in leaks]
    if not known:
        return (
            "## Leaks\n\nNot checked: `scireasoner data check --out FILE`, then `scireasoner "
            "baselines --findings FILE`."
        )
    alike = all("similar" in own for _, own in known)
    found = [(name, own) for name, own in known if own["similar" if alike else "equal"]]
    how = (
        "sequences by identity (90 % or more is alike)"
        if alike
        else "equal sequences and texts only (nearly equal ones were not looked for)"
    )
    words = (
        f"Test rows of {len(known)} tasks were compared with the training rows of the same task: "
        f"molecules by structure, materials by composition, {how}. "
        f"{len(known) - len(found)} tasks share nothing."
    )
    missing = [task.task for task in tasks if task.task not in leaks]
    if missing:
        words += f" Not compared: {', '.join(missing)}."
    rows = [
        [name, *(f"{own[key]:,}" if key in own else "not looked for" for key in _LEAKS)]
        for name, own in found
    ]
    heads = ["task", "test rows", "an equal object is in train", "equal or alike"]
    return f"## Leaks\n\n{words}" + (f"\n\n{_table(heads, rows)}" if rows else "")
