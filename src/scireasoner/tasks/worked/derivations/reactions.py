"""Products and reactants by named transformations, each with a balanced equation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import permutations
from typing import Any

from scireasoner.notation.tags import NOTATIONS
from scireasoner.science import formulas, molecules
from scireasoner.tasks.worked.derivations.base import Derivation, Derived, Voice
from scireasoner.tasks.worked.derivations.transformations import TRANSFORMATIONS, Transformation

_MOST_PARTS = 8
_MOST_ATOMS = 60


@cache
def _compiled() -> tuple[tuple[Transformation, Any, tuple[Any, ...]], ...]:
    from rdkit.Chem import rdChemReactions

    found = []
    for named in TRANSFORMATIONS:
        reaction = rdChemReactions.ReactionFromSmarts(named.smarts)
        reaction.Initialize()
        found.append((named, reaction, tuple(reaction.GetReactants())))
    return tuple(found)


def _parts(smiles: str) -> list[tuple[str, Any]]:
    """Return the different molecules of a mixture, larger ones first."""
    from rdkit import Chem

    found: dict[str, Any] = {}
    for piece in smiles.split("."):
        key = molecules.canonical(piece)
        if key is not None and molecules.heavy_atoms(piece) <= _MOST_ATOMS:
            found.setdefault(key, Chem.MolFromSmiles(key))
    ordered = sorted(found.items(), key=lambda item: (-item[1].GetNumAtoms(), item[0]))
    return ordered[:_MOST_PARTS]


def _routes(
    parts: list[tuple[str, Any]], product: str
) -> Iterator[tuple[Transformation, tuple[str, ...]]]:
    """Yield the transformations of some of the parts that give the product."""
    for named, reaction, patterns in _compiled():
        for chosen in permutations(parts, len(patterns)):
            pairs = zip(chosen, patterns, strict=True)
            if not all(mol.HasSubstructMatch(pattern) for (_, mol), pattern in pairs):
                continue
            if product in _products(reaction, tuple(mol for _, mol in chosen)):
                yield named, tuple(smiles for smiles, _ in chosen)
                break


def _products(reaction: Any, reactants: tuple[Any, ...]) -> set[str]:
    from rdkit import Chem

    found = set()
    for products in reaction.RunReactants(reactants, 60):
        mol = products[0]
        if Chem.SanitizeMol(mol, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE:
            found.add(molecules.canonical(Chem.MolToSmiles(mol)) or "")
    return found


def _route(
    mixture: str, product: str, every: bool
) -> tuple[Transformation, tuple[str, ...]] | None:
    """Return the first route with a balanced equation; ``every``: no part may be left over."""
    wanted = molecules.canonical(product)
    parts = _parts(mixture)
    if wanted is None or not parts:
        return None
    for named, used in _routes(parts, wanted):
        if (not every or len(used) == len(mixture.split("."))) and _balanced(named, used, wanted):
            return named, used
    return None


def _balanced(named: Transformation, used: tuple[str, ...], product: str) -> bool:
    total: dict[str, int] = {}
    for sign, side in ((1, (*used, *named.partners)), (-1, (product, *named.leaving))):
        for smiles in side:
            for element, count in (molecules.formula(smiles) or {}).items():
                total[element] = total.get(element, 0) + sign * count
    return not any(total.values())


def _equation(named: Transformation, used: tuple[str, ...], product: str, tagged: bool) -> str:
    """Write the equation, of tagged structures or of formulas; small partners as formulas."""
    small = [[_small(s) for s in side] for side in (named.partners, named.leaving)]
    large = [_tag(s) if tagged else _small(s) for s in (*used, product)]
    left, right = [*large[:-1], *_collected(small[0])], [large[-1], *_collected(small[1])]
    return f"{' + '.join(left)} -> {' + '.join(right)}"


def _collected(pieces: list[str]) -> list[str]:
    counts = {piece: pieces.count(piece) for piece in pieces}
    return [piece if n == 1 else f"{n} {piece}" for piece, n in counts.items()]


def _small(smiles: str) -> str:
    return formulas.hill(molecules.formula(smiles) or {})


def _tag(smiles: str) -> str:
    return NOTATIONS["smiles"].wrap(smiles)


def forward(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Find which named transformation of the mixture gives the product."""
    product = inputs["answer"]
    route = _route(inputs["smiles"], product, every=False)
    if route is None:
        return None
    named, used = route
    roles = [f"{_tag(s)} is the {role}" for s, role in zip(used, named.roles, strict=True)]
    head = voice.say(
        f"This is {_article(named.name)}.",
        f"The mixture fits {_article(named.name)}.",
        f"What can react: {named.name}.",
        f"Look for what reacts: {_article(named.name)} is possible.",
    )
    change = voice.say(
        f"The {named.bond} changes:",
        f"At the {named.bond} the reaction takes place:",
        f"It happens at the {named.bond}:",
        f"Working on the {named.bond}:",
    )
    return _written(
        named, used, product, f"{head} {', '.join(voice.order(roles))}. {change}", voice
    )


def _written(
    named: Transformation, used: tuple[str, ...], product: str, head: str, voice: Voice
) -> Derived:
    end = voice.say("Atoms balance", "In formulas", "Check of the atoms", "By formula")
    equation = _equation(named, used, product, tagged=True)
    text = f"{head} {equation}. {end}: {_equation(named, used, product, tagged=False)}."
    return Derived(text, product)


def _article(name: str) -> str:
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def backward(inputs: Mapping[str, str], voice: Voice) -> Derived | None:
    """Find the bond that a named transformation makes, and what it is made from."""
    reactants, product = inputs["answer"], inputs["smiles"]
    route = _route(reactants, product, every=True)
    if route is None:
        return None
    named, used = route
    head = voice.say(
        f"Cut the {named.bond}: {_article(named.name)} makes it.",
        f"The {named.bond} comes from {_article(named.name)}.",
        f"Going back, {named.name} sets the {named.bond}.",
        f"One step before, {_article(named.name)} can have made the {named.bond}.",
    )
    roles = [f"the {role} {_tag(s)}" for s, role in zip(used, named.roles, strict=True)]
    needs = voice.say("It needs", "That takes", "Needed are", "So the step starts from")
    start = f"{head} {needs} {' and '.join(voice.order(roles))}. Forward:"
    return Derived(_written(named, used, product, start, voice).text, reactants)


_SOURCE = "named transformations as reaction SMARTS, applied with RDKit"
DERIVATIONS = (
    Derivation(
        "product by a named reaction",
        ("smiles", "answer"),
        "which transformation the mixture allows, and the balanced equation",
        _SOURCE,
        forward,
        tasks=("smol_forward_synthesis", "molinst_forward_reaction"),
    ),
    Derivation(
        "reactants by a named reaction",
        ("smiles", "answer"),
        "which bond was made last, by what, and the balanced equation",
        _SOURCE,
        backward,
        tasks=("smol_retrosynthesis", "uspto50k_retrosynthesis", "molinst_retrosynthesis"),
    ),
)
