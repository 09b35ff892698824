"""The server's front door: what may be asked for, by whom, and what the page may load.

Gradio brings routes for sharing, recording, editing and proxying that this page has no use for;
only those it uses are let through. Every reply forbids the browser to load anything from elsewhere.
"""

from __future__ import annotations

import re
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.app.history import is_session_id, new_session_id

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["COOKIE", "Door"]

COOKIE = "fazhi_session"
_COOKIE_SECONDS = 180 * 24 * 3600
_ALLOWED = re.compile(
    r"/(?:healthz|config/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt"
    r"|(?:assets|static)/.*|download/[A-Za-z0-9_-]{1,100}"
    r"|api/v1/(?:ask|search|ledger|verify|docs|openapi\.json|static/[a-z0-9.-]+)"
    r"|gradio_api/(?:upload|upload_progress|cancel|reset|queue/(?:join|data|status)/?"
    r"|heartbeat/[A-Za-z0-9]+|startup-events))?"
)
# Gradio compiles its HTML templates with Function() and styles elements inline.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; "
    "form-action 'self'; worker-src 'self' blob:"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
# Social-media tags of Gradio's page name its own sites.
_FOREIGN_META = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class Door:
    """ASGI middleware for `hosts`, the names this server is reached by (without port)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts
        script = (Path(__file__).parent / "page.js").read_text("utf-8")
        self._script = f"<script>\n{script}</script>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, rewrite or pass on one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        if status := self._refusal(scope, headers):
            await _refuse(send, status)
        elif scope["path"] == "/":
            await self._front_page(scope, receive, send, headers)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> int:
        """The status to refuse with, 0 to let through."""
        host = headers.get("host", "")
        if _hostname(f"//{host}") not in self._hosts:
            return 421  # a foreign name that resolves to this machine (DNS rebinding)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return 403
        return 0 if _ALLOWED.fullmatch(scope["path"]) else 404

    async def _front_page(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]
    ) -> None:
        """The page itself: in Chinese, without foreign addresses, with a session cookie."""
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        start: Message = {}
        body = bytearray()

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            else:
                body.extend(message.get("body", b""))

        await self._app({**scope, "headers": plain}, receive, hold)
        page = self._rewritten(body.decode()).encode()
        kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        kept += [*_HEADERS, (b"content-length", str(len(page)).encode())]
        kept.append((b"cache-control", b"no-store"))
        if not is_session_id(_session(headers)):
            kept.append((b"set-cookie", _new_cookie().encode()))
        await send({**start, "headers": kept})
        content = b"" if scope["method"] == "HEAD" else page
        await send({"type": "http.response.body", "body": content})

    def _rewritten(self, page: str) -> str:
        page = page.replace('lang="en"', 'lang="zh-CN"', 1)
        page = page.replace(
            '<meta charset="utf-8" />', f'<meta charset="utf-8" />{self._script}', 1
        )
        return _FOREIGN_META.sub("", page)


def _session(headers: dict[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _new_cookie() -> str:
    return (
        f"{COOKIE}={new_session_id()}; Path=/; Max-Age={_COOKIE_SECONDS}; HttpOnly; SameSite=Strict"
    )


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *_HEADERS]}
        await send(message)

    return wrapped


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": "不提供此地址。".encode()})
