"""Serving: a question in, a checked answer out."""
