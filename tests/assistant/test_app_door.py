"""The front door: what it lets through, who gets which cookie, what every reply forbids."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assistant.app.front.door import COOKIE, Door
from assistant.session_ids import is_session_id, new_session_id

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8" />'
    '<meta property="og:url" content="https://gradio.app/" /></head></html>'
)


async def behind(scope: Any, receive: Any, send: Any) -> None:
    assert (b"accept-encoding", b"br") not in scope["headers"] or scope["path"] != "/"
    headers = [(b"content-type", b"text/html"), (b"content-length", b"1")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE.encode()})


def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    given = {"host": "127.0.0.1:7860", "accept-encoding": "br", **headers}
    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "headers": [(k.encode(), v.encode()) for k, v in given.items()],
    }
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    door = Door(behind, frozenset({"127.0.0.1", "localhost", "::1"}))
    asyncio.run(door(scope, None, send))  # type: ignore[arg-type]
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]).decode()


def test_the_page_is_chinese_and_names_no_foreign_site() -> None:
    status, headers, body = ask("/")
    assert status == 200
    assert '<html lang="zh-CN">' in body
    assert "gradio.app" not in body
    assert "zh-CN" in body.partition("<script>")[2]  # Gradio's own words follow this
    assert int(headers["content-length"]) == len(body.encode())


def test_a_new_visitor_gets_a_cookie_scripts_cannot_read() -> None:
    _, headers, _ = ask("/")
    name, _, rest = headers["set-cookie"].partition("=")
    value = rest.split(";")[0]
    assert name == COOKIE
    assert is_session_id(value)
    assert "HttpOnly" in rest
    assert "SameSite=Strict" in rest


def test_a_known_visitor_keeps_the_cookie_and_a_bad_one_is_replaced() -> None:
    assert "set-cookie" not in ask("/", cookie=f"{COOKIE}={new_session_id()}")[1]
    assert "set-cookie" in ask("/", cookie=f"{COOKIE}=../../etc")[1]
    assert "set-cookie" in ask("/", cookie="\x01=;;=")[1]


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/config", "/theme.css", "/assets/a.js", "/gradio_api/queue/join",
             "/gradio_api/upload", "/gradio_api/heartbeat/ab12", "/gradio_api/file",
             "/download/aZ_-9"],
)  # fmt: skip
def test_what_the_page_needs_is_let_through_with_a_policy(path: str) -> None:
    status, headers, _ = ask(path)
    assert status == (404 if path.endswith("/file") else 200)
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/docs", "/openapi.json", "/gradio_api/info", "/gradio_api/proxy=http://evil.example",
             "/gradio_api/file=/etc/passwd", "/gradio_api/file=http://evil.example/",
             "/gradio_api/call/ask", "/gradio_api/vibe-edit", "/gradio_api/runs", "/monitoring",
             "/login", "//evil.example", "/gradio_api/run/predict", "/download/", "/download/../x",
             "/download/a/b"],
)  # fmt: skip
def test_the_rest_of_gradio_is_closed(path: str) -> None:
    assert ask(path)[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "["]
)
def test_a_foreign_host_name_is_refused(host: str) -> None:
    assert ask("/", host=host)[0] == 421


def test_a_foreign_origin_is_refused_and_our_own_is_not() -> None:
    join = "/gradio_api/queue/join"
    assert ask(join, "POST", origin="http://evil.example")[0] == 403
    assert ask(join, "POST", origin="http://127.0.0.1:9999")[0] == 403
    assert ask(join, "POST", origin="null")[0] == 403
    assert ask(join, "POST", origin="http://127.0.0.1:7860")[0] == 200
    assert ask("/", host="[::1]:7860")[0] == 200
