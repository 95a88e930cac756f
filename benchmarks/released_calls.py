"""What is called of the released evaluators for each task: post-processor, evaluator, numbers.

Part of ``released.py``, which makes the modules importable.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]
"""An entry of the plan, or of a prediction file."""

Entries = list[Entry]
Numbers = Mapping[str, Any]
Call = Callable[[Entry, Entries], Numbers]

DATASETS = "opencompass.datasets"

# How the hub's register_tasks.json types the tasks of Biology-Instructions.
_BIO = {
    "bio binary mcc": ("binary classification", "MCC"),
    "bio binary acc": ("binary classification", "Acc"),
    "bio spearman": ("regression", "spearman"),
    "bio r2": ("regression", "R2"),
    "bio isoform r2": ("regression", "R2"),
    "bio mixed score": ("regression", "mixed_score"),
    "bio switches r2": ("multilabel regression", "R2"),
    "bio enhancer pcc": ("multilabel regression", "PCC"),
    "bio family accuracy": ("multiclass classification", "Acc"),
    "bio enzyme fmax": ("multilabel classification", "Fmax"),
    "bio modification auc": ("multilabel classification", "AUC"),
}
_BIO_NAMES = {"rna_protein_interaction": "ncRNAProteinInter", "antibody_antigen": "AntibodyAntigen"}


def _part(name: str) -> Any:
    return importlib.import_module(f"{DATASETS}.{name}")


def _texts(entries: Entries, read: Callable[[str], Any]) -> tuple[list[Any], list[Any]]:
    """Return predictions and golds after the post-processor, as the released runner does."""
    said = [entry["prediction"] for entry in entries]
    return (
        [[read(t) for t in text] if isinstance(text, list) else read(text) for text in said],
        [read(entry["gold"]) for entry in entries],
    )


def _bio(plan: Entry, entries: Entries) -> Numbers:
    module = _part("bio_instruction.bio_instrcution")
    path = str(plan["hub"])
    return module.bio_instruction_Evaluator(path, "model").score([e["prediction"] for e in entries])


def _chemistry(plan: Entry, entries: Entries) -> Numbers:
    module = _part("LLM4Chem.evaluator")
    task = str(plan["name"]).removeprefix("smol_")
    read = partial(module.LLM4Chem_postprocess, task=task)
    return module.LLM4Chem_Evaluator(task).score(*_texts(entries, read))


def _uspto(plan: Entry, entries: Entries) -> Numbers:
    module = _part("LLM4Chem.retrosynthesis_evaluator")
    beams = int(plan["beams"])
    judge = module.RetrosynthesisEvaluator(beam_size=beams, n_best=beams, process_number=1)
    return judge.score(*_texts(entries, module.Retrosynthesis_postprocess))


def _molecules(plan: Entry, entries: Entries) -> Numbers:
    module = _part("Mol_Instructions.molecule")
    task = str(plan["name"]).removeprefix("mol_instruction_")
    read = partial(module.Mol_Instructions_postprocess_Mol, task=task)
    return module.Mol_Instructions_Evaluator_Mol(task).score(*_texts(entries, read))


def _biotext(plan: Entry, entries: Entries) -> Numbers:
    module = _part("Mol_Instructions.biotext")
    task = str(plan["name"]).removeprefix("mol_instruction_")
    read = partial(module.Mol_Instructions_postprocess_BioText, task=task)
    return module.Mol_Instructions_Evaluator_BioText(task).score(*_texts(entries, read))


def _protein_text(plan: Entry, entries: Entries) -> Numbers:
    """Call the package as the released runner's copy of the HF metric does, seed included."""
    import numpy
    from rouge_score import rouge_scorer, scoring

    read = _part("Mol_Instructions.protein").Mol_Instructions_postprocess_Protein
    numpy.random.seed(0)
    state: Any = numpy.random.get_state()
    numpy.random.seed(state[1][0])
    kinds = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    scorer, total = rouge_scorer.RougeScorer(kinds), scoring.BootstrapAggregator()
    for said, gold in zip(*_texts(entries, read), strict=True):
        total.add_scores(scorer.score(gold, said))
    return {kind: 100 * found.mid.fmeasure for kind, found in total.aggregate().items()}


def _protein_design(plan: Entry, entries: Entries) -> Numbers:
    module = _part("Mol_Instructions.protein")
    read = module.Mol_Instructions_postprocess_Protein_Design
    return module.Mol_Instructions_Evaluator_Protein_Design().score(*_texts(entries, read))


def _gue(plan: Entry, entries: Entries, folder: Path) -> Numbers:
    module = _part("GUE")
    records = json.loads((folder / "hub" / plan["hub"]).read_text(encoding="utf-8"))
    clause = " The prediction result is {}."
    golds = [e["gold"] + clause.format(r["label"]) for e, r in zip(entries, records, strict=True)]
    said = [module.GUE_postprocessor(entry["prediction"]) for entry in entries]
    return module.GUE_Evaluator().score(said, [module.GUE_postprocessor(gold) for gold in golds])


def _opi(plan: Entry, entries: Entries) -> Numbers:
    module = _part("opi.evaluator")
    task = str(plan["name"]).split("_")[0]
    read = partial(module.opi_postprocess, task=task)
    return module.opi_Evaluator(task).score(*_texts(entries, read))


def _peer(plan: Entry, entries: Entries) -> Numbers:
    module = _part("SciReasoner.PEER")
    if plan["name"] == "stability":
        read = partial(module.PEER_postprocess_float_compare, compare_number=1)
        judge = module.PEER_Evaluator(task="stability")
    else:
        read, judge = module.PEER_postprocess_default, module.PEERRuleEvaluator()
    return judge.score(*_texts(entries, read))


def _properties(plan: Entry, entries: Entries) -> Numbers:
    module = _part("LLM4Mat")
    name = str(plan["evaluator"]).split(" ")[1]
    read = partial(module.LLM4Mat_postprocessor, property=name)
    return module.LLM4Mat_Evaluator().score(*_texts(entries, read))


def _materials(plan: Entry, entries: Entries, folder: Path) -> Numbers:
    given = plan["evaluator"] == "material composition"
    module = _part("composition_material" if given else "bulk_modulus_material")
    read = module.material_postprocessor
    judge = module.composition_Evaluator if given else module.material_Evaluator
    free = plan["suite"] == "unconditional"
    made = judge() if free else judge(data_path=str(folder / "hub" / plan["hub"]))
    return made.score([read(entry["prediction"]) for entry in entries])


def _rna(plan: Entry, entries: Entries) -> Numbers:
    module = _part("uncond_RNA")
    said = [module.RNA_postprocessor(entry["prediction"]) for entry in entries]
    return module.RNA_Evaluator().score(said, None)


def _proteins(plan: Entry, entries: Entries) -> Numbers:
    module = _part("unconditional_protein_generation.UPG")
    return module.UPG_Evaluator().score([module.UPG_postprocess(e["prediction"]) for e in entries])


def _new_molecules(plan: Entry, entries: Entries) -> Numbers:
    module = _part("unconditional_molecule_generation.UMG")
    return module.UMG_Evaluator().score([entry["prediction"] for entry in entries])


def _later(plan: Entry, entries: Entries) -> Numbers:
    module = _part("SciReasoner1_5")
    name = str(plan["evaluator"])
    kinds = {"sr15 tm score": "TMScore", "sr15 go process": "GO", "sr15 ligand pair": "Dude"}
    judge = getattr(module, f"SciReasoner15{kinds.get(name, 'Material')}Evaluator")
    made = judge() if name in kinds else judge(name.split(" ")[2])
    return made.score([e["prediction"] for e in entries], [e["gold"] for e in entries])


def call_of(plan: Entry, folder: Path) -> Call:
    """Return what calls the released evaluator of a task."""
    name, suite = str(plan["evaluator"]), str(plan["suite"])
    by_name: dict[str, Call] = {
        "uspto50k": _uspto, "molinst smiles": _molecules, "molinst orbital energy": _molecules,
        "molinst description": _molecules, "protein text": _protein_text,
        "protein design": _protein_design, "unconditional rna": _rna,
        "unconditional protein": _proteins, "unconditional molecule": _new_molecules,
        "gue": partial(_gue, folder=folder),
    }  # fmt: skip
    by_suite: dict[str, Call] = {
        "bio_instruction": _bio, "smol": _chemistry, "mol_instructions": _biotext, "opi": _opi,
        "peer": _peer, "llm4mat": _properties, "sr15": _later,
    }  # fmt: skip
    return by_name.get(name) or by_suite.get(suite) or partial(_materials, folder=folder)


def register(folder: Path, plans: Sequence[Entry]) -> None:
    """Write the hub's file that says how each task of Biology-Instructions is scored."""
    found = {}
    for plan in plans:
        if plan["evaluator"] in _BIO:
            kind, metric = _BIO[plan["evaluator"]]
            name = _BIO_NAMES.get(plan["name"], plan["name"])
            found[name] = {"type": kind, "metrics": metric, "omics": "all"}
    path = folder / "hub" / "SciReason" / "bio_instruction" / "register_tasks.json"
    path.write_text(json.dumps(found), encoding="utf-8")
