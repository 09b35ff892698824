"""The HTTP server's patience, on a real socket, with its clock set short."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from assistant.app import serving
from assistant.app.serving import Address, bound

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await asyncio.sleep(1.0 if scope["path"] == "/slow" else 0)
        headers = [(b"content-length", b"4")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"done"})


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def talk(address: tuple[str, int], pieces: tuple[bytes, ...]) -> bytes:
    came = b""
    with socket.create_connection(address, 20) as line, suppress(ConnectionError):
        for piece in pieces:
            line.sendall(piece)
            time.sleep(0.1)
        while more := line.recv(1000):
            came += more
    return came


async def heard(listener: socket.socket, *pieces: bytes) -> bytes:
    """What a client that sends `pieces` slowly hears until it is cut off."""
    config = uvicorn.Config(
        app, http=serving._Patient, ws="none", lifespan="off", log_level="critical",
        timeout_keep_alive=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve([listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    came = await asyncio.to_thread(talk, listener.getsockname(), pieces)
    server.should_exit = True
    await task
    return came


@pytest.mark.parametrize(
    ("pieces", "answers"),
    [
        ((), 0),
        ((GET,), 0),
        ((b"GET / HT", b"TP/1.1\r\n", b"Host", b": x\r\n", b"A: ", b"b"), 0),
        ((GET + b"\r\n", GET), 1),
        ((GET.replace(b"/ ", b"/slow ") + b"\r\n",), 1),
    ],
    ids=["silence", "half a head", "dripping", "half a second head", "a slow answer"],
)
def test_a_head_that_does_not_arrive_is_cut_but_no_answer_is(
    listener: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    pieces: tuple[bytes, ...],
    answers: int,
) -> None:
    monkeypatch.setattr(serving, "_HEADER_SECONDS", 0.4)
    assert asyncio.run(heard(listener, *pieces)).count(b"done") == answers


def test_what_an_address_means() -> None:
    local, wide = Address(), Address("0.0.0.0", names=("Fazhi.example", "[fd00::1]"))
    assert (local.is_local, local.any_address) == (True, False)
    assert (wide.is_local, wide.any_address) == (False, True)
    assert {"fazhi.example", "fd00::1", "localhost"} <= wide.hosts
    assert Address("::1", 80).url == "http://[::1]:80"
    assert Address("127.0.0.5").is_local
    assert not Address("10.0.0.1").any_address


def test_an_address_of_another_machine_is_told() -> None:
    with (
        pytest.raises(serving.ServeError, match=r"本机没有地址 192\.0\.2\.7"),
        bound(Address("192.0.2.7")),
    ):
        pass
