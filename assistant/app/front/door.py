"""The server's front door: what may be asked for, by whom, and what the page may load.

Gradio brings routes for sharing, recording, editing and proxying that this page has no use for;
only those it uses are let through. Every reply forbids the browser to load anything from elsewhere.
In this order: the name the server was asked by and the site that asked, the login, the route. What
is let through carries a `Visitor` and, as its only cookie, that visitor's session.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.app.front.login import Login, cookie_value
from assistant.app.front.login_page import bar_html
from assistant.app.front.replies import Header, decoded, held, reply
from assistant.app.front.visitor import SCOPE_KEY, Visitor
from assistant.session_ids import is_session_id, new_session_id

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["COOKIE", "Door"]

COOKIE = "fazhi_session"
_COOKIE_SECONDS = 180 * 24 * 3600
_STATIC = re.compile(
    r"/(?:theme\.css|favicon\.ico|manifest\.json|robots\.txt|(?:assets|static)/.*)"
)
_ALLOWED = re.compile(
    rf"{_STATIC.pattern}|/(?:config/?|download/[A-Za-z0-9_-]{{1,100}}"
    r"|api/v1/(?:ask|search|ledger|verify|docs|openapi\.json|static/[a-z0-9.-]+)"
    r"|gradio_api/(?:upload|upload_progress|cancel|reset|queue/(?:join|data|status)/?"
    r"|heartbeat/[A-Za-z0-9]+|startup-events))?"
)
_SAFE = ("GET", "HEAD", "OPTIONS")
# Gradio compiles its HTML templates with Function() and styles elements inline.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; "
    "form-action 'self'; base-uri 'self'; worker-src 'self' blob:"
)
# Under no-referrer a browser would not say which site a form was sent from.
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
)
_BODY = re.compile(r"<body[^>]*>")
_REFUSED = "不提供此地址。"
# Social-media tags of Gradio's page name its own sites.
_FOREIGN_META = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class Door:
    """ASGI middleware.

    `hosts` are the names this server is reached by, without port; of an address of this machine
    `any_address` allows every one, since a site can give its own name that address but cannot
    make a browser ask for it. Without `login` everybody is let in.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        login: Login | None = None,
        *,
        any_address: bool = False,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._login = login
        self._any_address = any_address
        folder = Path(__file__).parent
        script = (folder.parent / "page.js").read_text("utf-8")
        if login:
            script += (folder / "login.js").read_text("utf-8")
        self._script = f"<script>\n{script}</script>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, answer or pass on one request."""
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = decoded(scope["headers"])
        send = _with_headers(send, kept=_STATIC.fullmatch(scope["path"]) is not None)
        if status := self._foreign(scope, headers):
            await reply(send, status, _REFUSED)
        elif scope["path"] == "/healthz" and scope["method"] in _SAFE:
            await self._app({**scope, SCOPE_KEY: Visitor("", "writer")}, receive, send)
        elif visitor := await self._visitor(scope, headers, receive, send):
            await self._let_in(scope, receive, send, headers, visitor)

    def _foreign(self, scope: Scope, headers: dict[str, str]) -> int:
        """The status with which a request of another site is refused, 0 to let it through."""
        host = headers.get("host", "")
        if not self._is_ours(_hostname(f"//{host}")):
            return 421  # a foreign name that resolves to this machine (DNS rebinding)
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return 403
        site = headers.get("sec-fetch-site", "none")
        if scope["method"] not in _SAFE and site not in ("none", "same-origin"):
            return 403
        return 0

    def _is_ours(self, name: str) -> bool:
        if name in self._hosts:
            return True
        return self._any_address and _is_address(name)

    async def _visitor(
        self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send
    ) -> Visitor | None:
        """Who asks; None when the login has answered."""
        if self._login:
            return await self._login.visitor(scope, headers, receive, send)
        known = cookie_value(headers, COOKIE)
        return Visitor(known if is_session_id(known) else "")

    async def _let_in(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: dict[str, str],
        visitor: Visitor,
    ) -> None:
        if not _ALLOWED.fullmatch(scope["path"]):
            await reply(send, 404, _REFUSED)
            return
        given: list[Header] = []
        if scope["path"] == "/" and not visitor.session:
            visitor = Visitor(new_session_id())
            given.append((b"set-cookie", _new_cookie(visitor.session).encode()))
        plain = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
        plain.append((b"cookie", f"{COOKIE}={visitor.session}".encode("latin-1")))
        scope = {**scope, "headers": plain, SCOPE_KEY: visitor}
        if scope["path"] == "/":
            await self._front_page(scope, receive, send, given)
        else:
            await self._app(scope, receive, send)

    async def _front_page(
        self, scope: Scope, receive: Receive, send: Send, given: list[Header]
    ) -> None:
        """The page itself: in Chinese, without foreign addresses, saying who is signed in."""
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        start, body = await held(self._app, {**scope, "headers": plain}, receive)
        page = self._rewritten(body.decode(), scope[SCOPE_KEY]).encode()
        kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        kept += [(b"content-length", str(len(page)).encode()), *given]
        await send({**start, "headers": kept})
        content = b"" if scope["method"] == "HEAD" else page
        await send({"type": "http.response.body", "body": content})

    def _rewritten(self, page: str, visitor: Visitor) -> str:
        role = f' data-role="{visitor.role}"' if visitor.name else ""
        page = page.replace('lang="en"', f'lang="zh-CN"{role}', 1)
        page = page.replace(
            '<meta charset="utf-8" />', f'<meta charset="utf-8" />{self._script}', 1
        )
        page = _BODY.sub(lambda body: body[0] + bar_html(visitor), page, count=1)
        return _FOREIGN_META.sub("", page)


def _new_cookie(session: str) -> str:
    return f"{COOKIE}={session}; Path=/; Max-Age={_COOKIE_SECONDS}; HttpOnly; SameSite=Strict"


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _with_headers(send: Send, *, kept: bool) -> Send:
    """`send` that forbids what is foreign and, unless the reply may be `kept`, keeping it."""
    ours = _HEADERS if kept else (*_HEADERS, (b"cache-control", b"no-store"))

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [*message["headers"]]
            named = {pair[0].lower() for pair in given}
            given += [pair for pair in ours if pair[0] not in named]
            message = {**message, "headers": given}
        await send(message)

    return wrapped
