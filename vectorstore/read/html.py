"""Web pages of government sites: the article, without menus, widgets and footers."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from vectorstore.clean.characters import fold
from vectorstore.errors import LimitExceededError
from vectorstore.read.lines import paragraphs, table_text
from vectorstore.read.page import (
    hidden_names,
    is_hidden,
    main_content,
    remove_furniture,
    table_rows,
    walk,
)
from vectorstore.read.txt import decode
from vectorstore.types import Block, Document, Note

__all__ = ["read_html"]

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HEADING = re.compile("h[1-6]")
_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table"
    " tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]"
_WRAPPED = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n\f]*(?={_WIDE})")
_SITE = re.compile(r"\s*(?:[_|｜—–-]+|-{2,}|>>|»)\s*")
_TITLE_MIN, _TITLE_MAX = 6, 100  # characters
_NESTED = re.compile(
    r"<(/?)(?:div|span|font|b|i|em|u|strong|table|ul|ol|section|article|blockquote|center)\b",
    re.IGNORECASE,
)
_MAX_DEPTH = 3_000  # elements left open; browsers themselves stop nesting at 512
_LINK_LIST = 3  # links in a row, in one line or each in its own; fewer may be attachments
_SEPARATORS = re.compile(r"[\s|｜·>»/\xa0\u3000-]+")
_MAX_LAYOUT_CELL = 300  # characters; more is a page laid out in a table, not a value


def read_html(data: bytes) -> Document:
    """Read the main content of a page. Never follows a link or loads anything."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: TID251 - the module that may

    declared = _CHARSET.search(data[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else ""
    text, notes = decode(data, "gb18030" if name.startswith("gb") else name)
    _check_depth(text)
    tree = LexborHTMLParser(text.replace("\x00", ""))
    titles = _titles(tree)
    hidden = hidden_names(tree)
    remove_furniture(tree)
    title = _title(tree, titles)
    walker = _Walker(hidden)
    walker.walk(main_content(tree))
    blocks = _with_title(walker.blocks, title)
    if walker.hidden.strip():
        message = f"已略去网页正文里 {len(walker.hidden)} 个看不见的字。"
        notes = (*notes, Note("hidden_text", message, walker.hidden.strip()[:80]))
    return Document(tuple(blocks), "html", notes)


def _check_depth(text: str) -> None:
    """Refuse pages nested so deep that building their tree takes quadratic time."""
    depth = 0
    for closing in _NESTED.findall(text):
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > _MAX_DEPTH:
            raise LimitExceededError("网页标签嵌套过深，未读取。")


class _Walker:
    """Turns a subtree into blocks; without recursion, for pages can be nested very deep."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.blocks: list[Block] = []
        self.hidden = ""
        self._hidden = hidden
        self._text: list[str] = []
        self._level: int | None = None
        self._centered = False
        self._links = 0
        self._linked: list[str] = []  # text of the current block that stands in links
        self._link_blocks: set[int] = set()

    def walk(self, root: Any) -> None:
        events = walk(root)
        wanted: bool | None = None
        while True:
            try:
                node, entering = events.send(wanted)
            except StopIteration:
                break
            wanted = None
            if entering:
                wanted = self._enter(node)
            else:
                self._leave(node)
        self._flush()
        self.blocks = _without_link_lists(self.blocks, self._link_blocks)

    def _enter(self, node: Any) -> bool:
        """Take in a node; whether to go on with its children."""
        if node.is_text_node:
            text = _inline(node.text_content or "")
            self._text.append(text)
            if self._links:
                self._linked.append(text)
            return False
        if not node.is_element_node:
            return False
        tag = node.tag
        if is_hidden(node, self._hidden):
            self.hidden += _inline(node.text(deep=True)).strip()
            return False
        if tag == "a":
            self._links += 1
        elif tag == "br":
            self._text.append("\n")
        elif tag == "table":
            return self._table(node)
        elif tag in _BLOCKS:
            self._flush()
            self._level = int(tag[1]) if _HEADING.fullmatch(tag) else self._level
            style = (node.attributes.get("style") or "").replace(" ", "").lower()
            align = (node.attributes.get("align") or "").lower()
            self._centered = "text-align:center" in style or align == "center" or tag == "center"
            if tag == "li":
                self._text.append(_item_number(node))
        return True

    def _leave(self, node: Any) -> None:
        if not node.is_element_node or is_hidden(node, self._hidden):
            return
        if node.tag == "a":
            self._links -= 1
        elif node.tag in _BLOCKS:
            self._flush()
            self._centered = False
            if _HEADING.fullmatch(node.tag):
                self._level = None

    def _table(self, node: Any) -> bool:
        """A table of values becomes a block; a table that lays out the page is walked into."""
        self._flush()
        rows = table_rows(node, self._hidden)
        cells = [cell for row in rows for cell in row]
        layout = node.css_first("table table") or any(len(c) > _MAX_LAYOUT_CELL for c in cells)
        if layout or len(rows) < 2 or max(map(len, rows)) < 2:
            return True
        text = table_text(rows)
        if text:
            self.blocks.append(Block(text, kind="table"))
        return False

    def _flush(self) -> None:
        text, links = "".join(self._text), [link for link in self._linked if link.strip()]
        self._text, self._linked = [], []
        if links and len(_SEPARATORS.sub("", text)) == len(_SEPARATORS.sub("", "".join(links))):
            if len(links) >= _LINK_LIST:  # a menu in one line
                return
            self._link_blocks.add(len(self.blocks))
        for line in paragraphs(text, whole=self._level is not None):
            self.blocks.append(Block(line.strip(" "), level=self._level, centered=self._centered))


def _without_link_lists(blocks: list[Block], links: set[int]) -> list[Block]:
    """Blocks less every run of lines that are nothing but links: related articles, menus."""
    kept: list[Block] = []
    for is_link, run in groupby(range(len(blocks)), key=links.__contains__):
        indices = list(run)
        if not is_link or len(indices) < _LINK_LIST:
            kept += [blocks[i] for i in indices]
    return kept


def _inline(text: str) -> str:
    return _SPACE.sub(" ", _WRAPPED.sub("", text))


def _item_number(item: Any) -> str:
    """The number a browser prints before an item of an ordered list."""
    parent = item.parent
    if parent is None or parent.tag != "ol" or "none" in (parent.attributes.get("style") or ""):
        return ""
    n, before = 1, item.prev
    while before is not None:
        n += before.is_element_node and before.tag == "li"
        before = before.prev
    return f"{n}."


def _titles(tree: Any) -> list[str]:
    """What the page itself names the article: its metadata first, then <title> less the site."""
    found = []
    for meta in tree.css("meta"):
        name = (meta.attributes.get("name") or meta.attributes.get("property") or "").lower()
        if name in {"articletitle", "og:title", "title", "contenttitle"}:
            found.append(_inline(meta.attributes.get("content") or "").strip())
    node = tree.css_first("title")
    if node is not None:
        found.append(_inline(node.text()).strip())
    return [title for title in found if title]


def _title(tree: Any, titles: list[str]) -> str:
    """The article's title: a heading that the page's own title repeats, else that title."""
    whole = "\n".join(_key(title) for title in titles)
    best = ""
    for node in tree.css("h1, h2, h3, h4, [class*=title], [class*=tit], [class*=bt], [id*=title]"):
        text = _inline(node.text(deep=True)).strip()
        if _TITLE_MIN <= len(text) <= _TITLE_MAX and _key(text) in whole and len(text) > len(best):
            best = text
    if best:
        return best
    for title in titles:
        parts = [part for part in _SITE.split(title) if len(part) >= _TITLE_MIN]
        if (
            parts
            and len(parts[0]) <= _TITLE_MAX
            and not parts[0].endswith(("网", "政府", "门户网站"))
        ):
            return parts[0]
    return ""


def _with_title(blocks: list[Block], title: str) -> list[Block]:
    """Put the title first, unless the body opens with it already."""
    key = _key(title)
    if not key:
        return blocks
    opening = ""
    for i, block in enumerate(blocks[:6]):
        if _key(block.text) == key:
            return [Block(block.text, level=0, centered=True), *blocks[:i], *blocks[i + 1 :]]
        opening += _key(block.text)
        if opening.endswith(key):  # the body prints it on several lines
            return blocks
    return [Block(title, level=0, centered=True), *blocks]


def _key(text: str) -> str:
    return re.sub(r"\W+", "", fold(text))
