"""From a written specification to a backend."""

from __future__ import annotations

from pathlib import Path

from scireasoner.errors import BackendError, nearest
from scireasoner.models.backend import Backend

KINDS = ("hf", "vllm", "openai", "scripted")
_FORMS = "hf:PATH, vllm:NAME, openai:URL#MODEL, scripted:FILE, or the folder of a checkpoint"


def open_backend(spec: str | Path) -> Backend:
    """Return the backend that ``spec`` names.

    Parameters
    ----------
    spec : ``hf:PATH`` (folder or hub name), ``vllm:NAME``, ``openai:URL#MODEL`` (any endpoint
        that speaks OpenAI's chat protocol), ``scripted:FILE``; a bare path means ``hf``.

    Raises
    ------
    BackendError : if the specification is wrong or the model cannot be had.
    MissingTool : if an optional package is needed.
    """
    kind, rest = read_spec(spec)
    if kind == "scripted":
        from scireasoner.models.scripted import read_script

        return read_script(Path(rest))
    if kind == "openai":
        from scireasoner.models.openai_backend import OpenAiBackend

        return OpenAiBackend(*endpoint_of(rest))
    if kind == "vllm":
        from scireasoner.models.vllm_backend import VllmBackend

        return VllmBackend(rest)
    from scireasoner.models.transformers_backend import TransformersBackend

    return TransformersBackend(rest)


def read_spec(spec: str | Path) -> tuple[str, str]:
    """Return the kind and the rest of a specification, without opening anything.

    Raises
    ------
    BackendError : if the specification is wrong.
    """
    text = str(spec).strip()
    kind, colon, rest = text.partition(":")
    if not colon or len(kind) == 1:  # no kind, or the drive letter of a Windows path
        kind, rest = "hf", text
    if kind not in KINDS:
        raise BackendError(f"unknown model kind {kind!r}{nearest(kind, KINDS)}; use {_FORMS}")
    if not rest:
        raise BackendError(f"the model {text!r} names nothing after its kind; use {_FORMS}")
    if kind == "openai":
        endpoint_of(rest)
    return kind, rest


def endpoint_of(rest: str) -> tuple[str, str]:
    """Return the address and the model of what follows ``openai:``.

    Raises
    ------
    BackendError : if one of them is missing.
    """
    url, _, model = rest.partition("#")
    if not url.startswith(("http://", "https://")) or not model:
        raise BackendError(
            f"openai:{rest} lacks an address or a model; write for example "
            "openai:http://localhost:8000/v1#SciReason/SciReasoner-8B"
        )
    return url, model
