"""LLM4Mat: one property of a crystal as ``{name : value}``, by MAD/MAE or by the AUC of labels."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

from scireasoner.prompts.reply import THINK_CLOSE, THINK_OPEN
from scireasoner.published.base import Evaluator, Item, Row
from scireasoner.published.cleaning import ANCHOR, UPSTREAM, finite, first, without_thoughts

LABELS: Mapping[str, tuple[str, str]] = {
    "Direct_or_indirect": ("Indirect", "Direct"),
    "Direct_or_indirect_HSE": ("Indirect", "Direct"),
    "SOC": ("True", "False"),
    "is_gap_direct": ("True", "False"),
    "is_stable": ("True", "False"),
}
"""The properties that are classified, with their labels."""

_WORDS = {"True": frozenset({"true", "yes"}), "False": frozenset({"false", "no"})}
_CLASSES: Mapping[float | str | None, int] = {
    "Direct": 1, "True": 1, 1.0: 1, "Indirect": 0, "False": 0, 0.0: 0,
}  # fmt: skip

# The space before a closing fence is sought from its beginning only: else long runs are slow.
_FENCE = re.compile(r"^```(?:json)?\s*|(?:(?<!\s)\s+)?```$", re.IGNORECASE | re.MULTILINE)
_RUN = re.compile(r"\{[^{}]*")


@lru_cache(maxsize=128)
def _key(name: str, upstream: bool) -> re.Pattern[str]:
    quote = "[\"']?" if upstream else '"?'
    return re.compile(rf"{re.escape(name)}{quote}\s*:", re.IGNORECASE)


def _braced(text: str, name: str, upstream: bool) -> str | None:
    """Return what follows the last key of the first brace that has one, up to the next ``}``.

    The key may be the end of a longer one, and need not stand in quotes.
    """
    last = text.rfind("}")
    for run in _RUN.finditer(text):
        if run.end() > last:
            return None
        keys = list(_key(name, upstream).finditer(text, run.start() + 1, run.end()))
        if not keys:
            continue
        value = text[keys[-1].end() : text.index("}", keys[-1].end())].strip()
        if upstream:
            value = value[value[:1] in ("'", '"') :]
            value = value[:-1] if value[-1:] in ("'", '"') else value
        return value.strip().strip('"')
    return None


def _label(value: str, name: str, upstream: bool) -> str:
    """Return the label that the value spells, empty if none."""
    text = value.lower()
    for label in LABELS[name]:
        words = _WORDS.get(label) if upstream else None
        if text == label.lower() or (words is not None and text in words):
            return label
    return ""


def _from_json(text: str, name: str, upstream: bool) -> float | str | None:
    """Return the value in a JSON object, None where there is no such object, key or number."""
    try:
        value = json.loads(text)[name]
        if isinstance(value, (int, float)):
            return float(value)
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
        return None
    return _label(str(value), name, upstream) if name in LABELS else str(value)


def read(text: str, name: str, upstream: bool = False) -> float | str:
    """Return the value of a property: a number, a label, empty if there is none."""
    text = text.strip()
    if THINK_OPEN in text:
        text = without_thoughts(text) if THINK_CLOSE in text else ""
    text = _FENCE.sub("", text.strip())
    found = _from_json(text, name, upstream)
    if found is not None:
        return found
    value = _braced(text, name, upstream)
    if value is None:
        return ""
    if name in LABELS:
        return _label(value, name, upstream)
    try:
        return float(value)
    except ValueError:
        return ""


def _row(item: Item, name: str, upstream: bool) -> Row:
    return (read(item.gold, name, upstream), read(first(item), name, upstream))


def _number(value: float | str | None) -> float:
    """Return the value as a float, NaN if it is none."""
    try:
        return math.nan if value is None else float(value)
    except ValueError:
        return math.nan


def _regression(rows: Sequence[Row], upstream: bool) -> dict[str, float | None]:
    pairs = [(_number(gold), _number(said)) for gold, said in rows]
    pairs = [pair for pair in pairs if all(map(math.isfinite, pair))]
    sizes = {"total": float(len(rows)), "filtered": float(len(pairs))}
    if not pairs:
        return {**(sizes if upstream else {}), **dict.fromkeys(("MAE", "RMSE", "MAD", "MAD/MAE"))}
    centre = math.fsum(gold / len(pairs) for gold, _ in pairs)
    mae = sum(abs(gold - said) for gold, said in pairs) / len(pairs)
    mad = sum(abs(gold - centre) for gold, _ in pairs) / len(pairs)
    square = sum((gold - said) * (gold - said) for gold, said in pairs) / len(pairs)
    return {
        **sizes,
        "MAE": finite(mae),
        "RMSE": finite(math.sqrt(square)),
        "MAD": finite(mad),
        "MAD/MAE": finite(mad / mae) if mae else None,
    }


def _area(rows: Sequence[Row]) -> float | None:
    """Return the balanced accuracy of the pairs of labels; None without both classes."""
    pairs = [(_CLASSES.get(gold), _CLASSES.get(said)) for gold, said in rows]
    shares = []
    for label in (0, 1):
        said = [answer for gold, answer in pairs if gold == label and answer is not None]
        if not said:
            return None
        shares.append(sum(answer == label for answer in said) / len(said))
    return sum(shares) / 2


def _finish(rows: Sequence[Row], upstream: bool) -> Mapping[str, float | None]:
    # The first gold decides which numbers there are.
    if rows and isinstance(rows[0][0], (int, float)):
        return _regression(rows, upstream)
    return {"AUC": _area(rows)}


def llm4mat(name: str, upstream: bool = False) -> Evaluator:
    """Return the evaluator of a property.

    Parameters
    ----------
    name : the key of the property in questions and answers, e.g. ``"formation_energy_per_atom"``.
    upstream : read as the later merge does, which takes single quotes, yes and no as well.
    """
    return Evaluator(
        f"llm4mat {name}" + (" upstream" if upstream else ""),
        "AUC" if name in LABELS else "MAD/MAE",
        partial(_row, name=name, upstream=upstream),
        partial(_finish, upstream=upstream),
        f"{UPSTREAM}/datasets/SciReasoner/LLM4Mat.py" if upstream else f"{ANCHOR}/LLM4Mat.py",
    )
