"""Tokens per second and core of a whole corpus build, against datatrove's plain tokenising.

    SCIREASONER_DATA=... python benchmarks/corpus_speed.py --megabytes 4 --out rates.json

Texts of each domain come from the shared data through the readers, are written as JSON lines once,
and go two ways: `corpus build` (read, objects, filters, exact and near duplicates, test items,
tokens, mixture, pack) and datatrove's JsonlReader and DocumentTokenizer with a plain byte-level
BPE of the same size. Processor time is counted in processes of their own, less that of a build of
a few documents; memory is the peak of the one process that works. Other work on the machine moves
the times: the ratios are taken within one run.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VOCABULARY = 8_000
INPUTS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "protein": [
        (f"bio/{name}/data.jsonl.gz", "jsonl", {})
        for name in (
            "protein_solubility",
            "protein_localization",
            "protein_ec_clean",
            "protein_fold",
        )
    ],
    "dna": [
        (f"bio/{name}/data.jsonl.gz", "jsonl", {"columns": {"dna": "sequence"}})
        for name in ("dna_corpus", "gue_promoter_300", "gue_splice", "gue_emp_yeast")
    ],
    "rna": [
        (f"bio/{name}/data.jsonl.gz", "jsonl", {"columns": {"rna": "sequence"}})
        for name in ("ncrna_family", "rna_mean_ribosome_load", "rna_modification")
    ],
    "chemistry": [("chemistry/smiles_corpus/chembl.csv.gz", "table", {})],
    "general": [
        ("chemistry/pubmedqa/pubmedqa.jsonl.gz", "jsonl", {"text": "context"}),
        (
            "chemistry/medquad/medquad.jsonl.gz",
            "jsonl",
            {"columns": {"text": ["question", "answer"]}},
        ),
    ],
}
RECIPE = """
[[source]]
name = "texts"
path = "texts.jsonl"
reader = "jsonl"
options = {{text = "text", id = "id"}}
licence = "x"
citation = "x"
domain = "{domain}"
shards = {shards}
[clean.domains.{domain}]
filters = {filters}
[tokenizer]
path = "tok"
[pack]
sequence_length = 512
"""


def texts_of(domain: str, root: Path, most: int) -> Iterator[str]:
    """Yield texts of a domain until they have ``most`` characters; each file gives its part."""
    from scireasoner.corpus.documents import Document
    from scireasoner.corpus.readers import Origin, read

    inputs = [row for row in INPUTS[domain] if (root / row[0]).is_file()]
    left = most
    for place, (name, reader, options) in enumerate(inputs):
        part = left / (len(inputs) - place)
        for item in read(reader, root / name, Origin("x", "x", domain), **options):
            if isinstance(item, Document):
                yield item.text
                left -= len(item.text)
                part -= len(item.text)
                if part <= 0:
                    break


def prepare(folder: Path, domain: str, texts: list[str], shards: int = 2) -> None:
    from scireasoner.corpus.tokenizer import build_tokenizer

    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": str(i), "text": text}) + "\n" for i, text in enumerate(texts)]
    (folder / "texts.jsonl").write_text("".join(lines))
    filters = (
        ["prose", "repetition"] if domain == "general" else ["valid_objects", "complex_sequences"]
    )
    (folder / "corpus.toml").write_text(
        RECIPE.format(domain=domain, shards=shards, filters=json.dumps(filters))
    )
    if not (folder / "tok").exists():
        build_tokenizer(iter(texts[:3_000]), VOCABULARY, folder / "tok")
        plain_tokenizer(texts[:3_000], folder / "plain.json")


def plain_tokenizer(texts: list[str], path: Path) -> None:
    from tokenizers import Tokenizer, pre_tokenizers
    from tokenizers.models import BPE
    from tokenizers.trainers import BpeTrainer

    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(path))


def child(kind: str, folder: Path, workers: int, leaks: str) -> None:
    """Do one of the two in this process and print what it took."""
    from scireasoner.corpus.loading import load_corpus_recipe
    from scireasoner.corpus.scale import build_at_scale

    recipe = load_corpus_recipe(folder / "corpus.toml")
    out = Path(tempfile.mkdtemp(dir=folder))
    before, start = _cpu(), time.perf_counter()
    if kind == "ours":
        build_at_scale(recipe, out, Path(leaks) if leaks else None, workers)
        tokens = json.loads((out / "stats.json").read_text())["sources"]["texts"]["tokens"]
    else:
        tokens = plain(folder, out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    took = {"cpu": _cpu() - before, "wall": time.perf_counter() - start, "peak_mb": peak}
    sys.stdout.write(json.dumps({**took, "tokens": tokens, "bytes": size}))


def _cpu() -> float:
    own, children = (
        resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def plain(folder: Path, out: Path) -> int:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.tokens import DocumentTokenizer
    from loguru import logger

    logger.remove()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    steps = [
        JsonlReader(str(folder), glob_pattern="texts.jsonl", doc_progress=False),
        DocumentTokenizer(str(out), str(folder / "plain.json"), eos_token="<|endoftext|>", seed=0),
    ]
    LocalPipelineExecutor(steps, tasks=1, workers=1, logging_dir=str(out / "log")).run()
    return sum(path.stat().st_size for path in out.glob("*.ds")) // 2


def run(kind: str, folder: Path, workers: int = 1, leaks: str = "") -> dict[str, float]:
    command = [sys.executable, __file__, "--child", kind, str(folder), str(workers), leaks]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def speeds(folder: Path, root: Path, characters: int, leaks: str) -> dict[str, Any]:
    rates, sizes, ratios = {}, {}, []
    for domain in INPUTS:
        texts = list(texts_of(domain, root, characters))
        place = folder / domain
        prepare(place, domain, texts[:60])
        idle = {kind: run(kind, place, 1, leaks) for kind in ("ours", "plain")}
        (place / "tok" / "tokenizer.json").unlink()
        (place / "tok" / "tokenizer_config.json").unlink()
        (place / "tok").rmdir()
        prepare(place, domain, texts)
        ours, theirs = (run(kind, place, 1, leaks) for kind in ("ours", "plain"))
        seconds = {
            "ours": max(1e-3, ours["cpu"] - idle["ours"]["cpu"]),
            "plain": max(1e-3, theirs["cpu"] - idle["plain"]["cpu"]),
        }
        rates[domain] = round(ours["tokens"] / seconds["ours"])
        sizes[domain] = round(ours["bytes"] / ours["tokens"], 1)
        ratio = seconds["plain"] / seconds["ours"]
        ratios.append(ratio)
        size = sum(map(len, texts))
        per_second = {kind: size / spent / 1e6 for kind, spent in seconds.items()}
        say(
            f"{domain:10} {len(texts):7,} texts {size / 1e6:5.1f} MB  tokens/s/core: "
            f"ours {rates[domain]:9,} ({per_second['ours']:.2f} MB/s), "
            f"plain {theirs['tokens'] / seconds['plain']:9,.0f} ({per_second['plain']:.2f} MB/s); "
            f"speed on equal text {ratio:.2f}"
        )
    return {"tokens_per_core_second": rates, "bytes_per_token": sizes}


def scaling(folder: Path, root: Path, characters: int) -> float:
    texts = list(texts_of("protein", root, characters))
    prepare(folder / "scaling", "protein", texts, shards=8)
    idle_folder = folder / "scaling-idle"
    prepare(idle_folder, "protein", texts[:60], shards=8)
    one, two = (run("ours", folder / "scaling", n)["wall"] for n in (1, 2))
    idle_one, idle_two = (run("ours", idle_folder, n)["wall"] for n in (1, 2))
    gain = (one - idle_one) / max(1e-3, two - idle_two)
    say(f"one to two workers: {gain:.2f} times as fast (wall, load {os.getloadavg()[0]:.1f})")
    return min(1.0, gain / 2)


def memory(folder: Path, root: Path, characters: int) -> None:
    peaks = []
    for times in (1, 10):
        place = folder / f"memory{times}"
        prepare(place, "general", list(texts_of("general", root, characters * times)), shards=times)
        peaks.append(run("ours", place)["peak_mb"])
    ratio = peaks[1] / peaks[0]
    say(f"peak memory {peaks[0]:.0f} MB at 1x, {peaks[1]:.0f} MB at 10x data: {ratio:.2f}")


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        kind, folder, workers, leaks = sys.argv[2:6]
        child(kind, Path(folder), int(workers), leaks)
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=2.0, help="of each domain")
    parser.add_argument("--leaks", default="", help="folder of an index of test items")
    parser.add_argument("--out", type=Path, help="write rates.json here")
    options = parser.parse_args()
    root = Path(os.environ["SCIREASONER_DATA"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rates = speeds(folder, root, int(options.megabytes * 1e6), options.leaks)
        memory(folder, root, int(options.megabytes * 0.2e6))
        rates["efficiency"] = round(scaling(folder, root, int(options.megabytes * 1e6)), 2)
    rates["machine"] = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    rates["date"] = datetime.date.today().isoformat()
    if options.out:
        options.out.write_text(json.dumps(rates, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
