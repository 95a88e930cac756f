"""A tokenizer of Qwen's, untouched, from the vocabulary file that some packages carry.

``qwen.tiktoken`` (for one in the wheel of dashscope: ``dashscope/resources/qwen.tiktoken``) has the
151,643 byte strings of Qwen by rank. Qwen2 and Qwen3 share them; their ``tokenizer.json`` adds the
named tokens below and cuts single digits. Nothing of the file is kept here.
"""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from scireasoner.artifacts import write_json
from scireasoner.corpus.tokenizer import CONFIG, TOKENIZER
from scireasoner.notation.rules import PROSE
from scireasoner.prompts.chat import CHAT_TEMPLATE, END_OF_TEXT, TURN_END

_NAMED = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>",
    "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>",
    "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>", "<tool_call>",
    "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>",
    "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>",
)  # fmt: skip


def write_qwen(ranks_file: Path, out: Path) -> Path:
    """Write ``tokenizer.json`` and its settings in the layout of Qwen3's; return the folder."""
    lines = ranks_file.read_bytes().splitlines()
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}
    letters = _letters()
    names = {token: "".join(letters[byte] for byte in token) for token in ranks}
    merges = [[names[part] for part in _halves(token, ranks)] for token in ranks if len(token) > 1]
    vocab = {names[token]: rank for token, rank in ranks.items()}
    added = [_added(text, len(vocab) + number) for number, text in enumerate(_NAMED)]
    write_json(out / TOKENIZER, _layout(vocab, merges, added))
    settings = {
        "tokenizer_class": "Qwen2Tokenizer",
        "added_tokens_decoder": {str(a["id"]): {k: a[k] for k in a if k != "id"} for a in added},
        "eos_token": TURN_END,
        "pad_token": END_OF_TEXT,
        "bos_token": None,
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    write_json(out / CONFIG, settings)
    return out


def write_stand_in(texts: list[str], size: int, out: Path, rule: str = PROSE) -> Path:
    """Write a plain byte-level BPE learned from texts, in the same layout; return the folder."""
    from tokenizers import Regex, Tokenizer, pre_tokenizers
    from tokenizers.models import BPE
    from tokenizers.trainers import BpeTrainer

    tokenizer = Tokenizer(BPE())
    split = pre_tokenizers.Split(Regex(rule), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    named = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>")
    trainer = BpeTrainer(
        vocab_size=size - len(named),
        show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocab = model["vocab"]
    added = [_added(text, len(vocab) + number) for number, text in enumerate(named)]
    spec = _layout(vocab, model["merges"], added)
    spec["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = rule
    write_json(out / TOKENIZER, spec)
    write_json(
        out / CONFIG,
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": TURN_END,
            "pad_token": END_OF_TEXT,
            "clean_up_tokenization_spaces": False,
            "chat_template": CHAT_TEMPLATE,
        },
    )
    return out


def _layout(vocab: dict[str, int], merges: list[list[str]], added: list[Any]) -> dict[str, Any]:
    """Return a ``tokenizer.json`` with NFC, one Split and bytes, as Qwen3's has them."""
    split = {
        "type": "Split", "pattern": {"Regex": PROSE}, "behavior": "Isolated", "invert": False
    }  # fmt: skip
    in_bytes = {
        "type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False
    }  # fmt: skip
    model = {
        "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
        "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False,
        "ignore_merges": False, "vocab": vocab, "merges": merges,
    }  # fmt: skip
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, in_bytes]},
        "post_processor": in_bytes, "decoder": in_bytes, "model": model,
    }  # fmt: skip


def _added(text: str, number: int) -> dict[str, Any]:
    special = text.startswith("<|")
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": number, "content": text, **flags, "special": special}


def _letters() -> dict[int, str]:
    """Return the printable character that stands for each byte (the map of GPT-2)."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {b: chr(b) for b in shown} | {b: chr(256 + n) for n, b in enumerate(hidden)}


def _halves(token: bytes, ranks: dict[bytes, int]) -> list[bytes]:
    """Return the two parts whose merge makes a token: merge its bytes by rank up to its own."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        joined = [ranks.get(a + b, len(ranks)) for a, b in pairwise(parts)]
        at = joined.index(min(joined))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts
