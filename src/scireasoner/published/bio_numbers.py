"""Biology-Instructions, numeric answers: correlations, the mixed score, several outputs.

All values are percentages, rounded to three decimals.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, after_last, finite, first

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column: TypeAlias = NDArray[np.float64]

_SOURCE = f"{ANCHOR}/bio_instruction/bio_instrcution.py"
SUMMARY = "<summary>"

# The second sign is the non-breaking hyphen U+2011. The minus sign U+2212 is not read.
_NUMBER = re.compile("(?<![a-zA-Z])[-\u2011]?\\d+\\.?\\d*")

_CAP = 100.0  # errors of the mixed score count at most this much
_THRESHOLD = 30.0  # remaining mRNA in percent below which an siRNA counts as efficient
_FAR = 1000.0  # predictions beyond it are invalid in the mixed score
_OUTLIER = 300.0  # predictions beyond it vanish from the rank correlation
_ISOFORM_TOP = 80.0


def numbers(text: str) -> list[float]:
    """Return the numbers of the text, to six significant digits.

    A number may begin inside a word (``mRNA12`` gives 2), and an exponent is a second number.
    """
    text = text.replace("5'", "five'").replace("3'", "three")
    found = _NUMBER.findall(text)
    return [float(f"{float(number.replace(chr(0x2011), '-')):.6g}") for number in found]


def percent(value: float | None) -> float | None:
    """Return the value times 100, to three decimals as NumPy rounds; None if not finite."""
    import numpy as np

    value = finite(value)
    return None if value is None else float(np.round(value * 100, 3))


def pearson(x: Column, y: Column) -> float | None:
    """Return Pearson's correlation: NaN for a constant column, None for fewer than two points."""
    import numpy as np

    if len(x) < 2:
        return None
    if (x == x[0]).all() or (y == y[0]).all():
        return math.nan
    unit = []
    for column in (x, y):
        centred = column - column.mean()
        centred /= np.abs(centred).max()  # its squares cannot overflow
        unit.append(centred / np.linalg.norm(centred))
    return float(np.clip(unit[0] @ unit[1], -1.0, 1.0))


def _ranks(values: Column) -> Column:
    import numpy as np

    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Column = np.cumsum(counts) - (counts - 1) / 2.0
    return ranks[inverse]


def _columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """Return the columns of all rows; items without a label (empty rows) do not count."""
    import numpy as np

    kept = [row for row in rows if row]
    return tuple(np.array(column, dtype=np.float64) for column in zip(*kept, strict=True))


def _row(item: Item, top: float = math.inf) -> Row:
    """Return (label, answer); infinity unless the answer holds exactly one number."""
    if item.label is None:
        return ()
    text = after_last(first(item), SUMMARY)
    unclosed = THINK_OPEN in text and THINK_CLOSE not in text
    found = [] if unclosed else numbers(after_last(text, THINK_CLOSE))
    valid = len(found) == 1 and found[0] <= top
    return (float(item.label), found[0] if valid else math.inf)


def _isoform_row(item: Item) -> Row:
    return _row(item, top=_ISOFORM_TOP)


def _discounted(value: float, valid: int, invalid: int, total: int) -> float:
    """Return the value times the valid share, if anything is invalid at all."""
    return value * valid / total if invalid else value


def _spearman(rows: Sequence[Row]) -> Mapping[str, float | None]:
    import numpy as np

    columns = _columns(rows)
    if not columns:
        return {"spearman": None}
    label, answer = columns
    valid = np.isfinite(label) & np.isfinite(answer)
    kept = valid & (answer <= _OUTLIER)
    rho = 0.0
    if kept.any():
        value = pearson(_ranks(label[kept]), _ranks(answer[kept]))
        rho = math.nan if value is None else value
    invalid = int(np.isinf(answer).sum())
    return {"spearman": percent(_discounted(rho, int(valid.sum()), invalid, len(label)))}


def _r2(rows: Sequence[Row]) -> Mapping[str, float | None]:
    import numpy as np

    columns = _columns(rows)
    if not columns:
        return {"R2": None}
    label, answer = columns
    valid = np.isfinite(label) & np.isfinite(answer)
    value = pearson(label[valid], answer[valid])
    if value is None:  # the released code reads a variable that was never set
        return {"R2": None}
    invalid = int(np.isinf(answer).sum())
    return {"R2": percent(_discounted(value**2, int(valid.sum()), invalid, len(label)))}


def _mixed(rows: Sequence[Row]) -> Mapping[str, float | None]:
    import numpy as np

    columns = _columns(rows)
    if not columns:
        return {"mixed_score": None}
    label, answer = columns
    far = np.abs(answer) > _FAR
    valid = ~far & np.isfinite(answer) & np.isfinite(label)
    y, p = label[valid], answer[valid]
    hits = int(((y < _THRESHOLD) & (p < _THRESHOLD)).sum())
    precision = hits / max(int((p < _THRESHOLD).sum()), 1)
    recall = hits / max(int((y < _THRESHOLD).sum()), 1)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    error = np.abs(y - p)
    near = error[(p >= 0) & (p <= _THRESHOLD)]
    mae, range_mae = (min(float(e.mean()), _CAP) if len(e) else _CAP for e in (error, near))
    score = (1 - mae / 100) * 0.5 + (1 - range_mae / 100) * f1 * 0.5
    return {"mixed_score": percent(_discounted(score, len(y), int(far.sum()), len(label)))}


def _outputs_row(item: Item, keys: tuple[str, ...]) -> Row:
    """Return the labels and the answers; infinities unless there is one number for each label."""
    if item.label is None:
        return ()
    label = json.loads(item.label)
    found = numbers(after_last(first(item), THINK_CLOSE))
    if len(found) != len(keys):
        found = [math.inf] * len(keys)
    return (*(float(label[key]) for key in keys), *found)


def _correlations(rows: Sequence[Row], outputs: int) -> list[tuple[float | None, int, int]]:
    """Return (correlation, valid items, all items) for each output."""
    import numpy as np

    columns = _columns(rows)
    result = []
    for label, answer in zip(columns[:outputs], columns[outputs:], strict=True):
        valid = np.isfinite(label) & np.isfinite(answer)
        result.append((pearson(answer[valid], label[valid]), int(valid.sum()), len(label)))
    return result


_ENHANCER_KEYS = ("hk", "dev")
_SWITCH_KEYS = ("ON", "OFF", "ON_OFF")


def _enhancer_row(item: Item) -> Row:
    return _outputs_row(item, _ENHANCER_KEYS)


def _switch_row(item: Item) -> Row:
    return _outputs_row(item, _SWITCH_KEYS)


def _enhancer(rows: Sequence[Row]) -> Mapping[str, float | None]:
    each = _correlations(rows, len(_ENHANCER_KEYS))
    if not each or not all(valid for _, valid, _ in each):
        return dict.fromkeys(("PCC", "hk_PCC", "dev_PCC"))
    # The correlation of a single item is infinite there.
    hk, dev = (math.inf if r is None else r * valid / total for r, valid, total in each)
    return {"PCC": percent((hk + dev) / 2), "hk_PCC": percent(hk), "dev_PCC": percent(dev)}


def _switches(rows: Sequence[Row]) -> Mapping[str, float | None]:
    each = _correlations(rows, len(_SWITCH_KEYS))
    if not each:
        return {"R2": None}
    shares = [0.0 if r is None else r**2 * valid / total for r, valid, total in each]
    return {"R2": percent(sum(shares) / len(shares))}


def _evaluator(
    name: str,
    headline: str,
    lines: str,
    row: Callable[[Item], Row],
    finish: Callable[[Sequence[Row]], Mapping[str, float | None]],
) -> Evaluator:
    return Evaluator(f"bio {name}", headline, row, finish, f"{_SOURCE}:{lines}")


SPEARMAN = _evaluator("spearman", "spearman", "204-315", _row, _spearman)
"""Rank correlation times the share of valid answers; answers above 300 leave it for free."""

R2 = _evaluator("r2", "R2", "204-256, 318-376", _row, _r2)
"""Squared Pearson correlation, not the coefficient of determination, times the valid share."""

ISOFORM = _evaluator("isoform r2", "R2", "204-256, 318-376", _isoform_row, _r2)
"""As :data:`R2`, where a number above 80 is no answer."""

MIXED = _evaluator("mixed score", "mixed_score", "204-256, 379-457", _row, _mixed)
"""Half 1 - MAE/100, half F1 below 30 times 1 - MAE/100 of the answers in [0, 30]."""

SWITCHES = _evaluator("switches r2", "R2", "461-585", _switch_row, _switches)
"""Mean of three squared correlations; the label is JSON with ``ON``, ``OFF`` and ``ON_OFF``."""

ENHANCER = _evaluator("enhancer pcc", "PCC", "589-700", _enhancer_row, _enhancer)
"""Two correlations, and their mean, which only upstream gives; the label is JSON (hk, dev)."""
