"""Tokens a unit of each notation: our small tokenizer, the extended one, and the untouched base.

    SCIREASONER_DATA=... python benchmarks/tokenizer_compare.py --work FOLDER --qwen qwen.tiktoken

``--qwen`` is Qwen's own vocabulary (``untouched.py`` says where it can be had). Without it a BPE of
32,000 entries is learned from the Python reference: of the same build, but not a base anyone uses.
A unit is an atom, a symbol, a residue, a base, an element, or a character; RDKit, selfies and the
text itself say where it starts. Crossed: the share of units at whose start no token starts.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from small_models import data, texts, write_tokenizer
from untouched import write_qwen, write_stand_in

from scireasoner.corpus.tokenizer import extend_tokenizer, load_tokenizer
from scireasoner.notation import NOTATIONS
from scireasoner.settings import data_roots, use_data_root
from scireasoner.tasks.registry import get
from scireasoner.types import Split

_ROWS = 400
_ROUNDS = 5
_BARE_ENOUGH = 3000  # characters of a text at most: genes would drown the rest


@dataclass(frozen=True)
class Kind:
    """Texts of one notation and how each is cut into units; spaces between are no unit."""

    title: str
    notation: str
    rows: Sequence[str]
    cut: Callable[[str], list[str]]
    counts: Callable[[str], bool] = lambda unit: not unit.isspace()


def atoms(smiles: str) -> list[str]:
    """Cut a SMILES at RDKit's atoms."""
    from rdkit import Chem

    units: list[str] = []
    at = 0
    for atom in Chem.MolFromSmiles(smiles, sanitize=False).GetAtoms():
        while not (smiles[at].isalpha() or smiles[at] in "[*"):
            step = 3 if smiles[at] == "%" else 1
            units.append(smiles[at : at + step])
            at += step
        end = smiles.index("]", at) + 1 if smiles[at] == "[" else at + len(atom.GetSymbol())
        units.append(smiles[at:end])
        at = end
    return [*units, *smiles[at:]]


def symbols(selfies_text: str) -> list[str]:
    import selfies

    return list(selfies.split_selfies(selfies_text))


def elements(text: str) -> list[str]:
    return re.findall(r"<sg\d+>|->|[A-Z][a-z]?|[\s\S]", text)


def kinds(root: Path) -> list[Kind]:
    """Return real rows of every notation, a seeded draw of each file."""
    import selfies

    smiles = draw(root, "chemistry/smiles_corpus/chembl.csv.gz", "smiles")
    equations = [row.inputs["equation"] for row in get("balance_reaction").samples(Split.TRAIN)]
    solubility = draw(root, "chemistry/aqsoldb/aqsoldb.csv.gz", "log_solubility")
    letters = str.isalpha
    atom = lambda unit: unit[0].isalpha() or unit[0] in "[*"  # noqa: E731
    element = lambda unit: unit[0].isalpha() or unit[0] == "<"  # noqa: E731
    return [
        Kind("SMILES, atom", "smiles", smiles, atoms, atom),
        Kind("SELFIES, symbol", "selfies", [*map(selfies.encoder, smiles)], symbols),
        Kind("protein, residue", "protein",
             draw(root, "bio/protein_solubility/data.jsonl.gz", "sequence"), list),
        Kind("DNA, base", "dna", draw(root, "bio/dna_corpus/data.jsonl.gz", "sequence"), list),
        Kind("RNA, base", "rna", draw(root, "bio/ncrna_family/data.jsonl.gz", "sequence"), list),
        Kind("formula, element", "formula",
             draw(root, "chemistry/opsin_names/opsin_names.csv.gz", "formula"), elements, letters),
        Kind("material, element", "material", materials(root), elements, element),
        Kind("equation, element", "equation", equations[:_ROWS], elements, letters),
        Kind("number, digit", "number", [f"{float(v):.3f}" for v in solubility], list, str.isdigit),
        Kind("IUPAC name, character", "iupac",
             draw(root, "chemistry/name_structure/name_structure.csv.gz", "iupac_name"), list),
        Kind("prose, character", "text",
             draw(root, "chemistry/captions/captions.csv.gz", "text"), list, lambda _: True),
    ]  # fmt: skip


def draw(root: Path, file: str, column: str) -> list[str]:
    table = read(root / file)
    rows = sorted({str(value)[:_BARE_ENOUGH] for value in table[column].dropna()})
    return random.Random(0).sample(rows, min(_ROWS, len(rows)))


def materials(root: Path) -> list[str]:
    """Return elements and space group as the tasks write them: ``Mn Ni P <sg62>``."""
    table = read(root / "materials/mp20_structures/data.jsonl.gz")
    rows = zip(table["formula"], table["spacegroup_number"], strict=True)
    spelled = {
        " ".join(symbol for symbol, n in re.findall(r"([A-Z][a-z]?)(\d*)", formula)
                 for _ in range(int(n or 1))) + f" <sg{group}>"
        for formula, group in rows
    }  # fmt: skip
    return random.Random(0).sample(sorted(spelled), min(_ROWS, len(spelled)))


def read(file: Path) -> Any:
    import pandas as pd

    if "jsonl" in file.name:
        return pd.read_json(file, lines=True, nrows=20_000)
    return pd.read_csv(file, nrows=20_000)


def measure(tokenizer: Any, kind: Kind) -> tuple[float, float, float]:
    """Return tokens a unit without and with the tags, and the share of units that are crossed.

    Without tags: an untouched tokenizer gets the bare text; ours needs the tags to know what it
    reads, and their two tokens are taken off.
    """
    notation = NOTATIONS[kind.notation]
    knows = notation.tag and tokenizer.token_to_id(notation.opening) is not None
    units = inside = whole = crossed = 0
    for text in kind.rows:
        encoded = tokenizer.encode(notation.wrap(text))
        whole += len(encoded.ids)
        inside += len(encoded.ids) - 2 if knows else len(tokenizer.encode(text).ids)
        starts = {start for start, _ in encoded.offsets}
        at = len(notation.opening)
        for unit in kind.cut(text):
            if kind.counts(unit):
                units += 1
                crossed += at not in starts
            at += len(unit)
    return inside / units, whole / units, crossed / units


def speed(tokenizers: dict[str, Any], kind: Kind) -> dict[str, float]:
    """Return characters a second of processor time, the median of rounds in turn."""
    rows = [NOTATIONS[kind.notation].wrap(text) for text in kind.rows]
    size = sum(map(len, rows))
    rates: dict[str, list[float]] = {name: [] for name in tokenizers}
    for _ in range(_ROUNDS):
        for name, tokenizer in tokenizers.items():
            start = time.process_time()
            for row in rows:
                tokenizer.encode(row)
            rates[name].append(size / (time.process_time() - start))
    return {name: statistics.median(own) for name, own in rates.items()}


def prepare(work: Path, qwen: Path | None) -> dict[str, Any]:
    """Return the three tokenizers by name."""
    with use_data_root(data(work)):
        given = texts()
        write_tokenizer("ours", given, work / "small")
    if qwen:
        write_qwen(qwen, work / "untouched")
    else:
        from pydoc_data import topics

        write_stand_in(list(topics.topics.values()), 32_000, work / "untouched")
    extend_tokenizer(work / "untouched", work / "extended")
    return {name: load_tokenizer(work / name) for name in ("small", "extended", "untouched")}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--qwen", type=Path)
    options = parser.parse_args()
    root = next(r for r in data_roots() if (r / "chemistry").is_dir())
    tokenizers = prepare(options.work, options.qwen)
    for name, tokenizer in tokenizers.items():
        print(f"{name}: {tokenizer.get_vocab_size(with_added_tokens=True):,} entries")
    with use_data_root(data(options.work)):
        table = kinds(root)
    print("tokens a unit, tags left out / with tags / share of units crossed; then relative speed")
    for kind in table:
        cells = [measure(tokenizer, kind) for tokenizer in tokenizers.values()]
        rates = speed(tokenizers, kind)
        shown = " | ".join(f"{a:.2f} / {b:.2f} / {c:.0%}" for a, b, c in cells)
        ratios = " ".join(f"{rates[n] / rates['untouched']:.2f}" for n in ("small", "extended"))
        print(f"| {kind.title} | {shown} | {ratios} ({rates['untouched'] / 1e6:.2f} M/s) |")
