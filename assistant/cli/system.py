"""Commands about the installation: serve and doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.doctor import Examination

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(serve)
    app.command()(doctor)


def serve(  # noqa: PLR0917 - options, given by name
    host: Annotated[
        str, typer.Option(help="监听的 IP 地址；默认只有本机能打开，其他地址要先有用户。")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口。")] = 7860,
    login: Annotated[bool, typer.Option("--login", help="要求登录；已有用户时总是要求。")] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(envvar="FAZHI_ALLOWED_HOSTS", help="访问时用的域名；可重复。"),
    ] = None,
    cert: Annotated[Path | None, typer.Option(help="https 证书（PEM）。")] = None,
    key: Annotated[Path | None, typer.Option(help="https 私钥（PEM）。")] = None,
    behind_https: Annotated[
        bool,
        typer.Option(
            "--behind-https",
            envvar="FAZHI_BEHIND_HTTPS",
            help="由本机的反向代理提供 https：Cookie 只经 https 发送，来访地址以代理所报为准。",
        ),
    ] = False,
) -> None:
    """打开网页版：上传报告、提问、查看出处。"""
    from assistant.app.server import serve as run
    from assistant.app.serving import Address, ServeError

    if (cert is None) != (key is None):
        raise ServeError("--cert 和 --key 要一起给。")
    names = tuple(name for given in allow_host or () for name in given.split(","))
    run(Address(host, port, names, cert, key, behind_https), login=login)


def doctor(as_json: JsonFlag = False) -> None:
    """检查配置是否可用，并说明有没有内容会离开本机。"""
    from assistant.doctor import examine
    from assistant.settings import Settings

    found = examine(Settings())
    emit(found.to_json(), as_json, lambda out: _print_examination(out, found))
    if not found.ok:
        raise typer.Exit(1)


def _print_examination(out: Console, found: Examination) -> None:
    from rich.markup import escape

    for check in found.checks:
        mark = "[green]✓[/green]" if check.ok else "[red]✗[/red]"
        out.print(f"{mark} {escape(check.name)}：{escape(check.detail)}")
    out.print("\n离开本机的内容", style="bold")
    for line in found.leaves_machine or ("没有。问答、检索、入库全部在本机完成。",):
        out.print(f"· {escape(line)}")
