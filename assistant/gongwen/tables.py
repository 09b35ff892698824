"""Tables: caption and unit above, full borders, a header row that repeats, figures to the right."""

from __future__ import annotations

import re

from assistant.gongwen.model import PLACEHOLDER, Align, Span, TableBlock, Text, spans_of
from assistant.gongwen.page import Page
from assistant.gongwen.paragraphs import Face, Layout, paragraph
from assistant.gongwen.profile import Profile
from assistant.gongwen.runs import Runs
from assistant.gongwen.title import width
from assistant.gongwen.xml import Element, el, folded

__all__ = ["aligned", "is_wide", "note_lines", "table_elements"]

_FIGURE = re.compile(
    r"[近约超逾]?\s?[+\-−]?\d[\d,]*(?:\.\d+)?[十百千万亿]*[余多]?(?:%|％|‰|[^\d\s年月日、，；。]{0,4})"
)
_NO_FIGURE = re.compile(r"(?:|—+|－|-|/|未提及|未报送|【待(?:填|核实)[^】]*】)")
_ORDINALS = frozenset({"序号", "编号", "年度", "年份"})  # digits that count nothing
_CELL_MARGIN = 85  # twips; 1.5 mm
_CELL_PADDING = 24  # twips above and below a cell's lines
_GAP = 0.5  # of a line, under a table
_WIDEST = 14.0  # characters a text column asks for before it wraps
_SHORT = 6.0  # characters up to which a text column is centred
_OUTER, _INNER = 8, 4  # eighths of a point


def is_wide(table: TableBlock, profile: Profile) -> bool:
    """Whether the table needs a landscape page."""
    return len(table.columns) > profile.table.max_portrait_columns


def aligned(table: TableBlock) -> tuple[Align, ...]:
    """The alignment of each column: as given, else figures right, short words centred."""
    if table.align:
        return table.align
    return tuple(
        "center" if name in _ORDINALS else _alignment(column)
        for name, column in zip(table.columns, _texts(table), strict=True)
    )


def table_elements(table: TableBlock, profile: Profile, page: Page, runs: Runs) -> list[Element]:
    """Caption, unit, table and notes; the last element is always a paragraph."""
    return _Table(table, profile, page, runs).elements()


def note_lines(table: TableBlock) -> list[str]:
    """The notes as printed: “注：” before the first, numbers where there are several."""
    bare = [note.removeprefix("注：") for note in table.notes]
    if len(bare) > 1:
        bare = [f"{i}.{note}" for i, note in enumerate(bare, start=1)]
    return [("\u3000\u3000" if i else "注：") + note for i, note in enumerate(bare)]


class _Table:
    """One table being written."""

    def __init__(self, table: TableBlock, profile: Profile, page: Page, runs: Runs) -> None:
        self.table, self.profile, self.page, self.runs = table, profile, page, runs
        self.align = aligned(table)
        self.widths, self.size = self._fit()
        self.whole = len(table.rows) <= profile.table.keep_whole_rows

    def elements(self) -> list[Element]:
        styles, table = self.profile.styles, self.table
        found: list[Element] = []
        if table.caption:
            found.append(
                self._line("Caption", table.caption, Face.of(styles.table_caption), "center")
            )
        if table.unit:
            unit = "单位：" + re.sub("^单位[:：]", "", table.unit)
            found.append(self._line("TableUnit", unit, Face.of(styles.table_unit), "right"))
        found.append(self._grid())
        for i, words in enumerate(note_lines(table)):
            last = i == len(table.notes) - 1
            found.append(
                self._line("TableNote", words, Face.of(styles.table_note), "both", last=last)
            )
        if not table.notes:
            gap = round(self.page.line_pitch * _GAP)
            layout = Layout("TableNote", align="left", line=gap)
            found.append(paragraph(layout, Face.of(styles.table_note)))
        return found

    def _line(
        self, name: str, text: str, style: Face, align: str, *, last: bool = False
    ) -> Element:
        note = name == "TableNote"
        layout = Layout(
            name,
            align=align,
            line=0 if note else self.page.line_pitch,
            after=round(self.page.line_pitch * _GAP) if last else 0,
            keep_next=not note,
            keep_lines=True,
        )
        return paragraph(layout, style, *self.runs.of((Text(text),), style))

    def _grid(self) -> Element:
        edges = {
            side: {"w:val": "single", "w:sz": size, "w:space": 0, "w:color": "000000"}
            for side, size in (
                ("top", _OUTER),
                ("left", _OUTER),
                ("bottom", _OUTER),
                ("right", _OUTER),
                ("insideH", _INNER),
                ("insideV", _INNER),
            )
        }
        margins = [
            el(f"w:{side}", {"w:w": margin, "w:type": "dxa"})
            for side, margin in (
                ("top", _CELL_PADDING),
                ("left", _CELL_MARGIN),
                ("bottom", _CELL_PADDING),
                ("right", _CELL_MARGIN),
            )
        ]
        properties = el(
            "w:tblPr",
            None,
            el("w:tblW", {"w:w": sum(self.widths), "w:type": "dxa"}),
            el("w:jc", {"w:val": "center"}),
            el("w:tblBorders", None, *(el(f"w:{side}", at) for side, at in edges.items())),
            el("w:tblLayout", {"w:type": "fixed"}),
            el("w:tblCellMar", None, *margins),
        )
        grid = el("w:tblGrid", None, *(el("w:gridCol", {"w:w": w}) for w in self.widths))
        return el("w:tbl", None, properties, grid, *self._rows())

    def _rows(self) -> list[Element]:
        style = Face.of(self.profile.styles.table_head).sized(self.size)
        head = [
            self._cell(i, (Text(name),), style, "center", keep=True)
            for i, name in enumerate(self.table.columns)
        ]
        rows = [_row(head, header=True)]
        style = Face.of(self.profile.styles.table_body).sized(self.size)
        last = len(self.table.rows) - 1
        for n, cells in enumerate(self.table.rows):
            # Where a table may be split, two rows at least stay together at either end.
            keep = bool(self.table.notes) if n == last else self.whole or n in (0, last - 1)
            made = [
                self._cell(i, spans_of(cell), style, self.align[i], keep=keep)
                for i, cell in enumerate(cells)
            ]
            rows.append(_row(made))
        return rows

    def _cell(
        self, column: int, spans: tuple[Span, ...], style: Face, align: str, *, keep: bool
    ) -> Element:
        layout = Layout("TableText", align=align, keep_next=keep)
        properties = el(
            "w:tcPr",
            None,
            el("w:tcW", {"w:w": self.widths[column], "w:type": "dxa"}),
            el("w:vAlign", {"w:val": "center"}),
        )
        runs = self.runs.of(spans, style)
        return el("w:tc", None, properties, paragraph(layout, style, *runs))

    def _fit(self) -> tuple[list[int], float]:
        """Column widths in twips over the whole type area, and the size in points that fits."""
        room = self.page.text_width
        for size in (self.profile.styles.table_body.size_pt, self.profile.table.small_pt):
            for head_lines in (1, 2):
                widths = [need * size * 20 + 2 * _CELL_MARGIN for need in self._needs(head_lines)]
                if sum(widths) <= room:
                    return _spread(widths, room), size
        return _spread(self._squeezed(widths, room), room), size

    def _needs(self, head_lines: int) -> list[float]:
        """The characters each column asks for, with its head over so many lines."""
        columns = zip(self.table.columns, _texts(self.table), self.align, strict=True)
        needs = []
        for name, texts, align in columns:
            longest = max((_asked(text, align) for text in texts), default=0.0)
            head = min(width(name) / head_lines + head_lines - 1, _WIDEST)
            needs.append(max(longest, head, 2.0) + 1.0)
        return needs

    def _squeezed(self, widths: list[float], room: float) -> list[float]:
        """Columns of figures keep their width while words wrap, if that leaves words any room."""
        figures = sum(w for w, a in zip(widths, self.align, strict=True) if a == "right")
        words = sum(widths) - figures
        if figures > room * 0.7 or not words:
            return widths
        ratio = (room - figures) / words
        return [w if a == "right" else w * ratio for w, a in zip(widths, self.align, strict=True)]


def _asked(text: str, align: Align) -> float:
    """The characters a cell asks for: words and placeholders wrap, figures do not."""
    if PLACEHOLDER.search(text):
        return min(width(text), _WIDEST / 2)
    return width(text) if align == "right" else min(width(text), _WIDEST)


def _spread(widths: list[float], room: int) -> list[int]:
    """The widths scaled to fill the room exactly."""
    scaled = [int(w * room / sum(widths)) for w in widths]
    scaled[-1] += room - sum(scaled)
    return scaled


def _texts(table: TableBlock) -> list[list[str]]:
    """The plain text of every cell, by column."""
    return [
        ["".join(span.text for span in spans_of(row[i])) for row in table.rows]
        for i in range(len(table.columns))
    ]


def _alignment(column: list[str]) -> Align:
    words = [text for text in column if not _NO_FIGURE.fullmatch(text.strip())]
    blanks = any("【" in text for text in column)
    if (words or blanks) and all(_FIGURE.fullmatch(text.strip()) for text in words):
        return "right"
    return "center" if all(width(text) <= _SHORT for text in column) else "left"


def _row(cells: list[Element], *, header: bool = False) -> Element:
    flags = [el("w:cantSplit"), el("w:tblHeader") if header else None]
    return folded(el("w:tr", None, el("w:trPr", None, *flags), *cells))
