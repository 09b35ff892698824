"""Commands about the installation: serve, backup and doctor."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.backup import Saved
    from assistant.doctor import Examination

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    app.command()(serve)
    app.command()(backup)
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


def backup(
    to: Annotated[
        Path, typer.Argument(metavar="FILE.zip", help="新文件；写文件夹则按时间取名，存在其中。")
    ],
    as_json: JsonFlag = False,
) -> None:
    """把数据目录备份成一个 zip；网页开着时也可以。"""
    from assistant.audit import FOLDER, Audit
    from assistant.backup import back_up
    from assistant.settings import Settings

    home = Settings().folder
    saved = back_up(home, to)
    Audit(home / FOLDER).record("backup", file=Path(saved.path).name)
    emit(saved.to_json(), as_json, lambda out: _print_saved(out, saved))


def _print_saved(out: Console, saved: Saved) -> None:
    holds = saved.holds
    parts = {
        f"{holds.reports} 份报告（正文、台账、向量）": True,
        f"{holds.originals} 个原文件": True,
        f"{holds.conversations} 人的问答记录": holds.conversations,
        "用户名单": holds.users,
        f"{holds.audit} 个操作记录文件": holds.audit,
    }
    gone = f"另有 {holds.lacking} 份报告的原文件原先就不在，备份里也没有。"
    lines = (
        f"已备份到 {saved.path}（{saved.size / 1e6:.1f} MB）。",
        f"其中有：{'、'.join(part for part, there in parts.items() if there)}。",
        *([gone] if holds.lacking else []),
        "没有存：可以重建的索引和缓存、还没读完的上传、大模型文件、环境变量里的设置。",
        "恢复：停止服务，把它解压到一个空文件夹，以 FAZHI_HOME 指向那里再启动：",
        f"  unzip {shlex.quote(saved.path)} -d 空文件夹 && FAZHI_HOME=空文件夹 fazhi serve",
        "备份里有报告全文和密码的散列，请妥善保管；以后删除报告不会改动它。",
    )
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)


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
