"""What the tasks of one sort of answer share: strict metrics and the released reading."""

from __future__ import annotations

from dataclasses import replace

from scireasoner.metrics import (
    ACCURACY,
    BALANCED_ACCURACY,
    BERTSCORE,
    BLEU_2,
    BLEU_4,
    ELEMENT_MATCH,
    ELEMENT_RECALL,
    EXACT_MATCH,
    LEVENSHTEIN,
    MACCS_SIMILARITY,
    MACRO_F1,
    MCC,
    METEOR,
    MICRO_F1,
    MORGAN_SIMILARITY,
    RDK_SIMILARITY,
    ROC_AUC,
    ROUGE_1,
    ROUGE_2,
    ROUGE_L,
    SCORE,
    SET_F1,
    SET_PRECISION,
    SET_RECALL,
    SMACT_VALIDITY,
    SMITH_WATERMAN,
    SPEARMAN,
    TOKEN_F1,
    UNIQUENESS,
    VALIDITY,
    mae,
    rmse,
    top_k_accuracy,
)
from scireasoner.published.biotext import CHOICE as CHOICES
from scireasoner.published.biotext import ENTITIES, OPEN_QUESTION, TRUTH
from scireasoner.published.biotext import RELATIONS as TUPLES
from scireasoner.published.materials import MATERIAL_COMPOSITION, MATERIAL_MODULUS
from scireasoner.published.molinst import MOLINST_ENERGY, MOLINST_SMILES
from scireasoner.published.protein import PROTEIN_DESIGN, PROTEIN_TEXT
from scireasoner.published.smol import (
    SMOL_FORMULA,
    SMOL_IUPAC,
    SMOL_RETROSYNTHESIS,
    SMOL_SMILES,
)
from scireasoner.published.smol_text import MOLINST_DESCRIPTION, SMOL_CAPTION
from scireasoner.published.smol_values import SMOL_BOOLEAN, SMOL_NUMBER
from scireasoner.published.uspto import USPTO50K
from scireasoner.tasks.suites.chemistry_data import in_tag, tagged
from scireasoner.tasks.suites.collection import Kind
from scireasoner.tasks.suites.material_generation_data import (
    NEW_MATERIALS,
    requested_elements,
    requested_modulus,
    write_material,
)
from scireasoner.tasks.suites.mol_instructions_data import (
    released_letter,
    released_word,
    write_letter,
)

_PERCENT = "0..100"
_BEAMS = "beam search of 5, all returned"
_TOP = (top_k_accuracy(1), top_k_accuracy(5))
TOP_SMILES = Kind(
    metrics=(*_TOP, VALIDITY, MACCS_SIMILARITY, RDK_SIMILARITY, MORGAN_SIMILARITY),
    key="top1_exact_match",
    scale=_PERCENT,
    gold=tagged("smiles"),
    output=in_tag("smiles"),
    evaluator=SMOL_SMILES,
    max_tokens=(256, 1024),
    answers=5,
    decoding=_BEAMS,
)
FORMULA = replace(
    TOP_SMILES,
    metrics=(ELEMENT_MATCH, _TOP[1], SCORE),
    key="top1_ele_match",
    gold=tagged("formula"),
    output=in_tag("formula"),
    evaluator=SMOL_FORMULA,
    max_tokens=(64, 512),
)
NAME = replace(
    TOP_SMILES,
    metrics=(*_TOP, SCORE, VALIDITY),
    key="top1_split_match",
    gold=tagged("iupac"),
    output=in_tag("iupac"),
    evaluator=SMOL_IUPAC,
)
CAPTION = replace(
    TOP_SMILES,
    metrics=(METEOR, ROUGE_L, ROUGE_1, ROUGE_2, BLEU_2, BLEU_4),
    key="meteor_score",
    scale="0..1",
    gold=tagged("text"),
    output=in_tag("text"),
    evaluator=SMOL_CAPTION,
    max_tokens=(384, 1024),
)
BOOLEAN = Kind(
    metrics=(ACCURACY, BALANCED_ACCURACY, MCC, ROC_AUC),
    key="accuracy",
    scale=_PERCENT,
    gold=tagged("boolean"),
    output=in_tag("boolean"),
    evaluator=SMOL_BOOLEAN,
    max_tokens=(32, 512),
    decoding="greedy",
)
ESOL = replace(
    BOOLEAN,
    metrics=(rmse("log10(mol/L)", -15, 5), mae("log10(mol/L)", -15, 5), SPEARMAN, ACCURACY),
    key="RMSE",
    scale="log units",
    gold=tagged("number"),
    output=in_tag("number"),
    evaluator=SMOL_NUMBER,
)
LOGD = replace(ESOL, metrics=(rmse(None, -6, 10), mae(None, -6, 10), SPEARMAN, ACCURACY))
SMOL_RETRO = replace(TOP_SMILES, evaluator=SMOL_RETROSYNTHESIS)
RETROSYNTHESIS = replace(
    TOP_SMILES,
    key="Top-1 Accuracy",
    metrics=(top_k_accuracy(1), top_k_accuracy(3), VALIDITY, MORGAN_SIMILARITY, SCORE),
    evaluator=USPTO50K,
    answers=3,
    decoding="beam search of 3, all returned",
)

# Mol-Instructions
SMILES = Kind(
    metrics=(
        EXACT_MATCH,
        VALIDITY,
        MORGAN_SIMILARITY,
        RDK_SIMILARITY,
        MACCS_SIMILARITY,
        LEVENSHTEIN,
        SCORE,
    ),
    key="exact_match_score",
    scale="0..1",
    gold=tagged("smiles"),
    output=in_tag("smiles"),
    evaluator=MOLINST_SMILES,
    max_tokens=(256, 1024),
)
ORBITAL = Kind(
    metrics=(mae("hartree", -1, 1), SPEARMAN, ACCURACY),
    key="mae",
    scale="hartree x 1000",
    gold=tagged("number"),
    output=in_tag("text"),
    evaluator=MOLINST_ENERGY,
    max_tokens=(32, 512),
)
DESCRIPTION = Kind(
    metrics=(ROUGE_L, ROUGE_1, ROUGE_2, METEOR, BLEU_2, BLEU_4),
    key="rougeL",
    scale="0..1",
    gold=tagged("text"),
    output=in_tag("text"),
    evaluator=MOLINST_DESCRIPTION,
    max_tokens=(384, 1024),
)
RELATIONS = Kind(
    metrics=(SET_F1, SET_PRECISION, SET_RECALL, MICRO_F1, ACCURACY),
    key="f1",
    scale="0..1",
    gold=tagged("text"),
    output=in_tag("text"),
    evaluator=TUPLES,
    max_tokens=(256, 1024),
)
NAMES = replace(RELATIONS, evaluator=ENTITIES)
CHOICE = Kind(
    metrics=(ACCURACY, BALANCED_ACCURACY, MACRO_F1),
    key="accuracy",
    scale=_PERCENT,
    gold=released_letter,
    output=write_letter,
    evaluator=CHOICES,
    max_tokens=(64, 1024),
)
TRUE_FALSE = replace(CHOICE, gold=released_word, output=in_tag("text"), evaluator=TRUTH)
OPEN = Kind(
    metrics=(BERTSCORE, ROUGE_L, METEOR, TOKEN_F1),
    key="bert_score",
    scale="0..1, not rescaled",
    gold=tagged("text"),
    output=in_tag("text"),
    evaluator=OPEN_QUESTION,
    max_tokens=(512, 1024),
)
ANNOTATION = Kind(
    metrics=(ROUGE_L, ROUGE_1, ROUGE_2, TOKEN_F1),
    key="rougeL",
    scale="0..100, median of a bootstrap",
    gold=tagged("text"),
    output=in_tag("text"),
    evaluator=PROTEIN_TEXT,
    max_tokens=(256, 1024),
)
# The released headline is the best single design of the whole test set; ours is the mean.
DESIGN = Kind(
    metrics=(SMITH_WATERMAN, VALIDITY, UNIQUENESS, SCORE),
    key="Max SW score",
    scale="0..100, best of the test set",
    gold=tagged("protein"),
    output=in_tag("protein"),
    evaluator=PROTEIN_DESIGN,
    max_tokens=(768, 1536),
)

# materials
COMPOSITION = Kind(
    metrics=(SMACT_VALIDITY, ELEMENT_RECALL, VALIDITY, ACCURACY, NEW_MATERIALS, SCORE),
    key="smact_validity_ratio_in_all_%",
    scale=_PERCENT,
    gold=requested_elements,
    output=write_material,
    evaluator=MATERIAL_COMPOSITION,
    max_tokens=(96, 768),
    decoding="sampling, T 0.4",
    temperature=0.4,
)
# Neither the released code nor ours looks at the modulus: that takes a calculation.
MODULUS = replace(
    COMPOSITION,
    metrics=(SMACT_VALIDITY, VALIDITY, UNIQUENESS),
    gold=requested_modulus,
    evaluator=MATERIAL_MODULUS,
    decoding="sampling with the model's defaults",
)
