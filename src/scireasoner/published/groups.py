"""The points of whole benchmarks, as the upstream summaries add them up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

Values: TypeAlias = Mapping[str, Mapping[str, float | None]]
"""Task id to the released numbers of that task, as its evaluator gave them."""

_Points: TypeAlias = Callable[[float], float]
_Part: TypeAlias = tuple[str, _Points, str]
"""Released key, its points, and the ids of the tasks that count by it."""

SOURCE = "open-compass/opencompass@a5acc4b opencompass/configs/summarizers/scireasoner.py:6-217"
SOURCE_15 = "open-compass/opencompass@a5acc4b opencompass/configs/summarizers/scireasoner1_5.py"


def _same(value: float) -> float:
    return value


def _hundred(value: float) -> float:
    return 100 * value


def _nothing(value: float) -> float:
    """Return 0: the sum of Mol-Instructions leaves its third task out, but divides by all."""
    return 0.0


def _below(reference: float) -> _Points:
    """Return the points of an error: 100 for none (or for no result at all), 0 at the reference."""

    def points(error: float) -> float:
        return max(0.0, 100 * (reference - error) / reference)

    return points


def _folding(energy: float) -> float:
    return min(100.0, -energy / 10)


def _clipped(value: float) -> float:
    return min(100.0, max(0.0, value))


def _ratio_15(value: float) -> float:
    return _clipped(100 * max(value, 0.0) / (1 + max(value, 0.0)))


def _auc_15(value: float) -> float:
    return _clipped(100 * value)


def _error_15(value: float) -> float:
    return _clipped((1 - value) * 100)


def _many(prefix: str, names: str) -> str:
    return " ".join(prefix + name for name in names.split())


_JARVIS = """formation_energy_per_atom band_gap_opt total_energy energy_above_hull band_gap_mbj
    bulk_modulus shear_modulus slme spillage dielectric_x_mbj dielectric_dfpt piezo_dij piezo_eij
    max_efg exfoliation_energy avg_electron_mass n_seebeck n_power_factor p_seebeck
    p_power_factor"""

_REGRESSIONS = " ".join(
    _many(f"mat_{source}_", names)
    for source, names in (
        (
            "mp",
            "formation_energy_per_atom band_gap energy_per_atom energy_above_hull fermi_energy "
            "density density_atomic volume",
        ),
        ("jarvis_dft", _JARVIS),
        ("snumat", "band_gap_gga band_gap_hse optical_gap_gga optical_gap_hse"),
        (
            "gnome",
            "formation_energy_per_atom decomposition_energy_per_atom band_gap total_energy "
            "volume density",
        ),
        (
            "hmof",
            "max_co2 min_co2 largest_cavity pore_limiting void_fraction "
            "surface_area_gravimetric surface_area_volumetric",
        ),
        (
            "cantor_hea",
            "formation_energy_per_atom energy_per_atom energy_above_hull volume_per_atom",
        ),
        ("qmof", "total_energy band_gap largest_cavity pore_limiting"),
        (
            "jarvis_qetb",
            "energy_per_atom indirect_gap formation_energy_per_atom total_energy",
        ),
        ("oqmd", "band_gap formation_energy_per_atom"),
        ("omdb", "band_gap"),
    )
)

_GROUPS: Mapping[str, tuple[_Part, ...]] = {
    "Bio_Instruction": (
        (
            "MCC",
            _same,
            _many(
                "bio_",
                "antibody_antigen rna_protein_interaction epigenetic_marks tf_binding_mouse "
                "promoter_enhancer core_promoter promoter_300 tf_binding_human",
            ),
        ),
        ("R2", _same, "bio_apa_isoform bio_mean_ribosome_loading bio_programmable_rna_switch"),
        ("PCC", _same, "bio_enhancer_activity"),
        ("AUC", _same, "bio_rna_modification"),
        ("spearman", _same, "bio_crispr_on_target"),
        ("mixed_score", _same, "bio_sirna_efficiency"),
    ),
    "GUE": (
        (
            "matthews_correlation_all",
            _same,
            _many(
                "gue_",
                "core_promoter_all core_promoter_notata core_promoter_tata promoter_300_all "
                "promoter_300_notata promoter_300_tata tf_human_0 tf_human_1 tf_human_2 "
                "tf_human_3 tf_human_4",
            ),
        ),
    ),
    "OPI": (
        (
            "Accuracy",
            _hundred,
            _many("opi_", "ec_number_new392 ec_number_price149 fold_type subcellular_localization"),
        ),
        ("ROUGE-L", _hundred, "opi_function_casp opi_function_idfilter opi_function_uniprot"),
        (
            "F1 Score",
            _hundred,
            _many(
                "opi_",
                "gene_name_to_cancer go_casp go_idfilter go_uniprot gene_symbol_to_cancer "
                "gene_symbol_to_tissue keywords_casp keywords_idfilter keywords_uniprot",
            ),
        ),
    ),
    "PEER": (("accuracy", _same, _many("peer_", "solubility stability human_ppi yeast_ppi")),),
    "SmolInstruct": (
        (
            "top1_exact_match",
            _same,
            _many("smol_", "forward_synthesis retrosynthesis molecule_generation iupac_to_smiles"),
        ),
        ("meteor_score", _hundred, "smol_molecule_captioning"),
        ("top1_ele_match", _same, "smol_iupac_to_formula smol_smiles_to_formula"),
        ("top1_split_match", _same, "smol_smiles_to_iupac"),
        ("RMSE", _below(4.0), "smol_esol"),
        ("RMSE", _below(2.0), "smol_lipophilicity"),
        ("accuracy", _same, "smol_bbbp smol_clintox smol_hiv smol_sider"),
        ("Top-1 Accuracy", _same, "uspto50k_retrosynthesis"),
    ),
    "Mol_Instructions": (
        ("f1", _hundred, "molinst_chemical_disease_relation molinst_chemical_entity"),
        ("f1", _nothing, "molinst_chemical_protein_relation"),
        ("accuracy", _same, "molinst_multiple_choice molinst_true_false"),
        ("bert_score", _hundred, "molinst_open_question"),
        ("mae", _below(10.0), "molinst_orbital_energy"),
        (
            "exact_match_score",
            _hundred,
            _many(
                "molinst_",
                "description_guided_design forward_reaction retrosynthesis reagent_prediction",
            ),
        ),
        ("rougeL", _hundred, "molinst_molecular_description"),
        (
            "rougeL",
            _same,
            _many(
                "molinst_", "catalytic_activity domain_motif general_function protein_function_go"
            ),
        ),
        ("Max SW score", _same, "molinst_protein_design"),
    ),
    "LLM4Mat": (
        (
            "AUC",
            _hundred,
            _many(
                "mat_",
                "mp_is_stable mp_is_gap_direct snumat_direct_gap_gga snumat_direct_gap_hse "
                "snumat_spin_orbit",
            ),
        ),
        ("MAD/MAE", _same, _REGRESSIONS),
    ),
    "Conditional_Generation": (
        (
            "smact_validity_ratio_in_all_%",
            _same,
            "matgen_from_composition matgen_from_bulk_modulus",
        ),
    ),
    "Unconditional_Generation": (
        ("smact_validity_ratio_in_all", _same, "uncond_material"),
        ("average_mfe", _folding, "uncond_rna"),
        ("valid_rate", _hundred, "uncond_protein"),
        ("validity", _hundred, "uncond_molecule"),
    ),
}

_GROUPS_15: Mapping[str, tuple[_Part, ...]] = {
    "SciReasoner1_5-OQMD": (
        ("MAD/MAE", _ratio_15, "sr15_oqmd_band_gap sr15_oqmd_formation_energy_per_atom"),
    ),
    "SciReasoner1_5-JARVISDFT": (("MAD/MAE", _ratio_15, _many("sr15_jarvis_dft_", _JARVIS)),),
    "SciReasoner1_5-GO-BP": (("score", _clipped, "sr15_go_biological_process"),),
    "SciReasoner1_5-TMScore-MAE": (("MAE", _error_15, "sr15_tm_score"),),
    "SciReasoner1_5-DUDE-AUC": (("AUC", _auc_15, "sr15_dude_pair"),),
}


def _numbers(parts: tuple[_Part, ...], values: Values) -> Iterator[tuple[_Points, float | None]]:
    """Yield, for each task, how its number turns into points, and the number."""
    for key, points, tasks in parts:
        for task in tasks.split():
            value = values.get(task, {}).get(key)
            yield points, value if value is not None and math.isfinite(value) else None


def members() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return (task id, released key) of every member, by group."""
    return {
        name: tuple((task, key) for key, _, tasks in parts for task in tasks.split())
        for name, parts in (*_GROUPS.items(), *_GROUPS_15.items())
    }


def summary(values: Values) -> Mapping[str, float]:
    """Return the points of the nine groups of SciReasoner.

    A missing number counts as 0 before it is turned into points, so that no result at all earns
    100 points where less is better.
    """
    result = {}
    for name, parts in _GROUPS.items():
        each = [points(value or 0.0) for points, value in _numbers(parts, values)]
        result[name] = sum(each) / len(each)
    return result


def summary_15(values: Values) -> Mapping[str, float | None]:
    """Return the points of the five groups of SciReasoner 1.5, each in [0, 100].

    Missing numbers are left out of the mean; None if all are missing.
    """
    result: dict[str, float | None] = {}
    for name, parts in _GROUPS_15.items():
        got = [points(value) for points, value in _numbers(parts, values) if value is not None]
        result[name] = sum(got) / len(got) if got else None
    return result
