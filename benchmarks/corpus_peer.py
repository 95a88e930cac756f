"""datatrove's own pipelines over a file of texts, with a plain byte-level BPE: the peer of builds.

``corpus_speed.py`` times them. ``tokens`` reads and tokenises, nothing else; ``our tokens`` is the
same pipeline with the build's own step in the place of datatrove's tokenizer. The others do what a
build does as far as datatrove has it: read, drop equal texts, drop near duplicates by MinHash with
as many hashes as ours, tokenise. ``words`` cuts texts at white space, which costs less than
datatrove's default (spaCy); ``molecules`` is the same and takes two spellings of a SMILES for
equal; ``letters`` takes every letter for a word, without which near duplicates of sequences are not
found. None of these filters, leaves test items out, weighs sources or packs, as our build does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

END = "<|endoftext|>"
TEXTS, TOKENIZER = "texts.jsonl", "plain.json"
_SMILES = re.compile("<SMILES>(.*?)</SMILES>")


def plain_tokenizer(texts: list[str], size: int, path: Path) -> None:
    """Train a byte-level BPE of ``size`` tokens and write its ``tokenizer.json``."""
    from tokenizers import Tokenizer, pre_tokenizers
    from tokenizers.models import BPE
    from tokenizers.trainers import BpeTrainer

    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = BpeTrainer(
        vocab_size=size, special_tokens=[END], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(path))


def _text(row: Any) -> bytes:
    text: str = row.text
    return text.encode()


def _canonical(row: Any) -> bytes:
    from rdkit import Chem

    def canonical(match: re.Match[str]) -> str:
        mol = Chem.MolFromSmiles(match[1])
        return match[1] if mol is None else str(Chem.MolToSmiles(mol))

    return _SMILES.sub(canonical, row.text).encode()


def _labelled(rows: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
    """Give each document what the build's reading stage gives it."""
    names = {name: "x" for name in ("origin", "domain", "source", "licence")}
    for key, row in enumerate(rows):
        row.metadata |= names | {"key": key}
        yield row


class _Cut:
    """What datatrove asks of a word tokenizer."""

    def __init__(self, cut: Callable[[str], list[str]]) -> None:
        self.word_tokenize = cut


def run_peer(kind: str, folder: Path, out: Path) -> int:
    """Run one of the pipelines in this process; returns the tokens written."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.tokens import DocumentTokenizer
    from loguru import logger

    logger.disable("datatrove")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"

    def run(name: str, *steps: Any, tasks: int = 1) -> None:
        log = str(out / "log" / name)
        LocalPipelineExecutor(list(steps), tasks=tasks, workers=1, logging_dir=log).run()

    def reader() -> Any:
        return JsonlReader(str(folder), glob_pattern=TEXTS, doc_progress=False)

    if kind == "our tokens":
        from scireasoner.corpus.tokens import Tokenise

        run("tokens", reader(), _labelled, Tokenise(out / "ids", folder / "tok", 1, 0))
        return sum(path.stat().st_size for path in (out / "ids").glob("*.ids")) // 2
    kept = [reader()]
    if kind != "tokens":
        kept += _without_duplicates(kind, out, reader, run)
    tokenizer = str(folder / TOKENIZER)
    # A pass of its own over what was written; our step has none, packing does it.
    shuffle = kind != "tokens"
    step = DocumentTokenizer(str(out), tokenizer, eos_token=END, seed=0, shuffle_documents=shuffle)
    run("tokens", *kept, step)
    return sum(path.stat().st_size for path in out.glob("*.ds")) // 2


def _without_duplicates(kind: str, out: Path, reader: Any, run: Any) -> list[Any]:
    """Find equal and nearly equal texts; returns the steps that drop them."""
    from datatrove.pipeline.base import PipelineStep
    from datatrove.pipeline.dedup import minhash
    from datatrove.pipeline.dedup.exact_dedup import (
        ExactDedupConfig,
        ExactDedupFilter,
        ExactDedupSignature,
        ExactFindDedups,
    )
    from datatrove.utils.hashing import HashConfig, create_hash_func

    places = {name: str(out / name) for name in ("hashes", "equal", "signatures", "pairs", "near")}
    content = _canonical if kind == "molecules" else _text
    equal = ExactDedupConfig(content_getter=content)
    run("exact-hashes", reader(), ExactDedupSignature(places["hashes"], equal))
    find = ExactFindDedups(places["hashes"], places["equal"], equal, lines_to_buffer=512)
    run("exact-find", find)

    from scireasoner.corpus.near import bands
    from scireasoner.corpus.recipe import DedupConfig

    ours = DedupConfig()
    count, rows = bands(ours.threshold, ours.permutations)
    config = minhash.MinhashConfig(
        n_grams=ours.nucleotides if kind == "letters" else ours.words,
        num_buckets=count, hashes_per_bucket=rows, hash_config=HashConfig(precision=32),
    )  # fmt: skip

    class Signatures(minhash.MinhashDedupSignature):
        def __init__(self) -> None:
            PipelineStep.__init__(self)
            self.output_folder = minhash.get_datafolder(places["signatures"])
            self.config, self.num_hashes = config, count * rows
            self._parameters, self.skip_existing_sigs = None, False
            # datatrove 0.10 gives xxhash a str, which xxhash 4 does not take.
            hashed: Any = create_hash_func(config.hash_config)
            self._hash_func = lambda text: hashed(text.encode())
            self.word_tokenizer = _Cut(list if kind == "letters" else str.split)

    run("near-signatures", reader(), ExactDedupFilter(places["equal"], equal), Signatures())
    pairs = minhash.MinhashDedupBuckets(
        places["signatures"], places["pairs"], config=config, lines_to_buffer=512
    )
    run("near-find", pairs, tasks=count)
    cluster = minhash.MinhashDedupCluster(
        places["pairs"], places["near"], config=config, lines_to_buffer=512
    )
    run("near-cluster", cluster)
    return [ExactDedupFilter(places["equal"], equal), minhash.MinhashDedupFilter(places["near"])]
