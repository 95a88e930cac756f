"""Fixtures for every room: a small embedded data set, built once a session in a few seconds."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scireasoner.notation.rules import PROSE
from scireasoner.prompts.chat import END_OF_TEXT, TURN_END, TURN_START
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.settings import data_roots, use_data_root
from scireasoner.tasks.rows import Caps
from scireasoner.tasks.sources import build_embedded

# Tests tell no one that they ran, and start no thread that would.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

SMALL = Caps(train=60, dev=12, test=16, compounds=900)


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root with a small embedded set; nothing is switched to it."""
    root = tmp_path_factory.mktemp("data")
    build_embedded(root, progress=False, caps=SMALL)
    return root


@pytest.fixture
def data_root(small_root: Path) -> Iterator[Path]:
    """The small data root, in use while the test runs."""
    with use_data_root(small_root):
        yield small_root


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The data root with the real public sets, as ``$SCIREASONER_DATA`` names it."""
    for root in data_roots():
        if all((root / area).is_dir() for area in ("bio", "chemistry", "materials")):
            return root
    pytest.skip("no real data here: set SCIREASONER_DATA to the folder with bio/, chemistry/ ...")


QWEN_TEXTS = [
    "What is the formula of the compound? Answer with the formula of the SMILES in tags.",
    "The start and the end of a protein sequence, an RNA sequence, a material, a space group 225.",
    "2-acetyloxybenzoic acid is a drug of the year 1899; it's 42.5 % of 1,000.",
    " \n\n\t  mixed\r\nspace  日本語 Größe",
] * 20


@pytest.fixture(scope="session")
def qwen_texts() -> list[str]:
    """General text, enough for a few merges."""
    return QWEN_TEXTS


@pytest.fixture(scope="session")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer of the same layout as Qwen3's: a Split, NFC, tokens added after the vocabulary."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import BPE
    from tokenizers.trainers import BpeTrainer

    out = tmp_path_factory.mktemp("qwen")
    base = Tokenizer(BPE())
    base.normalizer = normalizers.NFC()
    base.decoder = decoders.ByteLevel()
    in_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    split = pre_tokenizers.Split(Regex(PROSE), "isolated")
    base.pre_tokenizer = pre_tokenizers.Sequence([split, in_bytes])
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = BpeTrainer(vocab_size=500, initial_alphabet=alphabet, show_progress=False)
    base.train_from_iterator(QWEN_TEXTS, trainer)
    special = (END_OF_TEXT, TURN_START, TURN_END)
    named = (*special, "<tool_call>", THINK_OPEN, THINK_CLOSE)
    base.add_tokens([AddedToken(t, special=t in special) for t in named])
    base.save(str(out / "tokenizer.json"))
    config = {
        "tokenizer_class": "Qwen2Tokenizer",
        "eos_token": TURN_END,
        "pad_token": END_OF_TEXT,
        "bos_token": None,
        "chat_template": "their own",
        "added_tokens_decoder": {
            str(base.token_to_id(t)): {"content": t, "special": t in special} for t in named
        },
    }
    (out / "tokenizer_config.json").write_text(json.dumps(config))
    return out
