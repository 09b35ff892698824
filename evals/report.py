"""The files a run leaves: metrics as JSON, a page (`evals.page`), cases as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.page import page
from evals.suites import Run

__all__ = ["document", "write"]


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


def _lines(records: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
