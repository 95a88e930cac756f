"""Where tagging looks, what reviewers decide, the review file, hostile texts, the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scireasoner.cli import main
from scireasoner.corpus.tagging import DEFAULT, Decisions, Options, find, tag
from scireasoner.corpus.tagging.found import FINDABLE
from scireasoner.corpus.tagging.grammar import read_name, read_run
from scireasoner.corpus.tagging.review import review_rows
from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, strip_tags
from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.science import names

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


def wrapped(name: str, text: str) -> str:
    return NOTATIONS[name].wrap(text)


def texts(text: str, options: Options = Options()) -> list[str]:  # noqa: B008
    return [piece.text for piece in find(text, options) if piece.confidence >= DEFAULT]


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (f"{THINK_OPEN}SMILES {ASPIRIN}{THINK_CLOSE} It is CO2 gas.", Options(), ["CO2"]),
        (f"{THINK_OPEN}5 mM NaCl{THINK_CLOSE}", Options(thoughts=True), ["NaCl"]),
        (f"{THINK_OPEN}5 mM NaCl", Options(), []),
        (f"5 mM NaCl{THINK_CLOSE} 5 mM KCl", Options(), ["KCl"]),
        ("```\n5 mM NaCl\n```\nand 5 mM KCl", Options(), ["KCl"]),
        ("```\n5 mM NaCl\n```\n", Options(code=True), ["NaCl"]),
        ("```\n5 mM NaCl and no end", Options(), []),
        (f"{wrapped('smiles', ASPIRIN)} in 5 mM NaCl", Options(), ["NaCl"]),
        (wrapped("material", "Na Cl 5 mM NaCl"), Options(), []),
        ("see https://x.org/NaCl and 10.1021/NaCl", Options(), []),
        (f"5 mM NaCl and {ASPIRIN}", Options(notations=("smiles",)), [ASPIRIN]),
        (f"`{ASPIRIN}` in backticks, ({ASPIRIN}) in brackets.", Options(), [ASPIRIN, ASPIRIN]),
    ],
)
def test_where_it_looks(text: str, options: Options, expected: list[str]) -> None:
    assert texts(text, options) == expected


def test_the_longest_likely_piece_wins() -> None:
    text = "It holds 2-(4-chlorophenyl)ethanol."
    assert [piece.text for piece in find(text)] == ["2-(4-chlorophenyl)ethanol"]


def test_an_unknown_notation_is_named() -> None:
    with pytest.raises(InputError, match="did you mean 'smiles'"):
        Options(notations=("smile",))


@pytest.mark.skipif(not names.available(), reason="OPSIN or Java is not installed")
@pytest.mark.parametrize(
    ("name", "read"), [("2-methylpropan-1-ol", True), ("7-dehydrocholesterol", False)]
)
def test_opsin_moves_the_confidence_of_a_name(name: str, read: bool) -> None:
    alone, asked = find(f"We saw {name}."), find(f"We saw {name}.", Options(opsin=True))
    assert [piece.text for piece in alone] == [piece.text for piece in asked] == [name]
    assert (asked[0].confidence > alone[0].confidence) is read


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"text": "GLP", "notation": "protein", "verdict": "tag"}, []),
        ({"text": "CO2", "notation": "formula", "verdict": "leave"}, []),
        ({"text": "CO2", "notation": "formula", "context": "*", "verdict": "leave"}, []),
        ({"text": "CO2", "notation": "formula", "context": "amount", "verdict": "leave"}, ["CO2"]),
        ({"text": "CO2", "notation": "smiles", "verdict": "leave"}, ["CO2"]),
        ({"text": "CO2", "notation": "formula", "verdict": ""}, ["CO2"]),
        (
            {"text": "NO", "notation": "formula", "context": "plain", "verdict": "tag"},
            ["NO", "CO2"],
        ),
    ],
)
def test_decisions_override_rules(row: dict[str, str], expected: list[str]) -> None:
    text = "He said NO when CO2 came."
    if row["text"] == "GLP":
        text = "The GLP rules."
    assert texts(text, Options(decisions=Decisions.of([row]))) == expected


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "NO", "notation": "formul", "verdict": "tag"}], "did you mean 'formula'"),
        ([{"text": "NO", "notation": "formula", "verdict": "yes"}], "neither 'tag' nor 'leave'"),
        ([{"text": 3, "notation": "formula", "verdict": "tag"}], "must be texts"),
        (
            [
                {"text": "NO", "notation": "formula", "verdict": "tag"},
                {"text": "NO", "notation": "formula", "verdict": "leave"},
            ],
            "decided otherwise",
        ),
    ],
)
def test_wrong_decisions_are_named(rows: list[dict[str, object]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Decisions.of(rows)


def test_review_rows_come_back_as_decisions() -> None:
    text = "GATTACA is a film, and the sample held KI."
    rows = list(review_rows(text, find(text), low=0.0, high=1.01, name="a.txt"))
    assert rows
    assert all(row["notation"] in FINDABLE and row["reason"] for row in rows)
    assert all(f"⟦{row['text']}⟧" in row["window"] for row in rows)
    for row in rows:
        row["verdict"] = "tag"
    decided = find(text, Options(decisions=Decisions.of(rows)))
    assert {piece.confidence for piece in decided} == {1.0}


HOSTILE = [
    "A" * 50_000,
    "(" * 50_000,
    "[" * 50_000,
    "C1" * 20_000,
    "[C]" * 20_000,
    "(A" * 20_000,
    "Na+" * 4_000,
    "H2O." * 20_000,
    "methyl" * 10_000,
    "meth-" * 10_000,
    "1,2-di" * 10_000,
    "-induced" * 8_000,
    "sodium " * 8_000,
    "methyl acid ester " * 3_000,
    ">x\n" * 15_000,
    ">x\nACDEFGHIKLMNPQRSTVWY\n" * 2_000,
    "5'-" * 15_000,
    "```\n" * 10_000,
    "<SMILES>" * 8_000,
    "a@" * 20_000,
    "http://" * 8_000,
    "(CP) " * 3_000,
    "\x00\ud800NaCl\u202e" * 2_000,
    "C" + "(C" * 400 + ")" * 400,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_texts_come_back(text: str) -> None:
    assert strip_tags(tag(text, 0.0)) == strip_tags(text)


@pytest.mark.parametrize(
    ("name", "built"),
    [
        ("2-methylpropan-1-ol", True),
        ("N-(4-hydroxyphenyl)acetamide", True),
        ("1-[2-(3,4-dichlorophenyl)ethyl]-4-methylpiperazine", True),
        ("(2R,3S)-2-amino-3-hydroxybutanoate", True),
        ("3,7-dimethylocta-1,6-dien-3-ol", True),
        ("benzene", False),
        ("glucose", False),
    ],
)
def test_the_grammar_reads(name: str, built: bool) -> None:
    reading = read_name(name)
    assert reading is not None
    assert reading.built is built


@pytest.mark.parametrize(
    "word",
    "aspirin ideal hormone online done butter table mediate general 2--methyl (methyl x-y".split(),  # noqa: SIM905
)
def test_the_grammar_refuses(word: str) -> None:
    reading = read_name(word)
    assert reading is None or not reading.built


@pytest.mark.parametrize(
    ("run", "kind"),
    [("ethanol", "molecule"), ("methyl", "radical"), ("trimethylamine", "molecule")],
)
def test_runs(run: str, kind: str) -> None:
    reading = read_run(run)
    assert reading is not None
    assert reading.kind == kind


def test_the_command_wraps_reviews_and_takes_decisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("He said NO in 5 mM NaCl.\r\n", encoding="utf-8", newline="")
    review = tmp_path / "doubts.jsonl"
    command = ["corpus", "tag", str(source)]
    assert main([*command, "--review", str(review), "--review-from", "0"]) == 0
    assert capsys.readouterr().out == f"He said NO in 5 mM {wrapped('formula', 'NaCl')}.\r\n"
    rows = [json.loads(line) for line in review.read_text(encoding="utf-8").splitlines()]
    assert "NO" in [row["text"] for row in rows]
    for row in rows:
        row["verdict"] = "tag" if row["text"] == "NO" and row["notation"] == "formula" else ""
    review.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = tmp_path / "tagged.txt"
    assert main([*command, "--decisions", str(review), "--out", str(out)]) == 0
    assert wrapped("formula", "NO") in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        (b"\xff\xfe", [], 3),
        (None, [], 3),
        (b"x", ["--only", "nothing"], 2),
        (b"x", ["--decisions", "missing.jsonl"], 3),
    ],
)
def test_the_command_says_what_is_wrong(
    content: bytes | None, arguments: list[str], code: int, tmp_path: Path
) -> None:
    source = tmp_path / "a.txt"
    if content is not None:
        source.write_bytes(content)
    assert main(["corpus", "tag", str(source), *arguments]) == code
