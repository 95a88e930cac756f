"""LLM4Mat-Bench (arXiv:2411.00177): 65 properties of crystals and frameworks from ten databases."""

from __future__ import annotations

from scireasoner.published.llm4mat import llm4mat
from scireasoner.tasks.suites import materials_rows as rows
from scireasoner.tasks.suites.collection import Collection, Kind
from scireasoner.tasks.suites.llm4mat_data import ORIGINS

_LICENCE = "not stated by the hub page; the databases have their own terms"
_RATIO = "ratio, 1 = answering the mean, unbounded"
_AUC = "0..1, of hard labels (= balanced accuracy)"


def _collection(origin: rows.Origin) -> Collection:
    return Collection(
        suite="llm4mat",
        benchmark="LLM4Mat",
        repo="SciReason/LLM4Mat-test",
        source=f"LLM4Mat-Bench (arXiv:2411.00177) of {origin.released} ({origin.source})",
        licence=f"{origin.licence} (database); test files: {_LICENCE}",
        path=f"{origin.name}/{{split}}/data.json",
        alias="SciReasoner-LLM4Mat_",
        hub_licence=_LICENCE,
    )


def _kind(prop: rows.Quantity | rows.Label) -> Kind:
    numeric = isinstance(prop, rows.Quantity)
    return Kind(
        metrics=rows.metrics_of(prop),
        key="MAD/MAE" if numeric else "AUC",
        scale=_RATIO if numeric else _AUC,
        gold=rows.gold_of(prop.key),
        output=rows.output_for(prop.key),
        evaluator=llm4mat(prop.key),
        max_tokens=(48, 512),
        decoding="greedy",
        keep=rows.kept(prop.key),
    )


for _origin in ORIGINS:
    for _prop in _origin.properties:
        _released = f"{_origin.released}_{_prop.released}"
        _collection(_origin).add(rows.row_of(_origin, _prop, "mat", _released, _kind(_prop)))
