"""The four kinds of pairs of arXiv 2509.21320 section 2.1, as texts.

Same discipline (of one family or not), across disciplines (ligand and protein, coding DNA and
protein), several notations of one entity, and text with its label. Tagged texts come in; the
sentence around them is fixed by the record's id.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from enum import StrEnum

from scireasoner.corpus.notations import RANDOM
from scireasoner.corpus.wordings import WITH_FORMULA, draw, wording
from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science.nucleotides import clean_dna, reading_frame, translate

TWILIGHT = (0.2, 0.4)


class PairKind(StrEnum):
    """The kinds of pairs; the value stands in a document's ``meta``."""

    ALIKE = "same discipline"
    ACROSS = "across disciplines"
    NOTATIONS = "notations"
    LABEL = "text and label"


_NAMES = {
    "smiles": "SMILES",
    RANDOM: "SMILES",
    "inchi": "InChI",
    "text": "Text",
}


def labelled(topic: str, given: str, answer: str, key: str, seed: int = 0) -> str:
    """Return a text with its label.

    Parameters
    ----------
    topic : what the label says, e.g. ``"solubility"``.
    given : the tagged entity or the text.
    answer : the label, a class or a number with its unit.
    key : id of the record, which with ``seed`` chooses the sentence.
    """
    return _filled(wording("label", key, seed), topic=topic, given=given, answer=answer)


def with_description(
    given: str, text: str, key: str, *, topic: str = "description", seed: int = 0
) -> str:
    """Return a tagged entity and a text about it."""
    return _filled(wording("description", key, seed), given=given, answer=text, topic=topic)


def alike(a: str, b: str, same: bool, key: str, *, group: str = "family", seed: int = 0) -> str:
    """Return two entities of one discipline and whether they belong together.

    Parameters
    ----------
    a, b : tagged entities, such as two proteins.
    same : the label: whether they share the group.
    group : what is shared or not, such as ``"family"``, ``"fold"`` or ``"EC number"``.
    """
    return _filled(
        wording("alike", key, seed),
        a=a,
        b=b,
        group=group,
        verdict="yes" if same else "no",
        are="is" if same else "is not",
        both="share" if same else "do not share",
    )


def same_group(first: str, second: str) -> bool:
    """Whether two labels name one group; case and outer blanks do not count.

    Raises
    ------
    InputError : if one of them is empty: nothing is known then.
    """
    a, b = first.strip().casefold(), second.strip().casefold()
    if not a or not b:
        raise InputError("a label of a family is empty: leave out pairs whose family is unknown")
    return a == b


def same_by_identity(identity: float) -> bool:
    """Whether two proteins so alike are of one family.

    Parameters
    ----------
    identity : share in [0, 1] of equal residues in their alignment.

    Raises
    ------
    InputError : between 0.2 and 0.4, the twilight zone (doi:10.1093/protein/12.2.85), where
        identity does not tell.
    """
    if TWILIGHT[0] < identity < TWILIGHT[1]:
        raise InputError(
            f"an identity of {identity:.2f} does not tell whether two sequences are of one family: "
            f"below {TWILIGHT[0]} or above {TWILIGHT[1]} is needed"
        )
    return identity >= TWILIGHT[1]


def binding(
    ligand: str, protein: str, answer: str, key: str, *, topic: str = "affinity", seed: int = 0
) -> str:
    """Return a ligand, a protein and what was measured between them.

    Parameters
    ----------
    ligand, protein : a SMILES and a sequence; tagged here where they are not yet.
    answer : a value with its unit, or a class.
    """
    return _filled(
        wording("binding", key, seed),
        ligand=NOTATIONS["smiles"].wrap(ligand),
        protein=NOTATIONS["protein"].wrap(protein),
        topic=topic,
        answer=answer,
    )


def coding(dna: str, key: str, seed: int = 0) -> str:
    """Return a coding DNA with its protein, translated by the standard genetic code.

    Raises
    ------
    InputError : if it is no whole reading frame: letters A, C, G, T, a start codon first, whole
        codons, and a stop codon at the end and nowhere else.
    """
    sequence = clean_dna(dna)
    if sequence is None:
        raise InputError(f"{dna[:60]!r} is not DNA of at most 10,000 letters A, C, G, T")
    frame = reading_frame(sequence)
    wrong = (
        (frame.leftover and f"{frame.leftover} bases are left over")
        or (not frame.starts and "it does not start with ATG")
        or (not frame.ends and "it does not end with a stop codon")
        or (frame.inner_stop is not None and f"codon {frame.inner_stop} is a stop codon")
        or (frame.codons < 2 and "it codes for nothing")
    )
    if wrong:
        raise InputError(f"{dna[:60]!r} is no coding sequence: {wrong}")
    return _filled(
        wording("coding", key, seed),
        dna=NOTATIONS["dna"].wrap(sequence),
        protein=NOTATIONS["protein"].wrap(translate(sequence).removesuffix("*")),
    )


def in_order(forms: Mapping[str, str], key: str, seed: int = 0) -> list[str]:
    """Return the texts of an entity's notations in an order that the key and the seed fix."""
    return [forms[name] for name in _shuffled(forms, key, seed)]


def _shuffled(forms: Mapping[str, str], key: str, seed: int) -> list[str]:
    names = sorted(forms)
    random.Random(f"{seed}:{key}").shuffle(names)
    return names


def several(forms: Mapping[str, str], key: str, seed: int = 0) -> str:
    """Return several notations of one entity, in an order that the key fixes.

    Parameters
    ----------
    forms : notation -> tagged text, as ``corpus.notations`` gives them; one alone stays alone.
    """
    if not forms:
        raise InputError("an entity without any notation was given: at least one is needed")
    names = sorted(name for name in forms if name != "formula") or ["formula"]
    text = _several({name: forms[name] for name in names}, key, seed)
    if "formula" not in forms or names == ["formula"]:
        return text
    # Isomers share a formula: no sentence may say that it is another name of the molecule.
    frame = WITH_FORMULA[draw("formula", key, len(WITH_FORMULA), seed)]
    return _filled(frame, text=text, formula=forms["formula"])


def _several(forms: Mapping[str, str], key: str, seed: int) -> str:
    names = _shuffled(forms, key, seed)
    texts = [forms[name] for name in names]
    if len(texts) == 1:
        return texts[0]
    named = [f"{_title(name)}: {forms[name]}" for name in names]
    return _filled(
        wording("notations", key, seed),
        forms=" ".join(texts),
        lines="\n".join(texts),
        commas=", ".join(texts),
        arrows=" -> ".join(texts),
        equals=" = ".join(texts),
        bars=" | ".join(texts),
        named="; ".join(named),
        named_lines="\n".join(named),
        first=texts[0],
        others=_listed(texts[1:]),
        count=str(len(texts)),
    )


def reaction(reactants: Sequence[str], products: Sequence[str], key: str, seed: int = 0) -> str:
    """Return a reaction: the SMILES of both sides, each molecule tagged."""
    if not reactants or not products:
        raise InputError("a reaction without reactants or products was given: both are needed")
    left, right = (
        " + ".join(NOTATIONS["smiles"].wrap(smiles) for smiles in side)
        for side in (reactants, products)
    )
    return _filled(wording("reaction", key, seed), left=left, right=right)


def _title(name: str) -> str:
    if name.startswith(RANDOM):
        return "SMILES"
    known = NOTATIONS.get(name)
    return _NAMES.get(name) or (known.title if known else name)


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _filled(sentence: str, **parts: str) -> str:
    return sentence.format(**parts)
