"""A run as one HTML page: style inline, no script, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from evals.plots import curve, intervals
from evals.results import SPLITS, Exhibit, Gallery, Row, SuiteResult, Table
from evals.suites import Run

__all__ = ["page"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
# Figures; years and the marks of citations are none.
_NUMBER = re.compile(r"(?<![\d.])(?!20\d\d年)\d[\d,]*(?:\.\d+)?")


def page(run: Run) -> str:
    """The whole page."""
    title = "测评：" + "、".join(result.title for result in run.results)
    facts = Table("这次测评", [], run.provenance.lines(), ("项目", "内容"))
    style = files("evals").joinpath("page.css").read_text("utf-8")
    head = f"<h1>{escape(title if len(run.results) == 1 else '测评报告')}</h1>"
    body = head + _contents(run.results) + _table(facts) + _overview(run.results)
    body += "".join(map(_suite, run.results))
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _contents(results: Sequence[SuiteResult]) -> str:
    if len(results) < 2:
        return ""
    links = "".join(f'<a href="#{escape(r.name)}">{escape(r.title)}</a>' for r in results)
    return f"<nav>{links}</nav>"


def _overview(results: Sequence[SuiteResult]) -> str:
    """Every score that has a target, drawn with its interval; of two halves the held-out one."""
    rows = [
        (f"{result.title}：{row.name}{f'（{row.split}）' if row.split else ''}", row)
        for result in results
        for table in result.tables
        for row in table.rows
        if row.target is not None and not row.lower and row.split != SPLITS["dev"]
    ]
    return intervals("有目标的得分（圆点为得分，横线为 95% 区间，竖线为目标）", rows)


def _suite(result: SuiteResult) -> str:
    parts = [piece for table in result.tables for piece in _shown(table)]
    parts += map(curve, result.curves)
    if result.unscored:
        rows = [[reason, str(count)] for reason, count in result.unscored.items()]
        title = "没有得分的用例（不计入任何得分）"
        parts.append(_table(Table(title, [], rows, ("原因", "个数"))))
    parts += map(_table, (table for table in result.worst if table.plain))
    parts += map(_gallery, result.galleries)
    name = escape(result.name)
    return f'<section id="{name}"><h2>{escape(result.title)}</h2>{"".join(parts)}</section>'


def _shown(table: Table) -> Iterator[str]:
    if table.plot:
        yield intervals(table.title, [(_name(row), row) for row in table.rows])
    yield _table(table)


def _name(row: Row) -> str:
    return f"{row.name}（{row.split}）" if row.split else row.name


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.head)
    lines = [_measured(row.cells(), row.rate.value, row.mark) for row in table.rows]
    lines += ["<tr>" + _cells(cells) + "</tr>" for cells in table.plain]
    caption = f"<caption>{escape(table.title)}</caption>"
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<div class="wide"><table>{caption}{body}</table></div>'


def _measured(cells: Sequence[str], share: float | None, mark: str) -> str:
    opening = '<tr class="miss">' if mark == "✗" else "<tr>"
    bar = f'<td class="bar" style="--share: {100 * (share or 0):.1f}%">{escape(cells[2])}</td>'
    return opening + _cells(cells[:2]) + bar + _cells(cells[3:]) + "</tr>"


def _cells(cells: Iterable[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)


def _gallery(gallery: Gallery) -> str:
    if not gallery.exhibits:
        return ""
    more = f"<p>另有 {gallery.left_out} 题未列出。</p>" if gallery.left_out else ""
    cards = "".join(map(_exhibit, gallery.exhibits))
    key = "绿色：出处里有这个数；红色：出处里没有。"
    return f"<h3>{escape(gallery.title)}</h3><p>{key}</p>{cards}{more}"


def _exhibit(shown: Exhibit) -> str:
    """Words on the left, sources on the right, figures marked in both."""
    printed = set(_numbers(shown.sources))
    said = set(_numbers(shown.told))
    left = "".join(f"{_term(name)}<dd>{escape(text)}</dd>" for name, text in shown.asked)
    left += "".join(f"{_term(name)}<dd>{_marked(text, printed)}</dd>" for name, text in shown.told)
    right = "".join(
        f"{_term(name)}<dd>{_marked(text, said, only=True)}</dd>" for name, text in shown.sources
    )
    return (
        f'<article class="case"><header><b>{escape(shown.id)}</b> {escape(shown.why)}</header>'
        f"<dl>{left}</dl><dl>{right or '<dd>没有出处</dd>'}</dl></article>"
    )


def _term(name: str) -> str:
    return f"<dt>{escape(name)}</dt>"


def _numbers(texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    for _, text in texts:
        yield from (m[0].replace(",", "") for m in _NUMBER.finditer(_bare(text)))


def _bare(text: str) -> str:
    """Without the marks of citations, which are no figures."""
    return re.sub(r"\[\d+\]", lambda m: " " * len(m[0]), text)


def _marked(text: str, known: set[str], *, only: bool = False) -> str:
    """The text with its figures marked by whether they are `known`; `only` those, if asked for."""
    pieces, at = [], 0
    for m in _NUMBER.finditer(_bare(text)):
        found = m[0].replace(",", "") in known
        if found or not only:
            kind = "found" if found else "lost"
            mark = f'<mark class="{kind}">{escape(m[0])}</mark>'
            pieces += [escape(text[at : m.start()]), mark]
            at = m.end()
    return "".join([*pieces, escape(text[at:])])
