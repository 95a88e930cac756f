"""MinHash signatures for datatrove's search of near duplicates.

This module imports datatrove, whose step it extends; it is imported where a pipeline is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.utils.hashing import HashConfig
from numpy.typing import NDArray

from scireasoner.artifacts import writing
from scireasoner.corpus.near import bands, shingles
from scireasoner.corpus.recipe import DedupConfig
from scireasoner.corpus.shards import batches

_BLOCK = 4096
"""Shingles at a time: with 120 hashes of each they take 4 MB."""


def minhash_config(config: DedupConfig) -> MinhashConfig:
    """Return datatrove's settings for ours: 32-bit hashes, bands from the threshold."""
    count, rows = bands(config.threshold, config.permutations)
    return MinhashConfig(
        n_grams=config.words,
        num_buckets=count,
        hashes_per_bucket=rows,
        hash_config=HashConfig(precision=32),
    )


class Signatures(PipelineStep):
    """datatrove's first MinHash step with our shingles: k-mers, or words with the objects' keys.

    It writes the files of ``MinhashDedupSignature``, which hashes one document at a time: of each
    band the sorted records (minima, number of the document).
    """

    type = "🫂 - DEDUP"
    name = "🎯 MinHash stage 1"

    def __init__(self, output_folder: Path, config: DedupConfig) -> None:
        super().__init__()
        self.folder = output_folder
        self.config = minhash_config(config)
        self.dedup = config

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> None:
        """Write the signatures of one shard."""
        count, rows = self.config.num_buckets, self.config.hashes_per_bucket
        record = np.dtype([(f"hash{i}", "<u4") for i in range(rows)] + [("document", "<u4")])
        paths = [self.folder / f"bucket_{i:03d}" / f"{rank:05d}.minhash.sig" for i in range(count)]
        with writing(self.folder), ExitStack() as stack:
            for path in paths:
                path.parent.mkdir(parents=True, exist_ok=True)
            files = [stack.enter_context(path.open("wb")) for path in paths]
            start = 0
            for batch in batches(data):
                found = shingles([(row.text, row.metadata) for row in batch], self.dedup)
                numbers = np.flatnonzero([len(own) for own in found])
                minima = self.signatures([found[i] for i in numbers])
                rows_of = np.empty((count, len(numbers), rows + 1), "<u4")
                rows_of[:, :, :-1] = minima.reshape(-1, count, rows).swapaxes(0, 1)
                rows_of[:, :, -1] = numbers + start
                for file, own in zip(files, rows_of, strict=True):
                    file.write(own.tobytes())
                start += len(batch)
            for path, file in zip(paths, files, strict=True):
                file.close()
                np.sort(np.fromfile(path, record), order=record.names).tofile(path)

    def signatures(self, found: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint32]:
        """Return the minima of the hashed shingles of each document, shape (documents, hashes).

        The hash is (a x + b) / 2^32 modulo 2^32 (Dietzfelbinger et al. 1997,
        DOI 10.1006/jagm.1997.0873).
        """
        factors, shifts = self._factors
        ends = np.cumsum([0, *map(len, found)])
        starts, whole = ends[:-1], np.concatenate([np.empty(0, np.uint64), *found])
        minima = np.full((len(factors), len(found)), 2**64 - 1, np.uint64)
        hashes = np.empty((len(factors), min(_BLOCK, len(whole))), np.uint64)
        for at in range(0, len(whole), _BLOCK):
            block = whole[None, at : at + _BLOCK]
            part = hashes[:, : block.shape[1]]
            np.multiply(block, factors, out=part)
            np.add(part, shifts, out=part)
            first = np.searchsorted(starts, at, "right") - 1
            last = np.searchsorted(starts, at + block.shape[1])
            own = minima[:, first:last]
            cuts = np.maximum(starts[first:last] - at, 0)
            np.minimum(own, np.minimum.reduceat(part, cuts, axis=1), out=own)
        # The least of the upper halves is the upper half of the least.
        return (minima.T >> np.uint64(32)).astype(np.uint32)

    @cached_property
    def _factors(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        random = np.random.default_rng(self.config.seed)
        shape = (self.config.num_buckets * self.config.hashes_per_bucket, 1)
        factors = random.integers(0, 2**63, shape, dtype=np.uint64) * np.uint64(2)
        shifts = random.integers(0, 2**63, shape, dtype=np.uint64)
        return factors + np.uint64(1), shifts
