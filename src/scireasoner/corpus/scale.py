"""Build a corpus from a recipe, in stages of datatrove that run here, on Slurm or on Ray.

Read and clean each source; find equal and nearly equal documents across all of them; tokenise;
decide the mixture from the counted tokens; pack. Each stage writes into a folder that is named by
the hash of its settings and of all that it reads, so the same command continues where it was
stopped, and a new source is read without reading the others again.
"""

from __future__ import annotations

import importlib.metadata
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from scireasoner.artifacts import MANIFEST, Artifact, fingerprint, read_json, sha256, write_json
from scireasoner.corpus.cleaning import DUPLICATE, NEAR_DUPLICATE, Rules
from scireasoner.corpus.executors import Stage, run_in_turn, submit
from scireasoner.corpus.finish import Finish
from scireasoner.corpus.holding import building
from scireasoner.corpus.mixture import Mix
from scireasoner.corpus.packing import Pack, packed_name
from scireasoner.corpus.recipe import CorpusRecipe, SourceConfig
from scireasoner.corpus.shards import CleanShards, Count, ReadShards, Shard, split
from scireasoner.corpus.tokenizer import TOKENIZER
from scireasoner.corpus.tokens import Tokenise
from scireasoner.progress import bar

WORK, LEAKS_FOLDER = "work", "leaks-"
_FORMAT = 3
"""Raised where the code changes what a stage writes."""
_LINES = 512


@dataclass(frozen=True)
class Layout:
    """Where a build works: its folders are named by what they depend on.

    Parameters
    ----------
    shards : of all sources, in the order of the recipe.
    keys : stage -> hash of its settings and inputs; ``all`` is that of the whole build.
    files : source -> {file name: SHA-256}.
    """

    out: Path
    shards: tuple[Shard, ...]
    keys: Mapping[str, str]
    files: Mapping[str, Mapping[str, str]]

    def folder(self, stage: str) -> Path:
        """Return the folder of a stage."""
        return self.out / WORK / f"{stage}-{self.keys[stage]}"


def build_at_scale(
    recipe: CorpusRecipe, out: Path, leaks: Path | None = None, workers: int | None = None
) -> bool:
    """Build a corpus, or submit its build to Slurm.

    Parameters
    ----------
    leaks : folder of the index of test items (``leaks.write_index``); None keeps none out.
    workers : tasks at a time; the recipe's by default.

    Returns
    -------
    Whether the corpus is there; False where its build was submitted.

    Raises
    ------
    RecipeError, DataError, ArtifactError : if the recipe, a source or the tokenizer is wrong.
    StorageError : if nothing can be written, or another build of this folder is under way.
    SciReasonerError : if a task failed on Ray.
    """
    # Workers on other nodes may stand in another folder.
    recipe = replace(recipe, folder=str(Path(recipe.folder).absolute()))
    out, leaks = out.absolute(), leaks.absolute() if leaks else None
    layout = lay_out(recipe, out, leaks)
    finished = Artifact(out).finished
    if finished and Artifact(out).manifest.config.get("key") == layout.keys["all"]:
        _prune(layout)
        return True
    run = recipe.run if workers is None else replace(recipe.run, workers=workers)
    made = stages(recipe, layout, leaks)
    with building(out):
        (out / MANIFEST).unlink(missing_ok=True)
        names = {packed_name(i) for i in range(recipe.pack.shards)}
        for path in (path for path in out.glob("tokens-*.npy") if path.name not in names):
            path.unlink()
        if run.executor == "slurm":
            submit(made, out, run)
            return False
        with bar("corpus", len(made), "stages") as tick:
            run_in_turn(made, out, run, tick)
    _prune(layout)
    return True


def lay_out(recipe: CorpusRecipe, out: Path, leaks: Path | None) -> Layout:
    """Hash what each stage depends on and share the sources among shards."""
    recipe.check_inputs()
    index = Artifact(leaks).manifest.key if leaks else ""
    hashes = _Hashes(out / WORK / "hashes.json")
    files = {s.name: {p.name: hashes.of(p) for p in recipe.files(s)} for s in recipe.source}
    hashes.save()
    shards: list[Shard] = []
    parts = []
    for source in recipe.source:
        key = _source_key(recipe, source, files[source.name], index)
        parts.append(key)
        folder = out / WORK / "sources" / f"{source.name}-{key}"
        shards += split(source, recipe.files(source), recipe.shards(source), folder)
    dedup = asdict(recipe.dedup)
    exact = fingerprint([_FORMAT, parts, dedup["exact"], dedup["partitions"]])
    near = fingerprint([exact, dedup])
    tokenizer = hashes.of(recipe.tokenizer_dir / TOKENIZER)
    tokens = fingerprint([near, tokenizer, recipe.seed, recipe.pack.shards])
    wanted = [[s.name, s.epochs, s.weight] for s in recipe.source]
    mixture = fingerprint([tokens, asdict(recipe.mixture), wanted])
    pack = fingerprint([mixture, recipe.pack.sequence_length])
    keys = {"clean": fingerprint(parts), "exact": exact, "near": near, "tokens": tokens}
    return Layout(
        out, tuple(shards), {**keys, "mixture": mixture, "pack": pack, "all": pack}, files
    )


def _source_key(
    recipe: CorpusRecipe, source: SourceConfig, files: Mapping[str, str], index: str
) -> str:
    settings = {k: v for k, v in asdict(source).items() if k not in {"path", "epochs", "weight"}}
    clean, domain = recipe.clean, recipe.clean.domains.get(source.domain)
    rules = [clean.min_chars, clean.max_chars, list(domain.filters) if domain else []]
    # Molecules are read by RDKit: another version may write them otherwise.
    rdkit = importlib.metadata.version("rdkit")
    against = [index, recipe.decontaminate.identity] if index else []
    return fingerprint([_FORMAT, settings, dict(files), rules, against, rdkit])


class _Hashes:
    """SHA-256 of files, remembered by path, size and time of change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, str] = read_json(path) if path.is_file() else {}

    def of(self, path: Path) -> str:
        stat = path.stat()
        name = f"{path.resolve()}\t{stat.st_size}\t{stat.st_mtime_ns}"
        if name not in self.known:
            self.known[name] = sha256(path)
        return self.known[name]

    def save(self) -> None:
        write_json(self.path, self.known)


def _content(row: Any) -> bytes:
    """Return what equal documents share: datatrove hashes it."""
    key: int = row.metadata["key"]
    return key.to_bytes(8, "little")


def _dropped(_: object, row: Any) -> dict[str, Any]:
    return {"id": row.id, "text": row.text[:160], "origin": row.metadata["origin"]}


def stages(recipe: CorpusRecipe, layout: Layout, leaks: Path | None) -> list[Stage]:
    """Return the pipelines of a build in their order; nothing is run or read."""
    count, folder = len(layout.shards), layout.folder

    def stage(name: str, of: str, tasks: int, make: Any) -> Stage:
        return Stage(name, tasks, folder(of) / "log" / name, make)

    filters = {name: domain.filters for name, domain in recipe.clean.domains.items()}
    rules = Rules(recipe.clean.min_chars, recipe.clean.max_chars, filters)
    clean = CleanShards(layout.shards, rules, leaks, recipe.decontaminate.identity)
    made = [stage("clean", "clean", count, lambda: [clean])]
    if recipe.dedup.exact:
        made += _exact_stages(recipe, layout, stage)
    if recipe.dedup.near:
        made += _near_stages(recipe, layout, stage)
    tokenise = Tokenise(folder("tokens"), recipe.tokenizer_dir, recipe.pack.shards, recipe.seed)
    mix = Mix(folder("tokens"), count, folder("mixture"), recipe.source, recipe.mixture)
    pack = Pack(
        folder("tokens"),
        count,
        folder("mixture"),
        layout.out,
        folder("pack"),
        recipe.pack.sequence_length,
        recipe.seed,
    )
    finish = Finish(recipe, layout.out, layout.shards, dict(layout.files), dict(layout.keys), {
        name: folder(name) for name in ("tokens", "mixture", "pack")}, leaks)  # fmt: skip
    return [
        *made,
        stage("tokens", "tokens", count, lambda: [*_filtered(recipe, layout, True), tokenise]),
        stage("mixture", "mixture", 1, lambda: [mix]),
        stage("pack", "pack", recipe.pack.shards, lambda: [pack]),
        stage("finish", "pack", 1, lambda: [finish]),
    ]


def _exact_config() -> Any:
    from datatrove.pipeline.dedup.exact_dedup import ExactDedupConfig

    return ExactDedupConfig(content_getter=_content)


def _exact_stages(recipe: CorpusRecipe, layout: Layout, stage: Any) -> list[Stage]:
    folder, parts = layout.folder("exact"), recipe.dedup.partitions

    def hashes() -> Sequence[Any]:
        from datatrove.pipeline.dedup.exact_dedup import ExactDedupSignature

        out = str(folder / "hashes")
        return [ReadShards(layout.shards), ExactDedupSignature(out, _exact_config(), parts)]

    def find() -> Sequence[Any]:
        from datatrove.pipeline.dedup.exact_dedup import ExactFindDedups

        source, out = str(folder / "hashes"), str(folder / "found")
        return [ExactFindDedups(source, out, _exact_config(), lines_to_buffer=_LINES)]

    return [
        stage("exact-hashes", "exact", len(layout.shards), hashes),
        stage("exact-find", "exact", parts, find),
    ]


def _near_stages(recipe: CorpusRecipe, layout: Layout, stage: Any) -> list[Stage]:
    from scireasoner.corpus.near import bands

    folder, dedup = layout.folder("near"), recipe.dedup
    tasks = bands(dedup.threshold, dedup.permutations)[0] * dedup.parts

    def signatures() -> Sequence[Any]:
        from scireasoner.corpus.signatures import Signatures

        return [*_filtered(recipe, layout, False), Signatures(folder / "signatures", dedup)]

    def find() -> Sequence[Any]:
        from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets

        from scireasoner.corpus.signatures import minhash_config

        source, out, config = folder / "signatures", folder / "pairs", minhash_config(dedup)
        return [MinhashDedupBuckets(str(source), str(out), config=config, lines_to_buffer=_LINES)]

    def cluster() -> Sequence[Any]:
        from datatrove.pipeline.dedup.minhash import MinhashDedupCluster

        from scireasoner.corpus.signatures import minhash_config

        source, out, config = folder / "pairs", folder / "found", minhash_config(dedup)
        return [MinhashDedupCluster(str(source), str(out), config=config, lines_to_buffer=_LINES)]

    return [
        stage("near-signatures", "near", len(layout.shards), signatures),
        stage("near-find", "near", tasks, find),
        stage("near-cluster", "near", 1, cluster),
    ]


def _filtered(recipe: CorpusRecipe, layout: Layout, last: bool) -> list[Any]:
    """Return the steps that read a shard without its duplicates; the last pass tells and counts."""
    from datatrove.pipeline.dedup.exact_dedup import ExactDedupFilter
    from datatrove.pipeline.dedup.minhash import MinhashDedupFilter
    from datatrove.pipeline.writers.jsonl import JsonlWriter

    told = layout.folder("tokens")

    def writer(name: str) -> Any:
        place = str(told / "dropped" / name.replace(" ", "-"))
        return JsonlWriter(place, "${rank}.jsonl", compression=None, adapter=_dropped)

    steps: list[Any] = [ReadShards(layout.shards)]
    if recipe.dedup.exact:
        found = str(layout.folder("exact") / "found")
        steps.append(ExactDedupFilter(found, _exact_config(), writer(DUPLICATE) if last else None))
    if not last:
        return steps
    steps.append(Count(told / "after-exact"))
    if recipe.dedup.near:
        found = str(layout.folder("near") / "found")
        steps.append(MinhashDedupFilter(found, writer(NEAR_DUPLICATE)))
    return [*steps, Count(told / "after-near")]


def _prune(layout: Layout) -> None:
    """Remove what earlier recipes of this folder left."""
    needed = {layout.folder(name) for name in layout.keys} | {s.folder for s in layout.shards}
    work = layout.out / WORK
    for path in [*work.iterdir(), *work.glob("sources/*")]:
        spared = path in needed or path.name == "sources" or path.name.startswith(LEAKS_FOLDER)
        if path.is_dir() and not spared:
            shutil.rmtree(path)
