"""The command `fazhi eval`, which the command tree finds as an entry point of `fazhi.commands`.

The assistant never imports this package: pyproject names `register`, the assistant loads it.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from evals.results import SuiteResult

__all__ = ["register"]


class Suite(StrEnum):
    """What can be measured."""

    QUANTITIES = "quantities"


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command(name="eval")(evaluate)


def evaluate(
    suite: Annotated[Suite, typer.Option(help="测什么。")] = Suite.QUANTITIES,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="写结果的目录：得分 JSON、HTML 报告、全部用例。"),
    ] = None,
    seed: Annotated[int, typer.Option(help="生成用例的随机种子。")] = 7,
    as_json: JsonFlag = False,
) -> None:
    """测评：数据提取和核对的得分、目标和置信区间。不联网，不需要大模型。"""
    from evals.report import write
    from evals.suites import run_suite

    result = run_suite(suite.value, seed)
    paths = write(result, out) if out else []
    emit(
        {"metrics": {result.name: result.metrics}},
        as_json,
        lambda console: _print(console, result, paths),
    )


def _print(console: Console, result: SuiteResult, paths: list[Path]) -> None:
    from rich.markup import escape
    from rich.table import Table

    for table in result.tables:
        shown = Table(*table.head, title=table.title, title_justify="left", box=None)
        for row in table.rows:
            shown.add_row(*row.cells(), style="red" if row.mark == "✗" else None)
        console.print(shown)
        console.print()
    for path in paths:
        console.print(escape(f"已写入 {path}"))
