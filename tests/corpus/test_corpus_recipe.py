"""Corpus recipes: what is wrong is named, with the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scireasoner.corpus.loading import load_corpus_recipe
from scireasoner.errors import RecipeError

SOURCE = """
[[source]]
name = "a"
path = "*.jsonl"
reader = "jsonl"
licence = "CC0-1.0"
citation = "made"
domain = "protein"
"""
GOOD = f'{SOURCE}\n[tokenizer]\npath = "tok"\n'


def recipe(folder: Path, text: str) -> Path:
    (folder / "a.jsonl").touch()
    path = folder / "corpus.toml"
    path.write_text(text)
    return path


def test_a_recipe_is_read_with_paths_from_its_folder(tmp_path: Path) -> None:
    made = load_corpus_recipe(recipe(tmp_path, GOOD))
    assert made.files(made.source[0]) == [tmp_path / "a.jsonl"]
    assert made.tokenizer_dir == tmp_path / "tok"
    assert made.shards(made.source[0]) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("licence", "license"), "unknown key 'license'; did you mean 'licence'"),
        (GOOD + "[dedup]\ntreshold = 0.5", "unknown key 'treshold'; did you mean 'threshold'"),
        (GOOD.replace('"jsonl"', '"jsnl"'), "no reader 'jsnl'; did you mean 'jsonl'"),
        (GOOD.replace("domain =", "options = {txt = 1}\ndomain ="), "no option 'txt'; did you mean 'text'"),
        (GOOD + "[mixture.shares]\nprotien = 1", "'protien', which no source has; did you mean 'protein'"),
        (GOOD + SOURCE.replace('"a"', '"b"').replace("protein", "dna") + "[mixture.shares]\ndna = 1",
         "no share for the domain 'protein'"),
        (GOOD + "[clean.domains.protein]\nfilters = ['valid_object']", "did you mean 'valid_objects'"),
        (GOOD + "[clean.domains.rna]\nfilters = []", "'rna', which no source has"),
        (GOOD + "[run]\nexecutor = 'slurn'", "'slurn'; did you mean 'slurm'"),
        (GOOD + "[dedup]\nlabels = 'none'", "one of same, any was expected"),
        (GOOD + "[dedup]\nthreshold = 1.5", "between 0 and 1"),
        (GOOD + "[dedup]\nexact = 3", "must be true or false, not 3"),
        (GOOD + "[pack]\nsequence_length = 1", "pack.sequence_length is too small"),
        (GOOD + SOURCE, "names are unique"),
        (GOOD.replace('"a"', '"a/b"'), "no slash"),
        (SOURCE, "the key 'tokenizer' is missing"),
        ("seed = ", "not valid TOML"),
        (GOOD.replace("name =", "epochs = 0.0\nname ="), "epochs of a is too small"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_recipe_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        load_corpus_recipe(recipe(tmp_path, text))


def test_a_recipe_and_a_source_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no corpus recipe"):
        load_corpus_recipe(tmp_path / "none.toml")
    made = load_corpus_recipe(recipe(tmp_path, GOOD.replace("*.jsonl", "b*.jsonl")))
    with pytest.raises(RecipeError, match=r"'a' has no file: nothing matches .*; mend its path"):
        made.files(made.source[0])


@pytest.mark.parametrize("path", ["$NOWHERE_AT_ALL/b.jsonl", "${NOWHERE_AT_ALL}/b.jsonl"])
def test_a_variable_that_is_not_set_is_named(tmp_path: Path, path: str) -> None:
    made = load_corpus_recipe(recipe(tmp_path, GOOD.replace("*.jsonl", path)))
    with pytest.raises(RecipeError, match="set the variable NOWHERE_AT_ALL"):
        made.files(made.source[0])
