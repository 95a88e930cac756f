from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scireasoner.prompts.chat import CHAT_TEMPLATE, END_OF_TEXT, TURN_END, TURN_START

# The server that misbehaves on purpose is imported by name, by several rooms.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


@pytest.fixture
def endpoint() -> Iterator[Any]:
    """An endpoint of its own for each test; ``endpoint.behave`` says what it does."""
    from misbehaving import serving

    with serving() as made:
        yield made


@pytest.fixture(scope="session")
def tiny() -> tuple[Any, Any]:
    """A random Qwen3 of hidden size 32, and a byte-level tokenizer."""
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    raw = Tokenizer(models.BPE({letter: i for i, letter in enumerate(letters)}, []))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    raw.decoder = decoders.ByteLevel()
    raw.add_special_tokens([AddedToken(t) for t in (END_OF_TEXT, TURN_START, TURN_END)])
    raw.add_tokens([AddedToken(t) for t in ("<think>", "</think>", "<SMILES>", "</SMILES>")])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token=TURN_END, pad_token=END_OF_TEXT
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    torch.manual_seed(0)
    shape = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        max_position_embeddings=256,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return Qwen3ForCausalLM(shape), tokenizer


@pytest.fixture(scope="session")
def checkpoint(tiny: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    for part in tiny:
        part.save_pretrained(str(folder))
    return folder
