"""What a corpus of a given size takes: hours, cores, disk and cost, from measured rates.

The rates lie in ``rates.json``: measured by ``benchmarks/corpus_speed.py``, with machine and date.
They differ between machines by a small factor, so measure on yours before you book a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_json
from scireasoner.corpus.recipe import CorpusRecipe
from scireasoner.errors import ArtifactError, InputError, nearest

RATES = Path(__file__).with_name("rates.json")
_FIELDS = ("machine", "date", "tokens_per_core_second", "bytes_per_token", "efficiency")
_HOURS_OF_A_MONTH = 730


@dataclass(frozen=True)
class Cluster:
    """Machines to build on.

    Parameters
    ----------
    cores : that work at a time.
    core_hour, tb_month : prices, in whatever money you give them.
    """

    name: str
    cores: int
    core_hour: float = 0.0
    tb_month: float = 0.0


# Sizes and round prices to start from; they are no one's offer. Give your own with the options.
CLUSTERS: Mapping[str, Cluster] = {
    c.name: c
    for c in (
        Cluster("workstation", 16),
        Cluster("node", 96, 0.04, 25.0),
        Cluster("cluster", 2_048, 0.04, 25.0),
    )
}


@dataclass(frozen=True)
class Share:
    """The part of a domain: its tokens, the rate that holds for it, what it takes."""

    domain: str
    tokens: float
    rate: float
    measured_as: str
    core_hours: float
    terabytes: float


@dataclass(frozen=True)
class CorpusPlan:
    """What a corpus takes; ``formulas`` says how each number comes about."""

    cluster: Cluster
    shares: tuple[Share, ...]
    tokens: float
    core_hours: float
    hours: float
    terabytes: float
    cost: float
    formulas: tuple[str, ...]
    measured: str


def load_rates(path: Path | None = None) -> dict[str, Any]:
    """Return measured rates; those that come with the package by default.

    Raises
    ------
    ArtifactError : if a file of rates is missing or lacks something.
    """
    rates = read_json(path or RATES)
    lacking = [name for name in _FIELDS if not isinstance(rates, dict) or name not in rates]
    if lacking:
        raise ArtifactError(
            f"{path or RATES} lacks {lacking[0]!r}: write it with benchmarks/corpus_speed.py --out"
        )
    found: dict[str, Any] = rates
    return found


def cluster_of(name: str) -> Cluster:
    """Return a named cluster; InputError with the nearest name if there is none."""
    if name not in CLUSTERS:
        raise InputError(
            f"there is no cluster {name!r}{nearest(name, CLUSTERS)}; known: {', '.join(CLUSTERS)}"
        )
    return CLUSTERS[name]


def tokens_of(recipe: CorpusRecipe) -> dict[str, float]:
    """Return domain -> tokens that a recipe asks for.

    Raises
    ------
    InputError : if it does not say how many.
    """
    mixture = recipe.mixture
    if not (mixture.tokens and mixture.shares):
        raise InputError(
            "the recipe does not say how many tokens of which domain: give tokens and shares in "
            "[mixture]"
        )
    whole = sum(mixture.shares.values())
    return {domain: mixture.tokens * s / whole for domain, s in mixture.shares.items()}


def plan(tokens: Mapping[str, float], cluster: Cluster, rates: Mapping[str, Any]) -> CorpusPlan:
    """Work out what a corpus takes.

    Parameters
    ----------
    tokens : domain -> tokens; a domain that was not measured counts as the slowest measured one.
    """
    speeds: Mapping[str, float] = rates["tokens_per_core_second"]
    sizes: Mapping[str, float] = rates["bytes_per_token"]
    slowest = min(speeds, key=lambda name: speeds[name])
    shares = []
    for domain, count in tokens.items():
        known = domain if domain in speeds else slowest
        hours = count / speeds[known] / 3600
        shares.append(
            Share(domain, count, speeds[known], known, hours, count * sizes[known] / 1e12)
        )
    core_hours = sum(share.core_hours for share in shares)
    terabytes = sum(share.terabytes for share in shares)
    efficiency = float(rates["efficiency"])
    hours = core_hours / (cluster.cores * efficiency)
    cost = hours * cluster.cores * cluster.core_hour
    cost += terabytes * cluster.tb_month * hours / _HOURS_OF_A_MONTH
    formulas = (
        "core-hours = sum over domains of tokens / (tokens per second and core) / 3600",
        f"hours = core-hours / (cores x efficiency); efficiency {efficiency:.2f} was measured "
        "from one to two workers",
        "disk = sum over domains of tokens x bytes per token (kept text, hashes, ids, packed)",
        "not in the hours: one task joins the groups of near duplicates, and their search has as "
        "many tasks as bands (24 by default) x dedup.parts, however many cores there are",
        f"cost = hours x cores x price of a core-hour + disk x price of a TB-month x hours / "
        f"{_HOURS_OF_A_MONTH}",
    )
    measured = f"{rates['machine']}, {rates['date']}"
    return CorpusPlan(
        cluster,
        tuple(shares),
        sum(tokens.values()),
        core_hours,
        hours,
        terabytes,
        cost,
        formulas,
        measured,
    )
