"""HTML of a draft: where it stands, and its text as the finished document will look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from assistant.app.draft.sheet import SheetRow, said_of
from assistant.app.draft.work import Case, Phase, Result
from assistant.app.escaping import escape
from assistant.app.notices import doing_html, empty_library, problem_html
from assistant.app.verdicts import figure_kind
from assistant.app.verdicts import said_of as verdict_of
from assistant.draft.answers import Blank
from assistant.draft.preview import Passage, Piece, preview
from assistant.gongwen import Figure, OfficialDocument, Placeholder, Suggestion, tidy
from assistant.gongwen.model import PLACEHOLDER
from assistant.verify import Checked
from vectorstore.types import QuantityKind

__all__ = [
    "EMPTY_LIBRARY",
    "WELCOME",
    "about_html",
    "box_of",
    "paper_html",
    "state_html",
]

WELCOME = (
    '<div class="empty"><p class="big">选择单位，开始起草</p>'
    "<p>据该单位最近一份报告起草：先填本年数字和工作素材，再点“生成”。没有填的数字留作待填，"
    "绝不沿用上年数字。</p></div>"
)
EMPTY_LIBRARY = empty_library(
    "还没有可以据以起草的报告",
    "请先打开“资料库”，导入本单位上一年度的报告，再回到这里起草新一年的报告或工作安排。",
)
_WAITING = "正在为其他人起草，请稍候，轮到后会自动开始…"
_YEAR = re.compile(r"\d{4}年度?")
_MOST_NAMED = 5  # rows of the sheet
_TAGS = {"title": "h2", "addressee": "p", "body": "p", "caption": "p"}


def about_html(case: Case, links: Sequence[tuple[str, str]]) -> str:
    """What the draft is made from, and links to the sheet as (words, address)."""
    template = case.sheet.template
    base = template.base
    shown = "".join(
        f'<a class="download" href="{escape(address)}">{escape(name)}</a>'
        for name, address in links
    )
    rest = "没填的留作待填，不会沿用上年数字。"
    if case.target.kind == "plan":
        rest = f"填的数作为{template.year}年的目标，没填的用该报告已提出的目标或留作待填。"
    return (
        f'<div class="draft-about"><p>据资料库中{escape(template.org)}{base.year}年的报告'
        f"起草。下表是该报告里的 {len(template.items)} 个指标，已填 {case.sheet.filled()} 个；"
        f'{rest}</p><p class="links">{shown}</p></div>'
    )


def state_html(case: Case, downloads: str) -> str:
    """What is being done, or what came of it."""
    told = ""
    if case.problem:
        told = problem_html(*case.problem)
    elif case.read.errors and case.result:
        told = _wrong([row for row in case.sheet.judged(case.read) if row.wrong])
    if case.busy:
        return told + _doing(case)
    if case.phase is Phase.STOPPED:
        rest = "下面是停止前已有的草稿。" if case.result else ""
        told += f'<p class="caution">已停止。{rest}</p>'
    return told + (_done(case.result, downloads) if case.result else "")


def _wrong(rows: Sequence[SheetRow]) -> str:
    """Which rows of the sheet the draft does without."""
    shown = "、".join(
        f'<a class="jump" href="#sheet-{row.number}">第{row.number}行'
        f"{escape(row.entry.indicator or '新指标')}</a>"
        for row in rows[:_MOST_NAMED]
    )
    more = "等" if len(rows) > _MOST_NAMED else ""
    return (
        f'<p class="caution">表中有 {len(rows)} 行需要改正，草稿里先留作待填，改正后自动填入：'
        f"{shown}{more}。</p>"
    )


def _doing(case: Case) -> str:
    step = case.step
    if case.phase is Phase.WAITING or step is None:
        doing = _WAITING if case.phase is Phase.WAITING else "正在准备…"
        return doing_html(doing)
    bar = f'<progress max="{step.total}" value="{step.done}"></progress>'
    return doing_html(step.doing) + bar


def _done(result: Result, downloads: str) -> str:
    """How the draft stands, in figures."""
    good = sum(c.good and figure_kind(c) == "good" for c in result.proof.checked)
    wrong = len(result.unbound)
    open_ = len(result.blanks) + result.elsewhere
    parts = [f"{good} 处数字有依据"]
    if wrong:
        parts.append(f"<b>{wrong} 处数字有问题</b>")
    parts.append(f"{open_} 处待填或待核实" if open_ else "没有待填的地方")
    engine = "按规则起草，未使用大模型"
    if result.made.engine != "extractive":
        engine = f"部分文字由大模型 {escape(result.made.model)} 润色，数字未经大模型"
    return (
        f'<div class="draft-done"><div><h3>{escape(result.made.document.title)}</h3>'
        f"<p>{'，'.join(parts)} · {engine}</p>"
        '<p class="muted">草稿不存盘：服务重启或 12 小时不用就会清除，请及时下载。</p>'
        f"</div>{downloads}</div>"
    )


def paper_html(case: Case) -> str:
    """The text as far as it is written."""
    result = case.result
    if case.busy and case.step is not None:
        document = case.step.document
        return _paper(document, preview(document), (), {}, {})
    if result is None:
        return ""
    waiting = case.sheet.waiting(case.read)
    boxes = {blank.id: box_of(blank, waiting) for blank in result.blanks}
    anchors: dict[int, str] = {}
    for n, finding in enumerate(result.findings):
        if finding.end > finding.start:
            anchors[finding.start] = anchors.get(finding.start, "") + _anchor(f"df-{n}")
    for n, wrong in enumerate(result.unbound):
        at = wrong.quantity.start
        anchors[at] = anchors.get(at, "") + _anchor(f"dq-{n}")
    return _paper(result.made.document, result.passages, result.blanks, boxes, anchors)


def box_of(blank: Blank, waiting: Mapping[str, SheetRow]) -> str:
    """Attributes of the box that fills a blank: a `waiting` row of the sheet, or one's own words.

    `data-ask` says what is to be typed: a change is filled by the figure that changed; `data-typed`
    is what was typed and cannot be used.
    """
    row = waiting.get(blank.key)
    if row is None:
        return f'data-act="say" data-row="{escape(blank.id)}" data-name="" data-ask="填写内容"'
    ask = said_of(row) or f"{row.entry.indicator}本年数"
    return (
        f'data-act="edit" data-row="{escape(row.id)}" data-name="value" data-ask="{escape(ask)}" '
        f'data-typed="{escape(row.entry.value)}"'
    )


def _anchor(name: str) -> str:
    return f'<a class="anchor" id="{name}"></a>'


def _paper(
    document: OfficialDocument,
    passages: Sequence[Passage],
    blanks: Sequence[Blank],
    boxes: Mapping[str, str],
    anchors: Mapping[int, str],
) -> str:
    pen = _Pen(blanks, boxes, anchors)
    body = "".join(pen.passage(passage) for passage in passages)
    org = f'<p class="signoff">{pen.plain(tidy(document.signoff_org))}</p>'
    date = f'<p class="date">{pen.date(tidy(document.date_text))}</p>'
    return f'<article class="paper" lang="zh-CN">{body}{org}{date}</article>'


def _is_plain(checked: Checked) -> bool:
    """Whether it needs no mark: a date or a set phrase that is as it should be."""
    return checked.good and checked.quantity.kind is not QuantityKind.QUANTITY


class _Pen:
    """Writes passages; blanks are numbered as they come."""

    def __init__(
        self, blanks: Sequence[Blank], boxes: Mapping[str, str], anchors: Mapping[int, str]
    ) -> None:
        self._blanks = blanks
        self._boxes = boxes
        self._anchors = sorted(anchors.items())
        self._numbers = count()

    def passage(self, passage: Passage) -> str:
        """One passage."""
        if passage.role == "table":
            return self._table(passage)
        text = "".join(self._piece(piece) for piece in passage.rows[0][0])
        if passage.role == "heading":
            level = min(passage.level, 3)
            return f'<h{level + 2} class="level{level}">{text}</h{level + 2}>'
        if passage.role == "title" and "<" not in text:  # a line does not end within it
            text = _YEAR.sub(r'<span class="whole">\g<0></span>', text)
        tag = _TAGS[passage.role]
        return f'<{tag} class="{passage.role}">{text}</{tag}>'

    def _table(self, passage: Passage) -> str:
        rows = list(self._cells(passage))
        body = "".join(f"<tr>{row}</tr>" for row in rows[1:])
        head = rows[0].replace("<td>", '<th scope="col">').replace("</td>", "</th>")
        return (
            f'<div class="paper-table"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def _cells(self, passage: Passage) -> Iterator[str]:
        for row in passage.rows:
            cells = ("".join(self._piece(piece) for piece in cell) for cell in row)
            yield "".join(f"<td>{cell}</td>" for cell in cells)

    def _piece(self, piece: Piece) -> str:
        shown = self._marked(piece)
        if piece.lead:
            shown = f'<span class="lead">{shown}</span>'
        return self._anchored(piece) + shown

    def _anchored(self, piece: Piece) -> str:
        """Anchors of findings that begin in the piece."""
        found = ""
        end = piece.at + len(piece.text)
        while piece.at >= 0 and self._anchors and self._anchors[0][0] < end:
            found += self._anchors.pop(0)[1]
        return found

    def _marked(self, piece: Piece) -> str:
        span = piece.span
        if isinstance(span, Placeholder | Suggestion):
            return self._open(piece.text, suggested=isinstance(span, Suggestion))
        if not isinstance(span, Figure) and (piece.checked is None or _is_plain(piece.checked)):
            return self.plain(piece.text)
        told = [verdict_of(piece.checked)] if piece.checked else []
        if isinstance(span, Figure):
            told = [told[0].partition("；")[0]] if told else []
            told.append(span.comment)
        kind = figure_kind(piece.checked) if piece.checked else "good"
        said = escape("\n".join(told))
        return (
            f'<mark class="fig {kind}" tabindex="0" data-told="{said}" title="{said}">'
            f"{escape(piece.text)}</mark>"
        )

    def _open(self, text: str, *, suggested: bool) -> str:
        n = next(self._numbers)
        kind = "suggestion" if suggested else "check" if text.startswith("【待核实") else "fill"
        if n >= len(self._blanks):
            return f'<mark class="blank {kind}">{escape(text)}</mark>'
        blank = self._blanks[n]
        return (
            f'<mark class="blank {kind}" id="b-{blank.id}" tabindex="0" role="button" '
            f'data-focus="p {blank.id}" {self._boxes[blank.id]}>{escape(text)}</mark>'
        )

    def date(self, text: str) -> str:
        """The date; a blank one can be filled."""
        last = self._blanks[-1] if self._blanks else None
        if last is None or last.text != text:
            return self.plain(text)
        return (
            f'<mark class="blank fill" id="b-{last.id}" tabindex="0" role="button" '
            f'data-focus="p {last.id}" {self._boxes[last.id]}>{escape(text)}</mark>'
        )

    @staticmethod
    def plain(text: str) -> str:
        """Plain words; a blank among them, as in a heading, is marked."""
        return PLACEHOLDER.sub(lambda m: f'<mark class="blank fill">{m[0]}</mark>', escape(text))
