"""Paragraphs and runs: every paragraph carries its layout, every run its fonts.

Nothing is left to styles alone, so that text pasted into another document, WPS, or a Word with
other defaults looks the same. Nor is the grid left to the program (design/gongwen.md): lines have
an exact height, characters an exact spacing, and snapping is off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.gongwen.profile import TextStyle
from assistant.gongwen.xml import Element, el

__all__ = ["Face", "Layout", "fonts", "paragraph", "run", "run_properties"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Paragraph format; lengths in twips, `*_chars` in hundredths of a character beside them.

    `line` is an exact line height (0: as the text needs it). Exact heights keep 22 lines on a page
    whatever font stands in for a missing one.
    """

    style: str
    align: str = "both"
    line: int = 0
    first_line: int = 0
    first_line_chars: int = 0
    left: int = 0
    left_chars: int = 0
    right: int = 0
    right_chars: int = 0
    hanging: int = 0
    hanging_chars: int = 0
    before: int = 0
    after: int = 0
    keep_next: bool = False
    keep_lines: bool = False
    page_break: bool = False
    outline: int | None = None

    def but(self, **changes: int | str | bool | None) -> Layout:
        """The same layout with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def properties(self, mark: Element | None = None) -> Element:
        """`w:pPr`, children in schema order; `mark` formats the paragraph mark."""
        spacing: dict[str, str | int] = {"w:before": self.before, "w:after": self.after}
        if self.line:
            spacing |= {"w:line": self.line, "w:lineRule": "exact"}
        else:
            spacing |= {"w:line": 240, "w:lineRule": "auto"}
        outline = None if self.outline is None else el("w:outlineLvl", {"w:val": self.outline})
        return el(
            "w:pPr",
            None,
            el("w:pStyle", {"w:val": self.style}) if self.style else None,
            el("w:keepNext") if self.keep_next else None,
            el("w:keepLines") if self.keep_lines else None,
            el("w:pageBreakBefore") if self.page_break else None,
            el("w:widowControl"),
            # Word's extra space between Chinese and digits would break the 28 characters a line.
            el("w:autoSpaceDE", {"w:val": 0}),
            el("w:autoSpaceDN", {"w:val": 0}),
            el("w:snapToGrid", {"w:val": 0}),
            el("w:spacing", spacing),
            el("w:ind", self._indents()),
            el("w:jc", {"w:val": self.align}),
            outline,
            mark,
        )

    def _indents(self) -> dict[str, str | int]:
        pairs = {
            "left": (self.left, self.left_chars),
            "right": (self.right, self.right_chars),
            "hanging": (self.hanging, self.hanging_chars),
        }
        if not self.hanging:
            pairs["firstLine"] = (self.first_line, self.first_line_chars)
            del pairs["hanging"]
        indents: dict[str, str | int] = {}
        for name, (length, chars) in pairs.items():
            indents[f"w:{name}Chars"] = chars
            indents[f"w:{name}"] = length
        return indents


@dataclass(frozen=True, slots=True)
class Face:
    """How text looks: fonts, size in points, and extra space between characters in twips."""

    font: str
    western: str
    size_pt: float
    bold: bool = False
    spacing: int = 0

    @classmethod
    def of(cls, style: TextStyle, spacing: int = 0) -> Face:
        """The face of a profile's text style."""
        return cls(style.font, style.western, style.size_pt, style.bold, spacing)

    def sized(self, size_pt: float) -> Face:
        """The same face at another size."""
        return replace(self, size_pt=size_pt)


def fonts(style: Face) -> Element:
    """`w:rFonts`; the hint makes “ ” — … Chinese marks in Chinese text."""
    return el(
        "w:rFonts",
        {
            "w:ascii": style.western,
            "w:hAnsi": style.western,
            "w:eastAsia": style.font,
            "w:cs": style.western,
            "w:hint": "eastAsia",
        },
    )


def run_properties(style: Face, *, highlight: str = "", run_style: str = "") -> Element:
    """`w:rPr`, children in schema order; size in half points."""
    half_points = round(style.size_pt * 2)
    return el(
        "w:rPr",
        None,
        el("w:rStyle", {"w:val": run_style}) if run_style else None,
        fonts(style),
        el("w:b", {"w:val": int(style.bold)}),
        el("w:snapToGrid", {"w:val": 0}),
        el("w:spacing", {"w:val": style.spacing}),
        el("w:sz", {"w:val": half_points}),
        el("w:szCs", {"w:val": half_points}),
        el("w:highlight", {"w:val": highlight}) if highlight else None,
        el("w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN"}),
    )


def run(text: str, style: Face, *, highlight: str = "") -> Element:
    """A run of plain text."""
    words = el("w:t", {"xml:space": "preserve"})
    words.text = text
    return el("w:r", None, run_properties(style, highlight=highlight), words)


def paragraph(layout: Layout, style: Face, *runs: Element) -> Element:
    """A paragraph; without runs it is a blank line of that style."""
    return el("w:p", None, layout.properties(run_properties(style)), *runs)
