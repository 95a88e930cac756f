"""The taskset of SciReasoner for verifiers, which finds one by the name of a module.

``vf-eval scireasoner_env --env.taskset.tasks smiles_to_formula flammable``
"""

from scireasoner.trainers.verifiers_env import ScienceTaskset

__all__ = ["ScienceTaskset"]
