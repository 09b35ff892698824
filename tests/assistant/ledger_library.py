"""The bureaus of the samples, and filled sheets made from their templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl  # noqa: TID251 - tests look at sheets with the library people's programs resemble

from vectorstore.indicators import load_lexicon

LEXICON = load_lexicon()
ORGS = (
    "岚泊县卫生健康局",
    "霁原市卫生健康委员会",
    "砚渚县卫生健康局",
    "岚泊县市场监督管理局",
    "砚渚县综合行政执法局",
    "霁原市交通运输局",
)


def edit(path: Path, change: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> Path:
    """Change the first sheet of a workbook as a person would, and save it."""
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def columns(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, int]:
    """Column numbers by header, its year left out."""
    return {str(cell.value).partition("（")[0]: cell.column for cell in sheet[1]}
