"""PubMed, plain text, StackExchange posts."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from scireasoner.corpus.readers.literature import html_text
from scireasoner.errors import InputError


def article(number: int, title: str, abstract: str) -> str:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{number}</PMID>'
        "<Article><Journal><JournalIssue><PubDate><Year>1999</Year></PubDate></JournalIssue>"
        f"<Title>J. Test.</Title></Journal><ArticleTitle>{title}</ArticleTitle>{abstract}"
        "<Language>eng</Language></Article></MedlineCitation>"
        "<PubmedData><ArticleIdList><ArticleId>1</ArticleId></ArticleIdList></PubmedData>"
        "</PubmedArticle>\n"
    )


PLAIN = "<Abstract><AbstractText>We cloned <i>recA</i> &amp; found 5 &lt; 6 µM.</AbstractText></Abstract>"
PARTS = (
    '<Abstract><AbstractText Label="METHODS">We did.</AbstractText>'
    '<AbstractText Label="RESULTS">It worked.</AbstractText></Abstract>'
)
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "p.dtd">\n'
    "<PubmedArticleSet>\n"
)


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("At 10<sup>6</sup> cells", "At 10⁶ cells"),
        ("10<sup>-3</sup>, 10<sup>\u22123</sup>", "10⁻³, 10⁻³"),
        ("Ca<sup>2+</sup> in H<sub>2</sub>O", "Ca²⁺ in H2O"),
        ("<sup>18</sup>F, x<sup><i>n</i>+1</sup>", "¹⁸F, xⁿ⁺¹"),
        ("2<sup>0.5</sup>", "2^0.5"),
        ("the 4<sup>th</sup> day", "the 4th day"),
        ("a<sup></sup>b", "ab"),
    ],
)
def test_exponents_stay_exponents(marked: str, text: str, reading: Any) -> None:
    abstract = f"<Abstract><AbstractText>{marked}</AbstractText></Abstract>"
    ((document,), _) = reading("pubmed", (HEAD + article(1, "T", abstract)).encode(), "text")
    assert document.text == f"T\n\n{text}"
    assert html_text(f"<p>{marked}</p>") == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p>two", "one\ntwo"),
        ("<pre>code</pre>said", "code\nsaid"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1\t2\n3"),
        ("a<script>var b = 1;</script> c<style>p {}</style>", "a c"),
        ("x<sup>2", "x2"),
    ],
)
def test_html_is_what_a_reader_sees(html: str, text: str) -> None:
    assert html_text(html) == text


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_titles_and_abstracts(pack: Any, reading: Any) -> None:
    data = HEAD + article(1, "On <b>DNA</b>.", PLAIN) + article(2, "Two.", PARTS)
    (first, second), broken = reading("pubmed", pack(data.encode()), "text")
    assert broken == []
    assert first.text == "On DNA.\n\nWe cloned recA & found 5 < 6 µM."
    assert second.text == "Two.\n\nMethods: We did.\nResults: It worked."
    assert first.id == "set/1"
    assert first.meta == {
        "kind": "abstract", "pmid": "1", "year": "1999", "journal": "J. Test.", "language": "eng",
    }  # fmt: skip


def test_articles_that_are_broken_or_have_no_abstract(reading: Any) -> None:
    data = (
        HEAD
        + article(1, "A", PLAIN)
        + article(2, "No abstract", "")
        + article(3, "B <i>open", PLAIN)
        + article(4, "C", PLAIN).replace("</PubmedArticle>", "")
        + article(5, "D", PLAIN)
        + article(6, "E", PLAIN)[:90]
    )
    documents, broken = reading("pubmed", data.encode(), "text")
    assert [d.id for d in documents] == ["set/1", "set/5"]
    assert [(b.place, b.reason.split(" (")[0]) for b in broken] == [
        ("record 2", "the article has no abstract"),
        ("record 3", "the record is no XML"),
        ("record 4", "the record has no end"),
        ("record 6", "the record has no end"),
    ]
    titled, _ = reading("pubmed", data.encode(), "text", titles=True)
    assert [d.text for d in titled if d.meta["kind"] == "title"] == ["No abstract"]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_records_do_not_depend_on_where_the_blocks_end(
    size: int, monkeypatch: pytest.MonkeyPatch, reading: Any
) -> None:
    data = (HEAD + "".join(article(i, f"T{i}", PLAIN) for i in range(9))).encode()
    expected, _ = reading("pubmed", data, "text")
    monkeypatch.setattr("scireasoner.corpus.readers.blocks._BLOCK", size)
    assert reading("pubmed", data, "text") == (expected, [])
    assert len(expected) == 9


def test_another_encoding_that_the_file_states(reading: Any) -> None:
    data = HEAD.replace("utf-8", "iso-8859-1") + article(1, "Café", PLAIN)
    (document,), _ = reading("pubmed", data.encode("iso-8859-1"), "text")
    assert document.text.startswith("Café\n")


TEXT = b"First line\nof one.\n\nSecond.\n\n\n" + b"x" * 30 + b"\n\nbad \xff\n\nLast."


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({}, ["First line\nof one.\n\nSecond.\n\n" + "x" * 30 + "\n\nLast."]),
        ({"longest": 30}, ["First line\nof one.\n\nSecond.", "x" * 30, "Last."]),
        ({"split": "lines"}, ["First line", "of one.", "Second.", "x" * 30, "Last."]),
    ],
)
def test_plain_text(options: Any, texts: list[str], reading: Any) -> None:
    documents, broken = reading("text", TEXT, "text", **options)
    assert [d.text for d in documents] == texts
    assert [d.id for d in documents] == [f"set/{i + 1}" for i in range(len(texts))]
    assert [(b.place, b.reason) for b in broken] == [("line 9", "the line is not UTF-8")]


def test_plain_text_without_paragraphs_does_not_grow(reading: Any) -> None:
    documents, _ = reading("text", b"some words\n" * 10_000, "text")
    assert max(len(d.text) for d in documents) < 2 * 20_000
    with pytest.raises(InputError, match="paragraphs, lines"):
        reading("text", b"a", "text", split="pages")


POSTS = """<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" Score="5" Title="Why is ice light?" Body="&lt;p&gt;It floats &amp;amp; I ask.&lt;/p&gt;&#xA;&lt;p&gt;Why?&lt;/p&gt;" Tags="|ice|" />
  <row Id="2" PostTypeId="2" ParentId="1" Score="-1" Body="&lt;p&gt;Bonds: &lt;code&gt;H&amp;lt;O&lt;/code&gt;&lt;/p&gt;" />
  <row Id="3" PostTypeId="6" Score="0" Body="moderation" />
  <row Id="4" PostTypeId="2" Score="1 Body="x" />
  <row Id="5" PostTypeId="2" Score="1" Body="" />
</posts>
"""


def test_posts_of_stackexchange(reading: Any) -> None:
    (first, second), broken = reading("stackexchange", POSTS.encode(), "text", least_score=-9)
    assert first.text == "Why is ice light?\n\nIt floats & I ask.\nWhy?"
    assert second.text == "Bonds: H<O"
    assert second.meta == {"kind": "answer", "parent": "1", "score": "-1"}
    assert [(b.place, b.reason[:15]) for b in broken] == [
        ("line 6", "the post is no "),
        ("line 7", "the post is emp"),
    ]
    liked, _ = reading("stackexchange", POSTS.encode(), "text", least_score=5)
    assert [d.id for d in liked] == ["set/1"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<br>b</p><ul><li>c</li></ul>", "a\nb\nc"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<pre><code>x = 1\n  y</code></pre>", "x = 1\n  y"),
        ("never <b>closed", "never closed"),
        ("", ""),
    ],
)
def test_html_as_text(html: str, text: str) -> None:
    assert html_text(html) == text
