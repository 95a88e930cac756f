"""Word pieces of BERT (arXiv 1810.04805) from a vocabulary on this machine.

The released evaluators of descriptions count the pieces of SciBERT (arXiv 1903.10676). Its
``vocab.txt`` is not ours to ship: it belongs into the data root under `VOCABULARY`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias

from scireasoner.settings import data_root, locate

VOCABULARY = Path("tokenizers/scibert_scivocab_uncased/vocab.txt")
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_DROPPED = frozenset(("[PAD]", "[CLS]", "[SEP]"))

Pieces: TypeAlias = Callable[[str], tuple[str, ...]]
"""A tokenizer: a text to its pieces."""


@lru_cache(maxsize=4)
def _tokenizer(path: Path, limit: int) -> Any:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

    model = models.WordPiece.from_file(str(path), unk_token="[UNK]", max_input_chars_per_word=100)
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens([t for t in _SPECIAL if tokenizer.token_to_id(t) is not None])
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.enable_truncation(limit)
    return tokenizer


@lru_cache(maxsize=4_096)
def _split(text: str, path: Path, limit: int) -> tuple[str, ...]:
    # A lone surrogate is no text for the tokenizer.
    clean = text.encode("utf-8", "replace").decode()
    found = _tokenizer(path, limit).encode(clean, add_special_tokens=False).tokens
    return tuple(piece for piece in found if piece not in _DROPPED)


def wordpieces(path: Path, limit: int) -> Pieces:
    """Return the tokenizer of a vocabulary, one piece a line.

    Parameters
    ----------
    path : the ``vocab.txt``; text is put into lower case and loses its accents.
    limit : the pieces that are kept of a text.
    """
    return partial(_split, path=path, limit=limit)


def scibert(limit: int) -> Pieces | None:
    """Return SciBERT's tokenizer, None where its vocabulary is not on this machine."""
    path = locate(VOCABULARY)
    return None if path is None else wordpieces(path, limit)


def lacking() -> str | None:
    """Say why word pieces cannot be counted, None if they can."""
    if locate(VOCABULARY) is not None:
        return None
    return (
        "BLEU and METEOR count the word pieces of SciBERT, whose vocabulary is not here: put "
        f"vocab.txt of allenai/scibert_scivocab_uncased at {data_root() / VOCABULARY}"
    )
