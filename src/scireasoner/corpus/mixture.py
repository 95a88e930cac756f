"""How often each source is seen, decided from counted tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_json, write_json
from scireasoner.corpus.recipe import MixtureConfig, SourceConfig
from scireasoner.errors import DataError

MIXTURE = "mixture.json"


@dataclass(frozen=True)
class Mixture:
    """What is asked of each source.

    Parameters
    ----------
    epochs : source -> how often each of its documents is written, on average.
    shares : domain -> share of the tokens that was aimed at.
    short : domain -> tokens that its epoch caps did not allow.
    """

    epochs: Mapping[str, float]
    shares: Mapping[str, float]
    short: Mapping[str, int]

    def as_facts(self) -> dict[str, Any]:
        """Return plain values."""
        return {"epochs": self.epochs, "shares": self.shares, "short": self.short}


def mix(
    tokens: Mapping[str, int], sources: Iterable[SourceConfig], config: MixtureConfig
) -> Mixture:
    """Decide the epochs of each source.

    Parameters
    ----------
    tokens : source -> tokens that are there after cleaning.

    Raises
    ------
    DataError : if a domain with a share has no token left.
    """
    there = [source for source in sources]
    domains = sorted({source.domain for source in there})
    capacity = {
        domain: sum(
            tokens.get(s.name, 0) * s.epochs for s in there if s.domain == domain and s.weight
        )
        for domain in domains
    }
    shares = _shares(tokens, there, domains, config)
    empty = [d for d in domains if shares[d] > 0 and capacity[d] <= 0]
    if empty and config.shares:
        raise DataError(
            f"nothing is left of the domain {empty[0]!r}, which has a share of "
            f"{shares[empty[0]]:.3g}: look at the dropped documents, or give it the share 0"
        )
    aimed = [capacity[d] / shares[d] for d in domains if shares[d] > 0]
    total = float(config.tokens) if config.tokens else min(aimed, default=0.0)
    epochs: dict[str, float] = {source.name: 0.0 for source in there}
    short: dict[str, int] = {}
    for domain in domains:
        members = [s for s in there if s.domain == domain and tokens.get(s.name, 0) and s.weight]
        wanted = total * shares[domain]
        given = _filled(wanted, members, tokens)
        epochs |= {name: round(amount / tokens[name], 12) for name, amount in given.items()}
        missing = round(wanted - sum(given.values()))
        if missing > 0:
            short[domain] = missing
    return Mixture(epochs, shares, short)


def _shares(
    tokens: Mapping[str, int],
    sources: list[SourceConfig],
    domains: list[str],
    config: MixtureConfig,
) -> dict[str, float]:
    if config.shares:
        raw = dict(config.shares)
    else:
        sizes = {
            d: sum(tokens.get(s.name, 0) * s.weight for s in sources if s.domain == d)
            for d in domains
        }
        raw = {d: size ** (1 / config.temperature) if size else 0.0 for d, size in sizes.items()}
    whole = sum(raw.values())
    return {d: raw[d] / whole if whole else 0.0 for d in domains}


def _filled(
    wanted: float, members: list[SourceConfig], tokens: Mapping[str, int]
) -> dict[str, float]:
    """Share out tokens by size and weight; what a capped source cannot take goes to the others."""
    given: dict[str, float] = {}
    left = list(members)
    while left:
        rest = wanted - sum(given.values())
        whole = sum(tokens[s.name] * s.weight for s in left)
        portions = {s.name: rest * tokens[s.name] * s.weight / whole for s in left}
        full = [s for s in left if portions[s.name] >= s.epochs * tokens[s.name]]
        if not full:
            return {**given, **portions}
        given |= {s.name: s.epochs * tokens[s.name] for s in full}
        left = [s for s in left if s not in full]
    return given


@dataclass(frozen=True)
class Mix:
    """The step that reads the counts of all shards and writes ``mixture.json``."""

    tokens: Path
    shards: int
    folder: Path
    sources: tuple[SourceConfig, ...]
    config: MixtureConfig

    def __call__(self, data: object, rank: int = 0, world_size: int = 1) -> None:
        """Decide."""
        counted: dict[str, int] = {}
        for number in range(self.shards):
            for group in read_json(self.tokens / f"{number:05d}.json")["groups"]:
                counted[group["origin"]] = counted.get(group["origin"], 0) + group["tokens"]
        mixture = mix(counted, self.sources, self.config)
        write_json(self.folder / MIXTURE, {**mixture.as_facts(), "tokens": counted})
