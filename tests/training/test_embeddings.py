from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from scireasoner.corpus.tokenizer import extend_tokenizer
from scireasoner.errors import ArtifactError
from scireasoner.models.checkpoint import load_model, load_tokenizer
from scireasoner.notation import TAGS
from scireasoner.notation.rules import SELFIES_SYMBOLS, SPACE_GROUPS
from scireasoner.recipe import load_recipe
from scireasoner.stages import pretraining
from scireasoner.training.embeddings import extend_embeddings, new_entries
from scireasoner.training.model import ModelConfig, new_model

WIDTH = 64
SPARE = 40  # Qwen3's checkpoints have rows to spare, which were never trained


def base_model(qwen: Path, tied: bool, out: Path) -> Path:
    """Write a Qwen3 checkpoint with rows of various lengths that are not centred at zero."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(7)
    shutil.copytree(qwen, out, dirs_exist_ok=True)
    used = len(load_tokenizer(out))
    config = Qwen3Config(
        vocab_size=used + SPARE,
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=64,
        tie_word_embeddings=tied,
        bos_token_id=None,
        eos_token_id=None,
    )
    model = Qwen3ForCausalLM(config)
    with torch.no_grad():
        for matrix in {model.get_input_embeddings().weight, model.get_output_embeddings().weight}:
            matrix[:used] = torch.randn(used, WIDTH) * torch.rand(used, 1).add(0.5) + 0.2
            matrix[used:] = 1e-3 * torch.randn(SPARE, WIDTH)
    model.save_pretrained(out)
    return out


@pytest.fixture(scope="module", params=[True, False], ids=["tied", "untied"])
def base(request: pytest.FixtureRequest, qwen: Path, tmp_path_factory: Any) -> Path:
    return base_model(qwen, request.param, tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def extended(qwen: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("extended")
    extend_tokenizer(qwen, out)
    return load_tokenizer(out)


def matrices(model: Any) -> list[Any]:
    return [model.get_input_embeddings().weight, model.get_output_embeddings().weight]


def test_old_rows_stay_bit_for_bit_and_all_new_ones_are_filled(base: Path, extended: Any) -> None:
    import torch

    before, model = load_model(base), new_model(ModelConfig(base=str(base)), extended, seed=0)
    used = len(load_tokenizer(base))
    assert model.config.vocab_size % 128 == 0
    for old, new in zip(matrices(before), matrices(model), strict=True):
        assert new.shape == (model.config.vocab_size, WIDTH)
        assert torch.equal(new[:used], old[:used])
        # Also the rows that the checkpoint had to spare, which are shorter by a factor of 1000.
        lengths = new[used : len(extended)].norm(dim=1) / old[:used].norm(dim=1).mean()
        assert 0.5 < lengths.min() < lengths.max() < 2
        assert 0.8 < lengths.mean() < 1.2
        rest = new[len(extended) :]
        assert torch.equal(rest, old[:used].mean(0).expand_as(rest))
    tied = matrices(model)[0].data_ptr() == matrices(model)[1].data_ptr()
    assert tied == before.config.tie_word_embeddings


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("<SMILES>", " start SMILES"),
        ("</SMILES>", " end SMILES"),
        ("<protein>", " start protein sequence"),
        ("<sg225>", " space group 225"),
        ("[C@@H]", "[C@@H]"),
        ("[=Branch1]", "[=Branch1]"),
        ("Xe", "Xe"),
    ],
)
def test_a_new_row_points_where_its_pieces_do(
    base: Path, extended: Any, entry: str, text: str
) -> None:
    import torch

    known = load_tokenizer(base)
    model = load_model(base)
    number = extended.convert_tokens_to_ids(entry)
    ids = known(text)["input_ids"]
    assert extend_embeddings(model, known, extended, seed=0)[number] == ids
    for matrix in matrices(model):
        near = torch.cosine_similarity(matrix[: len(known)].mean(0), matrix[number], dim=0)
        own = torch.cosine_similarity(matrix[ids].mean(0), matrix[number], dim=0)
        assert own > 0.99
        assert own > near


def test_rows_of_twins_differ_and_the_seed_fixes_them(base: Path, extended: Any) -> None:
    import torch

    known = load_tokenizer(base)
    models = [load_model(base) for _ in range(3)]
    for model, seed in zip(models, (0, 0, 1), strict=True):
        pieces = extend_embeddings(model, known, extended, seed)
    first, again, other = (matrices(model)[0] for model in models)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert len(pieces) == len(extended) - len(known)
    # The names of no two entries are one row: a model can tell them apart from the first step.
    rows = first[sorted(pieces)]
    assert len(torch.unique(rows, dim=0)) == len(rows)


def test_tags_and_space_groups_are_described_by_words_and_not_by_their_pieces(
    qwen: Path, extended: Any
) -> None:
    known = load_tokenizer(qwen)
    pieces = new_entries(known, extended)
    assert sorted(pieces) == list(range(len(known), len(extended)))
    assert all(pieces.values())
    for entry in (*TAGS, *SPACE_GROUPS):
        own = known(entry)["input_ids"]
        assert pieces[extended.convert_tokens_to_ids(entry)] != own
    assert set(SELFIES_SYMBOLS) <= set(extended.get_vocab())


def test_the_same_tokenizer_changes_nothing(base: Path) -> None:
    import torch

    known, model = load_tokenizer(base), load_model(base)
    assert extend_embeddings(model, known, known, seed=0) == {}
    for old, new in zip(matrices(load_model(base)), matrices(model), strict=True):
        assert torch.equal(old, new)


def test_half_precision_keeps_old_rows(base: Path, extended: Any) -> None:
    import torch

    shape = ModelConfig(base=str(base), dtype="bfloat16")
    model, used = new_model(shape, extended, seed=0), len(load_tokenizer(base))
    old = matrices(load_model(base, "bfloat16"))[0][:used]
    assert matrices(model)[0].dtype == torch.bfloat16
    assert torch.equal(matrices(model)[0][:used], old)


def test_another_models_tokenizer_is_refused(base: Path, tokenizer: Any) -> None:
    with pytest.raises(ArtifactError, match="does not extend"):
        new_model(ModelConfig(base=str(base)), tokenizer, seed=0)


def test_a_model_that_lacks_rows_is_refused(base: Path, extended: Any) -> None:
    model = load_model(base)
    model.resize_token_embeddings(100, mean_resizing=False)
    with pytest.raises(ArtifactError, match="do not belong together"):
        extend_embeddings(model, load_tokenizer(base), extended, seed=0)


def test_the_stages_extend_and_fill_by_themselves(qwen: Path, tmp_path: Path) -> None:
    """As recipes 1.7b and 8b: the tokenizer stage extends, the pretraining stage fills."""
    import torch

    from scireasoner import stages
    from scireasoner.artifacts import write_jsonl
    from scireasoner.corpus.build import DOCUMENTS
    from scireasoner.run import Run

    start = base_model(qwen, True, tmp_path / "base")
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(
        f'[model]\nbase = "{start}"\n[pretrain]\nsequence_length = 32\n'
        "[pretrain.fit]\nsteps = 1\nbatch_tokens = 64\nlr = 0.0\n"
    )
    run = Run(load_recipe(recipe), tmp_path / "run")
    texts = [f"The formula of <SMILES>{'C' * n}O</SMILES> is a formula." for n in range(1, 40)]
    write_jsonl(run.path("corpus") / DOCUMENTS, ({"text": text} for text in texts))
    stages.tokenizer(run, run.path("tokenizer"))
    pretraining(run, run.path("pretrain"))
    model, known = load_model(run.path("pretrain") / "model"), load_tokenizer(start)
    made = load_tokenizer(run.path("pretrain") / "model")
    assert "<SMILES>" in made.tokenize(texts[0])
    # No step was taken (the rate is zero): what is saved is what the model started with.
    expected = load_model(start)
    extend_embeddings(expected, known, made, seed=0)
    assert torch.equal(matrices(model)[0], matrices(expected)[0])
