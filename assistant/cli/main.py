"""The command tree, and the one place where expected errors become a line for the user."""

from __future__ import annotations

import logging
import sys
from importlib.metadata import entry_points

import typer

from assistant.cli import (
    ask,
    audit,
    brief,
    check,
    draft,
    ledger,
    library,
    model,
    programs,
    system,
    users,
    verify,
)

__all__ = ["app", "main"]

app = typer.Typer(
    name="fazhi",
    help="法治报告助手：读、查、问、写、核法治政府建设年度报告。不联网，不需要大模型也能用。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a bug keeps its plain traceback
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    library,
    ask,
    check,
    ledger,
    draft,
    brief,
    verify,
    model,
    users,
    audit,
    system,
    programs,
):
    module.register(app)
# Packages above this one, which it may not import, bring their commands as entry points.
for command in entry_points(group="fazhi.commands"):
    command.load()(app)


def main() -> None:
    """Run the command line: exit 0 on success, 1 on a user error, 2 on wrong usage."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("已停止。已完成的部分已保存，再次运行会接着做。", err=True)
        raise SystemExit(130) from None
    except Exception as error:
        told = _told(error)
        if told is None:
            raise
        message, hint = told
        typer.echo(f"错误：{message}", err=True)
        if hint:
            typer.echo(f"建议：{hint}", err=True)
        raise SystemExit(1) from None


def _told(error: Exception) -> tuple[str, str] | None:
    """Message and hint of one of our errors or of a file that cannot be used; None for a bug.

    Our errors are imported late to keep start-up quick.
    """
    from vectorstore.errors import PlainError, reason

    if isinstance(error, PlainError):
        return str(error), error.hint
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}：{reason(error)}。", "请检查路径、权限和磁盘空间后重试。"
    return None
