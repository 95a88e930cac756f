"""Real inputs of the reward benchmarks, from ``$SCIREASONER_DATA``: pairs of answer and gold.

Part of ``rewards_speed.py`` and ``rewards_robustness.py``. A seed fixes everything; about half of
the answers are right but written otherwise, the rest are another row's or a near miss.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from scireasoner.science.molecules import heavy_atoms, randomise
from scireasoner.settings import data_roots

Pair = tuple[str, str]
"""A model's answer and the gold."""


def _file(name: str) -> Path:
    for root in data_roots():
        if (root / name).is_file():
            return root / name
    sys.exit(f"{name} is in no data root: set SCIREASONER_DATA to the folder with chemistry/, bio/")


def _table(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(_file(name), "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _records(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(_file(name), "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def smiles_pairs(count: int, seed: int = 0) -> list[Pair]:
    """Molecules of 18 to 35 heavy atoms; answers are other spellings or the next molecule."""
    rng = Random(seed)
    rows = (row["smiles"] for row in _table("chemistry/smiles_corpus/chembl.csv.gz"))
    fitting = (s for s in rows if "." not in s and 18 <= heavy_atoms(s) <= 35)
    golds = list(islice(fitting, 3 * count))[::3]
    right = [rng.random() < 0.5 for _ in golds]
    return [
        (randomise(gold if ok else golds[(place + 1) % len(golds)], place), gold)
        for place, (gold, ok) in enumerate(zip(golds, right, strict=True))
    ]


def texts(count: int, seed: int = 0) -> list[Pair]:
    """Descriptions of molecules (about 60 words); answers with words lost, or another row's."""
    rng = Random(seed)
    golds = [r["text"] for r in islice(_table("chemistry/captions/captions.csv.gz"), count)]

    def answer(place: int) -> str:
        if rng.random() < 0.5:
            return " ".join(word for word in golds[place].split() if rng.random() < 0.8)
        return golds[(place + 1) % len(golds)]

    return [(answer(place), gold) for place, gold in enumerate(golds)]


def proteins(count: int, seed: int = 0) -> list[Pair]:
    """Natural sequences of 200 to 400 residues; answers are mutants, or another protein."""
    rng = Random(seed)
    rows = (row["sequence"] for row in _records("bio/protein_localization/data.jsonl.gz"))
    natural = (s for s in rows if 200 <= len(s) <= 400 and set(s) <= set("ACDEFGHIKLMNPQRSTVWY"))
    golds = list(islice(natural, count))

    def answer(place: int) -> str:
        if rng.random() < 0.5:
            drawn = (c if rng.random() < 0.8 else rng.choice(("", "A", "GS")) for c in golds[place])
            return "".join(drawn)
        return golds[(place + 1) % len(golds)]

    return [(answer(place), gold) for place, gold in enumerate(golds)]


def compositions(count: int) -> list[str]:
    """Different formulas of inorganic compounds."""
    rows = _records("materials/composition_spacegroup/data.jsonl.gz")
    return list(islice(dict.fromkeys(row["formula"] for row in rows), count))


def names(count: int, skip: int = 0) -> list[str]:
    """Different IUPAC names."""
    rows = _table("chemistry/name_structure/name_structure.csv.gz")
    return list(islice(dict.fromkeys(row["iupac_name"] for row in rows), skip, skip + count))
