"""The harvest's part of a recipe."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scireasoner.errors import BackendError, RecipeError
from scireasoner.models.endpoint.protocol import KEY
from scireasoner.models.load import read_spec
from scireasoner.recipes.bounds import above_zero, not_negative, shares_of_one

TOOLS, PROBE = "tools", "model"
"""The names of the two teachers that need no backend: worked solutions, and the run's own probe."""

_OWN = {"tools": TOOLS, "probe": PROBE}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class LimitsConfig:
    """What of a model's right traces is refused. 0 sets no limit.

    Parameters
    ----------
    max_characters, max_tokens : of thought and answer together.
    min_words : of thought and answer together.
    ngram, max_repeated : share in [0, 1] of the n-grams of words that occurred before.
    max_loops : a block of words may come so many times in a row.
    near : whether a text that equals another one of its task, but for spacing and marks, is
        refused, whichever question it answers.
    steps : whether a trace with a step that a tool finds wrong is refused.
    """

    max_characters: int = 32_000
    max_tokens: int = 0
    min_words: int = 0
    ngram: int = 8
    max_repeated: float = 0.3
    max_loops: int = 10
    near: bool = True
    steps: bool = True

    def __post_init__(self) -> None:
        not_negative(self, "max_characters", "max_tokens", "min_words", "ngram", "max_loops")
        shares_of_one(self, "max_repeated")


NO_LIMITS = LimitsConfig(0, 0, 0, 0, 0.0, 0, near=False, steps=False)


@dataclass(frozen=True)
class TeacherConfig:
    """A model that is asked, and on what terms.

    Parameters
    ----------
    name : its name in logs and tables; its journal is named after it.
    backend : ``openai:URL#MODEL``, ``hf:PATH``, ``vllm:NAME``, ``scripted:FILE``; or ``tools``
        (worked solutions) or ``probe`` (the run's own model), which need nothing else.
    key : the variable of the environment that holds the endpoint's key.
    temperature, top_p, max_tokens : decoding.
    instruct : asks in words for a thought between think tags, for models that have no such mode.
    concurrency, attempts, timeout_s : requests in flight, tries, seconds for one request.
    requests_per_minute, tokens_per_minute : the pace; 0 keeps none.
    price_in, price_out : money for a million tokens of questions and of answers.
    max_cost, max_total_tokens : what may be spent in all; 0 sets no limit. Tasks that are still
        to come share what is left.
    limits : what of its right traces is refused.
    """

    name: str = ""
    backend: str = ""
    key: str = KEY
    temperature: float = 0.6
    top_p: float = 0.95
    max_tokens: int = 4_096
    instruct: bool = False
    concurrency: int = 16
    attempts: int = 5
    timeout_s: float = 600.0
    requests_per_minute: float = 0.0
    tokens_per_minute: float = 0.0
    price_in: float = 0.0
    price_out: float = 0.0
    max_cost: float = 0.0
    max_total_tokens: int = 0
    limits: LimitsConfig = field(default_factory=LimitsConfig)

    def __post_init__(self) -> None:
        """Find mistakes when the recipe is read, and not after hours in the stage."""
        if self.backend in _OWN and not self.name:
            object.__setattr__(self, "name", _OWN[self.backend])
        if not self.name and not self.backend:
            return
        if not _NAME.fullmatch(self.name):
            raise RecipeError(
                f"a teacher is called {self.name!r}: give a name of letters, digits, '.', '_', '-'"
            )
        own = _OWN.get(self.backend)
        if (own or self.name) != self.name or (self.name in _OWN.values() and own is None):
            raise RecipeError(
                f"the teacher {self.name!r} has the backend {self.backend!r}: the names "
                f"{TOOLS!r} and {PROBE!r} are those of the backends 'tools' and 'probe'"
            )
        if own is None:
            try:
                read_spec(self.backend)
            except BackendError as error:
                raise RecipeError(f"teacher {self.name!r}: {error}") from error
        try:
            above_zero(self, "max_tokens", "concurrency", "attempts", "timeout_s", "top_p")
            not_negative(self, "temperature", "requests_per_minute", "tokens_per_minute")
            not_negative(self, "price_in", "price_out", "max_cost", "max_total_tokens")
        except RecipeError as error:
            raise RecipeError(f"teacher {self.name!r}: {error}") from error
        if self.max_cost and not (self.price_in or self.price_out):
            raise RecipeError(
                f"teacher {self.name!r}: max_cost limits nothing without price_in and price_out"
            )

    def __bool__(self) -> bool:
        """Whether anyone is named."""
        return bool(self.backend)


@dataclass(frozen=True)
class HarvestConfig:
    """The budget rule, for each task and teacher, and who the teachers are.

    Parameters
    ----------
    target : T, right traces wanted (paper: 500).
    budget : C, questions at most (paper: 50,000).
    first : size of the first draw (paper: 6,000).
    epsilon : floor of the estimated success rate (the paper prints no value).
    model_target, model_budget, model_first : the same for the model's own samples.
    temperature, max_tokens : decoding of the model's own samples.
    batch : questions judged and logged together.
    teachers : who is asked, in this order; worked solutions and the run's own probe by default.
    tasks : names, globs or suites of tasks that are harvested besides those whose thinking was
        tried; only a named teacher can answer tasks that have no worked solution.
    per_sample : traces kept of one question, over all teachers; 0 sets no limit.
    max_failed : share in [0, 1] of a batch whose questions may fail at the endpoint.
    judge : a model that says whether a free text means the same as the reference, asked where the
        metric holds it for different; none by default.
    judge_from : the metric's score from which it is asked.
    cache : folder of the journals, in which every paid answer is kept; the run's own by default.
    """

    target: int = 500
    budget: int = 50_000
    first: int = 6_000
    epsilon: float = 0.01
    model_target: int = 500
    model_budget: int = 50_000
    model_first: int = 6_000
    temperature: float = 0.9
    max_tokens: int = 320
    batch: int = 256
    teachers: tuple[TeacherConfig, ...] = ()
    tasks: tuple[str, ...] = ()
    per_sample: int = 0
    max_failed: float = 0.2
    judge: TeacherConfig = field(default_factory=TeacherConfig)
    judge_from: float = 0.1
    cache: str = ""

    def __post_init__(self) -> None:
        """Check the numbers, and that teachers can be told apart and are named whole."""
        above_zero(self, "first", "model_first", "epsilon", "max_tokens", "batch")
        not_negative(self, "target", "budget", "model_target", "model_budget")
        not_negative(self, "temperature", "per_sample", "judge_from")
        shares_of_one(self, "max_failed")
        names = [teacher.name for teacher in self.teachers]
        for number, teacher in enumerate(self.teachers, start=1):
            if not teacher:
                raise RecipeError(f"teacher {number} has no name and no backend: give both")
            if names.count(teacher.name) > 1:
                raise RecipeError(f"two teachers are called {teacher.name!r}: rename one")
        if self.judge and self.judge.backend in _OWN:
            raise RecipeError("the judge of free texts must be a model: give a backend")

    def rule(self, teacher: str) -> tuple[int, int, int]:
        """Return T, C and the first draw of a teacher."""
        if teacher == PROBE:
            return self.model_target, self.model_budget, self.model_first
        return self.target, self.budget, self.first
