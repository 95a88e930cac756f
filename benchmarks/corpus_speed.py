"""Speed of a whole corpus build, against datatrove's pipelines with the plain tokenizer.

    SCIREASONER_DATA=... python benchmarks/corpus_speed.py --megabytes 4 --out rates.json

Texts of each domain come from the shared data through the readers, are written as JSON lines once,
and go these ways: `corpus build` (read, objects, filters, exact and near duplicates, test items,
tokens, mixture, pack); datatrove with the steps of these that it has (``corpus_peer.py``, two
ways); its reader and tokenizer alone; and its reader with the build's tokenising step. Processor
time is counted in processes of their own, less that of a build of a few documents; memory is the
peak of the one process that works. The ratios are speeds on equal text, taken within one run: other
work on the machine moves the times.
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
from statistics import median
from typing import Any

from corpus_peer import TEXTS, TOKENIZER, plain_tokenizer, run_peer

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
PEERS = {
    "protein": "letters",
    "dna": "letters",
    "rna": "letters",
    "chemistry": "molecules",
    "general": "words",
}
"""Domain -> which of datatrove's pipelines finds what our build finds. Cut at white space, which
is quicker, it finds no near duplicates of sequences and no other spellings of a molecule."""
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
    (folder / TEXTS).write_text("".join(lines))
    filters = (
        ["prose", "repetition"] if domain == "general" else ["valid_objects", "complex_sequences"]
    )
    (folder / "corpus.toml").write_text(
        RECIPE.format(domain=domain, shards=shards, filters=json.dumps(filters))
    )
    if not (folder / "tok").exists():
        build_tokenizer(iter(texts[:3_000]), VOCABULARY, folder / "tok")
        plain_tokenizer(texts[:3_000], VOCABULARY, folder / TOKENIZER)


def child(kind: str, folder: Path, workers: int, leaks: str) -> None:
    """Do one of the pipelines in this process and print what it took."""
    from scireasoner.corpus.loading import load_corpus_recipe
    from scireasoner.corpus.scale import build_at_scale

    recipe = load_corpus_recipe(folder / "corpus.toml")
    out = Path(tempfile.mkdtemp(dir=folder))
    before, start = _cpu(), time.perf_counter()
    if kind == "ours":
        build_at_scale(recipe, out, Path(leaks) if leaks else None, workers)
        tokens = json.loads((out / "stats.json").read_text())["sources"]["texts"]["tokens"]
    else:
        tokens = run_peer(kind, folder, out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    took = {"cpu": _cpu() - before, "wall": time.perf_counter() - start, "peak_mb": peak}
    sys.stdout.write(json.dumps({**took, "tokens": tokens, "bytes": size}))


def _cpu() -> float:
    own, children = (
        resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


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
    rates, sizes = {}, {}
    for domain, like in PEERS.items():
        texts = list(texts_of(domain, root, characters))
        kinds = tuple(dict.fromkeys(("ours", like, "words", "tokens", "our tokens")))
        idle, done = folder / f"{domain}-idle", folder / domain
        prepare(idle, domain, texts[:60])
        prepare(done, domain, texts)
        found = {kind: run(kind, done, 1, leaks) for kind in kinds}
        seconds = {
            kind: max(1e-3, found[kind]["cpu"] - run(kind, idle, 1, leaks)["cpu"]) for kind in kinds
        }
        rates[domain] = round(found["ours"]["tokens"] / seconds["ours"])
        sizes[domain] = round(found["ours"]["bytes"] / found["ours"]["tokens"], 1)
        size = sum(map(len, texts))
        per_second = ", ".join(
            f"{kind} {found[kind]['tokens'] / spent:9,.0f} ({size / spent / 1e6:.2f} MB/s)"
            for kind, spent in seconds.items()
        )
        say(f"{domain:10} {len(texts):7,} texts {size / 1e6:5.1f} MB  tokens/s/core: {per_second}")
        same, words, alone = (seconds[k] / seconds["ours"] for k in (like, "words", "tokens"))
        step = seconds["tokens"] / seconds["our tokens"]
        say(
            f"{'':10} on equal text {step:.2f} times as fast step for step (reading and tokenising "
            f"alone, of both); the whole build {same:.2f} times as the same steps ({like}), "
            f"{words:.2f} with texts cut at white space, "
            f"{alone:.2f} times as datatrove's reading and tokenising alone; our ids "
            f"{encoding(done / 'tok', texts):.1f} times as fast from tables as by the tokenizer"
        )
    return {"tokens_per_core_second": rates, "bytes_per_token": sizes}


def encoding(tokenizer: Path, texts: list[str]) -> float:
    """Return how much sooner the same ids come from tables of pieces than from the tokenizer."""
    from scireasoner.corpus.piece_encoder import PieceEncoder
    from scireasoner.corpus.tokenizer import load_tokenizer

    loaded = load_tokenizer(tokenizer)
    start = time.process_time()
    ours = PieceEncoder(loaded).encode(texts)
    between = time.process_time()
    theirs = [one.ids for one in loaded.encode_batch_fast(texts, add_special_tokens=False)]
    end = time.process_time()
    if ours != theirs:
        raise SystemExit(f"{tokenizer}: the tables give other ids")
    return (end - between) / (between - start)


def scaling(folder: Path, root: Path, characters: int) -> float:
    """Return the share of two workers that is put to use; the median of three measurements."""
    texts = list(texts_of("protein", root, characters))
    done, idle = folder / "scaling", folder / "scaling-idle"
    prepare(done, "protein", texts, shards=8)
    prepare(idle, "protein", texts[:60], shards=8)
    gains = []
    for _ in range(3):
        whole, fixed = ([run("ours", place, n)["wall"] for n in (1, 2)] for place in (done, idle))
        gains.append((whole[0] - fixed[0]) / max(1e-3, whole[1] - fixed[1]))
    gain = median(gains)
    say(
        f"one to two workers: {gain:.2f} times as fast ({min(gains):.2f} to {max(gains):.2f}; "
        f"wall, less that of a few documents; load {os.getloadavg()[0]:.1f})"
    )
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
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    root = Path(os.environ["SCIREASONER_DATA"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rates = speeds(folder, root, int(options.megabytes * 1e6), options.leaks)
        memory(folder, root, int(options.megabytes * 0.2e6))
        rates["efficiency"] = round(scaling(folder, root, int(options.megabytes * 4e6)), 2)
    rates["machine"] = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    rates["date"] = datetime.date.today().isoformat()
    if options.out:
        options.out.write_text(json.dumps(rates, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
