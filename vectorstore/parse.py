"""One file to one report: read, clean, outline."""

from __future__ import annotations

import os
from pathlib import Path

from vectorstore.clean import clean
from vectorstore.outline import outline
from vectorstore.read import read
from vectorstore.types import Report

__all__ = ["parse", "printable"]


def parse(path: Path) -> Report:
    """Parse a file in this process. Raises `ReadError` subclasses when it cannot be a report."""
    return outline(clean(read(path)), printable(path))


def printable(path: Path) -> str:
    """A path as text that can be stored and shown.

    Archives made on Windows leave names in GBK on systems that expect UTF-8; other bytes that are
    no text become U+FFFD.
    """
    raw = os.fsencode(path)
    readings = (raw.decode(encoding, "replace") for encoding in ("utf-8", "gb18030"))
    return min(readings, key=lambda text: text.count("\ufffd"))
