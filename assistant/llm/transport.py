"""The HTTP client below the endpoint adapter: bounded, never through a proxy to a local address.

The SDK reads with a timeout per piece of bytes, which a server that sends comments resets for ever,
and offers no way to stop a read from another thread. So each request runs in a `Pump` (a reader
thread and a queue) and its `Call` can cut the connection underneath it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import socket
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2  # the HTTP client of the openai SDK; its own wrapper offers no transport hook

from assistant.errors import BadReplyError

__all__ = ["MAX_REPLY_BYTES", "Call", "Ended", "Pump", "http_client", "is_local", "proxy_for"]

MAX_REPLY_BYTES = 8_000_000  # a reply of 4,000 tokens streams as about 1 MB of events

T = TypeVar("T")


class Call:
    """One request's hold on its connection."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._lock = threading.Lock()
        self._aborted = False

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """httpcore's trace hook: remember the connection once it is open (again under TLS)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._stream = info["return_value"]
                if self._aborted:
                    self._cut()

    def abort(self) -> None:
        """Cut the connection now, or as soon as it opens; wakes a reader blocked on it."""
        with self._lock:
            self._aborted = True
            self._cut()

    def _cut(self) -> None:
        held = self._stream.get_extra_info("socket") if self._stream else None
        if held is not None:
            with contextlib.suppress(OSError):  # already closed by the other side
                # Not SSLSocket.shutdown, which would say goodbye first.
                socket.socket.shutdown(held, socket.SHUT_RDWR)


_CALL: ContextVar[Call | None] = ContextVar("_CALL", default=None)


class Ended:
    """The reader is done: `error` is what it died of, None if the source simply ended."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class Pump(Generic[T]):
    """Reads a blocking iterator in a thread, so that its consumer can look at the clock."""

    def __init__(self, source: Iterator[T], call: Call) -> None:
        self._queue: queue.SimpleQueue[T | Ended] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._run, args=(source, call), name="llm-reader", daemon=True
        )
        self._thread.start()

    def _run(self, source: Iterator[T], call: Call) -> None:
        _CALL.set(call)
        error: BaseException | None = None
        try:
            for item in source:
                self._queue.put(item)
        except BaseException as exc:  # noqa: BLE001 - carried over to the consumer, which raises it
            error = exc
        self._queue.put(Ended(error))

    def get(self, seconds: float) -> T | Ended | None:
        """The next item, None if nothing came within `seconds`."""
        try:
            return self._queue.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            return None

    def join(self, seconds: float) -> None:
        """Give the thread `seconds` to finish after its call was aborted."""
        self._thread.join(seconds)


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._inner:
            size += len(piece)
            if size > MAX_REPLY_BYTES:
                raise BadReplyError("模型服务返回的内容过大，已停止接收。")
            yield piece

    def close(self) -> None:
        self._inner.close()


class _Transport(httpx2.HTTPTransport):
    """Reports the connection to the current `Call`; refuses what the protocol does not need."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if call := _CALL.get():
            request.extensions = {**request.extensions, "trace": call.trace}
        response = super().handle_request(request)
        kind = response.headers.get("content-type", "")
        packed = response.headers.get("content-encoding", "identity") != "identity"
        if packed or (response.status_code == 200 and kind.startswith("text/html")):
            response.close()
            raise BadReplyError("模型服务返回的不是接口数据，而是网页或压缩内容。")
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _BoundedStream(response.stream)
        return response


def is_local(host: str) -> bool:
    """Whether `host` is this machine or an intranet name: a proxy must not see it."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or name.endswith((".localhost", ".local", ".lan", ".internal"))
    return address.is_private or address.is_loopback or address.is_link_local


def proxy_for(url: str) -> str | None:
    """The environment's proxy for `url`; None for local addresses and those it exempts."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_local(host) or proxy_bypass(host):
        return None
    proxy = getproxies().get(parts.scheme, "")
    return proxy if proxy.startswith(("http://", "https://")) else None


def http_client(base_url: str, connect: float, read: float) -> httpx2.Client:
    """A client for one endpoint; `connect` and `read` are seconds.

    No redirects (evidence must not follow one elsewhere) and no kept connections (a cut one could
    not be told from an idle one).
    """
    limits = httpx2.Limits(max_connections=64, max_keepalive_connections=0)
    return httpx2.Client(
        transport=_Transport(proxy=proxy_for(base_url), limits=limits),
        timeout=httpx2.Timeout(read, connect=connect),
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    )
