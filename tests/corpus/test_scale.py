"""A corpus at scale: the same bytes whoever works, nothing done twice, everything accounted for."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scireasoner.artifacts import Artifact
from scireasoner.cli import main
from scireasoner.corpus.documents import Document
from scireasoner.corpus.loading import load_corpus_recipe
from scireasoner.corpus.pack import load_packed
from scireasoner.corpus.scale import build_at_scale
from scireasoner.corpus.shards import records, split
from scireasoner.corpus.tokenizer import build_tokenizer, load_tokenizer
from scireasoner.errors import ArtifactError, DataError

AMINO = "ACDEFGHIKLMNPQRSTVWY"
SOURCE = """
[[source]]
name = "{name}"
path = "{name}.jsonl"
reader = "jsonl"
licence = "{licence}"
citation = "made {name}"
domain = "{domain}"
shards = {shards}
"""
TAIL = '[tokenizer]\npath = "tok"\n[pack]\nsequence_length = 32\nshards = 3\n[dedup]\npermutations = 24\n'
SOURCES = {
    "prose": SOURCE.format(name="prose", licence="CC0-1.0", domain="general", shards=3),
    "prot": SOURCE.format(name="prot", licence="CC-BY-4.0", domain="protein", shards=2),
    "spelt": SOURCE.format(name="spelt", licence="CC0-1.0", domain="general", shards=1),
    "more": SOURCE.format(name="more", licence="CC-BY-4.0", domain="protein", shards=1),
}


def prose_texts(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 8))) for _ in range(300)]
    return [" ".join(rng.choices(words, k=30)) for _ in range(count)]


def proteins(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    return [f"<protein>{''.join(rng.choices(AMINO, k=80))}</protein>" for _ in range(count)]


def write_rows(path: Path, rows: list[str]) -> None:
    lines = [json.dumps({"id": str(i), "text": text}) + "\n" for i, text in enumerate(rows)]
    path.write_text("".join(lines))


def make_sources(folder: Path, count: int = 60) -> None:
    """Write the sources, with five equal prose texts and a broken line, and the tokenizer."""
    prose = prose_texts(0, count)
    write_rows(folder / "prose.jsonl", [*prose, *prose[:5]])
    with (folder / "prose.jsonl").open("a") as file:
        file.write('{"text": broken\n')
    write_rows(folder / "prot.jsonl", [*proteins(1, count), "<protein>MK"])
    write_rows(folder / "more.jsonl", proteins(2, count // 2))
    build_tokenizer(iter([*prose, *proteins(1, 20)]), 1_000, folder / "tok")


def write_recipe(folder: Path, *names: str, extra: str = "") -> Path:
    path = folder / "corpus.toml"
    head, tail = "seed = 3\n", TAIL + extra
    path.write_text(head + "".join(SOURCES[name] for name in names) + tail)
    return path


RESULTS = ("*.npy", "*.json", "*.jsonl")


def results(out: Path) -> dict[str, str]:
    paths = [path for pattern in RESULTS for path in out.glob(pattern)]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sources and a finished build ``one`` by one worker."""
    path = tmp_path_factory.mktemp("scale")
    make_sources(path)
    build(path, "one", "prose", "prot", workers=1)
    return path


def build(folder: Path, out: str, *names: str, workers: int = 1, extra: str = "") -> Path:
    made = load_corpus_recipe(write_recipe(folder, *names, extra=extra))
    assert build_at_scale(made, folder / out, None, workers)
    return folder / out


def stats(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "stats.json").read_text())
    return found


def test_every_record_is_accounted_for(folder: Path) -> None:
    found = stats(folder / "one")
    prose, prot = found["sources"]["prose"], found["sources"]["prot"]
    assert prose["read"] == 66  # 60, 5 equal ones, 1 broken line
    assert prose["kept"] == 60
    assert prose["dropped"].pop("duplicate") == 5
    assert sum(prose["dropped"].values()) == 1
    assert next(iter(prose["dropped"])).startswith("unreadable")
    assert prot["read"] == prot["kept"] == 61
    assert found["tokens"] == found["blocks"] * 32 + found["left_over"]
    assert found["domains"]["protein"]["documents"] == 61


def test_the_packed_tokens_are_the_documents(folder: Path) -> None:
    tokenizer = load_tokenizer(folder / "tok")
    blocks = [load_packed(folder / "one" / f"tokens-0000{i}.npy") for i in range(3)]
    ids = np.concatenate([b.reshape(-1) for b in blocks])
    words = set(tokenizer.decode(ids.tolist(), skip_special_tokens=True).split())
    wanted = set(" ".join(prose_texts(0, 60)).split())
    assert len(wanted & words) > 0.95 * len(wanted)
    assert sum(len(b) for b in blocks) == stats(folder / "one")["blocks"]


def test_a_manifest_names_every_file_and_can_be_verified(folder: Path) -> None:
    artifact = Artifact(folder / "one")
    artifact.verify()
    assert {"stats.json", "samples.jsonl", "leaks.jsonl"} <= set(artifact.manifest.files)
    assert artifact.manifest.facts["licences"].keys() == {"CC0-1.0", "CC-BY-4.0"}


def test_spellings_of_one_document_under_one_id_are_all_sampled(folder: Path) -> None:
    text = prose_texts(5, 1)[0]
    spellings = [text, text.replace(" ", "  "), text.replace(" ", "\n")]
    lines = [json.dumps({"id": "1", "text": spelling}) + "\n" for spelling in spellings]
    (folder / "spelt.jsonl").write_text("".join(lines))
    out = build(folder, "other", "spelt", extra="exact = false\nnear = false\n")
    sampled = (out / "samples.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["text"] for line in sampled) == sorted(spellings)


def test_two_workers_give_the_same_bytes(folder: Path) -> None:
    assert results(build(folder, "two", "prose", "prot", workers=2)) == results(folder / "one")


@pytest.mark.slow
def test_eight_workers_give_the_same_bytes(folder: Path) -> None:
    assert results(build(folder, "eight", "prose", "prot", workers=8)) == results(folder / "one")


def test_a_finished_build_does_nothing(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (folder / "one").rglob("*")}
    build(folder, "one", "prose", "prot")
    after = {path: path.stat().st_mtime_ns for path in (folder / "one").rglob("*")}
    changed = {path.name for path in after if before.get(path) != after[path]}
    assert changed <= {"one", "work", "hashes.json"}


def test_a_new_source_reads_only_itself_and_the_result_is_that_of_a_fresh_build(
    folder: Path,
) -> None:
    grown = build(folder, "grown", "prose", "prot")
    kept = sorted((grown / "work" / "sources").rglob("kept/*.jsonl"))
    before = {path: path.stat().st_mtime_ns for path in kept}
    build(folder, "grown", "prose", "prot", "more")
    assert {path: path.stat().st_mtime_ns for path in kept} == before
    fresh = build(folder, "fresh", "prose", "prot", "more")
    assert results(grown) == results(fresh)
    assert len(stats(grown)["sources"]) == 3


def test_a_changed_file_is_read_again(folder: Path) -> None:
    out = build(folder, "changed", "more")
    first = stats(out)["sources"]["more"]["kept"]
    write_rows(folder / "more.jsonl", proteins(2, 12))
    assert stats(build(folder, "changed", "more"))["sources"]["more"]["kept"] == 12 != first


def test_shares_are_met_within_the_caps(folder: Path) -> None:
    shares = "[mixture.shares]\ngeneral = 0.25\nprotein = 0.75\n"
    found = stats(build(folder, "mixed", "prose", "prot", extra=shares))
    share = found["domains"]["protein"]["tokens"] / found["tokens"]
    assert share == pytest.approx(0.75, abs=0.04)
    assert found["mixture"]["epochs"]["prot"] == 1.0


def test_too_little_text_and_no_tokenizer_are_said(folder: Path) -> None:
    made = load_corpus_recipe(write_recipe(folder, "prot"))
    with pytest.raises(ArtifactError, match=r"there is no .*tokenizer\.json"):
        build_at_scale(
            type(made)(made.source, type(made.tokenizer)("none"), folder=made.folder),
            folder / "no",
        )
    text = (folder / "corpus.toml").read_text().replace("= 32", "= 1000000")
    (folder / "corpus.toml").write_text(text)
    with pytest.raises(DataError, match="does not fill one block"):
        build_at_scale(load_corpus_recipe(folder / "corpus.toml"), folder / "short", None, 1)


RUN = """
import sys
from pathlib import Path
from scireasoner.corpus.loading import load_corpus_recipe
from scireasoner.corpus.scale import build_at_scale
if __name__ == "__main__":
    build_at_scale(load_corpus_recipe(Path(sys.argv[1])), Path(sys.argv[2]), None, 2)
"""


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["sources/prot", "exact", "near", "tokens", "pack"])
def test_killed_at_any_point_the_same_command_gives_the_same_bytes(
    folder: Path, tmp_path: Path, stage: str
) -> None:
    write_recipe(folder, "prose", "prot")
    (tmp_path / "run.py").write_text(RUN)
    command = [sys.executable, "run.py", str(folder / "corpus.toml"), str(tmp_path / "out")]
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    while not list((tmp_path / "out" / "work").glob(f"{stage}-*")):
        assert process.poll() is None
        time.sleep(0.005)
    # Only the builder is killed: its workers must notice by themselves.
    process.send_signal(signal.SIGKILL)
    process.wait()
    try:
        subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
        assert results(tmp_path / "out") == results(folder / "one")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_stats_sample_and_inspect(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(folder / "one")
    assert main(["corpus", "stats", out]) == 0
    shown = capsys.readouterr().out
    for word in ("general", "protein", "prot", "CC0-1.0", "CC-BY-4.0", "duplicate"):
        assert word in shown
    assert main(["corpus", "sample", out, "--source", "prot", "-n", "2", "--seed", "4"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("<protein>") == 2
    assert "CC0-1.0" not in shown
    assert main(["corpus", "inspect", out, "--out", str(folder / "page.html")]) == 0
    page = (folder / "page.html").read_text()
    assert "duplicate" in page
    assert '<span class="tag">&lt;protein&gt;</span>' in page
    assert not re.search(r"(src|href)=|@import|url\(", page)  # loads nothing


def test_stats_tell_what_was_asked_and_what_the_caps_deny(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # What stands in brackets is no markup.
    path = write_recipe(folder, "prose", "prot", extra="\n[mixture]\ntokens = 1_000_000\n")
    path.write_text(path.read_text().replace('"CC-BY-4.0"', '"CC-BY-4.0 [part]"'))
    assert (
        main(["corpus", "build", str(path), "--out", str(folder / "short"), "--workers", "1"]) == 0
    )
    shown = capsys.readouterr().out
    assert "asked" in shown
    assert "CC-BY-4.0 [part]" in shown
    lacking = stats(folder / "short")["mixture"]["short"]
    assert set(lacking) == {"general", "protein"}
    for domain, tokens in lacking.items():
        assert f"{domain}: the epoch caps keep {tokens:,} tokens of its share back" in shown
    assert main(["corpus", "sample", str(folder / "short"), "-n", "99"]) == 0
    assert "CC-BY-4.0 [part]" in capsys.readouterr().out


@pytest.mark.parametrize("price", ["-1", "nan", "inf"])
def test_a_price_is_a_number_of_at_least_nothing(price: str) -> None:
    with pytest.raises(SystemExit):
        main(["corpus", "plan", "8b", f"--core-hour={price}"])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["stats", "."], 3, "no finished corpus"),
        (["sample", "one", "--source", "prott"], 2, "did you mean 'prot'"),
        (["build", "none.toml", "--out", "x"], 2, "no corpus recipe"),
        (["tag", "corpus.toml", "--review-from", "0.1"], 2, "changes nothing"),
        (["tag", "corpus.toml", "--review", "r", "--review-from", "0.8"], 2, "changes nothing"),
    ],
)
def test_mistakes_are_one_line(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(folder)
    assert main(["corpus", *arguments]) == code
    assert message in capsys.readouterr().err


def test_the_command_builds_and_keeps_out_test_rows(
    folder: Path, data_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from scireasoner.tasks.registry import get
    from scireasoner.types import Split

    row = get("smiles_to_formula").samples(Split.TEST)[0]
    smiles = next(iter(row.inputs.values()))
    write_rows(folder / "leaky.jsonl", [*proteins(5, 20), f"<SMILES>{smiles}</SMILES> is known."])
    recipe = folder / "leaky.toml"
    text = SOURCE.format(name="leaky", licence="CC0-1.0", domain="x", shards=1) + TAIL
    recipe.write_text(text + '[decontaminate]\ntasks = ["smiles_to_formula"]\n')
    out = str(folder / "leaky")
    assert main(["corpus", "build", str(recipe), "--out", out, "--workers", "1"]) == 0
    assert "test rows of smiles_to_formula" in capsys.readouterr().out
    leaks = [json.loads(line) for line in (folder / "leaky/leaks.jsonl").read_text().splitlines()]
    assert [(leak["id"], leak["how"]) for leak in leaks] == [("leaky/20", "same molecule")]


def test_a_split_can_be_chosen(folder: Path) -> None:
    rows = [{"text": f"{text} {i}", "split": "train" if i % 3 else "test"}
            for i, text in enumerate(prose_texts(9, 30))]  # fmt: skip
    (folder / "split.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = SOURCE.format(name="split", licence="CC0-1.0", domain="x", shards=2)
    (folder / "split.toml").write_text(source + 'only = {split = "train"}\n' + TAIL)
    made = load_corpus_recipe(folder / "split.toml")
    shards = split(made.source[0], made.files(made.source[0]), 2, folder)
    read = [item.text for shard in shards for item in records(shard) if isinstance(item, Document)]
    assert sorted(read) == sorted(row["text"] for row in rows if row["split"] == "train")


def test_more_parts_of_the_searches_find_the_same(folder: Path) -> None:
    parts = "partitions = 3\nparts = 2\n"  # goes on with [dedup]
    found = stats(build(folder, "parts", "prose", "prot", extra=parts))
    assert found["dropped"] == stats(folder / "one")["dropped"]
    assert found["tokens"] == stats(folder / "one")["tokens"]
