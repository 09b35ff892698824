"""The real model on this machine: `make test-llm`. Prints what it measured."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from langchain_core.messages import AIMessageChunk

from assistant.answer.chain import LLMAnswerer
from assistant.build import Services
from assistant.errors import ContextTooLongError, LLMTimeoutError
from assistant.llm.local import LocalChat
from assistant.llm.openai import Limits
from assistant.llm.text import Wait, stream_text
from assistant.model import LocalServer, Shelf, Size, runtime_installed
from assistant.settings import Settings

pytestmark = pytest.mark.llm

CONTEXT = 1280
LIMITS = Limits(total=280.0, tries=1)
LONG = "请从一数到五百，每个数之间用逗号隔开，不要停。"
SHORT = "请只回答一个字：好"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    settings = Settings()
    shelf = Shelf.of(settings.folder, settings.model_file)
    if not runtime_installed() or shelf.state in ("missing", "partial"):
        pytest.skip("no model here: fazhi model pull, or set FAZHI_MODEL_FILE")
    running = LocalServer(shelf, Size(CONTEXT, settings.local_threads))
    started = time.monotonic()
    running.address()
    print(f"\nloaded in {time.monotonic() - started:.1f} s")
    yield running
    running.close()


@pytest.fixture
def chat(server: LocalServer) -> LocalChat:
    return LocalChat(server=server, limits=LIMITS, max_tokens=200)


def _post(server: LocalServer, path: str, body: dict[str, Any], key: str = "") -> Any:
    at = server.address()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key or at.key}"}
    url = at.url.removesuffix("/v1") + path
    with urlopen(Request(url, json.dumps(body).encode(), headers), timeout=280) as reply:
        return json.load(reply)


def _seconds(chat: LocalChat) -> float:
    """How long a reply of a word or two takes."""
    started = time.monotonic()
    for piece in stream_text(chat, SHORT):
        if not isinstance(piece, Wait):
            break
    return time.monotonic() - started


def test_streams_and_tells_its_speed(chat: LocalChat) -> None:
    started, first, pieces = time.monotonic(), 0.0, 0
    total: AIMessageChunk | None = None
    question = "用三句话说明什么是法治政府。" + "依法行政是法治政府建设的基本要求。" * 20
    for chunk in chat.stream(question):
        if chunk.text:
            first = first or time.monotonic() - started
            pieces += 1
        total = chunk if total is None else total + chunk
    seconds = time.monotonic() - started
    assert total is not None
    assert total.usage_metadata
    read, wrote = total.usage_metadata["input_tokens"], total.usage_metadata["output_tokens"]
    print(f"\nread {read} tokens, first text after {first:.1f} s ({read / first:.0f} tokens/s)")
    print(f"wrote {wrote} tokens in {seconds - first:.1f} s ({wrote / (seconds - first):.1f}/s)")
    assert pieces > 5  # it arrives in pieces,
    assert first < seconds * 0.95  # not all at the end
    assert "法" in total.text


def test_the_same_question_gets_the_same_answer(chat: LocalChat) -> None:
    assert chat.invoke(SHORT).text == chat.invoke(SHORT).text


def test_what_two_prompts_begin_with_is_read_once(chat: LocalChat) -> None:
    same = "以下是资料：" + "全年行政处罚立案12件，结案11件。" * 25
    chat.invoke(same + "立案多少件？只写数字。")
    again = chat.invoke(same + "结案多少件？只写数字。").usage_metadata
    assert again
    cached = again["input_token_details"]["cache_read"]
    print(f"\n{cached} of {again['input_tokens']} tokens were read before")
    assert cached > again["input_tokens"] * 0.8


def test_a_stop_while_writing_ends_the_work(chat: LocalChat) -> None:
    usual = _seconds(chat)
    pieces = stream_text(chat, LONG)
    while isinstance(next(pieces), Wait):
        pass
    pieces.close()
    after = _seconds(chat)
    print(f"\na short reply takes {usual:.1f} s, after a stop {after:.1f} s")
    assert after < 3 * usual + 2.0


def test_a_stop_while_reading_ends_the_work(chat: LocalChat) -> None:
    usual = _seconds(chat)
    long = "".join(f"第{n}项工作已经完成。" for n in range(130))
    pieces = stream_text(chat, long)
    next(pieces)
    pieces.close()
    after = _seconds(chat)
    print(f"\na short reply takes {usual:.1f} s, after a stop while reading {after:.1f} s")
    assert after < 3 * usual + 12.0  # a batch of 128; the whole prompt takes 25 s and more


def test_usage_counts_the_models_own_tokens(server: LocalServer) -> None:
    messages = [{"role": "user", "content": "立案36件，罚没15.7万元。"}]
    body = {"messages": messages, "max_tokens": 8, "temperature": 0}
    usage = _post(server, "/v1/chat/completions", body)["usage"]
    prompt = _post(server, "/apply-template", {"messages": messages})["prompt"]
    told = _post(server, "/tokenize", {"content": prompt, "parse_special": True})
    assert usage["prompt_tokens"] == len(told["tokens"])
    assert 0 < usage["completion_tokens"] <= 8


def test_too_long_a_prompt_is_said_so(chat: LocalChat) -> None:
    with pytest.raises(ContextTooLongError) as caught:
        chat.invoke("立案十二件。" * CONTEXT)
    assert "FAZHI_LOCAL_CONTEXT" in caught.value.hint


def test_the_chain_halves_what_does_not_fit(sample_services: Services, chat: LocalChat) -> None:
    """The chain is told of a context larger than the server's: it must find out, once."""
    nowhere = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "replaced"}
    settings = sample_services.settings.model_copy(update=nowhere)
    chain = replace(sample_services, settings=settings).answerer("openai")
    assert isinstance(chain, LLMAnswerer)
    short = chat.model_copy(update={"max_tokens": 120})
    chain = replace(chain, model=short, context=3600, reply=400)
    answer = chain.answer("砚渚县卫生健康局2025年在普法宣传方面做了哪些工作？")
    assert any("已减为一半" in note for note in answer.notes)
    assert answer.citations


def test_a_deadline_holds(server: LocalServer) -> None:
    hasty = LocalChat(server=server, limits=Limits(total=1.0, tries=1))
    with pytest.raises(LLMTimeoutError) as caught:
        hasty.invoke("".join(f"第{n}项工作已经完成。" for n in range(130)))
    assert "FAZHI_LOCAL_TIMEOUT" in caught.value.hint


def test_nobody_without_the_key(server: LocalServer) -> None:
    body = {"messages": [{"role": "user", "content": "你好"}]}
    with pytest.raises(HTTPError, match="401"):
        _post(server, "/v1/chat/completions", body, key="guess")


def test_it_starts_again_after_a_crash(chat: LocalChat, server: LocalServer) -> None:
    assert server._child
    os.kill(server._child.pid, signal.SIGKILL)
    server._child.wait()
    assert chat.invoke(SHORT).text


def test_it_ends_with_its_parent(server: LocalServer) -> None:
    """Also with one that is killed and can tidy nothing up."""
    code = (
        "from pathlib import Path; import sys, time\n"
        "from assistant.model import LocalServer, Shelf, Size\n"
        "server = LocalServer(Shelf(Path(sys.argv[1]), elsewhere=Path(sys.argv[2])), Size(512))\n"
        "server.address(); print(server._child.pid, flush=True); time.sleep(600)\n"
    )
    shelf = server.shelf
    with subprocess.Popen(
        [sys.executable, "-c", code, str(shelf.folder), str(shelf.path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.kill()
    until = time.monotonic() + 10
    with suppress(OSError):
        while time.monotonic() < until:
            os.kill(child, 0)
            time.sleep(0.1)
    assert not Path(f"/proc/{child}").exists()
