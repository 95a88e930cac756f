"""The same rewards for every trainer: one core, and adapters to TRL, verl, verifiers and HTTP.

Nothing heavy is imported here, and no process is started before a reward is asked for.
"""

from scireasoner.trainers.core import Rewarder, rewards
from scireasoner.trainers.rows import Asked, asked

__all__ = ["Asked", "Rewarder", "asked", "rewards"]
