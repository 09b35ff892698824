"""Commands that write drafts: the new year's report and the next year's plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.draft import Request, Written

__all__ = ["register"]

_SHOWN = 12  # blanks listed for people; --json has all of them

Org = Annotated[str, typer.Option("--org", help="单位，可写简称。")]
Year = Annotated[int, typer.Option("--year", help="要起草的年度。")]
Output = Annotated[Path, typer.Option("-o", "--output", help="写入 .docx 或 .md 文件。")]
Figures = Annotated[
    Path | None,
    typer.Option(
        "--figures", help="填好的指标填报表（.xlsx 或 .csv），由 fazhi ledger --template 生成。"
    ),
]
Notes = Annotated[
    Path | None, typer.Option("--notes", help="工作素材（.md、.txt 或 .docx），一件事写一段。")
]
Peers = Annotated[bool, typer.Option("--peers", help="附上其他单位的做法作为建议，注明出处。")]
Engine = Annotated[
    str | None, typer.Option("--engine", help="extractive（不用大模型）、openai 或 local。")
]
Clean = Annotated[bool, typer.Option("--clean", help="写成不带批注和底色的清稿；有待填项时不写。")]
Force = Annotated[bool, typer.Option("--force", help="与 --clean 同用：有待填项也写。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    commands = typer.Typer(help="起草新一年的报告或下一年度工作安排。", no_args_is_help=True)
    commands.command("report")(report)
    commands.command("plan")(plan)
    app.add_typer(commands, name="draft")


def report(
    org: Org,
    year: Year,
    output: Output,
    figures: Figures = None,
    notes: Notes = None,
    *,
    engine: Engine = None,
    peers: Peers = False,
    clean: Clean = False,
    force: Force = False,
    as_json: JsonFlag = False,
) -> None:
    """起草年度报告：据上一份报告改写，数字取自填报表，没有的留待填，绝不沿用上年数字。"""
    from assistant.draft import Request

    request = Request("report", org, year, figures, notes, peers)
    _run(request, output, engine, clean=clean, force=force, as_json=as_json)


def plan(
    org: Org,
    year: Year,
    output: Output,
    figures: Figures = None,
    notes: Notes = None,
    *,
    engine: Engine = None,
    peers: Peers = False,
    clean: Clean = False,
    force: Force = False,
    as_json: JsonFlag = False,
) -> None:
    """起草年度工作安排：据最近一份报告查找的不足和提出的安排。"""
    from assistant.draft import Request

    request = Request("plan", org, year, figures, notes, peers)
    _run(request, output, engine, clean=clean, force=force, as_json=as_json)


def _run(
    request: Request, output: Path, engine: str | None, *, clean: bool, force: bool, as_json: bool
) -> None:
    from assistant.build import open_services
    from assistant.draft import check_output, draft, write
    from assistant.settings import check_engine

    check_output(output)
    with open_services() as services:
        polisher = services.polisher(check_engine(engine, services.settings))
        made = draft(services.store, services.lexicon, request, polisher)
        written = write(made, output, services.lexicon, clean=clean, force=force)
    emit(written.to_json(), as_json, lambda out: _print(out, written))


def _print(out: Console, written: Written) -> None:
    from rich.markup import escape

    out.print(f"已写入 {escape(str(written.path))}（依据：{escape(written.evidence.name)}）")
    if written.draft.prompt_tokens:
        out.print(
            f"提示词共用 {written.draft.prompt_tokens} 个 token（{escape(written.draft.engine)}）"
        )
    for note in written.draft.notes:
        out.print(f"注：{escape(note)}", style="yellow")
    for one in written.unbound:
        out.print(f"没有依据的数：{escape(one.quantity.text)}（{escape(one.detail)}）", style="red")
    blanks = written.placeholders
    if blanks:
        out.print(f"\n有 {len(blanks)} 处待填或待核实：", style="bold")
    for blank in blanks[:_SHOWN]:
        out.print(f"  {escape(blank)}")
    if len(blanks) > _SHOWN:
        out.print(f"  ……其余 {len(blanks) - _SHOWN} 处见文中标记")
