"""HTTP Basic for programs on the API (RFC 7617, UTF-8): name and password with every call.

A pair that was right is remembered for some minutes by a keyed hash, so that scrypt does not run
with every call; it counts no longer once the account is deleted or has another password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

import anyio

from assistant.app.front.passwords import Passwords, RefusedError
from assistant.users import User, Users, UsersError

__all__ = ["CHALLENGE", "REMEMBERED", "Basic"]

CHALLENGE = (b"www-authenticate", b'Basic realm="fazhi", charset="UTF-8"')
REMEMBERED = 600.0  # seconds
_PAIRS = 200  # remembered; the oldest go first
_WAITING = 60  # calls with a pair not yet known; more than that are told to come back
_LONGEST = 2048  # characters of the header
_MISSING = "请先登录。程序请用 HTTP Basic 发送用户名和密码。"


class Basic:
    """Who a program says it is, checked by `passwords` against `users`."""

    def __init__(
        self, users: Users, passwords: Passwords, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._pairs: OrderedDict[bytes, tuple[str, str, float]] = OrderedDict()
        self._turn = anyio.CapacityLimiter(1)  # calls sent together are checked once

    async def user(self, header: str, address: str) -> User:
        """Whom the `Authorization` header names. Raises RefusedError."""
        name, password = _parsed(header)
        pair = hmac.digest(self._key, f"{name}\0{password}".encode(), hashlib.sha256)
        if user := self._remembered(pair):
            return user
        if self._turn.statistics().tasks_waiting >= _WAITING:
            raise RefusedError(503, "正在登录的程序较多，请稍后再试。", 2)
        async with self._turn:
            if user := self._remembered(pair):
                return user
            user = await self._passwords.check(name, password, address, "api")
            self._pairs[pair] = (user.id, user.password, self._clock() + REMEMBERED)
            while len(self._pairs) > _PAIRS:
                self._pairs.popitem(last=False)
            return user

    def _remembered(self, pair: bytes) -> User | None:
        found = self._pairs.get(pair)
        if found is None:
            return None
        user_id, password, until = found
        if self._clock() < until:
            try:
                for user in self._users.all():
                    if user.id == user_id and user.password == password:
                        return user
            except UsersError:  # nobody, rather than whoever was there before
                return None
        self._pairs.pop(pair, None)
        return None


def _parsed(header: str) -> tuple[str, str]:
    """Name and password. Raises RefusedError for anything else."""
    scheme, _, coded = header.partition(" ")
    if scheme.lower() == "basic" and len(header) <= _LONGEST:
        try:
            text = base64.b64decode(coded.strip(), validate=True).decode()
        except ValueError:
            text = ""
        name, colon, password = text.partition(":")
        if colon:
            return name, password
    raise RefusedError(401, _MISSING)
