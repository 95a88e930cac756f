"""SciReasoner 1.5: 25 tasks that a later evaluation adds, of crystals, proteins and ligands.

They stand in OpenCompass (github.com/open-compass/opencompass, pull request 2477); its data is
read from a local folder and not on a public hub. The 22 properties of materials are those of
LLM4Mat-Bench with other test rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from scireasoner.answers import LabelSet, Number
from scireasoner.metrics import (
    ACCURACY,
    PEARSON,
    ROC_AUC,
    SET_F1,
    SET_PRECISION,
    SET_RECALL,
    SPEARMAN,
    mae,
    rmse,
)
from scireasoner.published.sr15 import GO_PROCESS, LIGAND_PAIR, TM_SCORE, material
from scireasoner.science.text import normalise_term
from scireasoner.tasks.release import Record, Status, output_of
from scireasoner.tasks.rows import Example
from scireasoner.tasks.suites import materials_rows as rows
from scireasoner.tasks.suites.collection import Collection, Kind, Row
from scireasoner.tasks.suites.llm4mat_data import ORIGINS
from scireasoner.tasks.suites.materials_data import biological_processes
from scireasoner.tasks.suites.materials_rows import Origin, Quantity
from scireasoner.types import Domain, Family, Outcome

_LICENCE = "not stated; the data files are not public"


def _stated(outcomes: Sequence[Outcome]) -> Any:
    """Return the rows of the ROC curve, a written score in place of the model's probability."""
    return ROC_AUC.columns(
        [
            replace(o, target=o.target >= 0.5, probability=None if o.fault else float(o.value))
            for o in outcomes
        ]
    )


STATED_AUC = replace(
    ROC_AUC, name="ROC AUC of the answers", columns=_stated, applies=None, substitute=None
)
"""Area under the ROC curve of scores that the model writes down as its answers."""


def _value_of(key: str) -> Callable[[Record], str | None]:
    """Return the reader of a property's value: ``{key : value}``, or the bare number."""
    named = rows.gold_of(key)
    return lambda record: named(record) or output_of(record)


def _names(key: str) -> Callable[[Record], bool]:
    """Return the rule of which records belong to a property: those that name it.

    The released reader takes any number where the name is missing, and so would count the values
    of one property for all others of the file.
    """
    named = rows.gold_of(key)
    word = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")

    def keep(record: Record) -> bool:
        if named(record) is not None:
            return True
        bare = "{" not in str(record.get("output", ""))
        return bare and word.search(str(record.get("input", ""))) is not None

    return keep


def _label(record: Record) -> str | None:
    """Return the label, 0 or 1: a field of its own, or all that a stored prediction keeps."""
    label = record.get("label", record.get("output"))
    return None if label is None else str(label)


def _target(record: Record) -> str:
    """Return the protein target that a pair of ligands belongs to."""
    return str((record.get("metadata") or {}).get("target") or "")


_CRAMBIN = "TTCCPSIVARSNFNVCRLPGTPEALCATYTGCIIIPGATCPGDYAN"
_TRP_CAGE = "NLYIQWLKDGGPSSGRPPPS"
_VILLIN = "LSDEDFKAVFGMTRSAFANLPLWKQQNLKKEKGLF"

# file, what the rows rest on, task
_TABLE: tuple[tuple[str, str, Row], ...] = (
    (
        "go_{split}_bp.json",
        "Gene Ontology (doi:10.1093/genetics/iyad031)",
        Row(
            name="sr15_go_biological_process",
            released="GO-BP",
            family=Family.CLASSIFICATION,
            domain=Domain.PROTEIN,
            kind=Kind(
                metrics=(SET_F1, SET_PRECISION, SET_RECALL, ACCURACY),
                key="score",
                scale="0..100",
                gold=output_of,
                output=None,
                evaluator=GO_PROCESS,
                max_tokens=(256, 768),
            ),
            answer=LabelSet("biological processes", separators=";", fold=normalise_term),
            prompt="In which biological processes (names of Gene Ontology terms) does the protein "
            "{protein} take part?",
            inputs={"protein": "protein"},
            tables=(biological_processes(),),
            size=None,
            examples=(
                Example({"protein": _CRAMBIN}, "defense response"),
                Example({"protein": _VILLIN}, "actin filament severing; cytoskeleton organization"),
                Example({"protein": _TRP_CAGE}, "glucose homeostasis"),
            ),
            status=Status.LATER,
        ),
    ),
    (
        "tmscore_{split}.json",
        "TM-score (doi:10.1002/prot.20264)",
        Row(
            name="sr15_tm_score",
            released="TMScore",
            family=Family.PREDICTION,
            domain=Domain.PROTEIN,
            kind=Kind(
                metrics=(mae(None, 0, 1), rmse(None, 0, 1), SPEARMAN, PEARSON, ACCURACY),
                key="MAE",
                scale="0..1, lower is better",
                gold=output_of,
                output=None,
                evaluator=TM_SCORE,
                max_tokens=(32, 512),
            ),
            # Scale and tolerance are declared: 0.5 is where two chains share a fold.
            answer=Number(None, low=0, high=1, scale=0.2, tolerance=0.1),
            prompt="What is the TM-score, from 0 (unrelated) to 1 (the same fold), of the "
            "structures of the proteins {protein_a} and {protein_b}?",
            inputs={"protein_a": "protein", "protein_b": "protein"},
            tables=(),
            size=None,
            examples=(
                Example({"protein_a": _CRAMBIN, "protein_b": _CRAMBIN}, "1"),
                Example({"protein_a": _CRAMBIN, "protein_b": _VILLIN}, "0.27"),
                Example({"protein_a": _TRP_CAGE, "protein_b": _VILLIN}, "0.35"),
            ),
            status=Status.LATER,
        ),
    ),
    (
        "dude_count.jsonl",
        "DUD-E (doi:10.1021/jm300687e)",
        Row(
            name="sr15_dude_pair",
            released="DUDE-count",
            family=Family.CLASSIFICATION,
            domain=Domain.MOLECULE,
            kind=Kind(
                metrics=(STATED_AUC, ACCURACY, mae(None, 0, 1)),
                key="AUC",
                scale="0..1",
                gold=_label,
                output=None,
                evaluator=LIGAND_PAIR,
                max_tokens=(32, 512),
                subtask=_target,
                label=_label,
            ),
            # Correct is an answer on the right side of 0.5; the scale is declared.
            answer=Number(None, low=0, high=1, scale=0.25, tolerance=0.499),
            prompt="{smiles_a} binds to a protein target. How likely is it, from 0 to 1, that "
            "{smiles_b} binds to the same target?",
            inputs={"smiles_a": "smiles", "smiles_b": "smiles"},
            tables=(),
            size=None,
            examples=(
                Example({"smiles_a": "CC(=O)Oc1ccccc1C(=O)O", "smiles_b": "OC(=O)c1ccccc1O"}, "1"),
                Example({"smiles_a": "CC(=O)Oc1ccccc1C(=O)O", "smiles_b": "CCCCCCCCO"}, "0"),
                Example({"smiles_a": "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "smiles_b": "C1CCNCC1"}, "0"),
            ),
            status=Status.LATER,
        ),
    ),
)

# Sources and properties of LLM4Mat-Bench that have rows here.
_SOURCES = {"oqmd": "OQMD", "jarvis_dft": "JARVISDFT"}


def _collection(path: str, source: str, licence: str = _LICENCE) -> Collection:
    return Collection(
        suite="sr15",
        benchmark="SciReasoner1.5",
        repo="opencompass/SciReasoner1.5",
        source="SciReasoner 1.5 in OpenCompass (github.com/open-compass/opencompass/pull/2477); "
        f"{source}",
        licence=licence,
        path=path,
        prefix="SciReasoner1_5-",
        hub_licence=_LICENCE,
    )


def _property(origin: Origin, prop: Quantity) -> Row:
    kind = Kind(
        metrics=rows.metrics_of(prop),
        key="MAD/MAE",
        scale="ratio, 1 = answering the mean; summarised as 100 x/(1+x)",
        gold=_value_of(prop.key),
        output=rows.output_for(prop.key),
        evaluator=material(prop.key),
        max_tokens=(48, 512),
        keep=_names(prop.key),
    )
    row = rows.row_of(origin, prop, "sr15", f"{_SOURCES[origin.name]}-{prop.key}", kind)
    return replace(row, size=None, status=Status.LATER)


for _origin in ORIGINS:
    if _origin.name in _SOURCES:
        _of_origin = _collection(
            f"{_origin.name}_{{split}}.json",
            f"{_origin.released} ({_origin.source})",
            f"{_origin.licence} (database); test files: {_LICENCE}",
        )
        for _prop in _origin.properties:
            if isinstance(_prop, Quantity):
                _of_origin.add(_property(_origin, _prop))
for _path, _source, _row in _TABLE:
    _collection(_path, _source).add(_row)
