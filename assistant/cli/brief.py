"""The command that writes one brief over many reports: brief."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.brief import Brief

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(brief)


def brief(
    more: Annotated[list[str] | None, typer.Argument(metavar="", hidden=True)] = None,
    *,
    year: Annotated[int | None, typer.Option(help="年度；不写则用资料库里最新的年度。")] = None,
    orgs: Annotated[
        list[str] | None,
        typer.Option(help="应报送的单位，可写简称；多个用逗号隔开或重复。不写则为全部单位。"),
    ] = None,
    title: Annotated[str, typer.Option(help="简报标题。")] = "",
    engine: Annotated[str | None, typer.Option(help="extractive 或 openai；不写则按设置。")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="写入 .docx 或 .md 文件。")],
    as_json: JsonFlag = False,
) -> None:
    """把多份报告汇总成一份简报：指标对比表、共性做法与不足、需要复核的报告，逐项注明出处。"""
    from assistant.brief import Request, check_format, make_brief, write_brief
    from assistant.build import make_brief_model, open_services
    from assistant.settings import Settings, check_engine

    check_format(output)
    settings = Settings()
    chosen = check_engine(engine, settings)
    model = None if chosen == "extractive" else make_brief_model(settings)
    named = [name for text in (*(orgs or ()), *(more or ())) for name in split_names(text)]
    with open_services(settings) as services, _progress() as progress:
        request = Request(tuple(named), year, title)
        made = make_brief(
            services.store,
            services.lexicon,
            request,
            settings.folder,
            model=model,
            say=lambda text: typer.echo(text, err=True),
            progress=progress,
        )
        write_brief(made, output)
    emit(
        made.to_json(output) if as_json else {},
        as_json,
        lambda out: _print(out, made, output),
    )


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr for as long as reports are read."""
    from rich.progress import Progress

    from assistant.cli.output import console

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("阅读报告", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def split_names(text: str) -> list[str]:
    """The names of a comma-separated list."""
    import re

    return [name for name in re.split(r"[,，、;；\s]+", text) if name]


def _print(out: Console, made: Brief, output: Path) -> None:
    out.print(f"已写入 {output}", markup=False, soft_wrap=True)
    coverage = made.coverage
    out.print(f"共 {coverage.reports} 份报告，已全部纳入 {coverage.covered} 份。")
    for note in made.notes:
        out.print(f"· {note}", markup=False)
