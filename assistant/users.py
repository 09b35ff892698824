"""Who may sign in to the page: names, roles and hashed passwords in `users.json`.

The file stands in the data folder, is readable by its owner only and replaced in one step, so a
running server always reads a whole one. A password is kept as a scrypt hash with the parameters of
the OWASP Password Storage Cheat Sheet (N=2^15, r=8, p=3: 32 MB and about 0.3 s a try, the strength
of N=2^17, p=1 at a quarter of the memory); each hash names its own, so they can be raised later.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from assistant.errors import AssistantError
from assistant.keeping import sweep, unfinished, write_private
from assistant.session_ids import new_session_id

__all__ = [
    "FILE",
    "MIN_PASSWORD",
    "ROLES",
    "ROLE_NAMES",
    "Role",
    "User",
    "Users",
    "UsersError",
    "allows",
]

Role = Literal["writer", "collector", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
ROLE_NAMES = {"writer": "撰写", "collector": "汇总", "admin": "管理员"}

FILE = "users.json"  # in the data folder
MIN_PASSWORD = 10  # characters
_MAX_PASSWORD = 256  # characters; a longer one only costs time
_MAX_NAME = 32  # characters
_N, _R, _P = 2**15, 8, 3
_HASH_BYTES = 32
# Compared against when there is no such user, so that the answer takes as long.
_NOBODY = f"scrypt${_N}${_R}${_P}${b64encode(bytes(16)).decode()}${b64encode(bytes(32)).decode()}"


class UsersError(AssistantError):
    """The list of users cannot be read, or does not allow the change asked for."""


@dataclass(frozen=True, slots=True)
class User:
    """One account. `id` is random and keys what belongs to the user; a new account never has it.

    `password` is `scrypt$N$r$p$salt$hash`; `created` is ISO 8601 in UTC.
    """

    id: str
    name: str
    role: Role
    password: str
    created: str


def allows(role: Role, needed: Role) -> bool:
    """Whether `role` may do what asks for `needed`."""
    return ROLES.index(role) >= ROLES.index(needed)


class Users:
    """The accounts in `folder`; every call sees the file as it is now."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._seen: tuple[int, int, int] | None = None
        self._users: tuple[User, ...] = ()

    def all(self) -> tuple[User, ...]:
        """Every account, by name. Raises UsersError for a file that is not one of ours."""
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            if seen != self._seen:
                self._users = _parse(self._path.read_bytes())
                self._seen = seen
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise UsersError(
                "用户文件 users.json 读不出来。", "请检查它的权限，或从备份恢复。"
            ) from error
        return self._users

    def named(self, name: str) -> User | None:
        """The account called `name`, whatever its case."""
        key = _key(name)
        return next((user for user in self.all() if _key(user.name) == key), None)

    def require(self, name: str) -> User:
        """The account called `name`. Raises UsersError when there is none."""
        return _find(self.all(), name)

    def name_of(self, user_id: str) -> str:
        """The name of the account with this id, "" when there is none. Never raises."""
        with suppress(UsersError):
            return next((user.name for user in self.all() if user.id == user_id), "")
        return ""

    def check(self, name: str, password: str) -> User | None:
        """The user with this name and password; takes as long for a name nobody has."""
        user = self.named(name)
        right = _matches(password, user.password if user else _NOBODY)
        return user if right else None

    def add(self, name: str, role: Role, password: str) -> User:
        """A new account. Raises UsersError for a name taken or unfit, or a weak password."""
        name = _fit_name(name)
        with self._changing() as users:
            if any(_key(user.name) == _key(name) for user in users):
                raise UsersError(
                    f"已有名为“{name}”的用户。", "换一个名字，或用 passwd、role 修改。"
                )
            now = datetime.now(UTC).isoformat(timespec="seconds")
            user = User(new_session_id(), name, role, _hashed(_fit_password(password, name)), now)
            self._save([*users, user])
        return user

    def remove(self, name: str) -> User:
        """Delete an account. Raises UsersError when there is none."""
        with self._changing() as users:
            gone = _find(users, name)
            self._save([user for user in users if user.id != gone.id])
        return gone

    def set_password(self, name: str, password: str) -> User:
        """Give `name` a new password; who is signed in with the old one is signed out."""
        with self._changing() as users:
            old = _find(users, name)
            new = replace(old, password=_hashed(_fit_password(password, old.name)))
            self._save([new if user.id == old.id else user for user in users])
        return new

    def set_role(self, name: str, role: Role) -> User:
        """Give `name` another role, from its next request on."""
        with self._changing() as users:
            old = _find(users, name)
            new = replace(old, role=role)
            self._save([new if user.id == old.id else user for user in users])
        return new

    def tidy(self) -> None:
        """Remove what a process killed while saving left behind."""
        if unfinished(self._path.parent):
            with self._changing():
                sweep(self._path.parent)

    @contextmanager
    def _changing(self) -> Iterator[Sequence[User]]:
        """The accounts, while no other process changes them."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield self.all()
        finally:
            os.close(descriptor)

    def _save(self, users: Sequence[User]) -> None:
        listed = [asdict(user) for user in sorted(users, key=lambda user: _key(user.name))]
        text = json.dumps({"version": 1, "users": listed}, ensure_ascii=False, indent=1)
        write_private(self._path, text.encode(), durable=True)


def _parse(data: bytes) -> tuple[User, ...]:
    users = tuple(User(**record) for record in json.loads(data)["users"])
    if any(user.role not in ROLES or not user.id for user in users):
        raise ValueError("unknown role")
    return users


def _find(users: Sequence[User], name: str) -> User:
    for user in users:
        if _key(user.name) == _key(name):
            return user
    raise UsersError(f"没有名为“{name}”的用户。", "用 fazhi users list 查看。")


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _fit_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name)
    plain = all(c.isalnum() or c in "-_.@·" for c in name)
    if not plain or not 0 < len(name) <= _MAX_NAME:
        raise UsersError(f"用户名只能用文字、数字和 - _ . @ ·，不超过 {_MAX_NAME} 个字。")
    return name


def _fit_password(password: str, name: str) -> str:
    hint = f"至少 {MIN_PASSWORD} 个字符，不要只用几个重复的字符，也不要包含用户名。"
    if not MIN_PASSWORD <= len(password) <= _MAX_PASSWORD:
        raise UsersError(f"密码应为 {MIN_PASSWORD}–{_MAX_PASSWORD} 个字符。", hint)
    if len(set(password)) < MIN_PASSWORD // 2 or _key(name) in _key(password):
        raise UsersError("密码太容易猜到。", hint)
    return password


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    found = _scrypt(password, salt, _N, _R, _P)
    return f"scrypt${_N}${_R}${_P}${b64encode(salt).decode()}${b64encode(found).decode()}"


def _matches(password: str, kept: str) -> bool:
    _, n, r, p, salt, wanted = kept.split("$")
    if len(password) > _MAX_PASSWORD:
        password = ""  # no account has it, and it takes as long
    found = _scrypt(password, b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, b64decode(wanted))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    data = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=_HASH_BYTES)
