"""PDF files with a text layer. Scans and locked files are refused with what to do about them."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from vectorstore.errors import (
    BrokenFileError,
    EmptyFileError,
    EncryptedFileError,
    ScannedFileError,
)
from vectorstore.read.layout import Line, Page, paragraphs_of
from vectorstore.types import Document, Note

__all__ = ["read_pdf"]

_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_TINY = 2.0  # points; nothing smaller can be read
_WHITE = 0xF0  # each colour channel from here on is too close to paper
_INVISIBLE = 3  # text rendering mode (ISO 32000-1, table 106)
_SCARCE = 20  # characters; a page image with fewer is a scan
_COLUMN_GAP = 1.5  # ideographs; words of one sentence never stand so far apart
_Box = tuple[float, float, float, float]  # left, bottom, right, top in points


@dataclass(slots=True)
class _Sheet:
    """What one page gave: its lines, its hidden text, whether an image covers most of it."""

    page: Page
    characters: int
    hidden: str
    scanned: bool


def read_pdf(data: bytes) -> Document:
    """Read a PDF's text layer into paragraphs with page numbers.

    Raises EncryptedFileError, BrokenFileError, ScannedFileError (no text layer, or one without
    character codes), EmptyFileError.
    """
    import pypdfium2  # noqa: TID251 - this module is the one that may

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            sheets = [_sheet(pdf[i], i + 1) for i in range(len(pdf))]
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower():
            raise EncryptedFileError("PDF 设有打开密码，无法读取。") from exc
        raise BrokenFileError("PDF 不完整或已损坏，打不开。") from exc
    _check(sheets)
    hidden = "".join(sheet.hidden for sheet in sheets)
    notes = []
    if hidden.strip():
        message = f"已略去 {len(hidden)} 个看不见的字（白色、极小或页面以外的文字）。"
        notes.append(Note("hidden_text", message, hidden.strip()[:80]))
    images = [sheet.page.number for sheet in sheets if sheet.scanned]
    if images:
        pages = "、".join(map(str, images[:10]))
        notes.append(Note("scanned_pages", f"第 {pages} 页是图片，没有可读取的文字，未读入。"))
    return Document(tuple(paragraphs_of([s.page for s in sheets])), "pdf", tuple(notes))


def _check(sheets: list[_Sheet]) -> None:
    characters = sum(sheet.characters for sheet in sheets)
    scanned = sum(sheet.scanned for sheet in sheets)
    if scanned and (not characters or scanned > len(sheets) / 2):
        raise ScannedFileError("这是扫描件，页面是图片，没有可读取的文字。")
    if not characters:
        raise EmptyFileError("PDF 里没有任何文字。")
    text = "".join(line.text for sheet in sheets for line in sheet.page.lines)
    if len(_UNMAPPED.findall(text)) > 0.2 * len(text):
        raise ScannedFileError("PDF 里的文字没有编码，读出来是乱码。")


def _sheet(page: Any, number: int) -> _Sheet:
    left, bottom, right, top = page.get_bbox()
    covered = _has_page_image(page)
    textpage = page.get_textpage()
    builder = _LineBuilder((left, bottom, right, top), page, textpage, covered)
    lines = tuple(builder.lines())
    characters = sum(len(line.text) for line in lines)
    textpage.close()
    page.close()
    scanned = covered and characters < _SCARCE
    return _Sheet(
        Page(number, left, right, bottom, top, lines), characters, builder.hidden, scanned
    )


def _has_page_image(page: Any) -> bool:
    """Whether images cover at least half of the page."""
    from pypdfium2 import raw  # noqa: TID251 - this module is the one that may

    width, height = page.get_size()
    area = 0.0
    for image in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)):
        left, bottom, right, top = image.get_bounds()
        area += max(right - left, 0) * max(top - bottom, 0)
    return bool(area >= 0.5 * width * height)


@dataclass(slots=True)
class _LineBuilder:
    """Walks the characters of one page as pdfium orders them."""

    bounds: _Box
    page: Any
    textpage: Any
    covered: bool
    hidden: str = ""
    _text: list[str] = field(default_factory=list)
    _boxes: list[_Box] = field(default_factory=list)
    _backgrounds: list[_Box] | None = None

    def lines(self) -> Iterator[Line]:
        from pypdfium2 import raw  # noqa: TID251 - this module is the one that may

        rect = raw.FS_RECTF()
        gap = generated = False
        for i in range(self.textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(self.textpage, i)
            if code in (0x0A, 0x0D):
                yield from self._flush()
                gap = False
            elif code in (0x20, 0xA0):
                gap, generated = True, raw.FPDFText_IsGenerated(self.textpage, i) == 1
            elif code not in (0, 0x02, 0xFFFE) and raw.FPDFText_GetLooseCharBox(
                self.textpage, i, ctypes.byref(rect)
            ):
                box = self._as_printed(raw, i, (rect.left, rect.bottom, rect.right, rect.top))
                if self._is_hidden(raw, i, box):
                    self.hidden += chr(code)
                    continue
                if gap and self._text:
                    self._text.append(self._blank(code, box, generated))
                gap = False
                self._text.append(chr(code))
                self._boxes.append(box)
        yield from self._flush()

    def _flush(self) -> Iterator[Line]:
        self._in_order()
        text = "".join(self._text).strip()
        if text:
            if any("\ud800" <= c <= "\udfff" for c in text):  # pairs come as two characters
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            left, bottom, right, top = zip(*self._boxes, strict=True)
            low = min(bottom)
            # Boxes of figures are lower than those of ideographs; the highest is the font size.
            height = max(t - b for b, t in zip(bottom, top, strict=True))
            yield Line(text, min(left), max(right), low, low + max(height, 0.1))
        self._text, self._boxes = [], []

    def _in_order(self) -> None:
        """Put the characters of the line where they stand: some programs print all ideographs of
        a line first, then its quotation marks and figures in another font."""
        lefts = [box[0] for box in self._boxes]
        if all(a <= b + _TINY for a, b in pairwise(lefts)):
            return
        marks = [char for char in self._text if char not in " \t"]
        if len(marks) != len(lefts):
            return
        placed = sorted(zip(self._boxes, marks, strict=True), key=lambda mark: mark[0][0])
        self._text, self._boxes = [], []
        for box, char in placed:
            if self._boxes and box[0] - self._boxes[-1][2] > _TINY:
                self._text.append(self._blank(ord(char), box, generated=True))
            self._text.append(char)
            self._boxes.append(box)

    def _blank(self, code: int, box: _Box, generated: bool) -> str:
        """What a blank before this character stands for: nothing, a space, or a column gap.

        pdfium makes up spaces where characters stand apart, as in justified Chinese and between
        Chinese and figures; those are no characters of the text.
        """
        em = box[3] - box[1]
        width = box[0] - self._boxes[-1][2]
        if width > _COLUMN_GAP * em:
            return "\t"
        before, after = _WIDE.match(self._text[-1]), _WIDE.match(chr(code))
        made_up = (
            generated and (before or after) and width < (1.0 if before and after else 0.6) * em
        )
        return "" if made_up else " "

    def _as_printed(self, raw: Any, i: int, box: _Box) -> _Box:
        """The box as high as its font: that of a flat character (一, ·) may be its strokes only."""
        left, bottom, right, top = box
        matrix = raw.FS_MATRIX()
        if not raw.FPDFText_GetMatrix(self.textpage, i, ctypes.byref(matrix)):
            return box
        size = raw.FPDFText_GetFontSize(self.textpage, i) * math.hypot(matrix.c, matrix.d)
        if top - bottom >= size / 2:
            return box
        middle = (bottom + top) / 2
        return left, middle - size / 2, right, middle + size / 2

    def _is_hidden(self, raw: Any, i: int, box: _Box) -> bool:
        left, bottom, right, top = box
        x, y = (left + right) / 2, (bottom + top) / 2
        inside = self.bounds[0] <= x <= self.bounds[2] and self.bounds[1] <= y <= self.bounds[3]
        if not inside or top - bottom < _TINY:
            return True
        text_object = raw.FPDFText_GetTextObject(self.textpage, i)
        mode = raw.FPDFTextObj_GetTextRenderMode(text_object) if text_object else 0
        if mode == _INVISIBLE:  # over a page image it is the text a scanner recognised
            return not self.covered
        rgba = [ctypes.c_uint() for _ in range(4)]
        if not raw.FPDFText_GetFillColor(self.textpage, i, *map(ctypes.byref, rgba)):
            return False
        red, green, blue, alpha = (channel.value for channel in rgba)
        white = alpha < 0x10 or min(red, green, blue) >= _WHITE
        return white and not any(
            b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in self._coloured(raw)
        )

    def _coloured(self, raw: Any) -> list[_Box]:
        """Bounds of what white text can be read on: images, and shapes filled with a colour."""
        if self._backgrounds is None:
            self._backgrounds = [
                shape.get_bounds()
                for shape in self.page.get_objects(
                    filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
                )
                if shape.type != raw.FPDF_PAGEOBJ_PATH or _is_coloured(raw, shape)
            ]
        return self._backgrounds


def _is_coloured(raw: Any, path: Any) -> bool:
    rgba = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(path, *map(ctypes.byref, rgba))
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(mode), ctypes.byref(stroke))
    return mode.value != 0 and min(channel.value for channel in rgba[:3]) < _WHITE
