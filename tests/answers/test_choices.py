"""Yes or no, labels, names: the strings that published parsers misread."""

from __future__ import annotations

import pytest

from scireasoner.answers import Boolean, Entities, Label
from scireasoner.errors import TaskError
from scireasoner.types import Fault

LETTERS = Label(("A", "B", "C", "D"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes", True),
        ("<BOOLEAN>no</BOOLEAN>", False),
        ("<BOOLEAN> True </BOOLEAN>", True),
        ("Yes, no doubt.", True),
        ("No, it is not toxic.", False),
        ("**Yes**, the motif is there", True),
        ("Yes, no", Fault.TWO_ANSWERS),
        ("<BOOLEAN>Yes</BOOLEAN> <BOOLEAN>No</BOOLEAN>", Fault.TWO_ANSWERS),
        ("Maybe, not known", Fault.UNKNOWN_LABEL),
        ("normal", Fault.UNKNOWN_LABEL),
        ("Eyes", Fault.UNKNOWN_LABEL),
        ("below", Fault.UNKNOWN_LABEL),
        ("incorrect", Fault.UNKNOWN_LABEL),
        ("will not be soluble, indeed", Fault.UNKNOWN_LABEL),
        ("motifs are detectable", Fault.UNKNOWN_LABEL),
        ("it is not a promoter", Fault.UNKNOWN_LABEL),
        ("unknown", Fault.REFUSED),
    ],
)
def test_polarity_is_a_word_and_never_a_piece_of_one(text: str, value: bool | Fault) -> None:
    assert Boolean().parse(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("B", "B"),
        ("b", "B"),
        ("B.", "B"),
        ("(B)", "B"),
        ("The answer is B", "B"),
        ("The answer is (B).", "B"),
        ("**B**", "B"),
        ("A, A", "A"),
        ("A or B", Fault.TWO_ANSWERS),
        ("A, B, C, D", Fault.TWO_ANSWERS),
        ("Vitamin A is wrong, so (B)", Fault.UNKNOWN_LABEL),  # published: read as A
        ("E", Fault.UNKNOWN_LABEL),
    ],
)
def test_a_label_is_read_whole(text: str, value: str | Fault) -> None:
    assert LETTERS.parse(text) == value


def test_a_label_may_look_like_a_refusal_or_hold_a_comma() -> None:
    kind = Label(("unknown", "soluble, in water", "insoluble"))
    assert kind.parse("Unknown") == "unknown"
    assert kind.parse("soluble, in water") == "soluble, in water"
    # one label inside another is no reason to take it
    assert kind.parse("not insoluble") is Fault.UNKNOWN_LABEL


@pytest.mark.parametrize("labels", [(), ("a",), ("a", "A "), ("a", "")])
def test_labels_must_differ(labels: tuple[str, ...]) -> None:
    with pytest.raises(TaskError):
        Label(labels)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BRCA1; TP53", ("brca1", "tp53")),
        ("- TP53\n- BRCA1\n- TP53", ("brca1", "tp53")),
        ("1. TP53\n2. BRCA1", ("brca1", "tp53")),
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
