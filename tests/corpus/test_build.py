from __future__ import annotations

import errno
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scireasoner.corpus.build import CorpusStats, build_corpus, read_texts
from scireasoner.corpus.documents import Document
from scireasoner.errors import DataError, InputError, StorageError

GOOD = Document("<SMILES>CCO</SMILES> is ethanol.", "Doe 2020", "CC0", "d0", "molecule")


def docs(count: int, domain: str = "molecule") -> list[Document]:
    return [
        replace(GOOD, text=f"text {domain} {i}", id=f"{domain}{i}", domain=domain)
        for i in range(count)
    ]


def build(documents: list[Document], out: Path, **options: Any) -> CorpusStats:
    settings: dict[str, Any] = {"forbidden": lambda document: None, "seed": 0, **options}
    return build_corpus(iter(documents), out, **settings)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (replace(GOOD, text=""), "empty"),
        (replace(GOOD, text=" \n"), "empty"),
        (replace(GOOD, text=None), "text missing"),  # type: ignore[arg-type]
        (replace(GOOD, text="a\x00b"), "broken characters"),
        (replace(GOOD, text="caf\ufffd"), "broken characters"),
        (replace(GOOD, text="lone \ud800"), "broken characters"),
        (replace(GOOD, text="other", id="\ud800"), "broken characters"),
        (replace(GOOD, text="other", meta={"organism": "\udfff"}), "broken characters"),
        (replace(GOOD, text="one<|endoftext|>two"), "control tokens"),
        (replace(GOOD, text="<|im_start|>user"), "control tokens"),
        (replace(GOOD, text="other", licence=""), "no source or licence"),
        (replace(GOOD, text="other", licence=" "), "no source or licence"),
        (replace(GOOD, text="other", source=""), "no source or licence"),
        (replace(GOOD, id="again"), "duplicate"),
        (replace(GOOD, text=f"\n{GOOD.text} "), "duplicate"),
        (replace(GOOD, text="leak", id="leak"), "test row"),
    ],
)
def test_dropped_documents_are_counted_and_kept_aside(
    document: Document, reason: str, tmp_path: Path
) -> None:
    stats = build(
        [GOOD, document], tmp_path, forbidden=lambda d: "test row" if d.id == "leak" else None
    )
    assert stats.read == 2
    assert stats.dropped == {reason: 1}
    assert stats.duplicates == (reason == "duplicate")
    assert [row["text"] for row in rows(tmp_path / "documents.jsonl")] == [GOOD.text]
    (aside,) = rows(tmp_path / "dropped.jsonl")
    shown = document.id.encode("utf-8", "backslashreplace").decode()
    assert (aside["id"], aside["reason"]) == (shown, reason)


@pytest.mark.parametrize(
    "text", ["tab\tline\r\n", "emoji \U0001f9ea", "e\u0301 µ − Å", "\u2028 sep"]
)
def test_unusual_but_whole_texts_pass_unchanged(text: str, tmp_path: Path) -> None:
    build([replace(GOOD, text=text)], tmp_path)
    assert list(read_texts(tmp_path / "documents.jsonl")) == [text]


def test_a_row_holds_its_provenance(tmp_path: Path) -> None:
    build([replace(GOOD, meta={"year": "2020"})], tmp_path)
    assert rows(tmp_path / "documents.jsonl") == [
        {
            "text": GOOD.text,
            "id": "d0",
            "source": "Doe 2020",
            "licence": "CC0",
            "domain": "molecule",
            "meta": {"year": "2020"},
        }
    ]


def test_stats_by_domain_source_and_licence(tmp_path: Path) -> None:
    other = replace(GOOD, text="12345", source="Roe", licence="MIT", id="r", domain="rna")
    stats = build([GOOD, other, other], tmp_path)
    facts = stats.as_facts()
    assert facts["domains"] == {
        "molecule": {"documents": 1, "characters": len(GOOD.text)},
        "rna": {"documents": 1, "characters": 5},
    }
    assert list(facts["sources"]) == ["Doe 2020", "Roe"]
    assert list(facts["licences"]) == ["CC0", "MIT"]
    assert facts["kept"] == facts["written"] == {"documents": 2, "characters": len(GOOD.text) + 5}
    json.dumps(facts)


def test_the_seed_fixes_the_order(tmp_path: Path) -> None:
    orders = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        build(docs(50), tmp_path / name, seed=seed)
        orders.append((tmp_path / name / "documents.jsonl").read_bytes())
    assert orders[0] == orders[1] != orders[2]
    texts = list(read_texts(tmp_path / "a" / "documents.jsonl"))
    assert sorted(texts) == sorted(d.text for d in docs(50))
    assert texts != [d.text for d in docs(50)]


@pytest.mark.parametrize(
    ("weight", "least", "most"),
    [(0, 0, 0), (0.5, 70, 130), (1, 200, 200), (2, 400, 400), (2.5, 470, 530)],
)
def test_weights_repeat_or_thin_out_a_domain(
    weight: float, least: int, most: int, tmp_path: Path
) -> None:
    stats = build(docs(200) + docs(10, "rna"), tmp_path, weights={"molecule": weight})
    written = Counter(row["domain"] for row in rows(tmp_path / "documents.jsonl"))
    assert least <= written["molecule"] <= most
    assert written["rna"] == 10
    assert stats.kept.documents == 210
    assert stats.written.documents == sum(written.values())


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"molecule": -1.0}, "at least 0"),
        ({"molecule": float("nan")}, "at least 0"),
        ({"molecul": 1.0}, "did you mean 'molecule'"),
    ],
)
def test_a_wrong_weight_is_named(weights: dict[str, float], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        build([GOOD], tmp_path, weights=weights)
    assert not (tmp_path / "documents.jsonl").exists()


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build(docs(3), tmp_path)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["documents.jsonl", "dropped.jsonl"]


def test_a_failing_reader_leaves_the_old_corpus(tmp_path: Path) -> None:
    build([GOOD], tmp_path)
    before = (tmp_path / "documents.jsonl").read_bytes()

    def failing() -> Any:
        yield GOOD
        raise DataError("broken source")

    with pytest.raises(DataError, match="broken source"):
        build_corpus(failing(), tmp_path, forbidden=lambda d: None, seed=0)
    assert (tmp_path / "documents.jsonl").read_bytes() == before


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    def full() -> Any:
        yield GOOD
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageError, match="no space left"):
        build_corpus(full(), tmp_path, forbidden=lambda d: None, seed=0)


def test_no_documents_make_an_empty_corpus(tmp_path: Path) -> None:
    assert build([], tmp_path).written.documents == 0
    assert list(read_texts(tmp_path / "documents.jsonl")) == []


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_text('{"text": "fine"}\n{"tex\n')
    with pytest.raises(DataError, match="line 2"):
        list(read_texts(path))
    with pytest.raises(DataError, match="missing"):
        list(read_texts(tmp_path / "nothing.jsonl"))
