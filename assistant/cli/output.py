"""One JSON document for programs, readable text for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["JsonFlag", "OrgOption", "YearOption", "console", "emit"]

JsonFlag = Annotated[
    bool, typer.Option("--json", help="在标准输出打印一个 JSON 文档，供程序使用。")
]
OrgOption = Annotated[list[str] | None, typer.Option("--org", help="单位，可写简称；可重复。")]
YearOption = Annotated[list[int] | None, typer.Option("--year", help="年度；可重复。")]


def console(stderr: bool = False) -> Console:
    """A Rich console that neither guesses at emoji nor colours numbers in prose."""
    from rich.console import Console

    return Console(stderr=stderr, emoji=False, highlight=False)


def emit(payload: Mapping[str, Any], as_json: bool, human: Callable[[Console], None]) -> None:
    """Print `payload` as JSON, or let `human` write to the console."""
    if as_json:
        typer.echo(json.dumps(payload, ensure_ascii=False, indent=2))
    else:
        human(console())
