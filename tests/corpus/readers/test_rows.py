"""JSON lines, JSON arrays, parquet and the hub: the same rows, the same documents."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from scireasoner.corpus.readers import Origin, read
from scireasoner.errors import DataError

ROWS = [{"text": f"text {i} é", "url": f"u{i}", "n": i} for i in range(50)]


def as_jsonl(rows: Any) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


# a public layout -> row, options, text, id
LAYOUTS = [
    ({"text": "a b", "timestamp": "t", "url": "http://x"}, {}, "a b", "http://x"),  # C4
    ({"text": "<human>: q\n<bot>: a", "metadata": {}}, {}, "<human>: q\n<bot>: a", "1"),  # OIG
    (
        {"qid": 4, "question": "Q", "answers": [{"text": "A", "pm_score": 2}]},
        {"text": ("question", "answers.0.text")},
        "Q\n\nA",
        "4",
    ),  # StackExchange preferences
    ({"instruction": "I", "output": "O"}, {}, "I\n\nO", "1"),
    ({"id": 7, "question": "Q", "answer": "A"}, {}, "Q\n\nA", "7"),
    ({"meta": {"body": "deep", "key": "k"}}, {"text": "meta.body", "id": "meta.key"}, "deep", "k"),
    ({"title": "T", "abstract": "A", "corpusid": 3}, {"text": ("title", "abstract")}, "T\n\nA", "3"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "options", "text", "key"), LAYOUTS)
def test_public_layouts(row: Any, options: Any, text: str, key: str, reading: Any) -> None:
    (document,), broken = reading("jsonl", as_jsonl([row]), "text", **options)
    assert broken == []
    assert (document.text, document.id) == (text, f"set/{key}")


BROKEN = b"""{"text": "a"}
not json

{"text": "caf\xff"}
[1, 2]
{"text": 5, "x": null}
{"n": 1}
{"text": " "}
{"text": "b"}
{"text": "cut o"""


def test_broken_lines_and_the_rest(reading: Any) -> None:
    documents, broken = reading("jsonl", BROKEN, "text")
    assert [(d.text, d.id) for d in documents] == [("a", "set/1"), ("b", "set/9")]
    assert [(b.place, b.reason.split(" (")[0]) for b in broken] == [
        ("line 2", "the line is no JSON"),
        ("line 4", "the line is not UTF-8"),
        ("line 5", "the line is no JSON object"),
        ("line 6", "no field of text or of an entity: name it with columns="),
        ("line 7", "no field of text or of an entity: name it with columns="),
        ("line 8", "no field of text or of an entity: name it with columns="),
        ("line 10", "the line is cut off"),
    ]
    _, named = reading("jsonl", BROKEN, "text", text="text")
    assert named[3].reason == "the field 'text' is missing, empty or no text"


@pytest.mark.parametrize("indent", [None, 1])
def test_an_array_is_read_element_by_element(indent: int | None, reading: Any) -> None:
    rows = [{**row, "pad": "x" * (i * 400)} for i, row in enumerate(ROWS)]
    data = json.dumps(rows, indent=indent, ensure_ascii=False).encode()
    documents, broken = reading("jsonl", data, "text")
    assert broken == []
    assert [d.text for d in documents] == [row["text"] for row in ROWS]


@pytest.mark.parametrize(
    ("data", "texts", "reason"),
    [
        (b'[{"text": "a"}, 3, {"text": "b"}]', ["a", "b"], "the element is no JSON object"),
        (b'[{"text": "a"}, {"text": "b"', ["a"], "the array is cut off or no JSON from here"),
        (b'[{"text": "a"},', ["a"], "the array is cut off"),
        (b'[{"text": "a"}, nonsense, {"text": "b"}]', ["a"], "no JSON from here on"),
        (b"[" * 100_000, [], "from here on"),
    ],
)
def test_broken_arrays(data: bytes, texts: list[str], reason: str, reading: Any) -> None:
    documents, (broken,) = reading("jsonl", data, "text")
    assert [d.text for d in documents] == texts
    assert reason in broken.reason


def test_a_line_longer_than_allowed(monkeypatch: pytest.MonkeyPatch, reading: Any) -> None:
    monkeypatch.setattr("scireasoner.corpus.readers.rows.LONGEST_LINE", 1_000)
    monkeypatch.setattr("scireasoner.corpus.readers.base.Opened.lines.__defaults__", (1_000,))
    data = as_jsonl([{"text": "a"}, {"text": "x" * 5_000}, {"text": "b"}])
    documents, (broken,) = reading("jsonl", data, "text")
    assert [d.text for d in documents] == ["a", "b"]
    assert (broken.reason, broken.place) == ("the line is too long", "line 2")


def test_kept_fields_go_into_meta(reading: Any) -> None:
    documents, _ = reading("jsonl", as_jsonl(ROWS), "text", keep=("n", "url"))
    assert documents[3].meta == {"n": "3", "url": "u3"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    import pyarrow
    import pyarrow.parquet as parquet

    path = tmp_path / "part.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), path, row_group_size=10)
    return path


def test_parquet_gives_the_same_documents(table: Path, reading: Any) -> None:
    expected, _ = reading("jsonl", as_jsonl(ROWS), "text", keep=("n",))
    for source in (table, table.read_bytes()):
        assert reading("parquet", source, "text", keep=("n",)) == (expected, [])


def test_a_cut_parquet_is_broken_as_a_whole(table: Path, reading: Any) -> None:
    documents, (broken,) = reading("parquet", table.read_bytes()[:-20], "text")
    assert documents == []
    assert broken.place == "the whole file"


def test_a_damaged_row_group_costs_only_itself(table: Path, reading: Any) -> None:
    import pyarrow.parquet as parquet

    data = bytearray(table.read_bytes())
    column = parquet.ParquetFile(table).metadata.row_group(1).column(0)
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + 40] = b"\xff" * 40
    documents, (broken,) = reading("parquet", bytes(data), "text")
    assert len(documents) == 40
    assert broken.place == "row group 2"


@pytest.mark.slow  # datasets takes seconds to import
def test_the_hub_reads_a_local_folder_of_its_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    folder = tmp_path / "set" / "data"
    folder.mkdir(parents=True)
    (folder / "train-00000-of-00001.jsonl").write_bytes(as_jsonl(ROWS))
    (folder / "test-00000-of-00001.jsonl").write_bytes(as_jsonl(ROWS[:2]))
    origin = Origin("s", "l", "text", "set")
    for split, rows in (("train", ROWS), ("test", ROWS[:2])):
        items = list(read("hub", folder.parent, origin, split=split))
        assert [(item.text, item.id) for item in items] == [  # type: ignore[union-attr]
            (row["text"], f"set/{row['url']}") for row in rows
        ]
    with pytest.raises(DataError, match="split dev"):
        list(read("hub", folder.parent, origin, split="dev"))


def test_names_of_options_are_checked() -> None:
    from scireasoner.errors import InputError

    with pytest.raises(InputError, match="no role 'txt'"):
        list(read("jsonl", io.BytesIO(b"{}"), Origin("s", "l", "d"), columns={"txt": "a"}))
