"""Rewards: from the judge's soft score to what reinforcement learning sees."""

from scireasoner.rewards.compose import GATE, Composition, Rule
from scireasoner.rewards.soften import DEFAULTS, IDENTITY, Soften, power, reward, soft_overlong

__all__ = [
    "DEFAULTS",
    "GATE",
    "IDENTITY",
    "Composition",
    "Rule",
    "Soften",
    "power",
    "reward",
    "soft_overlong",
]
