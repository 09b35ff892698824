"""One file to one report: read, clean, outline."""

from __future__ import annotations

from pathlib import Path

from vectorstore.clean import clean
from vectorstore.outline import outline
from vectorstore.read import read
from vectorstore.types import Report

__all__ = ["parse"]


def parse(path: Path) -> Report:
    """Parse a file in this process. Raises `ReadError` subclasses when it cannot be a report."""
    return outline(clean(read(path)), str(path))
