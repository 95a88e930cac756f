"""Data on this machine: what is there, whether it is sound, and how to get what is missing."""
