"""The properties of LLM4Mat-Bench: what is asked for, in which unit, range and spread.

A scale is the median absolute deviation of the training golds where a public set has the property
(the sample of ten rows aside); where that is below the tolerance, since most golds are (nearly)
equal, it is their mean absolute deviation. Other scales are declared: for JARVIS-DFT the mean
absolute deviations that doi:10.1038/s41524-021-00650-1 prints, else plausible values. Ranges hold
every gold that is known, outliers included, which is why some moduli may be negative.
"""

from __future__ import annotations

from scireasoner.tasks.suites import materials_data as data
from scireasoner.tasks.suites.materials_rows import Label, Origin, Quantity

_Q, _L = Quantity, Label
_E, _GAP, _CELL, _DENSITY = (-10.0, 10.0), (0.0, 20.0), (5.0, 20_000.0), (0.0, 30.0)
_TF, _DI = ("True", "False"), ("Direct", "Indirect")
_MEAN = "the average over directions instead of the x component"

# fmt: off
ORIGINS = (
    Origin(
        "mp", "MP", "by DFT (PBE) in the Materials Project", "doi:10.1063/1.4812323", "CC BY 4.0",
        ("NaCl", "TiO2", "GaAs"), (
            _Q("formation_energy_per_atom", "FEPA", "formation_energy_per_atom", 10318,
               "formation energy per atom", "eV/atom", _E, 0.89, 0.05, (-2.11, -3.43, -0.44),
               data.composition("mp_formation_energy_per_atom")),
            _Q("band_gap", "Bandgap", "band_gap", 10259, "band gap", "eV", _GAP, 1.3, 0.2,
               (5.0, 1.78, 0.19), data.matbench("band_gap")),
            _Q("energy_per_atom", "EPA", "GGA-PBE-based_energy_per_atom", 10318,
               "total energy per atom", "eV/atom", (-25, 15), 1.4, 0.05, (-3.4, -8.8, -4.1),
               data.sample("energy_per_atom_ev")),
            _Q("energy_above_hull", "Ehull", "energy_above_hull", 10318,
               "energy above the convex hull", "eV/atom", (0, 30), 0.208, 0.03, (0.0, 0.027, 0.0),
               data.composition("mp_energy_above_hull")),
            _Q("fermi_energy", "Efermi", "efermi", 10257, "Fermi energy", "eV", (-30, 40), 2.0, 0.3,
               (-0.5, 5.5, 2.9), data.sample("efermi_ev")),
            _Q("density", "Density", "density", 10257, "mass density", "g/cm3", _DENSITY, 2.03,
               0.3, (2.1, 4.2, 5.2), data.mp20("density_g_per_cm3")),
            _Q("density_atomic", "DensityAtomic", "density_atomic", 10257, "volume per atom",
               "Å3/atom", (1, 2000), 4.82, 1.0, (22.4, 10.5, 23.2), data.mp20_volume_per_atom()),
            _Q("volume", "Volume", "volume", 10257, "volume of the unit cell", "Å3", _CELL, 67.7,
               5.0, (44.8, 62.9, 46.4), data.mp20("volume_a3")),
            _L("is_stable", "IsStable", "is_stable", 10318,
               "thermodynamically stable (on the convex hull)", _TF, (0, 1, 0),
               data.mp20("is_stable")),
            _L("is_gap_direct", "IsGapDirect", "is_gap_direct", 10257,
               "a material with a direct band gap", _TF, (0, 1, 0), data.sample("is_gap_direct")),
        ),
    ),
    Origin(
        "jarvis_dft", "JARVISDFT", "by DFT in JARVIS-DFT", "doi:10.1038/s41524-020-00440-1",
        "public domain in the US (NIST)", ("ZnO", "GaAs", "GaSe"), (
            _Q("formation_energy_per_atom", "FEPA", "formation_energy_peratom", 7597,
               "formation energy per atom (OptB88vdW)", "eV/atom", _E, 0.556, 0.05,
               (-1.45, -0.33, -0.5), data.jarvis("formation_energy_per_atom")),
            _Q("band_gap_opt", "Bandgap_OPT", "optb88vdw_bandgap", 7597, "band gap (OptB88vdW)",
               "eV", _GAP, 0.911, 0.2, (0.81, 0.75, 0.9), data.jarvis("optb88vdw_bandgap")),
            _Q("total_energy", "TotEn", "optb88vdw_total_energy", 7597,
               "total energy per atom (OptB88vdW)", "eV/atom", (-25, 25), 1.78, 0.05,
               (-3.2, -2.6, -2.5)),
            _Q("energy_above_hull", "Ehull", "ehull", 7597,
               "energy above the convex hull (OptB88vdW)", "eV/atom", (0, 50), 0.133, 0.03,
               (0.0, 0.0, 0.004), data.jarvis("ehull")),
            _Q("band_gap_mbj", "Bandgap_MBJ", "mbj_bandgap", 1954, "band gap (TBmBJ)", "eV",
               (0, 30), 1.36, 0.2, (2.5, 1.32, 1.9), data.jarvis("mbj_bandgap")),
            _Q("bulk_modulus", "Kv", "bulk_modulus_kv", 2340, "bulk modulus (Voigt)", "GPa",
               (-500, 1500), 41.7, 10, (130, 61, 25), data.jarvis("bulk_modulus_kv")),
            _Q("shear_modulus", "Gv", "shear_modulus_gv", 2340, "shear modulus (Voigt)", "GPa",
               (-1000, 1500), 18.4, 5, (45, 46, 15), data.jarvis("shear_modulus_gv")),
            _Q("slme", "SLME", "slme", 967,
               "spectroscopic limited maximum efficiency as a solar absorber", "%", (0, 100), 8.17,
               2, (5.1, 30.6, 20.4), data.jarvis("slme")),
            _Q("spillage", "Spillage", "spillage", 1125, "spin-orbit spillage", None, (0, 10), 0.3,
               0.1, (0.01, 0.28, 0.05), data.jarvis("spillage")),
            _Q("dielectric_x_mbj", "Epsx_OPT", "mepsx", 1804,
               "static electronic dielectric constant along x (TBmBJ)", None, (0, 10_000), 4.08, 1,
               (3.3, 10.9, 7.1), data.jarvis("eps_average_mbj", _MEAN)),
            _Q("dielectric_dfpt", "Dielectric_DFPT", "dfpt_piezo_max_dielectric", 459,
               "static dielectric constant, electronic plus ionic (largest component, DFPT)", None,
               (0, 10_000), 3.95, 2, (8.9, 13.2, 10.1), data.dielectric()),
            _Q("piezo_dij", "Max_Piezo_dij", "dfpt_piezo_max_dij", 308,
               "largest piezoelectric strain coefficient d_ij (DFPT)", "pC/N", (0, 10_000), 8.09, 2,
               (10.3, 2.9, 2.2), data.jarvis("dfpt_piezo_max_dij")),
            _Q("piezo_eij", "Max_Piezo_eij", "dfpt_piezo_max_eij", 470,
               "largest piezoelectric stress coefficient e_ij (DFPT)", "C/m2", (0, 500), 0.229,
               0.05, (1.2, 0.16, 0.35), data.jarvis("dfpt_piezo_max_eij")),
            # Computed by VASP in V/Å2; the database labels the same numbers 1e21 V/m2.
            _Q("max_efg", "MaxEFG", "max_efg", 1205, "largest electric field gradient", "V/Å2",
               (0, 3000), 43.9, 5, (2.4, 0.0, 21.5)),
            _Q("exfoliation_energy", "ExfEn", "exfoliation_energy", 63, "exfoliation energy",
               "meV/atom", (0, 3000), 24.5, 10, (650, 720, 64), data.jarvis("exfoliation_energy")),
            # The public composition set has other, rescaled effective masses.
            _Q("avg_electron_mass", "AvgMe", "avg_elec_mass", 1792,
               "average electron effective mass at 300 K", "m_e", (0, 200), 0.22, 0.05,
               (0.21, 0.07, 0.35)),
            _Q("n_seebeck", "nSeebeck", "n-Seebeck", 2358,
               "Seebeck coefficient (n-type, 600 K, 1e20 carriers/cm3)", "µV/K", (-2000, 2000),
               34.6, 20, (-75, -38, -110), data.jarvis("n-Seebeck")),
            # µW/(m K2) as in the database; the benchmark's paper writes µW/(cm K2).
            _Q("n_power_factor", "nPF", "n-powerfact", 2358,
               "thermoelectric power factor (n-type, 600 K, 1e20 carriers/cm3)", "µW/(m K2)",
               (0, 50_000), 432, 100, (620, 450, 310), data.jarvis("n-powerfact")),
            _Q("p_seebeck", "pSeebeck", "p-Seebeck", 2358,
               "Seebeck coefficient (p-type, 600 K, 1e20 carriers/cm3)", "µV/K", (-2000, 2000),
               32.6, 20, (190, 120, 240), data.jarvis("p-Seebeck")),
            _Q("p_power_factor", "pPF", "p-powerfact", 2358,
               "thermoelectric power factor (p-type, 600 K, 1e20 carriers/cm3)", "µW/(m K2)",
               (0, 50_000), 393, 100, (350, 900, 520), data.jarvis("p-powerfact")),
        ),
    ),
    Origin(
        "snumat", "SNUMAT", "by DFT in SNUMAT", "doi:10.1038/s41597-020-00723-8",
        "not known", ("NaCl", "TiO2", "PbTe"), (
            _Q("band_gap_gga", "Bandgap_GGA", "Band_gap_GGA", 1038, "band gap (GGA)", "eV", _GAP,
               1.2, 0.2, (5.0, 1.9, 0.8)),
            _Q("band_gap_hse", "Bandgap_HSE", "Band_gap_HSE", 1038, "band gap (HSE)", "eV", _GAP,
               1.5, 0.2, (6.5, 3.3, 1.2)),
            _Q("optical_gap_gga", "Bandgap_GGA_Optical", "Band_gap_GGA_optical", 1038,
               "optical gap (GGA)", "eV", _GAP, 1.2, 0.2, (5.0, 1.9, 0.8)),
            _Q("optical_gap_hse", "Bandgap_HSE_Optical", "Band_gap_HSE_optical", 1038,
               "optical gap (HSE)", "eV", _GAP, 1.5, 0.2, (6.5, 3.4, 1.2)),
            # Twice its siblings, as the released weights have it.
            _L("direct_gap_gga", "IsDirect", "Direct_or_indirect", 2076,
               "a material with a direct or an indirect band gap (GGA)", _DI, (0, 1, 0)),
            _L("direct_gap_hse", "IsDirect_HSE", "Direct_or_indirect_HSE", 1038,
               "a material with a direct or an indirect band gap (HSE)", _DI, (0, 1, 0)),
            _L("spin_orbit", "SOC", "SOC", 1038,
               "a material whose band gap was computed with spin-orbit coupling", _TF, (1, 1, 0)),
        ),
    ),
    Origin(
        "gnome", "GNoME", "by DFT (PBE) in GNoME", "doi:10.1038/s41586-023-06735-9",
        "CC BY-NC 4.0", ("K2SrCl4", "LaNi4Sn", "CsEuBr3"), (
            _Q("formation_energy_per_atom", "FEPA", "Formation_Energy_Per_Atom", 37620,
               "formation energy per atom", "eV/atom", _E, 0.353, 0.05, (-2.3, -0.42, -1.6),
               data.wbm("formation_energy_ev_per_atom")),
            _Q("decomposition_energy_per_atom", "DEPA", "Decomposition_Energy_Per_Atom", 37620,
               "decomposition energy per atom (negative if stable)", "eV/atom", _E, 0.0411, 0.03,
               (-0.013, -0.045, 0.02), data.composition("mp_decomposition_energy_per_atom")),
            _Q("band_gap", "Bandgap", "Bandgap", 28355, "band gap", "eV", _GAP, 0.455, 0.2,
               (4.6, 0.0, 0.5), data.wbm("band_gap_ev")),
            _Q("total_energy", "TotEn", "Corrected_Energy", 37620,
               "corrected total energy of the unit cell", "eV", (-5000, 500), 65.8, 5,
               (-27.4, -35.2, -20.9), data.stable("corrected_energy_ev")),
            _Q("volume", "Volume", "Volume", 37620, "volume of the unit cell", "Å3", _CELL, 51.9,
               5, (215, 105, 190), data.wbm("volume_a3")),
            _Q("density", "Density", "Density", 37620, "mass density", "g/cm3", _DENSITY, 2.02, 0.3,
               (2.6, 8.4, 4.9), data.wbm("density_g_per_cm3")),
        ),
    ),
    Origin(
        "hmof", "hMOF", "as simulated in hMOF", "doi:10.1038/nchem.1192",
        "not known", ("Zn4C24H12O13", "Cu3C18H6O12", "ZnC8H10N4"), (
            _Q("max_co2", "MaxCO2", "max_co2_adsp", 13275,
               "largest CO2 uptake over the simulated pressures", "mmol/g", (0, 100), 1.87, 0.5,
               (6.1, 9.2, 3.3), data.hmof("max_co2_adsorption_mol_per_kg")),
            _Q("min_co2", "MinCO2", "min_co2_adsp", 13275,
               "smallest CO2 uptake over the simulated pressures", "mmol/g", (0, 100), 0.0233, 0.01,
               (0.05, 0.21, 0.02), data.hmof("min_co2_adsorption_mol_per_kg")),
            _Q("largest_cavity", "LCD", "lcd", 13275, "largest cavity diameter", "Å", (0, 200), 2.5,
               1, (14.9, 13.2, 11.4), data.hmof("lcd_a")),
            _Q("pore_limiting", "PLD", "pld", 13275, "pore limiting diameter", "Å", (0, 200), 2.5,
               1, (7.9, 6.7, 3.4), data.hmof("pld_a")),
            _Q("void_fraction", "VoidFraction", "void_fraction", 13275, "void fraction", None,
               (0, 1), 0.123, 0.05, (0.78, 0.71, 0.48), data.hmof("void_fraction")),
            _Q("surface_area_gravimetric", "SA_m2g", "surface_area_m2g", 13275,
               "gravimetric surface area", "m2/g", (0, 12_000), 1440, 200, (3800, 1950, 1700),
               data.hmof("surface_area_m2_per_g")),
            _Q("surface_area_volumetric", "SA_m2cm3", "surface_area_m2cm3", 13275,
               "volumetric surface area", "m2/cm3", (0, 10_000), 399, 100, (2250, 1720, 1600),
               data.hmof("surface_area_m2_per_cm3")),
        ), framework=True,
    ),
    Origin(
        "cantor_hea", "Cantor_HEA", "by DFT in the Cantor-HEA set", "doi:10.1039/D4TA00982G",
        "not known", ("CrMnFeCoNi", "CrFeCoNi", "FeCoNi"), (
            _Q("formation_energy_per_atom", "FEPA", "Ef_per_atom", 8402,
               "formation energy per atom", "eV/atom", _E, 0.05, 0.01, (0.06, 0.04, 0.01)),
            _Q("energy_per_atom", "EPA", "e_per_atom", 8402, "total energy per atom", "eV/atom",
               (-25, 15), 0.5, 0.02, (-7.94, -7.6, -6.9)),
            _Q("energy_above_hull", "Ehull", "e_above_hull", 8402, "energy above the convex hull",
               "eV/atom", (0, 10), 0.04, 0.01, (0.07, 0.05, 0.02)),
            _Q("volume_per_atom", "VPA", "volume_per_atom", 8402, "volume per atom", "Å3/atom",
               (1, 100), 0.3, 0.05, (11.2, 11.1, 11.0)),
        ),
    ),
    Origin(
        "qmof", "QMOF", "by DFT (PBE-D3) in QMOF", "doi:10.1016/j.matt.2021.02.015", "CC BY 4.0",
        ("Zn4C24H12O13", "Cu3C18H6O12", "ZnC8H10N4"), (
            _Q("total_energy", "TotEn", "energy_total", 766, "total energy of the unit cell", "eV",
               (-20_000, 1000), 250, 5, (-714, -1010, -861)),
            _Q("band_gap", "Bandgap", "bandgap", 766, "band gap", "eV", _GAP, 0.733, 0.2,
               (3.4, 0.9, 4.7), data.qmof("band_gap_ev")),
            _Q("largest_cavity", "LCD", "lcd", 766, "largest cavity diameter", "Å", (0, 200), 1.5,
               0.5, (14.9, 13.2, 11.4)),
            _Q("pore_limiting", "PLD", "pld", 766, "pore limiting diameter", "Å", (0, 200), 1.0,
               0.5, (7.9, 6.7, 3.4)),
        ), framework=True,
    ),
    Origin(
        "jarvis_qetb", "JARVISQETB", "by DFT for tight binding in JARVIS-QETB",
        "doi:10.1103/PhysRevMaterials.7.044603", "public domain in the US (NIST)",
        ("NaCl", "SiC", "NiAl"), (
            # Energies of Quantum ESPRESSO count the semicore electrons: thousands of eV.
            _Q("energy_per_atom", "EPA", "TB-based_energy_per_atom", 62399,
               "total energy per atom, semicore electrons included", "eV/atom", (-50_000, 5000),
               500, 0.1, (-871, -131, -2350)),
            # A band overlap counts as a negative gap.
            _Q("indirect_gap", "IndirBandgap", "indir_gap", 62399, "indirect band gap", "eV",
               (-20, 20), 0.5, 0.2, (5.2, 1.4, 0.0)),
            _Q("formation_energy_per_atom", "FEPA", "f_enp", 62399, "formation energy per atom",
               "eV/atom", (-20, 50), 0.5, 0.05, (-2.0, -0.33, -0.66)),
            _Q("total_energy", "TotEn", "final_energy", 62399,
               "total energy of the unit cell, semicore electrons included", "eV",
               (-1_000_000, 50_000), 2000, 1, (-1742, -262, -4700)),
        ),
    ),
    Origin(
        "oqmd", "OQMD", "by DFT (PBE) in OQMD", "doi:10.1007/s11837-013-0755-4", "CC BY 4.0",
        ("NaCl", "TiO2", "GaAs"), (
            _Q("band_gap", "Bandgap", "bandgap", 96358, "band gap", "eV", _GAP, 0.25, 0.2,
               (5.0, 2.0, 0.3), data.composition("oqmd_band_gap")),
            _Q("formation_energy_per_atom", "FEPA", "e_form", 96441, "formation energy per atom",
               "eV/atom", _E, 0.37, 0.05, (-2.1, -3.3, -0.42),
               data.composition("oqmd_formation_energy_per_atom")),
        ),
    ),
    Origin(
        "omdb", "OMDB", "by DFT (PBE) in the Organic Materials Database", "arXiv:1810.12814",
        "not known", ("C10H8", "C6H12O6", "C14H10"), (
            _Q("band_gap", "Bandgap", "bandgap", 1213, "band gap", "eV", _GAP, 0.8, 0.2,
               (3.1, 5.6, 2.1)),
        ),
    ),
)
# fmt: on
