"""Scores on the command line: stored predictions, the paper's rows, the gallery."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scireasoner import cli
from scireasoner.measuring import Measured
from scireasoner.scorecard import paper_table
from scireasoner.serving.gallery import pages
from scireasoner.tasks import all_tasks
from scireasoner.tasks.paper import paper_rows
from scireasoner.types import Estimate

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "reference" / "tasks"


def opencompass(folder: Path, name: str, rows: list[tuple[str, str]]) -> None:
    entries = {
        str(n): {"origin_prompt": "?", "prediction": made, "gold": gold}
        for n, (made, gold) in enumerate(rows)
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(entries))


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    """An OpenCompass folder: two GUE sets and one SMolInstruct task."""
    folder = tmp_path / "my-model"
    gold = "Yes. The prediction result is {}."
    for name in ("tf-h-0", "SciReasoner-Gue_tf-h-1"):
        rows = [("positive", "positive"), ("The result is negative.", "negative")] * 4
        opencompass(folder, name, [(made, gold.format(label)) for made, label in rows])
    formulas = [("C2H6O", "C2H6O"), ("no idea", "CH4"), ("<MOLFORMULA>CH4</MOLFORMULA>", "CH4")]
    opencompass(folder, "smol_name_conversion-s2f", formulas)
    return folder


def test_an_opencompass_folder_is_scored_twice(
    answered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "scores.json"
    assert cli.main(["score", str(answered), "--out", str(out), "--paper"]) == 0
    shown = capsys.readouterr().out
    scores: dict[str, Any] = json.loads(out.read_text())["scores"]
    assert set(scores) == {"gue_tf_human_0", "gue_tf_human_1", "smol_smiles_to_formula"}
    formula = scores["smol_smiles_to_formula"]
    assert formula["estimates"]["accuracy"]["value"] == pytest.approx(2 / 3)
    assert formula["published"]["top1_ele_match"] == pytest.approx(66.67, abs=0.01)
    assert scores["gue_tf_human_0"]["published"]["matthews_correlation_all"] == pytest.approx(100)
    assert scores["gue_tf_human_0"]["estimates"]["Matthews correlation"]["value"] == 1.0
    for title in ("TF-Human0", "SMILES to Formula", "not comparable"):
        assert title in shown  # three rows are not the published test set


def test_a_damaged_file_is_scored_and_the_exit_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"task": "smol_smiles_to_formula", "id": "1", "prediction": "CH4", "gold": "CH4"}
    lines = [json.dumps({**row, "id": str(n)}) for n in range(5_000)]
    lines[4_710] = lines[4_710][:-7]
    path, faults = tmp_path / "p.jsonl", tmp_path / "faults.jsonl"
    path.write_text("\n".join(lines))
    assert cli.main(["score", str(path), "--faults", str(faults)]) == 3
    shown = capsys.readouterr().out
    assert "p.jsonl, line 4711: not JSON" in shown
    assert "4999" in shown
    assert faults.read_text() == ""


def measured(task: str, value: float, comparable: bool) -> Measured:
    estimate = Estimate(value, 10, 1.0, value, value)
    return Measured(task, "m", None, estimate, value, "key", comparable=comparable)


def cells(rows: list[Measured]) -> dict[str, tuple[str, str]]:
    table = paper_table(rows)
    columns = {str(column.header): list(column.cells) for column in table.columns}
    found = zip(columns["row"], columns["this model"], columns["test rows"], strict=True)
    return {str(row): (str(value), str(rests)) for row, value, rests in found}


def test_a_row_of_the_paper_needs_all_its_tasks_and_says_what_it_rests_on() -> None:
    gap, formation = ("mat_oqmd_band_gap", "mat_oqmd_formation_energy_per_atom")
    assert cells([measured(gap, 2.0, True)]) == {}
    both = [measured(gap, 2.0, True), measured(formation, 2.0, True)]
    assert cells(both) == {"OQMD": ("2", "published")}
    mixed = [measured(gap, 2.0, True), measured(formation, 2.0, False)]
    assert cells(mixed) == {"OQMD": ("2", "others: not comparable")}


def test_the_papers_rows_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["tasks", "--paper"]) == 0
    shown = capsys.readouterr().out
    assert "103 rows (10 + 6 + 22 + 49 + 16)" in shown
    for row in paper_rows():
        assert row.id in shown


def test_the_gallery_is_up_to_date() -> None:
    expected = pages(all_tasks())
    assert {path.name for path in GALLERY.iterdir()} == set(expected)
    stale = [n for n, text in expected.items() if (GALLERY / n).read_text("utf-8") != text]
    assert stale == [], "run: scireasoner tasks gallery docs/reference/tasks"


def test_the_gallery_is_written(tmp_path: Path) -> None:
    assert cli.main(["tasks", "gallery", str(tmp_path)]) == 0
    assert (tmp_path / "README.md").read_text().count("](") >= 12


def test_data_list_says_where_rows_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "list", "smol_esol", "uncond_rna"]) == 0
    shown = capsys.readouterr().out
    assert "smol_esol" in shown
    assert "chemistry/moleculenet" in shown
