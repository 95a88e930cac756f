"""Physical constraints as named checks: one registry for rewards, facts and the command line.

``CHECKS["valence"].run("C(C)(C)(C)(C)C", Request())`` says ``carbon atom 1 has five bonds``. Texts
come without tags. A text that cannot be read fails; what the request or this machine lacks makes a
check not applicable, which never speaks for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scireasoner.science.checks import (
    folding,
    materials,
    molecules,
    quantities,
    reactions,
    sequences,
    text,
)
from scireasoner.science.checks.base import NOTHING, Check, Request

__all__ = ["CHECKS", "NOTHING", "Check", "Request"]

CHECKS: Mapping[str, Check] = MappingProxyType({
    check.name: check
    for room in (molecules, reactions, sequences, folding, materials, quantities, text)
    for check in room.CHECKS
})  # fmt: skip
"""Every check by its name."""
