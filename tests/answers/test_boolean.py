"""Yes or no in words and sentences: no cue is a piece of a word, negation has a scope."""

from __future__ import annotations

import pytest

from scireasoner.answers import Boolean
from scireasoner.answers.polarity import denies, negated
from scireasoner.errors import TaskError
from scireasoner.types import Fault

KIND = Boolean()

YES = [
    "Binding motifs are detectable",
    "result is positive",
    "The answer is Yes.",
    "Yes, no doubt.",
    "motifs are detectable",
    "The sequence includes identifiable transcription factor binding sites.",
    "The promoter is not absent.",
    "It does not lack a promoter.",
    "The protein is soluble.",
    "This protein is expected to dissolve in water",
    "The two proteins interact.",
    "Although no TATA box is found, the sequence is a core promoter.",
    "Is it soluble? Yes.",
    "No doubt it is soluble.",
    "The sequence contains TATA and CAAT motifs and does not lack anything",
    "Positive",
    "True",
    "<BOOLEAN>True</BOOLEAN>",
    "Yes, because it does not contain hydrophobic residues.",
    "Yes it is present",
    "**Yes**, the motif is there",
    "Analysis reveals the presence of core promoter elements.",
    "The result is positive, not negative.",
    "it isn't absent",
    "The antibody neutralizes the antigen.",
    "The molecule crosses the barrier",
    "There is a strong interaction between them.",
    "Core promoter: yes, TATA box: absent",
    "Yes, it is toxic",
    "Yes, it does not lack a promoter",
    "Yes, it lacks hydrophobic residues.",
    "Yes, it does not contain hydrophobic residues.",
    "Yes, since it is not charged",
    "Yes. The TATA box is absent, the Inr is there.",
    "Yes: the region is not conserved",
    "Yes, it is not only toxic but lethal",
    "Yes, no doubt: it is toxic.",
    "Yes, but",
]
NO = [
    "The core promoter is not present in the sequence.",
    "The prediction result is negative.",
    "No, it is not toxic.",
    "will not be soluble, indeed",
    "it is not a promoter",
    "is not a promoter",
    "No motifs are detectable",
    "No evidence of a core promoter was found.",
    "There is no evidence that the sequence binds the factor.",
    "The sequence lacks a core promoter.",
    "Absence of promoter elements.",
    "The protein is unlikely to be soluble.",
    "The protein is insoluble.",
    "the protein has low solubility",
    "This protein is not expected to dissolve in water",
    "I cannot detect any binding motif.",
    "The two proteins do not interact.",
    "The proteins don't interact.",
    "Neither motif nor promoter is present.",
    "The sequence contains no TATA box.",
    "We found no evidence of binding.",
    "It is not.",
    "It doesn't.",
    "The protein fails to bind the RNA.",
    "The prediction result is not positive",
    "Answer: No",
    "The presence of a promoter is unlikely.",
    "negative",
    "<BOOLEAN>The promoter is absent</BOOLEAN>",
    "No it is a random region",
    "Analysis does not reveal the presence of core promoter elements.",
    "No",
    "The sequence is devoid of regulatory elements",
    "Undetectable",
    "The antibody does not neutralise the antigen",
    "The answer is not yes",
    "non-promoter",
    "The sequence is a non-promoter.",
    "The correct answer is: Negative",
    "No interaction.",
    "i do not think it is soluble",
    "NOT soluble",
    "Soluble: no",
    "Motifs: none",
    "No, it contains hydrophobic regions.",
    "No, it has few binding sites",
    "No. The protein is insoluble.",
    "No, because it is soluble",
    "No, but it is weakly active",
]
# wordings of published models and of the word lists of their evaluators
SAID_YES = [
    "I would say yes",
    "Histone modification marks are supported by the sequence.",
    "We have detected the presence of transcription factor binding sites.",
    "Regulatory signals are discernible in this region.",
    "Evidence of the interaction is supported.",
    "The sequence displays regions that indicate core promoter activity.",
    "The analysis detected the presence of core promoter elements.",
    "The sequence shows evidence of epigenetic marks.",
    "A promoter has been identified in this sequence.",
    "The sequence exhibits evidence of binding.",
    "It is plausible that the two molecules interact.",
    "Indeed, the promoter is present.",
    "The DNA includes epigenetic marks.",
    "The sequence definitely has core promoter elements.",
    "The protein has a high solubility.",
    "The protein dissolves easily.",
    "Solubility is expected.",
    "The protein is expected to dissolve in water.",
    "An interaction is predicted.",
    "An interaction is likely.",
    "The protein will dissolve.",
    "Absolutely, the sequence contains core promoter regions.",
    "Yes, the DNA sequence has a recognizable core promoter.",
    "The sequence is consistent with a promoter.",
    "The analysis affirms the existence of core promoter regions.",
    "Affirmative, binding sites are located.",
    "Clear evidence of transcription factor binding sites is observable.",
    "I can confirm that promoter regions are present.",
    "The binding of the antibody to the antigen is positive.",
    "The RNA and the protein are predicted to interact.",
    "Yes, I can positively identify the motif.",
    "The two RNA regions interact with each other.",
    "Yes. The sequence contains a TATA box. The prediction result is positive.",
    "The enhancer and the promoter interact.",
    "The antibody binds to the antigen.",
    "Certainly, the sequence contains promoter regions.",
    "My answer is positive.",
    "The answer is affirmative.",
    "It's positive.",
    "Sequence analysis suggests the presence of binding motifs.",
    "The presence of core promoter elements is confirmed by the sequence.",
    "There are identifiable transcription factor binding sites.",
    "Core promoter region detected.",
    "Yes, this protein will be soluble.",
]
SAID_NO = [
    "Likely no",
    "I'd say no.",
    "Most likely no, since it lacks the motif.",
    "The protein is not associated with the RNA.",
    "Binding sites are not found.",
    "No interaction can be inferred.",
    "The sequence is not linked to promoter activity.",
    "The sequence does not indicate any promoter activity.",
    "No evidence of histone marks.",
    "Interaction is not predicted.",
    "No indicators of binding sites were found.",
    "The sequence does not exhibit promoter features.",
    "Promoter features are absent.",
    "The analysis found none.",
    "The analysis did not reveal any binding sites.",
    "The sequence exhibits no promoter motifs.",
    "The protein shows low solubility.",
    "The protein does not display regions of solubility.",
    "No, the analysis shows no promoter.",
    "My answer is negative.",
    "The protein is not soluble in water.",
    "No transcription factor binding sites are present in this sequence.",
    "There are no recognizable binding sites.",
    "The two molecules do not interact.",
    "The absence of promoter motifs is evident.",
    "The sequence fails to show any promoter.",
    "The analysis reveals the absence of binding motifs.",
    "The region lacks promoter motifs.",
    "The antibody does not bind the antigen.",
    "There is an absence of epigenetic marks.",
    "I find no evidence of epigenetic marks.",
    "The sequence cannot bind the factor.",
    "The sequence has no core promoter.",
    "No, it will not dissolve.",
    "The result of the analysis is negative.",
    "The prediction is negative: no promoter was found.",
    "Negative for promoter activity.",
    "It is negative.",
    "No core promoter region detected.",
    "Unfortunately, no motif could be detected.",
    "The analysis was unable to detect any motif.",
    "The search returned no motifs.",
    "No sign of a promoter is apparent.",
    "The DNA sequence is free of promoter elements.",
    "None detected.",
    "The sequence does not include any identifiable binding sites.",
    "It does not appear to contain a promoter.",
    "There isn't any evidence for a promoter.",
    "The protein is unlikely to dissolve.",
]
# nothing decides, or a clause can be read both ways
UNDECIDED = [
    "It is.",  # may have been cut
    "Maybe, not known",
    "normal",
    "Eyes",
    "knows",
    "incorrect",
    "invalid",
    "below",
    "Maybe",
    "It is not unlikely that it binds.",
    "No motif is absent",
    "The motif may be present.",
    "It is unclear whether the protein is soluble.",
    "The residues are positively charged.",
    "gram-negative bacteria",
    "Is it soluble?",
    "The sequence is a random region.",
    "It contains 300 bases.",
    "The sequence contains only random bases.",
    "The protein is soluble without additives.",
    "The interaction cannot be ruled out.",
    "Promoter elements are present and the TATA box is not",
    "The data suggests a random sequence.",
    "neither",
    "not",
    "No. 5",
    "Certainly not",
    "It is impossible that it is not present.",
    "positive control",
    "The answer is neither yes nor no",
    "No vs yes",
    "It is not toxic and also yes",
    "It would be no surprise to say yes",
]
CONTRADICTORY = [
    "Likely no, likely yes",
    "Yes, no",
    "Yes or no",
    "yes and no",
    "The TATA box is present, but no Inr was found.",
    "The TATA box is present. The promoter is absent.",
    "No it is soluble",
    "Yes. No.",
    "The answer is yes. The answer is no.",
    "yes/no",
    "Yes and the answer is no",
    "The answer is no or rather yes",
    "detected: none",
    "The prediction result is positive. The prediction result is negative.",
    "Yes, it is soluble. The answer is No.",
    "Yes, it is not toxic",
    "Yes. It is not toxic.",
    "Yes - it isn't toxic",
    "Yes: this is nontoxic",
    "Yes, it does not.",
    "Yes, they do not interact",
    "Yes, the two proteins do not interact.",
    "Yes, the molecule is not toxic.",
    "Yes, it is unlikely to be toxic",
    "No, it is toxic",
    "No, the protein is soluble.",
    "No, it binds the RNA.",
]


@pytest.mark.parametrize("text", YES + SAID_YES)
def test_assertions(text: str) -> None:
    assert KIND.parse(text) is True


@pytest.mark.parametrize("text", NO + SAID_NO)
def test_denials(text: str) -> None:
    assert KIND.parse(text) is False


@pytest.mark.parametrize(
    "dress",
    ["{}", "  {}\n", "**{}**", "\\boxed{{{}}}", "```\n{}\n```", "<BOOLEAN>{}</BOOLEAN>",
     "The answer is: {}", "\u201c{}\u201d"],
)  # fmt: skip
def test_dress_does_not_matter(dress: str) -> None:
    for said, texts in ((True, YES), (False, NO)):
        for text in texts:
            if "<" in text and "<" in dress:
                continue
            for spelled in (text, text.upper(), text.replace(" ", "\u00a0")):
                if "<BOOLEAN>" not in spelled or text == spelled:
                    assert KIND.parse(dress.format(spelled)) is said, dress.format(spelled)


@pytest.mark.parametrize("text", UNDECIDED)
def test_what_does_not_decide(text: str) -> None:
    assert KIND.parse(text) is Fault.UNKNOWN_LABEL


@pytest.mark.parametrize("text", CONTRADICTORY)
def test_contradictions(text: str) -> None:
    assert KIND.parse(text) is Fault.TWO_ANSWERS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("unknown", Fault.REFUSED),
        ("I cannot answer this.", Fault.REFUSED),
        ("I cannot identify the sequence.", Fault.REFUSED),
        ("<BOOLEAN>Yes</BOOLEAN> <BOOLEAN>No</BOOLEAN>", Fault.TWO_ANSWERS),
        ("<BOOLEAN>Yes</BOOLEAN> It is not a promoter.", True),  # the tag holds the answer
        ("<BOOLEAN>Yes", Fault.NO_ANSWER),
        ("Yes</BOOLEAN>", True),  # the prompt may end with the opening tag
        ("yes " * 2000, Fault.UNKNOWN_LABEL),
    ],
)
def test_tags_and_refusals(text: str, value: bool | Fault) -> None:
    assert KIND.parse(text) is value


@pytest.mark.parametrize(
    ("gold", "value"),
    [("Yes", True), ("no", False), ("positive", True), ("Negative", False), ("1", True),
     ("0", False), ("True", True), ("false", False), ("maybe", Fault.BAD_GOLD),
     ("", Fault.BAD_GOLD), ("1.0", Fault.BAD_GOLD)],
)  # fmt: skip
def test_golds(gold: str, value: bool | Fault) -> None:
    assert KIND.read_gold(gold) is value


def test_other_words_and_tags() -> None:
    kind = Boolean("Stable", "Unstable", tag="text")
    assert kind.asks() == "Answer Stable or Unstable."
    assert kind.write("Yes") == "Stable"
    assert kind.parse("unstable") is False
    assert kind.parse("The answer is Stable.") is True
    assert KIND.asks() == "Answer Yes or No in <BOOLEAN></BOOLEAN>."
    for yes, no, tag in (("Yes", "yes ", "text"), ("", "No", "text"), ("Yes", "No", "bool")):
        with pytest.raises(TaskError):
            Boolean(yes, no, tag)


def test_negators_are_words() -> None:
    assert negated("It isn't.")
    assert not negated("A knot in Notting Hill, known to another.")
    assert denies("It may be.")
    assert not denies("Contains m6A.")
