"""Named transformations as reaction SMARTS, each with what else goes in and comes out.

Written from textbook chemistry. ``with_`` and ``without`` are SMILES of small partners, so that the
equation balances.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transformation:
    """A reaction of one or two molecules.

    Parameters
    ----------
    name : as a chemist calls it.
    smarts : reaction SMARTS with the main product alone.
    roles : what each reactant is.
    bond : what is made, or cut on the way back.
    partners, leaving : SMILES of what else goes in and comes out.
    """

    name: str
    smarts: str
    roles: tuple[str, ...]
    bond: str
    partners: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


_AMINE = "[NX3;H1,H2;!$(N-[C,S]=[O,S,N]);!$(N-[N,O]):3]"
_ANILINE = "[NX3;H1,H2;!$(N-[C,S]=[O,S,N]):3]"
_T = Transformation
_TWO = (
    _T("amide coupling", f"[CX3:1](=[O:2])[OX2H1].{_AMINE}>>[C:1](=[O:2])[N:3]",
       ("acid", "amine"), "amide bond", (), ("O",)),
    _T("ester formation", "[CX3:1](=[O:2])[OX2H1].[OX2H1:3][CX4,c:4]>>[C:1](=[O:2])[O:3][*:4]",
       ("acid", "alcohol"), "ester bond", (), ("O",)),
    _T("reductive amination", f"[CX3;$(C([#6])[#6,#1]),$([CH]):1]=[OX1].{_AMINE}>>[C:1][N:3]",
       ("carbonyl compound", "amine"), "carbon-nitrogen bond", ("[H][H]",), ("O",)),
    _T("urea formation", f"[NX2:1]=[C:2]=[O:4].{_ANILINE}>>[N:1][C:2](=[O:4])[N:3]",
       ("isocyanate", "amine"), "urea bond"),
    _T("ring opening of an epoxide", f"[CX4:1]1[OX2:2][CX4:4]1.{_AMINE}>>[C:1]([O:2])[C:4][N:3]",
       ("epoxide", "amine"), "carbon-nitrogen bond"),
    _T("Boc protection", f"[CX3:1](=[O:2])([OX2:4][C:5])OC(=O)OC(C)(C)C.{_ANILINE}"
       ">>[C:1](=[O:2])([O:4][C:5])[N:3]",
       ("anhydride", "amine"), "carbamate bond", (), ("O=C=O", "CC(C)(C)O")),
)  # fmt: skip
_HALOGENS = {"F": "F", "Cl": "Cl", "Br": "Br", "I": "I"}


def _with_halogens() -> list[Transformation]:
    made = []
    for halogen, acid in _HALOGENS.items():
        if halogen == "Cl":
            made += [
                _T("acylation of an amine", f"[CX3:1](=[O:2])Cl.{_ANILINE}>>[C:1](=[O:2])[N:3]",
                   ("acid chloride", "amine"), "amide bond", (), (acid,)),
                _T("acylation of an alcohol", "[CX3:1](=[O:2])Cl.[OX2H1:3][#6:4]"
                   ">>[C:1](=[O:2])[O:3][#6:4]",
                   ("acid chloride", "alcohol"), "ester bond", (), (acid,)),
                _T("sulfonylation of an amine",
                   f"[SX4:1](=[O:2])(=[O:4])Cl.{_ANILINE}>>[S:1](=[O:2])(=[O:4])[N:3]",
                   ("sulfonyl chloride", "amine"), "sulfonamide bond", (), (acid,)),
            ]  # fmt: skip
        if halogen != "F":
            made += [
                _T("alkylation of nitrogen", f"[CX4;H1,H2,H3:1]{halogen}."
                   "[NX3,n;H1,H2:3]>>[C:1][*:3]",
                   ("alkyl halide", "nitrogen nucleophile"), "carbon-nitrogen bond", (), (acid,)),
                _T("Williamson ether synthesis",
                   f"[CX4;H2,H3:1]{halogen}.[OX2H1:3][#6;!$(C=O):4]>>[C:1][O:3][#6:4]",
                   ("alkyl halide", "alcohol or phenol"), "ether bond", (), (acid,)),
                _T("alkylation of an acid",
                   f"[CX4;H2,H3:1]{halogen}.[OX2H1:3][CX3:4]=[O:5]>>[C:1][O:3][C:4]=[O:5]",
                   ("alkyl halide", "acid"), "ester bond", (), (acid,)),
                _T("alkylation of sulfur",
                   f"[CX4;H2,H3:1]{halogen}.[SX2H1:3]>>[C:1][S:3]",
                   ("alkyl halide", "thiol"), "carbon-sulfur bond", (), (acid,)),
                _T("Suzuki coupling", f"[c:1]{halogen}.[#6:2]B([OX2H1])[OX2H1]>>[c:1][#6:2]",
                   ("aryl halide", "boronic acid"), "carbon-carbon bond", ("O",),
                   ("OB(O)O", acid)),
                _T("Suzuki coupling", f"[c:1]{halogen}.[#6:2]B1OC(C)(C)C(C)(C)O1>>[c:1][#6:2]",
                   ("aryl halide", "boronic ester"), "carbon-carbon bond", ("O",),
                   ("OB1OC(C)(C)C(C)(C)O1", acid)),
                _T("Sonogashira coupling", f"[c:1]{halogen}.[CX2H1:2]#[C:3]>>[c:1][C:2]#[C:3]",
                   ("aryl halide", "alkyne"), "carbon-carbon bond", (), (acid,)),
            ]  # fmt: skip
        made += [
            _T("amination of an aryl halide", f"[c:1]{halogen}.[NX3,n;H1,H2:3]>>[c:1][*:3]",
               ("aryl halide", "amine"), "carbon-nitrogen bond", (), (acid,)),
            _T("aryl ether formation", f"[c:1]{halogen}.[OX2H1:3][#6;!$(C=O):4]>>[c:1][O:3][#6:4]",
               ("aryl halide", "alcohol or phenol"), "ether bond", (), (acid,)),
        ]  # fmt: skip
    return made


_ONE = (
    _T("ester hydrolysis", "[CX3:1](=[O:2])[OX2:3][CH3]>>[C:1](=[O:2])[O:3]", ("methyl ester",),
       "ester bond", ("O",), ("CO",)),
    _T("ester hydrolysis", "[CX3:1](=[O:2])[OX2:3][CH2][CH3]>>[C:1](=[O:2])[O:3]",
       ("ethyl ester",), "ester bond", ("O",), ("CCO",)),
    _T("cleavage of a tert-butyl ester", "[CX3:1](=[O:2])[OX2:3]C([CH3])([CH3])[CH3]"
       ">>[C:1](=[O:2])[O:3]", ("tert-butyl ester",), "ester bond", (), ("C=C(C)C",)),
    _T("Boc removal", "[N,n:1]C(=O)OC([CH3])([CH3])[CH3]>>[*:1]", ("Boc-protected amine",),
       "carbamate bond", (), ("O=C=O", "C=C(C)C")),
    _T("Cbz removal", "[N:1]C(=O)O[CH2]c1[cH][cH][cH][cH][cH]1>>[N:1]", ("Cbz-protected amine",),
       "carbamate bond", ("[H][H]",), ("O=C=O", "Cc1ccccc1")),
    _T("debenzylation", "[N,O:1][CH2]c1[cH][cH][cH][cH][cH]1>>[*:1]", ("benzyl compound",),
       "benzyl bond", ("[H][H]",), ("Cc1ccccc1",)),
    _T("demethylation of an ether", "[c:1][OX2:2][CH3]>>[c:1][O:2]", ("aryl methyl ether",),
       "ether bond", ("Br",), ("CBr",)),
    _T("silyl ether cleavage", "[OX2:1][Si]([CH3])([CH3])C([CH3])([CH3])[CH3]>>[O:1]",
       ("silyl ether",), "oxygen-silicon bond", ("O",), ("C[Si](C)(O)C(C)(C)C",)),
    _T("nitro reduction", "[#6:1][N+:2](=O)[O-]>>[#6:1][N+0:2]", ("nitro compound",),
       "nitrogen-oxygen bonds", ("[H][H]", "[H][H]", "[H][H]"), ("O", "O")),
    _T("carbonyl reduction", "[#6:4][CX3;$(C([#6])[#6,#1]),$([CH]):1]=[OX1:2]>>[#6:4][C:1][O:2]",
       ("aldehyde or ketone",), "carbon-oxygen double bond", ("[H][H]",)),
    _T("alcohol oxidation", "[CX4;H1,H2;!$(C(O)O):1][OX2H1:2]>>[C:1]=[O:2]", ("alcohol",),
       "carbon-oxygen bond", (), ("[H][H]",)),
    _T("hydrogenation", "[CX3:1]=[CX3:2]>>[C:1][C:2]", ("alkene",), "carbon-carbon double bond",
       ("[H][H]",)),
    _T("ester reduction", "[CX3:1](=[O:2])[OX2][CH3]>>[C:1][O:2]", ("methyl ester",), "ester bond",
       ("[H][H]", "[H][H]"), ("CO",)),
    _T("ester reduction", "[CX3:1](=[O:2])[OX2][CH2][CH3]>>[C:1][O:2]", ("ethyl ester",),
       "ester bond", ("[H][H]", "[H][H]"), ("CCO",)),
    _T("sulfide oxidation", "[#6:1][SX2:2][#6:3]>>[#6:1][S:2](=O)[#6:3]", ("sulfide",),
       "sulfur-oxygen bond", ("OO",), ("O",)),
    _T("sulfone formation", "[#6:1][SX2:2][#6:3]>>[#6:1][S:2](=O)(=O)[#6:3]", ("sulfide",),
       "sulfur-oxygen bonds", ("OO", "OO"), ("O", "O")),
    _T("acid chloride formation", "[CX3:1](=[O:2])[OX2H1]>>[C:1](=[O:2])Cl", ("acid",),
       "carbon-chlorine bond", ("O=S(Cl)Cl",), ("O=S=O", "Cl")),
    _T("nitrile hydration", "[CX2:1]#[NX1:2]>>[C:1](=O)[N:2]", ("nitrile",), "amide group",
       ("O",)),
    _T("N-oxide formation", "[nX2:1]>>[n+:1][O-]", ("pyridine",), "nitrogen-oxygen bond", ("OO",),
       ("O",)),
    _T("chlorination of an alcohol", "[CX4:1][OX2H1]>>[C:1]Cl", ("alcohol",),
       "carbon-chlorine bond", ("O=S(Cl)Cl",), ("O=S=O", "Cl")),
)  # fmt: skip

TRANSFORMATIONS: tuple[Transformation, ...] = (*_TWO, *_with_halogens(), *_ONE)
"""Every transformation, those of two molecules first."""
