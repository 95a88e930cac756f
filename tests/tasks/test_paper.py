"""The paper's rows: counts, transcription, and how a row follows from its tasks."""

from __future__ import annotations

from collections import Counter

import pytest

from scireasoner.errors import TaskError
from scireasoner.tasks import get, paper
from scireasoner.tasks.paper import PaperRow, combine, paper_rows
from scireasoner.types import Family

ROWS = {row.id: row for row in paper_rows()}

# Test sizes that the paper prints for the rows that sum up LLM4Mat-Bench.
PRINTED_SIZES = {
    "mp_regression": 82_241,
    "mp_classification": 20_575,
    "snumat_regression": 4_152,
    "snumat_classification": 4_152,
    "jarvis_dft": 54_647,
    "jarvis_qetb": 249_596,
    "gnome": 216_455,
    "hmof": 92_925,
    "cantor_hea": 33_608,
    "qmof": 3_064,
    "oqmd": 192_799,
    "omdb": 1_213,
}


def test_103_rows_by_family() -> None:
    assert len(ROWS) == 103
    assert Counter(row.family for row in ROWS.values()) == {
        Family.TRANSLATION: 10,
        Family.EXTRACTION: 6,
        Family.PREDICTION: 22,
        Family.CLASSIFICATION: 49,
        Family.GENERATION: 16,
    }


def test_rows_are_read_once_in_the_order_of_the_tables() -> None:
    tables = [row.table for row in paper_rows()]
    assert paper_rows() is paper_rows()
    assert tables == sorted(tables)
    assert set(tables) == {3, 4, 5, 6, 7, 8}


@pytest.mark.parametrize(
    ("row", "field", "printed"),
    [
        ("smiles_to_iupac", "scireasoner_8b", 56.63),
        ("esol", "scireasoner_1_7b", 1.21),
        ("esol", "direction", "lower"),
        ("mp_regression", "non_llm_expert_name", "MatBERT-109M"),
        ("jarvis_qetb", "scireasoner_1_7b_1k", 148.71),
        ("open_question", "non_llm_expert", None),
        ("molecular_description", "scireasoner_8b_1k", None),
        ("gnome", "best_general", 1.28),
        ("uncond_rna", "scireasoner_8b", -200.14),
        ("uncond_protein", "specialist_llm", None),
        ("composition_to_material", "best_general", None),
        ("ec_price_149", "best_general", 0.0),
    ],
)
def test_numbers_as_printed(row: str, field: str, printed: object) -> None:
    assert getattr(ROWS[row], field) == printed


def test_every_row_has_both_models_and_a_known_direction() -> None:
    for row in ROWS.values():
        assert row.scireasoner_8b is not None, row.id
        assert row.scireasoner_1_7b is not None, row.id
        assert row.direction in {"higher", "lower"}, row.id
        assert (row.scireasoner_8b_1k is None) == (row.scireasoner_1_7b_1k is None), row.id


def first_or_second(row: PaperRow) -> tuple[bool, bool]:
    """Return whether the better of the paper's two sizes is first, or first or second."""
    rivals = [row.specialist_llm, row.non_llm_expert, row.best_general]
    ours = [row.scireasoner_8b, row.scireasoner_1_7b]
    sign = 1 if row.direction == "higher" else -1
    best = max(sign * value for value in ours if value is not None)
    ahead = sum(sign * value > best for value in rivals if value is not None)
    return ahead == 0, ahead <= 1


def test_the_numbers_give_the_papers_own_count() -> None:
    # The paper states 54 first places and 101 first or second ones.
    places = [first_or_second(row) for row in ROWS.values()]
    assert sum(first for first, _ in places) == 54
    assert sum(second for _, second in places) == 101


def test_tf_mouse_is_one_task_in_five_rows() -> None:
    mouse = [row for row in ROWS.values() if row.subtask]
    assert [row.subtask for row in mouse] == [f"tf-m-{part}" for part in range(5)]
    assert {row.tasks for row in mouse} == {("bio_tf_binding_mouse",)}
    assert mouse[3].leaves == ("bio_tf_binding_mouse/tf-m-3",)


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.id)
def test_the_tasks_of_a_row_exist(row: PaperRow) -> None:
    for task in row.tasks:
        try:
            assert get(task).family == row.family
        except TaskError:
            pytest.fail(f"{task} is not registered")


@pytest.mark.parametrize(("row", "printed"), PRINTED_SIZES.items())
def test_the_sizes_of_the_tasks_sum_up_to_the_printed_one(row: str, printed: int) -> None:
    releases = [get(task).release for task in ROWS[row].tasks]
    assert sum(release.test_size or 0 for release in releases if release) == printed


@pytest.mark.parametrize(
    ("row", "values", "expected"),
    [
        # 2076 rows of one task count twice the 1038 of the others.
        ("snumat_classification", (1.0, 0.5, 0.5), (2 * 1.0 + 0.5 + 0.5) / 4),
        ("oqmd", (3.0, 5.0), (3.0 * 96_358 + 5.0 * 96_441) / 192_799),
        ("omdb", (1.39,), 1.39),
        ("esol", (0.8,), 0.8),
        # Printed on another scale than the released evaluator's.
        ("forward_synthesis", (75.0,), 0.75),
        ("protein_function", (97.0,), 0.97),
        ("physicochemical", (2.0,), 0.002),
    ],
)
def test_rows_are_means_weighted_by_size(
    row: str, values: tuple[float, ...], expected: float
) -> None:
    found = combine(ROWS[row], dict(zip(ROWS[row].leaves, values, strict=True)))
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_missing_task_gives_no_row() -> None:
    row = ROWS["oqmd"]
    assert combine(row, {row.tasks[0]: 3.0}) is None
    assert combine(row, {}) is None


def test_a_sub_set_is_not_the_whole_task() -> None:
    row = ROWS["tf_mouse_0"]
    assert combine(row, {"bio_tf_binding_mouse": 40.0}) is None
    assert combine(row, {"bio_tf_binding_mouse/tf-m-0": 43.5}) == 43.5


def test_a_task_without_a_size_cannot_be_weighted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nameless:
        release = None

    monkeypatch.setattr(paper, "get", lambda name: Nameless())
    assert combine(ROWS["oqmd"], dict.fromkeys(ROWS["oqmd"].tasks, 1.0)) is None
