"""OPI, Open Protein Instructions: what proteins are, where they work, which genes matter where."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scireasoner.answers import EcNumbers, FreeText, LabelSet
from scireasoner.answers.base import Answer
from scireasoner.metrics import (
    ACCURACY,
    BLEU_4,
    MACRO_F1,
    METEOR,
    MICRO_F1,
    ROUGE_L,
    SET_F1,
    SET_PRECISION,
    SET_RECALL,
    Metric,
)
from scireasoner.published import opi
from scireasoner.published.base import Evaluator
from scireasoner.science.text import normalise_term
from scireasoner.tasks.suites import opi_data as sets
from scireasoner.tasks.suites.bio_data import Style
from scireasoner.tasks.suites.bio_examples import shown
from scireasoner.tasks.suites.bio_instruction_data import NEW_392, enzymes
from scireasoner.tasks.suites.collection import PROTEIN, Collection, Kind, Row
from scireasoner.tasks.tables import Table
from scireasoner.types import Domain, Family

_COLLECTION = Collection(
    suite="opi",
    benchmark="OPI",
    repo="SciReason/OPI_test",
    source="OPI (github.com/baaihealth/opi)",
    licence="CC BY-NC 4.0",
    alias="SciReasoner-Opi_",
)
_DECODING = "sample(T=0.7, top_p=0.8, top_k=50), no seed"


def _kind(evaluator: Evaluator, style: Style, *metrics: Metric) -> Kind:
    tokens = (64, 320) if evaluator is opi.OPI_EQUAL else (384, 768)
    return style.kind(evaluator, "0..1", *metrics, decoding=_DECODING, max_tokens=tokens)


_SETS = (SET_F1, SET_PRECISION, SET_RECALL)
_EC = _kind(opi.OPI_EQUAL, sets.ENZYME, *_SETS, ACCURACY)
_ONE = _kind(opi.OPI_EQUAL, sets.TEXT, ACCURACY, MACRO_F1)
_TERMS = _kind(opi.OPI_LABELS, sets.TERMS, *_SETS, MICRO_F1)
_NAMES = _kind(opi.OPI_LABELS, sets.NAMES, *_SETS, MICRO_F1)
_FUNCTION = _kind(opi.OPI_FUNCTION, sets.TEXT, ROUGE_L, METEOR, BLEU_4)

_GENE = {"gene": "text"}


@dataclass(frozen=True)
class _Question:
    """What several sets of OPI ask alike; ``golds`` are right answers of the examples."""

    kind: Kind
    answer: Answer
    prompt: str
    golds: tuple[str, ...]
    source: str
    inputs: dict[str, str] = field(default_factory=lambda: PROTEIN)
    domain: Domain = Domain.PROTEIN
    family: Family = Family.CLASSIFICATION


_ENZYME = _Question(
    _EC,
    EcNumbers(),
    "Which EC numbers does the enzyme {protein} have?",
    ("2.7.11.1", "5.3.1.7", "1.1.1.1; 1.1.1.284"),
    "CLEAN (doi:10.1126/science.adf2465)",
)
_FOLD = _Question(
    _ONE,
    sets.OneName("SCOP fold", none=None),
    "Which SCOP fold (class and number, such as a.1) does the protein domain {protein} have?",
    ("a.1", "c.37", "b.1"),
    "remote homology of TAPE (arXiv:1906.08230)",
)
_LOCATION = _Question(
    _ONE,
    sets.OneName("location", none=None, fold=sets.fold_location),
    f"Where in a eukaryotic cell is {{protein}} found: {', '.join(sets.LOCATION_NAMES)}?",
    ("nucleus", "membrane", "mitochondrion"),
    "DeepLoc (doi:10.1093/bioinformatics/btx431)",
)
_DESCRIBE = _Question(
    _FUNCTION,
    FreeText("rouge_l"),
    "What is the function of the protein {protein}?",
    (
        "Binds to the 23S rRNA.",
        "Insulin decreases blood glucose concentration.",
        "Removes the N-terminal methionine from nascent proteins.",
    ),
    sets.UNIPROT,
    family=Family.TRANSLATION,
)
_GO = _Question(
    _TERMS,
    LabelSet("GO terms", none=None, fold=normalise_term),
    "Which Gene Ontology terms (cellular component, molecular function, biological process) "
    "describe the protein {protein}?",
    (
        "cytoplasm; metal ion binding; tRNA methylation",
        "nucleus; DNA binding",
        "plasma membrane; 4 iron, 4 sulfur cluster binding; electron transport chain",
    ),
    sets.UNIPROT,
)
_KEYWORD = _Question(
    _TERMS,
    LabelSet("keywords", none=None),
    "Which UniProt keywords describe the protein {protein}?",
    ("Hydrolase; Signal", "Membrane; Transport", "Disulfide bond; Hormone; Secreted"),
    sets.UNIPROT,
)
_NAMED = _Question(
    _NAMES,
    LabelSet("cancers", ";,", none=None, gold_separators=";"),
    "Which cancers is the human gene called {gene} linked to?",
    ("lung cancer", "breast cancer; ovarian cancer", "Burkitt lymphoma"),
    "links of genes to cancers",
    _GENE,
    Domain.TEXT,
)
_SYMBOL = replace(_NAMED, prompt="Which cancers is the human gene {gene} linked to?")
_TISSUE = _Question(
    _NAMES,
    LabelSet("tissues", ";,", none=None, gold_separators=";"),
    "Which human tissues stand out in the RNA expression of the gene {gene}?",
    ("liver", "testis; cerebellum", "kidney; liver; small intestine"),
    "expression of genes by tissue",
    _GENE,
    Domain.TEXT,
)

_SYMBOLS = {"gene": ("EGFR", "BRCA1", "MYC")}
_GENE_NAMES = {
    "gene": ("epidermal growth factor receptor", "BRCA1 DNA repair associated", "axin 1")
}

# Test sets of OPI that ask alike share the rows of a public set.
_ENZYME_ROWS = enzymes(sets.ENZYME)
_NEW_392_ROWS = enzymes(sets.ENZYME, NEW_392)
_GO_ROWS = sets.go_terms()
_KEYWORD_ROWS = sets.keywords()
_BACTERIUM = sets.functions(sets.TUBERCULOSIS)
_YEAST = sets.functions(sets.YEAST)
_BY_NAME = sets.cancers("protein_name")
_BY_SYMBOL = sets.cancers("gene_symbol")
_TISSUES = sets.tissues()
_PLACES = sets.locations()

# name, released name, question, rows of the published test set, public set
_TABLE: tuple[tuple[str, str, _Question, int, Table], ...] = (
    ("ec_number_new392", "EC_number_CLEAN_EC_number_new", _ENZYME, 382, _NEW_392_ROWS),
    ("ec_number_price149", "EC_number_CLEAN_EC_number_price", _ENZYME, 149, _ENZYME_ROWS),
    ("fold_type", "Fold_type_fold_type", _FOLD, 3243, sets.folds()),
    ("function_casp", "Function_CASPSimilarSeq_function", _DESCRIBE, 184, _BACTERIUM),
    ("function_idfilter", "Function_IDFilterSeq_function", _DESCRIBE, 1112, _YEAST),
    ("function_uniprot", "Function_UniProtSeq_function", _DESCRIBE, 4562, _BACTERIUM),
    ("gene_name_to_cancer", "gName2Cancer_gene_name_to_cancer", _NAMED, 148, _BY_NAME),
    ("go_casp", "GO_CASPSimilarSeq_go", _GO, 184, _GO_ROWS),
    ("go_idfilter", "GO_IDFilterSeq_go", _GO, 1112, _GO_ROWS),
    ("go_uniprot", "GO_UniProtSeq_go", _GO, 4562, _GO_ROWS),
    ("gene_symbol_to_cancer", "gSymbol2Cancer_gene_symbol_to_cancer", _SYMBOL, 148, _BY_SYMBOL),
    ("gene_symbol_to_tissue", "gSymbol2Tissue_gene_symbol_to_tissue", _TISSUE, 2181, _TISSUES),
    ("keywords_casp", "Keywords_CASPSimilarSeq_keywords", _KEYWORD, 184, _KEYWORD_ROWS),
    ("keywords_idfilter", "Keywords_IDFilterSeq_keywords", _KEYWORD, 1112, _KEYWORD_ROWS),
    ("keywords_uniprot", "Keywords_UniProtSeq_keywords", _KEYWORD, 4562, _KEYWORD_ROWS),
    ("subcellular_localization", "Subcellular_localization_subcell_loc", _LOCATION, 2772, _PLACES),
)

for _name, _released, _asked, _size, _rows in _TABLE:
    _COLLECTION.add(
        Row(
            name=f"opi_{_name}",
            released=_released,
            family=_asked.family,
            domain=_asked.domain,
            kind=_asked.kind,
            answer=_asked.answer,
            prompt=_asked.prompt,
            inputs=_asked.inputs,
            tables=(_rows,),
            size=_size,
            examples=shown(
                _asked.inputs, _asked.golds, _GENE_NAMES if _asked is _NAMED else _SYMBOLS
            ),
            underlying=_asked.source,
        )
    )
