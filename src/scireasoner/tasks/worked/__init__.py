"""Worked solutions: the thought of a right answer, written by scientific tools."""
