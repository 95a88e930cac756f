"""Decoding beside plain answers: what each task gets, what is kept, what it adds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scireasoner.errors import InputError
from scireasoner.evaluation.added import added
from scireasoner.evaluation.asking import Asking
from scireasoner.evaluation.decoding import decoding_of, in_words
from scireasoner.evaluation.run import TaskResult, evaluate
from scireasoner.models.backend import Sampling
from scireasoner.serving.verifying import passes
from scireasoner.tasks.registry import get
from scireasoner.tasks.rows import Place
from scireasoner.tasks.task import Task
from scireasoner.types import Completion, Mode, Prompt, Sample, Split

pytestmark = pytest.mark.usefixtures("data_root")


class Noisy:
    """Knows the golds of a task: its greedy answers are wrong, its draws are right on average."""

    name = "noisy"

    def __init__(self, task: Task) -> None:
        rows = task.samples(Split.TEST)
        self.task = task
        self.golds = {row.id: row.example or "" for row in rows}
        self.calls: list[tuple[Sampling, int]] = []

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        self.calls.append((sampling, n))
        return [[self._one(prompt, sampling, draw) for draw in range(n)] for prompt in prompts]

    def _one(self, prompt: Prompt, sampling: Sampling, draw: int) -> Completion:
        gold = self.golds[prompt.sample_id]
        wrong = not sampling.temperature or draw % 2
        if self.task.answer.kind == "number":
            off = random.Random(prompt.sample_id).uniform(1.0, 2.0) if wrong and not draw else 0.0
            return Completion(self.task.answer.write(f"{float(gold) + off:.6f}"), 5)
        if self.task.answer.kind == "formula":
            return Completion(self.task.answer.write("C99" if wrong else gold), 5, thinking=2)
        return Completion(self.task.answer.write("No"), 5)


class Choosing(Noisy):
    """Compares answers too: the right one gets 0.9, or 0.6 where it is no."""

    def choose(self, prompts: Sequence[Prompt], options: Sequence[str]) -> list[tuple[float, ...]]:
        self.options = tuple(options)
        found: list[tuple[float, ...]] = []
        for prompt in prompts:
            right = self.task.answer.write(self.golds[prompt.sample_id])
            chance = 0.9 if options.index(right) == 0 else 0.4
            found.append((chance, 1 - chance))
        return found


WINDOWS = (
    Sample("yes-row", {"dna": "AACGTTGGA"}, "yes"),
    Sample("no-row", {"dna": "AATTTTGGA"}, "no"),
)


class Windows:
    """Two rows of DNA, to test on."""

    def load(self, task: str, split: Split) -> Sequence[Sample]:
        return WINDOWS

    def places(self, task: str) -> Sequence[Place]:
        return (Place("made", "here", True, tuple(Split), "made for a test", "none", False),)


class Strands(Noisy):
    """Surer of a window as it is written than of its other strand, which ends in TT."""

    def choose(self, prompts: Sequence[Prompt], options: Sequence[str]) -> list[tuple[float, ...]]:
        texts = [prompt.messages[-1].content for prompt in prompts]
        self.asked = [text.partition("<dna>")[2].partition("</dna>")[0] for text in texts]
        chances = []
        for prompt, dna in zip(prompts, self.asked, strict=True):
            sure = 0.7 if dna.endswith("TT") else 0.9
            yes = sure if self.golds[prompt.sample_id] == "yes" else 1 - sure
            chances.append((yes, 1 - yes))
        return chances


def scored(task: Task, backend: Noisy, out: Path | None = None, **how: object) -> TaskResult:
    asking = Asking(**how)  # type: ignore[arg-type]
    found = evaluate([task], backend, limit=20, how=asking, passes=passes, out=out)
    return found[task.name]


@pytest.mark.parametrize(
    ("name", "wished", "mode", "got"),
    [
        ("logp", "best", Mode.INSTANT, "median"),
        ("nominal_mass", "best", Mode.THINK, "verify"),
        ("smol_esol", "best", Mode.INSTANT, "mean"),
        ("smol_esol", "median", Mode.THINK, "median"),
        ("mat_mp_band_gap", "best", Mode.INSTANT, "median"),
        ("flammable", "best", Mode.INSTANT, "classes"),
        ("flammable", "best", Mode.THINK, "plain"),
        ("flammable", "median", Mode.INSTANT, "plain"),
        ("restriction_site", "classes", Mode.INSTANT, "classes"),
        ("molinst_multiple_choice", "best", Mode.INSTANT, "classes"),
        ("smiles_to_formula", "best", Mode.INSTANT, "verify"),
        ("smiles_to_formula", "classes", Mode.INSTANT, "plain"),
        ("gue_tf_human_0", "best", Mode.INSTANT, "variants"),
        ("gue_tf_human_0", "classes", Mode.INSTANT, "classes"),
        ("gue_tf_human_0", "variants", Mode.THINK, "plain"),
        ("flammable", "variants", Mode.INSTANT, "plain"),
        ("smol_molecule_captioning", "best", Mode.INSTANT, "plain"),
        ("smol_molecule_captioning", "verify", Mode.INSTANT, "verify"),
        ("logp", "plain", Mode.INSTANT, "plain"),
    ],
)
def test_what_a_task_gets(name: str, wished: str, mode: Mode, got: str) -> None:
    task = get(name)
    assert decoding_of(task, wished, mode, Choosing(get("flammable"))) == got


@pytest.mark.parametrize(
    ("name", "chosen", "temperature", "words"),
    [
        ("logp", "median", None, "median of 4 draws, T 1"),
        ("smiles_to_formula", "verify", None, "vote of 4 checked draws, T 0.7"),
        ("uncond_material", "verify", None, "vote of 4 checked draws, T 1.8"),
        ("uncond_material", "verify", 0.9, "vote of 4 checked draws, T 0.9"),
        ("gue_tf_human_0", "variants", None, "variants"),
        ("flammable", "plain", None, "likeliest text"),
        ("uncond_material", "plain", None, "one draw, T 1.8"),
    ],
)
def test_how_answers_were_made_is_said(
    name: str, chosen: str, temperature: float | None, words: str
) -> None:
    asking = Asking(temperature=temperature, draws=4)
    assert in_words(get(name), asking, chosen) == words


def test_classes_need_a_backend_that_compares() -> None:
    task = get("flammable")
    assert decoding_of(task, "classes", Mode.INSTANT, Noisy(task)) == "plain"


@pytest.mark.parametrize("how", ["median", "best"])
def test_the_middle_of_numbers_betters_them(how: str) -> None:
    task = get("logp")
    backend = Noisy(task)
    result = scored(task, backend, decode=how, draws=5)
    assert result.decoding == "median"
    found = added(task, result)
    assert found is not None
    assert found.plain.value > 0.5
    assert found.decoded.value == pytest.approx(0.0, abs=1e-4)
    assert found.gain.low > 0
    assert backend.calls[1][0].temperature == 1.0
    assert backend.calls[1][1] == 5


def test_a_vote_keeps_what_passes_the_checks_and_reads_no_gold() -> None:
    """Half the draws are wrong, as the greedy answer is; the formula of the question decides."""
    task = get("smiles_to_formula")
    result = scored(task, Noisy(task), decode="verify", draws=4)
    found = added(task, result)
    assert found is not None
    assert (found.plain.value, found.decoded.value) == (0.0, 1.0)
    # The greedy answer and every other of three draws fail.
    assert result.passed == pytest.approx(2 / 4)
    unchecked = evaluate([task], Noisy(task), limit=20, how=Asking(decode="verify", draws=4))
    assert unchecked[task.name].passed == 1.0


def test_classes_give_a_curve() -> None:
    task = get("flammable")
    backend = Choosing(task)
    result = scored(task, backend, decode="classes")
    assert backend.options == ("<BOOLEAN>Yes</BOOLEAN>", "<BOOLEAN>No</BOOLEAN>")
    found = added(task, result)
    assert found is not None
    assert found.auc is not None
    assert (found.auc.value, found.decoded.value) == (1.0, 1.0)
    assert found.plain.value < 1.0
    assert result.plain is not None
    assert result.plain.estimates.keys() <= result.estimates.keys()


def test_variants_of_a_question_share_one_answer() -> None:
    """Each row is asked in six ways, and the mean of their probabilities decides."""
    task = replace(get("gue_tf_human_0"), data=Windows())
    backend = Strands(task)
    answers = scored(task, backend, decode="variants")
    # The forward strand says .9 or .1, the other half as surely: (.9 + .7) / 2 and (.1 + .3) / 2.
    chances = [completion.probability for completion in answers.completions]
    assert chances == pytest.approx([0.8 if row.gold == "yes" else 0.2 for row in WINDOWS])
    assert len(backend.asked) == 6 * len(WINDOWS)
    assert backend.asked[:6] == [
        "AACGTTGGA", "TCCAACGTT", "ACGTTGGA", "CCAACGTT", "CGTTGGA", "CAACGTT",
    ]  # fmt: skip
    assert answers.estimates["accuracy"].value == 1.0


def test_both_answers_are_kept_apart_and_asked_once(tmp_path: Path) -> None:
    task, out = get("smiles_to_formula"), tmp_path / "answers"
    backend = Noisy(task)
    first = scored(task, backend, out, decode="verify", draws=4)
    calls = len(backend.calls)
    again = scored(task, backend, out, decode="verify", draws=4)
    assert len(backend.calls) == calls
    assert (again.outcomes, again.passed) == (first.outcomes, first.passed)
    # Log-probabilities choose among draws and are not kept.
    assert again.completions == tuple(replace(c, logprobs=None) for c in first.completions)
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["answers", "answers-decoded"]
    plain = scored(task, backend, out)
    assert (plain.decoding, plain.plain, len(backend.calls)) == ("plain", None, calls)
    assert added(task, plain) is None
    scored(task, backend, out, decode="verify", draws=6)
    assert len(backend.calls) == calls + 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"decode": "medain"}, "median"),
        ({"decode": "median", "draws": 1}, "2 or more"),
        ({"decode": "verify", "answers": 3}, "3 answers"),
    ],
)
def test_impossible_decodings_are_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Asking(**wrong)  # type: ignore[arg-type]
