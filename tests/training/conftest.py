"""Two tasks in memory, a tokenizer made from them, a model of a few thousand parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scireasoner.answers import Formula, NovelMolecule
from scireasoner.corpus.tokenizer import build_tokenizer
from scireasoner.models.checkpoint import load_tokenizer
from scireasoner.tasks.task import Task
from scireasoner.training.model import ModelConfig, new_model, save_model
from scireasoner.types import Domain, Family, Sample, Split

ALKANES = {"C" * n: f"C{n if n > 1 else ''}H{2 * n + 2}" for n in range(1, 31)}


@dataclass(frozen=True)
class Rows:
    """Rows in memory."""

    rows: Mapping[Split, Sequence[Sample]]

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return self.rows.get(split, ())


def alkanes(sizes: range) -> tuple[Sample, ...]:
    """Return rows that ask for the formula of straight alkanes."""
    return tuple(
        Sample(f"alkane-{n}", {"smiles": "C" * n}, ALKANES["C" * n], meta={"entity": f"alkane {n}"})
        for n in sizes
    )


def task(name: str, **changes: Any) -> Task:
    """Return a task: the formula of an alkane, unless changed."""
    options: dict[str, Any] = {
        "suite": "test",
        "family": Family.TRANSLATION,
        "domain": Domain.MOLECULE,
        "prompt": "What is the formula of {smiles}?",
        "inputs": {"smiles": "smiles"},
        "answer": Formula(),
        "data": Rows({Split.TRAIN: alkanes(range(1, 21)), Split.DEV: alkanes(range(21, 25))}),
        "source": "made for a test",
        "licence": "CC0-1.0",
        "worked": lambda sample: f"{len(sample.inputs['smiles'])} carbons",
    }
    return Task(name=name, **{**options, **changes})


@pytest.fixture(scope="session")
def make_task() -> Callable[..., Task]:
    return task


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., Rows]:
    return Rows


@pytest.fixture
def formula() -> Task:
    """Training rows: the 20 smallest alkanes; has worked solutions."""
    return task("formula")


@pytest.fixture
def novel() -> Task:
    """No gold: any plausible molecule is right. No worked solutions."""
    rows = tuple(
        Sample(f"n{i}", {}, None, "C" * (4 + i), {"entity": f"novel {i}"}) for i in range(4)
    )
    return task(
        "novel",
        family=Family.GENERATION,
        prompt="Invent a molecule.",
        inputs={},
        answer=NovelMolecule(low=2, high=8),
        data=Rows({Split.TRAIN: rows}),
        worked=None,
    )


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums come out bit for bit the same, and the machine stays free for others."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained Qwen3 of hidden size 32 with a tokenizer built from the questions."""
    folder = tmp_path_factory.mktemp("checkpoint")
    question = task("formula")
    texts = [question.question(row.inputs) for row in alkanes(range(1, 31))]
    build_tokenizer(texts, 544, folder)
    tokenizer = load_tokenizer(folder)
    shape = ModelConfig(hidden=32, layers=1, heads=2, kv_heads=1, head_dim=16, intermediate=64)
    save_model(new_model(shape, tokenizer, seed=0), tokenizer, folder)
    return folder


@pytest.fixture(scope="session")
def tokenizer(checkpoint: Path) -> Any:
    return load_tokenizer(checkpoint)
