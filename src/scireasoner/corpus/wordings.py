"""The sentences that join two notations, or a notation and its label: a plain table.

A record's wording follows from a hash of its id, so that more rows change no other document.
With at least 25 sentences of a kind, none makes up more than 5 % of a large corpus.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType

LARGEST_SHARE = 0.05
"""No wording is used in more than this share of the pairs of a kind."""

LABEL = (
    "{topic}: {given} -> {answer}",
    "{given} has {topic} {answer}",
    "{answer} is the {topic} of {given}",
    "Given {given}, the {topic} is {answer}.",
    "The {topic} of {given} is {answer}.",
    "For {given}, {topic} = {answer}.",
    "{given}\n{topic}: {answer}",
    "{topic}\n{given}\n{answer}",
    "Consider {given}. Its {topic} is {answer}.",
    "{given} | {topic} | {answer}",
    "What is the {topic} of {given}? {answer}",
    "Question: {topic} of {given}? Answer: {answer}",
    "{given} -> {topic} -> {answer}",
    "With {answer} as its {topic}: {given}",
    "As for the {topic}, {given} has {answer}.",
    "The record of {given} lists {answer} under {topic}.",
    "{topic} ({given}): {answer}",
    "Looking at {given}, one finds for the {topic}: {answer}",
    "Input: {given}\nProperty: {topic}\nValue: {answer}",
    "The entry {given} carries the {topic} {answer}.",
    "Asked for the {topic} of {given}, the answer is {answer}.",
    "{answer} ({topic}) belongs to {given}",
    "If the object is {given}, then its {topic} is {answer}.",
    "One reads {answer} for the {topic} of {given}.",
    "It is known that {given} has the {topic} {answer}.",
    "{given}. {topic}: {answer}.",
    "Take {given}; the {topic} to be noted is {answer}.",
    "Recorded {topic} of {given}: {answer}",
    "{topic} [{given}] = {answer}",
    "Here is {given}, whose {topic} is {answer}.",
    "To {given} corresponds, as {topic}, {answer}.",
    "The {topic} assigned to {given} reads {answer}.",
)

ALIKE = (
    "{a} and {b}: same {group}? {verdict}",
    "Do {a} and {b} belong to one {group}? {verdict}",
    "{a} {b} same {group}: {verdict}",
    "Same {group}: {verdict}\n{a}\n{b}",
    "First: {a}\nSecond: {b}\nOne {group}: {verdict}",
    "Compare {a} with {b}. Of the same {group}: {verdict}.",
    "Is {a} of the {group} of {b}? {verdict}",
    "{a} {are} of the same {group} as {b}.",
    "{a} and {b} {both} one {group}.",
    "The two, {a} and {b}, {both} their {group}.",
    "Pair: {a} / {b}. Shared {group}: {verdict}",
    "Given {a}, is {b} a member of the same {group}? {verdict}",
    "Question: do these share their {group}? {a} {b} Answer: {verdict}",
    "{b} {are} in the {group} of {a}.",
    "Beside {a} stands {b}; common {group}: {verdict}",
    "Shared {group} of {a} and {b}: {verdict}",
    "{a}\n{b}\nSame {group}? {verdict}",
    "Common {group} of {a} and {b}? {verdict}",
    "Here are {a} and {b}. They {both} one {group}.",
    "Related by {group} ({verdict}): {a} and {b}",
    "Judged by their {group}, {a} and {b} belong together: {verdict}",
    "Look at {a}, then at {b}. Same {group}: {verdict}",
    "No. 1: {a} No. 2: {b} Shared {group}: {verdict}",
    "It is recorded whether {a} and {b} share their {group}: {verdict}.",
    "{verdict}: {a} and {b} as members of one {group}",
    "Can {a} and {b} be put into the same {group}? {verdict}",
    "Do both belong to the same {group}? {a} {b} {verdict}",
    "[{a}, {b}] one {group} -> {verdict}",
    "Members of the same {group}? {a} and {b}: {verdict}",
    "As to the {group}, {a} {are} like {b}.",
    "{a} next to {b}: the {group} is shared: {verdict}",
    "Whether {b} comes from the {group} of {a}: {verdict}",
)

BINDING = (
    "{ligand} and {protein}: {topic} {answer}",
    "Ligand: {ligand}\nTarget: {protein}\n{topic}: {answer}",
    "The {topic} of {ligand} to {protein} is {answer}.",
    "{protein} with {ligand}: {topic} {answer}",
    "How does {ligand} act on {protein}? {topic}: {answer}",
    "For the ligand {ligand} and the protein {protein}, {topic} is {answer}.",
    "{ligand} -> {protein} ({topic}: {answer})",
    "Target {protein}, ligand {ligand}, {topic} {answer}",
    "Given the protein {protein} and the molecule {ligand}, the {topic} is {answer}.",
    "{topic}: {answer}\n{ligand}\n{protein}",
    "Tested against {protein}, the compound {ligand} has {topic} {answer}.",
    "The compound {ligand} on the target {protein}: {answer} ({topic})",
    "{ligand} | {protein} | {topic} | {answer}",
    "Protein: {protein} Molecule: {ligand} {topic}: {answer}",
    "What is the {topic} of {ligand} for {protein}? {answer}",
    "Question: {topic} between {protein} and {ligand}? Answer: {answer}",
    "In an assay of {protein} with {ligand}, {topic} was {answer}.",
    "{answer} is the {topic} that {ligand} shows on {protein}.",
    "Between {ligand} and {protein}, {topic} = {answer}.",
    "The pair of {protein} and {ligand} has {topic} {answer}.",
    "Small molecule {ligand}; macromolecule {protein}; {topic}: {answer}",
    "Take {protein}. Add {ligand}. {topic}: {answer}",
    "{topic} ({ligand}, {protein}) = {answer}",
    "Recorded for {ligand} at {protein}: {topic} {answer}",
    "With {ligand} as ligand, {protein} gives {topic} {answer}.",
    "{protein}\n{ligand}\n{topic}\n{answer}",
    "A measurement of {topic} for {ligand} on {protein} gave {answer}.",
    "Interaction of {ligand} with {protein}: {topic} {answer}",
    "Consider {protein} and its ligand {ligand}: {topic} is {answer}.",
    "{ligand} meets {protein}. {topic}: {answer}.",
    "One finds {topic} {answer} for the molecule {ligand} and the protein {protein}.",
    "[{ligand}] + [{protein}]: {topic} {answer}",
)

CODING = (
    "{dna} codes for {protein}",
    "{dna} -> {protein}",
    "The coding sequence {dna} is translated into {protein}.",
    "{protein} is encoded by {dna}",
    "Gene: {dna}\nProduct: {protein}",
    "Translate {dna}: {protein}",
    "Codon by codon, {dna} gives {protein}.",
    "DNA {dna} protein {protein}",
    "What does {dna} code for? {protein}",
    "The protein {protein} comes from the coding DNA {dna}.",
    "CDS {dna} translation {protein}",
    "{dna}\n{protein}",
    "{protein}\n{dna}",
    "Reading {dna} from its first base yields {protein}.",
    "With the standard genetic code, {dna} becomes {protein}.",
    "Question: which protein does {dna} encode? Answer: {protein}",
    "{protein} <- {dna}",
    "The product of {dna} is {protein}.",
    "An open reading frame {dna} and its protein {protein}",
    "Coding DNA: {dna} Protein: {protein}",
    "From {dna} the ribosome makes {protein}.",
    "Given the gene {dna}, the protein is {protein}.",
    "A sequence that codes for {protein} is {dna}.",
    "{dna} is read as {protein}.",
    "Transcribed and translated, {dna} makes {protein}.",
    "{dna} | {protein}",
    "For {protein} there is the coding sequence {dna}.",
    "Translation (table 1) of {dna}: {protein}",
    "The amino acids that {dna} stands for are {protein}.",
    "Back to the gene: {protein} was translated from {dna}.",
    "Expressing {dna} produces {protein}.",
    "{protein} can be written at the level of DNA as {dna}.",
)

NOTATED = (
    "{forms}",
    "{lines}",
    "One entity, {count} notations: {forms}",
    "The same in other words: {commas}",
    "{arrows}",
    "{equals}",
    "Also written: {commas}",
    "Equivalent: {forms}",
    "{named}",
    "{named_lines}",
    "These name one thing: {commas}.",
    "All of these are the same: {commas}",
    "Notations: {named}",
    "Different spellings, one meaning: {lines}",
    "Converted from one notation to the next: {arrows}",
    "{first} can be written as {others}.",
    "{first} is the same as {others}.",
    "{first}, or {others}",
    "For {first} there is also {others}.",
    "{first} ({others})",
    "How else is {first} written? {others}",
    "Question: other notations of {first}? Answer: {others}",
    "Starting from {first} one gets {others}.",
    "{first} stands for {others}.",
    "The entity {first} is also known as {others}.",
    "What {first} says, {others} says too.",
    "Translate {first}: {others}",
    "{first} in other notations: {others}",
    "Synonyms of {first}: {others}",
    "Record\n{named_lines}",
    "{bars}",
    "Entry: {bars}",
    "The following agree: {forms}",
    "Take {first}; another way to put it is {others}.",
)

REACTION = (
    "{left} -> {right}",
    "{left} gives {right}",
    "Reactants: {left}\nProduct: {right}",
    "{right} is made from {left}",
    "From {left} one obtains {right}.",
    "The reaction of {left} yields {right}.",
    "{left} react to {right}.",
    "Product: {right}\nStarting materials: {left}",
    "What forms from {left}? {right}",
    "How is {right} made? From {left}.",
    "{left} is converted into {right}.",
    "Forward: {left} => {right}",
    "Retrosynthesis: {right} <= {left}",
    "Given {left}, the product is {right}.",
    "Question: product of {left}? Answer: {right}",
    "Question: precursors of {right}? Answer: {left}",
    "A route to {right} starts with {left}.",
    "Starting from {left}, the synthesis ends at {right}.",
    "{left}\n{right}",
    "Mixing {left} leads to {right}.",
    "To prepare {right}, use {left}.",
    "Under suitable conditions {left} forms {right}.",
    "{right} can be disconnected into {left}.",
    "Starting materials {left}, product {right}",
    "Reaction: {left} to {right}",
    "One step turns {left} into {right}.",
    "{right} results from {left}.",
    "In: {left} Out: {right}",
    "The precursors {left} combine to {right}.",
    "Outcome of {left}: {right}",
    "The synthesis of {right} from {left}",
    "{left} | {right}",
)

WORDINGS: Mapping[str, Sequence[str]] = MappingProxyType({
    "label": LABEL, "alike": ALIKE, "binding": BINDING, "coding": CODING, "notations": NOTATED,
    "reaction": REACTION,
})  # fmt: skip
"""Kind of pair -> its sentences."""


def draw(purpose: str, key: str, count: int, seed: int = 0) -> int:
    """Return a number below ``count`` that depends on the purpose, the key and the seed alone."""
    digest = hashlib.blake2b(f"{seed}\0{purpose}\0{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count


def wording(kind: str, key: str, seed: int = 0) -> str:
    """Return the sentence for the record ``key``, of those for a kind of pair."""
    sentences = WORDINGS[kind]
    return sentences[draw(kind, key, len(sentences), seed)]
