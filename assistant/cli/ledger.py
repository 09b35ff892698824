"""The indicator ledger: query, export, fill-in sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, OrgOption, YearOption, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from vectorstore.indicators import Lexicon
    from vectorstore.store import LedgerRow

__all__ = ["register"]

_SHOWN = 500  # rows printed for people; files and --json hold all of them


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(ledger)


def ledger(
    org: OrgOption = None,
    year: YearOption = None,
    *,
    indicator: Annotated[
        str, typer.Option(help="指标：共享指标的名称、别名或键，或指标中的词。")
    ] = "",
    template: Annotated[
        bool, typer.Option("--template", help="按该单位上一份报告生成 --year 年度的指标填报表。")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写入 .xlsx 或 .csv 文件。")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """查看或导出指标台账：每个数字的单位、年度、指标、数值和原文出处；或生成指标填报表。"""
    if template:
        _template(org or (), year or (), output, as_json)
        return
    from assistant.build import open_services
    from assistant.ledger import check_suffix, find_rows, ledger_json, save_ledger
    from assistant.scoping import resolve_scope

    if output is not None:
        check_suffix(output)
    with open_services() as services:
        scope = resolve_scope(services.store, org or (), year or ())
        rows = find_rows(services.store, services.lexicon, scope, indicator)
        if output is not None:
            save_ledger(output, rows, services.lexicon)
    emit(
        ledger_json(rows) if as_json else {},
        as_json,
        lambda out: _print(out, rows, services.lexicon, output),
    )


def _print(out: Console, rows: Sequence[LedgerRow], lexicon: Lexicon, output: Path | None) -> None:
    from vectorstore.types import QuantityKind

    figures = [row for row in rows if row.quantity.kind is QuantityKind.QUANTITY]
    if output is None:
        _print_tables(out, figures, lexicon)
    else:
        out.print(f"已写入 {output}", markup=False, soft_wrap=True)
    orgs = len({row.org for row in figures})
    others = len(rows) - len(figures)
    more = f"；另有日期和固定提法 {others} 处，见导出文件" if others else ""
    out.print(f"共 {len(figures)} 个数字，{orgs} 个单位{more}。")
    if output is None and len(figures) > _SHOWN:
        out.print(f"只显示了前 {_SHOWN} 个，全部请用 -o 台账.xlsx 导出。", style="yellow")


def _print_tables(out: Console, figures: Sequence[LedgerRow], lexicon: Lexicon) -> None:
    from itertools import groupby

    from rich.markup import escape
    from rich.table import Table

    from assistant.ledger import MODALITIES, printed

    order = {key: n for n, key in enumerate(lexicon.indicators)}
    for (org, year), group in groupby(figures[:_SHOWN], key=lambda row: (row.org, row.year)):
        table = Table(box=None, pad_edge=False, expand=True)
        table.add_column("指标", ratio=4)
        table.add_column("共享指标", ratio=3)
        table.add_column("数值", justify="right", no_wrap=True)
        table.add_column("口径", no_wrap=True)
        table.add_column("章节", ratio=3, no_wrap=True, overflow="ellipsis", style="dim")
        for row in sorted(group, key=lambda row: order.get(row.quantity.canonical, len(order))):
            q = row.quantity
            shared = lexicon.indicators.get(q.canonical)
            section = q.heading.rpartition(" > ")[2]
            cells = (q.indicator or "—", shared.name if shared else "", printed(q))
            table.add_row(*map(escape, (*cells, MODALITIES[q.modality], section)))
        out.print(f"\n[bold]{escape(org or '（单位不明）')} {year or '（年度不明）'}[/bold]")
        out.print(table)


def _template(
    orgs: Sequence[str], years: Sequence[int], output: Path | None, as_json: bool
) -> None:
    """Write the fill-in sheet; it is about one organisation and one year."""
    from assistant.build import open_services
    from assistant.ledger import check_suffix, make_template, one_org, save_template

    if len(orgs) != 1 or len(years) != 1 or output is None:
        raise typer.BadParameter("--template 需要同时给出一个 --org、一个 --year 和 -o 文件名。")
    check_suffix(output)
    with open_services() as services:
        made = make_template(services.store, one_org(services.store, orgs[0]), years[0])
    save_template(output, made)
    payload = {
        "path": str(output),
        "org": made.org,
        "year": made.year,
        "base": {"report_id": made.base.id, "year": made.base.year},
        "rows": len(made.items),
    }
    text = (
        f"已写入 {output}：{made.org}{made.year}年指标填报表，{len(made.items)} 个指标，"
        f"依据{made.base.year}年报告。"
    )
    emit(payload, as_json, lambda out: out.print(text, markup=False, soft_wrap=True))
