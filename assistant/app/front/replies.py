"""Small replies of the front door, and reading a request's body within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyError", "Header", "declared", "decoded", "held", "read_body", "reply"]

Header = tuple[bytes, bytes]


class BodyError(Exception):
    """A body that is too large (413), too slow (408) or was broken off (400)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def reply(
    send: Send,
    status: int,
    text: str = "",
    kind: str = "text/plain",
    headers: Sequence[Header] = (),
) -> None:
    """Send a whole reply; `text` is never kept by the browser."""
    body = text.encode()
    given = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    if status in (408, 413, 429, 503, 507):  # what is still on its way is not waited for
        given.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})


async def read_body(receive: Receive, headers: dict[str, str], most: int, seconds: float) -> bytes:
    """The whole body. Raises BodyError beyond `most` bytes or after `seconds`."""
    if declared(headers) > most:
        raise BodyError(413, "请求内容过大。")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BodyError(400, "连接已断开。")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    raise BodyError(413, "请求内容过大。")
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise BodyError(408, "发送过慢，已断开。") from None


def declared(headers: dict[str, str]) -> int:
    """The length a request says its body has, 0 when it does not."""
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def decoded(headers: Iterable[Header]) -> dict[str, str]:
    """Header names and values as text."""
    return {key.decode("latin-1"): value.decode("latin-1") for key, value in headers}


async def held(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """The start of `app`'s reply and its whole body, kept back to be looked at or changed."""
    start: Message = {}
    body = bytearray()

    async def hold(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, hold)
    return start, bytes(body)
