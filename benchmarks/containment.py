r"""Rewards while answers kill their judges: what is lost, how it is labelled, what it costs.

    python benchmarks/containment.py --rows 10000 --workers 2 --rounds 3

Judges and rewards made answers to the example rows of all tasks through the pool, once clean and
once with 1 % crashes, 0.1 % hangs and 0.1 % memory hogs put among them. Prints the good items that
were lost or changed (against the clean run, which itself is compared with judging in one process),
the labels of the bad ones, both throughputs with their ratio, and the processor time of an item:
the caller's, and that of all processes. The ratio of the latter does not depend on what else runs.

Hangs cost what the deadline is, hogs what the limit of memory is: an item gets twice the 50 ms that
99.9 % of answers must keep, and 128 MiB beyond what a worker has after its start-up.

Tasks that read IUPAC names are left out unless ``--java`` is given: every new worker has to start
a Java of its own, which takes longer than the deadline; they then get ten seconds.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from scireasoner.answers import IupacName
from scireasoner.rewards.pool import Cause, Limits, Lost, Pool
from scireasoner.tasks.registry import all_tasks, get
from scireasoner.tasks.task import Task
from scireasoner.types import OUR_FAULTS, Completion, Mode, Sample

SHARES = {Cause.CRASH: 0.01, Cause.TIMEOUT: 0.001, Cause.MEMORY: 0.001}
DEEDS = {
    Cause.CRASH: ("abort", "segfault", "exit"),
    Cause.TIMEOUT: ("spin", "sleep"),
    Cause.MEMORY: ("eat",),
}
JAVA_S = 10.0


@dataclass(frozen=True)
class Item:
    """An answer to be rewarded, or a deed that kills the judge."""

    task: str
    sample: Sample
    completion: Completion
    mode: Mode
    deed: str = ""
    deadline: float = 0.25


def rewarded(item: Item) -> tuple[float, bool, str | None, float | None]:
    """Return score, correctness, fault and reward of an answer."""
    if item.deed:
        die(item.deed)
    task = get(item.task)
    outcome = task.judge(item.sample, item.completion, item.mode)
    return outcome.score, outcome.correct, outcome.fault, task.reward(outcome)


def die(deed: str) -> None:
    if deed == "abort":
        os.abort()
    if deed == "segfault":
        ctypes.string_at(0)
    if deed == "exit":
        os._exit(3)
    if deed == "sleep":
        time.sleep(3600)
    eaten = []
    while True:
        if deed == "eat":
            eaten.append(b"x" * (16 << 20))


def deadline(item: Item) -> float:
    return item.deadline


def warm() -> None:
    """Load every tool once, as the first items of each task would: right answers and wrong ones."""
    rng = random.Random(1)
    for task in all_tasks():
        if not isinstance(task.answer, IupacName):
            for sample, text, mode in islice(answers(task, rng), 30):
                task.reward(task.judge(sample, Completion(text, 1), mode))


def answers(task: Task, rng: random.Random) -> Iterator[tuple[Sample, str, Mode]]:
    """Yield right, wrong, broken and thinking answers to a task's examples, without end."""
    shown = task.shown()
    texts = [task.answer.write(s.example) for s in shown if s.example is not None]
    while texts:
        sample = rng.choice(shown)
        text = rng.choice(texts)
        cut = rng.randrange(len(text) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:cut] + text[cut + 1 :]
        elif kind == 1:
            text = f"{text[:cut]}{rng.choice('(1C=A.9 <')}{text[cut:]}"
        thinks = kind == 2 and Mode.THINK in task.modes
        whole = f"<think>{'It follows. ' * rng.randrange(40)}</think>{text}" if thinks else text
        yield sample, whole, Mode.THINK if thinks else Mode.INSTANT


def made(rows: int, seconds: float, java: bool, seed: int) -> list[Item]:
    """Return so many good items, the tasks in turn."""
    rng = random.Random(seed)
    sources = []
    for task in all_tasks():
        slow = isinstance(task.answer, IupacName)
        if task.examples and (java or not slow):
            sources.append((task.name, answers(task, rng), JAVA_S if slow else seconds))
    items: list[Item] = []
    while len(items) < rows and sources:
        for source in list(sources):
            name, stream, allowed = source
            found = next(stream, None)
            if found is None:
                sources.remove(source)
                continue
            sample, text, mode = found
            items.append(Item(name, sample, Completion(text, 1), mode, deadline=allowed))
    items = items[:rows]
    rng.shuffle(items)
    return items


def poisoned(items: list[Item], seconds: float, seed: int) -> tuple[list[Item], dict[int, Cause]]:
    """Return the items with the deadly ones among them, and which these are."""
    rng = random.Random(seed + 1)
    causes = [cause for cause, share in SHARES.items() for _ in range(round(share * len(items)))]
    places = dict(zip(rng.sample(range(len(items)), len(causes)), causes, strict=True))
    turns: Counter[Cause] = Counter()
    out = list(items)
    for place, cause in places.items():
        deeds = DEEDS[cause]
        deed = deeds[turns[cause] % len(deeds)]
        out[place] = replace(items[place], deed=deed, deadline=seconds)
        turns[cause] += 1
    return out, places


def timed(pool: Pool, items: list[Item]) -> tuple[list, float, float, float]:
    """Return the results, wall seconds, the caller's CPU seconds and those of its processes."""
    wall, cpu, theirs = time.perf_counter(), time.process_time(), elsewhere(pool)
    results = list(pool.imap(items))
    spent = time.perf_counter() - wall, time.process_time() - cpu, elsewhere(pool) - theirs
    return results, *spent


def elsewhere(pool: Pool) -> float:
    """Return the CPU seconds of the template and of all its workers, the dead ones too."""
    if pool._crew is None:
        return 0.0
    template = pool._crew._template
    alive = [template.pid(w.place) for w in pool._crew._places if w is not None]
    fields = {pid: stat(pid) for pid in (template.process.pid, *alive)}
    # utime and stime, and of the template those of its dead children beside them
    ticks = sum(sum(own[11:13]) for own in fields.values())
    ticks += sum(fields[template.process.pid][13:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def stat(pid: int) -> list[int]:
    """Return the numbers of /proc/PID/stat after the name; the state counts as 0."""
    text = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    return [int(field) if field.lstrip("-").isdigit() else 0 for field in text.split()]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--deadline", type=float, default=0.1, help="seconds an item")
    parser.add_argument("--memory", type=int, default=128, help="MiB a worker")
    parser.add_argument("--java", action="store_true", help="with the tasks that read names")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    clean = made(options.rows, options.deadline, options.java, options.seed)
    bad, places = poisoned(clean, options.deadline, options.seed)
    groups = Counter(get(item.task).answer.group.value for item in clean)
    say(f"{len(clean)} answers of {len({i.task for i in clean})} tasks: {dict(groups)}")
    say(f"deadly ones: {dict(Counter(map(str, places.values())))}")
    warm()
    alone, seconds, *_ = timed(Pool(rewarded, 0), clean)
    ours = sum(fault in OUR_FAULTS for _, _, fault, _ in alone)
    say(f"in this process: {len(clean) / seconds:,.0f} rewards/s, {ours} our own failures")
    limits = Limits(deadline=deadline, memory=options.memory << 20)
    ratios, shares, wrong = [], [], 0
    with Pool(rewarded, options.workers, prepare=warm, limits=limits, batch=options.batch) as pool:
        _, seconds, *_ = timed(pool, clean[:1])
        say(f"start-up: {seconds:.1f} s")
        for number in range(1, options.rounds + 1):
            good, clean_s, clean_cpu, clean_all = timed(pool, clean)
            found, bad_s, bad_cpu, bad_all = timed(pool, bad)
            differs = sum(a != b for a, b in zip(alone, good, strict=True))
            changed = [n for n, r in enumerate(found) if n not in places and r != alone[n]]
            lost = [n for n in changed if isinstance(found[n], Lost)]
            labels = Counter(
                (str(cause), str(r.cause) if isinstance(r, Lost) else "not lost")
                for r, cause in ((found[n], cause) for n, cause in places.items())
            )
            mislabelled = sum(n for (true, said), n in labels.items() if true != said)
            wrong += differs + len(changed) + mislabelled
            ratios.append(clean_s / bad_s)
            shares.append((clean_cpu + clean_all) / (bad_cpu + bad_all))
            say(f"round {number}: clean {len(clean) / clean_s:,.0f} rewards/s")
            say(f"  with deaths {len(bad) / bad_s:,.0f} rewards/s, {ratios[-1]:.0%} of clean")
            cpus = [cpu / len(clean) * 1e6 for cpu in (clean_cpu, bad_cpu)]
            say(f"  caller's CPU: {cpus[0]:.1f} us an item clean, {cpus[1]:.1f} with deaths")
            cpus = [cpu / len(clean) * 1e6 for cpu in (clean_cpu + clean_all, bad_cpu + bad_all)]
            say(f"  everybody's: {cpus[0]:.0f} and {cpus[1]:.0f} us, {shares[-1]:.0%} of clean")
            say(f"  clean against judging in one process: {differs} differ")
            say(f"  good items lost: {len(lost)}, changed: {len(changed) - len(lost)}")
            say(f"  deaths labelled wrongly: {mislabelled} of {len(places)}")
            for (true, said), n in labels.items():
                if true != said:
                    say(f"    {n} of {true} as {said}")
            for n in changed[:5]:
                say(f"  {bad[n].task}: {found[n]} instead of {alone[n]}")
    say(f"throughput with deaths, median of {options.rounds}: {statistics.median(ratios):.0%}, "
        f"by processor time {statistics.median(shares):.0%}")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
