"""Fetch the released files of tasks from the public hub into a data root."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from scireasoner.artifacts import sha256, writing
from scireasoner.data.files import LOCK, Locked, hubs, read_lock, write_lock
from scireasoner.errors import BackendError, DataError, MissingTool
from scireasoner.progress import bar
from scireasoner.settings import ENVIRONMENT
from scireasoner.tasks.hub import SPLITS
from scireasoner.tasks.task import Task
from scireasoner.types import Split

_INSTALL = "pip install huggingface_hub"
_SHA256, _GIT = 64, 40  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of the hub.

    Parameters
    ----------
    repo, path : the data set and the file in it.
    needed : whether the hub must have it; some sets have no development rows.
    """

    repo: str
    path: str
    needed: bool

    @property
    def name(self) -> str:
        """Where it lies under a data root."""
        return f"{self.repo}/{self.path}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file after fetching.

    Parameters
    ----------
    name : its path under the data root.
    state : ``"fetched"``, ``"already there"`` or ``"not on the hub"`` (development rows only).
    bytes, sha256, revision : its size, hash and commit; empty if it is not on the hub.
    """

    name: str
    state: str
    bytes: int = 0
    sha256: str = ""
    revision: str = ""


def wanted(tasks: Iterable[Task]) -> tuple[Wanted, ...]:
    """Return the files of the hub that tasks are released in, each once."""
    files: dict[tuple[str, str], Wanted] = {}
    for task in tasks:
        for hub in hubs(task):
            repo = hub.release.repo
            for split in SPLITS:
                path = hub.release.path.format(split=split.value)
                needed = split is Split.TEST
                known = files.get((repo, path))
                files[repo, path] = Wanted(repo, path, needed or bool(known and known.needed))
    return tuple(files.values())


def fetch(
    tasks: Sequence[Task], root: Path, revision: str | None = None, *, progress: bool = True
) -> tuple[Fetched, ...]:
    """Download the released files of tasks to ``<root>/<repo>/<path>`` and lock them.

    A file appears whole or not at all; a connection that breaks is taken up where it broke, and a
    command that was stopped keeps the files that had come. What the lock names is kept as it is,
    or fetched again at the locked commit.

    Parameters
    ----------
    root : the data root to write to.
    revision : branch, tag or commit on the hub; None takes the locked commit, else ``main``.

    Raises
    ------
    BackendError : if the hub cannot be reached.
    DataError : if none of the tasks is on the hub, or a file is not, or has another hash than
        the lock says.
    MissingTool : without the package huggingface_hub.
    StorageError : if the disk is full or the folder not writable.
    """
    files = wanted(tasks)
    if not files:
        names = ", ".join(task.name for task in tasks[:5]) or "no task"
        raise DataError(
            f"nothing to fetch: {names} has no files on the public hub (`scireasoner data list` "
            "says where its rows come from)"
        )
    lock = root / LOCK
    done = []
    shown: AbstractContextManager[Callable[..., None]] = (
        bar("fetching", total=len(files), unit="files")
        if progress
        else nullcontext(lambda *_: None)
    )
    with shown as tick:
        for file in files:
            tick(0, file.name)
            known = read_lock(lock).get(file.name)
            fetched = _fetch(file, root, revision, known)
            if fetched.sha256:
                entry = Locked(fetched.sha256, fetched.bytes, fetched.revision)
                write_lock(lock, {file.name: entry})
            done.append(fetched)
            tick(1, file.name)
    return tuple(done)


def _fetch(file: Wanted, root: Path, revision: str | None, known: Locked | None) -> Fetched:
    path = root / file.name
    if known is not None and revision in {None, known.revision} and path.is_file():
        found = sha256(path)
        if found == known.sha256:
            return Fetched(file.name, "already there", known.bytes, found, known.revision)
        path.unlink()  # it was changed here: get the locked one again
    asked = revision or (known.revision if known else "") or "main"
    try:
        commit = _download(file, root, asked)
    except _NotThere:
        if file.needed:
            raise DataError(
                f"{file.path} is not in the data set {file.repo} at {asked!r} on the hub: name "
                "another revision, or get the file by hand and put it at " + str(path)
            ) from None
        return Fetched(file.name, "not on the hub")
    found, size = sha256(path), path.stat().st_size
    if known is not None and commit == known.revision and found != known.sha256:
        path.unlink()
        raise DataError(
            f"{file.name} from the hub has another hash than {root / LOCK} says for the same "
            "commit: fetch again; if it stays so, delete the entry from the lock"
        )
    return Fetched(file.name, "fetched", size, found, commit)


class _NotThere(Exception):
    """The data set is there, the file is not."""


def _download(file: Wanted, root: Path, revision: str) -> str:
    """Download a file and return the commit it is from."""
    try:
        import huggingface_hub as hub
        from huggingface_hub.utils.tqdm import disable_progress_bars
    except ImportError:
        raise MissingTool("huggingface_hub", "fetching data", _INSTALL) from None
    disable_progress_bars()  # there is a bar over all files
    folder = root / file.repo
    with writing(root / file.name), _explained(file, root, revision):
        # The commit first, so that the file and the commit in the lock belong together.
        url = hub.hf_hub_url(file.repo, file.path, repo_type="dataset", revision=revision)
        told = hub.get_hf_file_metadata(url)
        if told.commit_hash is None:
            raise BackendError(f"{url} names no commit: HF_ENDPOINT does not lead to a hub")
        folder.mkdir(parents=True, exist_ok=True)
        for again in (False, True):
            hub.hf_hub_download(
                file.repo,
                file.path,
                repo_type="dataset",
                revision=told.commit_hash,
                local_dir=folder,
                force_download=again,
            )
            if _is(root / file.name, told.etag):
                break
    return str(told.commit_hash)


def _is(path: Path, etag: str | None) -> bool:
    """Return whether a file is the one of an entity tag: its SHA-256 or its git blob id."""
    if etag is not None and len(etag) == _SHA256:
        return sha256(path) == etag
    if etag is not None and len(etag) == _GIT:
        blob = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
        with path.open("rb") as content:
            for block in iter(lambda: content.read(1 << 20), b""):
                blob.update(block)
        return blob.hexdigest() == etag
    return True


@contextmanager
def _explained(file: Wanted, root: Path, revision: str) -> Iterator[None]:
    """Turn the errors of the hub's library into ours."""
    from huggingface_hub import errors

    # The error of whichever HTTP client this version of the library is built on.
    client: type[Exception] = errors.HfHubHTTPError.__bases__[0]
    unreachable = (client, ConnectionError, errors.LocalEntryNotFoundError)
    by_hand = f"put it at {root / file.name} by hand, or set {ENVIRONMENT} to a folder that has it"
    try:
        yield
    except errors.GatedRepoError as error:
        raise DataError(
            f"the data set {file.repo} asks for consent: accept its terms on its page on the hub, "
            "then `hf auth login`, then fetch again"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise DataError(
            f"the hub has no public data set {file.repo} (or it needs `hf auth login`): {by_hand}"
        ) from error
    except errors.RevisionNotFoundError as error:
        raise DataError(
            f"the data set {file.repo} has no revision {revision!r}: name a branch, tag or commit"
        ) from error
    except errors.RemoteEntryNotFoundError as error:
        raise _NotThere from error
    except unreachable as error:
        reason = " ".join(str(error).split())[:200]
        raise BackendError(
            f"the hub cannot be reached for {file.name} ({reason}): check the network and fetch "
            f"again (files that have come are kept), or {by_hand}"
        ) from error
