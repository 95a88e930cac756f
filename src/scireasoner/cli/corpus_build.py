"""The commands ``corpus build``, ``stats``, ``sample``, ``inspect`` and ``plan``."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scireasoner.cli.common import Commands, command, console, finite, positive, whole

if TYPE_CHECKING:
    from scireasoner.corpus.plan import CorpusPlan
    from scireasoner.corpus.recipe import CorpusRecipe

_BILLION = 1e9
_SHOWN = 600


def add_build(actions: Commands) -> None:
    """Add what builds and shows a corpus."""
    build = command(
        actions,
        "build",
        "read, clean, mix and pack a corpus by a recipe",
        "  scireasoner corpus build corpus.toml --out corpora/first --workers 8\n"
        "The same command continues a build that was stopped.",
    )
    build.add_argument("recipe", type=Path, help="a corpus recipe (TOML)")
    build.add_argument("--out", type=Path, required=True, help="the folder of the corpus")
    build.add_argument("--workers", type=positive, help="tasks at a time (default: the recipe's)")
    build.set_defaults(run=_build)
    stats = command(
        actions,
        "stats",
        "show what a corpus holds and what was dropped",
        "  scireasoner corpus stats corpora/first",
    )
    stats.add_argument("folder", type=Path)
    stats.set_defaults(run=_stats)
    sample = command(
        actions,
        "sample",
        "show some documents of a corpus",
        "  scireasoner corpus sample corpora/first --source uniref -n 3",
    )
    sample.add_argument("folder", type=Path)
    sample.add_argument("--source", help="of this source only")
    sample.add_argument("-n", type=positive, default=5, help="how many (default 5)")
    sample.add_argument("--seed", type=whole, default=0, help="draws other ones (default 0)")
    sample.set_defaults(run=_sample)
    inspect = command(
        actions,
        "inspect",
        "write one HTML page about a corpus",
        "  scireasoner corpus inspect corpora/first",
    )
    inspect.add_argument("folder", type=Path)
    inspect.add_argument("--out", type=Path, help="the page (default: inspect.html in the folder)")
    inspect.set_defaults(run=_inspect)
    _add_plan(actions)


def _add_plan(actions: Commands) -> None:
    plan = command(
        actions,
        "plan",
        "say how long, on how many cores, with how much disk a corpus is built",
        "  scireasoner corpus plan 8b --cluster cluster\n"
        "  scireasoner corpus plan corpus.toml --cores 512 --core-hour 0.03",
    )
    plan.add_argument("recipe", help="a corpus recipe, or a run's recipe with [corpus.plan]")
    plan.add_argument("--cluster", default="node", help="workstation, node or cluster (node)")
    plan.add_argument("--cores", type=positive, help="instead of the cluster's")
    plan.add_argument("--core-hour", type=_price, help="price of a core for an hour")
    plan.add_argument("--tb-month", type=_price, help="price of a terabyte for a month")
    plan.add_argument("--rates", type=Path, help="rates of your machine (benchmarks/corpus_speed)")
    plan.set_defaults(run=_plan)


def _price(text: str) -> float:
    """Return a price; argparse shows the message of what is none."""
    value = finite(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"a price of at least 0 was expected, {text!r} came")
    return value


def _build(options: argparse.Namespace) -> int:
    from scireasoner.corpus.loading import load_corpus_recipe
    from scireasoner.corpus.scale import build_at_scale

    recipe = load_corpus_recipe(options.recipe)
    recipe.check_inputs()
    done = build_at_scale(recipe, options.out, _index(recipe, options.out), options.workers)
    if not done:
        console().print(f"submitted to {recipe.run.executor}; run the same command to see its end")
        return 0
    return _stats(argparse.Namespace(folder=options.out))


def _index(recipe: CorpusRecipe, out: Path) -> Path | None:
    from scireasoner.corpus.scale import WORK
    from scireasoner.data.held_out import index_of
    from scireasoner.tasks.registry import select

    kept_out = recipe.decontaminate
    if not kept_out.tasks:
        return None
    return index_of(select(kept_out.tasks), kept_out.words, out / WORK)


def _stats(options: argparse.Namespace) -> int:
    from rich.markup import escape
    from rich.table import Table

    from scireasoner.corpus.stats import load_stats, parts, reasons

    stats = load_stats(options.folder)
    out = console()
    out.print(
        f"{stats['tokens']:,} tokens in {stats['blocks']:,} blocks of {stats['sequence_length']:,}"
    )
    for by, title in (("domain", "domain"), ("origin", "source"), ("licence", "licence")):
        asked = stats["mixture"]["shares"] if by == "domain" else {}
        table = Table(title, "documents", "tokens", "share", *(["asked"] if asked else []))
        for part in parts(stats, by):
            row = [f"{part.documents:,}", f"{part.tokens:,}", f"{part.share:.1%}"]
            row += [f"{asked[part.name]:.1%}"] if asked else []
            table.add_row(escape(part.name), *row)
        out.print(table)
    for domain, missing in stats["mixture"]["short"].items():
        out.print(f"{escape(domain)}: the epoch caps keep {missing:,} tokens of its share back")
    table = Table("source", "read", "kept", "characters", "tokens", "epochs")
    for name, source in stats["sources"].items():
        numbers = [f"{source[k]:,}" for k in ("read", "kept", "characters", "tokens")]
        table.add_row(name, *numbers, f"{stats['mixture']['epochs'][name]:.3g}")
    out.print(table)
    table = Table("dropped", "documents", "of")
    for reason, count, of in reasons(stats):
        table.add_row(escape(reason), f"{count:,}", ", ".join(f"{name} {n:,}" for name, n in of))
    for task, count in stats["leaks"].items():
        table.add_row(f"  test rows of {task}", f"{count:,}", "")
    out.print(table)
    return 0


def _sample(options: argparse.Namespace) -> int:
    from rich.markup import escape

    from scireasoner.corpus.stats import samples

    out = console()
    for row in samples(options.folder, options.source, options.n, options.seed):
        out.print(
            f"[bold]{escape(row['id'])}[/bold] {escape(row['origin'])}, {escape(row['licence'])}"
        )
        out.print(escape(row["text"][:_SHOWN]) + "\n")
    return 0


def _inspect(options: argparse.Namespace) -> int:
    from scireasoner.corpus.page import write_page

    console().print(str(write_page(options.folder, options.out)))
    return 0


def _plan(options: argparse.Namespace) -> int:
    from scireasoner.corpus.plan import cluster_of, load_rates, plan

    cluster = cluster_of(options.cluster)
    given = {
        name: value
        for name in ("cores", "core_hour", "tb_month")
        if (value := getattr(options, name)) is not None
    }
    found = plan(_tokens(options.recipe), replace(cluster, **given), load_rates(options.rates))
    _show_plan(found)
    return 0


def _tokens(recipe: str) -> dict[str, float]:
    from scireasoner.corpus.loading import load_corpus_recipe
    from scireasoner.corpus.plan import tokens_of
    from scireasoner.errors import InputError
    from scireasoner.recipe import load_recipe
    from scireasoner.recipes import find
    from scireasoner.recipes.filling import read_toml

    path = find(recipe)
    if "source" in read_toml(path):
        return tokens_of(load_corpus_recipe(path))
    planned = load_recipe(path).corpus.plan
    if not planned:
        raise InputError(
            f"{path} has no [corpus.plan] with billions of tokens by domain: add it, or give a "
            "corpus recipe"
        )
    return {domain: billions * _BILLION for domain, billions in planned.items()}


def _show_plan(found: CorpusPlan) -> None:
    from rich.table import Table

    out = console()
    table = Table("domain", "tokens", "tokens/s/core", "core-hours", "TB")
    for share in found.shares:
        rate = f"{share.rate:,.0f}"
        if share.measured_as != share.domain:
            rate += f" (as {share.measured_as})"
        numbers = (f"{share.core_hours:,.0f}", f"{share.terabytes:,.2f}")
        table.add_row(share.domain, f"{share.tokens / _BILLION:,.1f} B", rate, *numbers)
    out.print(table)
    cluster = found.cluster
    out.print(
        f"{found.tokens / _BILLION:,.1f} B tokens on {cluster.name} ({cluster.cores:,} cores, "
        f"{cluster.core_hour:g} a core-hour, {cluster.tb_month:g} a TB-month):\n"
        f"  {found.hours:,.1f} hours, {found.core_hours:,.0f} core-hours, "
        f"{found.terabytes:,.2f} TB of disk, cost {found.cost:,.0f}\n\nHow:"
    )
    for formula in found.formulas:
        out.print(f"  {formula}")
    out.print(f"Rates: {found.measured}. Sizes and prices of clusters are to start from.")
