"""Our tasks as an environment of verifiers (0.4): a taskset whose reward is the one judge's.

verifiers is imported when a name of it is asked for; :func:`load_environment` is the usual door.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from scireasoner.errors import MissingTool
from scireasoner.tasks.rewarding import Rewarded
from scireasoner.trainers.core import Rewarder, shared
from scireasoner.trainers.questions import trl_rows
from scireasoner.trainers.rows import asked
from scireasoner.types import Mode

TASKSET = "scireasoner_env"
INSTALL = "pip install 'verifiers>=0.4,<0.5'"
_MODULE = ("ScienceConfig", "ScienceData", "ScienceTask", "ScienceTaskset")


def load_environment(
    tasks: Sequence[str],
    split: str = "train",
    limit: int | None = None,
    mode: Mode | str | None = None,
    workers: int = 0,
) -> Any:
    """Return an environment: one question, one answer, one reward.

    The model is asked by verifiers' plain chat harness, without tools and without a sandbox.

    Parameters
    ----------
    tasks : names, patterns or suites.
    split, limit : which rows of each task, and how many.
    mode : what the chat template fixes; None lets the model choose.
    workers : processes that judge; 0 judges in this one.

    Raises
    ------
    MissingTool : if verifiers is not installed.
    TaskError, DataError : if a task is unknown, or its rows are not on this machine.
    """
    try:
        import verifiers.v1 as vf
        from verifiers.v1.utils import loaders
    except ModuleNotFoundError as error:
        raise MissingTool("verifiers", "an environment of it", INSTALL) from error

    taskset = _made().ScienceConfig(
        id=TASKSET,
        tasks=list(tasks),
        split=split,
        limit=limit,
        mode=None if mode is None else Mode(mode).value,
        workers=workers,
    )
    agent = vf.AgentConfig(harness={"id": "null"}, runtime=vf.SubprocessConfig())
    return loaders.load_environment(vf.SingleAgentEnvConfig(taskset=taskset, agent=agent))


def reward_of(row: str, trace: Any, rewarder: Rewarder) -> Rewarded:
    """Return the reward of the last answer in a trace.

    Parameters
    ----------
    row : the fields of a row as JSON.
    trace : of verifiers; its last assistant message counts, the thought beside it included.
    """
    said = [
        {"content": turn.content, "reasoning_content": turn.reasoning_content}
        for turn in trace.assistant_messages[-1:]
    ]
    given = {
        **json.loads(row),
        "completion": said,
        "finish": "length" if trace.is_truncated else "stop",
        "tokens": trace.num_output_tokens,
    }
    return rewarder([asked(given)])[0]


async def _found(task: Any, trace: Any) -> Rewarded:
    rewarder = shared(task.data.workers)
    return await asyncio.to_thread(reward_of, task.data.row, trace, rewarder)


async def reward(self: Any, trace: Any) -> float:
    """Return the reward of a trace in [0, 1].

    Raises
    ------
    RuntimeError : if our own tools failed; verifiers marks the trace as failed, and nothing is
        learnt from it.
    """
    found = await _found(self, trace)
    if found.value is None:
        raise RuntimeError(f"the answer could not be judged: {found.why}")
    return found.value


async def correct(self: Any, trace: Any) -> float:
    """Return 1 for a right answer."""
    return float((await _found(self, trace)).correct)


async def fault(self: Any, trace: Any) -> float:
    """Return 1 for an answer that cannot be read."""
    return float((await _found(self, trace)).fault is not None)


def __getattr__(name: str) -> Any:
    # The classes cannot be written before verifiers is loaded.
    if name in _MODULE:
        return getattr(_made(), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@functools.cache
def _made() -> Any:
    """Return our classes on top of those of verifiers."""
    import verifiers.v1 as vf

    class ScienceConfig(vf.TasksetConfig):
        """Which rows are asked: ``--env.taskset.*``."""

        tasks: list[str] = []  # noqa: RUF012
        split: str = "train"
        limit: int | None = None
        mode: str | None = None
        workers: int = 0

    class ScienceData(vf.TaskData):
        """A question; ``row`` is what the reward needs to know, as JSON."""

        row: str
        workers: int = 0

    class ScienceTask(vf.Task[ScienceData, vf.State, vf.TaskConfig]):
        """A question whose reward is the judge's."""

        reward = vf.reward(reward)
        correct = vf.metric(correct)
        fault = vf.metric(fault)

    class ScienceTaskset(vf.Taskset[ScienceTask, ScienceConfig]):
        """The rows of our tasks."""

        def load(self) -> Iterator[ScienceTask]:
            """Yield a task for each row."""
            how = self.config
            mode = None if how.mode is None else Mode(how.mode)
            for row in trl_rows(how.tasks or ["*"], how.split, how.limit, mode):
                prompt = row.pop("prompt")[-1]["content"]
                data = ScienceData(
                    id=f"{row['task']}/{row['id']}",
                    name=row["task"],
                    prompt=prompt,
                    row=json.dumps(row),
                    workers=how.workers,
                )
                yield ScienceTask(data, how.task)

    return SimpleNamespace(**{name: value for name, value in locals().items() if name in _MODULE})
