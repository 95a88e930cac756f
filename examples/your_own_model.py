"""Ask a model of your own: anything with a name and ``generate`` is a backend."""

from __future__ import annotations

from collections.abc import Sequence

from scireasoner import Completion, Prompt, Sampling, ask


class AlwaysEthanol:
    """A model that has one idea."""

    name = "always ethanol"

    def generate(
        self, prompts: Sequence[Prompt], sampling: Sampling, n: int = 1
    ) -> list[list[Completion]]:
        """Return the same formula for every prompt."""
        return [[Completion("<MOLFORMULA>C2H6O</MOLFORMULA>", tokens=9)] * n for _ in prompts]


for question in (
    "What is the molecular formula of OCC?",
    "What is the molecular formula of <IUPAC>methanol</IUPAC>?",
):
    answered = ask(question, backend=AlwaysEthanol(), mode="instant")
    print(question, "->", answered.answer, "| verified:", answered.verified)
    for fact in answered.facts:
        print("   ", "✓" if fact.holds else "✗", fact.text)
