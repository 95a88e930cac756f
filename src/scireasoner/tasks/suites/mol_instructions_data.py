"""Public sets for the text and protein tasks of Mol-Instructions; the released golds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from scireasoner.errors import DataError
from scireasoner.settings import locate
from scireasoner.tasks.release import Record, output_of
from scireasoner.tasks.rows import Example
from scireasoner.tasks.tables import DataSet, read_table
from scireasoner.types import Sample

LONGEST_DESIGN = 512
"""Longest protein in residues that a design task asks for: what a model can write out."""

_REACTIONS = "bio/enzyme_reactions/data.jsonl.gz"
_LETTERS = "ABCD"
_LAST_LETTER = re.compile(r"\(([A-D])\)|\b([A-D])\b")
_GO_ID = re.compile(r"\s*\[GO:\d+\]")
_DOMAIN = re.compile(r"DOMAIN [<>?]?\d+ [<>?]?\d+ ([^;]+)")
_COPY_NUMBER = re.compile(r" \d+\Z")
_EVIDENCE = re.compile(r"\s*\((?:By similarity|Probable|Potential)\)")
_BROKEN_HYPHEN = re.compile(r"(?<=\S)- (?=\S)")

UNIPROT = "UniProt (doi:10.1093/nar/gkac1052)"

BC5CDR = DataSet(
    "chemistry/bc5cdr",
    "BC5CDR (doi:10.1093/database/baw068)",
    "free for research (BioCreative V); Apache-2.0 (repository)",
    ships=False,
    file="bc5cdr.jsonl.gz",
    note="official split less 100 test abstracts",
)
CHEM_SENTENCES = DataSet(
    "chemistry/chem_ner_sentences",
    "CRAFT, BioNLP 2011 ID, 2013 CG and 2013 PC (doi:10.1186/s12859-017-1776-8)",
    "CC BY 3.0 (CRAFT), CC BY-SA 3.0 (BioNLP), CC BY 4.0 (repository)",
    ships=False,
    file="chem_ner_sentences.jsonl.gz",
    note="other corpora than the released set; tokens are separated by blanks",
    open_part=("corpus", ("CRAFT-chem",)),
)
CHEMPROT = DataSet(
    "chemistry/chemprot",
    "ChemProt of BioCreative VI, sentences of SciBERT (arXiv:1903.10676)",
    "free for research; redistribution not stated",
    ships=False,
    file="chemprot.jsonl.gz",
    note="sentences, not abstracts; which name is the chemical was inferred",
)
SCIKNOWEVAL = DataSet(
    "chemistry/sciknoweval_chem",
    "SciKnowEval (arXiv:2406.09098)",
    "not stated",
    ships=False,
    file="sciknoweval_chem.jsonl.gz",
    note="questions on chemistry, largely written by language models",
)
MMLU = DataSet(
    "chemistry/mmlu_chemistry",
    "MMLU, college and high school chemistry (arXiv:2009.03300)",
    "MIT",
    ships=True,
    file="mmlu_chemistry.jsonl.gz",
    note="ten training rows only",
)
MEDQUAD = DataSet(
    "chemistry/medquad",
    "MedQuAD (doi:10.1186/s12859-019-3119-4)",
    "CC BY 4.0",
    ships=True,
    file="medquad.jsonl.gz",
    note="questions on diseases, answers of 40 to 1,200 characters",
)
PUBMEDQA = DataSet(
    "chemistry/pubmedqa",
    "PubMedQA (arXiv:1909.06146)",
    "MIT",
    ships=True,
    file="pubmedqa.jsonl.gz",
    note="asked without the abstract, as released; 350 of the 500 official test rows",
)
TUBERCULOSIS = DataSet(
    "bio/protein_annotation_uniprot_mtb",
    f"{UNIPROT}, M. tuberculosis H37Rv as in COMBAT-TB (doi:10.1093/bioinformatics/btz658)",
    "CC BY 4.0",
    ships=True,
    note="one bacterium, split by a hash of the sequence; answers without the released templates",
)
YEAST = DataSet(
    "bio/protein_function_yeast",
    f"SGD (doi:10.1093/nar/gkr1029), {UNIPROT}",
    "CC BY 4.0",
    ships=True,
    note="descriptions of SGD, split by a hash of the sequence",
)
ENZYMES = DataSet(
    "bio/protein_ec_clean",
    "CLEAN split10 and New-392 (doi:10.1126/science.adf2465), reactions of ENZYME "
    "(doi:10.1093/nar/28.1.304)",
    "research use (CLEAN); no modified copies (ENZYME, release of 2001)",
    ships=False,
    note="the reaction is that of the EC number; newer EC numbers have none",
)


def disease_relations(record: Record) -> Iterator[Example]:
    """Ask for the chemicals of an abstract and the diseases they induce."""
    return _relations(record, [(r["chemical"], r["disease"]) for r in record["relations"]])


def protein_relations(record: Record) -> Iterator[Example]:
    """Ask for the triples of a sentence; not where the chemical of a pair is not known."""
    found = record["relations"]
    return _relations(record, [(r["chemical"], r["relation"], r["protein"]) for r in found])


def _relations(record: Record, rows: Sequence[Sequence[str | None]]) -> Iterator[Example]:
    """Give the tuples as they are released, ``(a, b), (c, d)``, each once.

    A text with a name that cannot be told apart in there (a list of names, half a bracket) is
    left out.
    """
    names = [name or "" for row in rows for name in row]
    if rows and all(map(_plain, names)):
        tuples = dict.fromkeys(f"({', '.join(map(str, row))})" for row in rows)
        yield Example({"text": str(record["text"])}, ", ".join(tuples))


def _plain(name: str) -> bool:
    paired = all(name.count(left) == name.count(right) for left, right in ("()", "[]", "{}"))
    return bool(name) and ", " not in name and paired


def chemicals(record: Record) -> Iterator[Example]:
    """Ask for the chemicals that a text names; not where a name holds the separator."""
    named = [span["mention"] for span in record["spans"] if span["type"].startswith("Chemical")]
    if not any(", " in name for name in named):
        yield Example({"text": str(record["text"])}, ", ".join(dict.fromkeys(named)) or "none")


def choices(record: Record) -> Iterator[Example]:
    """Ask for the letter of one of four choices."""
    options = record["choices"]
    if options and len(options) == len(_LETTERS) and record["answer"] in _LETTERS:
        lines = [f"({letter}) {option}" for letter, option in zip(_LETTERS, options, strict=True)]
        yield Example({"text": "\n".join([str(record["question"]), *lines])}, record["answer"])


def reactions(record: Record) -> Iterator[Example]:
    """Ask for the reactions that an enzyme catalyses, by its complete EC numbers.

    Raises
    ------
    DataError : if the table of reactions, which stands beside the set, is missing.
    """
    path = locate(_REACTIONS)
    if path is None:
        raise DataError(f"the reactions of the enzymes are missing: {_REACTIONS} under a data root")
    known = _enzyme_reactions(path, path.stat().st_mtime_ns)
    if all(number in known for number in record["ec_number"]):
        texts = dict.fromkeys(known[number] for number in record["ec_number"])
        yield Example({"protein": str(record["sequence"])}, " ".join(texts))


@lru_cache(maxsize=1)
def _enzyme_reactions(path: Path, changed: int) -> dict[str, str]:
    # The old line breaks of the release left a blank behind hyphens.
    table = read_table(path, changed)
    return {row["ec_number"]: _BROKEN_HYPHEN.sub("-", row["reaction"]) for row in table}


def domains(record: Record) -> Iterator[Example]:
    """Ask for the domains of a protein, each once, in their order along the chain."""
    if names := _domains(record):
        yield Example({"protein": str(record["sequence"])}, ", ".join(names))


def _domains(record: Record) -> list[str]:
    found = (name.strip(" .") for name in _DOMAIN.findall(record.get("domains") or ""))
    return list(dict.fromkeys(_COPY_NUMBER.sub("", name) for name in found))


def function_text(record: Record) -> Iterator[Example]:
    """Ask what a protein does; the marks of evidence are taken off."""
    if function := _function(record):
        yield Example({"protein": str(record["sequence"])}, function)


def _function(record: Record) -> str:
    return _EVIDENCE.sub("", record.get("function") or "").strip()


def annotation(record: Record) -> Iterator[Example]:
    """Ask for the molecular function, the process and the place of a protein."""
    if record.get("go_mf") and (record.get("go_bp") or record.get("go_cc")):
        yield Example({"protein": str(record["sequence"])}, " ".join(_annotated(record)))


def _annotated(record: Record) -> list[str]:
    parts = {"Function": "go_mf", "Process": "go_bp", "Location": "go_cc"}
    terms = {name: record.get(column) or () for name, column in parts.items()}
    return [
        f"{name}: {', '.join(_GO_ID.sub('', term) for term in found)}."
        for name, found in terms.items()
        if found
    ]


def designs(record: Record) -> Iterator[Example]:
    """Ask for a protein that meets numbered requirements; the gold is the natural one."""
    function = _function(record)
    wanted = [*([function] if function else []), *_annotated(record)]
    if names := _domains(record):
        wanted.append(f"Domains: {', '.join(names)}.")
    if len(wanted) > 1 and len(record["sequence"]) <= LONGEST_DESIGN:
        text = " ".join(f"{n}. {line}" for n, line in enumerate(wanted, start=1))
        yield Example({"text": text}, str(record["sequence"]))


def released_letter(record: Record) -> str | None:
    """Read the letter of "The final answer is (X)."."""
    found = _LAST_LETTER.findall(output_of(record) or "")
    return "".join(found[-1]) if found else None


def released_word(record: Record) -> str | None:
    """Read yes, no or maybe, which stands before the first comma."""
    output = output_of(record)
    return None if output is None else output.split(",")[0].strip(" .\n").capitalize()


def write_letter(sample: Sample) -> str:
    """Write a choice as it is released."""
    return f"The final answer is ({sample.example})."
