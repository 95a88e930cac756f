"""MinHash signatures for datatrove's search of near duplicates.

This module imports datatrove, whose step it extends; it is imported where a pipeline is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from datatrove.io import get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
from datatrove.utils.hashing import HashConfig
from numpy.typing import NDArray

from scireasoner.corpus.near import bands, shingles
from scireasoner.corpus.recipe import DedupConfig

_BLOCK = 1024
"""Shingles at a time: with 120 hashes of each they stay in the processor's cache."""


def minhash_config(config: DedupConfig) -> MinhashConfig:
    """Return datatrove's settings for ours: 32-bit hashes, bands from the threshold."""
    count, rows = bands(config.threshold, config.permutations)
    return MinhashConfig(
        n_grams=config.words,
        num_buckets=count,
        hashes_per_bucket=rows,
        hash_config=HashConfig(precision=32),
    )


class Signatures(MinhashDedupSignature):
    """datatrove's first MinHash step with our shingles: k-mers, or words with the objects' keys."""

    def __init__(self, output_folder: Path, config: DedupConfig) -> None:
        # The parent's constructor loads a word tokenizer (spaCy, NLTK) that we do not need.
        PipelineStep.__init__(self)
        self.output_folder = get_datafolder(str(output_folder))
        self.config = minhash_config(config)
        self.num_hashes = self.config.num_buckets * self.config.hashes_per_bucket
        self.skip_existing_sigs = False
        self.dedup = config
        self._row: dict[str, Any] = {}

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Any:
        """Write the signatures of one shard."""
        return super().run(self._watched(data), rank, world_size)

    def _watched(self, data: Iterable[Any]) -> Iterator[Any]:
        for row in data:
            self._row = row.metadata
            yield row

    def get_shingles(self, text: str) -> NDArray[np.uint64]:
        """Return the shingles of the document that is being looked at, shape (n,)."""
        return shingles(text, self._row, self.dedup)

    def get_signature(self, shingles: NDArray[np.uint64]) -> list[list[int]]:
        """Return the minima of the hashed shingles by band; by (a x + b) / 2^32."""
        factors, shifts = self._factors()
        minima = np.full(self.num_hashes, 2**64 - 1, np.uint64)
        hashes = np.empty((self.num_hashes, min(_BLOCK, len(shingles))), np.uint64)
        for start in range(0, len(shingles), _BLOCK):
            block = shingles[None, start : start + _BLOCK]
            part = hashes[:, : block.shape[1]]
            np.multiply(block, factors, out=part)
            np.add(part, shifts, out=part)
            np.minimum(minima, part.min(axis=1), out=minima)
        # The least of the upper halves is the upper half of the least.
        halves: list[list[int]] = (
            (minima >> np.uint64(32)).reshape(self.config.num_buckets, -1).tolist()
        )
        return halves

    def _factors(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        if self._parameters_of is None:
            random = np.random.default_rng(self.config.seed)
            shape = (self.num_hashes, 1)
            factors = random.integers(0, 2**63, shape, dtype=np.uint64) * np.uint64(2)
            shifts = random.integers(0, 2**63, shape, dtype=np.uint64)
            self._parameters_of = (factors + np.uint64(1), shifts)
        return self._parameters_of

    _parameters_of: tuple[NDArray[np.uint64], NDArray[np.uint64]] | None = None
