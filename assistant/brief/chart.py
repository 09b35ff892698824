"""A bar chart of one indicator as a PNG picture, labelled in a font that ships in a package."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont  # noqa: TID251 - this is the module that draws

__all__ = ["Bar", "bar_chart"]

_WIDTH = 1500  # pixels; 156 mm of type area at 244 dpi
_DPI = 244
_ROW = 58
_BAR = 36
_FONT = 30  # pixels; about 9 pt in print
_MARGIN = 24
_LABELS = 0.34  # of the width at most
_BLUE, _INK, _GRID = "#2f5d8a", "#222222", "#d0d4d8"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length in any unit, and the figure printed at its end."""

    label: str
    value: float
    shown: str


def bar_chart(bars: Sequence[Bar]) -> bytes:
    """Horizontal bars in the order given; the same bars give the same bytes.

    ValueError without bars or with a negative value.
    """
    if not bars or min(bar.value for bar in bars) < 0:
        raise ValueError("a bar chart needs bars of zero or more")
    from PIL import Image, ImageDraw  # noqa: TID251 - see above

    font = _font()
    labels = [_fitted(bar.label, font, int(_WIDTH * _LABELS)) for bar in bars]
    left = _MARGIN + max(round(font.getlength(label)) for label in labels) + 16
    room = _WIDTH - left - _MARGIN - max(round(font.getlength(bar.shown)) for bar in bars) - 12
    most = max(bar.value for bar in bars) or 1.0
    image = Image.new("RGB", (_WIDTH, 2 * _MARGIN + _ROW * len(bars)), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(left, _MARGIN), (left, image.height - _MARGIN)], fill=_GRID, width=2)
    for n, (bar, label) in enumerate(zip(bars, labels, strict=True)):
        middle = _MARGIN + _ROW * n + _ROW // 2
        end = left + max(round(room * bar.value / most), 2)
        draw.text((left - 16, middle), label, fill=_INK, font=font, anchor="rm")
        draw.rectangle((left, middle - _BAR // 2, end, middle + _BAR // 2), fill=_BLUE)
        draw.text((end + 12, middle), bar.shown, fill=_INK, font=font, anchor="lm")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", dpi=(_DPI, _DPI), optimize=True)
    return buffer.getvalue()


@cache
def _font() -> FreeTypeFont:
    from PIL import ImageFont  # noqa: TID251 - see above
    from pylopdf_fonts_zh_cn import sans_path  # noqa: TID251 - Noto Sans SC, SIL OFL 1.1

    return ImageFont.truetype(str(sans_path()), _FONT)


def _fitted(text: str, font: FreeTypeFont, room: int) -> str:
    """A label that fits, its end replaced by … where it does not."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text + "…"
