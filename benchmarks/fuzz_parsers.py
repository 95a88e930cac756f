"""Fuzz every answer kind: no crash, no hang, no false "correct".

Run: ``python benchmarks/fuzz_parsers.py --count 1000000 --seed 1``; prints throughput, the slowest
answers and the faults by kind, and exits with 1 if a promise is broken:

- reading and judging never raises, and takes less than a second (``IupacName``: a name may cost
  its own deadline of Java as well);
- a score lies in [0, 1], and "correct" comes with a value that equals the gold (or is within the
  declared tolerance) and, by a second opinion that shares no code, with a text that says so;
- what denies the right answer, and two complete answers that differ, are never correct.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from fuzz_cases import Case, cases, sound

from scireasoner.types import Fault

SLOW_S = 1.0
SLOW_NAME_S = 4.0
CHARACTERS = (
    "0123456789.,;:-+()[]{}<>/\\\"'`*_^$%#@!?=|~& \n\t\r\x00\x1b\ud800\u200b\u00a0\u2212\u2011"
    "\uff11\u0661\u00b2\u2082\u00d7\u2032\u27e8\u27e9éßα中abcdefghijklmnopqrstuvwxyzABCDEHIKNOST"
)
SCRAPS = (
    "not ", " no ", "n't ", "maybe ", "I cannot say. ", "unknown", "The answer is ", "**", "}",
    "\\boxed{", "```", "$", "<think>", "</think>", "<SMILES>", "</SMILES>", "<NUMBER>", "</NUMBER>",
    "<BOOLEAN>", "</BOOLEAN>", "<material>", "</material>", "<rna>", "</rna>", "<sg>", "<sg999>",
    " or ", " and ", ", ", "; ", "\n- ", "1. ", "e5", "e99999", "1e400", "nan", "inf", "-",
    "\u2212", " x 10^", "{band_gap : ", "HK: ", "(", ")", " K", " eV", " °C", "A", "(A)", "none",
    "5' ", "|", "C1CC", "*", "[C+999]", "%99", " is ethanol", "\r", "Yes", "No", "true", "false",
    "9" * 400,
)  # fmt: skip
FRAMES = (
    "{}", "{}", "{}", "The answer is {}.", "**{}**", "\\boxed{{{}}}", "`{}`", "```\n{}\n```",
    "Final answer: {}", "I think that {} is right.", "At pH 7.4, {}", "{} because of the data.",
    "Let me see.\n\n**Answer:** {}", "${}$", "'{}'", " \n{}\n ",
)  # fmt: skip
DENIALS = (
    "It is not {}",
    "The answer is not {}.",
    "not {}",
    "I do not think it is {}",
    "{}? I cannot say.",
)
BOMBS = (
    "C(" * 20_000, "(" * 50_000, "[" * 20_000 + "]" * 20_000, "9" * 100_000, "\\boxed{" * 10_000,
    "<SMILES>" * 10_000, "**" * 20_000, "C1" * 9_000, "A; " * 30_000, "{" * 9_990 + "}" * 9_990,
    "not " * 4_900, "1,000," * 3_000, "(a, b), " * 2_400, "EC 1.1.1." * 2_000, "x" * 1_000_000,
    "C%12" * 240, "[U]" * 300, "C1CCCC" * 160, "C=" * 400, "c1ccccc1" * 100, "C#C" * 300,
    "Ti O " * 300, "methyl" * 80, "GC" * 240, "1 ± " * 4_000, "is 5. " * 3_000, "m6A, " * 3_000,
    "answer is " * 1_900, "C12345678" * 100, "N" * 1000, "((((....))))" * 40, "e9" * 900,
)  # fmt: skip


@dataclass
class Tally:
    """What a run saw."""

    count: int = 0
    seconds: float = 0.0
    correct: int = 0
    faults: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slowest: list[tuple[float, str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def slow(self, seconds: float, kind: str, text: str) -> None:
        """Keep the five slowest answers."""
        self.slowest = sorted([*self.slowest, (seconds, kind, text[:60])], reverse=True)[:5]


def mutate(random: Random, text: str) -> str:
    """Return a text that was cut, spliced, respelled or blown up once."""
    at = random.randrange(len(text) + 1)
    other = random.randrange(len(text) + 1)
    low, high = min(at, other), max(at, other)
    way = random.randrange(12)
    if way == 0:
        return text[:at]
    if way == 1:
        return text[at:]
    if way == 2:
        return text[:at] + random.choice(CHARACTERS) + text[at:]
    if way == 3:
        return text[:at] + text[at + 1 :]
    if way == 4:
        return text[:at] + random.choice(CHARACTERS) + text[at + 1 :]
    if way == 5:
        return text[:low] + text[low:high] * random.randrange(2, 5) + text[high:]
    if way == 6:
        return text[:at] + random.choice(SCRAPS) + text[at:]
    if way == 7:
        return random.choice((text.upper, text.lower, text.swapcase, text.title))()
    if way == 8:
        return random.choice(FRAMES).format(text)
    if way == 9:
        return text.replace("-", random.choice("\u2212\u2011\u2013\ufe63")).replace(" ", "\u00a0")
    if way == 10:
        return text[:low] + text[high:]
    return f"{text}{random.choice((' ', chr(10), ' or ', ', '))}{text[low:high]}"


def compose(random: Random, case: Case) -> tuple[str, bool]:
    """Return a text to read, and whether it must not be correct."""
    right, wrong = random.choice(case.right), random.choice(case.wrong)
    draw = random.random()
    if draw < 0.0005:
        bomb = random.choice(BOMBS)
        return random.choice((bomb, bomb[: random.randrange(1, 3_000)], right + bomb)), False
    if draw < 0.03:
        shown = random.choice((right, write(case, right), f"**{right}**", f"\\boxed{{{right}}}"))
        return random.choice(DENIALS).format(shown), True
    if draw < 0.06 and case.single:
        pair = [write(case, right), write(case, wrong)]
        if not pair[0].startswith("<"):
            pair = [f"\\boxed{{{right}}}", f"\\boxed{{{wrong}}}"]
        random.shuffle(pair)
        return random.choice((" or ", "\n", ", but ", " ")).join(pair), True
    raw = right if random.random() < 0.6 else wrong
    text = write(case, raw) if random.random() < 0.5 else random.choice(FRAMES).format(raw)
    for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3, 5))):
        text = mutate(random, text)
    return text, False


def write(case: Case, raw: str) -> str:
    """Write a raw answer in the kind's own tag, without the kind's own reading of it."""
    asked = case.kind.asks()
    if "></" in asked:
        head, _, tail = asked.partition("></")
        return f"<{head.rpartition('<')[2]}>{raw}</{tail.partition('>')[0]}>"
    return raw


def judge(case: Case, text: str, forbidden: bool, tally: Tally) -> None:
    """Read and judge one text, and note every broken promise."""
    name, target = case.kind.kind, case.kind.read_gold(case.gold)
    started = time.perf_counter()
    verdict: tuple[float, bool] | None = None
    try:
        value = case.kind.parse(text)
        if not isinstance(value, Fault):
            hash(value)
            verdict = case.kind.compare(value, target)
    except Exception as error:
        tally.broken.append(f"{name}: {error!r} on {text[:200]!r}")
        return
    seconds = time.perf_counter() - started
    tally.count += 1
    tally.slow(seconds, name, text)
    if seconds > (SLOW_NAME_S if name == "iupac name" else SLOW_S):
        tally.broken.append(f"{name}: {seconds:.2f} s on {len(text)} characters {text[:80]!r}")
    if verdict is None:
        tally.faults[name][str(value)] += 1
        return
    score, correct = verdict
    tally.correct += correct
    tally.faults[name]["correct" if correct else "read"] += 1
    claims = {
        "a score outside [0, 1]": not 0.0 <= score <= 1.0,
        "a verdict against the value": not sound(case, value, target, correct),
        "correct although denied or contradicted": correct and forbidden,
        "correct, but the text does not say so": correct and not case.states(text),
    }
    for claim, broken in claims.items():
        if broken:
            tally.broken.append(f"{name}: {claim}: {value!r} from {text[:300]!r}")


def run(count: int, seed: int, kinds: Sequence[str] = (), progress: bool = False) -> Tally:
    """Fuzz ``count`` texts in all; ``kinds`` limits the answer kinds by name."""
    random, tally = Random(seed), Tally()
    chosen = [case for case in cases() if not kinds or case.kind.kind in kinds]
    for case in chosen:  # libraries load on first use
        for raw in (*case.right, *case.wrong, "5 m"):
            judge(case, raw, False, Tally())
    started = time.perf_counter()
    for place, case in enumerate(_cycle(chosen, count)):
        text, forbidden = compose(random, case)
        judge(case, text, forbidden, tally)
        if progress and place and place % 50_000 == 0:
            sys.stderr.write(f"{place} of {count}, {len(tally.broken)} broken\n")
    tally.seconds = time.perf_counter() - started
    return tally


def bombs(kinds: Sequence[str] = ()) -> Tally:
    """Give every bomb to every kind, bare, in the kind's tag and after a right answer."""
    tally = Tally()
    for case in cases():
        if not kinds or case.kind.kind in kinds:
            for bomb in BOMBS:
                for text in (
                    bomb,
                    write(case, bomb),
                    write(case, bomb[:990]),
                    f"{bomb[:9]} {bomb}",
                ):
                    judge(case, text, False, tally)
    return tally


def _cycle(chosen: Sequence[Case], count: int) -> Iterator[Case]:
    for place in range(count):
        yield chosen[place % len(chosen)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", default=(), help="names of answer kinds")
    options = parser.parse_args()
    tally = run(options.count, options.seed, options.kinds, progress=True)
    rate = tally.count / tally.seconds
    lines = [f"{tally.count} answers in {tally.seconds:.1f} s ({rate:.0f} per second)"]
    lines += [f"{tally.correct} correct, {len(tally.broken)} broken promises"]
    lines += [f"slowest: {s:.3f} s, {kind}: {text!r}" for s, kind, text in tally.slowest]
    lines += [f"{kind}: {json.dumps(dict(c.most_common()))}" for kind, c in tally.faults.items()]
    lines += [f"BROKEN {line}" for line in tally.broken[:100]]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text.encode("ascii", "backslashreplace").decode())
    return 1 if tally.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
