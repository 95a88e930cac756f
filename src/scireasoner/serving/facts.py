"""What can be said about an answer by tools rather than by the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scireasoner.notation.tags import NOTATIONS
from scireasoner.science import formulas, molecules, names, nucleotides
from scireasoner.serving.checking import checked
from scireasoner.serving.understand import Understood
from scireasoner.tasks.task import Task
from scireasoner.types import Fault, Verdict


@dataclass(frozen=True, slots=True)
class Fact:
    """One finding of a tool: whether it holds, and the sentence to show."""

    holds: bool
    text: str


def facts(understood: Understood, answer: str) -> tuple[Fact, ...]:
    """Return what tools find about an answer: of each tagged entity in it, and of the whole.

    Parameters
    ----------
    understood : the question, its task and inputs.
    answer : the model's answer without its thought.
    """
    found = [*_of_entities(understood, answer), *_of_task(understood, answer)]
    return tuple(dict.fromkeys(found))


def _of_entities(understood: Understood, answer: str) -> Iterator[Fact]:
    """Yield what is wrong with each entity, or else what the most telling checks say of it."""
    for item in checked(answer, understood.task, understood.inputs):
        finding = item.finding
        if finding.check in _JUDGED:
            continue
        if finding.verdict is Verdict.FAIL or (
            finding.verdict is Verdict.PASS and finding.check in _TELLING
        ):
            yield Fact(finding.verdict is Verdict.PASS, finding.text)


# What is worth saying where all is well.
_TELLING = frozenset({
    "one molecule", "iupac reading", "formula grammar", "alphabet", "bracket balance",
    "charge neutrality", "element balance", "density", "no element created",
})  # fmt: skip
# Whether the answer is the one that was asked for is said once, by the judge.
_JUDGED = frozenset({
    "canonical identity", "element counts", "element set", "codon translation",
    "target structure", "same species", "smallest coefficients",
})  # fmt: skip


def _of_task(understood: Understood, answer: str) -> Iterator[Fact]:
    """Judge the answer against what a tool, or the request itself, says is right."""
    task = understood.task
    if task is None:
        return
    value = task.answer.parse(answer)
    if isinstance(value, Fault):
        yield Fact(False, f"no readable answer: {value.value}")
        return
    raw, who = _expected(task, understood.inputs)
    if raw is None:
        return
    # A name is judged by its structure: there the molecule asked about is itself the target.
    target = raw if task.answer.kind == _NAMES else task.answer.read_gold(raw)
    if isinstance(target, Fault):
        return
    if task.answer.compare(value, target)[1]:
        yield Fact(True, f"agrees with {who}")
    else:
        yield Fact(False, f"does not agree with {who}: {raw}")


def _expected(task: Task, inputs: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the raw gold that a tool computes from the inputs (or the request), and its name."""
    kind = task.answer.kind
    if len(inputs) != 1:
        return None, ""
    notation = NOTATIONS[next(iter(task.inputs.values()))].name
    text = next(iter(inputs.values()))
    if kind in _REQUESTS:
        return text, "the request"
    compute = _COMPUTED.get((notation, kind))
    return (None, "") if compute is None else (compute[0](text), compute[1])


# Answer kinds whose gold is the request itself: the equation to balance, the elements to use,
# the structure to fold into.
_REQUESTS = frozenset({"equation", "material", "rna design"})
_NAMES = "iupac name"


def _formula_of_smiles(text: str) -> str | None:
    counts = molecules.formula(text)
    return None if counts is None else formulas.hill(counts)


def _smiles_of_name(text: str) -> str | None:
    return names.names_to_smiles([text])[0] if names.available() else None


def _formula_of_name(text: str) -> str | None:
    smiles = _smiles_of_name(text)
    return None if smiles is None else _formula_of_smiles(smiles)


def _translation(text: str) -> str | None:
    return nucleotides.translate(text).rstrip("*") or None


# (notation asked about, answer kind) -> the tool that knows the answer, and its name.
_COMPUTED: Mapping[tuple[str, str], tuple[Callable[[str], str | None], str]] = MappingProxyType(
    {
        ("smiles", "formula"): (_formula_of_smiles, "RDKit"),
        ("iupac", "formula"): (_formula_of_name, "OPSIN and RDKit"),
        ("iupac", "molecule"): (_smiles_of_name, "OPSIN"),
        ("smiles", _NAMES): (molecules.canonical, "the molecule of the question"),
        ("dna", "protein"): (_translation, "the standard genetic code"),
    }
)
