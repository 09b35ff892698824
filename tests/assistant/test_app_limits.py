"""What a request may bring: sizes and deadlines, and nothing of another visitor."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from gradio.route_utils import upload_fn  # noqa: TID251 - what the limits stand before
from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from assistant.app.front.limits import Allowance, Limits
from assistant.app.front.visitor import SCOPE_KEY, Visitor

SMALL = Allowance(
    body=1000, body_seconds=0.3, upload=5000, silence=0.2, grace=0.4, slowest=10_000,
    uploads=2, uploads_each=1,
)  # fmt: skip
MAX_FILE = 3000
JOIN, UPLOAD = "/gradio_api/queue/join", "/gradio_api/upload"


class Asked:
    """The limits in front of Gradio's own upload, and of an echo for everything else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reached: list[str] = []
        app = FastAPI()

        @app.post(UPLOAD, response_model=None)
        async def upload(request: Request) -> Response:
            try:
                files, _, _ = await upload_fn(request, str(folder), MAX_FILE, None, False)
            except MultiPartException as error:
                code = 413 if "maximum allowed size" in error.message else 400
                return PlainTextResponse(error.message, status_code=code)
            return JSONResponse([str(file) for file in files])

        @app.api_route("/{path:path}", methods=["GET", "POST"], response_model=None)
        async def echo(path: str, request: Request) -> Response:
            self.reached.append(path)
            return Response(await request.body())

        self.limits = Limits(app, folder, SMALL)

    async def __call__(
        self, path: str, body: bytes | AsyncIterator[bytes] | None = None, session: str = "mine",
        query: str = "", **headers: str,
    ) -> tuple[int, str]:  # fmt: skip
        given = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        scope = {
            "type": "http", "method": "GET" if body is None else "POST", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "headers": given,
            "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1), "root_path": "", SCOPE_KEY: Visitor(session),
        }  # fmt: skip
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await self.limits(scope, _receive(body), send)
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], content.decode()

    def files(self) -> list[str]:
        return [path.name for path in self.folder.rglob("*") if path.is_file()]


def _receive(body: bytes | AsyncIterator[bytes] | None) -> Callable[[], Any]:
    async def pieces() -> AsyncIterator[bytes]:
        if isinstance(body, bytes):
            yield body

    left = pieces() if body is None or isinstance(body, bytes) else body

    async def receive() -> dict[str, Any]:
        try:
            return {"type": "http.request", "body": await anext(left), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}
        except ConnectionError:
            return {"type": "http.disconnect"}

    return receive


HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
MULTIPART = {"content_type": "multipart/form-data; boundary=b"}


def form(content: bytes) -> bytes:
    return HEAD + content + b"\r\n--b--\r\n"


@pytest.fixture
def ask(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_a_small_upload_arrives(ask: Asked) -> None:
    status, told = run(ask(UPLOAD, form(b"hello"), **MULTIPART))
    assert status == 200
    assert Path(json.loads(told)[0]).read_bytes() == b"hello"


@pytest.mark.parametrize("declared", [True, False])
def test_too_much_is_refused_and_leaves_no_file(ask: Asked, declared: bool) -> None:
    body = form(b"x" * 6000)
    more = {"content_length": str(len(body))} if declared else {}
    status, told = run(ask(UPLOAD, body, **MULTIPART, **more))
    assert (status, ask.files()) == (413, [])
    assert "过大" in told


def test_one_file_too_large_is_refused_in_chinese_and_leaves_none(ask: Asked) -> None:
    status, told = run(ask(UPLOAD, form(b"x" * (MAX_FILE + 1)), **MULTIPART))
    assert (status, ask.files()) == (413, [])
    assert "上限" in told


async def stalling() -> AsyncIterator[bytes]:
    yield HEAD + b"x" * 100
    await asyncio.sleep(60)


async def trickling() -> AsyncIterator[bytes]:
    yield HEAD
    while True:
        await asyncio.sleep(0.05)
        yield b"x"


async def broken() -> AsyncIterator[bytes]:
    yield HEAD + b"x" * 100
    raise ConnectionError


@pytest.mark.parametrize(("body", "status"), [(stalling, 408), (trickling, 408), (broken, 400)])
def test_a_slow_or_broken_upload_ends_and_leaves_no_file(
    ask: Asked, body: Callable[[], AsyncIterator[bytes]], status: int
) -> None:
    async def timed() -> int:
        async with asyncio.timeout(10):
            found, _ = await ask(UPLOAD, body(), **MULTIPART)
            return found

    assert run(timed()) == status
    assert ask.files() == []


def test_one_visitor_cannot_take_every_place_and_busy_is_told_at_once(ask: Asked) -> None:
    async def several() -> list[int]:
        first = asyncio.create_task(ask(UPLOAD, stalling(), "one", **MULTIPART))
        await asyncio.sleep(0)
        second, _ = await ask(UPLOAD, form(b"x"), "one", **MULTIPART)
        other, _ = await ask(UPLOAD, form(b"x"), "two", **MULTIPART)
        await first
        after, _ = await ask(UPLOAD, form(b"x"), "one", **MULTIPART)
        return [second, other, after]

    assert run(several()) == [503, 200, 200]


def test_a_full_disk_is_said_before_anything_is_written(
    ask: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.app.front.limits._SPARE", 1 << 62)
    status, told = run(ask(UPLOAD, form(b"x"), **MULTIPART))
    assert (status, ask.files()) == (507, [])
    assert "磁盘空间不足" in told


@pytest.mark.parametrize("body", [b"x" * 1001, stalling, trickling])
def test_other_bodies_are_short_and_quick(ask: Asked, body: Any) -> None:
    async def timed() -> int:
        async with asyncio.timeout(10):
            found, _ = await ask("/api/v1/ask", body() if callable(body) else body)
            return found

    assert run(timed()) in (408, 413)
    assert ask.reached == []


def joined(page: str, *data: Any) -> bytes:
    return json.dumps({"session_hash": page, "fn_index": 1, "data": data}).encode()


def test_a_page_belongs_to_whoever_opened_it(ask: Asked) -> None:
    async def pages() -> list[int]:
        asked = [
            ask(JOIN, joined("p1"), "mine"),
            ask("/gradio_api/queue/data", None, "mine", "session_hash=p1"),
            ask("/gradio_api/heartbeat/p1", None, "mine"),
            ask(JOIN, joined("p1"), "theirs"),
            ask("/gradio_api/queue/data", None, "theirs", "session_hash=p1"),
            ask("/gradio_api/queue/data", None, "theirs", "session_hash=p2&session_hash=p1"),
            ask("/gradio_api/heartbeat/p1", None, "theirs"),
            ask("/gradio_api/cancel", joined("p1"), "theirs"),
        ]
        return [(await one)[0] for one in asked]

    assert run(pages()) == [200, 200, 200, 403, 403, 403, 403, 403]
    assert len(ask.reached) == 3


def a_file(path: str) -> dict[str, Any]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


def test_an_uploaded_file_is_its_uploaders(ask: Asked) -> None:
    async def files() -> list[int]:
        _, told = await ask(UPLOAD, form(b"hello"), "mine", **MULTIPART)
        path = json.loads(told)[0]
        asked = [
            ask(JOIN, joined("p1", a_file(path)), "mine"),
            ask(JOIN, joined("p2", a_file(path)), "theirs"),
            ask(JOIN, joined("p3", [{"deep": [a_file(path)]}]), "theirs"),
        ]
        return [(await one)[0] for one in asked]

    assert run(files()) == [200, 403, 403]


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../../etc/passwd", "http://evil.example/x", "https://evil.example/x",
     "//evil.example/x", "file:///etc/passwd", "", "data:text/plain,x", "\\\\evil\\share"],
)  # fmt: skip
def test_what_was_not_uploaded_is_no_file_and_nothing_is_fetched(ask: Asked, path: str) -> None:
    """`no_network` fails every look-up; the request does not even reach Gradio."""
    assert run(ask(JOIN, joined("p1", a_file(path))))[0] == 403
    assert ask.reached == []


def test_memory_for_owners_is_bounded(ask: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.app.front.limits._OWNED", 50)

    async def many() -> None:
        for n in range(200):
            await ask(JOIN, joined(f"p{n}"))

    run(many())
    assert len(ask.limits._owners) == 50
    assert not ask.limits._uploading


def test_deep_json_is_harmless(ask: Asked) -> None:
    assert run(ask(JOIN, b"[" * 900))[0] in (200, 403)
