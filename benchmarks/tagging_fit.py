r"""Fit the weights of ``scireasoner.corpus.tagging.weights`` on the train and valid parts.

    SCIREASONER_DATA=... python benchmarks/tagging_fit.py            # prints the tables
    SCIREASONER_DATA=... python benchmarks/tagging_fit.py --write    # writes them into the source

A logistic regression with a Gaussian prior whose mean is the table below: what a chemist would
say before seeing data. The data moves a weight as far as they speak about it (strength 1 in
logits). No randomness: equal data give equal weights. The test parts are not read.

Labels. Formulas: 1 where the piece lies in, or is, a mention that is a formula or symbol by the
rules of ``tagging_text.is_formula``; 0 elsewhere; a piece outside of every mention that cannot be
anything else (a metal's ion, a common formula) is a gap of the annotation and left
out. Names: 1 in a mention of a chemical, 0 outside.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import tagging_text as text
from scipy.optimize import minimize

from scireasoner.corpus.tagging import formulas, names, weights
from scireasoner.corpus.tagging.known import COMMON
from scireasoner.settings import data_roots

PRIOR_FORMULA = {
    "any": -1.5,
    "common formula": 4.0,
    "charge": 1.0,
    "cation": 4.0,
    "anion": 3.0,
    "hyphen or anion": 0.0,
    "NO, CO, CN or OH": 0.0,
    "one-letter symbol": -3.0,
    "two-letter symbol": -1.5,
    "metal": 0.5,
    "capitals only": -3.5,
    "letters, some small": -1.0,
    "letter and number": -3.0,
    "capitals and counts": -1.0,
    "counted": 1.5,
    "metal first, then nonmetals": 2.0,
    "carbon and hydrogen counted": 4.0,
    "two symbols, the second an anion's": 1.0,
    "a symbol repeated uncounted": -2.0,
    "a count of one or zero": -4.0,
    "a count above nine": -2.0,
    "another meaning": -3.0,
    "a roman number": -2.0,
    "groups": 1.0,
    "defined as an abbreviation": -4.0,
    "defined by its name": 5.0,
    "its name beside": 4.0,
    "amount before": 2.0,
    "number before": 0.0,
    "number or relation after": -1.5,
    "atoms, ions, an alloy or the like beside": 6.0,
    "chemistry word beside": 2.5,
    "label word before": -3.0,
    "sentence start": -0.5,
    "capitals around": -2.0,
    "alone in brackets": 0.0,
    "square brackets": 1.0,
    "bracket after": -1.0,
    "glued to a bracket": -1.5,
    "hyphen before": -1.0,
    "hyphen after": 0.0,
    "part of a name": -3.0,
    "slash beside": 0.0,
    "initials": -2.0,
    "formula beside": 2.5,
    "verb after": 0.0,
}
PRIOR_IUPAC = {
    "any": 1.0,
    "one word": 0.0,
    "several words": 0.5,
    "salt or binary compound": 1.0,
    "acid": 1.0,
    "one locant": 1.0,
    "locants": 2.0,
    "stereo descriptor": 1.0,
    "brackets": 0.5,
    "no morpheme": 0.0,
    "one morpheme": -0.5,
    "two morphemes": 0.0,
    "three morphemes or more": 0.5,
    "protein word after": -0.5,
    "hyphen after": -0.3,
    "hyphen before": -1.5,
    "short": -1.0,
}

Rows = list[tuple[tuple[str, ...], bool]]


def formula_rows(row: text.Labelled) -> Rows:
    """Return the clues and the label of each candidate of a text."""
    found: Rows = []
    for start, end, clues in formulas.clued(row.text):
        inside = [m for m in row.mentions if m[0] < end and start < m[1]]
        good = any(text.is_formula(row.mention(m)) for m in inside)
        if not inside and is_gap(row.text[start:end]):
            continue
        found.append((clues, good))
    return found


def is_gap(piece: str) -> bool:
    """Whether a piece outside of every mention can be nothing but a formula."""
    base = formulas.normal(piece).rstrip("+-")
    metals = "Li Na K Mg2 Ca2 Zn2 Mn2 Fe2 Fe3 Cu2 Co2 Ni2 Al3".split()  # noqa: SIM905
    charged = base != formulas.normal(piece) and base in metals
    return charged or (base in COMMON and len(base) > 2)


def name_rows(row: text.Labelled) -> Rows:
    return [
        (clues, any(m[0] < end and start < m[1] for m in row.mentions))
        for start, end, clues in names.clued(row.text)
    ]


def fit(rows: Rows, prior: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of largest posterior, rounded to one digit."""
    clues = list(prior)
    index = {clue: i for i, clue in enumerate(clues)}
    unknown = sorted({clue for seen, _ in rows for clue in seen} - set(clues))
    if unknown:
        raise SystemExit(f"no prior for the clues {unknown}")
    # Equal rows are merged: the table of clues is small.
    counts = Counter(rows)
    x = np.zeros((len(counts), len(clues)))
    y, n = np.zeros(len(counts)), np.zeros(len(counts))
    for i, ((seen, label), count) in enumerate(sorted(counts.items())):
        x[i, [index[clue] for clue in seen]] = 1
        y[i], n[i] = label, count
    mean = np.array([prior[clue] for clue in clues])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        p = 1 / (1 + np.exp(-z))
        value = float(n @ (np.logaddexp(0, z) - y * z) + 0.5 * ((w - mean) ** 2).sum())
        return value, x.T @ (n * (p - y)) + (w - mean)

    best = minimize(loss, mean, jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return {clue: round(float(w), 1) + 0.0 for clue, w in zip(clues, best.x, strict=True)}


def table(name: str, fitted: Mapping[str, float]) -> str:
    lines = "".join(f'    "{clue}": {weight},\n' for clue, weight in fitted.items())
    head = f"{name}: Mapping[str, float] = MappingProxyType({{\n"
    return f"{head}{lines}}})  # fmt: skip\n"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    rows = [r for r in text.labelled(data_roots()[0]) if r.split != "test"]
    tables = []
    for name, make, prior in (
        ("FORMULA", formula_rows, PRIOR_FORMULA),
        ("IUPAC", name_rows, PRIOR_IUPAC),
    ):
        data = [pair for row in rows for pair in make(row)]
        fitted = fit(data, prior)
        positive = sum(label for _, label in data)
        sys.stdout.write(f"# {name}: {len(data)} candidates, {positive} right\n")
        tables.append(table(name, fitted))
    sys.stdout.write("\n".join(tables))
    if options.write:
        path = Path(weights.__file__)
        source = path.read_text(encoding="utf-8")
        for new in tables:
            head = new.split("{", 1)[0]
            at = source.index(head)
            end = source.index("})  # fmt: skip\n", at) + len("})  # fmt: skip\n")
            source = source[:at] + new + source[end:]
        path.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
