"""Answer kinds: how an answer is asked for, written, found, read and compared."""

from scireasoner.answers.base import Answer
from scireasoner.answers.choices import Boolean, Entities, Label
from scireasoner.answers.equation import Equation
from scireasoner.answers.formula import Formula
from scireasoner.answers.material import Material
from scireasoner.answers.molecule import IupacName, Molecule, NovelMolecule
from scireasoner.answers.number import Number
from scireasoner.answers.sequence import Protein, RnaDesign

__all__ = [
    "Answer",
    "Boolean",
    "Entities",
    "Equation",
    "Formula",
    "IupacName",
    "Label",
    "Material",
    "Molecule",
    "NovelMolecule",
    "Number",
    "Protein",
    "RnaDesign",
]
