"""Descriptions against LLM4Chem/utils/metrics.py and Mol_Instructions/molecule.py @efe16a1.

SciBERT's vocabulary is not ours to ship: the golden numbers were made with a small one of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scireasoner.errors import MissingTool
from scireasoner.published import smol_text, wordpieces
from scireasoner.published.base import Evaluator, Item
from scireasoner.science import wordnet
from scireasoner.settings import use_data_root

MAKERS = {
    "smol caption": (smol_text.smol_caption, smol_text.SMOL_LIMIT),
    "molinst description": (smol_text.molinst_description, smol_text.MOLINST_LIMIT),
}
PAIR = Item(("The acid is weak. It",), "The acid is a weak acid.")


@pytest.fixture
def vocabulary(golden: Callable[[str], Any], tmp_path: Path) -> Path:
    path = tmp_path / wordpieces.VOCABULARY
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(golden("smol_text")["vocabulary"]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", MAKERS)
def test_numbers_are_the_released_ones(
    name: str, vocabulary: Path, reproduces: Callable[[str, str, Evaluator], int]
) -> None:
    try:
        wordnet.folder()
    except MissingTool as error:
        pytest.skip(str(error))
    make, limit = MAKERS[name]
    evaluator = make(wordpieces.wordpieces(vocabulary, limit))
    assert reproduces("smol_text", name, evaluator) >= 20


@pytest.mark.parametrize("name", MAKERS)
def test_without_the_vocabulary_rouge_is_left(name: str, tmp_path: Path) -> None:
    evaluator = MAKERS[name][0]()
    with use_data_root(tmp_path):
        numbers = evaluator([PAIR])
        assert evaluator.lacking is not None
        assert str(tmp_path / wordpieces.VOCABULARY) in (evaluator.lacking() or "")
    assert numbers["bleu4"] is numbers["bleu2"] is numbers["meteor_score"] is None
    assert all(0 < (numbers[key] or 0) < 1 for key in numbers if key.startswith("rouge"))


@pytest.mark.parametrize("name", MAKERS)
def test_the_vocabulary_is_found_in_the_data_root(name: str, vocabulary: Path) -> None:
    make, limit = MAKERS[name]
    with use_data_root(vocabulary.parents[2]):
        assert make()([PAIR]) == make(wordpieces.wordpieces(vocabulary, limit))([PAIR])
        assert wordpieces.lacking() is None


def test_only_captions_leave_empty_answers_out() -> None:
    silent = Item(("",), PAIR.gold)
    caption, description = smol_text.smol_caption(), smol_text.molinst_description()
    assert caption([PAIR, silent])["rouge_l"] == caption([PAIR])["rouge_l"]
    assert description([PAIR, silent])["rougeL"] == pytest.approx(
        (description([PAIR])["rougeL"] or 0) / 2
    )


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hydroxyls", ("hydroxy", "##l", "##s")),
        ("née", ("n", "##e", "##e")),  # accents are lost
        ("qu\u00df", ("[UNK]",)),
        ("[SEP] acid [PAD]", ("acid",)),
        ("lone \ud800", ("l", "##o", "##n", "##e", "?")),
    ],
)
def test_word_pieces(vocabulary: Path, text: str, pieces: tuple[str, ...]) -> None:
    assert wordpieces.wordpieces(vocabulary, 8)(text) == pieces


def test_word_pieces_are_cut(vocabulary: Path) -> None:
    assert wordpieces.wordpieces(vocabulary, 3)("the acid is weak") == ("the", "acid", "is")
