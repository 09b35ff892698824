"""The login in front of every route: who is let in, signing in and out.

The cookie holds a random token and nothing else; it cannot be read by scripts and is not sent from
other sites. Signing in always makes a new one. Where the page is served over https it is sent over
https only and cannot be set by a neighbouring name (`__Host-`).
"""

from __future__ import annotations

import unicodedata
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import anyio

from assistant.app.front.login_page import login_headers, login_html
from assistant.app.front.replies import BodyError, Header, read_body, reply
from assistant.app.front.sessions import LONGEST, Sessions
from assistant.app.front.throttle import Throttle
from assistant.app.front.visitor import Visitor
from assistant.audit import Audit
from assistant.users import User, Users, UsersError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Login", "cookie_value"]

_AT_ONCE = 2  # passwords checked at a time, each with 32 MB
_WAITING = 60  # more than that are told to come back
_BODY = 8 * 1024  # bytes
_BODY_SECONDS = 10.0
_WRONG = "用户名或密码不对。"
_FIRST = "请先登录。"


class Login:
    """Stands in the door when the page has users. `secure`: it is served over https."""

    def __init__(self, users: Users, audit: Audit, *, secure: bool = False) -> None:
        self._users = users
        self._audit = audit
        self._sessions = Sessions(users)
        self._throttle = Throttle()
        self._cookie = "__Host-fazhi_login" if secure else "fazhi_login"
        self._secure = "; Secure" if secure else ""
        self._turn = anyio.CapacityLimiter(_AT_ONCE)

    async def visitor(
        self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send
    ) -> Visitor | None:
        """Who asks; None when the request has been answered here."""
        path, method = scope["path"], scope["method"]
        token = cookie_value(headers, self._cookie)
        user = self._sessions.user(token) if token else None
        if path == "/login" and method == "POST":
            await self._sign_in(headers, token, _address(scope), receive, send)
        elif path == "/login" and method in ("GET", "HEAD"):
            await (_see(send, "/") if user else _page(send, 200))
        elif user is None:
            shown = path == "/" and method in ("GET", "HEAD")
            await (_page(send, 401) if shown else reply(send, 401, _FIRST))
        elif path == "/logout" and method == "POST":
            self._sessions.close(token)
            self._audit.record("logout", user=user.name, address=_address(scope))
            await _see(send, "/login", self._set_cookie("", 0))
        else:
            return Visitor(user.id, user.role, user.name)
        return None

    async def _sign_in(
        self, headers: dict[str, str], token: str, address: str, receive: Receive, send: Send
    ) -> None:
        try:
            body = await read_body(receive, headers, _BODY, _BODY_SECONDS)
        except BodyError as error:
            await reply(send, error.status, str(error))
            return
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        name, password = (form.get(key, [""])[0] for key in ("name", "password"))
        if self._turn.statistics().tasks_waiting >= _WAITING:
            await _page(send, 503, "正在登录的人较多，请稍后再试。", name)
            return
        key = unicodedata.normalize("NFKC", name).casefold()[:64]
        if wait := self._throttle.begin(key, address):
            retry = (b"retry-after", str(wait).encode())
            await _page(send, 429, f"登录失败次数过多，请在 {_spoken(wait)}后再试。", name, retry)
            return
        try:
            user = await anyio.to_thread.run_sync(
                self._users.check, name, password, limiter=self._turn
            )
        except UsersError as error:
            await _page(send, 503, f"{error}请联系管理员。", name)
            return
        if user is None:
            self._note_failure(name, self._throttle.wait(key, address), address)
            await _page(send, 401, _WRONG, name)
            return
        self._throttle.succeeded(key, address)
        await self._let_in(user, token, address, send)

    async def _let_in(self, user: User, old: str, address: str, send: Send) -> None:
        self._sessions.close(old)
        token = self._sessions.open(user)
        self._audit.record("login", user=user.name, address=address)
        await _see(send, "/", self._set_cookie(token, int(LONGEST)))

    def _note_failure(self, name: str, wait: int, address: str) -> None:
        """Refusals during the wait are not noted: the log must not grow with every try."""
        known = self._users.named(name)  # what was typed may be a password
        self._audit.record(
            "login_failed",
            user=known.name if known else "",
            reason="wrong password" if known else "unknown user",
            wait=f"{wait} s" if wait else "",
            address=address,
        )

    def _set_cookie(self, value: str, seconds: int) -> Header:
        text = (
            f"{self._cookie}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict"
            f"{self._secure}"
        )
        return (b"set-cookie", text.encode())


def cookie_value(headers: dict[str, str], name: str) -> str:
    """The value of a cookie, "" when there is none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _spoken(seconds: int) -> str:
    return f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"


async def _page(
    send: Send, status: int, problem: str = "", name: str = "", *headers: Header
) -> None:
    page = login_html(problem, name)
    await reply(send, status, page, "text/html", [*login_headers(), *headers])


async def _see(send: Send, path: str, *headers: Header) -> None:
    await reply(send, 303, "", headers=[(b"location", path.encode()), *headers])
