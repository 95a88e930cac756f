"""FASTA and FASTQ: headers of public dumps, DNA in pieces with its place, broken records."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from scireasoner.corpus.readers import Origin, read
from scireasoner.corpus.readers.headers import Header, parse_header
from scireasoner.errors import InputError
from scireasoner.notation.tags import NOTATIONS, find_spans

# header of a public dump -> what it says
HEADERS = [
    (
        "sp|P00698|LYSC_CHICK Lysozyme C OS=Gallus gallus OX=9031 GN=LYZ PE=1 SV=1",
        Header("P00698", "Lysozyme C", "Gallus gallus", "9031", "LYZ"),
    ),
    (
        "tr|A0A1B2|A0A1B2_9BACT Uncharacterised protein OS=uncultured bacterium (strain X) OX=77133 PE=4 SV=1",
        Header("A0A1B2", "Uncharacterised protein", "uncultured bacterium (strain X)", "77133"),
    ),
    (
        "UniRef50_A0A5A9P0L4 peptidylprolyl isomerase n=1 Tax=Triplophysa tibetana TaxID=1572043 RepID=A0A5A9P0L4_9TELE",
        Header(
            "UniRef50_A0A5A9P0L4", "peptidylprolyl isomerase", "Triplophysa tibetana", "1572043"
        ),
    ),
    (
        "NC_000001.11 Homo sapiens chromosome 1, GRCh38.p14 Primary Assembly",
        Header(
            "NC_000001.11", "Homo sapiens chromosome 1, GRCh38.p14 Primary Assembly", "Homo sapiens"
        ),
    ),
    (
        "NC_000001.11:100-200 Homo sapiens chromosome 1",
        Header("NC_000001.11", "Homo sapiens chromosome 1", "Homo sapiens", start=100, end=200),
    ),
    (
        "NC_000913.3:c200-100 Escherichia coli str. K-12",
        Header(
            "NC_000913.3",
            "Escherichia coli str. K-12",
            "Escherichia coli",
            start=100,
            end=200,
            strand="-",
        ),
    ),
    (
        "NP_000005.3 alpha-2-macroglobulin isoform a precursor [Homo sapiens]",
        Header("NP_000005.3", "alpha-2-macroglobulin isoform a precursor", "Homo sapiens"),
    ),
    (
        "gi|568815597|ref|NC_000001.11| Homo sapiens chromosome 1",
        Header("NC_000001.11", "Homo sapiens chromosome 1", "Homo sapiens"),
    ),
    (
        "URS000000000A_9606 Homo sapiens (human) piR-12345",
        Header("URS000000000A_9606", "Homo sapiens (human) piR-12345", "Homo sapiens", "9606"),
    ),
    ("URS0000000001 rRNA from 1 species", Header("URS0000000001", "rRNA from 1 species")),
    ("contig7", Header("contig7")),
    ("read1 Totally random words", Header("read1", "Totally random words")),
    ("x <protein>M</protein>", Header("x", "M")),
]


@pytest.mark.parametrize(("line", "expected"), HEADERS)
def test_headers_of_public_dumps(line: str, expected: Header) -> None:
    assert parse_header(line) == expected


PROTEINS = b""">sp|P00698|LYSC_CHICK Lysozyme C OS=Gallus gallus OX=9031 GN=LYZ PE=1 SV=1
KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINS
rwwcndgrtpgsr*
>second
MK1V
>
MKV
>fourth

>\xff\xfe
MKV
>sixth two words
MKV
"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_proteins_with_what_the_header_says(pack: Any, reading: Any) -> None:
    documents, broken = reading("fasta", pack(PROTEINS), "protein")
    first, sixth = documents
    sequence = "KVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWWCNDGRTPGSR"
    assert first.text == (
        f"Name: Lysozyme C\nGene: LYZ\nOrganism: Gallus gallus\n<protein>{sequence}</protein>"
    )
    assert first.id == "set/P00698"
    assert first.meta["organism"] == "Gallus gallus"
    assert first.meta["entity"] == sequence
    assert sixth.text == "Name: two words\n<protein>MKV</protein>"
    assert [(b.place, b.reason) for b in broken] == [
        ("line 4", "'1' is no letter of protein"),
        ("line 6", "the header is empty"),
        ("line 8", "the record has no sequence"),
        ("line 10", "the header is not UTF-8"),
    ]


def test_a_record_cut_by_a_damaged_file_is_broken(reading: Any) -> None:
    records = b"".join(b">p%d\n%s\n" % (i, b"MKVLWACDEFGHIKLMN"[i % 9 :] * 9) for i in range(400))
    data = gzip.compress(records)
    documents, broken = reading("fasta", data[: len(data) // 2], "protein")
    whole, _ = reading("fasta", records, "protein")
    assert [d.text for d in documents] == [d.text for d in whole[: len(documents)]]
    assert [b.reason.split(" (")[0] for b in broken] == [
        "the record is cut off",
        "the file ends early or is damaged",
    ]


@pytest.mark.parametrize("size", [1, 5, 64])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_records_do_not_depend_on_where_the_blocks_end(
    size: int, ending: bytes, monkeypatch: pytest.MonkeyPatch, reading: Any
) -> None:
    expected = reading("fasta", PROTEINS, "protein")
    monkeypatch.setattr("scireasoner.corpus.readers.fasta._BLOCK", size)
    assert reading("fasta", PROTEINS.replace(b"\n", ending), "protein") == expected


def test_rna_is_written_with_u(reading: Any) -> None:
    data = b">URS000000000A_9606 Homo sapiens (human) let-7\nTGAGGTAGuAGN\n"
    (document,), _ = reading("fasta", data, "rna")
    assert document.text.endswith("<rna>UGAGGUAGUAGN</rna>")
    assert document.meta["taxon"] == "9606"


# sequence, options -> (coordinates, letters) of the pieces
PIECES = [
    ("ACGT" * 25, {"piece": 40, "shortest": 10}, [(1, 40), (41, 80), (81, 100)]),
    ("ACGT" * 22, {"piece": 40, "shortest": 10}, [(1, 40), (41, 88)]),  # a rest of 8 joins
    ("ACGT" * 3, {"piece": 40, "shortest": 20}, [(1, 12)]),  # a short record stays whole
    ("ACGT" * 5 + "N" * 7 + "ACGT" * 5, {"piece": 40, "shortest": 10}, [(1, 20), (28, 47)]),
    ("NNNN" + "ACGT" * 5 + "NN", {"piece": 40, "shortest": 10}, [(5, 24)]),
    ("ACGT" * 5 + "R" + "ACG" + "N" + "ACGT" * 5, {"piece": 40, "shortest": 10}, [(1, 20), (26, 45)]),
    ("ACGT" * 10 + "AC" + "N" + "ACGT" * 5, {"piece": 40, "shortest": 10}, [(1, 42), (44, 63)]),
]  # fmt: skip


@pytest.mark.parametrize(("sequence", "options", "places"), PIECES)
@pytest.mark.parametrize("width", [7, 1_000])
def test_dna_in_pieces_with_their_place(
    sequence: str, options: Any, places: Any, width: int, reading: Any
) -> None:
    lines = [sequence[i : i + width].lower() for i in range(0, len(sequence), width)]
    data = "\n".join([">NC_1.1 Escherichia coli", *lines]).encode()
    documents, broken = reading("fasta", data, "dna", **options)
    assert broken == []
    assert [d.meta["coordinates"] for d in documents] == [f"NC_1.1:{a}-{b}" for a, b in places]
    assert [d.meta["entity"] for d in documents] == [sequence[a - 1 : b] for a, b in places]
    for document in documents:
        (span,) = find_spans(document.text, NOTATIONS["dna"])
        assert span.text == document.meta["entity"]


def test_places_count_from_those_of_the_header_and_along_its_strand(reading: Any) -> None:
    body = b"ACGT" * 5
    options = {"piece": 10, "shortest": 5}
    forward, _ = reading(
        "fasta", b">NC_000913.3:101-120 Escherichia coli\n" + body, "dna", **options
    )
    backward, _ = reading("fasta", b">NC_000913.3:c120-101 x\n" + body, "dna", **options)
    assert [d.meta["coordinates"] for d in forward] == [
        "NC_000913.3:101-110",
        "NC_000913.3:111-120",
    ]
    assert [d.meta["coordinates"] for d in backward] == [
        "NC_000913.3:111-120(-)",
        "NC_000913.3:101-110(-)",
    ]
    assert forward[0].text == (
        "Organism: Escherichia coli\nPosition: NC_000913.3:101-110\n<dna>ACGTACGTAC</dna>"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b">a\nACGTXACGT", "'X' is no letter of dna"),
        (b">a\nNNNNNNNNN", "no run of 50 letters A, C, G, T"),
        (b"ACGT\n>a\n" + b"ACGT" * 20, "a sequence without a header"),
    ],
)
def test_broken_dna(data: bytes, reason: str, reading: Any) -> None:
    _, (broken,) = reading("fasta", data, "dna")
    assert reason in broken.reason


def test_dna_given_as_protein_is_seen(reading: Any) -> None:
    data = b">a\n" + b"ACGT" * 20 + b"\n>b\nGATTACA\n"
    documents, (broken,) = reading("fasta", data, "protein")
    assert [d.id for d in documents] == ["set/b"]
    assert "letters of DNA or RNA alone" in broken.reason


def test_after_a_broken_record_the_next_is_read(reading: Any) -> None:
    data = b">a\n" + b"ACGT" * 30 + b"\n!!\nACGT\n>b\n" + b"ACGT" * 20
    documents, (broken,) = reading("fasta", data, "dna", piece=50, shortest=20)
    assert [d.id for d in documents] == ["set/a:1-50", "set/a:51-100", "set/b:1-50", "set/b:51-80"]
    assert broken.reason == "'!' is no letter of dna"


def test_the_kind_must_be_known() -> None:
    with pytest.raises(InputError, match="kind 'biology'"):
        list(read("fasta", io.BytesIO(b">a\nA"), Origin("s", "l", "biology")))
    with pytest.raises(InputError, match="0 < shortest <= piece"):
        list(read("fasta", io.BytesIO(b">a\nA"), Origin("s", "l", "dna"), piece=10))


READS = b"""@r1 lane 2
ACGTAC
+
IIIIII
@r2
ACGTAC
+
III
@r3
ACGTNN
+r3
IIIIII
@r4
GGGGGG
+
######
@r5
AC"""


def test_reads_of_fastq_and_what_is_broken_between_them(reading: Any) -> None:
    documents, broken = reading("fastq", READS, "dna", shortest=2, least_quality=10)
    assert [(d.id, d.meta["entity"]) for d in documents] == [
        ("set/r1:1-6", "ACGTAC"),
        ("set/r3:1-4", "ACGT"),
    ]
    assert [(b.excerpt, b.reason[:15]) for b in broken] == [
        ("@r2", "no read of four"),
        ("r4", "the mean qualit"),
        ("@r5", "no read of four"),
    ]
    with pytest.raises(InputError, match="FASTQ of proteins"):
        list(read("fastq", io.BytesIO(READS), Origin("s", "l", "protein")))


def test_the_same_reads_as_biopython(reading: Any) -> None:
    from Bio.SeqIO.QualityIO import FastqGeneralIterator

    data = b"".join(
        b"@r%d\n%s\n+\n%s\n" % (i, b"ACGT" * (i + 1), b"@+IF" * (i + 1)) for i in range(50)
    )
    documents, broken = reading("fastq", data, "dna", shortest=1)
    theirs = [(t, s) for t, s, _ in FastqGeneralIterator(io.StringIO(data.decode()))]
    assert broken == []
    assert [(d.meta["accession"], d.meta["entity"]) for d in documents] == theirs


class Endless(io.RawIOBase):
    """A FASTA of so many bytes in one record, made as it is read."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.head = b">NC_1.1 Escherichia coli\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.head or b"ACGTTGCA" * min(len(buffer) // 8, self.left // 8)
        self.head = b""
        self.left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def peak(size: int) -> int:
    """The most bytes of Python objects that reading so much DNA holds."""
    origin = Origin("s", "l", "dna")
    items: Iterator[Any] = read("fasta", io.BufferedReader(Endless(size)), origin)
    next(items)
    tracemalloc.start()
    count = sum(1 for _ in items)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == pytest.approx(size / 1_000, abs=2)
    return most


def test_memory_does_not_grow_with_the_file() -> None:
    """One record on one line, ten times as long: the same memory."""
    assert peak(10_000_000) < peak(1_000_000) + 500_000 < 4_000_000
