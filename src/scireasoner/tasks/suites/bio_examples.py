"""Examples of the biology tasks: they show the format and are no data to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from scireasoner.tasks.rows import Example

# Short pieces of common molecules, to show the format: genes, an siRNA target, small proteins.
_SHOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dna": (
            "GGGCCTATAAAAGGCGGGGCGCGCGGCGCAGGCTCAGTCGAGACTGCAGCC",
            "ATGGTGCACCTGACTCCTGAGGAGAAGTCTGCCGTTACTGCCCTGTGGGGC",
            "TTGACAATTAATCATCGGCTCGTATAATGTGTGGAATTGTGAGCGGATAAC",
        ),
        "rna": (
            "GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCCUG",
            "ACUCUUCUGGUCCCCACAGACUCAGAGAGAACCCACCAUGGUGCUGUCUCC",
            "UGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAA",
        ),
        "protein": (
            "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGA",
            "FVNQHLCGSHLVEALYLVCGERGFFYTPKTRREAEDLQVGQVELGGGPGAG",
            "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIFAGKQLE",
        ),
        "sirna": ("UUCUCCGAACGUGUCACGUTT", "ACGUGACACGUUCGGAGAATT", "UAAGGCUAUGAAGAGAUACTT"),
    }
)


def shown(
    inputs: Mapping[str, str],
    golds: Sequence[str],
    texts: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[Example, ...]:
    """Return examples of the format, one for each gold.

    Parameters
    ----------
    inputs : input name -> notation name.
    texts : values of the inputs that no sequence of ours fits.
    """
    rows = []
    for n, gold in enumerate(golds):
        values = {}
        for place, (name, notation) in enumerate(inputs.items()):
            pool = texts.get(name) or _SHOWN[notation]
            values[name] = pool[(n + place) % len(pool)]
        rows.append(Example(values, gold))
    return tuple(rows)
