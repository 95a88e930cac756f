"""Rewards: from the judge's soft score to what reinforcement learning sees."""

from scireasoner.rewards.soften import DEFAULTS, IDENTITY, Soften, power, reward, soft_overlong

__all__ = ["DEFAULTS", "IDENTITY", "Soften", "power", "reward", "soft_overlong"]
