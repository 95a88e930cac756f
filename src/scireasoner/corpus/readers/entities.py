"""From the values of a row to a text: which entity it holds and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scireasoner.corpus import notations, pairs
from scireasoner.corpus.pairs import PairKind
from scireasoner.corpus.readers.pieces import StrangeLetter, letters_of
from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science import molecules

ENTITIES = (
    "smiles", "selfies", "iupac", "protein", "dna", "rna", "sequence", "cds", "reaction",
    "reactants",
)  # fmt: skip
_SEQUENCES = ("protein", "dna", "rna")
_YES = frozenset({"yes", "true", "1", "1.0", "positive", "same"})
_NO = frozenset({"no", "false", "0", "0.0", "negative", "different"})

Made = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user asks for beyond the columns.

    Parameters
    ----------
    topic : what a label says, such as ``"solubility in mol/L"``; or what two entities share.
    randoms : random SMILES beside the canonical one.
    inchi : whether a molecule's InChI is one of its notations.
    seed : fixes wordings and random SMILES.
    """

    topic: str = ""
    randoms: int = 1
    inchi: bool = False
    seed: int = 0


def compose(values: Mapping[str, str], domain: str, key: str, wish: Wish) -> Made | None:
    """Return text and ``meta`` of a row, or None if it holds nothing to write.

    Raises
    ------
    InputError : for an entity that is none; the message is the reason why the row is broken.
    """
    given = {role: value for role, value in values.items() if value}
    if "sequence" in given:
        if domain not in _SEQUENCES:
            raise InputError(
                f"a column holds sequences and the domain is {domain!r}: name the column as "
                f"{', '.join(_SEQUENCES)} in columns="
            )
        given.setdefault(domain, given.pop("sequence"))
    if "reaction" in given or "reactants" in given:
        return _reaction(given, key, wish)
    if "cds" in given:
        meta = {"kind": str(PairKind.ACROSS), "entity": "".join(given["cds"].split()).upper()}
        return pairs.coding(given["cds"], key, wish.seed), _with(meta, given)
    for kind in ("smiles", *_SEQUENCES):
        if kind in given and (f"{kind}2" in given or "family2" in given):
            return _alike(kind, given, key, wish)
    if "smiles" in given and "protein" in given:
        return _binding(given, key, wish)
    if "smiles" in given:
        return _molecule(given, key, wish)
    for kind in _SEQUENCES:
        if kind in given:
            return _sequence(kind, given, key, wish)
    for kind in ("selfies", "iupac"):
        if kind in given:
            return _labelled(NOTATIONS[kind].wrap(given[kind]), kind, {}, given, key, wish)
    return _text(given, key, wish)


def _with(meta: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
    return meta | {k: given[k] for k in ("organism",) if k in given}


def canonical(smiles: str) -> str:
    """Return the canonical SMILES or say, as InputError, why it is none."""
    found = molecules.canonical(smiles)
    if found is None:
        why = molecules.refusal(smiles) or "RDKit does not read it"
        raise InputError(f"{smiles[:60]!r} is no molecule: {why}")
    return found


def _entity(smiles: str) -> str:
    return molecules.skeleton(smiles) or smiles


def _molecule(given: Mapping[str, str], key: str, wish: Wish) -> Made:
    target = canonical(given["smiles"])
    meta = {"entity": _entity(target)}
    if "label" in given or "text" in given:
        return _labelled(NOTATIONS["smiles"].wrap(target), "molecule", meta, given, key, wish)
    forms = notations.molecule(
        target,
        name=given.get("iupac", ""),
        randoms=wish.randoms,
        seed=wish.seed,
        inchi=wish.inchi,
    )
    meta["kind"] = str(PairKind.NOTATIONS)
    return pairs.several(forms, key, wish.seed), meta


def _letters(kind: str, text: str) -> str:
    try:
        letters = letters_of(kind, "".join(text.split()).encode())
    except StrangeLetter as error:
        raise InputError(str(error)) from error
    if not letters:
        raise InputError(f"the {kind} sequence is empty")
    return letters.decode("ascii")


def _sequence(kind: str, given: Mapping[str, str], key: str, wish: Wish) -> Made:
    letters = _letters(kind, given[kind])
    meta = _with({"entity": letters}, given)
    if "label" in given or "text" in given:
        return _labelled(NOTATIONS[kind].wrap(letters), kind, meta, given, key, wish)
    facts = {
        "Name": given.get("name", ""),
        "Gene": given.get("gene", ""),
        "Organism": given.get("organism", ""),
        "Position": given.get("position", ""),
        "Function": given.get("function", ""),
    }
    meta |= {"kind": kind} | ({"coordinates": given["position"]} if "position" in given else {})
    return notations.described(kind, letters, facts), meta


def _labelled(
    entity: str,
    kind: str,
    meta: dict[str, str],
    given: Mapping[str, str],
    key: str,
    wish: Wish,
) -> Made:
    """Return an entity with its label or its description, or alone where it has neither."""
    labelled = meta | {"kind": str(PairKind.LABEL)}
    if answer := given.get("label"):
        topic = wish.topic or "label"
        return pairs.labelled(topic, entity, answer, key, wish.seed), labelled
    if said := given.get("text"):
        topic = wish.topic or "description"
        return pairs.with_description(entity, said, key, topic=topic, seed=wish.seed), labelled
    return entity, meta | {"kind": kind}


def _binding(given: Mapping[str, str], key: str, wish: Wish) -> Made:
    target, letters = canonical(given["smiles"]), _letters("protein", given["protein"])
    if "label" not in given:
        raise InputError("a ligand and a protein need a label: name its column in columns=")
    topic = wish.topic or "affinity"
    text = pairs.binding(target, letters, given["label"], key, topic=topic, seed=wish.seed)
    return text, {"kind": str(PairKind.ACROSS), "entity": f"{_entity(target)} | {letters}"}


def _alike(kind: str, given: Mapping[str, str], key: str, wish: Wish) -> Made:
    second = given.get(f"{kind}2")
    if second is None:
        raise InputError(f"a second family and no second {kind}: name its column as '{kind}2'")
    read = canonical if kind == "smiles" else lambda text: _letters(kind, text)
    a, b = read(given[kind]), read(second)
    if "family" in given and "family2" in given:
        same = pairs.same_group(given["family"], given["family2"])
    elif "identity" in given:
        same = pairs.same_by_identity(_share(given["identity"]))
    else:
        word = given.get("label", "").casefold()
        if word not in _YES | _NO:
            raise InputError(f"the label {word!r} says neither yes nor no (1/0, true/false)")
        same = word in _YES
    wrap, group = NOTATIONS[kind].wrap, wish.topic or "family"
    text = pairs.alike(wrap(a), wrap(b), same, key, group=group, seed=wish.seed)
    entity = " | ".join(_entity(x) if kind == "smiles" else x for x in (a, b))
    return text, {"kind": str(PairKind.ALIKE), "entity": entity}


def _share(text: str) -> float:
    """Return an identity in [0, 1]; with ``%`` it is of 100."""
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise InputError(f"the identity {text[:20]!r} is no share: 0 to 1, or 0% to 100%")
    return value


def _reaction(given: Mapping[str, str], key: str, wish: Wish) -> Made:
    if "reaction" in given:
        # Extensions such as " |f:0.1|" follow a blank.
        sides = given["reaction"].split()[0].split(">")
        if len(sides) != 3:
            raise InputError(f"{given['reaction'][:60]!r} is no reaction: A.B>C>D is expected")
        left, right = [s for s in (sides[0], sides[1]) if s], sides[2]
    else:
        left, right = [given["reactants"]], given.get("products", "")
    reactants = [part for side in left for part in canonical(side).split(".")]
    products = canonical(right).split(".") if right else []
    text = pairs.reaction(reactants, products, key, wish.seed)
    entity = " | ".join(dict.fromkeys(_entity(smiles) for smiles in products))
    return text, {"kind": "reaction", "entity": entity}


def _text(given: Mapping[str, str], key: str, wish: Wish) -> Made | None:
    if "text" in given:
        if "label" in given:
            topic = wish.topic or "label"
            text = pairs.labelled(topic, given["text"], given["label"], key, wish.seed)
            return text, {"kind": str(PairKind.LABEL)}
        return given["text"], {}
    if "question" in given and "answer" in given:
        return f"{given['question']}\n\n{given['answer']}", {}
    return None
