from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scireasoner.corpus.pack import load_packed, pack
from scireasoner.corpus.tokenizer import build_tokenizer, load_tokenizer
from scireasoner.errors import ArtifactError, DataError, InputError
from scireasoner.prompts.chat import END_OF_TEXT

TEXTS = [f"Sample {i}: <SMILES>{'C' * (i % 7)}O</SMILES>" for i in range(2500)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tokenizer")
    build_tokenizer(TEXTS[:100], 500, out)
    return out


@pytest.fixture
def packed(folder: Path, tmp_path: Path) -> Path:
    pack(TEXTS, folder, 64, tmp_path / "corpus.npy")
    return tmp_path / "corpus.npy"


def test_the_blocks_hold_the_texts_in_order(folder: Path, tmp_path: Path) -> None:
    stats = pack(iter(TEXTS), folder, 64, tmp_path / "corpus.npy")
    blocks = load_packed(tmp_path / "corpus.npy")
    tokenizer = load_tokenizer(folder)
    assert blocks.dtype == np.uint16
    assert blocks.shape == (stats.blocks, 64)
    assert stats.documents == len(TEXTS)
    assert stats.characters == sum(map(len, TEXTS))
    assert stats.tokens == blocks.size + stats.left_over
    joined = tokenizer.decode(blocks.ravel().tolist(), skip_special_tokens=False)
    assert "".join(t + END_OF_TEXT for t in TEXTS).startswith(joined)
    assert [p.name for p in tmp_path.iterdir()] == ["corpus.npy"]


def test_the_same_texts_give_the_same_file(folder: Path, packed: Path, tmp_path: Path) -> None:
    pack(TEXTS, folder, 64, tmp_path / "again.npy")
    assert (tmp_path / "again.npy").read_bytes() == packed.read_bytes()


def _cut(content: bytes) -> bytes:
    return content[:-100]


@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        lambda content: content[:50],
        lambda content: b"",
        lambda content: b"not an array at all" * 100,
        lambda content: content + b"more",
        lambda content: content.replace(b"'<u2'", b"'<f2'"),
        lambda content: content.replace(b"descr", b"dexcr"),
    ],
    ids=["cut", "header only", "empty", "garbage", "longer", "floats", "header"],
)
def test_a_damaged_file_is_named(damage: object, packed: Path) -> None:
    packed.write_bytes(damage(packed.read_bytes()))  # type: ignore[operator]
    with pytest.raises(DataError, match=r"corpus\.npy .*delete it"):
        load_packed(packed)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing"):
        load_packed(tmp_path / "none.npy")


@pytest.mark.parametrize("texts", [[], ["too short"]])
def test_less_than_one_block_is_refused(texts: list[str], folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="do not fill one block"):
        pack(texts, folder, 64, tmp_path / "out" / "corpus.npy")
    assert list((tmp_path / "out").iterdir()) == []


def test_wrong_block_length_or_tokenizer(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 2"):
        pack(TEXTS, folder, 1, tmp_path / "corpus.npy")
    with pytest.raises(ArtifactError, match="missing"):
        pack(TEXTS, tmp_path, 64, tmp_path / "corpus.npy")
