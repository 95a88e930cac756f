"""Sentences that name real compounds, with measured values and distractors."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from scireasoner.tasks.embedded.compounds import Compound, Tables
from scireasoner.tasks.rows import Caps, Row, split_of
from scireasoner.types import Split

MAX_NAME = 32
# {a} {b} {c} are compounds, {ta} {tb} {tc} their measured boiling points in K; the rest distracts.
TEMPLATES = (
    "{a} boils at {ta} K.",
    "The boiling point of {a} is {ta} K, that of {b} is {tb} K.",
    "We dissolved the residue in {a} and stirred it for {h} h.",
    "After {h} h at {t} C the mixture was washed with {a} and dried over a filter.",
    "{a} (b.p. {ta} K) was distilled before use.",
    "Of the two liquids, {a} is more volatile than {b}; the flask held {ml} mL.",
    "A solution of {a} in {b} was kept at {t} C overnight.",
    "The yield rose from {p} % to {q} % when {a} replaced {b}.",
    "No reaction took place within {h} h at {t} C in run {n}.",
    "Run {n} gave {p} % and run {m} gave {q} %; nothing was pooled.",
    "Run {n}: {ml} mL of {a}, {t} C, {h} h, yield {p} %.",
    "Sample {n} contained {a}, {b} and {c}.",
    "Gas chromatography of batch {n} showed {a} ({p} %) and {b} ({q} %).",
    "Workers in plant {n} were exposed to {a} for {h} h a day.",
    "{a} and {b} were both detected in well {n}, but {c} was not.",
    "The detector was calibrated with {a} at {ta} K.",
    "Neither {a} nor {b} gave crystals after {h} h.",
    "Compared with {a}, the boiling point of {b} is {d} K away.",
    "Peak {n} was assigned to {a}.",
    "Table {n} lists {a} at {ta} K; the pressure was not stated.",
    "To a flask with {ml} mL of {a} we added {b} in {n} portions.",
    "The literature value for {a}, {ta} K, agrees with ours.",
    "Vapours of {a} were trapped at {t} C in step {n}.",
    "The impurity is {a}, not {b}.",
    "In {year}, {a} was first used as a fuel additive at this site.",
    "The catalyst was filtered off, rinsed with {a} ({ml} mL) and reused {n} times.",
    "Samples {n} and {m} were lost; the rest held {a}.",
    "Heating {a} with {b} at {t} C for {h} h left the pressure unchanged.",
    "The feed of {a}, {b} and {c} entered at {ta} K.",
    "Stir for {h} h, cool to {t} C, then add {a}.",
)


def chemical_entities(tables: Tables, rng: Random, caps: Caps) -> Iterator[Row]:
    """Sentences with no to three compounds; all of one sentence belong to one split."""
    pools: dict[Split, list[Compound]] = {split: [] for split in Split}
    for compound in tables.compounds:
        if len(compound.common) <= MAX_NAME and compound.cas in tables.boiling:
            pools[split_of(compound.skeleton)].append(compound)
    for split, pool in pools.items():
        if len(pool) < 3:
            continue
        for _ in range(int(1.3 * caps.of(split)) + 1):
            yield _row(rng, tables, pool)


def _row(rng: Random, tables: Tables, pool: list[Compound]) -> Row:
    template = rng.choice(TEMPLATES)
    picked = dict(zip("abc", _distinct(rng, pool), strict=True))
    values = {key: tables.boiling[c.cas].value for key, c in picked.items()}
    words: dict[str, object] = {key: c.common for key, c in picked.items()}
    words |= {f"t{key}": f"{value:.1f}" for key, value in values.items()}
    words |= {
        "d": f"{abs(values['a'] - values['b']):.1f}",
        "h": rng.choice((1, 2, 3, 6, 12, 18, 24, 48)),
        "t": rng.choice((-78, -20, 0, 4, 25, 37, 60, 80, 110)),
        "ml": rng.choice((2, 5, 10, 25, 50, 100, 250)),
        "n": rng.randint(1, 40),
        "m": rng.randint(41, 90),
        "p": rng.randint(5, 60),
        "q": rng.randint(61, 98),
        "year": rng.randint(1920, 2015),
    }
    if template.startswith("Of the two") and values["a"] > values["b"]:
        words["a"], words["b"] = words["b"], words["a"]
    text = template.format(**words)
    text = text[0].upper() + text[1:] if text[:1].isalpha() else text
    used = [picked[key] for key in "abc" if "{" + key + "}" in template]
    entities = tuple(c.skeleton for c in used) or (text,)
    gold = "; ".join(c.common for c in used) or "none"
    return Row({"text": text}, gold, entities)


def _distinct(rng: Random, pool: list[Compound]) -> list[Compound]:
    while True:
        three = rng.sample(pool, 3)
        names = [c.common for c in three]
        # A name inside another ("propanol" in "2-propanol") would make the gold ambiguous.
        if not any(a in b for a in names for b in names if a is not b):
            return three
