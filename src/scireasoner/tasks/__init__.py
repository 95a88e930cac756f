"""Tasks: what is asked, how it is judged, and where its rows come from."""

from scireasoner.tasks.registry import all_tasks, get, register, select
from scireasoner.tasks.sources import EMBEDDED, Embedded, Jsonl, build_embedded
from scireasoner.tasks.task import BOTH, Source, Task

__all__ = [
    "BOTH",
    "EMBEDDED",
    "Embedded",
    "Jsonl",
    "Source",
    "Task",
    "all_tasks",
    "build_embedded",
    "get",
    "register",
    "select",
]
