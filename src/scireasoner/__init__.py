"""SciReasoner: train, judge and ask scientific reasoning models.

The names below are the library's face. They are loaded when first used, so that
``import scireasoner`` itself loads neither torch nor RDKit.

>>> from scireasoner import Jsonl, Label, Number, Task, register
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scireasoner.answers import (
        Boolean,
        Choice,
        Dna,
        EcNumbers,
        Entities,
        Equation,
        Formula,
        FreeText,
        IupacName,
        Label,
        LabelSet,
        Material,
        Molecule,
        MoleculeSet,
        NovelMolecule,
        Number,
        Numbers,
        PropertyLabel,
        PropertyValue,
        Protein,
        ProteinDesign,
        Relations,
        Rna,
        RnaDesign,
    )
    from scireasoner.errors import SciReasonerError
    from scireasoner.evaluation.rescore import rescore
    from scireasoner.evaluation.run import evaluate
    from scireasoner.measuring import measure
    from scireasoner.models.backend import Backend, Sampling
    from scireasoner.models.load import open_backend
    from scireasoner.pipeline import run_recipe
    from scireasoner.serving.ask import Answered, ask
    from scireasoner.tasks.registry import all_tasks, register
    from scireasoner.tasks.registry import get as get_task
    from scireasoner.tasks.sources import Jsonl
    from scireasoner.tasks.task import Task
    from scireasoner.trainers.core import Rewarder
    from scireasoner.trainers.core import rewards as reward_rows
    from scireasoner.trainers.questions import trl_rows, verl_rows
    from scireasoner.trainers.trl_rewards import trl_reward
    from scireasoner.types import (
        Completion,
        Domain,
        Estimate,
        Family,
        Fault,
        Mode,
        Outcome,
        Prompt,
        Reply,
        RewardGroup,
        Sample,
        Split,
    )

__version__ = "0.1.0"

# Public name -> (module, name in it).
_FACE: dict[str, tuple[str, str]] = {
    **{
        name: ("types", name)
        for name in (
            "Completion",
            "Domain",
            "Estimate",
            "Family",
            "Fault",
            "Mode",
            "Outcome",
            "Prompt",
            "Reply",
            "RewardGroup",
            "Sample",
            "Split",
        )
    },
    **{
        name: ("answers", name)
        for name in (
            "Boolean",
            "Choice",
            "Dna",
            "EcNumbers",
            "Entities",
            "Equation",
            "Formula",
            "FreeText",
            "IupacName",
            "Label",
            "LabelSet",
            "Material",
            "Molecule",
            "MoleculeSet",
            "NovelMolecule",
            "Number",
            "Numbers",
            "PropertyLabel",
            "PropertyValue",
            "Protein",
            "ProteinDesign",
            "Relations",
            "Rna",
            "RnaDesign",
        )
    },
    "Answered": ("serving.ask", "Answered"),
    "Backend": ("models.backend", "Backend"),
    "Sampling": ("models.backend", "Sampling"),
    "Jsonl": ("tasks.sources", "Jsonl"),
    "SciReasonerError": ("errors", "SciReasonerError"),
    "Task": ("tasks.task", "Task"),
    "rescore": ("evaluation.rescore", "rescore"),
    "all_tasks": ("tasks.registry", "all_tasks"),
    "ask": ("serving.ask", "ask"),
    "evaluate": ("evaluation.run", "evaluate"),
    "get_task": ("tasks.registry", "get"),
    "measure": ("measuring", "measure"),
    "open_backend": ("models.load", "open_backend"),
    "register": ("tasks.registry", "register"),
    "Rewarder": ("trainers.core", "Rewarder"),
    "reward_rows": ("trainers.core", "rewards"),
    "run_recipe": ("pipeline", "run_recipe"),
    "trl_reward": ("trainers.trl_rewards", "trl_reward"),
    "trl_rows": ("trainers.questions", "trl_rows"),
    "verl_rows": ("trainers.questions", "verl_rows"),
}

__all__ = [
    "Answered",
    "Backend",
    "Boolean",
    "Choice",
    "Completion",
    "Dna",
    "Domain",
    "EcNumbers",
    "Entities",
    "Equation",
    "Estimate",
    "Family",
    "Fault",
    "Formula",
    "FreeText",
    "IupacName",
    "Jsonl",
    "Label",
    "LabelSet",
    "Material",
    "Mode",
    "Molecule",
    "MoleculeSet",
    "NovelMolecule",
    "Number",
    "Numbers",
    "Outcome",
    "Prompt",
    "PropertyLabel",
    "PropertyValue",
    "Protein",
    "ProteinDesign",
    "Relations",
    "Reply",
    "RewardGroup",
    "Rewarder",
    "Rna",
    "RnaDesign",
    "Sample",
    "Sampling",
    "SciReasonerError",
    "Split",
    "Task",
    "all_tasks",
    "ask",
    "evaluate",
    "get_task",
    "measure",
    "open_backend",
    "register",
    "rescore",
    "reward_rows",
    "run_recipe",
    "trl_reward",
    "trl_rows",
    "verl_rows",
]


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _FACE[name]
    value = getattr(importlib.import_module(f"{__name__}.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
