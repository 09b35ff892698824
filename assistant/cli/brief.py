"""The command that writes one brief over many reports: brief."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.brief import Brief, BriefModel, Request, Watch
    from assistant.settings import Settings

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
    engine: Annotated[
        str | None, typer.Option(help="extractive、openai 或 local；不写则按设置。")
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(min=1, help="大模型读写合计最多用多少词元；到了上限，其余按规则归类、摘录。"),
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="写入 .docx 或 .md 文件。")],
    as_json: JsonFlag = False,
) -> None:
    """把多份报告汇总成一份简报：指标对比表、共性做法与不足、需要复核的报告，逐项注明出处。"""
    from assistant.brief import Request, check_format, split_names, write_brief
    from assistant.settings import Settings

    check_format(output)
    settings = Settings()
    model = _model(settings, engine, max_tokens)
    named = [name for text in (*(orgs or ()), *(more or ())) for name in split_names(text)]
    made = _make(settings, Request(tuple(named), year, title), model)
    write_brief(made, output)
    emit(
        made.to_json(output) if as_json else {},
        as_json,
        lambda out: _print(out, made, output),
    )


def _model(settings: Settings, engine: str | None, max_tokens: int | None) -> BriefModel | None:
    """The model of the engine asked for, None for the one without. Raises EngineError."""
    from assistant.build import make_brief_model
    from assistant.settings import check_engine

    chosen = check_engine(engine, settings)
    if chosen == "extractive":
        return None
    return replace(make_brief_model(settings, chosen), cap=max_tokens)


def _make(settings: Settings, request: Request, model: BriefModel | None) -> Brief:
    from assistant.brief import make_brief
    from assistant.build import open_services

    with open_services(settings) as services, _watch() as watch:
        store, lexicon = services.store, services.lexicon
        return make_brief(store, lexicon, request, settings.folder, model=model, watch=watch)


@contextmanager
def _watch() -> Iterator[Watch]:
    """Stages with a bar, and the model's cost, on stderr."""
    from rich.progress import Progress

    from assistant.brief import Watch
    from assistant.cli.output import console

    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield Watch(
            stage=lambda name: bar.reset(task, description=name, total=None),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
            say=lambda text: typer.echo(text, err=True),
        )


def _print(out: Console, made: Brief, output: Path) -> None:
    out.print(f"已写入 {output}", markup=False, soft_wrap=True)
    coverage = made.coverage
    listed = f"{coverage.covered} 份列入“报告来源”并写明是否计入汇总。"
    out.print(f"共 {coverage.reports} 份报告，{listed}")
    for note in made.notes:
        out.print(f"· {note}", markup=False)
