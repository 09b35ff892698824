"""Plots as inline SVG: nothing fetched, colours from the page's own variables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from evals.results import Curve, Row

__all__ = ["curve", "intervals"]

_NAME, _AXIS, _VALUE = 260, 320, 70  # widths of the three columns of an interval plot
_LINE, _TOP = 22, 26
_WIDE, _HIGH, _EDGE = 480, 260, 44


def intervals(title: str, named: Sequence[tuple[str, Row]]) -> str:
    """A dot with its 95 % interval for each row with a value, and a tick at its target."""
    kept = [(name, row) for name, row in named if row.rate.value is not None]
    if not kept:
        return ""
    high, wide = _TOP + _LINE * len(kept) + 8, _NAME + _AXIS + _VALUE
    grid = "".join(_grid(step / 4, high) for step in range(5))
    lines = "".join(_interval(name, row, n) for n, (name, row) in enumerate(kept))
    return _svg(title, wide, high, grid + lines)


def curve(drawn: Curve) -> str:
    """The curve; the vertical axis ends at the next tenth above the highest point."""
    top = min(1.0, int(max((y for _, y in drawn.points), default=0.0) * 10 + 1) / 10)
    across, up = _WIDE - 2 * _EDGE, _HIGH - 2 * _EDGE
    foot, side = _HIGH - _EDGE, _WIDE - _EDGE
    points = " ".join(
        f"{_EDGE + x * across:.1f},{foot - y / top * up:.1f}" for x, y in drawn.points
    )
    steps = [0, 0.25, 0.5, 0.75, 1.0]
    texts = [
        *((_EDGE + x * across, foot + 18, "middle", f"{x:.0%}") for x in steps),
        *((_EDGE - 6, foot - y * up + 4, "end", f"{y * top:.0%}") for y in (0, 0.5, 1)),
        (_EDGE, _EDGE - 12, "start", drawn.y),
        (side, foot + 36, "end", drawn.x),
    ]
    labels = "".join(_text(x, y, anchor, text) for x, y, anchor, text in texts)
    grid = "".join(
        f'<line class="grid" x1="{_EDGE}" x2="{side}" y1="{foot - y * up}" y2="{foot - y * up}"/>'
        for y in (0, 0.5, 1)
    )
    body = f'{grid}<polyline class="curve" points="{points}"/>{labels}'
    return _svg(drawn.title, _WIDE, _HIGH, body)


def _interval(name: str, row: Row, n: int) -> str:
    y = _TOP + _LINE * n + _LINE / 2
    value = row.rate.value or 0.0
    low, high = row.rate.interval.low, row.rate.interval.high
    kind = {"✗": "missed", "✓": "reached"}.get(row.mark, "free")
    target = ""
    if row.target is not None:
        at = _at(row.target)
        target = f'<line class="target" x1="{at}" x2="{at}" y1="{y - 8}" y2="{y + 8}"/>'
    return (
        f"{_text(_NAME - 10, y + 4, 'end', name)}{target}"
        f'<line class="whisker {kind}" x1="{_at(low)}" x2="{_at(high)}" y1="{y}" y2="{y}"/>'
        f'<circle class="dot {kind}" cx="{_at(value)}" cy="{y}" r="4"/>'
        f"{_text(_NAME + _AXIS + 12, y + 4, 'start', f'{value:.1%}')}"
    )


def _grid(share: float, high: float) -> str:
    x = _at(share)
    line = f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP - 4}" y2="{high - 4}"/>'
    return line + _text(x, _TOP - 10, "middle", f"{share:.0%}")


def _at(share: float) -> float:
    return round(_NAME + share * _AXIS, 1)


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, wide: float, high: float, body: str) -> str:
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(title)}">{body}</svg>'
        "</figure>"
    )
