"""Building blocks of WordprocessingML: names, elements, bytes."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

__all__ = ["NS", "Element", "el", "qn", "serialise"]

Element = etree._Element

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}

_KNOWN = {**NS, "xml": "http://www.w3.org/XML/1998/namespace"}


def qn(name: str) -> str:
    """`w:p` as lxml wants it; a name without prefix stays as it is."""
    prefix, colon, local = name.partition(":")
    return f"{{{_KNOWN[prefix]}}}{local}" if colon else name


def el(name: str, attrs: Mapping[str, object] | None = None, *children: Element | None) -> Element:
    """An element; `None` among the children is left out."""
    element = etree.Element(qn(name), nsmap=NS)
    for key, value in (attrs or {}).items():
        element.set(qn(key), str(value))
    element.extend(child for child in children if child is not None)
    return element


def serialise(root: Element) -> bytes:
    """The part as UTF-8 bytes with an XML declaration."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
