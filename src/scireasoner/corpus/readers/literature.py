"""Scientific text: PubMed's XML, plain text, and the posts of StackExchange dumps."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser

from scireasoner.corpus.documents import Document
from scireasoner.corpus.readers.base import Broken, Item, Opened, Origin, Source, opened, text_of
from scireasoner.corpus.readers.blocks import raised, words, xml_blocks
from scireasoner.errors import InputError

LONGEST = 20_000
"""Characters of a document of plain text."""
_SPLITS = ("paragraphs", "lines")


def read_pubmed(source: Source, origin: Origin, *, titles: bool = False) -> Iterator[Item]:
    """Read PubMed's ``PubmedArticleSet``: title and abstract of each article.

    Parameters
    ----------
    titles : whether an article without an abstract is a document too; it is broken otherwise.
    """
    with opened(source, origin) as file:
        for place, element in xml_blocks(file, "PubmedArticle"):
            if isinstance(element, Broken):
                yield element
            else:
                yield _article(file, origin, element, place, titles)
        yield from file.ending()


def _article(file: Opened, origin: Origin, element: ET.Element, place: str, titles: bool) -> Item:
    citation = element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    number = words(citation.find("PMID")) if citation is not None else ""
    if article is None or not number:
        return file.broken("the article has no citation or number", number, place)
    title = words(article.find("ArticleTitle"))
    parts = []
    for part in article.findall("Abstract/AbstractText"):
        label, text = part.get("Label", ""), words(part)
        if text:
            parts.append(f"{label.capitalize()}: {text}" if label else text)
    if not parts and not (titles and title):
        return file.broken("the article has no abstract", f"{number} {title}", place)
    meta = {
        "kind": "abstract" if parts else "title",
        "pmid": number,
        "year": words(article.find("Journal/JournalIssue/PubDate/Year")),
        "journal": words(article.find("Journal/Title")),
        "language": words(article.find("Language")),
    }
    text = "\n\n".join(filter(None, [title, "\n".join(parts)]))
    meta = {key: value for key, value in meta.items() if value}
    return Document(text, origin.source, origin.licence, file.id(number), origin.domain, meta)


def read_text(
    source: Source, origin: Origin, *, split: str = "paragraphs", longest: int = LONGEST
) -> Iterator[Item]:
    """Read plain text.

    Parameters
    ----------
    split : ``"paragraphs"`` joins paragraphs to documents of at most ``longest`` characters;
        ``"lines"`` makes each line a document.
    longest : characters of a document; a longer paragraph stays whole.
    """
    if split not in _SPLITS:
        raise InputError(f"split={split!r}: one of {', '.join(_SPLITS)} is expected")
    with opened(source, origin) as file:
        number = 0
        for found in _lines(file) if split == "lines" else _paragraphs(file, longest):
            if isinstance(found, Broken):
                yield found
            elif found:
                number += 1
                yield Document(found, origin.source, origin.licence, file.id(number), origin.domain)
        yield from file.ending()


def _lines(file: Opened) -> Iterator[str | Broken]:
    for line in file.lines():
        text = text_of(line)
        yield file.broken("the line is not UTF-8", line) if text is None else text.strip()


def _paragraphs(file: Opened, longest: int) -> Iterator[str | Broken]:
    """Yield paragraphs joined up to ``longest`` characters."""
    document: list[str] = []
    size = 0
    for found in _each_paragraph(file):
        if isinstance(found, Broken):
            yield found
            continue
        if document and size + len(found) + 2 > longest:
            yield "\n\n".join(document)
            document, size = [], 0
        document.append(found)
        size += len(found) + 2
    yield "\n\n".join(document)


def _each_paragraph(file: Opened) -> Iterator[str | Broken]:
    lines: list[str] = []
    size = 0
    for found in _lines(file):
        if isinstance(found, Broken):
            yield found
            continue
        # A text without blank lines must not fill the memory.
        if (not found or size > LONGEST) and lines:
            yield "\n".join(lines)
            lines, size = [], 0
        if found:
            lines.append(found)
            size += len(found)
    if lines:
        yield "\n".join(lines)


def read_stackexchange(source: Source, origin: Origin, *, least_score: int = 0) -> Iterator[Item]:
    """Read ``Posts.xml`` of a StackExchange dump: one document a post, its HTML as text.

    Parameters
    ----------
    least_score : posts with a lower score are left out.
    """
    with opened(source, origin) as file:
        for line in file.lines():
            row = line.strip()
            if not row.startswith(b"<row"):
                continue  # the XML declaration and the root
            try:
                post = ET.fromstring(row).attrib
            except ET.ParseError as error:
                yield file.broken(f"the post is no XML ({error})", row)
                continue
            kind = {"1": "question", "2": "answer"}.get(post.get("PostTypeId", ""))
            score = post.get("Score", "0")
            if kind is None or not score.lstrip("-").isdecimal() or int(score) < least_score:
                continue
            body = html_text(post.get("Body", ""))
            text = "\n\n".join(filter(None, [post.get("Title", "").strip(), body]))
            number = post.get("Id", str(file.count))
            meta = {"kind": kind, "parent": post.get("ParentId", ""), "score": score}
            meta = {key: value for key, value in meta.items() if value}
            if not text:
                yield file.broken("the post is empty", row)
                continue
            yield Document(
                text, origin.source, origin.licence, file.id(number), origin.domain, meta
            )
        yield from file.ending()


class _Html(HTMLParser):
    """Keeps the text that is shown, with line breaks around blocks and exponents raised."""

    _BLOCKS = frozenset("p br li pre h1 h2 h3 blockquote tr div ul ol hr".split())  # noqa: SIM905

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = False
        self._exponent: int | None = None  # the part that its first one is

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in self._BLOCKS:
            self.parts.append("\n")
        elif tag == "sup":
            self._exponent = len(self.parts)
        self._hidden = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        if tag in self._BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")
        elif tag == "sup" and self._exponent is not None:
            self.parts[self._exponent :] = [raised("".join(self.parts[self._exponent :]))]
            self._exponent = None


def html_text(html: str) -> str:
    """Return the text of HTML, blocks on lines of their own."""
    parser = _Html()
    parser.feed(html)
    parser.close()
    lines = (line.rstrip() for line in "".join(parser.parts).splitlines())
    return "\n".join(line for line in lines if line).strip()
