"""Loop energies of a minimum free energy structure, and the pairs of a designed RNA."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from scireasoner.errors import MissingTool
from scireasoner.notation.tags import NOTATIONS
from scireasoner.science import nucleotides
from scireasoner.types import Sample


@cache
def _vienna() -> ModuleType:
    try:
        import RNA
    except ImportError as error:
        raise MissingTool("ViennaRNA", "folding RNA", "pip install ViennaRNA") from error
    module: ModuleType = RNA
    return module


def loop_energies(sample: Sample) -> str | None:
    """Write the structure, then each loop's energy (Turner 2004) with the running sum, kcal/mol."""
    rna = sample.inputs["rna"]
    structure, energy = nucleotides.fold(rna)
    if f"{energy + 0.0:.1f}" != sample.gold:
        return None
    shown = NOTATIONS["structure"].wrap(structure)
    if "(" not in structure:
        return f"{shown} no pairs: 0.0"
    total = 0
    steps: list[str] = []
    for name, loop in loops_of(rna, structure):
        total += loop
        steps.append(f"{name} {loop / 100:.1f} = {total / 100:.1f}" if steps else
                     f"{name} {loop / 100:.1f}")  # fmt: skip
    return f"{shown} {', '.join(steps)}" if f"{total / 100:.1f}" == sample.gold else None


def loops_of(rna: str, structure: str) -> list[tuple[str, int]]:
    """Return what stands outside of all pairs, then every loop: its name and its energy.

    Energies are ViennaRNA's, in whole hundredths of kcal/mol.
    """
    fold, table = _vienna().fold_compound(rna), _vienna().ptable(structure)
    found = [("ends", int(fold.eval_loop_pt(0, table)))]
    # Positions count from 1.
    for i in range(1, len(rna) + 1):
        if table[i] > i:
            found.append((_loop_name(rna, table, i), int(fold.eval_loop_pt(i, table))))
    return found


def _loop_name(rna: str, table: list[int], i: int) -> str:
    """Name the loop that the pair (i, j) closes: a stack by its pairs, others by unpaired bases."""
    j = table[i]
    inside = [k for k in range(i + 1, j) if table[k] > k and _directly(table, i, k)]
    if not inside:
        return f"hairpin {j - i - 1}"
    if len(inside) > 1:
        return "branch"
    k = inside[0]
    unpaired = (k - i - 1) + (j - table[k] - 1)
    if unpaired:
        return f"bulge {unpaired}"
    return f"{rna[i - 1]}{rna[j - 1]} {rna[k - 1]}{rna[table[k] - 1]}"


def _directly(table: list[int], i: int, k: int) -> bool:
    """Whether no other pair lies between the pair that opens at ``i`` and the one at ``k``."""
    return not any(table[m] > table[k] for m in range(i + 1, k))


def design_pairs(sample: Sample) -> str | None:
    """List the pairs of the target with their bases, then the unpaired bases."""
    rna, target = sample.example, sample.gold
    found = nucleotides.pairs(target or "")
    if rna is None or found is None or len(rna) != len(target or ""):
        return None
    steps = [f"{i + 1}-{j + 1} {rna[i]}{rna[j]}" for i, j in sorted(found)]
    paired = {position for pair in found for position in pair}
    rest = "".join("-" if i in paired else base for i, base in enumerate(rna))
    loops = " ".join(piece for piece in rest.split("-") if piece)
    return f"length {len(rna)}: {', '.join(steps)}; unpaired {loops}"
