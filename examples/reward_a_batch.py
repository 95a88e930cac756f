"""Reward a batch of completions as any trainer would: values, verdicts, and the reason of each."""

from __future__ import annotations

from scireasoner import reward_rows

ETHANOL = {"task": "iupac_to_smiles", "inputs": {"name": "ethanol"}, "gold": "CCO"}
BOILS = {"task": "boiling_point", "gold": "78.2"}  # degrees Celsius
BINDS = {"task": "restriction_site", "gold": "EcoRI"}
NEW = {"task": "uncond_protein", "group": "one prompt"}  # no gold: anything valid and new is right

rows = [
    {**ETHANOL, "completion": "<SMILES>OCC</SMILES>"},  # another spelling of the same molecule
    {**ETHANOL, "completion": "<SMILES>CCN</SMILES>"},  # a neighbour
    {**ETHANOL, "completion": "<SMILES>C1CC</SMILES>"},  # no molecule
    {**BOILS, "completion": "<NUMBER>80</NUMBER>"},
    {**BINDS, "completion": "EcoRI", "finish": "length"},  # cut at its limit
    {**NEW, "completion": "<protein>MKTAYIAKQRQISFVKSHFSRQ</protein>"},  # equal answers of a group
    {**NEW, "completion": "<protein>MKTAYIAKQRQISFVKSHFSRQ</protein>"},  # share one reward
    {"task": "boiling_point", "gold": "warm", "completion": "<NUMBER>80</NUMBER>"},  # our mistake
]

for row, reward in zip(rows, reward_rows(rows), strict=True):
    value = "none" if reward.value is None else f"{reward.value:.2f}"
    print(f"{row['completion']:<44}{value:>6}  correct={reward.correct!s:<6}{reward.why}")
