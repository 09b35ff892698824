"""The chat of the local engine around a server that is not llama.cpp."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.errors import (
    ContextTooLongError,
    IncompleteReplyError,
    LLMError,
    LLMTimeoutError,
    LLMUnavailableError,
)
from assistant.llm.local import LocalChat
from assistant.llm.openai import Limits
from assistant.llm.text import Wait, stream_text
from assistant.model import Address, LocalServer, ModelMissingError, Shelf
from tests.assistant.model_parts import BYTES, TINY
from tests.openai_server import FakeEndpoint, Play, fails, says

QUICK = Limits(total=60.0, pulse=0.05, tries=1)


@dataclass
class Stand:
    """Stands where the server would: `address` may take its time, or fail."""

    at: Callable[[], Address]
    shelf: Shelf = field(default_factory=lambda: Shelf(Path("nowhere"), TINY))

    def address(self) -> Address:
        return self.at()


def _chat(at: Callable[[], Address], limits: Limits = QUICK) -> LocalChat:
    return LocalChat(server=Stand(at), limits=limits)


def _text(chat: LocalChat) -> str:
    return "".join(p for p in stream_text(chat, "问") if isinstance(p, str))


def test_text_comes_with_key_and_model() -> None:
    with FakeEndpoint(says("立案12件[1]。")) as server:
        assert _text(_chat(lambda: Address(server.url, "k"))) == "立案12件[1]。"
        request = server.requests[0]
    assert request.headers["authorization"] == "Bearer k"
    assert request.body["model"] == "tiny"
    assert (request.body["temperature"], request.body["seed"]) == (0, 0)


def test_loading_is_seen_as_waiting() -> None:
    loaded = threading.Event()
    with FakeEndpoint(says("好")) as server:

        def at() -> Address:
            assert loaded.wait(5)
            return Address(server.url, "k")

        pieces = stream_text(_chat(at), "问")
        first = next(pieces)
        assert isinstance(first, Wait)
        assert first.reason == "正在载入本机模型"
        loaded.set()
        assert "好" in list(pieces)


def test_a_restarted_server_is_found() -> None:
    with FakeEndpoint(says("一")) as old, FakeEndpoint(says("二")) as new:
        addresses = iter([Address(old.url, "a"), Address(new.url, "b")])
        chat = _chat(lambda: next(addresses))
        assert _text(chat) == "一"
        assert _text(chat) == "二"
        assert new.requests[0].headers["authorization"] == "Bearer b"


@pytest.mark.parametrize(
    ("play", "kind", "hint"),
    [
        (fails(400, "exceeds the available context size"), ContextTooLongError, "LOCAL_CONTEXT"),
        (Play(silent=True), LLMTimeoutError, "LOCAL_TIMEOUT"),
        (fails(500), LLMUnavailableError, "自动重新启动"),
    ],
)
def test_failures_say_what_to_do_here(play: Play, kind: type[LLMError], hint: str) -> None:
    limits = Limits(total=1.0, pulse=0.05, tries=1) if play.silent else QUICK
    with FakeEndpoint(play) as server, pytest.raises(kind) as caught:
        _text(_chat(lambda: Address(server.url, "k"), limits))
    assert hint in caught.value.hint
    assert len(server.requests) == 1


def test_a_reply_cut_short_is_the_endpoints_error() -> None:
    cut = says("写到一半", finish="length")
    with FakeEndpoint(cut) as server, pytest.raises(IncompleteReplyError):
        _text(_chat(lambda: Address(server.url, "k")))


def test_what_the_start_raises_reaches_the_user(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    with pytest.raises(ModelMissingError):
        _text(LocalChat(server=LocalServer(Shelf(tmp_path, TINY)), limits=QUICK))


def test_a_model_that_does_not_load_ends_the_child_only(tmp_path: Path) -> None:
    """The real child process: llama.cpp refuses bytes that are no model."""
    pytest.importorskip("xllamacpp")
    (tmp_path / TINY.file).write_bytes(BYTES)
    server = LocalServer(Shelf(tmp_path, TINY))
    with pytest.raises(LLMUnavailableError, match="没有启动"):
        server.address()
    assert not server.running
    assert (tmp_path / "llama.log").exists()
