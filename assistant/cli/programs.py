"""The command for other programs: mcp."""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(mcp)


def mcp() -> None:
    """让支持 MCP 的程序经标准输入输出提问、检索、查台账、核对数字；只读。"""
    from assistant.build import open_services
    from assistant.mcp_server import make_server

    with open_services() as services:
        make_server(services).run("stdio")
