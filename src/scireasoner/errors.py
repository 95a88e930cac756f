"""The one family of exceptions for mistakes a user can mend.

Each message says what came, what was expected and what to do. Anything else that is raised is
our bug and keeps its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SciReasonerError(Exception):
    """Base of every error that a user can act on. ``exit_code`` is what the command returns."""

    exit_code = 1


class RecipeError(SciReasonerError):
    """A recipe cannot be read, or a key or value in it is wrong."""

    exit_code = 2


class InputError(SciReasonerError):
    """A question, a file or an option given by the user is wrong."""

    exit_code = 2


class TaskError(SciReasonerError):
    """A task is unknown, registered twice, or declared wrongly."""

    exit_code = 2


class DataError(SciReasonerError):
    """A data file is missing, broken or leaks test rows."""

    exit_code = 3


class ArtifactError(SciReasonerError):
    """A stage's artifact is missing, incomplete or was changed after it was written."""

    exit_code = 3


class StorageError(SciReasonerError):
    """Nothing could be written: the disk is full, or the folder is not writable."""

    exit_code = 4


class MissingTool(SciReasonerError):
    """An optional package or program is not installed.

    Parameters
    ----------
    tool : its name.
    purpose : what it was needed for.
    install : the exact line that installs it.
    """

    exit_code = 5

    def __init__(self, tool: str, purpose: str, install: str) -> None:
        super().__init__(f"{tool} is needed for {purpose}, and is not installed: {install}")
        self.tool = tool
        self.purpose = purpose
        self.install = install

    def __reduce__(self) -> tuple[type[MissingTool], tuple[str, str, str]]:
        """Let it come out of a worker process."""
        return MissingTool, (self.tool, self.purpose, self.install)


class BackendError(SciReasonerError):
    """A model cannot be loaded or an endpoint does not answer."""

    exit_code = 6


class JudgeError(SciReasonerError):
    """Too many of our own failures (bad golds, failing tools) to trust a score."""

    exit_code = 7


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known name closest to ``name``, or an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
