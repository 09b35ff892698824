"""The page one signs in on, and the line that says who is signed in: HTML that needs no script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path

from assistant.app.front.replies import Header
from assistant.app.front.visitor import Visitor
from assistant.users import ROLE_NAMES

__all__ = ["bar_html", "login_headers", "login_html"]

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 · 法治报告助手</title><style>{style}</style></head>
<body><header><h1>法治报告助手</h1></header>
<main><h2>登录</h2>{problem}
<form method="post" action="/login">
<label for="name">用户名</label>
<input id="name" name="name" value="{name}" autocomplete="username" required maxlength="64"{first}>
<label for="password">密码</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="256"{second}>
<button type="submit">登录</button>
</form>
<p class="help">没有账号或忘记密码，请联系管理员。</p></main></body></html>
"""
_BAR = (
    '<form class="signed-in" method="post" action="/logout"><span>{name}</span>'
    '<span class="role">{role}</span><button type="submit">退出登录</button></form>'
)


def login_html(problem: str = "", name: str = "") -> str:
    """The page, with what went wrong and the name typed before."""
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    focus = " autofocus"
    return _PAGE.format(
        style=_style(),
        problem=told,
        name=escape(name[:64]),
        first="" if name else focus,
        second=focus if name else "",
    )


@cache
def login_headers() -> tuple[Header, ...]:
    """A policy under which the page loads nothing at all, not even from this server."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    return ((b"content-security-policy", policy.encode()),)


def bar_html(visitor: Visitor) -> str:
    """Who is signed in, and the way out; nothing without login."""
    if not visitor.name:
        return ""
    return _BAR.format(name=escape(visitor.name), role=ROLE_NAMES[visitor.role])


@cache
def _style() -> str:
    return (Path(__file__).parent / "login.css").read_text("utf-8")
