"""Find SMILES, SELFIES, IUPAC names, formulas and sequences in prose, and wrap them in tags."""

from scireasoner.corpus.tagging.found import Decisions, Found, Options
from scireasoner.corpus.tagging.search import find, tag, wrap
from scireasoner.corpus.tagging.threshold import DEFAULT

__all__ = ["DEFAULT", "Decisions", "Found", "Options", "find", "tag", "wrap"]
