"""Equal answers of one group share one reward where a question has no gold."""

from __future__ import annotations

from collections.abc import Hashable

import pytest

from scireasoner.rewards.sharing import shares

# answers of a group (None: a fault), how many share each, which counts as the first of its kind
GROUPS: list[tuple[list[Hashable | None], list[int], list[bool]]] = [
    ([], [], []),
    (["CCO"], [1], [True]),
    (["CCO", "CCN"], [1, 1], [True, True]),
    (["CCO", "CCN", "CCO", "CCO"], [3, 1, 3, 3], [True, True, False, False]),
    ([None, None], [1, 1], [True, True]),  # faults earn nothing that could be shared
    ([None, "CCO", None, "CCO"], [1, 2, 1, 2], [True, True, True, False]),
    ([("Na", "Cl"), ("Na", "Cl")], [2, 2], [True, False]),
]


@pytest.mark.parametrize(("answers", "share", "first"), GROUPS)
def test_equal_answers_share(
    answers: list[Hashable | None], share: list[int], first: list[bool]
) -> None:
    assert shares(answers) == list(zip(share, first, strict=True))
