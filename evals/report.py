"""The files a run leaves: metrics as JSON, a page that needs no network, cases as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from evals.results import SuiteResult, Table

__all__ = ["page", "write"]

_STYLE = """
body { font: 15px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em auto;
       max-width: 70em; padding: 0 1em; color: #222; }
table { border-collapse: collapse; margin: .5em 0 2em; width: 100%; }
caption { text-align: left; font-weight: bold; font-size: 1.1em; padding: .4em 0; }
th, td { border-bottom: 1px solid #ddd; padding: .25em .6em; text-align: left;
         vertical-align: top; }
th { background: #f4f4f4; }
.bar { background: linear-gradient(to right, #9ec5e8 var(--share), transparent var(--share)); }
.miss { background: #fbe9e7; }
""".strip()


def write(result: SuiteResult, folder: Path) -> list[Path]:
    """Write `<suite>.json`, `<suite>.html` and the suite's own files; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        f"{result.name}.json": json.dumps(
            {"metrics": {result.name: result.metrics}}, ensure_ascii=False, indent=2
        ),
        f"{result.name}.html": page(result),
    }
    for name, records in result.files.items():
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        texts[name] = "\n".join(lines) + "\n"
    paths = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, "utf-8")
        paths.append(path)
    return paths


def page(result: SuiteResult) -> str:
    """One HTML page with style inline and nothing fetched."""
    body = "".join(_table(table) for table in (*result.tables, *result.worst))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(result.title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(result.title)}</h1>{body}</body></html>\n"
    )


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
