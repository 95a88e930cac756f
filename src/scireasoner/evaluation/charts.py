"""Small inline SVG charts. Colours come from the page's CSS classes, so they follow its theme."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Series:
    """A line.

    Parameters
    ----------
    name : shown in the legend.
    points : (x, y) in the order of x; what is not finite is left out.
    style : CSS class that gives the colour (``c1`` ... ``c8``).
    smooth : draw the raw points faintly and a moving average of this many points boldly; 0 draws
        the points as they are.
    """

    name: str
    points: Points
    style: str
    smooth: int = 0


@dataclass(frozen=True)
class Mark:
    """A value with its interval, in a row of an interval chart."""

    value: float
    low: float
    high: float
    style: str
    title: str


@dataclass(frozen=True)
class Line:
    """A row of an interval chart: bands in the background, dots with whiskers before them."""

    label: str
    bands: Sequence[Mark]
    dots: Sequence[Mark]
    heading: str = ""


@dataclass(frozen=True)
class Frame:
    """Where the data lie in the picture: ranges in data units, edges in pixels."""

    x0: float
    x1: float
    y0: float
    y1: float
    left: float
    right: float
    top: float
    bottom: float

    def x(self, value: float) -> float:
        """Return the horizontal place of a value."""
        return self.left + (value - self.x0) / (self.x1 - self.x0) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return the vertical place of a value."""
        return self.bottom - (value - self.y0) / (self.y1 - self.y0) * (self.bottom - self.top)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return about ``count`` round numbers from ``low`` to ``high``."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    raw = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def moving_average(points: Points, window: int) -> list[tuple[float, float]]:
    """Return the centred moving average; the window shrinks at the ends."""
    half = max(0, window // 2)
    averaged = []
    for i, (x, _) in enumerate(points):
        near = [y for _, y in points[max(0, i - half) : i + half + 1]]
        averaged.append((x, sum(near) / len(near)))
    return averaged


def lines(
    series: Sequence[Series],
    *,
    x_label: str,
    y_label: str,
    title: str,
    y_range: tuple[float, float] | None = None,
    width: int = 560,
    height: int = 260,
) -> str:
    """Return a line chart; an empty text if there is nothing to draw."""
    drawn = [Series(s.name, _finite(s.points), s.style, s.smooth) for s in series]
    drawn = [s for s in drawn if s.points]
    if not drawn:
        return ""
    frame = _frame([p for s in drawn for p in s.points], y_range, width, height)
    parts = [_grid(frame, x_label, y_label)]
    for s in drawn:
        if s.smooth > 1:
            parts.append(_path(s.points, frame, f"{s.style} faint"))
            parts.append(_path(moving_average(s.points, s.smooth), frame, s.style))
        else:
            parts.append(_path(s.points, frame, s.style))
    return _svg(width, height, title, parts)


def spark(
    points: Points, style: str, *, title: str, smooth: int = 9, width: int = 200, height: int = 46
) -> str:
    """Return a small line without axes, from 0 to 1."""
    points = _finite(points)
    if not points:
        return ""
    frame = _frame(points, (0.0, 1.0), width, height, bare=True)
    base = f'<path class="axis" d="M{frame.left},{frame.bottom}H{frame.right}"/>'
    raw = _path(points, frame, f"{style} faint")
    return _svg(
        width, height, title, [base, raw, _path(moving_average(points, smooth), frame, style)]
    )


def intervals(rows: Sequence[Line], *, x_label: str, title: str, width: int = 1040) -> str:
    """Return rows of dots with whiskers on a common scale from 0 to 1."""
    if not rows:
        return ""
    step, gap, left = 7.0, 10.0, 178.0
    tall = [gap + step * max(1, len(row.dots)) + (22 if row.heading else 0) for row in rows]
    height = int(sum(tall) + 52)
    frame = Frame(0, 1, 0, 1, left, width - 16, 8, height - 40)
    parts = [_grid(frame, x_label, "", y_ticks=False)]
    top = 8.0
    for row, size in zip(rows, tall, strict=True):
        start = top + (22 if row.heading else 0)
        if row.heading:
            parts.append(_text(6, top + 16, row.heading, "heading"))
        middle = start + (size - (22 if row.heading else 0)) / 2
        parts.append(_text(left - 10, middle + 4, row.label, "label", anchor="end"))
        parts += [
            _band(mark, frame, start + 1, size - (24 if row.heading else 2)) for mark in row.bands
        ]
        for place, mark in enumerate(row.dots):
            parts.append(_dot(mark, frame, start + gap / 2 + step * (place + 0.5)))
        top += size
    return _svg(width, height, title, parts)


def stacked(
    rows: Sequence[tuple[str, Mapping[str, float]]],
    styles: Mapping[str, str],
    *,
    x_label: str,
    title: str,
    width: int = 1040,
) -> str:
    """Return horizontal bars of shares that add up to 1.

    Parameters
    ----------
    rows : label, and part -> share.
    styles : part -> CSS class, in the order of drawing.
    """
    if not rows:
        return ""
    left, tall = 178.0, 24.0
    height = int(tall * len(rows) + 52)
    frame = Frame(0, 1, 0, 1, left, width - 16, 8, height - 40)
    parts = [_grid(frame, x_label, "", y_ticks=False)]
    for i, (label, shares) in enumerate(rows):
        y = 8 + tall * i + 4
        parts.append(_text(left - 10, y + 12, label, "label", anchor="end"))
        start = 0.0
        for name, style in styles.items():
            share = shares.get(name, 0.0)
            if share > 0:
                x, wide = frame.x(start), frame.x(start + share) - frame.x(start)
                tip = f"{label}: {name} {share:.1%}"
                parts.append(
                    f'<rect class="fill {style}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" '
                    f'height="{tall - 8:.0f}"><title>{escape(tip)}</title></rect>'
                )
            start += share
    return _svg(width, height, title, parts)


def _finite(points: Points) -> list[tuple[float, float]]:
    return [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]


def _frame(
    points: Points,
    y_range: tuple[float, float] | None,
    width: int,
    height: int,
    *,
    bare: bool = False,
) -> Frame:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = y_range or (min(ys), max(ys))
    if y_range is None:
        margin = 0.06 * (high - low) or 0.5
        low, high = low - margin, high + margin
    x0, x1 = min(xs), max(xs)
    edges = (2, width - 2, 3, height - 3) if bare else (58, width - 14, 12, height - 42)
    return Frame(x0, x1 if x1 > x0 else x0 + 1, low, high, *edges)


def _grid(frame: Frame, x_label: str, y_label: str, *, y_ticks: bool = True) -> str:
    parts = []
    for value in ticks(frame.x0, frame.x1, 6):
        x = frame.x(value)
        parts.append(f'<path class="grid" d="M{x:.1f},{frame.top:.0f}V{frame.bottom:.0f}"/>')
        parts.append(_text(x, frame.bottom + 17, _number(value), "tick", anchor="middle"))
    for value in ticks(frame.y0, frame.y1, 5) if y_ticks else []:
        y = frame.y(value)
        parts.append(f'<path class="grid" d="M{frame.left:.0f},{y:.1f}H{frame.right:.0f}"/>')
        parts.append(_text(frame.left - 8, y + 4, _number(value), "tick", anchor="end"))
    parts.append(f'<path class="axis" d="M{frame.left:.0f},{frame.bottom:.0f}H{frame.right:.0f}"/>')
    middle = (frame.left + frame.right) / 2
    parts.append(_text(middle, frame.bottom + 35, x_label, "name", anchor="middle"))
    if y_label:
        y = (frame.top + frame.bottom) / 2
        turned = f' transform="rotate(-90 14 {y:.0f})"'
        parts.append(_text(14, y, y_label, "name", anchor="middle", extra=turned))
    return "".join(parts)


def _path(points: Points, frame: Frame, style: str) -> str:
    places = [
        f"{frame.x(x):.1f},{min(max(frame.y(y), frame.top), frame.bottom):.1f}" for x, y in points
    ]
    if len(places) == 1:
        x, y = places[0].split(",")
        return f'<circle class="dot {style}" cx="{x}" cy="{y}" r="3"/>'
    return f'<path class="line {style}" d="M{"L".join(places)}"/>'


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _band(mark: Mark, frame: Frame, top: float, tall: float) -> str:
    low, high, x = (frame.x(_clip(v)) for v in (mark.low, mark.high, mark.value))
    return (
        f'<g class="{mark.style}"><title>{escape(mark.title)}</title>'
        f'<rect class="band" x="{low:.1f}" y="{top:.1f}" width="{max(high - low, 1):.1f}" '
        f'height="{tall:.1f}"/><path class="bandtick" d="M{x:.1f},{top:.1f}v{tall:.1f}"/></g>'
    )


def _dot(mark: Mark, frame: Frame, y: float) -> str:
    low, high, x = (frame.x(_clip(v)) for v in (mark.low, mark.high, mark.value))
    return (
        f'<g class="{mark.style}"><title>{escape(mark.title)}</title>'
        f'<path class="whisker" d="M{low:.1f},{y:.1f}H{high:.1f}"/>'
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.4"/></g>'
    )


def _text(
    x: float, y: float, text: str, style: str, *, anchor: str = "start", extra: str = ""
) -> str:
    return (
        f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>'
        f"{escape(text)}</text>"
    )


def _number(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )
