"""HTML of what a check found: findings by severity, verdicts on figures, each to be ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from assistant.app.escaping import escape
from assistant.app.verdicts import source_of
from assistant.check import Checked, Finding
from assistant.check.words import NOTHING_FOUND, SEVERITIES, compared, counted
from assistant.verify import Checked as Figure
from assistant.verify import Verdict
from assistant.verify.files import Verified
from assistant.verify.words import (
    AGAINST_GIVEN,
    AS_GIVEN,
    VERDICTS,
    place,
    summary,
    words_of,
)
from vectorstore.types import Report

__all__ = [
    "WELCOME",
    "done_html",
    "findings_html",
    "unverified_html",
    "verdicts_html",
]

WELCOME = (
    '<div class="empty"><p class="big">校核一份报告</p>'
    "<p>上传要校核的报告，查数据、年份、五部分、序号、标点和照抄，并把每个数字与资料库核对。"
    "上年报告可不传：资料库里有的会自动对照。本年的数字有填报表（.xlsx）的，或是用本系统起草、"
    "有随稿依据文件的，一并放上，就逐个与填报的数据核对。上传的文件不进入资料库。</p></div>"
)


def done_html(
    checked: Checked, downloads: Sequence[tuple[str, str]], cautions: Sequence[str] = ()
) -> str:
    """Which report was checked, against what, and links to the list as (suffix, address)."""
    told = "".join(f'<p class="caution">{escape(caution)}</p>' for caution in cautions)
    report = checked.report
    year = f"{report.year}年" if report.year else "年度未识别"
    links = "".join(
        f'<a class="download" href="{escape(address)}">下载清单 {escape(suffix)}</a>'
        for suffix, address in downloads
    )
    return (
        f'<div class="checked"><div><h3>{escape(report.title or "（无标题）")}</h3>'
        f"<p>{escape(report.org or '单位未识别')} · {year} · {escape(compared(checked))}</p></div>"
        f'<p class="links">{links}</p></div>{told}'
    )


def findings_html(checked: Checked) -> str:
    """Findings, the gravest first."""
    if not checked.findings:
        return (
            '<section class="found"><h3>校核发现</h3>'
            f'<p class="fine">✓ {escape(NOTHING_FOUND)}</p></section>'
        )
    groups = ""
    for severity, name in SEVERITIES.items():
        items = [
            _finding(n, finding)
            for n, finding in enumerate(checked.findings)
            if finding.severity is severity and finding.rule != _BLANK
        ]
        if items:
            groups += _group(severity.value, name, items)
    blanks = [_finding(n, f) for n, f in enumerate(checked.findings) if f.rule == _BLANK]
    if blanks:  # apart: in a draft they are so many that nothing else would be seen
        groups += _group("waiting", "没有填的空", blanks, folded=len(blanks) > _OPEN)
    return (
        f'<section class="found"><h3>校核发现</h3><p class="sum">{escape(counted(checked))}</p>'
        f"{groups}{_DONE}</section>"
    )


_BLANK = "placeholder"
_OPEN = 12  # figures; a longer group is folded, so that the next one is seen
_FOUND = (*(v for v in Verdict if v is not Verdict.FABRICATED), Verdict.FABRICATED)
_ORDER = (AGAINST_GIVEN, *(VERDICTS[verdict] for verdict in _FOUND))
_DONE = '<p class="ticked" aria-hidden="true"></p>'  # style.css counts the boxes ticked


def _group(kind: str, name: str, items: Sequence[str], *, folded: bool = False) -> str:
    return (
        f'<details class="group"{"" if folded else " open"}><summary class="{kind}">{escape(name)}'
        f"<span>{len(items)}</span></summary><ol>{''.join(items)}</ol></details>"
    )


def _finding(n: int, finding: Finding) -> str:
    quote = " ".join(finding.quote.split())
    quoted = f"<q>{escape(quote)}</q>" if quote else ""
    where = escape(finding.where)
    if finding.end > finding.start:
        where = f'<a class="jump" href="#f-{n}">{where}</a>'
    body = f'<p>{escape(finding.message)}</p>{quoted}<p class="where">{where}</p>'
    return _item(f"发现{n + 1}", body)


def _item(name: str, body: str) -> str:
    key = sha256(body.encode()).hexdigest()[:16]  # what check.js remembers of a box ticked
    return (
        f'<li><input type="checkbox" data-key="{key}" aria-label="{escape(name)}已处理">'
        f"<div>{body}</div></li>"
    )


def unverified_html(message: str, hint: str) -> str:
    """Why the figures could not be held against the library."""
    return (
        f'<section class="found"><h3>数字核对</h3><p>{escape(message)}</p>'
        f'<p class="sum">{escape(hint)}</p></section>'
    )


def verdicts_html(verified: Verified, report: Report) -> str:
    """Figures in question by verdict; those that may stand are folded away."""
    numbered = list(enumerate(verified.checked))
    groups = ""
    for words in _ORDER:
        items = [
            (c, _item(f"数字{n + 1}", _figure(n, c, verified)))
            for n, c in numbered
            if words_of(c) is words and (not c.good or c.verdict is Verdict.PLACEHOLDER)
        ]
        if items:
            kind = "waiting" if items[0][0].good else "error"
            kind += " against" if words is AGAINST_GIVEN else ""
            folded = len(items) > _OPEN and words is not AGAINST_GIVEN
            groups += _group(kind, words.name, [item for _, item in items], folded=folded)
    good = [(n, c) for n, c in numbered if c.good and c.verdict is not Verdict.PLACEHOLDER]
    as_given = [_figure(n, c, verified) for n, c in good if words_of(c) is AS_GIVEN]
    others = [_figure(n, c, verified) for n, c in good if words_of(c) is not AS_GIVEN]
    fine = _folded(f"{AS_GIVEN.name}的", as_given) + _folded("有依据的", others)
    told = "".join(f'<p class="caution">{escape(t)}</p>' for t in _cautions(verified, report))
    ticked = _DONE if groups else ""
    return (
        f'<section class="found figures"><h3>数字核对</h3>'
        f'<p class="sum">{escape(summary(verified))}</p>{told}{groups}{ticked}{fine}</section>'
    )


def _folded(name: str, figures: Sequence[str]) -> str:
    """Figures that may stand, to be looked up."""
    if not figures:
        return ""
    items = "".join(f"<li>{figure}</li>" for figure in figures)
    summary = f"<summary>{name} {len(figures)} 处</summary>"
    return f'<details class="fold">{summary}<ol>{items}</ol></details>'


def _cautions(verified: Verified, report: Report) -> list[str]:
    """What the reader must know before trusting the verdicts."""
    if report.id in {row.id for row in verified.against}:
        return ["资料库里已有这份报告：数字与它自己相符，不能说明数字正确。"]
    if not verified.org:
        whose = f"资料库里没有{report.org}的报告" if report.org else "没有认出报告的单位"
        return [f"{whose}，只能与全部报告对照；“无出处”的请按本单位的统计表核实。"]
    newest = max((row.year or 0 for row in verified.against), default=0)
    if not (verified.sheet or verified.evidence) and newest < (verified.year or 0):
        return [
            f"资料库里没有{verified.org}{verified.year}年的数据：本年新产生的数字会列为"
            "“无出处”。放上填好的填报表或随稿的依据文件再校核，就能逐个核对。"
        ]
    return []


def _figure(n: int, figure: Figure, verified: Verified) -> str:
    words = words_of(figure)
    told = "。".join(part for part in (figure.detail, words.advice) if part)
    said = f"<p>{escape(told)}。</p>" if told else ""
    source = figure.source
    if source is not None:
        said += (
            f'<details class="origin"><summary>{escape(source_of(source))}</summary>'
            f"<q>{escape(source.sentence)}</q></details>"
        )
    where = f'<a class="jump" href="#q-{n}">{escape(place(verified, figure))}</a>'
    return f'<p class="where">{where}</p>{said}'
