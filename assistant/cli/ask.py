"""Commands that read: ask and search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import JsonFlag, OrgOption, YearOption, console, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.answer.types import Answer
    from assistant.build import Services
    from assistant.documents import SearchDocument
    from vectorstore.types import Scope

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(ask)
    app.command()(search)


def ask(
    question: Annotated[str, typer.Argument(help="问题，如“2025年哪个单位立案最多？”。")],
    org: OrgOption = None,
    year: YearOption = None,
    engine: Annotated[
        str | None, typer.Option(help="extractive（不用大模型）、openai 或 local。")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """就已入库的报告提问，回答附出处；报告没有写的会直说。"""
    from assistant.build import open_services
    from assistant.settings import check_engine

    with open_services() as services:
        answerer = services.answerer(check_engine(engine, services.settings))
        scope = _scope(services, org, year)
        answer = _run(answerer.stream(question, scope=scope))
    emit(answer.to_json(), as_json, lambda out: _print_answer(out, answer))


def _run(events: Any) -> Answer:
    """Drain a stream to its `Done`; on a terminal, one line says what is being waited for."""
    from assistant.answer.types import Done, Waiting

    with console(stderr=True).status("正在查阅报告") as line:
        for event in events:
            if isinstance(event, Waiting):
                line.update(f"{event.reason}（{event.seconds:.0f} 秒）")
            if isinstance(event, Done):
                return event.answer
    raise AssertionError("an answer stream ends with Done")


def _scope(services: Services, org: Sequence[str] | None, year: Sequence[int] | None) -> Scope:
    from assistant.scoping import resolve_scope

    return resolve_scope(services.store, org or (), year or ())


def _print_answer(out: Console, answer: Answer) -> None:
    """An answer for people: text, then each source with its quote."""
    from rich.markup import escape

    out.print(escape(answer.text))
    for line in answer.nearest:
        out.print(f"· {escape(line)}")
    if answer.citations:
        out.print("\n出处", style="bold")
    for c in answer.citations:
        place = escape(f"{c.org} {c.year or ''} · {c.heading}")
        out.print(f"[bold]{escape(f'[{c.n}]')}[/bold] {place}")
        out.print(f"    “{escape(c.quote.strip())}”", style="dim")
    for note in answer.notes:
        out.print(f"注：{escape(note)}", style="yellow")


def search(
    query: Annotated[str, typer.Argument(help="要找的内容。")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="条数。")] = 10,
    org: OrgOption = None,
    year: YearOption = None,
    as_json: JsonFlag = False,
) -> None:
    """按意思和字词检索原文段落。"""
    from assistant import queries
    from assistant.build import open_services

    with open_services() as services:
        found = queries.search(services, query, org or (), year or (), k)
    emit(found.model_dump(), as_json, lambda out: _print_hits(out, found))


def _print_hits(out: Console, found: SearchDocument) -> None:
    from rich.markup import escape

    if not found.hits:
        out.print("没有找到相关段落。")
    for n, hit in enumerate(found.hits, 1):
        out.print(f"[bold]{n}. {escape(hit.org)} {hit.year or ''}[/bold] · {escape(hit.heading)}")
        out.print(f"   {escape(hit.text.strip())}", style="dim")
