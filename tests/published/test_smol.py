"""SMolInstruct against LLM4Chem/{evaluator,utils/metrics}.py of dave1362/SciReason@efe16a1."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published import smol, smol_values
from scireasoner.published.base import Evaluator, Item

EVALUATORS = {
    "smol smiles": smol.SMOL_SMILES,
    "smol smiles one answer": smol.SMOL_SMILES,
    "smol retrosynthesis": smol.SMOL_RETROSYNTHESIS,
    "smol formula": smol.SMOL_FORMULA,
    "smol iupac": smol.SMOL_IUPAC,
    "smol number": smol_values.SMOL_NUMBER,
    "smol boolean": smol_values.SMOL_BOOLEAN,
}


@pytest.mark.parametrize("name", EVALUATORS)
def test_numbers_are_the_released_ones(
    name: str, reproduces: Callable[[str, str, Evaluator], int]
) -> None:
    assert reproduces("smol", name, EVALUATORS[name]) >= 8


def smiles(text: str) -> str:
    return f"<SMILES> {text} </SMILES>"


def structures(answer: str, gold: str) -> Item:
    return Item((smiles(answer),), smiles(gold))


@pytest.mark.parametrize(
    ("answer", "gold", "match"),
    [
        ("OCC", "CCO", True),
        ("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", False),
        ("CCO.CCO", "CCO", True),  # a set of fragments
        ("O;CCO", "CCO.O", True),
        ("[13CH3]O", "CO", True),  # isotopes are lost
        ("[CH3]", "C", True),  # radicals gain hydrogen
        ("nonsense", "gibberish", True),  # all that cannot be read is alike
        ("CCO.", "CCO", False),
        ("", "CCO", False),
    ],
)
def test_structures_match_as_sets_of_inchis(answer: str, gold: str, match: bool) -> None:
    # A gold that cannot be read stops the released code only beside an answer that can.
    found = smol.SMOL_SMILES([structures(answer, gold)])
    assert found["top1_exact_match"] == (100.0 if match else 0.0)


def test_an_unreadable_answer_is_not_counted_as_invalid() -> None:
    found = smol.SMOL_SMILES([structures("C1CC", "CCO"), structures("CC..O", "CCO")])
    assert (found["num_t1_invalid"], found["num_t1_no_answer"]) == (1, 0)
    assert found["t1_maccs_fps"] is None


def test_the_subset_is_the_intersection() -> None:
    found = smol.SMOL_RETROSYNTHESIS([structures("CCO.CCN", "CCO.CCCl")])
    assert (found["num_t1_subset"], found["num_t1_intersection"]) == (1, 1)
    assert found["top1_exact_match"] == 0


def test_later_answers_count_from_their_rank_on() -> None:
    item = Item(("nothing", smiles("OCC"), smiles("CCO")), smiles("CCO"))
    found = smol.SMOL_SMILES([item])
    assert [found[f"num_t{k}_exact_match"] for k in (1, 2, 3)] == [0, 1, 1]
    assert [found[f"num_t{k}_no_answer"] for k in (1, 2, 3)] == [1, 0, 0]
    assert "top5_exact_match" not in found


@pytest.mark.parametrize(
    "items",
    [
        [],
        [structures("CCO", "")],
        [structures("CCO", "C1CC")],
        [structures("CCO", "CCO"), Item((smiles("CCO"),) * 2, smiles("CCO"))],
    ],
    ids=["nothing", "no gold", "unreadable gold", "uneven numbers of answers"],
)
def test_where_the_released_code_stops_there_is_no_number(items: list[Item]) -> None:
    assert smol.SMOL_SMILES(items) == {"top1_exact_match": None}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("C2H6O", {"C": 2, "H": 6, "O": 1}),
        ("CH3CH2OH", {"C": 2, "H": 6, "O": 1}),
        ("C6H6zzz", {"C": 6, "H": 6}),
        ("SO4-2", {"S": 1, "O": 4, "-": 2}),
        ("NH4+", {"N": 1, "H": 4, "+": 1}),
        ("c6h6", {}),
    ],
)
def test_formula_reads_the_leading_atoms(text: str, counts: dict[str, int]) -> None:
    assert smol.formula_counts(text) == counts


@pytest.mark.parametrize(
    "text", ["Fe(CN)6", "2H2O", "", "C6H6·H2O", "C" * 2_000, "C" + "9" * 5_000]
)
def test_formula_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        smol.formula_counts(text)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("<NUMBER> -1.5 </NUMBER>", -1.5),
        ("-1.5 at pH 7.4", 7.4),  # the last number counts
        ("-1.5 for <SMILES>C1CC1</SMILES>", -1.5),
        (f"{THINK_OPEN}9{THINK_CLOSE}-1.5", -1.5),
        (f"-1.5{THINK_OPEN}9", 9.0),  # an open thought is read
        ("1e-3", -3.0),
    ],
)
def test_numbers_are_read_as_released(answer: str, value: float) -> None:
    found = smol_values.SMOL_NUMBER([Item((answer,), "<NUMBER> 0 </NUMBER>")])
    assert found["RMSE"] == pytest.approx(abs(value))


def test_the_error_is_over_the_numbers_alone() -> None:
    right = Item(("<NUMBER> 1 </NUMBER>",), "<NUMBER> 1 </NUMBER>")
    silent = Item(("no idea",), "<NUMBER> 5 </NUMBER>")
    assert smol_values.SMOL_NUMBER([right, *[silent] * 99])["RMSE"] == 0
    assert smol_values.SMOL_NUMBER([silent])["RMSE"] is None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("<BOOLEAN> Yes </BOOLEAN>", 1),
        ("<BOOLEAN> True </BOOLEAN>", "invalid"),
        ("It is true", 1),
        ("Yes, no doubt", 0),  # the last word counts
        ("Unclear", "no_answer"),
    ],
)
def test_yes_and_no_are_read_as_released(answer: str, code: int | str) -> None:
    row = smol_values.SMOL_BOOLEAN.row(Item((answer,), "<BOOLEAN> Yes </BOOLEAN>"))
    assert row[0 if isinstance(code, str) else 2] == code


def test_one_class_of_golds_loses_all_numbers() -> None:
    item = Item(("<BOOLEAN> Yes </BOOLEAN>",), "<BOOLEAN> Yes </BOOLEAN>")
    assert smol_values.SMOL_BOOLEAN([item, item]) == {"accuracy": None}
