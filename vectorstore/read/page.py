"""Where the article of a web page is, and what on the page cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any

from vectorstore.clean.chrome import is_chrome
from vectorstore.read.lines import is_numbered

__all__ = ["hidden_names", "is_hidden", "main_content", "remove_furniture", "table_rows", "walk"]

_NEVER_TEXT = (
    "script, style, noscript, template, iframe, svg, object, embed, select, button, input,"
    " textarea, nav, link, meta, canvas, audio, video, map, datalist, head > title"
)
# Names that site builders give to what stands around an article. Whole words of class and id only:
# “article-header” must stay.
_FURNITURE_NAMES = (
    "nav navbar menu submenu breadcrumb breadcrumbs crumb crumbs position location weizhi dqwz"
    " footer foot bottom sidebar aside share bdsharebuttonbox bshare jiathis print dayin toolbar"
    " related xgwz relate recommend copyright beian search login qrcode ewm erweima friendlink yqlj"
    " links prevnext pagination pager comment comments topbar topnav header head top banner logo"
)
_FURNITURE = frozenset(_FURNITURE_NAMES.split())
_WORD = re.compile(r"[A-Za-z]+")
# These count only as a whole name: “print-area” or “share-content” may hold the article.
_BROAD = frozenset({"header", "head", "top", "bottom", "location", "position", "print", "share"})
# Where content management systems of government sites put the article body.
_ARTICLE = (
    ".TRS_Editor, .TRS_UEDITOR, .trs_editor_view, #UCAP-CONTENT, .UCAPCONTENT, #zoom, #Zoom,"
    " #zoomcon, .v_news_content, .wp_articlecontent, .article-content, .article_content,"
    " .articleContent, #articleContent, .news_content, .newsContent, .xxgk-content, .pages_content,"
    " .ewb-article-info, .con_text, #artibody, #fontzoom"
)
_CONTAINER_TAGS = "html body div section article main form table tbody tr td center"
_CONTAINERS = frozenset(_CONTAINER_TAGS.split())
_INLINE_TAGS = "span font b strong i em u a sub sup small label o:p big s"
_INLINE = frozenset(_INLINE_TAGS.split())
_ARTICLE_SHARE = 0.6  # of the page's prose; an element so named with less is a summary
_DESCEND = 0.9  # a child with this share of the prose is where the prose is
_PROSE_CHARACTERS = 20  # a shorter run of text is a caption, a date, a menu entry
_REPORT_LINE = re.compile(r".*[。：:]|[\d〇○一二三四五六七八九十]{4}年.{1,3}月.{1,3}日", re.DOTALL)
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$)|mso-hide:all"
    r"|font-size:(?:0|[0-2](?:\.\d+)?(?:px|pt))(?:[;!]|$|px|pt|em)|text-indent:-\d{3,}|(?:left|top):-\d{3,}"
    r"|(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|$)|clip:rect\(0"
)
_WHITE = re.compile(
    r"(?:^|;)color:(?:#fff(?:fff)?(?![0-9a-f])|#fefefe|white|transparent|rgba?\(255,255,255|rgba\(\d+,\d+,\d+,0\))"
)
_RULE = re.compile(r"([^{}]{1,300})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?([.#][\w-]+)", re.IGNORECASE)
_MAX_SPAN = 50


def hidden_names(tree: Any) -> frozenset[str]:
    """Simple selectors (.name, #name) that the page's own style sheets hide."""
    names = set()
    for style in tree.css("style"):
        for selectors, rules in _RULE.findall(style.text() or ""):
            if _HIDDEN_STYLE.search(_squeeze(rules)):
                for selector in selectors.split(","):
                    simple = _SIMPLE.fullmatch(selector.strip())
                    if simple:
                        names.add(simple.group(1))
    return frozenset(names)


def is_hidden(node: Any, names: frozenset[str]) -> bool:
    """Whether a visitor cannot see the element: by attribute, own style or the page's styles."""
    if node.tag in {"body", "html"}:  # shown again by script on pages that fade in
        return False
    attributes = node.attributes
    if "hidden" in attributes:
        return True
    style = _squeeze(attributes.get("style") or "")
    if style and (_HIDDEN_STYLE.search(style) or (_WHITE.search(style) and not _backed(node))):
        return True
    if names:
        marks = {"." + name for name in (attributes.get("class") or "").split()}
        return bool(names & (marks | {"#" + (attributes.get("id") or "")}))
    return False


def remove_furniture(tree: Any) -> None:
    """Take out what never is part of an article: scripts, controls, navigation, page edges."""
    for node in tree.css(_NEVER_TEXT):
        node.decompose()
    if tree.body is None:
        return
    prose = _Prose(tree.body)
    most = 0.3 * prose.of(tree.body)  # an element so named that holds the article is misnamed
    doomed = [n for n in tree.css("[class], [id], header, footer, aside") if _is_furniture(n)]
    for node in [n for n in doomed if prose.of(n) <= most]:
        node.decompose()


def main_content(tree: Any) -> Any:
    """The element that holds the article."""
    prose = _Prose(tree.body)
    total = prose.of(tree.body)
    node = tree.body
    if not total:
        return node
    for named in tree.css(_ARTICLE):  # in document order, so the innermost comes last
        if prose.of(named) >= _ARTICLE_SHARE * total:
            node = named
    while True:
        inner = next((c for c in _children(node) if prose.dominates(c, node)), None)
        if inner is None or any(prose.has_report_line(c) for c in _beside(node, inner)):
            return node
        node = inner


def walk(root: Any) -> Generator[tuple[Any, bool], bool | None, None]:
    """Every node below and with `root` twice, entering (True) and leaving, without recursion.

    The receiver may `send(False)` on entering an element to skip what is inside it.
    """
    node = root
    while True:
        wanted = yield node, True
        child = node.child if wanted is not False else None
        if child is not None:
            node = child
            continue
        yield node, False
        while node.next is None or node.mem_id == root.mem_id:
            if node.mem_id == root.mem_id:
                return
            node = node.parent
            yield node, False
        node = node.next


def table_rows(table: Any, hidden: frozenset[str]) -> list[list[str]]:
    """Cell texts of a table in their columns; a merged cell fills the first place it covers."""
    rows: list[list[str]] = []
    below: dict[int, int] = {}  # column → rows still covered by a cell from above
    for row in table.css("tr"):
        cells: list[str] = []
        cell = row.child
        while cell is not None:
            if cell.is_element_node and cell.tag in {"td", "th"} and not is_hidden(cell, hidden):
                while below.get(len(cells), 0):
                    below[len(cells)] -= 1
                    cells.append("")
                down, across = _span(cell, "rowspan"), _span(cell, "colspan")
                for column in range(len(cells), len(cells) + across):
                    below[column] = down - 1
                cells += [cell.text(deep=True, separator="")] + [""] * (across - 1)
            cell = cell.next
        rows.append(cells)
    return rows


def _span(cell: Any, name: str) -> int:
    text = cell.attributes.get(name) or "1"
    return min(max(int(text), 1), _MAX_SPAN) if text.isdecimal() and len(text) < 6 else 1


def _is_furniture(node: Any) -> bool:
    if node.tag in {"footer", "aside", "header"}:
        return True
    if node.tag in {"body", "html"}:
        return False
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()
    for name in names:
        words = _WORD.findall(name)
        if name in _FURNITURE or (len(words) > 1 and set(words) & (_FURNITURE - _BROAD)):
            return not set(words) & {"article", "content", "title", "news", "text"}
    return False


class _Prose:
    """How much running text, links apart, stands below each element of a subtree."""

    def __init__(self, root: Any) -> None:
        self._amount: dict[int, int] = {}
        self._own: dict[int, str] = {}
        self._measure(root)

    def of(self, node: Any) -> int:
        """Characters of prose below the element."""
        return self._amount.get(node.mem_id, 0)

    def dominates(self, child: Any, parent: Any) -> bool:
        """Whether nearly all of the parent's prose is inside this one child."""
        return child.tag in _CONTAINERS and self.of(child) >= _DESCEND * self.of(parent)

    def has_report_line(self, root: Any) -> bool:
        """Whether any line below reads like a report: numbered, a sentence, a sign-off date."""
        lines = (self._own.get(n.mem_id, "").strip() for n, enter in walk(root) if enter)
        return any(
            (is_numbered(line) or _REPORT_LINE.fullmatch(line)) and not is_chrome(line)
            for line in lines
            if line
        )

    def _measure(self, root: Any) -> None:
        links = 0
        blocks = [root.mem_id]
        own: dict[int, list[str]] = {root.mem_id: []}
        for node, entering in walk(root):
            if node.is_text_node:
                if entering and not links:
                    own[blocks[-1]].append(node.text_content or "")
                continue
            links += (1 if entering else -1) if node.tag == "a" else 0
            if node.tag in _INLINE or not node.is_element_node or node.mem_id == root.mem_id:
                continue
            if entering:
                blocks.append(node.mem_id)
                own[node.mem_id] = []
                continue
            key = blocks.pop()
            self._settle(key, own.pop(key))
            self._amount[blocks[-1]] = self._amount.get(blocks[-1], 0) + self._amount[key]
        self._settle(root.mem_id, own[root.mem_id])

    def _settle(self, key: int, pieces: list[str]) -> None:
        text = "".join(pieces)
        self._own[key] = text
        line = text.strip()
        is_prose = len(line) >= _PROSE_CHARACTERS and not is_chrome(line)
        self._amount[key] = self._amount.get(key, 0) + (len(line) if is_prose else 0)


def _children(node: Any) -> Iterator[Any]:
    child = node.child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def _beside(node: Any, inner: Any) -> Iterator[Any]:
    return (child for child in _children(node) if child.mem_id != inner.mem_id)


def _backed(node: Any) -> bool:
    """Whether the element or one around it sets a background white text can be read on."""
    at = node
    while at is not None and at.tag not in {"body", "html"}:
        style = _squeeze(at.attributes.get("style") or "") if at.is_element_node else ""
        background = re.search(r"background(?:-color)?:([^;]+)", style)
        if background and not re.match(
            r"#fff(?:fff)?\b|white|transparent|none", background.group(1)
        ):
            return True
        if at.attributes.get("bgcolor"):
            return True
        at = at.parent
    return False


def _squeeze(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()
