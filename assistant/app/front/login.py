"""The login in front of every route: who is let in, signing in and out.

The cookie holds a random token and nothing else; it cannot be read by scripts and is not sent from
other sites. Signing in always makes a new one. Programs on the API may send name and password with
every call instead (`basic.py`). Where the page is served over https it is sent over
https only and cannot be set by a neighbouring name (`__Host-`).
"""

from __future__ import annotations

import json
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from assistant.app.front.basic import CHALLENGE, Basic
from assistant.app.front.login_page import login_headers, login_html
from assistant.app.front.passwords import Passwords, RefusedError
from assistant.app.front.replies import BodyError, Header, read_body, reply
from assistant.app.front.sessions import LONGEST, Sessions
from assistant.app.front.visitor import Visitor
from assistant.audit import Audit
from assistant.users import Users

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Login", "cookie_value"]

_BODY = 8 * 1024  # bytes
_BODY_SECONDS = 10.0
_FIRST = "请先登录。"
_API = "/api/v1/"  # where programs may sign in with every call


class Login:
    """Stands in the door when the page has users. `secure`: it is served over https."""

    def __init__(self, users: Users, audit: Audit, *, secure: bool = False) -> None:
        self._audit = audit
        self._sessions = Sessions(users)
        self._passwords = Passwords(users, audit)
        self._basic = Basic(users, self._passwords)
        self._cookie = "__Host-fazhi_login" if secure else "fazhi_login"
        self._secure = "; Secure" if secure else ""

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
        elif user is None and path.startswith(_API):
            return await self._program(headers, _address(scope), send)
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
        try:
            user = await self._passwords.check(name, password, address)
        except RefusedError as error:
            await _page(send, error.status, str(error), name, *_retry(error))
            return
        self._sessions.close(token)
        fresh = self._sessions.open(user)
        await _see(send, "/", self._set_cookie(fresh, int(LONGEST)))

    async def _program(self, headers: dict[str, str], address: str, send: Send) -> Visitor | None:
        """A call of the API without a session: by the name and password it brings."""
        try:
            user = await self._basic.user(headers.get("authorization", ""), address)
        except RefusedError as error:
            told = json.dumps({"error": str(error), "hint": ""}, ensure_ascii=False)
            given = [CHALLENGE] if error.status == 401 else _retry(error)
            await reply(send, error.status, told, "application/json", given)
            return None
        return Visitor(user.id, user.role, user.name)

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


def _retry(error: RefusedError) -> list[Header]:
    return [(b"retry-after", str(error.wait).encode())] if error.wait else []


async def _page(
    send: Send, status: int, problem: str = "", name: str = "", *headers: Header
) -> None:
    page = login_html(problem, name)
    await reply(send, status, page, "text/html", [*login_headers(), *headers])


async def _see(send: Send, path: str, *headers: Header) -> None:
    await reply(send, 303, "", headers=[(b"location", path.encode()), *headers])
