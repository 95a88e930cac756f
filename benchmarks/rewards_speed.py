r"""What a reward costs, beside the published evaluators, reference packages and ether0's rewards.

    python benchmarks/rewards_speed.py --released CHECKOUT [LATER] --ether0 CHECKOUT \
        --python OTHER/bin/python

Both sides of a row get the same inputs in one process, turn by turn; a rate is the median over the
repetitions, per second of processor time of one core (of wall time where Java answers, which runs
beside us). Cold: nothing is remembered of the answers, the golds are read. Warm: seen before.
What is not here is left out: ``--released`` needs rdchiral, ``--ether0`` a checkout of its source.
The mixed batch scores made answers to every task with a released evaluator (``released.py``, run by
``--python``) and judges and rewards the same answers by ours.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import rewards_inputs as inputs
from rewards_mixed import mixed

from scireasoner import answers
from scireasoner.science import alignment, materials, meteor, molecules, overlap, wordnet
from scireasoner.science import names as opsin

Work = Callable[[], object]


@dataclass(frozen=True)
class Side:
    """Work on ``count`` items; ``before`` prepares a repetition and is not timed."""

    name: str
    work: Work
    count: int
    before: Work = lambda: None
    clock: Callable[[], float] = time.process_time

    def rate(self) -> float:
        """Return items per second of one repetition."""
        self.before()
        start = self.clock()
        self.work()
        return self.count / (self.clock() - start)


@dataclass(frozen=True)
class Duel:
    """A row of the table: the sides, ours first, and the wanted ratios to each other side."""

    name: str
    sides: Sequence[Side]
    goals: Sequence[float]

    def run(self, rounds: int) -> None:
        """Time the sides in turn and print the medians."""
        rates: list[list[float]] = [[] for _ in self.sides]
        for _ in range(rounds):
            for side, own in zip(self.sides, rates, strict=True):
                own.append(side.rate())
        medians = [statistics.median(own) for own in rates]
        say(f"{self.name}: {self.sides[0].name} {medians[0]:,.0f}/s")
        for side, rate, goal in zip(self.sides[1:], medians[1:], self.goals, strict=True):
            ratio = medians[0] / rate
            verdict = "" if not goal else f", goal {goal:g}: {'met' if ratio >= goal else 'MISSED'}"
            say(f"    {side.name} {rate:,.1f}/s, ratio {ratio:,.2f}{verdict}")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def forget() -> None:
    """Empty every memory of ours for texts; what is loaded once (tables) stays."""
    opsin._SERVICE._known.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith("scireasoner."):
            for found in list(vars(module).values()):
                if hasattr(found, "cache_info") and found.cache_info().maxsize:
                    found.cache_clear()


def each(function: Callable[..., object], rows: Sequence[tuple[Any, ...]]) -> None:
    for row in rows:
        function(*row)


# Molecules ----------------------------------------------------------------------------------------


def molecule_duels(count: int, released: Path | None, ether0: Path | None) -> Iterator[Duel]:
    from rdkit import Chem
    from rdkit.Chem import rdFingerprintGenerator

    kind = answers.Molecule()
    pairs = inputs.smiles_pairs(count)
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    tagged = [(f"<SMILES>{said}</SMILES>", kind.read_gold(gold)) for said, gold in pairs]

    def golds() -> None:
        forget()
        for _, target in tagged:
            kind.compare("C", target)

    def judge(text: str, target: str) -> None:
        kind.compare(kind.parse(text), target)

    def bare(smiles: str) -> None:
        Chem.MolToSmiles(Chem.MolFromSmiles(smiles))

    def with_bits(smiles: str) -> None:
        mol = Chem.MolFromSmiles(smiles)
        Chem.MolToSmiles(mol)
        generator.GetFingerprint(mol)

    said = [(text,) for text, _ in pairs]
    cold = Side("ours, cold", partial(each, judge, tagged), count, golds)
    warm = Side("ours, warm", partial(each, judge, tagged), count, partial(each, judge, tagged))
    limits = (
        Side("the limit: one RDKit parse", partial(each, Chem.MolFromSmiles, said), count),
        Side("RDKit, parse and canonical SMILES", partial(each, bare, said), count),
        Side("RDKit, the same and Morgan bits", partial(each, with_bits, said), count),
    )
    yield Duel("canonical match and Tanimoto, cold", [cold, *limits], (0, 0.5, 0))
    few = pairs[: max(20, count // 10)]
    if released is not None:
        their = Side("released evaluator", partial(released_smiles(released), few), len(few))
        yield Duel("canonical match and Tanimoto, cold", [cold, their], (20,))
        yield Duel("canonical match and Tanimoto, warm", [warm, their], (200,))
    if ether0 is not None:
        product = ether0_rewards(ether0).product_eval
        soft = Side("ether0, soft", partial(each, partial(product, soft=True), pairs), count)
        hard = Side("ether0, exact", partial(each, partial(product, soft=False), pairs), count)
        yield Duel("match and Tanimoto beside ether0, cold", [cold, soft, hard], (0, 0))
        yield Duel("match and Tanimoto beside ether0, warm", [warm, soft, hard], (10, 10))


def released_smiles(checkout: Path) -> Callable[[Sequence[inputs.Pair]], object]:
    sys.path.insert(0, str(checkout / "opencompass" / "datasets" / "LLM4Chem"))
    os.environ["TQDM_DISABLE"] = "1"
    judge = importlib.import_module("utils.metrics").calculate_smiles_metrics
    return lambda pairs: judge([[said] for said, _ in pairs], [[gold] for _, gold in pairs])


def ether0_rewards(checkout: Path) -> Any:
    """Import ether0's rewards; what its molecule rewards do not use is left empty."""
    from released import _Empty

    for name in ("exmol", "datasets", "datasets.exceptions", "molbloom", "httpx", "tenacity"):
        sys.modules.setdefault(name, _Empty(name))
    for name in ("clients", "models"):
        sys.modules[f"ether0.{name}"] = _Empty(f"ether0.{name}")
    reasons: Any = sys.modules["ether0.models"]
    reasons.RewardReason = _Reasons()
    sys.path.insert(0, str(checkout / "src"))
    return importlib.import_module("ether0.rewards")


class _Reasons:
    """Notes no reason, as ether0 does without metadata."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *_: Any, **__: Any) -> None:
        return None


# Everything else ----------------------------------------------------------------------------------


def text_duels(count: int) -> Iterator[Duel]:
    from nltk.translate.meteor_score import single_meteor_score
    from rouge_score.rouge_scorer import RougeScorer

    pairs = inputs.texts(count)
    count = len(pairs)
    scorer = RougeScorer(["rougeL"])
    yield Duel(
        "ROUGE-L",
        [
            Side("ours", partial(each, overlap.rouge_l, pairs), count, forget),
            Side("rouge-score", partial(each, lambda a, b: scorer.score(b, a), pairs), count),
        ],
        (15,),
    )
    words = [(overlap.words(a), overlap.words(b)) for a, b in pairs]
    reader = nltk_wordnet()

    def theirs(said: list[str], gold: list[str]) -> None:
        single_meteor_score(gold, said, wordnet=reader)

    again = partial(each, meteor.meteor_tokens, words)
    their = Side("NLTK", partial(each, theirs, words), count)
    yield Duel("METEOR, from empty memories", [Side("ours", again, count, forget), their], (5,))
    yield Duel("METEOR, words seen before", [Side("ours", again, count, again), their], (5,))


def nltk_wordnet() -> Any:
    """Open NLTK's reader over the files that ours found (it needs single-byte line ends)."""
    import nltk
    from nltk.corpus.reader.wordnet import WordNetCorpusReader

    root = Path(tempfile.mkdtemp(prefix="wordnet"))
    folder = root / "corpora" / "wordnet"
    shutil.copytree(wordnet.folder(), folder)
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
    nltk.data.path.insert(0, str(root))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return WordNetCorpusReader(str(folder), None)


def protein_duels(count: int, released: Path | None) -> Iterator[Duel]:
    if released is None:
        return
    sys.path.insert(0, str(released / "opencompass" / "datasets" / "Mol_Instructions"))
    theirs = importlib.import_module("normalized_SW_score").normalized_smith_waterman
    pairs = inputs.proteins(count)
    count = len(pairs)
    ours = partial(each, alignment.normalised_smith_waterman, pairs)
    sides = [
        Side("ours", ours, count, forget),
        Side("released", partial(each, theirs, pairs), count),
    ]
    yield Duel("Smith-Waterman, 200 to 400 residues", sides, (20,))


def material_duels(count: int) -> Iterator[Duel]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from smact.screening import smact_validity

    formulas = [(text,) for text in inputs.compositions(count)]

    def ours(text: str) -> None:
        counts = materials.parse_composition(text)
        if counts is not None:
            materials.smact_valid(counts)

    theirs = partial(smact_validity, oxidation_states_set="icsd24")
    sides = [
        Side("ours", partial(each, ours, formulas), len(formulas), forget),
        Side("smact", partial(each, theirs, formulas), len(formulas)),
    ]
    yield Duel("SMACT validity (icsd24)", sides, (10,))


def name_duels(count: int, calls: int) -> Iterator[Duel]:
    """Names are remembered, so every repetition asks others."""
    from py2opsin import py2opsin

    place = iter(range(1, 1_000_000))
    batch: list[str] = []

    def fresh() -> None:
        batch[:] = inputs.names(count, skip=next(place) * count)

    def theirs() -> None:
        for name in batch[:calls]:
            py2opsin(name)

    opsin.names_to_smiles(["ethanol"])
    fresh()
    clock = time.perf_counter
    sides = [
        Side("ours", lambda: opsin.names_to_smiles(batch), count, fresh, clock),
        Side("py2opsin, one call a name", theirs, calls, clock=clock),
    ]
    yield Duel("IUPAC names (wall time)", sides, (500,))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="inputs of a row")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--released", type=Path, nargs="+", metavar="CHECKOUT", default=[])
    parser.add_argument("--ether0", type=Path, metavar="CHECKOUT")
    parser.add_argument("--python", help="interpreter for the mixed batch's other side")
    parser.add_argument("--mixed", type=int, default=3_000, help="answers of the mixed batch")
    options = parser.parse_args()
    count, released = options.count, options.released[0] if options.released else None
    warnings.simplefilter("ignore")
    molecules.canonical("C")  # RDKit is loaded, and silent
    rows: list[Iterator[Duel]] = [
        molecule_duels(count, released, options.ether0),
        material_duels(count),
        protein_duels(count // 10, released),
        text_duels(count // 2),
        name_duels(count // 4, 3),
    ]
    for duels in rows:
        for duel in duels:
            duel.run(options.rounds)
    if options.released and options.python:
        rounds = min(options.rounds, 3)
        mixed(options.mixed, rounds, options.released, options.python, forget)


if __name__ == "__main__":
    main()
