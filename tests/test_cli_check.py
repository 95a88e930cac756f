"""The command ``check``: its verdicts, its exit codes, its mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scireasoner import cli
from scireasoner.science.checks import CHECKS


def run(*arguments: str) -> int:
    """Return the exit code, also where argparse ends the command itself."""
    try:
        return cli.main(["check", *arguments])
    except SystemExit as end:
        return int(end.code or 0)


CASES = [
    (["<SMILES>CCO</SMILES>"], 0, ["valid molecule, C2H6O"]),
    (["<SMILES>CC(C)(C)(C)C</SMILES>"], 1, ["carbon atom 2 has five bonds"]),
    (["CCO", "--as", "smiles", "--formula", "C2H6O"], 0, ["molecular formula"]),
    (["CCO", "--as", "smiles", "--scaffold", "c1ccccc1"], 1, ["is not in the molecule"]),
    (["Na Cl", "--as", "material", "--elements", "Na,Cl"], 0, ["exactly the wanted elements"]),
    (["Na Cl <sg300>", "--as", "material"], 1, ["there is no space group 300"]),
    (["ATGGCC", "--as", "dna", "--translates-to", "MA"], 0, ["the codons give the protein"]),
    (["ATGGCC", "--as", "dna", "--only", "reading frame"], 1, ["does not end with a stop codon"]),
    (["ACGT", "--as", "dna", "--length", "5:"], 1, ["at least 5"]),
    (["MKV", "--as", "protein", "--alike", "MKL", "--identity", "0.9"], 1, ["66.7%"]),
    (["25 °C", "--as", "number", "--unit", "K", "--low", "0"], 0, ["298.15 K"]),
    (["-5", "--as", "number", "--low", "0"], 1, ["below the least possible value"]),
    (["b; A", "--as", "text", "--names", "a;b"], 0, ["exactly the two wanted names"]),
    (["2 H2 + O2 -> 2 H2O", "--as", "equation"], 0, ["balanced"]),
    (["C2H4O", "--as", "formula", "--smiles", "CCO"], 1, ["four atoms of H came, six wanted"]),
    (
        ["<SMILES>CO</SMILES>", "--task", "iupac_to_smiles", "--input", "name=ethanol"],
        1,
        ["another molecule: CO, not CCO"],
    ),
]


@pytest.mark.parametrize(("arguments", "code", "words"), CASES, ids=lambda value: str(value)[:40])
def test_a_text_is_checked(
    arguments: list[str], code: int, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == code
    shown = capsys.readouterr().out
    assert all(word in shown for word in words), shown


MISTAKES = [
    ([], ["give one text, or --file"]),
    (["CCO", "--file", "x.jsonl"], ["give one text, or --file"]),
    (["hello"], ["there is nothing to check", "--as"]),
    (["CCO", "--as", "smiles", "--only", "valenc"], ["did you mean 'valence'?"]),
    (["CCO", "--as", "smiles", "--length", "a:b"], ["--length was 'a:b'"]),
    (["<SMILES>C</SMILES>", "--task", "logpp"], ["no task 'logpp'", "did you mean"]),
    (["<SMILES>C</SMILES>", "--task", "logp", "--input", "smiles"], ["NAME=TEXT"]),
    (["<SMILES>C</SMILES>", "--task", "logp", "--input", "x=1"], ["no input 'x'", "smiles"]),
    (["<think><SMILES>C</SMILES>"], ["no answer in the text"]),
    (["ATG", "--as", "dna", "--only", "valence"], ["nothing in the text is what 'valence' reads"]),
    (["MKV", "--as", "protein", "--length", "9:3"], ["--length was '9:3'", "not be above"]),
    (["<SMILES>C</SMILES>", "--json"], ["--json changes nothing where a text is checked"]),
    (["<SMILES>C</SMILES>", "--opsin"], ["--opsin changes nothing"]),
    (["--file", "x.jsonl", "--task", "logp"], ["--task changes nothing where a file is checked"]),
    (["--file", "x.jsonl", "--input", "a=b"], ["--input changes nothing"]),
    (["--trace", "x.txt", "--as", "smiles"], ["--as changes nothing where a trace is checked"]),
    (["--trace", "x.txt", "--out", "y"], ["--out changes nothing"]),
    (["--trace", "x.txt", "--translates-to", "MA"], ["--translates-to changes nothing"]),
]


@pytest.mark.parametrize(("arguments", "words"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_is_one_line_that_says_what_to_do(
    arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("scireasoner: ")
    assert told.count("\n") == 1
    assert all(word in told for word in words), told


def test_a_bound_that_is_no_number_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("1", "--as", "number", "--low", "nan") == 2
    assert "a finite number was expected" in capsys.readouterr().err


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    assert "scireasoner check" in capsys.readouterr().out.split("examples:")[1]


def test_the_list_names_every_check_with_its_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in CHECKS)
    assert "low or high" in shown


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        (['{"answer": "<SMILES>CCO</SMILES>"}'], 0, ["1 answers checked, 0 of them failed"]),
        (
            ['{"answer": "C1CC", "as": "smiles", "id": "mine"}'],
            1,
            ["mine: smiles grammar: the SMILES cannot be read: ring 1 is not closed"],
        ),
        (
            ['{"answer": "CCO"}', '{"answer": "<SMILES>CCO</SMILES>"}'],
            0,
            ["2 answers checked", "in 1 of them no check reads anything: tag what they hold"],
        ),
        (
            ['{"answer": "<SMILES>CCO</SMILES>"}', "nonsense"],
            3,
            ["not checked: line 2: not JSON", "1 lines of"],
        ),
    ],
)
def test_a_file_is_checked(
    rows: list[str], code: int, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(rows) + "\n")
    out = tmp_path / "found.jsonl"
    assert run("--file", str(tmp_path / "a.jsonl"), "--out", str(out)) == code
    shown = capsys.readouterr().out
    assert all(word in shown for word in words), shown
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert {row["verdict"] for row in written} == ({"fail"} if code == 1 else {"pass"})


def test_text_that_is_no_unicode_is_written_escaped(tmp_path: Path) -> None:
    row = '{"answer": "C\\ud800", "as": "smiles", "id": "\\ud801"}'
    (tmp_path / "a.jsonl").write_text(row + "\n")
    out = tmp_path / "found.jsonl"
    assert run("--file", str(tmp_path / "a.jsonl"), "--out", str(out)) == 1
    (written,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert (written["entity"], written["id"]) == ("C\\ud800", "\\ud801")


def test_no_file_is_a_data_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--file", "nowhere.jsonl") == 3
    assert "nowhere.jsonl cannot be read" in capsys.readouterr().err
