"""The command `fazhi eval`, which the command tree finds as an entry point of `fazhi.commands`.

The assistant never imports this package: pyproject names `register`, the assistant loads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from evals.compare import Change
    from evals.session import Session
    from evals.suites import Run

__all__ = ["register"]


class Suite(StrEnum):
    """What can be measured."""

    ALL = "all"
    QUANTITIES = "quantities"
    ANSWER = "answer"
    REFUSAL = "refusal"
    RETRIEVAL = "retrieval"
    DRAFT = "draft"
    BRIEF = "brief"
    INJECTION = "injection"
    JUDGE = "judge"


Which = Annotated[Suite, typer.Option("--suite", help="测什么。")]
Engine = Annotated[str, typer.Option(help="用哪个引擎回答；默认 extractive，不用大模型、不联网。")]
Limit = Annotated[int | None, typer.Option(min=1, help="最多测多少个用例，各类按比例抽。")]
Seed = Annotated[int, typer.Option(help="生成和抽取用例的随机种子。")]
Old = Annotated[
    Path | None,
    typer.Option("--compare", help="与以前的结果（.json）比；有超出误差的退步时返回 1。"),
]
Rgb = Annotated[
    Path | None, typer.Option(help="RGB 测试集所在目录，加测检索（数据自备，仅限非商业用途）。")
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", help="写结果的目录：得分 JSON、HTML 报告、全部用例。")
]
Judge = Annotated[
    str | None, typer.Option(help="再用这个引擎的大模型评判引文是否支持说法（问答）。")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="接着做 -o 目录里中断的测评；条件不同则不做。")
]


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command(name="eval")(evaluate)


def evaluate(  # noqa: PLR0917 - a command has as many options as it has
    suite: Which = Suite.QUANTITIES,
    engine: Engine = "extractive",
    limit: Limit = None,
    seed: Seed = 7,
    compare: Old = None,
    rgb: Rgb = None,
    out: Out = None,
    judge: Judge = None,
    resume: Resume = False,
    as_json: JsonFlag = False,
) -> None:
    """测评：得分、计数、95% 区间和目标。"""
    from evals.compare import changes, load_run, unlike
    from evals.report import document, write
    from evals.suites import keep_journal, run_suites

    old = load_run(compare) if compare else None
    if resume and out is None:
        raise typer.BadParameter("请同时用 -o 指定要接着做的目录。", param_hint="--resume")
    with _session(engine, out, judge) as session:
        session.limit, session.seed, session.rgb = limit, seed, rgb
        if out:
            keep_journal(suite.value, session, out, resume=resume)
        run = run_suites(suite.value, session)
    paths = write(run, out) if out else []
    recorded = document(run)
    changed = changes(old, recorded) if old else []
    notes = unlike(old, recorded) if old else []
    payload = {**recorded, "changes": [change.to_json() for change in changed], "unlike": notes}
    emit(payload, as_json, lambda console: _print(console, run, paths, changed, notes))
    if any(change.regression for change in changed):
        raise typer.Exit(1)


@contextmanager
def _session(engine: str, out: Path | None, judge: str | None) -> Iterator[Session]:
    """A session in a folder of its own; vectors are kept in `out` for the next run."""
    from tempfile import TemporaryDirectory

    from assistant.settings import EngineError, Settings, check_engine
    from evals.progress import told
    from evals.session import Session

    settings = Settings()
    chosen = check_engine(engine, settings)
    judging = check_engine(judge, settings) if judge else None
    if judging == "extractive":
        raise EngineError("评判要用大模型，extractive 不用大模型。")
    with TemporaryDirectory(prefix="fazhi-eval-") as name:
        vectors = (out or Path(name)) / "vectors.npz"
        with Session(settings, chosen, Path(name), vectors=vectors) as session:
            session.judge, session.tell = judging, told()
            yield session


def _print(
    console: Console, run: Run, paths: Sequence[Path], changed: Sequence[Change], notes: list[str]
) -> None:
    from rich.markup import escape
    from rich.table import Table

    for result in run.results:
        console.print(f"[bold]{escape(result.title)}[/bold]")
        for table in result.tables:
            shown = Table(*table.head, title=table.title, title_justify="left", box=None)
            for row in table.rows:
                shown.add_row(*row.cells(), style="red" if row.mark == "✗" else None)
            for cells in table.plain:
                shown.add_row(*map(escape, cells))
            console.print(shown)
            console.print()
        for reason, count in result.unscored.items():
            console.print(escape(f"没有得分：{count} 个，{reason}"), style="yellow")
    for note in notes:
        console.print(escape(f"两次测评条件不同：{note}"), style="yellow")
    for change in changed:
        console.print(escape(str(change)), style="red" if change.regression else None)
    for path in paths:
        console.print(escape(f"已写入 {path}"))
