"""A loopback OpenAI-compatible server that misbehaves on order.

`with FakeEndpoint(plays) as server:` answers request n with `plays[n]` (the last one repeats), and
records every request and when its client went away.
"""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

DONE = "data: [DONE]\n\n"


def event(content: str | None = None, finish: str | None = None) -> str:
    delta: dict[str, Any] = {} if content is None else {"role": "assistant", "content": content}
    return data({
        "id": "x", "object": "chat.completion.chunk", "created": 1, "model": "test",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    })  # fmt: skip


def data(payload: object) -> str:
    return f"data: {json.dumps(payload, ensure_ascii=False)}\n\n"


@dataclass(frozen=True)
class Play:
    """How to answer one request: status, headers, body pieces, and what to do after them.

    `end`: `close` finishes the body, `cut` drops the connection inside it, `stall` stays silent,
    `ping` sends comments for ever, `empty` sends events without text for ever; the last three until
    the client goes away. `silent` sends not even a status line.
    """

    pieces: Sequence[str | bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text/event-stream"
    end: Literal["close", "cut", "stall", "ping", "empty"] = "close"
    silent: bool = False


def says(text: str, finish: str | None = "stop", size: int = 3) -> Play:
    """A whole, well-formed streamed reply (with `finish=None`: one that never says it ended)."""
    pieces = [event(text[i : i + size]) for i in range(0, len(text), size)]
    return Play([*pieces, *([event(finish=finish)] if finish else []), DONE])


def fails(status: int, message: str = "no", **headers: str) -> Play:
    body = json.dumps({"error": {"message": message, "code": None, "type": "error"}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Play([body], status=status, headers=named, kind="application/json")


@dataclass
class Request:
    """One request as it arrived; `gone` is set when its client has closed the connection."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    gone: threading.Event = field(default_factory=threading.Event)


class FakeEndpoint:
    """The server; `url` is what to configure as base URL."""

    def __init__(self, *plays: Play) -> None:
        self.plays = plays
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> FakeEndpoint:
        poll = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _take(self, request: Request) -> Play:
        with self._lock:
            self.requests.append(request)
            return self.plays[min(len(self.requests), len(self.plays)) - 1]

    def _handler(outer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                request = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                play = outer._take(request)
                try:
                    self._act(play)
                except OSError:  # the client hung up while we were writing
                    pass
                else:
                    if play.silent or play.end not in ("close", "cut"):
                        self._linger(play)
                request.gone.set()
                self.close_connection = True

            def _act(self, play: Play) -> None:
                if play.silent:
                    return
                self.send_response(play.status)
                for name, value in {"Content-Type": play.kind, **play.headers}.items():
                    self.send_header(name, value)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for piece in play.pieces:
                    self._chunk(piece.encode() if isinstance(piece, str) else piece)
                if play.end == "close":
                    self._chunk(b"")
                elif play.end == "cut":
                    self.connection.shutdown(socket.SHUT_RDWR)

            def _chunk(self, piece: bytes) -> None:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()

            def _linger(self, play: Play) -> None:
                """Until the client closes: readable and empty means it did."""
                noise = {"ping": b": ping\n\n", "empty": event("").encode()}.get(play.end)
                last = time.monotonic()
                while not outer._closing.is_set():
                    if select.select([self.connection], [], [], 0.02)[0]:
                        return
                    if noise and time.monotonic() - last > 0.03:
                        last = time.monotonic()
                        try:
                            self._chunk(noise)
                        except OSError:
                            return

        return Handler
