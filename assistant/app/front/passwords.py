"""Checking a password that was sent, by form or by a program: throttled, counted and logged."""

from __future__ import annotations

import unicodedata

import anyio

from assistant.app.front.throttle import Throttle
from assistant.audit import Audit
from assistant.users import User, Users, UsersError

__all__ = ["Passwords", "RefusedError"]

_AT_ONCE = 2  # passwords checked at a time, each with 32 MB
_WAITING = 60  # more than that are told to come back
_WRONG = "用户名或密码不对。"


class RefusedError(Exception):
    """Nobody is let in: 401, 429 with `wait` seconds to wait, or 503."""

    def __init__(self, status: int, message: str, wait: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.wait = wait


class Passwords:
    """Checks against `users`; what happens goes into `audit`, but never what was typed."""

    def __init__(self, users: Users, audit: Audit) -> None:
        self._users = users
        self._audit = audit
        self._throttle = Throttle()
        self._turn = anyio.CapacityLimiter(_AT_ONCE)

    async def check(self, name: str, password: str, address: str, via: str = "") -> User:
        """The user with this name and password. Raises RefusedError."""
        if self._turn.statistics().tasks_waiting >= _WAITING:
            raise RefusedError(503, "正在登录的人较多，请稍后再试。")
        key = unicodedata.normalize("NFKC", name).casefold()[:64]
        if wait := self._throttle.begin(key, address):
            raise RefusedError(429, f"登录失败次数过多，请在 {_spoken(wait)}后再试。", wait)
        try:
            user = await anyio.to_thread.run_sync(
                self._users.check, name, password, limiter=self._turn
            )
        except UsersError as error:
            raise RefusedError(503, f"{error}请联系管理员。") from None
        if user is None:
            self._note_failure(name, self._throttle.wait(key, address), address, via)
            raise RefusedError(401, _WRONG)
        self._throttle.succeeded(key, address)
        self._audit.record("login", user=user.name, address=address, via=via)
        return user

    def _note_failure(self, name: str, wait: int, address: str, via: str) -> None:
        """Refusals during the wait are not noted: the log must not grow with every try."""
        known = self._users.named(name)  # what was typed may be a password
        self._audit.record(
            "login_failed",
            user=known.name if known else "",
            reason="wrong password" if known else "unknown user",
            wait=f"{wait} s" if wait else "",
            address=address,
            via=via,
        )


def _spoken(seconds: int) -> str:
    return f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
