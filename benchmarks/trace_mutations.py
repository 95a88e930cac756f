"""How often the checker of traces finds one wrong digit or letter in a worked solution.

    python benchmarks/trace_mutations.py --rows 40 --mutations 10

For every writer of worked solutions (tasks with rows on this machine, and the derivations that no
task has) one digit, or one capital letter of a formula, SMILES or sequence, is replaced by another
in the thought. Printed are the share of unchanged texts in which every claim holds, the share of
changed texts with a false claim, for digits and letters, the same for the changes inside of what
was a claim, and the time of a check in milliseconds of CPU for 2,000 characters of such texts. A
change may leave a true text (a synonymous codon, another digit of a stated error), so a share of 1
cannot be reached.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from random import Random

from scireasoner.prompts.reply import read
from scireasoner.tasks import Task, all_tasks
from scireasoner.tasks.tracing import trace_claims
from scireasoner.tasks.worked.derivations import DERIVATIONS, derive
from scireasoner.types import Mode, Split

_WORD = re.compile(r"(?<![a-z])[A-Z][A-Z0-9]*(?:[a-z]?[A-Z0-9]+)*|[0-9]+(?:\.[0-9]+)?|\([().]*\)")
_TAG = re.compile(r"</?[A-Za-z]+>|\b(?:TPSA|BB|CV|GC|MP|DBE|TATA|JARVIS|CG)\b")
_CELL = "{a} {a} {a} 90 90 90\n{x} 0 0 0\n{x} 0.5 0.5 0\n{x} 0.5 0 0.5\n{x} 0 0.5 0.5\n" + (
    "{y} 0.5 0.5 0.5\n{y} 0.5 0 0\n{y} 0 0.5 0\n{y} 0 0 0.5"
)
_SMILES = (
    "CC(=O)Oc1ccccc1C(=O)O", "Cn1c(=O)c2c(ncn2C)n(C)c1=O", "CCOC(=O)c1ccc(N)cc1", "CCCCCCO",
    "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "Clc1ccc(Cl)cc1", "CC(C)=O", "OCC(O)CO", "c1ccc2ccccc2c1",
)  # fmt: skip
_EQUATIONS = (
    "KMnO4 + HCl -> KCl + MnCl2 + Cl2 + H2O", "C3H8 + O2 -> CO2 + H2O", "Fe + O2 -> Fe2O3",
    "C6H12O6 + O2 -> CO2 + H2O", "NH3 + O2 -> NO + H2O", "Al + HCl -> AlCl3 + H2",
)  # fmt: skip


def texts_of_tasks(rows: int) -> Iterator[tuple[str, str, dict[str, str], Task | None]]:
    """Yield (writer, text, inputs, task) of the worked solutions of tasks with rows here."""
    for task in all_tasks():
        if task.worked is None or not task.available(Split.TRAIN):
            continue
        written = 0
        for sample in task.samples(Split.TRAIN)[: 12 * rows]:
            text = task.solution(sample, Mode.THINK)
            if text is not None and written < rows:
                written += 1
                yield task.name, text, dict(sample.inputs), task


def texts_of_derivations(rows: int) -> Iterator[tuple[str, str, dict[str, str], Task | None]]:
    """Yield the same of derivations that no task has, from made inputs."""
    rng = Random(0)
    made = {
        "smiles|formula": lambda n: {"smiles": _SMILES[n % len(_SMILES)]},
        "smiles": lambda n: {"smiles": _SMILES[n % len(_SMILES)]},
        "equation": lambda n: {"equation": _EQUATIONS[n % len(_EQUATIONS)]},
        "dna": lambda n: {
            "dna": "ATG"
            + "GAATTC" * (n % 3 > 0)
            + "".join(rng.choices("ACGT", k=9 + n % 9))
            + "GCA" * (n % 2)
        },
        "rna": lambda n: {"rna": "GGGGC" + "".join(rng.choices("ACGU", k=12)) + "GCCCC"},
        "protein": lambda n: {"protein": "".join(rng.choices("ACDEFGHIKLMNPQRSTVWY", k=25))},
        "material": lambda n: {
            "material": _CELL.format(
                a=round(4 + n / 7, 3), x=("Na", "K", "Mg")[n % 3], y="ClOF"[n % 4 :][:1] or "O"
            )
        },
    }
    for name, found in DERIVATIONS.items():
        if found.tasks:
            continue
        written = 0
        for n in range(20 * rows):
            inputs = made[found.needs[0]](n)
            text = derive(name, inputs, str(n))
            if text is not None and written < rows:
                written += 1
                yield name, text.text, inputs, None


def changed(text: str, rng: Random) -> tuple[str, int, str] | None:
    """Return the text with one digit or capital letter replaced, where, and which of both."""
    kind = rng.choice(("digit", "letter"))
    thought = len(read(text, Mode.THINK).thought or text)
    plain = _TAG.sub(lambda tag: " " * len(tag.group()), text)[:thought]
    places = [
        at
        for word in _WORD.finditer(plain)
        for at in range(word.start(), word.end())
        if (text[at].isdigit() if kind == "digit" else text[at].isupper() and len(word.group()) > 1)
    ]
    if not places:
        return None
    at = rng.choice(places)
    letters = "0123456789" if kind == "digit" else "CNOSFHKGATRD"
    other = rng.choice([letter for letter in letters if letter != text[at]])
    return text[:at] + other + text[at + 1 :], at, kind


def main() -> None:
    """Print a row for every writer, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=30, help="texts of a writer")
    parser.add_argument("--mutations", type=int, default=8, help="changes of a text")
    options = parser.parse_args()
    rng = Random(7)
    table: dict[str, dict[str, float]] = {}
    for source in (texts_of_tasks, texts_of_derivations):
        for name, text, inputs, task in source(options.rows):
            row = table.setdefault(name, dict.fromkeys(_COLUMNS, 0.0))
            _measure(row, text, inputs, task, rng, options.mutations)
    _print(table)


_COLUMNS = ("texts", "claims", "clean", "digit", "digit found", "letter", "letter found", "inside",
            "inside found", "seconds", "characters")  # fmt: skip


def _measure(
    row: dict[str, float],
    text: str,
    inputs: dict[str, str],
    task: Task | None,
    rng: Random,
    mutations: int,
) -> None:
    found = trace_claims(text, task, inputs)  # the first reading fills the caches
    # A trace of a common length, so that the time is one of reading and not of calling.
    long = " ".join([text] * (1 + 2_000 // len(text)))[:2_000]
    start = time.process_time()
    trace_claims(long, task, inputs)
    row["seconds"] += time.process_time() - start
    row["characters"] += len(long)
    row["texts"] += 1
    row["claims"] += len(found)
    row["clean"] += all(claim.holds is True for claim in found) and bool(found)
    for _ in range(mutations):
        made = changed(text, rng)
        if made is None:
            continue
        other, at, kind = made
        wrong = any(claim.holds is False for claim in trace_claims(other, task, inputs))
        inside = any(claim.start <= at < claim.end for claim in found)
        for column in (kind, *(["inside"] if inside else [])):
            row[column] += 1
            row[f"{column} found"] += wrong


def _print(table: dict[str, dict[str, float]]) -> None:
    out = sys.stdout.write
    out("| writer | texts | claims a text | all hold | digits | letters | inside claims | ms |\n")
    out("|---|---:|---:|---:|---:|---:|---:|---:|\n")
    totals = dict.fromkeys(_COLUMNS, 0.0)
    for name, row in [*table.items(), ("all", totals)]:
        if row is not totals:
            totals.update({key: totals[key] + value for key, value in row.items()})
        shares = [
            f"{row[f'{k} found'] / row[k]:.2f}" if row[k] else "-"
            for k in ("digit", "letter", "inside")
        ]
        out(
            f"| {name} | {row['texts']:.0f} | {row['claims'] / row['texts']:.1f} "
            f"| {row['clean'] / row['texts']:.0%} | {' | '.join(shares)} "
            f"| {2e6 * row['seconds'] / row['characters']:.1f} |\n"
        )


if __name__ == "__main__":
    main()
