"""What one request may bring and touch: sizes, deadlines, and only its own visitor's things.

Gradio tells pages apart by a number the browser makes up, and takes uploaded files by their path on
the server. Both belong here to the visitor who used or uploaded them first; another one naming them
is refused, and so is every path that was not uploaded, an address on the web included.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.formparsers import MultiPartException

from assistant.app.front.replies import BodyError, declared, decoded, held, read_body, reply
from assistant.app.front.visitor import visitor_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MAX_UPLOAD", "Allowance", "Limits"]

MAX_UPLOAD = 200 * 1024 * 1024  # bytes a file; a zip of several hundred reports stays below
_UPLOAD = "/gradio_api/upload"
_OWNED = 20_000  # pages and uploaded files remembered; the oldest go first
_SPARE = 256 * 1024 * 1024  # bytes of disk an upload must leave free
_JOIN = "/gradio_api/queue/join"
_TOO_MANY = "还有较多操作没有完成，请稍后再试。"
_BUSY = "正在上传的人较多，请稍后再试。"
_NOT_YOURS = "这不是本次登录打开的页面或上传的文件，请刷新本页后重试。"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Bytes and seconds. An upload that falls below `slowest` bytes a second ends after `grace`."""

    body: int = 4 * 1024 * 1024
    body_seconds: float = 30.0
    upload: int = 1024 * 1024 * 1024  # all files of one request
    silence: float = 20.0
    grace: float = 60.0
    slowest: float = 16 * 1024
    uploads: int = 8  # under way at a time
    uploads_each: int = 3  # of one visitor
    events_each: int = 40  # of one visitor, waiting or running; all pages together may have 256


class Limits:
    """ASGI middleware inside the door.

    `folder` is where uploads are written; `under_way` tells the page of every event that waits or
    runs.
    """

    def __init__(
        self,
        app: ASGIApp,
        folder: Path,
        allowance: Allowance | None = None,
        under_way: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._app = app
        self._under_way = under_way
        self._folder = folder
        self._allow = allowance or Allowance()
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._uploading: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse one request or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            if scope["path"] == _UPLOAD:
                await self._upload(scope, receive, send)
            else:
                await self._plain(scope, receive, send)
        except BodyError as error:
            await reply(send, error.status, str(error))

    # -- ordinary requests

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = visitor_of(scope).session
        pages = list(_pages(scope))
        if scope["method"] not in ("GET", "HEAD"):
            allow = self._allow
            body = await read_body(
                receive, decoded(scope["headers"]), allow.body, allow.body_seconds
            )
            receive = _again(body, receive)
            if scope["path"].startswith("/gradio_api/"):
                told = _json(body)
                pages += _named(told, "session_hash")
                files = [f"file {path}" for path in _named(told, "path")]
                if not all(self._owners.get(file) == session for file in files):
                    raise BodyError(403, _NOT_YOURS)
        if not all(self._claim(f"page {page}", session) for page in pages):
            raise BodyError(403, _NOT_YOURS)
        if scope["path"].rstrip("/") == _JOIN and self._is_full(session):
            # JSON, as the page expects it from here; page.js says it is busy
            told = json.dumps({"detail": _TOO_MANY}, ensure_ascii=False)
            await reply(send, 503, told, "application/json")
            return
        await self._app(scope, receive, send)

    def _is_full(self, session: str) -> bool:
        """Whether so much of this visitor's is under way that he must wait."""
        theirs = sum(self._owners.get(f"page {page}") == session for page in self._under_way())
        return theirs >= self._allow.events_each

    def _claim(self, thing: str, session: str) -> bool:
        """Whether `thing` is this session's, which it becomes when it was nobody's."""
        owner = self._owners.setdefault(thing, session)
        self._owners.move_to_end(thing)
        while len(self._owners) > _OWNED:
            self._owners.popitem(last=False)
        return owner == session

    # -- uploads

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = visitor_of(scope).session
        length = declared(decoded(scope["headers"]))
        if length > self._allow.upload:
            raise BodyError(413, "一次上传的文件过大，请分几次上传。")
        if shutil.disk_usage(self._folder).free < length + _SPARE:
            raise BodyError(507, "服务器磁盘空间不足，暂不能上传，请联系管理员。")
        if (
            self._uploading.total() >= self._allow.uploads
            or self._uploading[session] >= self._allow.uploads_each
        ):
            raise BodyError(503, _BUSY)
        self._uploading[session] += 1
        try:
            await self._watched(scope, receive, send, session)
        finally:
            self._uploading[session] -= 1
            self._uploading += Counter()  # drops those at zero

    async def _watched(self, scope: Scope, receive: Receive, send: Send, session: str) -> None:
        watch = _Watch(self._allow, receive)
        start, body = await held(self._app, scope, watch.receive)
        if watch.problem:
            raise watch.problem
        if start["status"] == 200:
            for path in _json(body) or ():
                # whoever uploaded the very same file last has it
                self._owners.pop(f"file {path}", None)
                self._claim(f"file {path}", session)
        elif start["status"] == 413:
            raise BodyError(413, f"文件超过 {MAX_UPLOAD // 1024**2} MB 的上限。")
        await send(start)
        await send({"type": "http.response.body", "body": body})


class _Watch:
    """Passes an upload on piece by piece until it breaks a limit.

    The parser removes what it has written only when it is told so by its own kind of error.
    """

    def __init__(self, allow: Allowance, receive: Receive) -> None:
        self._allow = allow
        self._receive = receive
        self._size = 0
        self._begun = time.monotonic()
        self._whole = False
        self.problem: BodyError | None = None

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._allow.silence):
                message = await self._receive()
        except TimeoutError:
            raise self._refused(408, "上传中断过久，已取消。") from None
        if message["type"] == "http.disconnect":
            raise self._refused(400, "上传已中断。")
        self._size += len(message.get("body", b""))
        self._whole = not message.get("more_body")
        passed = time.monotonic() - self._begun
        if self._size > self._allow.upload:
            raise self._refused(413, "一次上传的文件过大，请分几次上传。")
        if passed > self._allow.grace and self._size < passed * self._allow.slowest:
            raise self._refused(408, "上传过慢，已取消。")
        return message

    def _refused(self, status: int, message: str) -> MultiPartException:
        self.problem = BodyError(status, message)
        return MultiPartException(message)


def _pages(scope: Scope) -> Iterator[str]:
    """The pages a request names in its address."""
    path: str = scope["path"]
    if path.startswith("/gradio_api/heartbeat/"):
        yield path.rpartition("/")[2]
    elif path.startswith("/gradio_api/"):
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        yield from query.get("session_hash", ())


def _named(told: Any, key: str) -> Iterator[str]:
    """Every text under `key`, however deep."""
    waiting = [told]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if isinstance(value := found.get(key), str):
                yield value
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _again(body: bytes, receive: Receive) -> Receive:
    """`receive` for a body already read."""
    waiting = True

    async def once() -> Message:
        nonlocal waiting
        if waiting:
            waiting = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return once
