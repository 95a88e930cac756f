"""Read a corpus recipe and check its names and numbers against each other."""

from __future__ import annotations

import math
from pathlib import Path

from scireasoner.corpus.filters import FILTERS
from scireasoner.corpus.readers import options_of
from scireasoner.corpus.recipe import CorpusRecipe
from scireasoner.errors import InputError, RecipeError, nearest
from scireasoner.recipes.filling import fill, read_toml

EXECUTORS = ("local", "slurm", "ray")


def load_corpus_recipe(path: Path) -> CorpusRecipe:
    """Read a corpus recipe.

    Raises
    ------
    RecipeError : if it is no TOML, or a key or value in it is wrong; the nearest name is given.
    """
    if not path.is_file():
        raise RecipeError(f"no corpus recipe {str(path)!r}: give the path of a TOML file")
    table = read_toml(path)
    table.setdefault("folder", str(path.resolve().parent))
    recipe: CorpusRecipe = fill(CorpusRecipe, table, str(path))
    try:
        check(recipe)
    except (RecipeError, InputError) as error:
        raise RecipeError(f"{path}: {error}") from error
    return recipe


def check(recipe: CorpusRecipe) -> None:
    """Check names and numbers against each other; RecipeError or InputError names the first."""
    _check_sources(recipe)
    domains = sorted({source.domain for source in recipe.source})
    for place, named in (
        ("clean.domains", recipe.clean.domains),
        ("shares", recipe.mixture.shares),
    ):
        for domain in named:
            if domain not in domains:
                raise RecipeError(
                    f"{place} names the domain {domain!r}, which no source has"
                    f"{nearest(domain, domains)}"
                )
    lacking = [domain for domain in domains if domain not in recipe.mixture.shares]
    if recipe.mixture.shares and lacking:
        raise RecipeError(f"shares has no share for the domain {lacking[0]!r}: add it (0 is one)")
    for domain, settings in recipe.clean.domains.items():
        for name in settings.filters:
            if name not in FILTERS:
                raise RecipeError(
                    f"clean.domains.{domain} names the filter {name!r}{nearest(name, FILTERS)}; "
                    f"known: {', '.join(FILTERS)}"
                )
    _check_choice("run.executor", recipe.run.executor, EXECUTORS)
    _check_choice("dedup.labels", recipe.dedup.labels, ("same", "any"))
    _check_numbers(recipe)


def _check_sources(recipe: CorpusRecipe) -> None:
    if not recipe.source:
        raise RecipeError("there is no [[source]]: add at least one")
    names: set[str] = set()
    for source in recipe.source:
        if source.name in names or not source.name or set("/\\.") & set(source.name):
            raise RecipeError(
                f"a source is named {source.name!r}: names are unique, not empty, and have "
                "no slash or dot"
            )
        names.add(source.name)
        known = options_of(source.reader)
        for option in source.options:
            if option not in known:
                raise RecipeError(
                    f"the reader {source.reader!r} has no option {option!r}"
                    f"{nearest(option, known)}; it has {', '.join(known)}"
                )
        if source.only and "keep" not in known:
            raise RecipeError(
                f"the source {source.name!r} has `only`, but the reader {source.reader!r} keeps "
                "no fields: leave it out"
            )
        if not all(map(str.strip, (source.licence, source.citation, source.domain))):
            raise RecipeError(f"the source {source.name!r} needs a licence, citation and domain")


def _check_choice(place: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise RecipeError(
            f"{place} is {value!r}{nearest(value, known)}: one of {', '.join(known)} was expected"
        )


def _check_numbers(recipe: CorpusRecipe) -> None:
    above: dict[str, float] = {"pack.sequence_length": recipe.pack.sequence_length - 1}
    above |= {"pack.shards": recipe.pack.shards, "dedup.partitions": recipe.dedup.partitions}
    above |= {"dedup.parts": recipe.dedup.parts, "dedup.permutations": recipe.dedup.permutations}
    above |= {"dedup.words": recipe.dedup.words, "dedup.protein": recipe.dedup.protein}
    above |= {
        "dedup.nucleotides": recipe.dedup.nucleotides,
        "clean.min_chars": recipe.clean.min_chars,
    }
    above |= {"decontaminate.words": recipe.decontaminate.words}
    above |= {"mixture.temperature": recipe.mixture.temperature}
    above |= {f"epochs of {s.name}": s.epochs for s in recipe.source}
    for place, value in above.items():
        if not (math.isfinite(value) and value > 0):
            raise RecipeError(f"{place} is too small: a larger number was expected")
    least: dict[str, float] = {
        "mixture.tokens": recipe.mixture.tokens,
        "run.workers": recipe.run.workers,
    }
    least |= {f"the share of {d}": share for d, share in recipe.mixture.shares.items()}
    least |= {f"the weight of {s.name}": s.weight for s in recipe.source}
    least |= {f"shards of {s.name}": s.shards for s in recipe.source}
    for place, value in least.items():
        if not (math.isfinite(value) and value >= 0):
            raise RecipeError(f"{place} is {value}: at least 0 was expected")
    parts = {"dedup.threshold": recipe.dedup.threshold}
    parts |= {"decontaminate.identity": recipe.decontaminate.identity}
    for place, value in parts.items():
        if not 0 < value < 1:
            raise RecipeError(f"{place} is {value}: a number between 0 and 1 was expected")
