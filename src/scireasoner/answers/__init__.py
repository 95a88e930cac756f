"""Answer kinds: how an answer is asked for, written, found, read and compared."""

from scireasoner.answers.annotations import EcNumbers
from scireasoner.answers.base import Answer
from scireasoner.answers.boolean import Boolean
from scireasoner.answers.choices import Choice, Label
from scireasoner.answers.equation import Equation
from scireasoner.answers.formula import Formula
from scireasoner.answers.freetext import FreeText
from scireasoner.answers.listing import Entities, LabelSet
from scireasoner.answers.material import Material, ModulusMaterial, NovelMaterial
from scireasoner.answers.molecule import IupacName, Molecule, MoleculeSet, NovelMolecule
from scireasoner.answers.novel import NovelProtein, NovelRna
from scireasoner.answers.number import Number
from scireasoner.answers.numbers import Numbers
from scireasoner.answers.property import PropertyLabel, PropertyValue
from scireasoner.answers.relations import Relations
from scireasoner.answers.sequence import Dna, Protein, ProteinDesign, Rna, RnaDesign

__all__ = [
    "Answer",
    "Boolean",
    "Choice",
    "Dna",
    "EcNumbers",
    "Entities",
    "Equation",
    "Formula",
    "FreeText",
    "IupacName",
    "Label",
    "LabelSet",
    "Material",
    "ModulusMaterial",
    "Molecule",
    "MoleculeSet",
    "NovelMaterial",
    "NovelMolecule",
    "NovelProtein",
    "NovelRna",
    "Number",
    "Numbers",
    "PropertyLabel",
    "PropertyValue",
    "Protein",
    "ProteinDesign",
    "Relations",
    "Rna",
    "RnaDesign",
]
