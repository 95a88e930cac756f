"""Two promises of both tokenizers: any text survives, and no token crosses an atom or a residue.

Where the units begin and end is asked of other programs: RDKit's atoms, the selfies package's
symbols, RDKit's periodic table.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scireasoner.corpus.piece_encoder import PieceEncoder
from scireasoner.corpus.tokenizer import build_tokenizer, extend_tokenizer, load_tokenizer
from scireasoner.notation import NOTATIONS, TAGS
from scireasoner.prompts.chat import END_OF_TEXT, TURN_END
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.tasks.registry import get
from scireasoner.types import Split

BOTH = ["small", "extended"]
WAYS = ["bare", "transformers", "saved"]


@pytest.fixture(scope="module")
def small(qwen_texts: Sequence[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocabulary with every merge that repeated notations could tempt it to."""
    out = tmp_path_factory.mktemp("small")
    tempting = [
        NOTATIONS[kind].wrap(text)
        for kind, text in {
            "smiles": "CC(=O)OCCN1CCCCC1CC(=O)O[Fe+2][Fe+2]",
            "selfies": "[C][C][=Branch1][C][=O][O]",
            "protein": "MKKLLLLAAAA",
            "dna": "ATATATGCGC",
            "rna": "AUAUGCGC",
            "material": "NaCl NaCl <sg225>",
            "formula": "C6H12O6",
        }.items()
    ]
    build_tokenizer([*qwen_texts, *tempting * 50], 800, out)
    return out


@pytest.fixture(scope="module")
def extended(qwen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("extended")
    extend_tokenizer(qwen, out)
    return out


@pytest.fixture(scope="module", params=[f"{name} {way}" for name in BOTH for way in WAYS])
def coder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Encode and decode: by tokenizers, by transformers, and by transformers after saving."""
    name, way = request.param.split()
    folder = request.getfixturevalue(name)
    if way == "bare":
        bare = load_tokenizer(folder)
        return (
            lambda text: bare.encode(text).ids,
            lambda ids: bare.decode(ids, skip_special_tokens=False),
        )
    transformers = pytest.importorskip("transformers")
    loaded = transformers.AutoTokenizer.from_pretrained(folder)
    if way == "saved":
        out = tmp_path_factory.mktemp("saved")
        loaded.save_pretrained(out)
        (out / "config.json").write_text('{"model_type": "qwen3"}')
        loaded = transformers.AutoTokenizer.from_pretrained(out)
    return lambda text: loaded(text).input_ids, loaded.decode


_FRAGMENTS = st.sampled_from(
    [
        *TAGS,
        *(THINK_OPEN, THINK_CLOSE, TURN_END, END_OF_TEXT, "<tool_call>"),
        *("[C@@H]", "[=Branch1]", "Cl", "<sg225>", "<sg999>", "<", "</", " ", "  ", "\n", "\r\n"),
        *("12", "%10", "->", " ,", " .", " n't", "e\u0301", "\u212b", "\ufb01", "\u1e9b\u0323"),
    ]
)
_ANY = st.lists(st.one_of(_FRAGMENTS, st.text(max_size=12)), max_size=20).map("".join)


@settings(max_examples=150, deadline=None)
@given(_ANY)
def test_any_text_survives(coder: Any, text: str) -> None:
    encode, decode = coder
    assert decode(encode(text)) == text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(set(NOTATIONS) - {"text"})), st.text(max_size=40))
def test_any_text_in_a_tag_survives_and_its_tags_are_tokens(
    coder: Any, kind: str, text: str
) -> None:
    encode, decode = coder
    notation = NOTATIONS[kind]
    whole = f"{notation.opening}{text}{notation.closing}"
    ids = encode(whole)
    assert decode(ids) == whole
    assert (decode(ids[:1]), decode(ids[-1:])) == (notation.opening, notation.closing)


@pytest.fixture(scope="module", params=BOTH)
def both(request: pytest.FixtureRequest) -> tuple[Callable[[str], list[int]], PieceEncoder]:
    """The tokenizer by itself, and with pieces from a table that has learnt nothing yet."""
    bare = load_tokenizer(request.getfixturevalue(request.param))
    return lambda text: bare.encode(text, add_special_tokens=False).ids, PieceEncoder(bare)


_SPANS = st.builds(
    lambda kind, text: f"{NOTATIONS[kind].opening}{text}{NOTATIONS[kind].closing}",
    st.sampled_from(sorted(set(NOTATIONS) - {"text"})),
    st.one_of(
        st.text("CNO=()[]H@+-12%10clBrn.>", max_size=20),
        st.text("ACGTUMKLWY ", max_size=20),
        st.text("methyl-2,3 but\n\x1f", max_size=20),
        _ANY,
    ),
)


_PROSE = st.lists(
    st.one_of(
        st.text("aeT 0\n\t'.-[]()<>%", max_size=8),
        st.sampled_from(["don't", " it's", " (p < 0.05)", " 5 \u00b5M", " \u03b2-sheet", "[CH3]"]),
        st.sampled_from(
            ["\r\n", " \n \n", "\u00b2", " caf\u00e9", "e\u0301t\u0301", "\u3000a b", "\x1c"]
        ),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.lists(st.one_of(_SPANS, _ANY, _PROSE), max_size=6).map("".join), max_size=4))
def test_pieces_from_a_table_have_the_ids_of_the_tokenizer(
    both: tuple[Callable[[str], list[int]], PieceEncoder], texts: list[str]
) -> None:
    encode, encoder = both
    assert encoder.encode(texts) == [encode(text) for text in texts]


def test_a_foreign_tokenizer_is_left_to_itself(qwen: Path) -> None:
    bare = load_tokenizer(qwen)
    texts = ["<SMILES>CCO</SMILES> and <dna>ATGC</dna>", "", "plain"]
    assert PieceEncoder(bare).encode(texts) == [bare.encode(text).ids for text in texts]


@pytest.fixture(scope="module", params=BOTH)
def offsets(request: pytest.FixtureRequest) -> Callable[[str], set[int]]:
    """Where tokens begin in a text."""
    bare = load_tokenizer(request.getfixturevalue(request.param))
    return lambda text: {start for start, _ in bare.encode(text).offsets}


def crossed(offsets: Callable[[str], set[int]], kind: str, units: Sequence[str]) -> list[str]:
    """Return the units at whose start no token starts."""
    notation = NOTATIONS[kind]
    starts = offsets(notation.wrap("".join(units)))
    at, missed = len(notation.opening), []
    for unit in units:
        missed += [unit] if at not in starts else []
        at += len(unit)
    return missed


def atoms(smiles: str) -> list[str]:
    """Cut a SMILES at RDKit's atoms; whatever stands between two atoms is cut in characters."""
    from rdkit import Chem

    units: list[str] = []
    at = 0
    for atom in Chem.MolFromSmiles(smiles, sanitize=False).GetAtoms():
        while not (smiles[at].isalpha() or smiles[at] in "[*"):
            ring = 3 if smiles[at] == "%" else 1
            units.append(smiles[at : at + ring])
            at += ring
        symbol = atom.GetSymbol()
        end = smiles.index("]", at) + 1 if smiles[at] == "[" else at + len(symbol)
        assert symbol.lower() in smiles[at:end].lower()
        units.append(smiles[at:end])
        at = end
    return [*units, *smiles[at:]]


def elements(text: str) -> list[str]:
    """Cut a formula at the symbols of RDKit's periodic table."""
    from rdkit.Chem import GetPeriodicTable

    pieces = re.findall(r"<sg\d+>|->|[A-Z][a-z]?|[\s\S]", text)
    for piece in pieces:
        if piece[0].isalpha():
            assert GetPeriodicTable().GetAtomicNumber(piece) > 0
    return pieces


def symbols(smiles: str) -> list[str]:
    import selfies

    return list(selfies.split_selfies(selfies.encoder(smiles, strict=False)))


def codons(dna: str) -> list[str]:
    """Cut off three bases where three are known, else one letter."""
    units = []
    while dna:
        size = 3 if len(dna) >= 3 and set(dna[:3]) <= set("ACGT") else 1
        units.append(dna[:size])
        dna = dna[size:]
    return units


CUTS: dict[str, Callable[[str], list[str]]] = {
    "smiles": atoms, "formula": elements, "material": elements, "equation": elements,
    "protein": list, "dna": codons, "rna": list, "sirna": list,
}  # fmt: skip


def rows(task: str, name: str) -> list[str]:
    return [row.inputs[name] for row in get(task).samples(Split.TRAIN)]


@pytest.mark.parametrize(
    ("kind", "task", "name"),
    [
        ("smiles", "smiles_to_formula", "smiles"),
        ("protein", "protein_charge", "protein"),
        ("dna", "dna_to_protein", "dna"),
        ("rna", "rna_folding_energy", "rna"),
        ("formula", "inorganic_density", "formula"),
        ("equation", "balance_reaction", "equation"),
        ("material", "composition", "elements"),
    ],
)
def test_no_token_crosses_a_unit_of_embedded_rows(
    offsets: Any, kind: str, task: str, name: str, data_root: Path
) -> None:
    texts = rows(task, name)
    assert len(texts) > 20
    for text in texts:
        units = CUTS[kind](text)
        assert "".join(units) == text
        assert crossed(offsets, kind, units) == []


HARD = [
    "C[C@@](F)(Cl)[C@H](Br)/C=C/[Si](C)(C)C", "[Fe+2].[O-]S(=O)(=O)[O-]", "c1cc2[nH]ccc2cc1[N+](=O)[O-]",
    "[13CH3][2H]", "C%10CCCCC%10", "[se]1cccc1", "B(O)(O)c1ccc(Cl)cc1", "ClC1=CC=C(Br)C=C1", "[Na+].[Cl-]",
    "*CCO*", "OC(=O)c1ccccc1OC(C)=O", "[OH:1][CH2:2]C", "N#CC1=C(S)N=C(SC)S1", "[Sc+3]", "Cn1cnc2c1Cc1cocc1C2",
]  # fmt: skip


@pytest.mark.parametrize("smiles", HARD)
def test_no_token_crosses_an_atom_that_is_hard_to_tell(offsets: Any, smiles: str) -> None:
    assert crossed(offsets, "smiles", atoms(smiles)) == []


def test_no_token_crosses_a_symbol_of_selfies(offsets: Any, data_root: Path) -> None:
    known = [s for s in HARD if "*" not in s] + rows("smiles_to_formula", "smiles")
    for smiles in known:
        assert crossed(offsets, "selfies", symbols(smiles)) == []


def test_the_check_sees_what_crosses(qwen: Path) -> None:
    bare = load_tokenizer(qwen)
    learned = {start for start, _ in bare.encode("<protein>compound</protein>").offsets}
    assert crossed(lambda _: learned, "protein", list("compound")) != []


REAL = {
    "smiles": ("chemistry/smiles_corpus/chembl.csv.gz", "smiles"),
    "protein": ("bio/protein_solubility/data.jsonl.gz", "sequence"),
    "dna": ("bio/dna_corpus/data.jsonl.gz", "sequence"),
    "rna": ("bio/ncrna_family/data.jsonl.gz", "sequence"),
    "sirna": ("bio/ncrna_family/data.jsonl.gz", "sequence"),
    "material": ("materials/mp20_structures/data.jsonl.gz", "formula"),
    "formula": ("chemistry/opsin_names/opsin_names.csv.gz", "formula"),
}


@pytest.mark.data
@pytest.mark.parametrize("kind", sorted(REAL))
def test_no_token_crosses_a_unit_of_real_rows(offsets: Any, kind: str, shared_data: Path) -> None:
    import pandas as pd

    file, column = REAL[kind]
    read = pd.read_json if "jsonl" in file else pd.read_csv
    how = {"lines": True} if "jsonl" in file else {}
    table = read(shared_data / file, nrows=4000, **how)
    texts = random.Random(0).sample(sorted({t for t in table[column] if isinstance(t, str)}), 200)
    for text in texts:
        assert crossed(offsets, kind, CUTS[kind](text)) == []
        if kind == "smiles":
            assert crossed(offsets, "selfies", symbols(text)) == []


@pytest.mark.parametrize("number", ["427.6", "-3.14", "1,234,567", "6.02e23", "1899", "٣٤", "x²³"])
@pytest.mark.parametrize("around", ["{}", "is {} K", "<NUMBER>{}</NUMBER>", "({})", "C{}", "<x>{}"])
def test_every_digit_is_a_token_of_its_own(offsets: Any, number: str, around: str) -> None:
    text = around.replace("{}", number)
    starts = offsets(text)
    digits = [at for at, character in enumerate(text) if character.isdigit()]
    assert set(digits) <= starts
    assert {at + 1 for at in digits} <= starts | {len(text)}
