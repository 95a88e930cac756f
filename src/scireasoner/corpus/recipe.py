"""A corpus recipe: one TOML file that says what is read, cleaned, mixed and packed."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scireasoner.corpus.tokenizer import TOKENIZER
from scireasoner.errors import ArtifactError, RecipeError

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


@dataclass(frozen=True)
class SourceConfig:
    """One source: files of one format, licence and domain.

    Parameters
    ----------
    name : short and unique; the statistics and ``corpus sample --source`` call it so.
    path : a file or a glob, ``$NAMES`` of the environment are filled in; relative ones are taken
        from the recipe's folder.
    reader : a name in ``readers.READERS``; ``options`` are its keyword arguments.
    licence, citation : terms of use and where it comes from; both end up in the manifest.
    epochs : how often a document may be seen at most (epochs of this source).
    weight : how much of its domain's share it takes, beside its size.
    only : field -> value: only records with these are read, e.g. ``{split = "train"}``.
    shards : tasks that read it; 0 takes one a file. Above the number of files each task finds all
        records of its file and works on its part of them: split very large files. A change reads
        anew.
    """

    name: str
    path: str
    reader: str
    licence: str
    citation: str
    domain: str
    options: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    epochs: float = 1.0
    weight: float = 1.0
    shards: int = 0


@dataclass(frozen=True)
class MixtureConfig:
    """What is written of what was cleaned.

    Parameters
    ----------
    shares : domain -> share of the tokens; they are scaled to a sum of 1. Without them the shares
        are ``size ** (1 / temperature)``: 1 keeps the sizes, a higher one evens them out.
    tokens : tokens to write; 0 writes as many as the epoch caps allow at these shares.
    """

    temperature: float = 1.0
    shares: Mapping[str, float] = field(default_factory=dict)
    tokens: int = 0


@dataclass(frozen=True)
class DomainConfig:
    """What documents of one domain must pass: names in ``filters.FILTERS``."""

    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class CleanConfig:
    """Limits on documents, and filters by domain."""

    min_chars: int = 1
    max_chars: int = 1_000_000
    domains: Mapping[str, DomainConfig] = field(default_factory=dict)


@dataclass(frozen=True)
class DedupConfig:
    """How duplicates are found.

    Parameters
    ----------
    exact, near : whether they are looked for.
    partitions : parts of the exact search; memory falls with their number.
    parts : tasks for each band of the search of near duplicates; a shard must have as many
        documents.
    threshold : Jaccard similarity of shingles from which two documents count as near duplicates.
    permutations : hashes of a MinHash signature.
    words : words of a shingle of prose.
    protein, nucleotides : letters of a shingle of a sequence.
    labels : ``"same"`` compares sequences only among documents with equal prose around them, so
        that no annotation is lost; ``"any"`` compares the sequences alone.
    """

    exact: bool = True
    near: bool = True
    partitions: int = 1
    parts: int = 1
    threshold: float = 0.5
    permutations: int = 120
    words: int = 5
    protein: int = 5
    nucleotides: int = 8
    labels: str = "same"


@dataclass(frozen=True)
class DecontaminateConfig:
    """What counts as a test row's object.

    Parameters
    ----------
    tasks : names, globs or suites of the tasks whose test rows are kept out; empty keeps none out.
    identity : k-mer identity of two sequences, or of one with a part of the other, from which they
        count as the same.
    words : a shared run of so many words is a leak.
    """

    tasks: tuple[str, ...] = ("*",)
    identity: float = 0.9
    words: int = 13


@dataclass(frozen=True)
class TokenizerPath:
    """The folder of a ``tokenizer.json``; relative ones are taken from the recipe's folder."""

    path: str


@dataclass(frozen=True)
class PackConfig:
    """Blocks of ``sequence_length`` tokens in ``shards`` files."""

    sequence_length: int = 4096
    shards: int = 1


@dataclass(frozen=True)
class RunConfig:
    """Where the work is done. Nothing here changes a byte of the result.

    Parameters
    ----------
    workers : tasks at a time; 0 takes one a core (local) or all of them (clusters).
    slurm, ray : options of datatrove's executor of that name (``partition``, ``time`` ...).
    """

    executor: str = "local"
    workers: int = 0
    slurm: Mapping[str, Any] = field(default_factory=dict)
    ray: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CorpusRecipe:
    """Everything a corpus depends on. ``folder`` is where the recipe lies."""

    source: tuple[SourceConfig, ...]
    tokenizer: TokenizerPath
    seed: int = 0
    folder: str = "."
    mixture: MixtureConfig = field(default_factory=MixtureConfig)
    clean: CleanConfig = field(default_factory=CleanConfig)
    dedup: DedupConfig = field(default_factory=DedupConfig)
    decontaminate: DecontaminateConfig = field(default_factory=DecontaminateConfig)
    pack: PackConfig = field(default_factory=PackConfig)
    run: RunConfig = field(default_factory=RunConfig)

    @property
    def tokenizer_dir(self) -> Path:
        """The tokenizer's folder."""
        return Path(self.folder, self.tokenizer.path)

    def files(self, source: SourceConfig) -> list[Path]:
        """Return the files of a source, sorted by name.

        Raises
        ------
        RecipeError : if there is none.
        """
        pattern = str(Path(self.folder, Path(os.path.expandvars(source.path)).expanduser()))
        found = [Path(name) for name in sorted(glob.glob(pattern, recursive=True))]
        files = [path for path in found if path.is_file()]
        if not files:
            unset = _VARIABLE.search(pattern)
            mend = f"set the variable {unset[1] or unset[2]}" if unset else "mend its path"
            raise RecipeError(
                f"the source {source.name!r} has no file: nothing matches {pattern}; {mend}"
            )
        return files

    def check_inputs(self) -> None:
        """See that what is read is there; ask before what takes long.

        Raises
        ------
        RecipeError, ArtifactError : if a source has no file, or there is no tokenizer.
        """
        for source in self.source:
            self.files(source)
        file = self.tokenizer_dir / TOKENIZER
        if not file.is_file():
            raise ArtifactError(f"there is no {file}: give a tokenizer's folder in [tokenizer]")

    def shards(self, source: SourceConfig) -> int:
        """Return in how many shards a source is read."""
        return source.shards or len(self.files(source))
