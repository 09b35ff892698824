"""The command that verifies a file's figures against the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.verify.files import Verified

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(verify)


def verify(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="要核对的文件：docx、txt、md、html、pdf。"),
    ],
    org: Annotated[str, typer.Option(help="文件所写的单位，可写简称；不写则从文件识别。")] = "",
    year: Annotated[int | None, typer.Option(help="文件所写的年度；不写则从文件识别。")] = None,
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", help="填好的指标填报表（.xlsx 或 .csv）：本年的数字与它核对。"),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """把文件里的每个数字与资料库的报告核对，逐个给出结论和出处。

    文件旁有起草时写下的依据文件（.evidence.json）的，按依据文件核对，不需要资料库。
    """
    from assistant.build import open_services
    from assistant.draft.evidence import verify_draft
    from assistant.draft.given import verify_with_sheet
    from assistant.verify.files import verify_file

    found = None if org or year or sheet else verify_draft(path)
    if found is None:
        with open_services() as services:
            at = (services.store, services.lexicon)
            if sheet is None:
                found = verify_file(path, *at, org=org, year=year)
            else:
                found = verify_with_sheet(path, sheet, *at, org=org, year=year)
    emit(found.to_json(), as_json, lambda out: _print(out, found))


def _print(out: Console, found: Verified) -> None:
    from rich.markup import escape
    from rich.table import Table

    from assistant.verify.words import against_given, place, summary, words_of

    wrong = [c for c in found.checked if not c.good]
    errors = sorted(wrong, key=lambda c: not against_given(c))
    waiting = [c for c in found.checked if c.verdict == "placeholder"]
    if errors or waiting:
        table = Table(box=None, pad_edge=False)
        for title in ("结论", "文中", "说明", "怎么办"):
            table.add_column(title, overflow="fold")
        for c in (*errors, *waiting):
            words = words_of(c)
            cells = (words.name, escape(place(found, c)), escape(c.detail), words.advice)
            table.add_row(*cells, style="yellow" if c.good else "red")
        out.print(table)
    out.print(escape(summary(found)), soft_wrap=True)
