"""LLM4Mat-Bench (arXiv:2411.00177): 65 properties of crystals and frameworks from ten databases."""

from __future__ import annotations

from scireasoner.published.llm4mat import llm4mat
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.registry import register
from scireasoner.tasks.release import Release
from scireasoner.tasks.sources import First
from scireasoner.tasks.suites import materials_rows as rows
from scireasoner.tasks.suites.llm4mat_data import ORIGINS
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family

_REPO = "SciReason/LLM4Mat-test"
_LICENCE = "not stated by the hub page; the databases have their own terms"
_RATIO = "ratio, 1 = answering the mean, unbounded"
_AUC = "0..1, of hard labels (= balanced accuracy)"


def _register(origin: rows.Origin, prop: rows.Quantity | rows.Label) -> None:
    numeric = isinstance(prop, rows.Quantity)
    name = f"mat_{origin.name}_{prop.suffix}"
    released = f"{origin.released}_{prop.released}"
    release = Release(
        benchmark="LLM4Mat",
        name=released,
        repo=_REPO,
        path=f"{origin.name}/{{split}}/data.json",
        key="MAD/MAE" if numeric else "AUC",
        scale=_RATIO if numeric else _AUC,
        evaluator=llm4mat(prop.key),
        aliases=(f"SciReasoner-LLM4Mat_{released}",),
        test_size=prop.size,
        decoding="greedy",
        gold=rows.gold_of(prop.key),
        keep=rows.kept(prop.key),
        output=rows.output_for(prop.key),
    )
    tables = () if prop.table is None else (prop.table,)
    register(
        Task(
            name=name,
            suite="llm4mat",
            family=Family.PREDICTION if numeric else Family.CLASSIFICATION,
            domain=Domain.MATERIAL,
            prompt=rows.question_of(origin, prop),
            inputs=rows.inputs_of(origin),
            answer=rows.answer_of(prop),
            data=First((Hub(release, _LICENCE), *tables)),
            source=f"LLM4Mat-Bench (arXiv:2411.00177) of {origin.released} ({origin.source})",
            licence=f"{origin.licence} (database); test files: {_LICENCE}",
            metrics=rows.metrics_of(prop),
            max_tokens=(48, 512),
            examples=rows.examples_of(origin, prop),
            release=release,
        )
    )


for _origin in ORIGINS:
    for _property in _origin.properties:
        _register(_origin, _property)
