"""Reads the raw parts of a written .docx: tests judge what Word will see."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = {"w": W[1:-1]}


class Parts:
    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}

    def root(self, name: str) -> etree._Element:
        return etree.fromstring(self.files[f"word/{name}.xml"])

    @property
    def document(self) -> etree._Element:
        return self.root("document")


def find(element: etree._Element, path: str) -> list[etree._Element]:
    found = element.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return found  # type: ignore[return-value]


def text(element: etree._Element) -> str:
    return "".join(t.text or "" for t in find(element, ".//w:t"))


def attribute(element: etree._Element, path: str, name: str) -> str:
    """The attribute of the one element at `path`."""
    (only,) = find(element, path)
    return str(only.get(W + name))


def body_paragraph(parts: Parts, words: str) -> etree._Element:
    """The first paragraph of the document that holds `words`."""
    return next(p for p in find(parts.document, "//w:p") if words in text(p))


def fonts(run: etree._Element) -> set[str]:
    (found,) = find(run, "./w:rPr/w:rFonts")
    return {str(found.get(W + kind)) for kind in ("ascii", "hAnsi", "eastAsia", "cs")}


def size(run: etree._Element) -> float:
    """Points."""
    return int(attribute(run, "./w:rPr/w:sz", "val")) / 2


def text_runs(root: etree._Element) -> Iterator[etree._Element]:
    yield from (run for run in find(root, ".//w:r") if find(run, "./w:t"))
