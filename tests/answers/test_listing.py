"""Sets of names and labels: separators, closed lists, the empty set."""

from __future__ import annotations

import pytest

from scireasoner.answers import Entities, LabelSet
from scireasoner.errors import TaskError
from scireasoner.types import Fault


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BRCA1; TP53", ("brca1", "tp53")),
        ("- TP53\n- BRCA1\n- TP53", ("brca1", "tp53")),
        ("1. TP53\n2. BRCA1", ("brca1", "tp53")),
        ("(a) TP53; (b) BRCA1; and (c) MYC", ("brca1", "myc", "tp53")),
        ("**1. TP53**\n**2. BRCA1**", ("brca1", "tp53")),
        ("- 1. TP53\n- 2. BRCA1", ("brca1", "tp53")),
        ("- 5-HT\n- 5 alpha-reductase", ("5 alpha-reductase", "5-ht")),
        ("(S) ibuprofen; (R) ibuprofen", ("(r) ibuprofen", "(s) ibuprofen")),
        ("### Answer\nBRCA1; TP53", ("brca1", "tp53")),
        ("A. thaliana; B. subtilis", ("a. thaliana", "b. subtilis")),
        ("1,2-dichloroethane; h(+)-ATPase", ("1,2-dichloroethane", "h(+)-atpase")),
        (
            "regulation of transcription, DNA-templated",
            ("regulation of transcription, dna-templated",),
        ),
        ("None", ()),
        (";;", Fault.NO_ANSWER),
        (";".join(f"g{i}" for i in range(500)), Fault.TOO_LONG),
    ],
)
def test_names_keep_their_commas_and_brackets(text: str, names: tuple[str, ...] | Fault) -> None:
    assert Entities("genes").parse(text) == names


def test_the_score_of_names_is_f1() -> None:
    kind = Entities("genes")
    assert kind.compare(("a", "b"), ("b", "c")) == (0.5, False)
    assert kind.compare(("a",), ()) == (0.0, False)
    assert kind.compare((), ()) == (1.0, True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("aspirin, ibuprofen", ("aspirin", "ibuprofen")),
        ("1,2-dichloroethane, water", ("1,2-dichloroethane", "water")),
        ("poly(A, B), water", ("poly(a, b)", "water")),
        ("The chemicals are: aspirin, and water", ("aspirin", "water")),
        ("Here are the chemicals:\n- **aspirin**\n- `water`", ("aspirin", "water")),
        ("a), b), c)", ("a)", "b)", "c)")),  # unbalanced brackets hold nothing together
    ],
)
def test_names_without_commas_may_be_separated_by_them(text: str, names: tuple[str, ...]) -> None:
    kind = Entities("chemicals", separators=",")
    assert kind.parse(text) == names
    assert kind.write("aspirin, water") == "aspirin, water"


MARKS = ("Am", "Cm", "Gm", "Um", "m1A", "m5C", "m5U", "m6A", "m6Am", "m7G", "Psi", "AtoI")
RNA = LabelSet("RNA modifications", ",", labels=MARKS)
GO = LabelSet("GO terms", none=None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("m6A", ("m6a",)),
        ("m6A, Psi", ("m6a", "psi")),
        ("m6A,Psi", ("m6a", "psi")),
        ("m6A and Psi", ("m6a", "psi")),
        ("- m6A\n- Psi", ("m6a", "psi")),
        ("1. m6A\n2. m6Am", ("m6a", "m6am")),
        ("**m6A**, **Psi**", ("m6a", "psi")),
        ("RNA modifications: m6A, Psi", ("m6a", "psi")),
        ("The sequence carries m6A and m5C.", ("m5c", "m6a")),
        ("The sequence does not carry m6A.", Fault.UNKNOWN_LABEL),
        ("none", ()),
        ("None.", ()),
        ("No modification is present.", ()),
        ("none, m6A", Fault.TWO_ANSWERS),
        ("m6A, m9Z", ("m6a", "m9z")),  # an unknown label is a false positive
        ("m9Z", Fault.UNKNOWN_LABEL),
        ("methylation", Fault.UNKNOWN_LABEL),
        ("I do not know.", Fault.REFUSED),
    ],
)
def test_labels_of_a_closed_list(text: str, value: tuple[str, ...] | Fault) -> None:
    assert RNA.parse(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "regulation of transcription, DNA-templated ; ATP binding",
            ("atp binding", "regulation of transcription, dna-templated"),
        ),
        ("response to heat and cold", ("response to heat and cold",)),
        ("GO:0005524; GO:0016301", ("go:0005524", "go:0016301")),
        ("ATP binding;ATP Binding", ("atp binding",)),
        (";;", Fault.NO_ANSWER),
        (";".join(f"g{i}" for i in range(500)), Fault.TOO_LONG),
    ],
)
def test_open_labels_are_split_by_their_separators_only(
    text: str, value: tuple[str, ...] | Fault
) -> None:
    assert GO.parse(text) == value


def test_a_set_scores_by_f1_and_extra_labels_cost() -> None:
    gold = RNA.read_gold("m6A,Psi")
    assert gold == ("m6a", "psi")
    assert RNA.compare(("m6a", "psi"), gold) == (1.0, True)
    assert RNA.compare(("m6a",), gold) == (pytest.approx(2 / 3), False)
    everything = RNA.parse(", ".join(MARKS))
    assert RNA.compare(everything, gold) == (pytest.approx(4 / 14), False)
    assert RNA.compare((), gold) == (0.0, False)


def test_golds_of_sets() -> None:
    assert RNA.read_gold("") == ()
    assert RNA.read_gold("none") == ()
    assert RNA.read_gold("m9Z") is Fault.BAD_GOLD
    assert RNA.read_gold("m6A, m9Z") is Fault.BAD_GOLD
    assert GO.read_gold("") is Fault.BAD_GOLD
    cancers = LabelSet("cancers", ";", gold_separators=",;")
    assert cancers.read_gold("glioma, melanoma") == ("glioma", "melanoma")
    assert cancers.write("glioma, melanoma") == "glioma; melanoma"
    exact = LabelSet("marks", labels=("a", "A"), fold=str.strip)
    assert exact.parse("A") == ("A",)


@pytest.mark.parametrize("separators", ["", "a", " ", "("])
def test_separators_are_signs(separators: str) -> None:
    with pytest.raises(TaskError):
        Entities("genes", separators)


def test_labels_must_differ_after_folding() -> None:
    with pytest.raises(TaskError):
        LabelSet("marks", labels=("m6A", "M6A"))
