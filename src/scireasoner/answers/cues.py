"""The words that the reader of yes and no knows, each set with its part in a clause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ANSWERS: Mapping[str, bool] = MappingProxyType(
    {"yes": True, "true": True, "positive": True, "no": False, "false": False, "negative": False}
)
"""Words that are an answer by themselves."""

FIRM = _words("yes true positive affirmative")
"""Words that assert whatever else is said; beside a denial the clause is ambiguous."""

NO = _words("no none nothing neither")
"""Negators that stand before a noun, or for one."""

NOT = NO | _words("not cannot never nor without hardly scarcely barely")

AGAINST = _words(
    "absent absence lack lacks lacked lacking missing devoid negative false insoluble insolubility "
    "unlikely improbable implausible fails fail failed unable incapable impossible undetectable "
    "undetected unobserved unsupported inactive nontoxic impermeable unstable excluded "
    "inconsistent nonbinding noninteracting nonfunctional"
)
"""Cues that deny by themselves."""

REVERSIBLE = _words(
    "absent absence lack lacks lacking missing devoid negative false insoluble inactive nontoxic "
    "impermeable unstable undetectable"
)
"""Denials whose negation asserts: "not absent". ("Not unlikely" says less than "likely".)"""

FOR = FIRM | _words(
    "present presence exist exists existence detected detectable identified identifiable found "
    "observed observable evident discernible visible recognizable recognized confirmed supported "
    "plausible likely probable soluble dissolve dissolves bind binds interact interacts toxic "
    "active stable flammable permeable permeates penetrate penetrates crosses inhibit inhibits "
    "neutralize neutralizes neutralise neutralises associated linked consistent"
)
"""Cues that assert by themselves."""

LAST = _words("expected predicted inferred")
"""Cues that assert only at the end of a clause ("an interaction is predicted")."""

HOLDS = _words(
    "contain contains contained containing include includes included including show shows showed "
    "exhibit exhibits exhibited display displays displayed harbor harbors harbour harbours possess "
    "possesses carry carries encompass encompasses find detect identify observe locate"
)
"""Verbs that assert what is asked about, unless a number or "only" follows."""

MERELY = _words("only merely just little few it")
TAKES_NO = HOLDS | _words("found detected observed identified")
"""What may stand right before "no" or "none": "contains no motif", "found none"."""

TARGETS = _words(
    "interaction interactions binding evidence sign signs indication indications indicator "
    "indicators motif motifs site sites promoter promoters enhancer enhancers element elements "
    "feature features signal signals modification modifications mark marks pattern patterns "
    "characteristic characteristics trace traces"
)
"""Nouns for what is asked about: they count after a negator, after `GIVES`, and after "is a"."""

GIVES = _words(
    "there has have had reveals reveal revealed suggests suggest indicates indicate supports "
    "support demonstrates demonstrate confirms confirm"
)

DOUBT = _words(
    "maybe perhaps possibly may might could unclear uncertain unknown undetermined indeterminate "
    "inconclusive unsure ambiguous whether if questionable doubtful debatable wrong incorrect "
    "incorrectly mistaken question questions prompt instruction instructions"
)
"""A clause with one of these decides nothing: it doubts, or it is about the question."""

BUT = _words("but however yet therefore thus hence so")
SUBORDINATE = _words("although though whereas while because since despite which who whose where")
PRONOUNS = _words("it they this these that he she we i")
IT = _words("it they this these that those")
"""The pronouns that after "yes" or "no" can only mean what was asked about."""

THAT = _words("the both two")
ASKED = _words(
    "molecule molecules compound compounds substance drug protein proteins peptide peptides "
    "antibody antibodies enzyme sequence answer prediction result"
)
"""Nouns that with an article mean what was asked about: "the protein", "the two proteins"."""

REASONS = HOLDS | _words("has have had having lack lacks lacked lacking missing devoid")
"""Verbs whose clause tells what a thing has or lacks: it may explain any answer."""

OPINION = _words(
    "likely probably presumably most very almost certainly rather i i'd i'll i'm would say think "
    "guess believe it's my"
)
"""Words before an answer word that say how sure the writer is: "most likely no"."""

JOINS = _words("and or")
ARTICLES = _words("a an the any")
BE = _words("is are was were be being as")
AUXILIARY = _words("is are was were be does do did has have had will would can should")
FINITE = _words(
    "contains includes shows exhibits displays harbors harbours possesses carries lacks fails "
    "exists binds interacts dissolves inhibits cannot not never"
)
"""Verbs that begin a statement of their own after "and"."""

FILLERS = ARTICLES | _words(
    "be been being is are of at all in fact really entirely completely considered predicted to "
    "have show shows"
)
SHORT = 4
"""The most words that are read after "the answer is"."""

_GROUPS = r"(?:charg|control|regulat|residue|correlat|ion|value|sens|strand|feedback|select|number)"
PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plainer)
    for pattern, plainer in (
        # idioms in which a negator negates nothing that is asked about
        (r"\b(?:there is |with )?no (?:doubt|question|ambiguity|uncertainty|wonder)\b", " "),
        (r"\b(?:without|beyond) (?:a |any )?(?:doubt|question)\b", " "),
        (r"\bnot only\b", " "),
        (r"\bno\.\s*(?=[0-9])", "number "),
        # "positive" and "negative" that are no verdict
        (r"\b(?:true|false|gram)[ -](?:positive|negative)s?\b", " "),
        (rf"\b(?:positive|negative)(?:ly)?[ -](?={_GROUPS})", " "),
        # several words for one
        (r"\bcan not\b|\bcould not\b|\bcouldn't\b", "cannot"),
        (r"\bno longer\b|\brather than\b|\binstead of\b|\bother than\b|\bexcept\b"
         r"|\b(?:anything|everything|all) but\b", "not"),
        (r"\b(?:not|isn't|aren't) (?:be )?(?:sure|certain|clear|known|necessarily|enough|possible"
         r"|applicable|confirmed|determined)\b", "unclear"),
        (r"\b(?:cannot|not) (?:be )?(?:confirm|determine|predict|exclude|rule[ds]? out|excluded)\b"
         r"|\bcannot (?:be )?(?:confirmed|determined|predicted|say|said|tell|told)\b", "unclear"),
        (r"\b(no\b[^.,;]{0,80}?) could be\b", r"\1 is"),
        (r"\b(?:low|poor|weak|limited|little) solubility\b", "insoluble"),
        (r"\b(?:high|good) solubility\b", "soluble"),
        (r"\b(?:poorly|sparingly|barely|hardly|weakly|slightly|scarcely) soluble\b", "insoluble"),
        (r"\b(?:fails?|failed|failing|failure) to\b", "fails"),
        (r"\bfree (?:of|from)\b", "devoid"),
        (r"\bruled out\b", "excluded"),
    )
)  # fmt: skip
