"""Descriptions of molecules: BLEU and METEOR on word pieces, ROUGE on words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial

from scireasoner.errors import MissingTool
from scireasoner.published import wordpieces
from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import (
    ANCHOR,
    answer_only,
    first,
    mean,
    without_stops,
    without_thoughts,
)
from scireasoner.published.rows import numbers
from scireasoner.published.smol import SOURCE
from scireasoner.published.wordpieces import Pieces
from scireasoner.science import wordnet
from scireasoner.science.meteor import meteor_tokens
from scireasoner.science.overlap import bleu_counts, corpus_bleu, rouge_lcs, rouge_n, words

SMOL_LIMIT = 2_048
MOLINST_LIMIT = 512
_ROUGE, _METEOR, _BLEU = slice(0, 3), 3, 4
"""Where a row holds ROUGE-1, -2 and -L, METEOR, and from where on the counts of BLEU."""


@cache
def _no_synonyms() -> str | None:
    """Say why METEOR cannot be had, None if it can."""
    try:
        wordnet.folder()
    except MissingTool as error:
        return str(error)
    return None


def lacking() -> str | None:
    """Say which numbers of a description are None on this machine, and why."""
    reasons = [reason for reason in (wordpieces.lacking(), _no_synonyms()) if reason]
    return "; ".join(reasons) or None


def compared(said: str, gold: str, pieces: Pieces | None) -> Row:
    """Return the row of two texts; without a tokenizer it ends after ROUGE."""
    said_words, gold_words = words(said), words(gold)
    rouge = (
        rouge_n(said_words, gold_words, 1)[2],
        rouge_n(said_words, gold_words, 2)[2],
        rouge_lcs(said_words, gold_words)[2],
    )
    if pieces is None:
        return rouge
    said_pieces, gold_pieces = pieces(said), pieces(gold)
    meteor = None if _no_synonyms() else meteor_tokens(said_pieces, gold_pieces)
    return (*rouge, meteor, *bleu_counts(said_pieces, gold_pieces))


def summed(rows: Sequence[Row], keys: Sequence[str]) -> dict[str, float | None]:
    """Return the numbers of all rows under the given names.

    Parameters
    ----------
    keys : the names of ROUGE-1, ROUGE-2 and ROUGE-L.
    """
    found: dict[str, float | None] = dict.fromkeys(("bleu2", "bleu4", "meteor_score"))
    for column, key in enumerate(keys):
        found[key] = mean(numbers(rows, column))
    if rows and all(len(row) > _BLEU for row in rows):
        counts = [sum(numbers(rows, column)) for column in range(_BLEU, len(rows[0]))]
        found["bleu2"], found["bleu4"] = corpus_bleu(counts, 2), corpus_bleu(counts, 4)
        meteors = numbers(rows, _METEOR)
        found["meteor_score"] = mean(meteors) if len(meteors) == len(rows) else None
    return found


def _caption(text: str) -> str:
    text = without_thoughts(text)
    return text.replace("<unk>", "").replace("</s>", "").strip()


def _smol_row(item: Item, pieces: Pieces | None = None) -> Row:
    said = _caption(first(item))
    if not said:
        return (None,)
    return compared(said, _caption(item.gold), pieces or wordpieces.scibert(SMOL_LIMIT))


def _smol_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    answered = [row for row in rows if len(row) > 1]
    if not answered:
        # BLEU of nothing divides by zero.
        return {"meteor_score": None}
    return {
        "num_all": float(len(rows)),
        "num_no_answer": float(len(rows) - len(answered)),
        **summed(answered, ("rouge_1", "rouge_2", "rouge_l")),
    }


def smol_caption(pieces: Pieces | None = None) -> Evaluator:
    """Return the evaluator of captions, which leaves empty answers out.

    Parameters
    ----------
    pieces : the tokenizer, cut at `SMOL_LIMIT`; None looks for SciBERT's in the data root.
    """
    return Evaluator(
        "smol caption",
        "meteor_score",
        partial(_smol_row, pieces=pieces),
        _smol_finish,
        f"{SOURCE}:440-513",
        _no_synonyms if pieces else lacking,
    )


def _description(text: str) -> str:
    return answer_only(without_stops(text))


def _molinst_row(item: Item, pieces: Pieces | None = None) -> Row:
    said = _description(first(item)).rsplit(".", 1)[0] + "."
    return compared(said, _description(item.gold), pieces or wordpieces.scibert(MOLINST_LIMIT))


def _molinst_finish(rows: Sequence[Row]) -> Mapping[str, float | None]:
    return summed(rows, ("rouge1", "rouge2", "rougeL"))


def molinst_description(pieces: Pieces | None = None) -> Evaluator:
    """Return the evaluator of descriptions: all answers count, each up to its last full stop.

    Parameters
    ----------
    pieces : the tokenizer, cut at `MOLINST_LIMIT`; None looks for SciBERT's in the data root.
    """
    return Evaluator(
        "molinst description",
        "rougeL",
        partial(_molinst_row, pieces=pieces),
        _molinst_finish,
        f"{ANCHOR}/Mol_Instructions/molecule.py:113-119, 331-398",
        _no_synonyms if pieces else lacking,
    )


SMOL_CAPTION = smol_caption()
"""Molecule captioning of SMolInstruct."""

MOLINST_DESCRIPTION = molinst_description()
"""Molecular description of Mol-Instructions."""
