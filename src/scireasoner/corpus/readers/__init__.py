"""Readers of public dumps: one record at a time, from files or streams, packed or not."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from scireasoner.corpus.readers.base import Broken, Item, Origin, Reader, Source, Turn
from scireasoner.corpus.readers.crystals import read_cif, read_materials
from scireasoner.corpus.readers.fasta import read_fasta
from scireasoner.corpus.readers.fastq import read_fastq
from scireasoner.corpus.readers.hub import read_hub
from scireasoner.corpus.readers.literature import read_pubmed, read_stackexchange, read_text
from scireasoner.corpus.readers.rows import read_jsonl, read_parquet
from scireasoner.corpus.readers.sdf import read_sdf
from scireasoner.corpus.readers.table import read_table
from scireasoner.corpus.readers.uniprot import read_uniprot, read_uniprot_xml
from scireasoner.errors import InputError, nearest

__all__ = ["READERS", "Broken", "Item", "Origin", "Reader", "Source", "Turn", "options_of", "read"]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "fasta": read_fasta,
        "fastq": read_fastq,
        "uniprot": read_uniprot,
        "uniprot_xml": read_uniprot_xml,
        "sdf": read_sdf,
        "table": read_table,
        "jsonl": read_jsonl,
        "parquet": read_parquet,
        "hub": read_hub,
        "pubmed": read_pubmed,
        "text": read_text,
        "stackexchange": read_stackexchange,
        "cif": read_cif,
        "materials": read_materials,
    }
)
"""Every reader by its name."""


def options_of(name: str) -> Mapping[str, inspect.Parameter]:
    """Return the options of a reader with their types and defaults.

    Raises
    ------
    InputError : for an unknown reader.
    """
    if name not in READERS:
        raise InputError(
            f"there is no reader {name!r}{nearest(name, READERS)}; known: {', '.join(READERS)}"
        )
    parameters = inspect.signature(READERS[name]).parameters
    return {
        key: parameter
        for key, parameter in parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }


def read(name: str, source: Any, origin: Origin, **options: Any) -> Iterator[Item]:
    """Read a source with the reader of that name.

    Raises
    ------
    InputError : for an unknown reader or option.
    """
    known = options_of(name)
    for option in options:
        if option not in known:
            raise InputError(
                f"the reader {name!r} has no option {option!r}{nearest(option, known)}; "
                f"it has {', '.join(known)}"
            )
    return READERS[name](source, origin, **options)
