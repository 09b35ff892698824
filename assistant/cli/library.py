"""Commands over the library of reports: ingest, reports, delete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from vectorstore.ingest import IngestSummary

__all__ = ["register"]

STATUS = {"added": "新增", "unchanged": "未变", "replaced": "已替换", "failed": "失败"}


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(ingest)
    app.command()(reports)
    app.command()(delete)


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="文件、文件夹或 zip，可多个；不写则只接着建语义索引。"),
    ] = None,
    reembed: Annotated[
        bool, typer.Option("--reembed", help="更换向量模型后重建全部向量。")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """导入报告（txt、docx、文字版 pdf、html、zip）。随时可中断，再次运行会接着做。"""
    from assistant.build import own_services
    from assistant.cli.progress import ingest_progress
    from assistant.library import NothingFoundError, ingest_paths, summary_json

    with own_services(command="fazhi ingest") as services, ingest_progress(as_json) as progress:
        summary = ingest_paths(services, paths or (), progress, reembed=reembed)
    if paths and not summary.reports and not summary.interrupted:
        raise NothingFoundError("没有找到可以导入的文件。")
    emit(summary_json(summary), as_json, lambda out: _print_summary(out, summary))
    if summary.reports and all(r.status == "failed" for r in summary.reports):
        raise typer.Exit(1)


def _print_summary(out: Console, summary: IngestSummary) -> None:
    if summary.reports:
        _print_files(out, summary)
    elif summary.embedded:
        out.print(f"建了 {summary.embedded} 段语义索引，用时 {summary.seconds:.1f} 秒。")
    elif not summary.pending:
        out.print("语义索引是完整的。")
    if summary.problem:
        out.print(f"语义索引未完成：{summary.problem}", style="yellow")
    if summary.interrupted or summary.pending:
        out.print(f"还有 {summary.pending} 段待建语义索引，再次运行会接着做；现在已可按字词检索。")


def _print_files(out: Console, summary: IngestSummary) -> None:
    from rich.table import Table

    table = Table("状态", "单位", "年度", "文件", box=None, pad_edge=False)
    for r in summary.reports:
        style = "red" if r.status == "failed" else ""
        table.add_row(
            STATUS[r.status], r.org or "—", str(r.year or "—"), Path(r.path).name, style=style
        )
    out.print(table)
    for r in summary.reports:
        if r.status == "failed" or r.reason:
            out.print(
                f"· {Path(r.path).name}：{r.reason}", style="red" if r.status == "failed" else "dim"
            )
    done = sum(r.status != "failed" for r in summary.reports)
    out.print(f"共 {len(summary.reports)} 个文件，{done} 个可用，用时 {summary.seconds:.1f} 秒。")


def reports(as_json: JsonFlag = False) -> None:
    """列出已入库的报告：单位、年度、五部分、数字数量。"""
    from assistant.build import open_services
    from assistant.library import list_reports

    with open_services() as services:
        rows = list_reports(services, check=as_json)
    emit({"reports": rows}, as_json, lambda out: _print_reports(out, rows))


def _print_reports(out: Console, rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from vectorstore.types import PART_NAMES, Part

    if not rows:
        out.print("资料库还是空的。运行 fazhi ingest 文件或文件夹 导入报告。")
        return
    table = Table("编号", "单位", "年度", "缺少的部分", "数字", "提示", box=None, pad_edge=False)
    for row in rows:
        required = [p for p in Part if p is not Part.OTHER]
        missing = [PART_NAMES[p] for p in required if p.value not in row["parts"]]
        table.add_row(
            row["id"][:8],
            row["org"] or "—",
            str(row["year"] or "—"),
            "、".join(missing) or "齐全",
            str(row["quantities"]),
            str(len(row["notes"]) or ""),
        )
    out.print(table)
    out.print(f"共 {len(rows)} 份。")


def delete(
    report_id: Annotated[
        str, typer.Argument(help="报告编号（fazhi reports 所列，可只写前几位）。")
    ],
    as_json: JsonFlag = False,
) -> None:
    """删除一份报告，并从数据文件中彻底清除其文字。"""
    from assistant.build import own_services
    from assistant.conversations import FOLDER, Histories
    from assistant.library import delete_report

    with own_services(command="fazhi delete") as services:  # no server writes conversations now
        row = delete_report(services, report_id)
        Histories(services.settings.folder / FOLDER).follow(services.store)
    payload = {"deleted": row.id, "org": row.org, "year": row.year, "title": row.title}
    emit(payload, as_json, lambda out: out.print(f"已删除：{row.org} {row.year or ''} {row.title}"))
