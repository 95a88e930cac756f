from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scireasoner.corpus.tokenizer import build_tokenizer, extend_tokenizer, load_tokenizer
from scireasoner.errors import ArtifactError, InputError
from scireasoner.notation import NOTATIONS, TAGS
from scireasoner.notation.rules import ELEMENTS, SPACE_GROUPS
from scireasoner.prompts.chat import END_OF_TEXT, TURN_END, TURN_START
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN

TEXTS = [
    "What is the formula of <SMILES>CC(=O)Oc1ccccc1C(=O)O</SMILES>?",
    "Answer with the formula in <MOLFORMULA></MOLFORMULA> tags.",
    "The compound <IUPAC>2-acetyloxybenzoic acid</IUPAC> is a drug of the year 1899.",
    "<material>Na Cl <sg225></material> is a salt; <SMILES>N[C@@H](C)C(=O)[O-]</SMILES> is not.",
    "<protein>MKVLAAGIVGLLLAQWERTYIPASDFGHKLCVNM</protein> and <rna>GGGAAACCC</rna>",
] * 20

PROSE_SAMPLES = [
    "The compound is a drug; it's 42.5 % of 1,000.",
    " \n\n\t  mixed\r\nspace  ",
    "NaCl -> Na+ + Cl- [see note] (the answer)",
    "日本語 Größe \U0001f9ea e\u0301 \u200d \u0000 \uffff",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tokenizer")
    build_tokenizer(TEXTS, 700, out)
    return out


@pytest.fixture(scope="module")
def extended(qwen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("extended")
    extend_tokenizer(qwen, out)
    return out


@pytest.fixture(scope="module", params=["folder", "extended"])
def tokenizer(request: pytest.FixtureRequest) -> Any:
    return load_tokenizer(request.getfixturevalue(request.param))


@pytest.mark.parametrize("tag", [*TAGS, THINK_OPEN, THINK_CLOSE, END_OF_TEXT, TURN_START, TURN_END])
@pytest.mark.parametrize("around", ["{}", "in {} tags", ".{}.", "\n{}\n", "{}{}", "<{}>", "a{}b"])
def test_a_tag_is_one_token_everywhere(tokenizer: Any, tag: str, around: str) -> None:
    encoded = tokenizer.encode(around.replace("{}", tag))
    assert encoded.tokens.count(tag) == around.count("{}")


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        (
            "smiles",
            [*"BCNOPSFIbcnops*", "Cl", "Br", *"()=#-/\\.:1234567890", "[C@@H]", "[nH]", "[O-]"],
        ),
        ("formula", [*ELEMENTS, *"0123456789"]),
        ("equation", [*ELEMENTS, "->", "+", "="]),
        ("material", ["Na", "Cl", "<sg225>"]),
        ("protein", [*"ACDEFGHIKLMNPQRSTVWY"]),
        ("dna", ["ACG", "TTT", "N", "A", "N"]),
        ("rna", [*"ACGUT"]),
        ("structure", [*"(.)<>"]),
        ("number", [*"-0123456789.e+"]),
    ],
)
def test_atoms_residues_bases_and_digits_are_one_token_and_never_merge(
    tokenizer: Any, name: str, pieces: list[str]
) -> None:
    notation = NOTATIONS[name]
    joined = pieces * 3 if name != "formula" else [p for piece in pieces for p in (piece, "1")]
    if name == "equation":  # "C" before "O" reads as two elements, but "C" before "o" would not
        joined = [p for piece in pieces for p in (piece, ".")]
    expected = [notation.opening, *joined, notation.closing]
    assert tokenizer.encode(notation.wrap("".join(joined))).tokens == expected


@pytest.mark.parametrize(
    "text", [*TEXTS[:5], *PROSE_SAMPLES, "<SMILES>" * 3, "<SMILES>日本</SMILES>"]
)
def test_round_trip(folder: Path, text: str) -> None:
    tokenizer = load_tokenizer(folder)
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


_FRAGMENTS = st.sampled_from(
    [
        *TAGS,
        THINK_OPEN,
        THINK_CLOSE,
        TURN_END,
        "[C@@H]",
        "Cl",
        "<sg225>",
        "<",
        "</",
        " ",
        "\n",
        "12",
        "%10",
        "->",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_FRAGMENTS, st.text(max_size=12)), max_size=20).map("".join))
def test_round_trip_of_any_text(folder: Path, text: str) -> None:
    tokenizer = _cached(folder)
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


_LOADED: dict[Path, Any] = {}


def _cached(folder: Path) -> Any:
    return _LOADED.setdefault(folder, load_tokenizer(folder))


def test_decoding_keeps_science_and_think_tags_and_drops_turns(tokenizer: Any) -> None:
    text = f"{THINK_OPEN}\nhm\n{THINK_CLOSE}\n\n<SMILES>CCO</SMILES>"
    ids = tokenizer.encode(f"{TURN_START}{text}{TURN_END}").ids
    assert tokenizer.decode(ids, skip_special_tokens=True) == text


def test_transformers_loads_it_with_no_code_of_ours(folder: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    # Beside a model, transformers chooses by its type: it must not take its own class of Qwen.
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "qwen3"}))
    bare = load_tokenizer(folder)
    for loader in (transformers.AutoTokenizer, transformers.PreTrainedTokenizerFast):
        loaded = loader.from_pretrained(tmp_path)
        for text in (*TEXTS[:5], *PROSE_SAMPLES):
            assert loaded(text).input_ids == bare.encode(text).ids
        assert loaded.bos_token is None
        assert (loaded.eos_token, loaded.pad_token) == (TURN_END, END_OF_TEXT)
        rendered = loaded.apply_chat_template(
            [{"role": "user", "content": "Hi"}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,
        )
        assert rendered == (
            f"{TURN_START}user\nHi{TURN_END}\n{TURN_START}assistant\n{THINK_OPEN}\n\n{THINK_CLOSE}\n\n"
        )


def test_saving_by_transformers_changes_nothing(folder: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    transformers.AutoTokenizer.from_pretrained(folder).save_pretrained(tmp_path)
    again = transformers.AutoTokenizer.from_pretrained(tmp_path)
    assert [again(t).input_ids for t in TEXTS[:5]] == [
        load_tokenizer(folder).encode(t).ids for t in TEXTS[:5]
    ]


def test_same_texts_give_the_same_file(folder: Path, tmp_path: Path) -> None:
    build_tokenizer(iter(TEXTS), 700, tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_merges_are_spent_on_prose_only(folder: Path) -> None:
    tokenizer = load_tokenizer(folder)
    assert tokenizer.encode(" compound formula").tokens == ["Ġcompound", "Ġformula"]
    partial = {tag[:n] for tag in TAGS for n in range(3, len(tag))}
    assert not partial & set(tokenizer.get_vocab())


def test_only_space_groups_that_occur_take_room(folder: Path) -> None:
    assert [g for g in SPACE_GROUPS if g in load_tokenizer(folder).get_vocab()] == ["<sg225>"]


@pytest.mark.parametrize("size", [-5, 0, 300])
def test_too_small_a_vocabulary_is_refused(size: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too small"):
        build_tokenizer(TEXTS, size, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [490, 500, 540])
def test_vocabulary_has_the_size_asked_for(size: int, tmp_path: Path) -> None:
    build_tokenizer(TEXTS, size, tmp_path)
    ids = load_tokenizer(tmp_path).get_vocab(with_added_tokens=True)
    assert len(ids) == size
    assert sorted(ids.values()) == list(range(size))


def test_extension_keeps_ids_and_prose(qwen: Path, extended: Path) -> None:
    before, after = load_tokenizer(qwen), load_tokenizer(extended)
    old = before.get_vocab(with_added_tokens=True)
    new = after.get_vocab(with_added_tokens=True)
    assert old.items() <= new.items()
    assert {new[tag] for tag in TAGS}.isdisjoint(old.values())
    for text in (*PROSE_SAMPLES, f"{TURN_START}user\n{THINK_OPEN}<tool_call>{TURN_END}"):
        normal = unicodedata.normalize("NFC", text)  # as the base normalises before it cuts
        assert after.encode(normal).ids == before.encode(text).ids


def test_extension_leaves_the_base_and_loads_in_transformers(qwen: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    before = (qwen / "tokenizer.json").read_bytes()
    used = extend_tokenizer(qwen, tmp_path)
    assert (qwen / "tokenizer.json").read_bytes() == before
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "qwen3"}))
    loaded = transformers.AutoTokenizer.from_pretrained(tmp_path)
    bare = load_tokenizer(tmp_path)
    assert len(loaded) == used == 1 + max(bare.get_vocab(with_added_tokens=True).values())
    assert loaded.chat_template == "their own"
    for text in (*TEXTS[:5], *PROSE_SAMPLES, f"{THINK_OPEN}<material>Fe <sg1></material>"):
        assert loaded(text).input_ids == bare.encode(text).ids


@pytest.mark.parametrize(
    "broken",
    [{"type": "WordPiece"}, {"type": "BPE", "vocab": {}}],
)
def test_another_kind_of_tokenizer_is_refused(broken: dict[str, Any], tmp_path: Path) -> None:
    spec = {"model": broken, "pre_tokenizer": {"type": "Whitespace"}, "added_tokens": []}
    (tmp_path / "tokenizer.json").write_text(json.dumps(spec))
    (tmp_path / "tokenizer_config.json").write_text("{}")
    with pytest.raises(ArtifactError, match="Qwen"):
        extend_tokenizer(tmp_path, tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "said"), [(None, "missing"), ("{", "not valid"), ("[]", "not a tok")]
)
def test_a_broken_tokenizer_is_named(content: str | None, said: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(ArtifactError, match=said):
        load_tokenizer(tmp_path)
