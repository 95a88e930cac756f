"""Names of things in text: one spelling for each, and how like texts and sets of names are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-")
)
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2032": "'"})
_SPACE = re.compile(r"\s+")
_ACCESSION = re.compile(
    r"\A\W{0,3}GO:[0-9]{7}\b[\])]?\s*[:\u2013\u2014-]?\s*"
    r"|\s*(?:[,:\u2013\u2014-]\s+)?[(\[]?\bGO:[0-9]{7}[\])]?\W{0,3}\Z",
    re.IGNORECASE,
)


def normalise_entity(text: str) -> str:
    """Return one spelling of a name: casefolded, plain dashes and quotes, single spaces.

    Quotation marks around the name and punctuation after it are dropped; brackets, digits and
    Greek letters stay, because they tell names apart (``(+)-catechin``, ``IL-1β``).
    """
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_DASHES)
    plain = _SPACE.sub(" ", plain.translate(_QUOTES).casefold()).strip(' "`*')
    plain = plain.rstrip(' .,;:"`*')
    # One pair around the whole, as in 'aspirin'; the primes of 5'-UTR stay.
    quoted = len(plain) > 2 and plain[0] == plain[-1] == "'" and "'" not in plain[1:-1]
    return plain[1:-1].strip(' .,;:"`*') if quoted else plain


def normalise_term(text: str) -> str:
    """Return one spelling of a Gene Ontology term by its name: ``ATP binding (GO:0005524)``.

    The accession beside a name is dropped; one that stands alone stays.
    """
    return normalise_entity(_ACCESSION.sub("", text)) or normalise_entity(text)


def set_f1(a: Iterable[str], b: Iterable[str]) -> float:
    """Return the F1 overlap 2|a & b| / (|a| + |b|) of two sets, in [0, 1]; two empty sets give 1.

    Members are compared as they are: normalise them first.
    """
    first, second = frozenset(a), frozenset(b)
    if not first and not second:
        return 1.0
    return 2.0 * len(first & second) / (len(first) + len(second))


def edit_similarity(a: str, b: str) -> float:
    """Return 1 - Levenshtein distance / longer length, in [0, 1]; two empty texts give 1."""
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.normalized_similarity(a, b))
