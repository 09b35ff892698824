"""The text of one Word paragraph: runs, fields, revisions, hidden text, what is anchored in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from vectorstore.read.numbering import W, value
from vectorstore.read.styles import Look, Styles, flag

__all__ = ["PAGE_BREAK", "Inline", "Paragraph", "Seen", "branch", "local", "reach"]

# Elements that only wrap what counts (ECMA-376 part 1, §17.5, §17.13, §17.16).
_WRAPPERS = frozenset({"ins", "moveTo", "hyperlink", "smartTag", "customXml", "dir", "bdo"})
_REMOVED = frozenset({"del", "moveFrom"})
# Fields that print something about the page, not about the subject.
_PAGE_FIELDS = frozenset({"TOC", "PAGE", "NUMPAGES", "SECTIONPAGES", "INDEX"})
PAGE_BREAK = "\f"


def local(element: Any) -> str:
    """Tag without its namespace; "" for a comment, an entity or a processing instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def branch(alternate: Any) -> Any:
    """The one branch of an mc:AlternateContent to read; the other says the same in an older way."""
    children = {local(child): child for child in reversed(alternate)}
    return children.get("Choice", children.get("Fallback", ()))


def reach(parent: Any, name: str) -> Iterator[Any]:
    """Children called `name`, through the wrappers Word may put around them."""
    for child in parent:
        tag = local(child)
        if tag == name:
            yield child
        elif tag == "sdt":
            yield from reach(content(child), name)
        elif tag in _WRAPPERS:
            yield from reach(child, name)
        elif tag == "AlternateContent":
            yield from reach(branch(child), name)


def content(control: Any) -> Any:
    """What a content control holds; nothing where it shows its prompt or is a contents list."""
    properties = control.find(W + "sdtPr")
    gallery = value(properties, "docPartObj", "docPartGallery")
    if flag(properties, "showingPlcHdr") or gallery == "Table of Contents":
        return ()
    found = control.find(W + "sdtContent")
    return () if found is None else found


@dataclass(slots=True)
class Seen:
    """What was met on the way through a document that its user should hear of."""

    inserted: int = 0
    removed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text of a paragraph (soft break: newline, page break: form feed), whether all of it is bold,
    and the ids of the notes it refers to (footnote2)."""

    text: str
    bold: bool
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Field:
    in_result: bool = False
    instruction: str = ""

    @property
    def visible(self) -> bool:
        words = self.instruction.split(None, 1)
        return self.in_result and not (words and words[0].upper() in _PAGE_FIELDS)


class Inline:
    """Reads paragraphs one after another; fields may run from one into the next."""

    def __init__(self, styles: Styles, seen: Seen, box: Callable[[Any], None]) -> None:
        self._styles = styles
        self._seen = seen
        self._box = box
        self._fields: list[_Field] = []
        self._text: list[str] = []
        self._bold: list[bool] = []
        self._notes: list[str] = []

    def paragraph(self, element: Any, look: Look) -> Paragraph:
        """Read a `w:p`; its text boxes go to the callback as they are met."""
        outer = self._text, self._bold, self._notes  # a text box is read amid its host paragraph
        self._text, self._bold, self._notes = [], [], []
        self._walk(element, look)
        while self._fields and not self._fields[-1].in_result:
            self._fields.pop()  # an instruction never runs over the paragraph's end: it is broken
        bold = bool(self._bold) and all(self._bold)
        found = Paragraph("".join(self._text), bold, tuple(self._notes))
        self._text, self._bold, self._notes = outer
        return found

    def _walk(self, parent: Any, look: Look) -> None:
        for child in parent:
            name = local(child)
            if name == "r":
                self._run(child, self._styles.run(child.find(W + "rPr"), look))
            elif name in _REMOVED:
                self._seen.removed.append(_plain(child))
            elif name in _WRAPPERS:
                self._seen.inserted += name in {"ins", "moveTo"}
                self._walk(child, look)
            elif name == "sdt":
                self._walk(content(child), look)
            elif name == "fldSimple":
                if _Field(True, child.get(W + "instr", "")).visible:
                    self._walk(child, look)
            elif name == "AlternateContent":
                self._walk(branch(child), look)
            elif name in {"oMath", "oMathPara"}:
                self._add(_plain(child), look)

    def _run(self, run: Any, look: Look) -> None:
        for item in run:
            name = local(item)
            if name == "t":
                self._add(item.text or "", look)
            elif name in {"tab", "ptab"}:
                self._add(" ", look)
            elif name in {"br", "cr"}:
                breaks = item.get(W + "type") in {"page", "column"}
                self._text.append(PAGE_BREAK if breaks else "\n")
            elif name == "noBreakHyphen":
                self._add("-", look)
            elif name == "fldChar":
                self._field(item.get(W + "fldCharType"))
            elif name == "instrText" and self._fields:
                self._fields[-1].instruction += item.text or ""
            elif name == "ruby":
                for base in item.iterchildren(W + "rubyBase"):
                    self._walk(base, look)
            elif name == "AlternateContent":
                self._run(branch(item), look)
            elif name in {"footnoteReference", "endnoteReference"}:
                self._notes.append(name[: -len("Reference")] + item.get(W + "id", ""))
            elif name in {"drawing", "pict", "object"}:
                self._anchored(item)

    def _add(self, text: str, look: Look) -> None:
        if not text or not all(field.visible for field in self._fields):
            return
        if look.hidden:
            if text.strip():
                self._seen.hidden.append(text)
            return
        self._text.append(text)
        if text.strip():
            self._bold.append(bool(look.bold))

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _anchored(self, element: Any) -> None:
        """Text boxes inside a drawing, each once."""
        for child in branch(element) if local(element) == "AlternateContent" else element:
            if local(child) == "txbxContent":
                fields, self._fields = self._fields, []
                self._box(child)
                self._fields = fields
            elif local(child):
                self._anchored(child)


def _plain(element: Any) -> str:
    """All text below an element, deleted text included."""
    return "".join(e.text or "" for e in element.iter() if local(e) in {"t", "delText"})
