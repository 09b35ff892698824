"""What a Word style or a run says about a paragraph: heading level, centring, hidden text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from vectorstore.read.numbering import W, value

__all__ = ["Look", "Styles", "flag"]

_HEADING = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_OFF = {"0", "false", "off", "none"}
# Text of two points and less cannot be read; w:sz counts half-points (ECMA-376, §17.3.2.38).
_TINY_HALF_POINTS = 4


@dataclass(frozen=True, slots=True)
class Look:
    """Resolved properties of a style, a paragraph or a run; None means not said."""

    level: int | None = None
    toc: bool = False
    centered: bool | None = None
    bold: bool | None = None
    vanish: bool | None = None
    white: bool | None = None
    tiny: bool | None = None
    shaded: bool | None = None
    num_id: str | None = None
    num_level: int | None = None

    def over(self, base: Look) -> Look:
        """This look, falling back on `base` wherever it says nothing."""
        return Look(
            level=base.level if self.level is None else self.level,
            toc=self.toc or base.toc,
            centered=base.centered if self.centered is None else self.centered,
            bold=base.bold if self.bold is None else self.bold,
            vanish=base.vanish if self.vanish is None else self.vanish,
            white=base.white if self.white is None else self.white,
            tiny=base.tiny if self.tiny is None else self.tiny,
            shaded=base.shaded if self.shaded is None else self.shaded,
            num_id=base.num_id if self.num_id is None else self.num_id,
            num_level=base.num_level if self.num_level is None else self.num_level,
        )

    @property
    def hidden(self) -> bool:
        """Whether a reader of the page cannot see text of this look."""
        return bool(self.vanish or self.tiny or (self.white and not self.shaded))


class Styles:
    """The style sheet of one document, each style resolved through those it is based on."""

    def __init__(self, root: Any | None) -> None:
        self._elements: dict[str, Any] = {}
        self._looks: dict[str, Look] = {}
        self._default = ""
        for style in root.iter(W + "style") if root is not None else ():
            key = style.get(W + "styleId", "")
            self._elements[key] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true"}:
                self._default = key

    def paragraph(self, properties: Any | None) -> Look:
        """Look of a paragraph from its `w:pPr`, its style included."""
        style = value(properties, "pStyle") or self._default
        return _paragraph_look(properties).over(self._style(style))

    def run(self, properties: Any | None, paragraph: Look) -> Look:
        """Look of a run from its `w:rPr`, its style and its paragraph's included."""
        if properties is None:
            return paragraph
        style = value(properties, "rStyle")
        base = self._style(style).over(paragraph) if style else paragraph
        return _run_look(properties).over(base)

    def cell(self, properties: Any | None) -> Look:
        """Look of a table cell from its `w:tcPr`."""
        return Look(shaded=None if properties is None else _shaded(properties))

    def has_shading(self, key: str) -> bool:
        """Whether a table style colours any of its cells."""
        style = self._elements.get(key)
        return style is not None and any(_shaded(e.getparent()) for e in style.iter(W + "shd"))

    def _style(self, key: str) -> Look:
        if key in self._looks:
            return self._looks[key]
        chain: list[str] = []
        at: str | None = key
        while at and at in self._elements and at not in chain:
            chain.append(at)
            at = value(self._elements[at], "basedOn")
        look = Look()
        for name in reversed(chain):
            look = _style_look(self._elements[name]).over(look)
        self._looks[key] = look
        return look


def flag(properties: Any | None, name: str) -> bool | None:
    """An on/off property such as `w:b`; None where it is absent."""
    text = value(properties, name)
    return None if text is None else text.lower() not in _OFF


def _style_look(style: Any) -> Look:
    name = value(style, "name") or ""
    own = _paragraph_look(style.find(W + "pPr"))
    run = _run_look(style.find(W + "rPr"))
    heading = _HEADING.fullmatch(name.strip())
    level = own.level
    if heading:
        level = int(heading.group(1))
    elif name.strip().lower() in {"title", "标题"}:
        level = 0
    named = Look(level=level, toc=name.lower().startswith(("toc ", "目录")))
    return named.over(run).over(own)


def _paragraph_look(properties: Any | None) -> Look:
    if properties is None:
        return Look()
    outline = value(properties, "outlineLvl")
    level = int(outline) + 1 if outline and outline.isdigit() and int(outline) < 9 else None
    align = value(properties, "jc")
    num_level = value(properties, "numPr", "ilvl")
    return Look(
        level=level,
        centered=None if align is None else align == "center",
        shaded=_shaded(properties),
        num_id=value(properties, "numPr", "numId"),
        num_level=int(num_level) if num_level and num_level.isdigit() else None,
    )


def _run_look(properties: Any | None) -> Look:
    if properties is None:
        return Look()
    color = value(properties, "color")
    size = value(properties, "sz")
    highlight = value(properties, "highlight")
    shaded = _shaded(properties)
    return Look(
        bold=flag(properties, "b"),
        vanish=flag(properties, "vanish"),
        white=None if color is None else _is_white(color),
        tiny=None if not size or not size.isdigit() else int(size) <= _TINY_HALF_POINTS,
        shaded=True if highlight and highlight != "white" else shaded,
    )


def _shaded(properties: Any) -> bool | None:
    shading = properties.find(W + "shd")
    if shading is None:
        return None
    fill = shading.get(W + "fill", "auto")
    solid = shading.get(W + "val") == "solid" and not _is_white(shading.get(W + "color", "auto"))
    return solid or (fill != "auto" and not _is_white(fill))


def _is_white(color: str) -> bool:
    """Whether a colour is too close to white paper to be read: each channel 0xF0 and above."""
    return bool(re.fullmatch("[0-9a-fA-F]{6}", color)) and all(
        int(color[i : i + 2], 16) >= 0xF0 for i in (0, 2, 4)
    )
