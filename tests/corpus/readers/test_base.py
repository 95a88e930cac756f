"""Opening: packings by their first bytes, damaged files, unknown names."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.corpus.readers import READERS, Origin, options_of, read
from scireasoner.corpus.readers.base import opened
from scireasoner.errors import DataError, InputError, MissingTool

LINES = b"".join(b'{"id": "r%d", "text": "line %d"}\n' % (i, i) for i in range(3_000))
ORIGIN = Origin("s", "l", "text")


def zstd(data: bytes) -> bytes:
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    with pyarrow.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return bytes(sink.getvalue().to_pybytes())


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "two gzip members": lambda d: gzip.compress(d[:5_000]) + gzip.compress(d[5_000:]),
    "bz2": lambda d: bz2.compress(d, 1),
    "xz": lambda d: lzma.compress(d, preset=0),
    "zstd": zstd,
    "with a byte order mark": lambda d: b"\xef\xbb\xbf" + d,
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_packings_are_seen_by_their_first_bytes(packing: str, reading: Any, tmp_path: Path) -> None:
    data = PACKINGS[packing](LINES)
    path = tmp_path / "rows.txt"  # the name says nothing
    path.write_bytes(data)
    for source in (data, path):
        documents, broken = reading("jsonl", source, "text")
        assert broken == []
        assert [d.text for d in documents] == [f"line {i}" for i in range(3_000)]


@pytest.mark.parametrize("packing", ["gzip", "bz2", "xz", "zstd"])
def test_a_file_that_is_cut_gives_what_it_has(packing: str, reading: Any) -> None:
    # Enough that every packing has whole blocks (100 kB in bz2) before the cut.
    rows = b"".join(
        b'{"text": "%s"}\n' % (str(pow(7, i, 10**61)).encode() * 4) for i in range(2_000)
    )
    data = PACKINGS[packing](rows)
    documents, broken = reading("jsonl", data[: len(data) * 9 // 10], "text")
    assert 100 < len(documents) < 2_000
    assert "ends early or is damaged" in broken[-1].reason
    assert len(broken) <= 2  # the line that was cut, and the file


def test_damage_in_the_middle_of_a_gzip_is_named(reading: Any) -> None:
    data = bytearray(gzip.compress(LINES))
    data[len(data) // 2] ^= 0xFF
    _, broken = reading("jsonl", bytes(data), "text")
    assert broken
    assert "damaged" in broken[-1].reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("a b".encode("utf-16"), "UTF-16"),
        (gzip.compress("a b".encode("utf-16")), "UTF-16"),
        (b"PK\x03\x04rest", "a zip archive: unpack it"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it"),
    ],
)
def test_what_is_no_text_is_one_broken_file(data: bytes, reason: str, reading: Any) -> None:
    for name in ("text", "fasta", "table", "jsonl"):
        documents, broken = reading(name, data, "dna")
        assert documents == []
        assert [b.place for b in broken] == ["the whole file"]
        assert reason in broken[0].reason


@pytest.mark.parametrize("name", sorted(set(READERS) - {"hub", "parquet"}))
def test_an_empty_file_has_no_records(name: str, reading: Any) -> None:
    assert reading(name, b"", "dna") == ([], [])


@pytest.mark.parametrize("name", sorted(set(READERS) - {"hub"}))
def test_a_missing_file_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        list(read(name, tmp_path / "none", Origin("s", "l", "dna")))


@pytest.mark.parametrize("name", sorted(set(READERS) - {"hub", "text", "table"}))
def test_bytes_without_meaning_raise_nothing(name: str, reading: Any) -> None:
    """The 256 bytes in a fixed disorder, ten times over: nothing to read, nothing raised."""
    noise = bytes((i * 167 + i // 256) % 256 for i in range(2_560))
    documents, _ = reading(name, noise, "protein" if name == "fasta" else "rna")
    assert documents == []


def test_a_line_too_long_for_memory_comes_in_pieces() -> None:
    with opened(io.BytesIO(b"a" * 25 + b"\nb\n"), ORIGIN) as file:
        assert [len(line) for line in file.lines(10)] == [10, 10, 6, 2]
        assert file.count == 2


def test_a_stream_of_text_is_refused() -> None:
    with pytest.raises(InputError, match="open it with 'rb'"):
        list(read("text", io.StringIO("a"), ORIGIN))  # type: ignore[arg-type]


def test_ids_begin_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "part.1.txt.gz"
    path.write_bytes(gzip.compress(b"words"))
    assert [d.id for d in read("text", path, ORIGIN)] == ["part.1/1"]


def test_readers_and_options_are_checked_by_name() -> None:
    with pytest.raises(InputError, match="no reader 'fsta'; did you mean 'fasta'"):
        options_of("fsta")
    with pytest.raises(InputError, match="no option 'kin'; did you mean 'kind'"):
        read("fasta", io.BytesIO(), ORIGIN, kin="dna")
    for name in READERS:
        assert all(p.default is not p.empty for p in options_of(name).values())


def test_zstd_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zstd(b"words")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingTool, match="pip install pyarrow"):
        list(read("text", io.BytesIO(data), ORIGIN))
