"""SDF: structures with data fields, as PubChem, ChEMBL, ChEBI and ZINC give them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scireasoner.corpus.readers.base import SKIPPED, Item, Origin, Source, opened, text_of
from scireasoner.corpus.readers.blocks import line_blocks
from scireasoner.corpus.readers.roles import Columns, RowOptions

STRUCTURE = "structure"
"""The field under which the SMILES of the structure itself stands."""


def read_sdf(
    source: Source,
    origin: Origin,
    *,
    columns: Columns | None = None,
    id: str | None = None,
    keep: Sequence[str] = (),
    topic: str = "",
    randoms: int = 1,
    inchi: bool = False,
    seed: int = 0,
) -> Iterator[Item]:
    """Read SDF; the molecule is that of the structure, not of a SMILES in a data field.

    Parameters
    ----------
    columns : role -> data field (``iupac``, ``label``, ``text`` ...); found by their usual names.
    id : data field of the id; the usual ones, then the title line, then the record's number.
    keep : further data fields that go into ``meta``.
    topic : what a label says.
    randoms, inchi : random SMILES beside the canonical one, and whether to add the InChI.
    seed : fixes wordings and random SMILES.
    """
    named = {"smiles": STRUCTURE, **columns} if columns else None
    wanted = RowOptions(
        columns=named, id=id, keep=keep, topic=topic, randoms=randoms, inchi=inchi, seed=seed
    ).plan()
    with opened(source, origin) as file:
        for number, (place, body, whole) in enumerate(line_blocks(file, b"$$$$"), start=1):
            if not file.turn.mine:
                yield SKIPPED
                continue
            if not whole:
                yield file.broken("the record is cut off or too long", body, place)
                continue
            if text_of(body) is None:
                yield file.broken("the record is not UTF-8", body, place)
                continue
            row = _record(body)
            if row is None:
                yield file.broken("RDKit does not read the structure", body, place)
            else:
                yield wanted.document(file, origin, row, number, place)
        yield from file.ending()


def _record(body: bytes) -> Mapping[str, Any] | None:
    """Return the data fields and the structure of one record."""
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    supplier = Chem.ForwardSDMolSupplier(io.BytesIO(body + b"$$$$\n"))
    mol = next(iter(supplier), None)
    if mol is None or mol.GetNumAtoms() == 0:
        return None
    title = mol.GetProp("_Name").strip() if mol.HasProp("_Name") else ""
    # The structure's own name comes first, so that it wins over a SMILES in a data field.
    row: dict[str, Any] = {"SMILES": Chem.MolToSmiles(mol)}
    row[STRUCTURE] = row["SMILES"]
    for name in mol.GetPropNames():
        if name.casefold() not in ("smiles", STRUCTURE):
            row[name] = mol.GetProp(name)
    if title:
        row.setdefault("id", title)
    return row
