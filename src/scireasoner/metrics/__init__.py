"""Metrics: judged outcomes in, one estimate with its interval out.

No outcome is dropped: every metric states what a fault costs. Only our own failures
(``OUR_FAULTS``) are left out, and :func:`check_our_faults` stops a run that has too many.
"""

from scireasoner.metrics.classes import BALANCED_ACCURACY, MACRO_F1, MCC, ROC_AUC, roc_auc
from scireasoner.metrics.correlations import PEARSON, PEARSON_SQUARED, SPEARMAN
from scireasoner.metrics.diversity import DIVERSITY, MOLECULE_DIVERSITY, SEQUENCE_DIVERSITY
from scireasoner.metrics.generation import (
    ELEMENT_RECALL,
    MFE,
    MFE_PER_NT,
    SMACT_VALIDITY,
    novelty,
)
from scireasoner.metrics.learned import BERTSCORE, PLDDT, bertscore
from scireasoner.metrics.metric import Metric, answered_share, check_our_faults, judged
from scireasoner.metrics.numbers import MAD_OVER_MAE, R2, SIRNA_MIXED, mae, rmse
from scireasoner.metrics.paired import paired_difference, paired_rows
from scireasoner.metrics.resampling import RESAMPLES
from scireasoner.metrics.sets import ENTITY_F1, FMAX, MICRO_F1, SET_F1, SET_PRECISION, SET_RECALL
from scireasoner.metrics.shares import (
    ACCURACY,
    ANSWERED,
    ELEMENT_MATCH,
    EXACT_MATCH,
    SCORE,
    SUCCESS_RATE,
    UNIQUENESS,
    VALIDITY,
    accuracy_above,
)
from scireasoner.metrics.structures import (
    LEVENSHTEIN,
    MACCS_SIMILARITY,
    MORGAN_SIMILARITY,
    RDK_SIMILARITY,
    SMITH_WATERMAN,
)
from scireasoner.metrics.text import BLEU_2, BLEU_4, METEOR, ROUGE_1, ROUGE_2, ROUGE_L, TOKEN_F1
from scireasoner.metrics.topk import top_k_accuracy

__all__ = [
    "ACCURACY",
    "ANSWERED",
    "BALANCED_ACCURACY",
    "BERTSCORE",
    "BLEU_2",
    "BLEU_4",
    "DIVERSITY",
    "ELEMENT_MATCH",
    "ELEMENT_RECALL",
    "ENTITY_F1",
    "EXACT_MATCH",
    "FMAX",
    "LEVENSHTEIN",
    "MACCS_SIMILARITY",
    "MACRO_F1",
    "MAD_OVER_MAE",
    "MCC",
    "METEOR",
    "MFE",
    "MFE_PER_NT",
    "MICRO_F1",
    "MOLECULE_DIVERSITY",
    "MORGAN_SIMILARITY",
    "PEARSON",
    "PEARSON_SQUARED",
    "PLDDT",
    "R2",
    "RDK_SIMILARITY",
    "RESAMPLES",
    "ROC_AUC",
    "ROUGE_1",
    "ROUGE_2",
    "ROUGE_L",
    "SCORE",
    "SEQUENCE_DIVERSITY",
    "SET_F1",
    "SET_PRECISION",
    "SET_RECALL",
    "SIRNA_MIXED",
    "SMACT_VALIDITY",
    "SMITH_WATERMAN",
    "SPEARMAN",
    "SUCCESS_RATE",
    "TOKEN_F1",
    "UNIQUENESS",
    "VALIDITY",
    "Metric",
    "accuracy_above",
    "answered_share",
    "bertscore",
    "check_our_faults",
    "judged",
    "mae",
    "novelty",
    "paired_difference",
    "paired_rows",
    "rmse",
    "roc_auc",
    "top_k_accuracy",
]
