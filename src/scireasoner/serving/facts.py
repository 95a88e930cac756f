"""What can be said about an answer by tools rather than by the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scireasoner.notation.tags import NOTATIONS, find_spans
from scireasoner.science import (
    formulas,
    materials,
    molecules,
    names,
    nucleotides,
    proteins,
    reactions,
)
from scireasoner.serving.understand import Understood
from scireasoner.tasks.task import Task
from scireasoner.types import Fault

# A longer span is not looked at: tools written in C have limits that text must not meet.
_LONGEST = 1_000


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
    found = [*_of_entities(answer), *_of_task(understood, answer)]
    return tuple(dict.fromkeys(found))


def _of_entities(answer: str) -> Iterator[Fact]:
    for name, look in _LOOK.items():
        for span in find_spans(answer, NOTATIONS[name]):
            if 0 < len(span.text) <= _LONGEST:
                yield from look(span.text)


def _molecule(text: str) -> Iterator[Fact]:
    counts = molecules.formula(text)
    if counts is None:
        yield Fact(False, "not a valid molecule")
    else:
        yield Fact(True, f"valid molecule, {formulas.hill(counts)}")


def _name(text: str) -> Iterator[Fact]:
    if names.available():
        read = names.names_to_smiles([text])[0]
        yield Fact(
            read is not None,
            f"OPSIN reads the name as {read}" if read else "OPSIN does not understand the name",
        )


def _formula(text: str) -> Iterator[Fact]:
    valid = formulas.parse(text) is not None
    yield Fact(valid, "valid formula" if valid else "not a valid formula")


def _material(text: str) -> Iterator[Fact]:
    tokens = materials.from_tokens(text)
    counts = tokens[0] if tokens else materials.parse_composition(text)
    if counts is None:
        yield Fact(False, "not a valid composition")
        return
    neutral = materials.charge_neutral(counts)
    yield Fact(neutral, "charge neutral" if neutral else "not charge neutral")


def _equation(text: str) -> Iterator[Fact]:
    if reactions.parse_equation(text) is None:
        yield Fact(False, "not a reaction equation")
        return
    excess = {element: n for element, n in reactions.imbalance(text).items() if n}
    listed = ", ".join(f"{element} {n:+d}" for element, n in sorted(excess.items()))
    yield Fact(not excess, f"not balanced: {listed}" if excess else "balanced")


def _protein(text: str) -> Iterator[Fact]:
    sequence = proteins.clean(text)
    yield Fact(
        sequence is not None,
        f"valid protein, {len(sequence)} residues" if sequence else "not a protein sequence",
    )


def _rna(text: str) -> Iterator[Fact]:
    sequence = nucleotides.clean_rna(text)
    yield Fact(
        sequence is not None,
        f"valid RNA, {len(sequence)} nt" if sequence else "not an RNA sequence",
    )


_LOOK: Mapping[str, Callable[[str], Iterator[Fact]]] = MappingProxyType(
    {
        "smiles": _molecule,
        "iupac": _name,
        "formula": _formula,
        "material": _material,
        "equation": _equation,
        "protein": _protein,
        "rna": _rna,
    }
)


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
