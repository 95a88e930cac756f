"""Tokenizers that know the notations, as plain ``tokenizer.json`` files.

Byte-level BPE, so any text survives encoding and decoding. Tags, atoms, elements are entries of
the vocabulary that no merge makes: ``ignore_merges`` lets a piece that is an entry pass as one
token. They are not *added tokens*, because those cut the text before the pre-tokenizer sees the
spans. Only the chat and end tokens are, and those are special (decoding may skip them).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scireasoner.artifacts import read_json, write_json
from scireasoner.errors import ArtifactError, InputError
from scireasoner.notation.rules import (
    PROSE,
    SELFIES_SYMBOLS,
    SPACE_GROUPS,
    guarded,
    piece_patterns,
    span_pattern,
    whole_pieces,
)
from scireasoner.notation.tags import TAGS
from scireasoner.prompts.chat import CHAT_TEMPLATE, END_OF_TEXT, TURN_END, TURN_START
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = "tokenizer.json"
CONFIG = "tokenizer_config.json"

_SPECIAL = (END_OF_TEXT, TURN_START, TURN_END)
_THINK = (THINK_OPEN, THINK_CLOSE)
_WHOLE = (*_THINK, *TAGS)
# The generic class: transformers' own class of Qwen would put its rules in the place of ours.
_CLASS = "PreTrainedTokenizerFast"


def build_tokenizer(texts: Iterable[str], vocab_size: int, out: Path) -> None:
    """Learn a tokenizer from texts and write ``tokenizer.json`` and ``tokenizer_config.json``.

    Parameters
    ----------
    texts : the training texts, read once; the same texts in the same order give the same files.
    vocab_size : entries of the vocabulary; fewer come out if the texts hold too little to merge.
    out : the folder, made if need be.

    Raises
    ------
    InputError : if ``vocab_size`` has no room for bytes, tags and elements.
    """
    groups: set[str] = set()
    learned = _train(_watched(texts, groups), vocab_size)
    whole = [*_WHOLE, *whole_pieces(), *(g for g in SPACE_GROUPS if g in groups)]
    least = len(_SPECIAL) + 256 + len(whole)
    if vocab_size < least:
        raise InputError(
            f"a vocabulary of {vocab_size} is too small: bytes, tags, atoms and elements alone "
            f"take {least}; ask for more"
        )
    vocab, merges = _assemble(learned, whole, vocab_size)
    spec = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added(token, vocab[token]) for token in _SPECIAL],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [*_splits(PROSE), _BYTES]},
        "post_processor": None,
        "decoder": _BYTES,
        "model": {**learned["model"], "vocab": vocab, "merges": merges, "ignore_merges": True},
    }
    write_json(out / TOKENIZER, spec)
    write_json(out / CONFIG, _config([vocab[token] for token in _SPECIAL]))


def extend_tokenizer(base: Path, out: Path) -> int:
    """Add the notations to a byte-level BPE tokenizer such as Qwen3's.

    Every entry keeps its id; new entries follow the last used one. Prose in NFC, as nearly all is,
    is cut as before, but for a word that is itself a new entry ("Gd"). The base's normalisation
    to NFC is left out, so that any text survives a round trip.

    Parameters
    ----------
    base : folder with ``tokenizer.json`` and ``tokenizer_config.json``; only read.
    out : folder to write to.

    Returns
    -------
    The number of ids now in use: what a model's embedding must at least have.

    Raises
    ------
    ArtifactError : if the base is missing or is not a byte-level BPE with a ``Split`` rule.
    """
    spec = read_json(base / TOKENIZER)
    config = read_json(base / CONFIG)
    prose = _prose_rule(spec, base / TOKENIZER)
    added = spec["added_tokens"]
    # On reading, an added token takes its id from the vocabulary: it must be there.
    vocab = {**spec["model"]["vocab"], **{token["content"]: token["id"] for token in added}}
    free = max(vocab.values()) + 1
    for piece in (*_WHOLE, *whole_pieces(), *SELFIES_SYMBOLS, *SPACE_GROUPS):
        if piece not in vocab:
            vocab[piece] = free
            free += 1
    # Tags (Qwen3 has those of a thought) must not cut the text before the spans are seen.
    spec["added_tokens"] = [token for token in added if token["content"] not in _WHOLE]
    spec["normalizer"] = None
    spec["model"] |= {"vocab": vocab, "ignore_merges": True}
    spec["pre_tokenizer"]["pretokenizers"][0:1] = _splits(prose)
    write_json(out / TOKENIZER, spec)
    write_json(out / CONFIG, _extended(config, base))
    return free


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the ``tokenizers`` object of a folder.

    Raises
    ------
    ArtifactError : if its ``tokenizer.json`` is missing or broken.
    """
    from tokenizers import Tokenizer

    path = folder / TOKENIZER
    spec = read_json(path)
    if not isinstance(spec, dict) or not {"model", "pre_tokenizer", "decoder"} <= spec.keys():
        raise ArtifactError(
            f"{path} is JSON but not a tokenizer: delete it and run its stage again"
        )
    return Tokenizer.from_str(json.dumps(spec))


def text_spans() -> re.Pattern[str]:
    """Return the rule that finds whole spans (group 1 is the tag) and lone tags."""
    return re.compile(span_pattern(_THINK))


def cuts_spans(spec: dict[str, Any]) -> bool:
    """Return whether a ``tokenizer.json`` cuts texts by our rules, spans before prose."""
    steps = (spec.get("pre_tokenizer") or {}).get("pretokenizers") or []
    plain = not any(
        token[flag]
        for token in spec["added_tokens"]
        for flag in ("single_word", "lstrip", "rstrip", "normalized")
    )
    return plain and spec.get("normalizer") is None and steps == [*_splits(PROSE), _BYTES]


_BYTES: dict[str, Any] = {
    "type": "ByteLevel",
    "add_prefix_space": False,
    "trim_offsets": False,
    "use_regex": False,
}


def _split(pattern: str, behavior: str = "Isolated") -> dict[str, Any]:
    return {
        "type": "Split",
        "pattern": {"Regex": pattern},
        "behavior": behavior,
        "invert": False,
    }


def _splits(prose: str) -> list[dict[str, Any]]:
    rules = (span_pattern(_THINK), *piece_patterns(), guarded(prose, _THINK))
    return [_split(rule) for rule in rules]


def _added(token: str, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "content": token,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def _config(ids: Sequence[int]) -> dict[str, Any]:
    decoder = {}
    for token, number in zip(_SPECIAL, ids, strict=True):
        entry = _added(token, number)
        decoder[str(entry.pop("id"))] = entry
    return {
        "tokenizer_class": _CLASS,
        "added_tokens_decoder": decoder,
        "bos_token": None,
        "eos_token": TURN_END,
        "pad_token": END_OF_TEXT,
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "model_input_names": ["input_ids", "attention_mask"],
        "chat_template": CHAT_TEMPLATE,
    }


def _extended(config: dict[str, Any], base: Path) -> dict[str, Any]:
    """Return the base's settings with our class, and its chat template inside."""
    decoder = config.get("added_tokens_decoder", {})
    template = base / "chat_template.jinja"
    text = template.read_text(encoding="utf-8") if template.is_file() else CHAT_TEMPLATE
    return {
        "chat_template": text,
        **config,
        "tokenizer_class": _CLASS,
        "clean_up_tokenization_spaces": False,
        "added_tokens_decoder": {
            number: token for number, token in decoder.items() if token["content"] not in _WHOLE
        },
    }


def _watched(texts: Iterable[str], groups: set[str]) -> Iterator[str]:
    """Pass texts on, noting which space groups occur: all 230 would crowd a small vocabulary."""
    for text in texts:
        if "<sg" in text:
            groups.update(_space_group().findall(text))
        yield text


@cache
def _space_group() -> re.Pattern[str]:
    return re.compile("<sg[0-9]{1,3}>")


def _train(texts: Iterator[str], vocab_size: int) -> dict[str, Any]:
    """Return the JSON of a BPE learned on everything but the whole pieces."""
    from tokenizers import Tokenizer, pre_tokenizers
    from tokenizers.models import BPE
    from tokenizers.trainers import BpeTrainer

    whole = "|".join(re.escape(p) for p in (*_WHOLE, *whole_pieces()))
    # No merge may be spent on what is an entry anyway.
    removal = _split(rf"\A(?:{whole}|<sg[0-9]{{1,3}}>)\z", "Removed")
    steps = [*_splits(PROSE), removal, _BYTES]
    empty = json.loads(Tokenizer(BPE()).to_str())
    empty["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": steps}
    tokenizer = Tokenizer.from_str(json.dumps(empty))
    trainer = BpeTrainer(
        vocab_size=max(vocab_size, 0),
        min_frequency=2,
        show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(texts, trainer)
    learned: dict[str, Any] = json.loads(tokenizer.to_str())
    return learned


def _assemble(
    learned: dict[str, Any], whole: Sequence[str], vocab_size: int
) -> tuple[dict[str, int], list[list[str]]]:
    """Return vocabulary and merges: special tokens, bytes, whole pieces, then merges in order."""
    by_id = sorted(learned["model"]["vocab"].items(), key=lambda item: item[1])
    letters = [token for token, _ in by_id if len(token) == 1]
    entries = dict.fromkeys([*_SPECIAL, *letters, *whole])
    merges: list[list[str]] = []
    for left, right in learned["model"]["merges"]:
        if left + right not in entries:
            if len(entries) >= vocab_size:
                break
            entries[left + right] = None
        merges.append([left, right])
    return {token: number for number, token in enumerate(entries)}, merges


def _prose_rule(spec: dict[str, Any], path: Path) -> str:
    """Return the pattern of the first ``Split`` of a Qwen-like tokenizer."""
    try:
        if spec["model"]["type"] != "BPE":
            raise KeyError(spec["model"]["type"])
        if spec.get("normalizer") not in (None, {"type": "NFC"}):
            raise KeyError(spec["normalizer"]["type"])
        first, last = spec["pre_tokenizer"]["pretokenizers"]
        if last["type"] != "ByteLevel" or last["use_regex"]:
            raise KeyError(last["type"])
        rule: str = first["pattern"]["Regex"]
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactError(
            f"{path} is not a byte-level BPE tokenizer laid out like Qwen3's (a Split, then "
            f"ByteLevel): {error!r}; choose a Qwen2 or Qwen3 checkpoint as the base"
        ) from error
    return rule
