"""Judge answers without any model: what counts as right, how near the others are, and why not."""

from __future__ import annotations

from scireasoner import Completion, Mode, Sample, get_task

task = get_task("iupac_to_smiles")
sample = Sample(id="1", inputs={"name": "ethanol"}, gold="CCO")

for text in (
    "<SMILES>OCC</SMILES>",  # another spelling of the same molecule
    "The answer is <SMILES>CCN</SMILES>.",  # a neighbour
    "<SMILES>C1CC</SMILES>",  # no molecule
    "I do not know.",
):
    outcome = task.judge(sample, Completion(text, tokens=10), Mode.INSTANT)
    why = outcome.fault.value if outcome.fault else "judged"
    print(f"{text:<40}{outcome.score:6.2f}  correct={outcome.correct!s:<6}{why}")
