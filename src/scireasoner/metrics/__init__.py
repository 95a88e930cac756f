"""Metrics: judged outcomes in, one estimate with its interval out.

No outcome is dropped: every metric states what a fault costs. Only our own failures
(``OUR_FAULTS``) are left out, and :func:`check_our_faults` stops a run that has too many.
"""

from scireasoner.metrics.classes import BALANCED_ACCURACY, MACRO_F1, MCC
from scireasoner.metrics.entities import ENTITY_F1
from scireasoner.metrics.metric import OUR_SHARE, RESAMPLES, Metric, check_our_faults, judged
from scireasoner.metrics.numbers import SPEARMAN, mae, rmse
from scireasoner.metrics.paired import paired_difference
from scireasoner.metrics.shares import ACCURACY, ANSWERED, SCORE, UNIQUENESS, VALIDITY

__all__ = [
    "ACCURACY",
    "ANSWERED",
    "BALANCED_ACCURACY",
    "ENTITY_F1",
    "MACRO_F1",
    "MCC",
    "OUR_SHARE",
    "RESAMPLES",
    "SCORE",
    "SPEARMAN",
    "UNIQUENESS",
    "VALIDITY",
    "Metric",
    "check_our_faults",
    "judged",
    "mae",
    "paired_difference",
    "rmse",
]
