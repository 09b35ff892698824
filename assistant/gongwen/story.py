"""Blocks to `w:document`: headings, paragraphs, tables, pictures, in sections upright or turned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.gongwen.images import Media
from assistant.gongwen.layouts import Kind, kinds
from assistant.gongwen.model import Block, Heading, ImageBlock, Paragraph, Span, TableBlock, Text
from assistant.gongwen.numbering import Numbering, bare_heading
from assistant.gongwen.page import Page
from assistant.gongwen.paragraphs import Layout, paragraph
from assistant.gongwen.profile import Profile
from assistant.gongwen.runs import Runs
from assistant.gongwen.tables import is_wide, table_elements
from assistant.gongwen.tidy import tidy
from assistant.gongwen.xml import Element, el, qn

__all__ = ["Story"]


class Story:
    """Collects paragraphs and tables section by section; `document()` is the finished part."""

    def __init__(self, profile: Profile, runs: Runs, media: Media) -> None:
        self.profile = profile
        self.page = Page.of(profile)
        self.kinds: dict[str, Kind] = kinds(profile, self.page)
        self._runs = runs
        self._media = media
        self._turned = self.page.turned(profile)
        self._sections: list[tuple[Page, list[Element]]] = [(self.page, [])]

    def document(self) -> Element:
        """`w:document`; each section but the last ends in its own last paragraph."""
        body: list[Element] = []
        sections = [(page, elements) for page, elements in self._sections if elements]
        for page, elements in sections[:-1]:
            properties = elements[-1].find(qn("w:pPr"))
            if properties is not None:
                properties.append(page.section())
            body += elements
        page, elements = sections[-1]
        return el("w:document", None, el("w:body", None, *body, *elements, page.section()))

    def turn(self, *, landscape: bool) -> bool:
        """Go on with a page of that orientation; True where that began a new section."""
        page = self._turned if landscape else self.page
        current, elements = self._sections[-1]
        if current is page:
            return False
        if elements:
            self._sections.append((page, []))
        else:
            self._sections[-1] = (page, [])
        return True

    def line(self, kind: str, text: str = "", *, layout: Layout | None = None) -> None:
        """A paragraph of that kind; without text a blank line."""
        self.add(kind, self.words(kind, text), layout=layout)

    def add(self, kind: str, runs: Sequence[Element], *, layout: Layout | None = None) -> None:
        """A paragraph of that kind made of runs."""
        of = self.kinds[kind]
        self._append(paragraph(layout or of.layout, of.face, *runs))

    def words(self, kind: str, text: str | Sequence[Span]) -> list[Element]:
        """Runs of words as that kind of paragraph has them."""
        spans = (Text(text),) if isinstance(text, str) else text
        return self._runs.of(spans, self.kinds[kind].face)

    def hold_last(self) -> None:
        """Keep the last paragraph on the page of what follows."""
        elements = self._sections[-1][1]
        properties = elements[-1].find(qn("w:pPr")) if elements else None
        if properties is not None and properties.find(qn("w:keepNext")) is None:
            properties.insert(1, el("w:keepNext"))

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Body blocks, numbered from the beginning."""
        numbering = Numbering()
        for block in blocks:
            match block:
                case Heading():
                    self._heading(block, numbering)
                case Paragraph():
                    self._paragraph(block, numbering)
                case TableBlock():
                    self._table(block)
                case ImageBlock():
                    self._image(block)

    def has_wide(self, blocks: Iterable[Block]) -> bool:
        """Whether a table among the blocks needs a landscape page."""
        return any(isinstance(b, TableBlock) and is_wide(b, self.profile) for b in blocks)

    def _append(self, *elements: Element) -> None:
        self._sections[-1][1].extend(elements)

    def _heading(self, heading: Heading, numbering: Numbering) -> None:
        depth, number = numbering.next(heading.level)
        self.line(f"Heading{depth}", number + bare_heading(tidy(heading.text)))

    def _paragraph(self, block: Paragraph, numbering: Numbering) -> None:
        runs: list[Element] = []
        if block.heading:
            depth, number = numbering.next(block.heading.level)
            text = f"{number}{bare_heading(tidy(block.heading.text))}。"
            runs += self.words(f"Heading{depth}", text)
        runs += self.words("OfficialBody", block.spans)
        if runs:
            self.add("OfficialBody", runs)

    def _table(self, table: TableBlock) -> None:
        page = self._sections[-1][0]
        alone = is_wide(table, self.profile) and not page.landscape
        if alone:
            self.turn(landscape=True)
        self._append(*table_elements(table, self.profile, self._sections[-1][0], self._runs))
        if alone:
            self.turn(landscape=False)

    def _image(self, block: ImageBlock) -> None:
        layout = self.kinds["Picture"].layout
        drawing = self._media.drawing(block, self._sections[-1][0])
        self.add("Picture", [drawing], layout=layout.but(keep_next=bool(block.caption)))
        if block.caption:
            self.line("Caption", block.caption)
