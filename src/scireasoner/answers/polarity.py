"""Whether a short English text says yes or no, by words, phrases and the scope of negation.

A text is cut into clauses. Each clause is searched for cues that assert (``present``, ``binds``),
cues that deny (``absent``, ``lacks``), negators (``not``, ``no``, ``-n't``) and doubt (``maybe``).
A negator turns what stands to the right of it in its clause. A clause that allows two readings
decides nothing, and no cue is ever a piece of a word (``normal``, ``incorrect``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile

from scireasoner.answers import cues
from scireasoner.notation.tags import TAGS
from scireasoner.types import Fault

MAX_CHARS = 4_000

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?(?:-[a-z0-9]+)*|[0-9]+(?:\.[0-9]+)?")
_QUESTION = re.compile(r"(?:\A|(?<=[.!?\n]))[^.!?\n]*\?")
_BREAK = re.compile(r"([,;:!\n()\u2013\u2014]|\.(?![0-9])|(?<![0-9])\.)")
# What is left of a damaged tag may be a piece of a word.
_DEBRIS = re.compile(r"<\s*/?[A-Za-z]|[A-Za-z]\s*/?>")
_STATED = re.compile(
    r"\b(?:answer|prediction|result|conclusion|verdict|classification|label|output|response)s?"
    r"(?:\s+(?:is|are)\b\s*:?|\s*[:=])\s*([^.;:!,\n()]{1,60})"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """The words of a clause; a subordinate one gives a reason or a concession, not the answer."""

    words: tuple[str, ...]
    subordinate: bool


def polarity(text: str, words: Mapping[str, bool] = cues.ANSWERS) -> bool | Fault:
    """Return what a text says.

    Parameters
    ----------
    text : a word, a sentence or a few.
    words : the words that are an answer by themselves, in small letters.

    Returns
    -------
    True or False; ``TWO_ANSWERS`` if clauses contradict each other; ``UNKNOWN_LABEL`` if nothing
    decides or a clause can be read both ways.
    """
    if len(text) > MAX_CHARS or _DEBRIS.search(text):
        return Fault.UNKNOWN_LABEL
    plain = _QUESTION.sub(" ", _plain(text))
    pieces = [piece for piece in _BREAK.split(plain) if _WORD.search(piece)]
    clauses = [clause for piece in pieces for clause in _clauses(piece)]
    stated = [_stated(found, words) for found in _STATED.findall(plain)]
    # A clause of answers alone ("no", "no false") is no sentence: nothing in it negates.
    spoken = [tuple(dropwhile(cues.OPINION.__contains__, c.words)) for c in clauses]
    only = [s for s in spoken if s and all(w in words or w in cues.JOINS for w in s)]
    bare = [words[word] for found in only for word in found if word in words]
    lead = _lead(clauses[0].words, words) if clauses else None
    if isinstance(lead, Fault):
        return lead
    if lead is not None and _takes_back(pieces, lead):
        return Fault.TWO_ANSWERS
    firm = {said for said in (*bare, *stated, lead) if said is not None}
    if firm:  # the rest explains it
        return Fault.TWO_ANSWERS if len(firm) > 1 else firm.pop()
    readings = {read_clause(clause.words) for clause in clauses if not clause.subordinate}
    said = {reading for reading in readings if isinstance(reading, bool)}
    if len(said) > 1:
        return Fault.TWO_ANSWERS
    if not said or Fault.UNKNOWN_LABEL in readings:
        return Fault.UNKNOWN_LABEL
    return said.pop()


def denies(text: str) -> bool:
    """Whether any word of a text negates, denies or doubts, or the text ends as a question."""
    if text.rstrip(" \n*_`\"'").endswith("?"):
        return True
    found = _WORD.findall(_plain(text))
    return any(_negates(word) or word in cues.AGAINST or word in cues.DOUBT for word in found)


@lru_cache(maxsize=1_024)
def negated(text: str) -> bool:
    """Whether a text holds a negator: "not", "no", "-n't"."""
    return any(_negates(word) for word in _WORD.findall(_plain(text)))


def read_clause(words: Sequence[str]) -> bool | Fault | None:
    """Read one clause: what it says, None if nothing, ``UNKNOWN_LABEL`` if it is ambiguous."""
    if cues.DOUBT.intersection(words):
        return None
    if len(words) == 1 and words[0] in ("none", "nothing"):
        return False  # "motifs: none"
    negators = _negators(words)
    against = [at for at, word in enumerate(words) if _is_against(word)]
    pro = [at for at, word in enumerate(words) if _is_for(words, at)]
    if not negators:
        if against:
            spoken = cues.FIRM.intersection(words)
            joined = any(word in ("and", "or") for word in words[against[0] : against[-1]])
            doubled = len(against) > 1 and not joined
            return Fault.UNKNOWN_LABEL if spoken or doubled else False
        return True if pro else None
    at = negators[0]
    both = "yes" in words and "yes" not in words[at + 1 : at + 2]  # "no vs yes"
    if both or len(negators) > 1 or any(place < at for place in against):
        return Fault.UNKNOWN_LABEL
    if against:
        return _double(words, at, against, pro)
    if any(place > at for place in pro) or _names_target(words[at + 1 :]):
        return False
    if pro:  # "contains no ...", "found none"; elsewhere what is negated is not said
        object_ = words[at] in cues.NO and at - 1 in pro and words[at - 1] in cues.TAKES_NO
        return False if object_ else Fault.UNKNOWN_LABEL
    return False if _ellipsis(words[:at]) and at == len(words) - 1 else None


def _double(
    words: Sequence[str], at: int, against: Sequence[int], pro: Sequence[int]
) -> bool | Fault:
    """Read a negator before a denial: "not absent" asserts, anything less direct is ambiguous."""
    between = words[at + 1 : against[0]]
    direct = len(against) == 1 and all(word in cues.FILLERS for word in between)
    clear = direct and words[against[0]] in cues.REVERSIBLE and all(p < at for p in pro)
    return True if clear else Fault.UNKNOWN_LABEL


def _plain(text: str) -> str:
    for tag in TAGS if "<" in text else ():
        text = text.replace(tag, " ")
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.replace("\u2019", "'").replace("\u2018", "'")
    text = re.sub(r"[*_`\"\u201c\u201d]", " ", text)
    for pattern, plainer in cues.PHRASES:
        text = pattern.sub(plainer, text)
    return text


def _takes_back(pieces: Sequence[str], said: bool) -> bool:
    """Whether a statement right after "yes" or "no" says the opposite: "Yes, it is not toxic".

    There "it" can only be what was asked about. What is found elsewhere, what it has and what it
    lacks explain an answer ("No, it contains charged residues") and take nothing back.
    """
    if len(pieces) < 2 or _WORD.findall(pieces[0]) not in (["yes"], ["no"]):
        return False
    first = _WORD.findall(pieces[1])[:3]
    about = first[0] in cues.IT or (first[0] in cues.THAT and cues.ASKED.intersection(first))
    clauses = _clauses(pieces[1])
    if not about or not clauses or cues.REASONS.intersection(clauses[0].words):
        return False
    words = clauses[0].words
    return read_clause(words) is (not said)


def _clauses(piece: str) -> list[_Clause]:
    """Cut a piece between punctuation at the conjunctions that begin a new statement."""
    found: list[_Clause] = []
    current: list[str] = []
    subordinate = False
    words = _WORD.findall(piece)
    for at, word in enumerate(words):
        begins = word in cues.BUT or word in cues.SUBORDINATE
        if begins or (word == "and" and _predicate_at(words, at + 1)):
            found.append(_Clause(tuple(current), subordinate))
            current, subordinate = [], word in cues.SUBORDINATE
        else:
            current.append(word)
    found.append(_Clause(tuple(current), subordinate))
    return [clause for clause in found if clause.words]


def _predicate_at(words: Sequence[str], at: int) -> bool:
    """Whether a verb with perhaps a pronoun begins here: "and (it) does not", "and lacks"."""
    if at < len(words) and words[at] in cues.PRONOUNS:
        at += 1
    if at >= len(words):
        return False
    word = words[at]
    return word in cues.AUXILIARY or word.endswith("n't") or word in cues.FINITE


def _negates(word: str) -> bool:
    return word in cues.NOT or word.endswith("n't")


def _negators(words: Sequence[str]) -> list[int]:
    """Return where negators stand; "neither ... nor" is one."""
    found = [at for at, word in enumerate(words) if _negates(word)]
    return [at for at in found if words[at] != "nor" or at == found[0]]


def _is_against(word: str) -> bool:
    return word in cues.AGAINST or word.startswith("non-")


def _is_for(words: Sequence[str], at: int) -> bool:
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in cues.HOLDS:
        return not following[:1].isdigit() and following not in cues.MERELY
    if word in cues.TARGETS:
        return any(earlier in cues.GIVES for earlier in words[:at]) or _copula(words, at)
    if word in cues.LAST:
        return not following
    return word in cues.FOR and following != "as"


def _copula(words: Sequence[str], at: int) -> bool:
    """Whether "is a (... )" leads to the noun at ``at``."""
    for start in range(max(0, at - 6), at - 1):
        if words[start] in cues.BE and words[start + 1] in ("a", "an"):
            return True
    return False


def _names_target(words: Sequence[str]) -> bool:
    return any(word in cues.TARGETS for word in words)


def _ellipsis(words: Sequence[str]) -> bool:
    """Whether only a subject and perhaps an auxiliary precede the last "not": "it does not"."""
    bare = len(words) == 2 and words[0] in cues.PRONOUNS and words[1] in cues.AUXILIARY
    return bare or (len(words) == 1 and words[0] in cues.PRONOUNS)


def _stated(text: str, words: Mapping[str, bool]) -> bool | None:
    """Read what follows "the answer is": a few words, of which one decides."""
    found = tuple(_WORD.findall(text))
    if found and found[0] in words and (len(found) == 1 or found[0] not in cues.NOT):
        others = {words[word] for word in found if word in words}
        return words[found[0]] if len(others) == 1 else None
    said = read_clause(found) if 0 < len(found) <= cues.SHORT else None
    return said if isinstance(said, bool) else None


def _lead(found: Sequence[str], words: Mapping[str, bool]) -> bool | Fault | None:
    """Read an answer word that opens the text, alone or before a sentence of its own."""
    said = words.get(found[0])
    if said is None or len(found) == 1:
        return said
    rest = found[1:]
    if {words[word] for word in found if word in words} == {True, False} and not any(
        word not in words and word not in ("and", "or") for word in rest
    ):
        return Fault.TWO_ANSWERS  # "yes and no"
    if rest[0] in cues.JOINS and words.get(rest[-1]) is (not said):
        return Fault.TWO_ANSWERS  # "yes and the answer is no"
    follows = rest[0] in cues.PRONOUNS or rest[0] in cues.ARTICLES or rest[0] == "there"
    if found[0] not in ("yes", "no") or not follows:
        return None
    explained = read_clause(rest)
    return Fault.TWO_ANSWERS if explained is (not said) else said
