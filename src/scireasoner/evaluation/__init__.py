"""Evaluation: generate, judge, compare, report. Nothing here knows how a model was trained."""
