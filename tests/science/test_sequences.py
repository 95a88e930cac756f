from __future__ import annotations

import pytest

from scireasoner.science.sequences import complexity


@pytest.mark.parametrize(
    ("sequence", "k", "alphabet", "share"),
    [
        ("ACGT", 1, 4, 1.0),
        ("AAAA", 1, 4, 0.0),
        ("AACC", 1, 4, 0.5),  # 1 bit of 2
        ("ACACACACA", 2, 4, 1 / 3),  # 1 bit of the 3 that 8 dinucleotides allow
        ("A", 1, 4, 0.0),
        ("", 3, 4, 0.0),
    ],
)
def test_complexity_is_the_entropy_of_k_mers(
    sequence: str, k: int, alphabet: int, share: float
) -> None:
    assert complexity(sequence, k, alphabet) == pytest.approx(share)
