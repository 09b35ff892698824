"""A download belongs to one session, has a harmless name, and fails in plain words."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.app import downloads
from assistant.app.downloads import Downloads, safe_name
from assistant.app.front.door import COOKIE
from assistant.errors import AssistantError
from assistant.session_ids import new_session_id

MINE, OTHER = new_session_id(), new_session_id()


def client(offered: Downloads, session: str = "") -> TestClient:
    app = FastAPI()
    downloads.mount(app, offered, COOKIE)
    return TestClient(app, cookies={COOKIE: session} if session else {})


def test_only_the_session_it_was_offered_to_gets_it() -> None:
    offered = Downloads()
    address = offered.offer(MINE, "台账.csv", lambda: b"a,b")
    reply = client(offered, MINE).get(address)
    assert reply.content == b"a,b"
    assert reply.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%8F%B0")
    assert reply.headers["cache-control"] == "no-store"
    for stranger in (OTHER, ""):
        refused = client(offered, stranger).get(address)
        assert refused.status_code == 404
        assert "已失效" in refused.text
    assert client(offered, MINE).get(downloads.PATH + "no-such-token").status_code == 404


def test_nothing_offered_to_no_session_can_be_taken_without_one() -> None:
    offered = Downloads()
    address = offered.offer("", "台账.csv", lambda: b"a")
    assert client(offered).get(address).status_code == 404


def test_the_oldest_offers_are_withdrawn() -> None:
    offered = Downloads()
    first = offered.offer(MINE, "a.csv", lambda: b"1")
    for _ in range(downloads._KEPT):
        last = offered.offer(MINE, "b.csv", lambda: b"2")
    assert client(offered, MINE).get(first).status_code == 404
    assert client(offered, MINE).get(last).content == b"2"


def test_what_one_session_is_offered_withdraws_nothing_of_another() -> None:
    offered = Downloads()
    mine = offered.offer(MINE, "a.csv", lambda: b"1")
    for _ in range(downloads._KEPT * 10):
        offered.offer("another", "b.csv", lambda: b"2")
    assert client(offered, MINE).get(mine).content == b"1"


def test_a_small_file_need_not_wait_for_a_large_one() -> None:
    offered, begun, finish = Downloads(), threading.Event(), threading.Event()

    def large() -> bytes:
        begun.set()
        assert finish.wait(30)
        return b"large"

    slow = offered.offer(MINE, "a.docx", large).removeprefix(downloads.PATH)
    quick = offered.offer(OTHER, "b.csv", lambda: b"small").removeprefix(downloads.PATH)
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(offered.take, MINE, slow)
        assert begun.wait(30)
        try:
            assert pool.submit(offered.take, OTHER, quick).result(30) == ("b.csv", b"small")
        finally:
            finish.set()
        assert waiting.result(30) == ("a.docx", b"large")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(AssistantError("行数太多。", "请改用 csv。"), 409, "行数太多。请改用 csv。"),
     (RuntimeError("/srv/secret"), 500, "请查看服务日志")],
)  # fmt: skip
def test_a_file_that_cannot_be_made_says_why(error: Exception, status: int, said: str) -> None:
    def make() -> bytes:
        raise error

    offered = Downloads()
    reply = client(offered, MINE).get(offered.offer(MINE, "a.xlsx", make))
    assert reply.status_code == status
    assert said in reply.text
    assert "secret" not in reply.text


@pytest.mark.parametrize(
    ("name", "safe"),
    [("甲局2025年报告校核清单.csv", "甲局2025年报告校核清单.csv"), ("../../a\\b.csv", "a b.csv"),
     ('x"\r\nset-cookie: a=b.csv', "x set-cookie  a=b.csv"), (".csv", "下载.csv"),
     ("长" * 300 + ".xlsx", "长" * 80 + ".xlsx"), ("a\u202egnp.csv", "a gnp.csv")],
)  # fmt: skip
def test_a_name_is_fit_for_any_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe
