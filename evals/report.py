"""The files a run leaves: metrics as JSON, a page that needs no network, cases as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from evals.results import Curve, SuiteResult, Table
from evals.suites import Run

__all__ = ["document", "page", "write"]

_STYLE = """
body { font: 15px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em auto;
       max-width: 70em; padding: 0 1em; color: #222; }
table { border-collapse: collapse; margin: .5em 0 2em; width: 100%; }
caption { text-align: left; font-weight: bold; font-size: 1.1em; padding: .4em 0; }
th, td { border-bottom: 1px solid #ddd; padding: .25em .6em; text-align: left;
         vertical-align: top; white-space: pre-line; }
th { background: #f4f4f4; }
.bar { background: linear-gradient(to right, #9ec5e8 var(--share), transparent var(--share)); }
.miss { background: #fbe9e7; }
svg { max-width: 36em; } svg text { font-size: 12px; fill: #444; }
""".strip()
_WIDE, _HIGH, _EDGE = 480, 260, 44  # of a plot, in its own units


def document(run: Run) -> dict[str, Any]:
    """The run as recorded and compared: where it came from, every suite's metrics and tables.

    `shown` is what the web page shows of it, in words, without knowing any metric by name.
    """
    metrics = {result.name: result.to_json() for result in run.results}
    shown = [
        {
            "title": result.title,
            "tables": [table.to_json() for table in result.tables if table.rows],
        }
        for result in run.results
    ]
    return {"provenance": run.provenance.to_json(), "metrics": metrics, "shown": shown}


def write(run: Run, folder: Path) -> list[Path]:
    """Write `<name>.json`, `<name>.html` and the suites' own files; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        f"{run.name}.json": json.dumps(document(run), ensure_ascii=False, indent=2) + "\n",
        f"{run.name}.html": page(run),
    }
    for result in run.results:
        for name, records in result.files.items():
            texts[name] = _lines(records)
    paths = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, "utf-8")
        paths.append(path)
    return paths


def page(run: Run) -> str:
    """One HTML page with style inline and nothing fetched."""
    title = "测评：" + "、".join(result.title for result in run.results)
    facts = Table("这次测评", [], run.provenance.lines(), ("项目", "内容"))
    body = _table(facts) + "".join(map(_suite, run.results))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def _lines(records: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _suite(result: SuiteResult) -> str:
    tables = [*result.tables]
    if result.unscored:
        rows = [[reason, str(count)] for reason, count in result.unscored.items()]
        tables.append(Table("没有得分的用例（不计入任何得分）", [], rows, ("原因", "个数")))
    parts = [*map(_table, tables), *map(_plot, result.curves), *map(_table, result.worst)]
    return f"<h2>{escape(result.title)}</h2>{''.join(parts)}"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.head)
    lines = [_measured(row.cells(), row.rate.value, row.mark) for row in table.rows]
    lines += ["<tr>" + _cells(cells) + "</tr>" for cells in table.plain]
    caption = f"<caption>{escape(table.title)}</caption>"
    return f"<table>{caption}<tr>{head}</tr>{''.join(lines)}</table>"


def _measured(cells: Sequence[str], share: float | None, mark: str) -> str:
    opening = '<tr class="miss">' if mark == "✗" else "<tr>"
    bar = f'<td class="bar" style="--share: {100 * (share or 0):.1f}%">{escape(cells[2])}</td>'
    return opening + _cells(cells[:2]) + bar + _cells(cells[3:]) + "</tr>"


def _cells(cells: Sequence[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)


def _plot(curve: Curve) -> str:
    """The curve as inline SVG; the vertical axis ends at the next tenth above the highest point."""
    top = min(1.0, int(max((y for _, y in curve.points), default=0.0) * 10 + 1) / 10)
    across, up = _WIDE - 2 * _EDGE, _HIGH - 2 * _EDGE
    points = " ".join(
        f"{_EDGE + x * across:.1f},{_HIGH - _EDGE - y / top * up:.1f}" for x, y in curve.points
    )
    foot, side = _HIGH - _EDGE, _WIDE - _EDGE
    axes = f"{_EDGE},{_EDGE} {_EDGE},{foot} {side},{foot}"
    texts = (
        (_EDGE, _EDGE - 8, f"{curve.y}（至 {top:.0%}）"),
        (side - 60, foot + 32, f"{curve.x}（至 100%）"),
        (_EDGE - 6, foot + 16, "0"),
    )
    labels = "".join(f'<text x="{x}" y="{y}">{escape(text)}</text>' for x, y, text in texts)
    return (
        f"<h3>{escape(curve.title)}</h3>"
        f'<svg viewBox="0 0 {_WIDE + 60} {_HIGH}" role="img" aria-label="{escape(curve.title)}">'
        f'<polyline points="{axes}" fill="none" stroke="#999"/>'
        f'<polyline points="{points}" fill="none" stroke="#1f6fb2" stroke-width="2"/>'
        f"{labels}</svg>"
    )
