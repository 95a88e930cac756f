"""Run the released evaluators of arXiv 2509.21320 on stored predictions, and time each task.

None of their code is here: ``--released`` names a checkout of the evaluation release (and, for PEER
and the later set 1.5, one of its later merge). This file puts empty modules in the place of what
scoring does not use (the OpenCompass runner, clients of paid services), so that single files of the
checkout can be imported, and calls their post-processors and evaluators. What they would download
is read from the folder that ``made_predictions.py`` wrote.

Left out, with a value in its place: BART-MNLI, OmegaFold's pLDDT, cmscan. Run by ``rescoring.py``
with an interpreter that has what the checkout needs: ``pip install numpy==1.26.4
scikit-learn==1.5.0 rdkit==2026.9.1 smact==3.0.2 nltk==3.9.1 rouge-score==0.1.2 selfies==2.2.0
Levenshtein biopython==1.85 transformers==4.57.1 rdchiral torch==2.13.0 pandas tqdm``; alone::

    python benchmarks/released.py FOLDER --released CHECKOUT [LATER] --out released.json
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import pdb
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from released_calls import DATASETS, Entry, Numbers, call_of, register

_UNUSED = ("bert_score", "datasets", "evaluate", "mmengine", "openai", "requests", "rouge")

# What stands in for the rest of the checkout ------------------------------------------------------


class _Empty(types.ModuleType):
    """A module that has every name; each is a class that does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (), {"__init__": lambda self, *args, **kwargs: None})
        setattr(self, name, made)
        return made


class _Registry:
    def register_module(self, *_: Any, **__: Any) -> Callable[[Any], Any]:
        return lambda made: made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds single files below ``opencompass/datasets``; all other of its modules are empty."""

    def __init__(self, checkouts: Sequence[Path]) -> None:
        self.roots = [checkout / "opencompass" / "datasets" for checkout in checkouts]

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        top = name.partition(".")[0]
        if top not in ("opencompass", *_UNUSED):
            return None
        below = name.removeprefix(DATASETS).replace(".", "/").strip("/")
        if name.startswith(f"{DATASETS}.") and below not in ("base",) and "omegafold" not in name:
            for root in self.roots:
                file = root / f"{below}.py"
                if file.is_file():
                    return importlib.util.spec_from_file_location(name, file)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Empty(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Leave the module empty."""


def _prepare(folder: Path, checkouts: Sequence[Path]) -> None:
    from transformers import BertTokenizerFast

    class Pieces(BertTokenizerFast):
        @classmethod
        def from_pretrained(cls, name: str, **_: Any) -> Any:
            vocabulary = folder / "hub" / "tokenizers" / Path(name).name / "vocab.txt"
            return BertTokenizerFast(vocab_file=str(vocabulary))

    mocked: Any = types.ModuleType("transformers")
    mocked.BertTokenizerFast = Pieces
    mocked.pipeline = lambda *_, **__: _model
    hub: Any = types.ModuleType("huggingface_hub")
    hub.hf_hub_download = lambda repo, path, **_: str(folder / "hub" / repo / path)
    sys.modules |= {"transformers": mocked, "huggingface_hub": hub}
    sys.meta_path.insert(0, _Finder(checkouts))
    registry: Any = importlib.import_module("opencompass.registry")
    for name in ("LOAD_DATASET", "TEXT_POSTPROCESSORS", "ICL_EVALUATORS"):
        setattr(registry, name, _Registry())
    omegafold: Any = importlib.import_module(
        f"{DATASETS}.unconditional_protein_generation.omegafold.__main__"
    )
    omegafold.main = lambda sequences: [0.0] * len(sequences)
    pdb.set_trace = _no_debugger


def _model(texts: Sequence[str], labels: Sequence[str], **_: Any) -> list[dict[str, Any]]:
    """Answer for BART-MNLI, which is left out."""
    return [{"labels": list(labels), "scores": [1.0]} for _ in texts]


def _no_debugger(*_: Any, **__: Any) -> None:
    raise RuntimeError("the released code stops in a debugger")


# The run ------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Drop what the released code prints: whole predictions, line by line."""
    with (
        open(os.devnull, "w") as nothing,
        contextlib.redirect_stdout(nothing),
        contextlib.redirect_stderr(nothing),
    ):
        yield


def _timed(plan: Entry, folder: Path) -> dict[str, Any]:
    path = folder / "predictions" / str(plan["suite"]) / f"{plan['name']}.json"
    start = time.perf_counter(), time.process_time()
    numbers: Numbers = {}
    failed = None
    try:
        with _silence():
            entries = list(json.loads(path.read_text(encoding="utf-8")).values())
            numbers = call_of(plan, folder)(plan, entries)
    except Exception as error:  # whatever the released code raises is part of the report
        failed = f"{type(error).__name__}: {error}"[:200]
    spent = time.perf_counter() - start[0], time.process_time() - start[1]
    return {"task": plan["task"], "seconds": spent[0], "cpu": spent[1], "failed": failed,
            "numbers": {k: v for k, v in numbers.items() if isinstance(v, int | float)}
            | _nested(numbers)}  # fmt: skip


def _nested(numbers: Numbers) -> dict[str, float]:
    return {f"{key} {name}": value for key, found in numbers.items() if isinstance(found, dict)
            for name, value in found.items() if isinstance(value, int | float)}  # fmt: skip


def run(folder: Path, checkouts: Sequence[Path], out: Path) -> None:
    """Score every task of the plan in turn, in this one process."""
    warnings.simplefilter("ignore")
    os.environ["TQDM_DISABLE"] = "1"
    plans = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    _prepare(folder, checkouts)
    register(folder, plans)
    from rdkit import rdBase

    rdBase.DisableLog("rdApp.*")
    found = [_timed(plan, folder) for plan in plans]
    out.write_text(json.dumps(found, default=float), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="as made_predictions.py writes it")
    parser.add_argument("--released", type=Path, nargs="+", required=True, metavar="CHECKOUT")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    run(options.folder.resolve(), [p.resolve() for p in options.released], options.out.resolve())
