"""What a small model learns with our tokenizer, beside a plain byte-level BPE of the same size.

    OMP_NUM_THREADS=1 python benchmarks/tokenizer_learning.py --work FOLDER --seeds 3

Equal documents, equal tokens a step, equal steps (so equal processor time): bits per character on
held-out documents by domain, then exact match of smiles_to_formula after fine-tuning.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from small_models import across, runs

KINDS = ("ours", "plain")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    found = runs(KINDS, options.seeds, options.work)
    for domain in found[KINDS[0]][0]["bits"]:
        print(f"{domain}, held-out documents")
        for kind in KINDS:
            own = [result["bits"][domain] for result in found[kind]]
            print(
                f"  {kind:<8}bits/character {across([b['per_character'] for b in own])}  "
                f"bits/token {across([b['per_token'] for b in own])}  "
                f"characters/token {own[0]['characters_per_token']:.2f}"
            )
    for metric in ("accuracy", "score"):
        print(f"smiles_to_formula, {metric}")
        for kind in KINDS:
            scores = [result["scores"]["smiles_to_formula"] for result in found[kind]]
            intervals = "; ".join(f"{s[metric]['low']:.2f}-{s[metric]['high']:.2f}" for s in scores)
            print(f"  {kind:<8}{across([s[metric]['value'] for s in scores])}  95 %: {intervals}")
    for kind in KINDS:
        cost = [result["pretrain_cpu_s"] + result["sft_cpu_s"] for result in found[kind]]
        print(f"{kind:<8}{found[kind][0]['parameters']:,} parameters, CPU s {across(cost)}")
