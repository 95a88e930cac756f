"""How fast each reader is beside a known way to read the same bytes, in one run.

The peer does less: it parses, and makes no document. Prints MB of the unpacked file per second of
processor time for both, and their ratio. The files are made here, seeded; under a minute in all.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from scireasoner.corpus.readers import Broken, Origin, read

MEGABYTE = 1_000_000
_MOLECULES = (
    "CC(=O)Oc1ccccc1C(=O)O",
    "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
    "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
    "C[C@H](N)C(=O)O",
    "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O",
)


def fasta(draw: random.Random, size: int, letters: str, length: int) -> bytes:
    parts, made = [], 0
    while made < size:
        head = f">NC_{len(parts):06}.1 Escherichia coli str. K-12\n"
        body = "".join(draw.choices(letters, k=length))
        text = head + "".join(f"{body[i : i + 80]}\n" for i in range(0, length, 80))
        parts.append(text)
        made += len(text)
    return "".join(parts).encode()


def fastq(draw: random.Random, size: int) -> bytes:
    letters = ["".join(draw.choices("ACGT", k=150)) for _ in range(50)]
    return "".join(
        f"@r{i} lane\n{letters[i % 50]}\n+\n{'I' * 150}\n" for i in range(size // 320)
    ).encode()


def molecules(draw: random.Random, count: int) -> list[str]:
    """Different molecules: the five above with chains of carbon at their ends."""
    return [f"{'C' * draw.randint(1, 40)}{draw.choice(_MOLECULES)}" for _ in range(count)]


def sdf(draw: random.Random, count: int) -> bytes:
    from rdkit import Chem

    blocks = [Chem.MolToMolBlock(Chem.MolFromSmiles(s)) for s in molecules(draw, count)]
    return "".join(f"{b}> <CID>\n{i}\n\n$$$$\n" for i, b in enumerate(blocks)).encode()


def table(draw: random.Random, count: int) -> bytes:
    rows = "".join(f"{s},{i},some note\n" for i, s in enumerate(molecules(draw, count)))
    return f"smiles,id,note\n{rows}".encode()


def jsonl(draw: random.Random, size: int) -> bytes:
    words = ["".join(draw.choices("abcdefghij", k=6)) for _ in range(300)]
    row = [
        json.dumps({"text": " ".join(draw.choices(words, k=150)), "url": str(i)}) for i in range(99)
    ]
    return ("\n".join(row[i % 99] for i in range(size // 1_090)) + "\n").encode()


def pubmed(size: int) -> bytes:
    one = (
        "<PubmedArticle><MedlineCitation><PMID>%d</PMID><Article><Journal><Title>J</Title>"
        "</Journal><ArticleTitle>On it</ArticleTitle><Abstract><AbstractText>"
        f"{'some words ' * 120}</AbstractText></Abstract></Article></MedlineCitation>"
        "</PubmedArticle>\n"
    )
    body = "".join(one % i for i in range(size // len(one)))
    return f"<PubmedArticleSet>{body}</PubmedArticleSet>".encode()


def biopython_fasta(data: bytes) -> int:
    from Bio.SeqIO.FastaIO import SimpleFastaParser

    return sum(1 for _ in SimpleFastaParser(io.TextIOWrapper(io.BytesIO(data))))


def biopython_fastq(data: bytes) -> int:
    from Bio.SeqIO.QualityIO import FastqGeneralIterator

    return sum(1 for _ in FastqGeneralIterator(io.TextIOWrapper(io.BytesIO(data))))


def rdkit_sdf(data: bytes) -> int:
    from rdkit import Chem

    return sum(1 for _ in Chem.ForwardSDMolSupplier(io.BytesIO(data)))


def rdkit_csv(data: bytes) -> int:
    """Read the table with ``csv`` and make the canonical SMILES: the least that a corpus needs."""
    from rdkit import Chem

    rows = csv.DictReader(io.TextIOWrapper(io.BytesIO(data)))
    return sum(1 for row in rows if Chem.MolToSmiles(Chem.MolFromSmiles(row["smiles"])))


def plain_csv(data: bytes) -> int:
    return sum(1 for _ in csv.reader(io.TextIOWrapper(io.BytesIO(data))))


def plain_json(data: bytes) -> int:
    return sum(1 for line in io.BytesIO(data) if json.loads(line))


def plain_gzip(data: bytes) -> int:
    return sum(1 for _ in gzip.GzipFile(fileobj=io.BytesIO(data)))


def iterparse(data: bytes) -> int:
    import xml.etree.ElementTree as ET

    count = 0
    for _, element in ET.iterparse(io.BytesIO(data)):
        if element.tag == "PubmedArticle":
            count += 1
            element.clear()
    return count


def seconds(work: Callable[[], Any]) -> float:
    """Return the least processor time of three runs; the first one also imports."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def cases(scale: float) -> Iterator[tuple[str, str, dict[str, Any], bytes, str, Any]]:
    """Yield name, reader, options, bytes, the peer's name and the peer."""
    draw, big = random.Random(0), int(4 * MEGABYTE * scale)
    rows = jsonl(draw, big)
    few = int(1_500 * scale)
    origin = {"domain": "dna"}
    yield "DNA", "fasta", origin, fasta(draw, big, "ACGT", 40_000), "Biopython", biopython_fasta
    proteins = fasta(draw, big, "ACDEFGHIKLMNPQRSTVWY", 350)
    yield "proteins", "fasta", {"domain": "protein"}, proteins, "Biopython", biopython_fasta
    yield "reads", "fastq", origin, fastq(draw, big), "Biopython", biopython_fastq
    yield "JSON lines", "jsonl", {}, rows, "json", plain_json
    yield "packed JSON", "jsonl", {}, gzip.compress(rows, 6), "gzip alone", plain_gzip
    yield "PubMed", "pubmed", {}, pubmed(big), "iterparse", iterparse
    texts = b"text,id\n" + b"".join(b'"%s",%d\n' % (b"a, b " * 80, i) for i in range(big // 400))
    yield "CSV of text", "table", {}, texts, "csv", plain_csv
    yield "molecules", "table", {}, table(draw, few), "csv and RDKit", rdkit_csv
    yield "SDF", "sdf", {}, sdf(draw, few // 3), "RDKit", rdkit_sdf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="size of the files, 1 is 4 MB")
    scale = parser.parse_args().scale
    print(f"{'':<14}{'records':>9}{'MB/s':>9}  {'peer':<15}{'MB/s':>9}{'ratio':>8}")
    for name, reader, options, data, peer, theirs in cases(scale):
        origin = Origin("made here", "CC0-1.0", options.get("domain", "text"), "set")
        size = len(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data) / MEGABYTE
        count = 0

        def ours(reader: str = reader, data: bytes = data, origin: Origin = origin) -> None:
            nonlocal count
            count = 0
            for item in read(reader, io.BytesIO(data), origin):
                assert not isinstance(item, Broken), item
                count += 1

        a, b = size / seconds(ours), size / seconds(lambda d=data, t=theirs: t(d))
        print(f"{name:<14}{count:>9,}{a:>9.1f}  {peer:<15}{b:>9.1f}{a / b:>8.2f}")


if __name__ == "__main__":
    main()
