"""LLM4Mat against LLM4Mat.py of dave1362/SciReason@efe16a1 and open-compass/opencompass@a5acc4b."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published.base import Evaluator, Item
from scireasoner.published.llm4mat import LABELS, llm4mat, read

PROPERTIES = (
    "formation_energy_per_atom",
    "is_stable",
    "Direct_or_indirect",
    "n-Seebeck",
    "lcd",
    "SOC",
)


@pytest.mark.parametrize("upstream", [False, True], ids=["paper", "upstream"])
@pytest.mark.parametrize("name", PROPERTIES)
def test_numbers_are_the_released_ones(
    name: str, upstream: bool, reproduces: Callable[[str, str, Evaluator], int]
) -> None:
    evaluator = llm4mat(name, upstream)
    assert reproduces("llm4mat", evaluator.name, evaluator) >= 4


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("{lcd : 4.5}", "lcd", 4.5),
        ('```json\n{"lcd": 4.5}\n```', "lcd", 4.5),
        ('{"lcd": "4.5"}', "lcd", "4.5"),
        ('{"lcd": true}', "lcd", 1.0),
        ("{lcd : 4.5 A}", "lcd", ""),
        ("4.5", "lcd", ""),
        ("{lcd : 4.5, pld : 1}", "lcd", ""),
        ("{pld : 1, LCD : 4.5}", "lcd", 4.5),
        ("{indirect_band_gap : 1.5}", "band_gap", 1.5),  # a longer key will do
        ("{lcd : 1 lcd : 2}", "lcd", 2.0),
        ("{lcd : {4.5}}", "lcd", ""),
        (f"{THINK_OPEN}{{lcd : 1}}{THINK_CLOSE}{{lcd : 2}}", "lcd", 2.0),
        (f"{THINK_OPEN}{{lcd : 1}}", "lcd", ""),
        (f"{THINK_CLOSE}{THINK_OPEN}{{lcd : 1}}", "lcd", 1.0),
        ("{SOC : TRUE}", "SOC", "True"),
        ("{SOC : maybe}", "SOC", ""),
        ('{"SOC": false}', "SOC", 0.0),
        ("{Direct_or_indirect : direct}", "Direct_or_indirect", "Direct"),
    ],
)
def test_values_are_read_as_released(text: str, name: str, value: float | str) -> None:
    assert read(text, name) == value


@pytest.mark.parametrize(
    ("text", "name", "paper", "upstream"),
    [
        ("{'lcd' : 4.5}", "lcd", "", 4.5),
        ("{lcd : '4.5'}", "lcd", "", 4.5),
        ("{SOC : yes}", "SOC", "", "True"),
        ("{SOC : 'No'}", "SOC", "", "False"),
    ],
)
def test_upstream_reads_more(
    text: str, name: str, paper: float | str, upstream: float | str
) -> None:
    assert (read(text, name), read(text, name, upstream=True)) == (paper, upstream)


def items(*pairs: tuple[str, str], name: str = "lcd") -> list[Item]:
    return [Item((f"{{{name} : {said}}}",), f"{{{name} : {gold}}}") for said, gold in pairs]


def test_unanswered_items_are_left_out_of_both_deviations() -> None:
    easy = [("1.5", "1"), ("8.5", "9")]
    alone = llm4mat("lcd")(items(*easy))
    assert alone["MAD/MAE"] == pytest.approx(4 / 0.5)
    assert llm4mat("lcd")(items(*easy, ("?", "5"), ("nan", "5")))["MAD/MAE"] == alone["MAD/MAE"]


@pytest.mark.parametrize(
    ("pairs", "area"),
    [
        ([("True", "True"), ("False", "False")], 1.0),
        ([("True", "True"), ("True", "False")], 0.5),
        ([("?", "True"), ("False", "False"), ("True", "True")], 1.0),
        ([("True", "True")], None),
        ([("?", "True"), ("?", "False")], None),
    ],
)
def test_area_of_labels(pairs: list[tuple[str, str]], area: float | None) -> None:
    assert llm4mat("SOC")(items(*pairs, name="SOC"))["AUC"] == area


def test_the_headline_follows_the_property() -> None:
    assert {llm4mat(name).headline for name in LABELS} == {"AUC"}
    assert llm4mat("lcd").headline == "MAD/MAE"
    assert llm4mat("lcd")([]) == {"AUC": None}


@pytest.mark.parametrize(
    "text", ["{" * 40_000, "{lcd : " * 20_000, "`" * 40_000, "```" + " \n" * 20_000]
)
def test_long_answers_are_read_at_once(text: str) -> None:
    assert read(text, "lcd") == ""
