"""Fetching, against a server on this machine that answers as the hub does."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scireasoner.artifacts import sha256
from scireasoner.data.fetch import fetch, wanted
from scireasoner.data.files import LOCK, Locked, examine_files, read_lock, write_lock
from scireasoner.errors import BackendError, DataError
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.sources import EMBEDDED, First
from scireasoner.tasks.task import Task
from scireasoner.types import Split

Make = Callable[..., Task]
OLD, NEW = "a" * 40, "b" * 40
ROWS = [{"input": f"Boils <SMILES>{'C' * n}</SMILES>?", "output": str(n)} for n in range(1, 40)]
CONTENT = json.dumps(ROWS).encode()


@dataclass
class Served:
    """What the server has, and what was asked of it.

    Parameters
    ----------
    files : (repo, revision, path) -> content.
    status : repo -> (HTTP status, error code of the hub) instead of an answer.
    cut : how many downloads break off half-way.
    """

    files: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    commits: dict[str, str] = field(default_factory=lambda: {"main": NEW, OLD: OLD, NEW: NEW})
    status: dict[str, tuple[int, str]] = field(default_factory=dict)
    cut: int = 0
    sha1: bool = False
    lie: str = ""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)

    def put(self, path: str, content: bytes = CONTENT, commit: str = NEW) -> None:
        self.files["org/set", commit, path] = content

    def continued(self) -> list[int]:
        """Return where downloads went on that did not start at the beginning."""
        return [
            int(part.removeprefix("bytes=").split("-")[0])
            for method, _, part in self.asked
            if method == "GET" and part and not part.startswith("bytes=0-")
        ]

    def etag(self, content: bytes) -> str:
        if self.lie:
            return self.lie
        if self.sha1:
            return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
        return hashlib.sha256(content).hexdigest()


def handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

        def answer(self, body: bool) -> None:
            if not self.path.startswith("/datasets/"):
                return self.refuse(404, "")
            served.asked.append((self.command, self.path, self.headers.get("Range")))
            owner, name, resolve, revision, path = self.path.removeprefix("/datasets/").split(
                "/", 4
            )
            assert resolve == "resolve"
            repo = f"{owner}/{name}"
            if repo in served.status or repo != "org/set":
                return self.refuse(*served.status.get(repo, (404, "RepoNotFound")))
            commit = served.commits.get(revision)
            if commit is None:
                return self.refuse(404, "RevisionNotFound")
            content = served.files.get((repo, commit, path))
            if content is None:
                return self.refuse(404, "EntryNotFound", commit)
            return self.give(content, commit, body)

        def refuse(self, status: int, code: str, commit: str = "") -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("X-Error-Message", code)
            if commit:
                self.send_header("X-Repo-Commit", commit)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def give(self, content: bytes, commit: str, body: bool) -> None:
            start = 0
            asked = self.headers.get("Range")
            if asked and body:
                start = int(asked.removeprefix("bytes=").split("-")[0])
            self.send_response(206 if start else 200)
            self.send_header("X-Repo-Commit", commit)
            self.send_header("ETag", f'"{served.etag(content)}"')
            self.send_header("Content-Length", str(len(content) - start))
            if start:
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            self.end_headers()
            if body and served.cut:
                served.cut -= 1
                self.wfile.write(content[start : start + (len(content) - start) // 2])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
            elif body:
                self.wfile.write(content[start:])

        def log_message(self, *_: Any) -> None:
            return

    return Handler


def lead_to(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what HF_ENDPOINT does when the library is imported."""
    from huggingface_hub import constants

    template = f"{endpoint}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A hub on this machine; the library is told of it as the environment would tell it."""
    from huggingface_hub import constants

    store = Served()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(store))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    lead_to(f"http://127.0.0.1:{server.server_port}", monkeypatch)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 128)  # as if the files were large
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    yield store
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def task(make: Make, released: Callable[..., Any]) -> Task:
    """A task that is on the hub with development and test rows."""
    return make("a", {}, data=First((Hub(released("org/set", "x/{split}/data.json")),)))


DEV, TEST = "x/dev/data.json", "x/test/data.json"


def get(task: Task, root: Path, **options: Any) -> dict[str, str]:
    return {f.name: f.state for f in fetch([task], root, progress=False, **options)}


def test_the_files_land_where_the_source_reads_them(task: Task, root: Path, served: Served) -> None:
    served.put(DEV)
    served.put(TEST)
    assert get(task, root) == {f"org/set/{DEV}": "fetched", f"org/set/{TEST}": "fetched"}
    assert len(task.samples(Split.TEST)) == len(ROWS)
    assert read_lock(root / LOCK)[f"org/set/{TEST}"] == Locked(
        hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), NEW
    )
    assert {f.state for f in examine_files([task])} == {"verified"}


def test_what_is_there_is_not_fetched_again(task: Task, root: Path, served: Served) -> None:
    served.put(DEV)
    served.put(TEST)
    get(task, root)
    served.asked.clear()
    assert set(get(task, root).values()) == {"already there"}
    assert served.asked == []


def test_a_file_that_was_changed_here_is_fetched_again(
    task: Task, root: Path, served: Served
) -> None:
    served.put(DEV)
    served.put(TEST)
    get(task, root)
    (root / f"org/set/{TEST}").write_text("[]")
    assert get(task, root)[f"org/set/{TEST}"] == "fetched"
    assert (root / f"org/set/{TEST}").read_bytes() == CONTENT


def test_the_lock_holds_the_commit_until_another_is_asked_for(
    task: Task, root: Path, served: Served
) -> None:
    served.put(TEST, b"[]", OLD)
    served.put(TEST, CONTENT, NEW)
    get(task, root, revision=OLD)
    assert (root / f"org/set/{TEST}").read_bytes() == b"[]"
    (root / f"org/set/{TEST}").unlink()
    get(task, root)  # main has moved on, the lock has not
    assert (root / f"org/set/{TEST}").read_bytes() == b"[]"
    get(task, root, revision="main")
    assert (root / f"org/set/{TEST}").read_bytes() == CONTENT
    assert read_lock(root / LOCK)[f"org/set/{TEST}"].revision == NEW


def test_development_rows_may_be_absent_and_test_rows_may_not(
    task: Task, root: Path, served: Served
) -> None:
    served.put(TEST)
    assert get(task, root)[f"org/set/{DEV}"] == "not on the hub"
    assert f"org/set/{DEV}" not in read_lock(root / LOCK)
    served.files.clear()
    (root / f"org/set/{TEST}").unlink()
    with pytest.raises(DataError, match="is not in the data set org/set"):
        get(task, root)


@pytest.mark.parametrize("sha1", [False, True], ids=["large file", "small file"])
def test_a_download_that_breaks_off_goes_on(
    task: Task, root: Path, served: Served, sha1: bool
) -> None:
    served.sha1, served.cut = sha1, 1
    served.put(DEV)
    served.put(TEST)
    assert set(get(task, root).values()) == {"fetched"}
    assert (root / f"org/set/{DEV}").read_bytes() == CONTENT
    assert len(served.continued()) == 1


def test_a_broken_download_leaves_no_half_file(task: Task, root: Path, served: Served) -> None:
    served.put(DEV)
    served.cut = 1_000
    with pytest.raises(BackendError, match="files that have come are kept"):
        get(task, root)
    assert not (root / f"org/set/{DEV}").exists()
    assert read_lock(root / LOCK) == {}
    served.cut = 0
    served.put(TEST)
    assert set(get(task, root).values()) == {"fetched"}


def test_a_stopped_command_keeps_what_had_come(task: Task, root: Path, served: Served) -> None:
    served.put(DEV)
    with pytest.raises(DataError):
        get(task, root)
    served.put(TEST)
    assert get(task, root) == {f"org/set/{DEV}": "already there", f"org/set/{TEST}": "fetched"}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ((404, "RepoNotFound"), "no public data set org/set"),
        ((401, "GatedRepo"), "asks for consent"),
        ((403, "GatedRepo"), "asks for consent"),
    ],
)
def test_a_set_that_is_not_open_says_what_to_do(
    task: Task, root: Path, served: Served, status: tuple[int, str], words: str
) -> None:
    served.status["org/set"] = status
    with pytest.raises(DataError, match=words):
        get(task, root)


def test_a_hub_that_fails_is_a_backend_error(task: Task, root: Path, served: Served) -> None:
    served.status["org/set"] = (503, "")
    with pytest.raises(BackendError, match="cannot be reached"):
        get(task, root)


def test_an_unknown_revision_is_named(task: Task, root: Path, served: Served) -> None:
    served.put(TEST)
    with pytest.raises(DataError, match="no revision 'v9'"):
        get(task, root, revision="v9")


def test_a_commit_that_changed_its_content_is_refused(
    task: Task, root: Path, served: Served
) -> None:
    served.put(TEST)
    name = f"org/set/{TEST}"
    write_lock(root / LOCK, {name: Locked("0" * 64, 1, NEW)})
    with pytest.raises(DataError, match="another hash"):
        get(task, root)
    assert not (root / name).exists()


def test_without_a_network_the_error_says_what_to_do(
    task: Task, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_to("http://127.0.0.1:9", monkeypatch)  # nothing listens there
    with pytest.raises(BackendError, match="check the network") as error:
        get(task, root)
    assert "SCIREASONER_DATA" in str(error.value)
    assert f"org/set/{DEV}" in str(error.value)


def test_offline_mode_of_the_library_is_respected(
    task: Task, root: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(BackendError, match="HF_HUB_OFFLINE"):
        get(task, root)
    assert served.asked == []


def test_tasks_that_are_not_on_the_hub_say_so(make: Make, root: Path) -> None:
    with pytest.raises(DataError, match="nothing to fetch: a, b has no files"):
        fetch([make("a", {}), make("b", {}, data=EMBEDDED)], root, progress=False)


def test_a_file_of_several_tasks_is_wanted_once(make: Make, released: Callable[..., Any]) -> None:
    one = make("a", {}, data=Hub(released("org/set", "all.json")))
    two = make("b", {}, data=Hub(released("org/set", "all.json")))
    assert [(f.name, f.needed) for f in wanted([one, two])] == [("org/set/all.json", True)]


def test_the_environment_names_the_hub(root: Path, served: Served, tmp_path: Path) -> None:
    """The path that users take: HF_ENDPOINT is read when the library is imported."""
    from huggingface_hub import constants

    served.put(DEV)
    served.put(TEST)
    program = f"""
from pathlib import Path
from scireasoner.answers import Number
from scireasoner.data.fetch import fetch
from scireasoner.tasks.hub import Hub
from scireasoner.tasks.release import Release
from scireasoner.tasks.task import Task
from scireasoner.types import Domain, Family
hub = Hub(Release("X", "x", "org/set", "x/{{split}}/data.json", "acc", "0..1", None))
task = Task("a", "s", Family.PREDICTION, Domain.MOLECULE, "?", {{}},
            Number("K", low=0, high=9, scale=1, tolerance=1), hub, "s", "l")
fetch([task], Path({str(root)!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "HF_ENDPOINT": constants.ENDPOINT, "HF_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sha256(root / f"org/set/{TEST}") == hashlib.sha256(CONTENT).hexdigest()
    assert "fetching: 2/2 files" in done.stderr
