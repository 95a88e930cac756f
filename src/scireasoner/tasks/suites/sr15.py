"""SciReasoner 1.5: 25 tasks that a later evaluation adds, of crystals, proteins and ligands.

They stand in OpenCompass (github.com/open-compass/opencompass, pull request 2477); its data is
read from a local folder and not on a public hub. The 22 properties of materials are those of
LLM4Mat-Bench with other test rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scireasoner.answers import LabelSet, Number
from scireasoner.answers.base import Answer
from scireasoner.metrics import (
    ACCURACY,
    PEARSON,
    ROC_AUC,
    SET_F1,
    SET_PRECISION,
    SET_RECALL,
    SPEARMAN,
    Metric,
    mae,
    rmse,
)
from scireasoner.published.base import Evaluator
from scireasoner.published.sr15 import GO_PROCESS, LIGAND_PAIR, TM_SCORE, material
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.registry import register
from scireasoner.tasks.release import Record, Release, Status, output_of
from scireasoner.tasks.rows import Example
from scireasoner.tasks.sources import First
from scireasoner.tasks.suites import materials_rows as rows
from scireasoner.tasks.suites.llm4mat_data import ORIGINS
from scireasoner.tasks.suites.materials_data import biological_processes
from scireasoner.tasks.suites.materials_rows import Origin, Quantity
from scireasoner.tasks.tables import Table
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family, Outcome

_REPO = "opencompass/SciReasoner1.5"
_LICENCE = "not stated; the data files are not public"
_SET = "SciReasoner 1.5 in OpenCompass (github.com/open-compass/opencompass/pull/2477)"


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


@dataclass(frozen=True)
class _Row:
    """A task that is no property of a material; fields as of ``Task`` and ``Release``."""

    name: str
    alias: str
    path: str
    key: str
    scale: str
    evaluator: Evaluator
    family: Family
    domain: Domain
    prompt: str
    inputs: dict[str, str]
    answer: Answer
    metrics: tuple[Metric, ...]
    source: str
    examples: tuple[Example, ...]
    gold: Callable[[Record], str | None]
    label: Callable[[Record], str | None] | None = None
    subtask: Callable[[Record], str] | None = None
    tables: tuple[Table, ...] = ()
    max_tokens: tuple[int, int] = (32, 512)


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

_ROWS = (
    _Row(
        name="sr15_go_biological_process",
        alias="GO-BP",
        path="go_{split}_bp.json",
        key="score",
        scale="0..100",
        evaluator=GO_PROCESS,
        family=Family.CLASSIFICATION,
        domain=Domain.PROTEIN,
        prompt="In which biological processes (names of Gene Ontology terms) does the protein "
        "{protein} take part?",
        inputs={"protein": "protein"},
        answer=LabelSet("biological processes", separators=";"),
        metrics=(SET_F1, SET_PRECISION, SET_RECALL, ACCURACY),
        source="Gene Ontology (doi:10.1093/genetics/iyad031)",
        examples=(
            Example({"protein": _CRAMBIN}, "defense response"),
            Example({"protein": _VILLIN}, "actin filament severing; cytoskeleton organization"),
            Example({"protein": _TRP_CAGE}, "glucose homeostasis"),
        ),
        gold=output_of,
        tables=(biological_processes(),),
        max_tokens=(256, 768),
    ),
    _Row(
        name="sr15_tm_score",
        alias="TMScore",
        path="tmscore_{split}.json",
        key="MAE",
        scale="0..1, lower is better",
        evaluator=TM_SCORE,
        family=Family.PREDICTION,
        domain=Domain.PROTEIN,
        prompt="What is the TM-score, from 0 (unrelated) to 1 (the same fold), of the structures "
        "of the proteins {protein_a} and {protein_b}?",
        inputs={"protein_a": "protein", "protein_b": "protein"},
        # Scale and tolerance are declared: 0.5 is where two chains share a fold.
        answer=Number(None, low=0, high=1, scale=0.2, tolerance=0.1),
        metrics=(mae(None, 0, 1), rmse(None, 0, 1), SPEARMAN, PEARSON, ACCURACY),
        source="TM-score (doi:10.1002/prot.20264)",
        examples=(
            Example({"protein_a": _CRAMBIN, "protein_b": _CRAMBIN}, "1"),
            Example({"protein_a": _CRAMBIN, "protein_b": _VILLIN}, "0.27"),
            Example({"protein_a": _TRP_CAGE, "protein_b": _VILLIN}, "0.35"),
        ),
        gold=output_of,
    ),
    _Row(
        name="sr15_dude_pair",
        alias="DUDE-count",
        path="dude_count.jsonl",
        key="AUC",
        scale="0..1",
        evaluator=LIGAND_PAIR,
        family=Family.CLASSIFICATION,
        domain=Domain.MOLECULE,
        prompt="{smiles_a} binds to a protein target. How likely is it, from 0 to 1, that "
        "{smiles_b} binds to the same target?",
        inputs={"smiles_a": "smiles", "smiles_b": "smiles"},
        # Correct is an answer on the right side of 0.5; the scale is declared.
        answer=Number(None, low=0, high=1, scale=0.25, tolerance=0.499),
        metrics=(STATED_AUC, ACCURACY, mae(None, 0, 1)),
        source="DUD-E (doi:10.1021/jm300687e)",
        examples=(
            Example({"smiles_a": "CC(=O)Oc1ccccc1C(=O)O", "smiles_b": "OC(=O)c1ccccc1O"}, "1"),
            Example({"smiles_a": "CC(=O)Oc1ccccc1C(=O)O", "smiles_b": "CCCCCCCCO"}, "0"),
            Example({"smiles_a": "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "smiles_b": "C1CCNCC1"}, "0"),
        ),
        gold=_label,
        label=_label,
        subtask=_target,
    ),
)

# Sources and properties of LLM4Mat-Bench that have rows here.
_SOURCES = {"oqmd": "OQMD", "jarvis_dft": "JARVISDFT"}


def _register_row(row: _Row) -> None:
    release = Release(
        benchmark="SciReasoner1.5",
        name=f"SciReasoner1_5-{row.alias}",
        repo=_REPO,
        path=row.path,
        key=row.key,
        scale=row.scale,
        evaluator=row.evaluator,
        status=Status.LATER,
        aliases=(row.alias,),
        gold=row.gold,
        label=row.label,
        subtask=row.subtask,
    )
    register(
        Task(
            name=row.name,
            suite="sr15",
            family=row.family,
            domain=row.domain,
            prompt=row.prompt,
            inputs=row.inputs,
            answer=row.answer,
            data=First((Hub(release, _LICENCE), *row.tables)),
            source=f"{_SET}; {row.source}",
            licence=_LICENCE,
            metrics=row.metrics,
            max_tokens=row.max_tokens,
            examples=row.examples,
            release=release,
        )
    )


def _register_property(origin: Origin, prop: Quantity) -> None:
    alias = f"{_SOURCES[origin.name]}-{prop.key}"
    release = Release(
        benchmark="SciReasoner1.5",
        name=f"SciReasoner1_5-{alias}",
        repo=_REPO,
        path=f"{origin.name}_{{split}}.json",
        key="MAD/MAE",
        scale="ratio, 1 = answering the mean; summarised as 100 x/(1+x)",
        evaluator=material(prop.key),
        status=Status.LATER,
        aliases=(alias,),
        gold=_value_of(prop.key),
        keep=_names(prop.key),
        output=rows.output_for(prop.key),
    )
    tables = () if prop.table is None else (prop.table,)
    register(
        Task(
            name=f"sr15_{origin.name}_{prop.suffix}",
            suite="sr15",
            family=Family.PREDICTION,
            domain=Domain.MATERIAL,
            prompt=rows.question_of(origin, prop),
            inputs=rows.inputs_of(origin),
            answer=rows.answer_of(prop),
            data=First((Hub(release, _LICENCE), *tables)),
            source=f"{_SET}; {origin.released} ({origin.source})",
            licence=f"{origin.licence} (database); test files: {_LICENCE}",
            metrics=rows.metrics_of(prop),
            max_tokens=(48, 512),
            examples=rows.examples_of(origin, prop),
            release=release,
        )
    )


for _origin in ORIGINS:
    for _property in _origin.properties:
        if _origin.name in _SOURCES and isinstance(_property, Quantity):
            _register_property(_origin, _property)
for _row in _ROWS:
    _register_row(_row)
