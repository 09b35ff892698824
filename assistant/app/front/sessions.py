"""Who is signed in: random tokens in memory, gone with the server.

A session ends after `IDLE` without a request, after `LONGEST` in any case, on signing out, and when
the account is deleted or gets another password. Times after the OWASP Session Management Cheat
Sheet for an application used all through a working day.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from assistant.users import User, Users, UsersError

__all__ = ["IDLE", "LONGEST", "Sessions"]

IDLE = 2 * 3600.0  # seconds
LONGEST = 12 * 3600.0  # seconds
_PER_USER = 10  # browsers at a time; the one longest unused is signed out


@dataclass(slots=True)
class _Session:
    user: str
    password: str  # the hash it was opened with
    begun: float
    used: float


class Sessions:
    """Open sessions over `users`; safe to share between threads."""

    def __init__(self, users: Users, clock: Callable[[], float] = time.monotonic) -> None:
        self._users = users
        self._clock = clock
        self._lock = threading.Lock()
        self._open: OrderedDict[str, _Session] = OrderedDict()  # longest unused first

    def open(self, user: User) -> str:
        """A new session's token: 32 random bytes, of which only a hash is kept."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            theirs = [key for key, s in self._open.items() if s.user == user.id]
            for key in theirs[: max(len(theirs) - _PER_USER + 1, 0)]:
                del self._open[key]
            self._open[_digest(token)] = _Session(user.id, user.password, now, now)
        return token

    def user(self, token: str) -> User | None:
        """Whose session this is, as the account stands now; notes that it was used."""
        key = _digest(token)
        now = self._clock()
        with self._lock:
            session = self._open.get(key)
            if session is None:
                return None
            ended = now - session.used > IDLE or now - session.begun > LONGEST
            user = None if ended else self._account(session)
            if user is None:
                del self._open[key]
                return None
            session.used = now
            self._open.move_to_end(key)
            return user

    def close(self, token: str) -> None:
        """Sign out."""
        with self._lock:
            self._open.pop(_digest(token), None)

    def _account(self, session: _Session) -> User | None:
        try:
            users = self._users.all()
        except UsersError:  # nobody, rather than whoever was there before
            return None
        for user in users:
            if user.id == session.user and user.password == session.password:
                return user
        return None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
