"""The HTTP server itself: its address, its patience with slow clients, and stopping in order."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.errors import AssistantError
from vectorstore.errors import reason

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["Address", "ServeError", "bound", "run"]

_HEADER_SECONDS = 20.0  # for the head of a request
_LAST_WORDS = 4  # seconds answers under way have to end in when the server stops
_CONNECTIONS = 800  # open at a time; below the usual limit of 1024 open files


class ServeError(AssistantError):
    """The page cannot be served as asked for."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is served, and how.

    `names` are further names it is reached by. With `cert` and `key`, PEM files, it is served over
    https; `behind_https` means a proxy on this machine does that.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    names: tuple[str, ...] = ()
    cert: Path | None = None
    key: Path | None = None
    behind_https: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host == "localhost" or self._ip.is_loopback

    @property
    def any_address(self) -> bool:
        """Whether it is reached by every address of this machine."""
        return self.host != "localhost" and self._ip.is_unspecified

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over https."""
        return self.cert is not None or self.behind_https

    @property
    def hosts(self) -> frozenset[str]:
        """The names in requests that are meant for this server."""
        named = {name.strip().lower().strip("[]") for name in self.names}
        return frozenset({self.host, "127.0.0.1", "localhost", "::1", *named} - {""})

    @property
    def url(self) -> str:
        """What to open in a browser."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.cert else 'http'}://{shown}:{self.port}"

    @property
    def family(self) -> socket.AddressFamily:
        """IPv4 or IPv6. Raises ServeError when `host` is no address."""
        six = self.host != "localhost" and self._ip.version == 6
        return socket.AF_INET6 if six else socket.AF_INET

    @property
    def _ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            raise ServeError(
                f"--host 应为本机的一个 IP 地址，不能是“{self.host}”。",
                "例如 --host 0.0.0.0，再用 --allow-host 写明访问时用的域名。",
            ) from None


@contextmanager
def bound(address: Address) -> Iterator[socket.socket]:
    """A listening socket, bound before anything heavy is loaded.

    Raises ServeError, also for a certificate or key that cannot be used.
    """
    _check_certificate(address)
    listener = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address.host, address.port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise ServeError(
                    f"本机没有地址 {address.host}。", "请用 --host 0.0.0.0 或本机的一个 IP 地址。"
                ) from error
            used = error.errno == errno.EADDRINUSE
            why = "已被其他程序占用" if used else f"不能使用（{reason(error)}）"
            raise ServeError(
                f"端口 {address.port} {why}。",
                f"换一个端口：fazhi serve --port {address.port + 1}",
            ) from error
        yield listener
    finally:
        listener.close()


def run(
    app: FastAPI, address: Address, listener: socket.socket, ending: Callable[[], None]
) -> None:
    """Serve `app` until Ctrl-C or SIGTERM; `ending` then ends the answers under way."""
    config = uvicorn.Config(
        app,
        http=_Patient,
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=_LAST_WORDS,
        limit_concurrency=_CONNECTIONS,
        server_header=False,
        # A proxy is believed when it says whose request it passes on: one on this machine, or at an
        # address named in FORWARDED_ALLOW_IPS.
        proxy_headers=address.behind_https,
        ssl_certfile=address.cert,
        ssl_keyfile=address.key,
    )
    logging.getLogger("uvicorn.error").addFilter(_tells)
    # uvicorn raises the signal again once it has shut down; ours must still run after that
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        _Server(config, ending).run(sockets=[listener])


def _tells(record: logging.LogRecord) -> bool:
    """Whether the log should have it: that pages were still open at the end is no error."""
    error = record.exc_info[1] if record.exc_info else None
    cut = isinstance(record.msg, str) and record.msg.startswith("Cancel %s running task")
    return not (cut or isinstance(error, asyncio.CancelledError))


def _check_certificate(address: Address) -> None:
    if address.cert is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(address.cert, address.key)
    except OSError as error:  # ssl.SSLError is one
        raise ServeError(
            "证书或私钥用不了。", "请检查 --cert 和 --key 是否为 PEM 文件、互相对应且可读。"
        ) from error


class _Server(uvicorn.Server):
    """Ends the answers under way before it closes their connections."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._ending)
        await super().shutdown(sockets)


class _Patient(H11Protocol):
    """HTTP/1.1 that closes a connection on which the head of a request does not arrive."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Begin to count, or stop counting while a request is being answered."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._unwatch()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(_HEADER_SECONDS, self.transport.close)

    def _unwatch(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None
