"""Documents and examples: what they show works, and what they point to exists."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scireasoner.corpus.loading import load_corpus_recipe
from scireasoner.tasks.tracing import trace_claims

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MOST_LINES = 15


def python(*arguments: str, folder: Path) -> str:
    """Run Python on our source in a folder, and return what it wrote."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


EXPECTED = {
    "judge_an_answer.py": ["1.00  correct=True", "invalid molecule", "refused"],
    "reward_a_batch.py": [
        "<SMILES>OCC</SMILES>                          1.00  correct=True",
        "invalid molecule",
        "cut at the token limit",
        "2 alike answers of the group share one reward",
        "none  correct=False gold cannot be read",
    ],
    "your_own_model.py": ["verified: True", "✗ does not agree with OPSIN and RDKit: CH4O"],
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_run_and_show_what_they_promise(path: Path, tmp_path: Path) -> None:
    shown = python(str(path), folder=tmp_path)
    for words in EXPECTED[path.name]:
        assert words in shown


def test_the_example_corpus_reads_training_rows_alone() -> None:
    recipe = load_corpus_recipe(ROOT / "examples" / "corpus-shared.toml")
    assert [s.name for s in recipe.source if s.only != {"split": "train"}] == []


def test_the_trace_of_the_howto_is_found_where_the_page_says() -> None:
    page = (ROOT / "docs" / "howto" / "check-a-trace.md").read_text(encoding="utf-8")
    text = re.findall(r"For this text\n\n```\n(.*?)```", page, re.DOTALL)[0]
    shown = re.findall(r"^ (\d+) +'([^']+)' .* false ", page, re.MULTILINE)
    false = [claim for claim in trace_claims(text) if claim.holds is False]
    assert [(int(at), claim) for at, claim in shown] == [(c.start, c.text) for c in false]


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_task_of_the_howto_is_short_and_works(tmp_path: Path) -> None:
    (declaration,) = blocks("docs/howto/add-a-task.md", "python")
    (row,) = blocks("docs/howto/add-a-task.md", "json")
    body = declaration[declaration.index("Task(\n") :].rstrip().removesuffix(")").rstrip()
    assert body.count("\n") + 1 <= MOST_LINES
    (tmp_path / "data").mkdir()
    for split in ("train", "dev", "test"):
        (tmp_path / "data" / f"{split}.jsonl").write_text(row)
    (tmp_path / "my_task.py").write_text(declaration)
    check = """
import json, sys
from scireasoner import Completion, Mode, Split, get_task
from scireasoner.measuring import tasks_of
(task,) = tasks_of(["my_task.py"])
(sample,) = task.samples(Split.TEST)
outcome = task.judge(sample, Completion(task.solution(sample, Mode.INSTANT), 5), Mode.INSTANT)
question = task.question(sample.inputs)
print(json.dumps([task.name, question, outcome.correct, task.reward(outcome)]))
"""
    name, question, correct, reward = json.loads(python("-c", check, folder=tmp_path))
    assert (name, correct, reward) == ("my_solubility", True, 1.0)
    assert "<SMILES>CCO</SMILES>" in question


def test_the_snippets_for_trainers_run(tmp_path: Path) -> None:
    """As far as they go without a model; the adapters have tests of their own."""
    page = "docs/howto/rewards-in-your-trainer.md"
    snippets = blocks(page, "python")
    for snippet in snippets:
        compile(snippet, page, "exec")
    # TRL itself takes seconds to import; a test of its own runs its trainer.
    source = "\n".join(snippet for snippet in snippets if "from trl" not in snippet)
    check = """
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from scireasoner.trainers.core import Rewarder
from scireasoner.trainers.service import Limits, respond
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(respond(body, Rewarder(), Limits())).encode())
server = HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(rewards(rows, f"http://127.0.0.1:{server.server_port}")[0]["value"])
write("rows.parquet", tasks=["uncond_protein"], split="dev", limit=3)
print(len(pd.read_parquet("rows.parquet")))
print(callable(environment))
"""
    shown = python("-c", source + check, folder=tmp_path).splitlines()
    assert "value=1.0" in shown[0]
    assert shown[1:] == ["1.0", "3", "True"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    # SMILES in a block of code look like links.
    prose = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)", prose)
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_the_readme_names_both_commands_and_they_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_questions_of_the_documents_are_understood() -> None:
    from scireasoner.serving.understand import understand

    asked = [
        question
        for page in ("README.md", "Makefile")
        for question in re.findall(r"'([A-Z][^'\n]+[?.])'", (ROOT / page).read_text("utf-8"))
    ]
    assert len(asked) >= 6
    assert [question for question in asked if understand(question).task is None] == []


def test_no_path_of_one_machine_stands_in_the_tree() -> None:
    wrong = re.compile(r"/(work|root|farm)/|/tmp/(dev|src|data|venv)")
    files = [
        path
        for pattern in ("*.md", "*.toml", "Makefile", "*.py")
        for path in ROOT.rglob(pattern)
        if not {".venv", "runs", ".git", "build", "dist"} & set(path.relative_to(ROOT).parts)
        and path != Path(__file__).resolve()
    ]
    found = [str(path) for path in files if wrong.search(path.read_text(encoding="utf-8"))]
    assert found == []
