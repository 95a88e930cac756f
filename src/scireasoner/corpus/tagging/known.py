"""What is known of single formulas: common ones, those with another meaning, names beside them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scireasoner.corpus.tagging.context import words

COMMON = words(
    """H2 N2 O2 O3 F2 Cl2 Br2 I2 H2O D2O H2O2 CO2 N2O NO2 N2O4 N2O5 SO2 SO3 H2S CS2 COS NH3 N2H4
    PH3 HCl HBr HCN HNO3 HNO2 H2SO4 H2SO3 H3PO4 H2CO3 HClO HClO4 HF CH4 C2H2 C2H4 C2H6 C3H8 C6H6
    C2H5OH CH3OH CH3CN CH3COOH CH2Cl2 CHCl3 CCl4 CH3I SF6 BF3 BCl3 PCl3 PCl5 POCl3 SOCl2 SiCl4
    NaOH KOH LiOH NH4OH Ca(OH)2 Mg(OH)2 Ba(OH)2 Al(OH)3 Fe(OH)3 Ni(OH)2 NaCl KCl LiCl CsCl RbCl
    NH4Cl MgCl2 CaCl2 BaCl2 SrCl2 ZnCl2 MnCl2 FeCl2 FeCl3 CoCl2 NiCl2 CuCl CuCl2 AlCl3 SnCl2
    TiCl4 CdCl2 HgCl2 PbCl2 AgCl NaBr KBr LiBr MgBr2 NaI KI AgI NaF KF LiF CaF2 NaHCO3 Na2CO3
    K2CO3 KHCO3 CaCO3 MgCO3 Li2CO3 Cs2CO3 BaCO3 NH4HCO3 (NH4)2SO4 Na2SO4 K2SO4 MgSO4 CaSO4 BaSO4
    CuSO4 FeSO4 ZnSO4 MnSO4 NiSO4 PbSO4 NaHSO4 NaHSO3 Na2SO3 Na2S2O3 Na2S NaNO3 NaNO2 KNO3 AgNO3
    NH4NO3 Ca(NO3)2 Cu(NO3)2 Ni(NO3)2 Co(NO3)2 Pb(NO3)2 La(NO3)3 KH2PO4 K2HPO4 K3PO4 NaH2PO4
    Na2HPO4 Na3PO4 Ca3(PO4)2 LiFePO4 NH4H2PO4 LiPF6 LiBF4 NaBH4 LiAlH4 NaBF4 NaN3 NaCN KCN
    NaClO4 KClO4 KMnO4 K2Cr2O7 CrO3 OsO4 RuO4 NaIO4 KIO3 NaOAc NH4OAc NaOCl TiO2 SiO2 Al2O3
    Fe2O3 Fe3O4 FeO MgO CaO BaO ZnO CuO Cu2O NiO CoO Co3O4 MnO2 MnO V2O5 WO3 MoO3 ZrO2 HfO2 CeO2
    SnO2 PbO PbO2 Y2O3 La2O3 Ga2O3 In2O3 As2O3 P2O5 B2O3 Bi2O3 Nb2O5 Ta2O5 Li2O Na2O GaAs GaN
    InP InAs InSb AlN SiC Si3N4 CdS CdSe CdTe ZnS ZnSe PbS PbSe PbTe Bi2Te3 Sb2Te3 MoS2 WS2
    MoSe2 WSe2 FeS FeS2 CuS SrTiO3 BaTiO3 LiCoO2 LiMn2O4 LiNbO3 BiFeO3 MgB2 MAPbI3 CsPbBr3
    CsPbI3 C60 C70 K3Fe(CN)6 K4Fe(CN)6 K3[Fe(CN)6] K4[Fe(CN)6] BeO NaH KH CaH2 CaC2 Na2O2 KO2
    HCHO HCOOH K3[Fe(CN)6] K4[Fe(CN)6]"""
)
"""Formulas that chemists write so often that the formula alone says what it is."""

IONS = words(
    """H Li Na K Rb Cs NH4 Mg2 Ca2 Sr2 Ba2 Zn2 Cd2 Hg2 Mn2 Fe2 Fe3 Co2 Co3 Ni2 Cu2 Cu Ag Al3 Cr3
    Pb2 Sn2 Sn4 Ti4 La3 Ce3 Ce4 Eu3 Eu2 Tb3 Gd3 Bi3 In3 Ga3 Pt2 Pd2 Au3 Tl F Cl Br I OH HCO3
    CO32 NO3 NO2 SO42 HSO4 PO43 HPO42 H2PO4 CN SCN O2 S2 ClO4 MnO4 CrO42 Cr2O72 BF4 PF6 H3O N3
    Ca Mg Zn Cu Fe Mn"""
)
"""Formulas that, with a sign behind them, are ions; the size of the charge included."""

OTHERWISE = words(
    """CN H2 COS HCN KH CaH2 VO2 PO2 PCO2 SPO2 FIO2 PTO2 BH3 BH4 PI3 C3H SS2 SH2 SH3 PH2 CH2 CH3
    CH1 VH VL HO1 HO2 NP2 PS1 PS2 H3 H4 H1 B6 B12 B1 B2 D1 D2 D3 D4 D5 S1 S2 S3 T1 T2 T3 T4 C3
    C5 C57 F1 F2 K1 K2 P2 I2 U1 U2 Y1 Y2 N1 N3 H2A H2B H2AX HB HBS HBV HCV HPV HSV UV UVB PCV F2
    N2 O3 CS2"""
)
"""Formulas that are more often a gene, a domain, a vitamin, a receptor or a pressure."""

ENGLISH = words(
    """he be in as at i no am pa ho os es re la ti mo al si pm ne bi us is if of oh hi on so up or
    it his how can con pi vip now sin son who cat act co ph uk ny iv ii iii vi fish cow pin
    chins cash coin snob bin pub cup cubs sub hub bus pubs yes cop cook book noon soon hook once
    science has was hf ha ba y w v u"""
)
"""Symbols and runs of symbols that are words, names, numerals or units as well."""

# Name of an element or a common small molecule -> its symbol or formula.
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "lithium": ("Li",), "boron": ("B",), "carbon": ("C",), "nitrogen": ("N", "N2"),
    "oxygen": ("O", "O2"), "fluoride": ("F",), "fluorine": ("F", "F2"), "sodium": ("Na",),
    "magnesium": ("Mg",), "aluminum": ("Al",), "aluminium": ("Al",), "silicon": ("Si",),
    "phosphorus": ("P",), "phosphate": ("PO4",), "sulfur": ("S",), "sulphur": ("S",),
    "chlorine": ("Cl", "Cl2"), "chloride": ("Cl",), "potassium": ("K",), "calcium": ("Ca",),
    "titanium": ("Ti",), "vanadium": ("V",), "chromium": ("Cr",), "manganese": ("Mn",),
    "iron": ("Fe",), "cobalt": ("Co",), "nickel": ("Ni",), "copper": ("Cu",), "zinc": ("Zn",),
    "gallium": ("Ga",), "germanium": ("Ge",), "arsenic": ("As",), "selenium": ("Se",),
    "bromine": ("Br", "Br2"), "bromide": ("Br",), "rubidium": ("Rb",), "strontium": ("Sr",),
    "zirconium": ("Zr",), "molybdenum": ("Mo",), "ruthenium": ("Ru",), "rhodium": ("Rh",),
    "palladium": ("Pd",), "silver": ("Ag",), "cadmium": ("Cd",), "indium": ("In",), "tin": ("Sn",),
    "antimony": ("Sb",), "tellurium": ("Te",), "iodine": ("I", "I2"), "iodide": ("I",),
    "cesium": ("Cs",), "caesium": ("Cs",), "barium": ("Ba",), "lanthanum": ("La",),
    "cerium": ("Ce",), "gadolinium": ("Gd",), "hafnium": ("Hf",), "tungsten": ("W",),
    "rhenium": ("Re",), "osmium": ("Os",), "iridium": ("Ir",), "platinum": ("Pt",),
    "gold": ("Au",), "mercury": ("Hg",), "thallium": ("Tl",), "lead": ("Pb",), "bismuth": ("Bi",),
    "thorium": ("Th",), "uranium": ("U",), "plutonium": ("Pu",), "helium": ("He",),
    "neon": ("Ne",), "argon": ("Ar",), "krypton": ("Kr",), "xenon": ("Xe",), "astatine": ("At",),
    "nobelium": ("No",), "beryllium": ("Be",), "hydrogen": ("H", "H2"), "nitric": ("NO",),
    "dioxide": ("CO2", "SO2", "NO2"), "monoxide": ("CO",), "ammonia": ("NH3",),
    "hydroxyl": ("OH",), "cyanide": ("CN", "HCN"), "water": ("H2O",), "peroxide": ("H2O2",),
    "sulfide": ("H2S",), "ozone": ("O3",), "superoxide": ("O2",),
})  # fmt: skip
