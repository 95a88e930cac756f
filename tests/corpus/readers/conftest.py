from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from scireasoner.corpus.documents import Document, fault
from scireasoner.corpus.readers import Broken, Origin, read

Reading = Callable[..., tuple[list[Document], list[Broken]]]


@pytest.fixture(scope="session")
def reading() -> Reading:
    """Read bytes (or any source) with a named reader; documents and broken records apart."""

    def run(
        name: str, source: Any, domain: str, **options: Any
    ) -> tuple[list[Document], list[Broken]]:
        origin = Origin("Doe 2026", "CC0-1.0", domain, "set")
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        items = list(read(name, stream, origin, **options))
        documents = [item for item in items if isinstance(item, Document)]
        for document in documents:
            assert fault(document) is None
            assert (document.source, document.licence) == ("Doe 2026", "CC0-1.0")
            assert document.domain == domain
        assert len({d.id for d in documents}) == len(documents)
        return documents, [item for item in items if isinstance(item, Broken)]

    return run
