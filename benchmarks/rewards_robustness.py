"""Rewards of hostile and mutated answers: how slow, how stable, how much memory.

    python benchmarks/rewards_robustness.py --answers 1000000 --soak 1000000

Every answer goes through ``Task.judge`` and ``Task.reward`` of a task of each answer kind.

- latency: hostile patterns of 1 to 64 kB, bare, in the kind's tag, beside a right answer and after
  a long thought; p99.9 must stay under 50 ms (kinds that fold RNA or ask Java have deadlines of
  their own and are listed apart);
- answers: mutated answers (``fuzz_parsers.py``) in two processes with other hash seeds: no
  exception, every reward in [0, 1], the same digest of all judgements;
- soak: resident memory after so many rewards against that after the warm-up.

Exits with 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random

from fuzz_cases import Case, cases
from fuzz_parsers import BOMBS, compose, mutate, write

from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Domain, Family, Mode, Sample, Split

LIMIT_S = 0.05
GROWTH = 1.05
OWN_DEADLINE = ("iupac name", "rna design")
SIZES = (1_000, 4_000, 12_000, 19_900, 64_000)
PATTERNS = (
    *(bomb[:60] for bomb in BOMBS), "<think>", "</think>", "yes no ", "not absent, ", "(A) ", "A. ",
    "1.5 eV or ", "-", "\u2212", "C(=O)", "c1", "[13C@@H]", "N#N.", "Na Cl ", "<sg1>", "Ca(OH)2",
    "(a, (b, c)), ", "a, b; ", "EC 3.2.1.17; ", "{band_gap : 1.2} ", "{band_gap : ", "\"", "** ",
    "\\boxed{1}", "```x```", "1e5 ", "10^{-3} ", "5' ", "ACGU", "MKVLAT", "the ", "methyl", "2-",
    "\u200b", "\U0001f600", "\ud800", " ", "\n", "is 5. ", "because ", "yes, because ", "answer: ",
    "0.1, ", "-> ", "H2 + O2 -> ", "(((((", ".....", "'", "m6A and ", "?", "! ", "<", ">", "&",
)  # fmt: skip


class Nowhere:
    """A source without rows: what is judged here is made here."""

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        """Return no rows."""
        return ()

    def places(self, task: str) -> Sequence[Place]:
        """Return no places."""
        return ()


@dataclass(frozen=True)
class Asked:
    """A case of the fuzz as a task with one row."""

    case: Case
    task: Task
    sample: Sample

    @property
    def kind(self) -> str:
        """The name of the answer kind."""
        return self.case.kind.kind

    def reward(self, text: str, mode: Mode | None) -> tuple[str, float | None]:
        """Return everything that was decided, as text, and the reward."""
        outcome = self.task.judge(self.sample, Completion(text, 1), mode)
        reward = self.task.reward(outcome)
        said = (outcome.value, outcome.score, outcome.correct, outcome.fault, reward)
        return repr(said), reward


def asked(leave_out: Sequence[str] = ()) -> list[Asked]:
    found = []
    for number, case in enumerate(cases()):
        if case.kind.kind not in leave_out:
            task = Task(f"case_{number}", "robustness", Family.PREDICTION, Domain.TEXT, "?", {},
                        case.kind, Nowhere(), "made here", "none")  # fmt: skip
            found.append(Asked(case, task, Sample(str(number), {}, case.gold)))
    for each in found:  # libraries load on first use
        for raw in (*each.case.right, *each.case.wrong, "5 m", "5 eV or 3 kg"):
            each.reward(write(each.case, raw), None)
            each.reward(raw, None)
    return found


def say(text: str) -> None:
    sys.stdout.write(text.encode("ascii", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


# Latency ------------------------------------------------------------------------------------------


def hostile(case: Case, rng: Random) -> Iterator[str]:
    """Yield the patterns in every size, bare, tagged, beside a right answer, after a thought."""
    right = write(case, case.right[0])
    for pattern in PATTERNS:
        for size in SIZES:
            text = (pattern * (size // len(pattern) + 1))[:size]
            yield text
            yield write(case, text)
            yield f"{right} {text}"
            yield mutate(rng, f"{text}</think>{right}")[:65_000]
            yield f"The answer is {case.right[0]}. {text}"


def latency() -> bool:
    rng = Random(1)
    spent: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for each in asked():
        for text in hostile(each.case, rng):
            start = time.perf_counter(), time.process_time()
            each.reward(text, None)
            wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
            # A shared core may be taken away: what we spent ourselves counts, Java by the wall.
            own = wall if each.kind in OWN_DEADLINE else cpu
            spent[each.kind].append((own, f"{len(text)}: {text[:50]!r}"))
    every = [row for kind, rows in spent.items() if kind not in OWN_DEADLINE for row in rows]
    say(f"latency of {len(every)} hostile answers: {_quantiles(every)}")
    ranked = sorted(spent.items(), key=lambda item: -max(item[1])[0])
    for kind, rows in ranked:
        mark = " (own deadline)" if kind in OWN_DEADLINE else ""
        say(f"    {kind}{mark}: {_quantiles(rows)}, slowest {max(rows)[1]}")
    return sorted(every)[int(0.999 * len(every))][0] < LIMIT_S


def _quantiles(rows: Sequence[tuple[float, str]]) -> str:
    ordered = sorted(seconds * 1_000 for seconds, _ in rows)
    picked = (ordered[min(int(q * len(ordered)), len(ordered) - 1)] for q in (0.5, 0.99, 0.999, 1))
    return "p50 {:.2f}, p99 {:.1f}, p99.9 {:.1f}, max {:.1f} ms".format(*picked)


# Mutated answers ----------------------------------------------------------------------------------


def answers(count: int, seed: int) -> int:
    """Judge mutated answers; print their digest and how many broke a promise."""
    rng, digest, broken, paid = Random(seed), hashlib.sha256(), 0, 0
    modes = (None, None, Mode.INSTANT, Mode.THINK)
    for each in islice(cycle(asked()), count):
        text, forbidden = compose(rng, each.case)
        mode = rng.choice(modes)
        if mode is Mode.THINK and rng.random() < 0.9:
            text = f"Let me see.</think>{text}"
        try:
            said, reward = each.reward(text, mode)
        except Exception as error:  # what the benchmark looks for
            said, reward = repr(error), None
            say(f"RAISED {each.kind}: {error!r} on {text[:200]!r}")
        wrong = reward is None or not 0.0 <= reward <= 1.0 or (forbidden and reward == 1.0)
        if wrong:
            say(f"BROKEN {each.kind}: {said[:200]} from {text[:200]!r}")
        broken += wrong
        paid += bool(reward)
        digest.update(said.encode("utf-8", "surrogatepass"))
    say(f"{count} answers, {paid} paid, {broken} broken promises, digest {digest.hexdigest()}")
    return broken


def twice(count: int, seed: int) -> bool:
    """Run `answers` in two processes at once."""
    here = [sys.executable, str(Path(__file__)), "--one", str(count), "--seed", str(seed)]
    runs = [
        subprocess.Popen(here, stdout=subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": salt})
        for salt in ("1", "2")
    ]
    start = time.perf_counter()
    said = [run.communicate()[0].decode() for run in runs]
    say(f"mutated answers, twice, in {time.perf_counter() - start:.0f} s: {said[0].strip()}")
    same = said[0] == said[1]
    say(f"    the two runs are {'identical' if same else 'NOT identical: ' + said[1]}")
    return same and not any(run.returncode for run in runs)


# Memory -------------------------------------------------------------------------------------------


def resident() -> float:
    """Return this process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def soak(count: int, warm: int, seed: int) -> bool:
    """Reward mutated answers; compare the memory with that after the warm-up."""
    rng = Random(seed)
    chosen = asked(("iupac name",))  # Java answers beside us
    say(f"memory at the start {resident():.0f} MB")
    base = 0.0
    start = time.process_time()
    for place, each in enumerate(islice(cycle(chosen), warm + count)):
        if place == warm:
            base = resident()
            say(f"    after a warm-up of {warm}: {base:.1f} MB")
        elif place > warm and (place - warm) % max(1, count // 5) == 0:
            say(f"    after {place - warm} more: {resident():.1f} MB")
        each.reward(compose(rng, each.case)[0], None)
    grown = resident() / base
    rate = (warm + count) / (time.process_time() - start)
    say(f"soak of {count} rewards: memory grew by {100 * (grown - 1):.1f} % ({rate:,.0f}/s)")
    return grown < GROWTH


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--soak", type=int, default=100_000)
    parser.add_argument("--warm", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-latency", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return 1 if answers(options.one, options.seed) else 0
    kept = [options.no_latency or latency()]
    kept += [not options.answers or twice(options.answers, options.seed)]
    kept += [not options.soak or soak(options.soak, options.warm, options.seed)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
