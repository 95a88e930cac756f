"""Make stored predictions over all tasks of the released suite, in the layout of OpenCompass.

The right answers are those of the rows on this machine (test first, then dev and train); where a
task has none, its examples with other numbers. About half of the answers are right, half of all
come after a thought. The others are another row's answer, a near miss, no answer in many words, an
open thought, or nothing.

Run by ``rescoring.py``; alone: ``python benchmarks/made_predictions.py FOLDER --rows 10000``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from scireasoner.prompts.reply import THINK_OPEN, compose
from scireasoner.science import wordnet
from scireasoner.tasks.registry import all_tasks
from scireasoner.tasks.task import Task
from scireasoner.types import Sample, Split

LEFT_OUT = {
    "molinst_open_question": "BERTScore needs roberta-large",
    "uncond_rna": "the released code stops before it folds (a folder that it removed itself)",
}
"""Tasks whose released number cannot be had offline, left out on both sides."""

DESCRIPTIONS = ("smol_molecule_captioning", "molinst_molecular_description")
SCIBERT = Path("tokenizers/scibert_scivocab_uncased/vocab.txt")
_PIECES = 30_000
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SYMBOLS = re.compile(r"\b[A-Z][a-z]?\b")
_UNKNOWN = (
    "I am unsure. From this input alone the answer is unknown to me, and I would rather say so.",
    "Sorry, this is uncertain; further experiments would have to decide between the options.",
    "I don't know.",
)
_THOUGHT = (
    "Let me look at the input step by step. The first part resembles a case that I know, the "
    "second one differs from it in one place, which should shift the result a little. ",
    "The question asks for one answer in a fixed form. I compare the candidates one by one, rule "
    "out those that contradict the data, and keep the one that fits best. ",
)


def wanted() -> list[Task]:
    """Return the tasks that have a released evaluator."""
    tasks = [task for task in all_tasks() if task.release and task.release.evaluator]
    return [task for task in tasks if task.name not in LEFT_OUT]


def rows_of(task: Task, count: int) -> list[Sample]:
    """Return so many rows with a known answer, different ones as far as there are any."""
    there = [split for split in (Split.TEST, Split.DEV, Split.TRAIN) if task.available(split)]
    stream = chain.from_iterable(task.samples(split) for split in there)
    found = list(islice((row for row in stream if row.example), count))
    rng = random.Random(task.name)
    base = found or list(task.shown())
    while len(found) < count:
        found.append(_varied(base[len(found) % len(base)], rng))
    return found


def _varied(row: Sample, rng: random.Random) -> Sample:
    """Return the row with another number, where its gold is one."""
    if row.gold is None or not _NUMBER.fullmatch(row.gold.strip()) or row.gold in ("0", "1"):
        return row
    number = float(row.gold)
    return Sample(row.id, row.inputs, f"{number * rng.uniform(0.7, 1):.4g}", row.reference)


def written(task: Task, row: Sample) -> str:
    """Return the output text that the hub carries, or would carry."""
    release = task.release
    if "output" in row.meta:
        return row.meta["output"]
    if release and release.output:
        return release.output(row)
    text = task.answer.write(row.example or "") if row.gold is None else str(row.gold)
    text = re.sub(r"<(/?)(SMILES|material)>", r" <\1\2> ", text).strip()
    return re.sub(r"(?<!<sg> )<sg(\d+)>", r"<sg> <sg\1>", text)


class Writer:
    """Writes the answers of one task, the same ones for the same seed."""

    def __init__(self, task: Task, rows: list[Sample], seed: int) -> None:
        self.task = task
        self.outputs = [written(task, row) for row in rows]
        self.beams = task.release.answers if task.release else 1
        self.rng = random.Random(f"{seed} {task.name}")

    def answer(self, place: int) -> str | list[str]:
        """Return the answer to a row, or a list of them, best first."""
        if self.beams == 1:
            return self._one(self.outputs[place])
        first = self._one(self.outputs[place])
        others = [self._thoughtful(self._wrong(self.outputs[place])) for _ in range(self.beams - 1)]
        if self.rng.random() < 0.2:
            others[self.rng.randrange(len(others))] = self._thoughtful(self.outputs[place])
        return [first, *others]

    def _one(self, right: str) -> str:
        chance = self.rng.random()
        if chance < 0.5:
            return self._thoughtful(right)
        if chance < 0.85:
            return self._thoughtful(self._wrong(right))
        if chance < 0.92:
            return self._thoughtful(self.rng.choice(_UNKNOWN))
        if chance < 0.96:
            return f"{THINK_OPEN}\n{self._thought()}"
        return ""

    def _wrong(self, right: str) -> str:
        if self.rng.random() < 0.5:
            return self.rng.choice(self.outputs)
        return near_miss(right, self.rng)

    def _thought(self) -> str:
        return "".join(self.rng.choice(_THOUGHT) for _ in range(self.rng.randint(1, 6)))

    def _thoughtful(self, answer: str) -> str:
        if self.rng.random() < 0.5:
            return answer
        return f"{THINK_OPEN}\n{compose(self._thought(), answer)}"


def near_miss(text: str, rng: random.Random) -> str:
    """Return a text that is almost the same: another atom, letter, number or word."""
    tagged = re.search(r"<(\w+)>\s*(.*?)\s*</\1>", text, re.DOTALL)
    if tagged is None:
        return _other(text, rng)
    inner = {"SMILES": _other_molecule, "protein": _other_sequence, "rna": _other_sequence,
             "material": _other_material}.get(tagged[1], _other)(tagged[2], rng)  # fmt: skip
    return text[: tagged.start(2)] + inner + text[tagged.end(2) :]


def _other(text: str, rng: random.Random) -> str:
    found = list(_NUMBER.finditer(text))
    if found:
        last = found[-1]
        places = len(last[0].partition(".")[2])
        number = f"{float(last[0]) * rng.uniform(0.8, 1.25):.{places}f}"
        return text[: last.start()] + number + text[last.end() :]
    words = text.split(" ")
    if len(words) < 4:
        return text.swapcase() if rng.random() < 0.5 else text
    for _ in range(max(1, len(words) // 6)):
        words[rng.randrange(len(words))] = rng.choice(words)
    return " ".join(words)


def _other_sequence(text: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(max(1, len(letters) // 20)):
        letters[rng.randrange(len(letters))] = rng.choice(letters)
    return "".join(letters)


def _other_material(text: str, rng: random.Random) -> str:
    found = _SYMBOLS.findall(text)
    return re.sub(rf"\b{found[0]}\b", rng.choice(("Fe", "Na", "Si")), text) if found else text


def _other_molecule(text: str, rng: random.Random) -> str:
    """Put a methyl group, an amine, a hydroxyl or a fluorine at some atom with a hydrogen."""
    from rdkit import Chem

    mol = Chem.MolFromSmiles(text.replace(";", "."))
    if mol is None:
        return text
    free = [atom.GetIdx() for atom in mol.GetAtoms() if atom.GetNumImplicitHs()]
    if not free:
        return text
    grown = Chem.RWMol(mol)
    new = grown.AddAtom(Chem.Atom(rng.choice("CNOF")))
    grown.AddBond(rng.choice(free), new, Chem.BondType.SINGLE)
    found = Chem.MolFromSmiles(Chem.MolToSmiles(grown))
    return text if found is None else str(Chem.MolToSmiles(found))


# What is written --------------------------------------------------------------------------------


def make(folder: Path, rows: int, seed: int = 0) -> None:
    """Write predictions, the hub's files that belong to them, and what the released code needs.

    ``predictions/<suite>/<released name>.json``, ``hub/<repo>/<path>``, ``plan.json``.
    """
    tasks = wanted()
    plan, descriptions = [], []
    for number, task in enumerate(tasks):
        # So that the counts add up to the number of rows.
        count = (number + 1) * rows // len(tasks) - number * rows // len(tasks)
        samples = rows_of(task, count)
        outputs = _write_task(folder, task, samples, seed)
        plan.append(_planned(task, count))
        if task.name in DESCRIPTIONS:
            descriptions += outputs
    _write_shared(folder, plan, descriptions)
    sys.stdout.write(f"{rows} predictions of {len(tasks)} tasks in {folder}\n")


def _planned(task: Task, count: int) -> dict[str, Any]:
    release = task.release
    assert release is not None
    assert release.evaluator is not None
    return {"task": task.name, "name": release.name, "suite": task.suite, "rows": count,
            "evaluator": release.evaluator.name, "key": release.evaluator.headline,
            "hub": _hub_file(task), "beams": release.answers}  # fmt: skip


def _hub_file(task: Task) -> str:
    assert task.release is not None
    path = task.release.path.format(split="test") or "data.json"
    return f"{task.release.repo or 'unconditional'}/{task.release.name}/{path}"


def _write_task(folder: Path, task: Task, samples: list[Sample], seed: int) -> list[str]:
    release = task.release
    assert release is not None
    writer = Writer(task, samples, seed)
    entries, records = {}, []
    for place, (sample, output) in enumerate(zip(samples, writer.outputs, strict=True)):
        question = task.question(sample.inputs)
        known = sample.gold is not None
        record: dict[str, Any] = {"input": question, "output": output if known else ""}
        if release.label is not None:
            label = release.label(record)
            mapping = label is not None and label.startswith("{")
            record |= {"label": json.loads(label or "") if mapping else label}
            record |= {"task": release.name}
        records.append(record)
        entries[str(place)] = {
            "origin_prompt": [{"role": "HUMAN", "prompt": question}],
            "prediction": writer.answer(place),
            "gold": _gold(task, record["output"]),
        }
    _write(folder / "predictions" / task.suite / f"{release.name}.json", entries)
    _write(folder / "hub" / _hub_file(task), records)
    return writer.outputs


def _gold(task: Task, output: str) -> Any:
    """Return the gold as the released inference stores it: an object in the later set."""
    if task.suite != "sr15":
        return output
    if task.name == "sr15_go_biological_process":
        return {"value": output}
    found = _NUMBER.findall(output)[-1]
    if task.name == "sr15_dude_pair":
        target = f"target {len(output) % 3}"
        return {"value": int(found), "target": target, "metadata": {"target": target}}
    return {"value": float(found)}


def _write_shared(folder: Path, plan: Iterable[dict[str, Any]], texts: list[str]) -> None:
    _write(folder / "plan.json", list(plan))
    known = folder / "hub" / "SciReason" / "bio_instruction" / "ec_labels.json"
    _write(known, sorted(set(_enzymes(folder))))
    _write_pieces(folder / "hub" / SCIBERT, texts)
    synonyms = folder / "nltk" / "corpora" / "wordnet"
    synonyms.mkdir(parents=True, exist_ok=True)
    for path in wordnet.folder().iterdir():
        # NLTK counts a line end as one byte.
        (synonyms / path.name).write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))


def _enzymes(folder: Path) -> Iterator[str]:
    for path in (folder / "hub").rglob("FunctionEC/**/data.json"):
        for record in json.loads(path.read_text(encoding="utf-8")):
            yield from re.findall(r"\d+\.\d+\.\d+\.-?\d*", record["output"])


def _write_pieces(path: Path, texts: list[str]) -> None:
    """Write a vocabulary of word pieces learned from the descriptions: a stand-in for SciBERT's."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=_PIECES, special_tokens=special, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    ranked = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{piece}\n" for piece, _ in ranked), encoding="utf-8")


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    make(options.folder, options.rows, options.seed)
