"""The commands ``corpus ...``: make a pretraining corpus out of texts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scireasoner.cli.common import Commands, command, share
from scireasoner.cli.corpus_build import add_build


def add_corpus(commands: Commands) -> None:
    """Add ``corpus`` and what it can do."""
    corpus = command(
        commands,
        "corpus",
        "make a pretraining corpus: tag texts, build it, look at it, plan a large one",
        "  scireasoner corpus tag notes.txt > tagged.txt\n"
        "  scireasoner corpus build corpus.toml --out corpora/first\n"
        "  scireasoner corpus inspect corpora/first",
    )
    actions = corpus.add_subparsers(metavar="ACTION", required=True)
    _add_tag(actions)
    add_build(actions)


def _add_tag(actions: Commands) -> None:
    tag = command(
        actions,
        "tag",
        "find molecules, names, formulas and sequences in a text and wrap them in tags",
        "  scireasoner corpus tag notes.txt > tagged.txt\n"
        "  scireasoner corpus tag notes.txt --review doubts.jsonl\n"
        "  scireasoner corpus tag notes.txt --decisions doubts.jsonl   (with verdicts filled in)",
    )
    tag.add_argument("file", type=Path, help="a UTF-8 text; - is standard input")
    tag.add_argument(
        "--threshold", type=share, help="wrap what is at least so sure, 0 to 1 (default 0.7)"
    )
    tag.add_argument("--review", type=Path, metavar="OUT", help="write what is unsure, JSON lines")
    tag.add_argument("--review-from", type=share, help="unsure begins here, 0 to 1 (default 0.3)")
    tag.add_argument("--decisions", type=Path, metavar="FILE", help="a review file with verdicts")
    tag.add_argument("--only", action="append", metavar="NOTATION", help="look for this alone")
    tag.add_argument("--opsin", action="store_true", help="let OPSIN (Java) read each name")
    tag.add_argument("--thoughts", action="store_true", help="look inside thoughts as well")
    tag.add_argument("--code", action="store_true", help="look inside code fences as well")
    tag.add_argument("--out", type=Path, help="write the text here, not to standard output")
    tag.set_defaults(run=_tag)


def _tag(options: argparse.Namespace) -> int:
    from scireasoner.artifacts import write_jsonl, write_text
    from scireasoner.corpus.tagging import Decisions, Options, find, wrap
    from scireasoner.corpus.tagging.found import FINDABLE
    from scireasoner.corpus.tagging.review import review_rows
    from scireasoner.corpus.tagging.threshold import DEFAULT, REVIEW
    from scireasoner.errors import InputError

    text = _text(options.file)
    threshold = DEFAULT if options.threshold is None else options.threshold
    low = min(REVIEW, threshold) if options.review_from is None else options.review_from
    if options.review_from is not None and not (options.review and low < threshold):
        raise InputError(
            f"--review-from {low:g} changes nothing: give --review OUT, and a number below the "
            f"threshold ({threshold:g})"
        )
    looked = Options(
        notations=tuple(options.only or FINDABLE),
        thoughts=options.thoughts,
        code=options.code,
        opsin=options.opsin,
        decisions=Decisions.read(options.decisions) if options.decisions else Decisions(),
    )
    found = find(text, looked)
    if options.review:
        rows = review_rows(text, found, low, threshold, options.file.name)
        write_jsonl(options.review, rows)
    tagged = wrap(text, [piece for piece in found if piece.confidence >= threshold])
    if options.out:
        write_text(options.out, tagged)
    else:
        sys.stdout.write(tagged)
    return 0


def _text(path: Path) -> str:
    """Read a text, line ends as they are."""
    from scireasoner.errors import DataError

    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text: convert it first") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): name a text file") from error
