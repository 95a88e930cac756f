"""The frozen records that every room shares. No logic, and nothing of ours is imported here.

One evaluation sample travels ``Sample -> Prompt -> Completion -> Reply -> Outcome -> Estimate``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """How a question is answered: at once, or after a written thought."""

    INSTANT = "instant"
    THINK = "think"


class Family(StrEnum):
    """The five task families of arXiv 2509.21320."""

    TRANSLATION = "translation"
    EXTRACTION = "extraction"
    PREDICTION = "property prediction"
    CLASSIFICATION = "property classification"
    GENERATION = "generation and design"


class Domain(StrEnum):
    """What a task is about."""

    MOLECULE = "molecule"
    REACTION = "reaction"
    PROTEIN = "protein"
    DNA = "dna"
    RNA = "rna"
    MATERIAL = "material"
    TEXT = "text"


class RewardGroup(StrEnum):
    """The three reward groups of arXiv 2509.21320; the answer kind decides which one applies."""

    DISTANCE = "distance"
    MATCHING = "matching"
    VERIFIED = "tool-verified"


class Split(StrEnum):
    """A part of a data set. ``DEV`` decides (modes, difficulty); ``TEST`` only reports."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


class Fault(StrEnum):
    """Why an answer could not be judged. Faults are data: counted and shown, never dropped.

    ``BAD_GOLD`` and ``TOOL_FAILED`` are our failures, not the model's.
    """

    NO_ANSWER = "no answer"
    OPEN_THOUGHT = "thought not closed"
    TRUNCATED = "cut at the token limit"
    NO_ROOM = "question longer than the model reads"
    TWO_ANSWERS = "two different answers"
    REFUSED = "refused"
    NOT_A_NUMBER = "not a number"
    WRONG_UNIT = "wrong unit"
    OUT_OF_RANGE = "out of physical range"
    UNKNOWN_LABEL = "unknown label"
    INVALID_MOLECULE = "invalid molecule"
    INVALID_NAME = "name not understood"
    INVALID_FORMULA = "invalid formula"
    INVALID_REACTION = "invalid reaction"
    INVALID_SEQUENCE = "invalid sequence"
    INVALID_MATERIAL = "invalid material"
    INVALID_RELATION = "invalid relation"
    WRONG_PROPERTY = "another property"
    TOO_LONG = "too long to judge"
    BAD_GOLD = "gold cannot be read"
    TOOL_FAILED = "a tool failed"


OUR_FAULTS = frozenset({Fault.BAD_GOLD, Fault.TOOL_FAILED})


class Verdict(StrEnum):
    """What a check of a physical constraint found.

    ``NOT_APPLICABLE`` means that nothing was found out: what the check needs was not given, a tool
    is not installed, or the text is beyond what is read. It never speaks for an answer.
    """

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a named check says of a text; ``text`` is a sentence that a scientist understands."""

    check: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of a task, raw text.

    Parameters
    ----------
    id : unique within the task and split.
    inputs : raw input texts by the names that the task's prompt uses.
    gold : what an answer is judged against: the right answer itself, a constraint
        (requested elements, a target structure), or None when only validity is judged.
    reference : an example of a right answer, where the gold is a constraint or absent.
    meta : provenance and everything else, e.g. ``entity`` (the canonical key that fixes the split).
    """

    id: str
    inputs: Mapping[str, str]
    gold: str | None
    reference: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)

    @property
    def example(self) -> str | None:
        """A right answer as raw text, for supervised training; None if none is known."""
        return self.gold if self.reference is None else self.reference


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a dialogue; ``role`` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question ready to be rendered. ``mode`` None leaves the choice to the model."""

    task: str
    sample_id: str
    messages: tuple[Message, ...]
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote after the prompt.

    ``tokens`` counts generated tokens; ``finish`` is ``"stop"``, ``"length"`` (cut at the limit) or
    ``"unread"`` (the question and the room for its answer are more than the model reads).
    ``probability`` is the model's own probability in [0, 1] of the positive answer to a question
    of two classes, where the backend could compare them. ``thinking`` counts the tokens up to and
    with the end of the thought; None where no thought was closed, or the backend cannot tell.
    """

    text: str
    tokens: int
    finish: str = "stop"
    logprobs: tuple[float, ...] | None = None
    probability: float | None = None
    thinking: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A completion split into thought and answer by the one reader of thoughts."""

    answer: str
    thought: str | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The judgement of one completion: the only thing that metrics and rewards see.

    Parameters
    ----------
    value : the parsed answer, None if there is a fault.
    target : the parsed gold (may be a constraint, may be None).
    score : soft score in [0, 1]; 0 for every fault.
    correct : the task's own hard rule.
    tokens : generated tokens, thought included.
    draw : which of several answers to one prompt this is, 0 the first (the best beam).
    probability : the model's probability in [0, 1] of the positive class, where it is known.
    """

    sample_id: str
    value: Any
    target: Any
    score: float
    correct: bool
    fault: Fault | None
    tokens: int = 0
    draw: int = 0
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric's value over ``n`` questions with a 95 % bootstrap interval [low, high].

    ``answered`` is the share in [0, 1] of first answers without a fault.
    """

    value: float
    n: int
    answered: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ModeDecision:
    """The evidence for one task's mode, from development rows answered in both.

    Parameters
    ----------
    n : rows.
    instant, thinking : share of correct answers in each mode.
    gain, low, high : thinking minus instant in the share of correct answers, and its 95 % bounds.
    tokens_instant, tokens_thinking : mean tokens per answer.
    gain_per_100_tokens : the gain in ``metric`` for each 100 extra tokens.
    mode : what was decided.
    reason : why, in words.
    metric : what decided, ``correct`` or ``score``.
    score_instant, score_thinking : mean soft score in [0, 1] in each mode.
    score_gain, score_low, score_high : thinking minus instant in the soft score, and its bounds.
    """

    task: str
    n: int
    instant: float
    thinking: float
    gain: float
    low: float
    high: float
    tokens_instant: float
    tokens_thinking: float
    gain_per_100_tokens: float
    mode: Mode
    reason: str = ""
    metric: str = "correct"
    score_instant: float = 0.0
    score_thinking: float = 0.0
    score_gain: float = 0.0
    score_low: float = 0.0
    score_high: float = 0.0
