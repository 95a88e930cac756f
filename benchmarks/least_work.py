"""The least that any program must do for the released numbers of stored predictions, timed.

    python benchmarks/least_work.py FOLDER      (as made_predictions.py writes it)

Reads the JSON, parses and writes each different molecule once, and makes the three fingerprints
once for each first answer that is not its gold, and for that gold: no tags beyond a regex, no
judging, no text metric, no interval. Prints processor seconds. Run by ``rescoring.py``.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

_SMILES = re.compile(r"<SMILES>\s*(.*?)\s*</SMILES>")
_SUITES = ("smol", "mol_instructions", "uspto")


def _said(text: Any) -> str:
    found = _SMILES.findall(text.rpartition("</think>")[2]) if isinstance(text, str) else []
    return str(found[-1]).replace(";", ".") if found else ""


def molecules(entries: list[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """Return all SMILES, and those that must be described by fingerprints."""
    every: set[str] = set()
    described: set[str] = set()
    for entry in entries:
        made, gold = entry["prediction"], _said(entry["gold"])
        said = [_said(text) for text in (made if isinstance(made, list) else [made])]
        every.update([gold, *said])
        if gold and said and said[0] and said[0] != gold:
            described.update([gold, said[0]])
    return every - {""}, described


def work(folder: Path) -> dict[str, float]:
    """Do it, and return processor seconds by step."""
    from rdkit import Chem, rdBase
    from rdkit.Chem import rdFingerprintGenerator, rdMolDescriptors

    rdBase.DisableLog("rdApp.*")
    marks = [time.process_time()]
    files = sorted((folder / "predictions").rglob("*.json"))
    loaded = {path: json.loads(path.read_bytes()) for path in files}
    marks.append(time.process_time())
    entries = [e for p, held in loaded.items() if p.parent.name in _SUITES for e in held.values()]
    every, described = molecules(entries)
    read = {text: Chem.MolFromSmiles(text) for text in sorted(every)}
    for mol in read.values():
        if mol is not None:
            Chem.MolToSmiles(mol)
    marks.append(time.process_time())
    morgan = rdFingerprintGenerator.GetMorganGenerator(radius=2)
    for text in sorted(described):
        if read[text] is not None:
            Chem.RDKFingerprint(read[text])
            rdMolDescriptors.GetMACCSKeysFingerprint(read[text])
            morgan.GetSparseCountFingerprint(read[text])
    marks.append(time.process_time())
    steps = ("json", "canonical forms", "fingerprints")
    return {name: marks[n + 1] - marks[n] for n, name in enumerate(steps)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(work(Path(sys.argv[1]))))
