"""Every notation of one entity, as tagged text, and the facts that go with it.

After arXiv 2509.21320 section 2.1: a molecule as SMILES, SELFIES, IUPAC name and formula; protein,
RNA and DNA with what is known of them; a material as its elements and space group. Tags are put
on by ``Notation.wrap`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from scireasoner.notation.tags import NOTATIONS, strip_tags


def described(kind: str, sequence: str, facts: Mapping[str, str]) -> str:
    """Return a tagged sequence below one line for each fact that is known.

    Parameters
    ----------
    kind : notation of the sequence, ``"protein"``, ``"dna"``, ``"rna"`` ...
    facts : name -> what is known, in the order of the lines; empty ones are left out.
    """
    lines = [f"{name}: {strip_tags(value)}" for name, value in facts.items() if value]
    return "\n".join([*lines, NOTATIONS[kind].wrap(sequence)])
