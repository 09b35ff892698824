"""Many at once: nobody waits for an error, nobody sees another's words, and full means busy."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from tests.assistant.app_server import Running, running
from tests.assistant.page_client import Visitor, text_of
from tests.holding import hold_texts
from tests.openai_server import FakeEndpoint, Play, event
from vectorstore.store import Store

pytestmark = pytest.mark.timeout(600)

PEOPLE, TURNS = 50, 10
REPORT = (
    "青禾县水务局2025年法治政府建设年度报告\n一、主要举措和成效\n2025年，行政处罚立案17件。\n"
    "二、存在的不足和原因\n执法人员偏少，业务培训不够。\n"
)


def library(home: Path) -> Path:
    with Store.open(home) as store:
        hold_texts(store, home.parent, {"水务": REPORT})
    return home


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(library(tmp_path_factory.mktemp("crowd") / "home")) as server:
        yield server


@pytest.mark.slow
def test_fifty_people_ask_and_each_sees_only_his_own(server: Running) -> None:
    start = threading.Barrier(PEOPLE)

    def person(n: int) -> str:
        with Visitor(server.url) as visitor:
            start.wait(120)
            visitor.open()
            for turn in range(TURNS):
                asked = f"水务局2025年立案多少件？（暗号{n:03}号{turn}）"
                done = visitor.press("box", "submit", asked, [], [])
                assert done["success"], done
            return text_of(visitor.press("ask", "select"))

    with ThreadPoolExecutor(PEOPLE) as pool:
        pages = list(pool.map(person, range(PEOPLE)))
    for n, page in enumerate(pages):
        seen = {other for other in range(PEOPLE) if f"暗号{other:03}号" in page}
        assert seen == {n}
        assert all(f"暗号{n:03}号{turn}" in page for turn in range(TURNS))
    assert "Traceback" not in server.log()


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Running]:
    """A server whose model never ends its answer."""
    home = library(tmp_path / "home")
    with (
        FakeEndpoint(Play([event("执法人员")], end="ping")) as endpoint,
        running(home, FAZHI_LLM_BASE_URL=endpoint.url, FAZHI_LLM_MODEL="slow") as server,
    ):
        yield server


def fill(visitor: Visitor, most: int) -> httpx2.Response:
    """Ask from one page after the other, up to `most`, until refused; the last reply."""
    for n in range(most):
        visitor.page = f"{id(visitor)}n{n}"
        reply = visitor.join("box", "submit", "立案多少件？", [], [])
        if reply.status_code != 200:
            break
    return reply


def test_one_visitor_cannot_fill_the_queue_and_a_full_one_says_busy_at_once(slow: Running) -> None:
    with ExitStack() as stack:
        visitors = [stack.enter_context(Visitor(slow.url)) for _ in range(9)]
        for visitor in visitors:
            visitor.open()
        first, *others = visitors
        refused = fill(first, 60)
        assert refused.status_code == 503
        assert refused.json()["detail"]  # page.js says it in Chinese
        replies = [fill(visitor, 35) for visitor in others]
        assert replies[0].status_code == 200, "another one is still let in"
        assert replies[-1].status_code == 503
        began = time.monotonic()
        last = fill(others[-1], 1)
        assert time.monotonic() - began < 5
        assert last.status_code == 503
        assert "Queue is full" in last.text
        assert first.http.get("/healthz", timeout=10).status_code == 200
