"""The process in which a brief is made: what it costs the server, and how it ends."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app.brief import job
from assistant.app.brief.desk import BriefDesk, Form
from assistant.app.brief.job import Job
from assistant.app.brief.worker import Order
from assistant.app.downloads import PATH, Downloads
from assistant.brief import Request
from assistant.build import open_services
from assistant.errors import LLMUnavailableError
from assistant.model import Address
from assistant.settings import Settings
from evals.synthetic import fill, synthetic_reports
from tests.assistant.brief_library import library, report_text, write_reports
from tests.assistant.brief_work import (
    SECONDS,
    alive,
    everyone,
    held,
    let_go,
    made,
    until,
    until_done,
    workers,
)
from tests.openai_server import FakeEndpoint, Play, says
from vectorstore.indicators import load_lexicon
from vectorstore.store import Store

ANNA, BERT = "session-a", "session-b"
KEY = "geheim-7391"
SILENT = Play(silent=True)
LOOSE = "一是食堂用餐拥挤，职工意见较多。"  # a shortcoming that no rule knows: the model is asked


def filled(home: Path) -> Path:
    texts = {f"{n}.txt": report_text(f"{n}县水利局", shortcomings=LOOSE) for n in ("青禾", "赤岭")}
    library(home, write_reports(home / "in", texts)).close()
    return home


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BriefDesk]:
    with open_services(Settings(home=filled(tmp_path))) as services:
        desk = BriefDesk(services, Downloads())
        yield desk
        desk.close()


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEndpoint]:
    """An endpoint that takes every question and never answers, as the settings name it."""
    with FakeEndpoint(SILENT) as endpoint:
        monkeypatch.setenv("FAZHI_LLM_BASE_URL", endpoint.url)
        monkeypatch.setenv("FAZHI_LLM_MODEL", "m")
        monkeypatch.setenv("FAZHI_LLM_API_KEY", KEY)
        yield endpoint


def form(desk: BriefDesk, engine: str = "extractive") -> Form:
    return Form(orgs=everyone(desk), engine=engine)


def links(state: str) -> list[str]:
    return re.findall(rf'href="{PATH}([^"]+)"', state)


def test_a_process_that_dies_is_told_with_the_next_step_and_the_desk_goes_on(
    desk: BriefDesk,
) -> None:
    assert desk.start(ANNA, form(desk)) == ""
    (pid,) = held(1)
    os.kill(pid, signal.SIGKILL)
    told = until_done(desk, ANNA).state
    assert "汇总的进程意外结束，可能是内存不足。" in told
    assert "请重试" in told
    assert "Traceback" not in told
    again = made(desk, ANNA, form(desk))
    assert again.page
    assert len(links(again.state)) == 2
    assert workers() == []


def test_a_stop_ends_a_call_of_the_model_within_two_seconds(
    asking: FakeEndpoint, desk: BriefDesk
) -> None:
    assert desk.start(ANNA, form(desk, "openai")) == ""
    until(lambda: bool(asking.requests))
    (pid,) = workers()
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    assert b"brief.worker" in command
    assert KEY.encode() not in command
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 15
    assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "500\n"
    began = time.monotonic()
    desk.stop(ANNA)
    assert "已停止" in until_done(desk, ANNA).state
    assert time.monotonic() - began < 2
    assert not alive(pid)
    assert asking.requests[0].gone.wait(2)


def test_closing_the_desk_leaves_no_process(asking: FakeEndpoint, desk: BriefDesk) -> None:
    for session in (ANNA, BERT):
        assert desk.start(session, form(desk, "openai")) == ""
    until(lambda: len(asking.requests) == 2)
    began = time.monotonic()
    desk.close()
    assert time.monotonic() - began < 2
    assert workers() == []


PARENT = """
import sys, time
from pathlib import Path
from assistant.app.brief.desk import BriefDesk, Form
from assistant.app.downloads import Downloads
from assistant.build import open_services
from assistant.settings import Settings
with open_services(Settings(home=Path(sys.argv[1]))) as services:
    desk = BriefDesk(services, Downloads())
    print(desk.start("a", Form(orgs=desk.roster("").names, engine="openai")), flush=True)
    time.sleep(600)
"""


def test_the_death_of_the_server_ends_the_process(asking: FakeEndpoint, tmp_path: Path) -> None:
    home = filled(tmp_path / "home")
    command = [sys.executable, "-c", PARENT, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        try:
            until(lambda: bool(asking.requests))
            (pid,) = workers(parent.pid)
        finally:
            parent.kill()
        parent.wait()
        until(lambda: not alive(pid), 10)
    assert asking.requests[0].gone.wait(10)


def test_a_model_of_the_server_is_lent_not_loaded_again(
    desk: BriefDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = desk.services.settings
    order = Order(settings, Request(), "local", cap=None)

    class Server:
        def address(self) -> Address:
            return Address(endpoint.url, KEY)

    class Broken:
        def address(self) -> Address:
            raise LLMUnavailableError("本机模型没有启动成功。")

    with FakeEndpoint(says("1：后勤保障不足")) as endpoint:
        monkeypatch.setattr(job, "local_server", lambda _: Server())
        lent = finished(Job(desk.services, ANNA, order))
        assert lent.sheet is not None
        assert "后勤保障不足" in lent.sheet.html
        assert endpoint.requests[0].headers["authorization"] == f"Bearer {KEY}"
    monkeypatch.setattr(job, "local_server", lambda _: Broken())
    (settings.folder / "brief").rename(settings.folder / "before")
    alone = finished(Job(desk.services, ANNA, order))
    assert alone.sheet is not None
    assert any("本机模型没有启动成功" in note for note in alone.sheet.notes)


def finished(job: Job) -> Job:
    job.start()
    job.join(SECONDS)
    assert not job.running
    return job


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of which a brief takes seconds to make and the .docx seconds to write."""
    home = tmp_path_factory.mktemp("many")
    with Store.open(home) as store:
        fill(store, synthetic_reports(300), load_lexicon())
    return home


@pytest.fixture
def large(many: Path) -> Iterator[BriefDesk]:
    with open_services(Settings(home=many)) as services:
        desk = BriefDesk(services, Downloads())
        yield desk
        desk.close()


def writing(desk: BriefDesk) -> int:
    """A brief of Anna's that is made and its .docx not yet written; the process, held there."""
    assert desk.start(ANNA, form(desk)) == ""
    until(lambda: bool(desk.view(ANNA).page))
    (pid,) = held(1)
    return pid


@pytest.mark.slow
def test_the_server_is_spared_the_work(large: BriefDesk) -> None:
    def spent(who: int) -> float:
        usage = resource.getrusage(who)
        return usage.ru_utime + usage.ru_stime

    own, children = spent(resource.RUSAGE_SELF), spent(resource.RUSAGE_CHILDREN)
    assert large.start(ANNA, form(large)) == ""
    while (view := large.view(ANNA)).running:
        time.sleep(0.5)  # half of the page's own patience
    assert [large.downloads.take(ANNA, token) is not None for token in links(view.state)] == [
        True
    ] * 2
    own = spent(resource.RUSAGE_SELF) - own
    children = spent(resource.RUSAGE_CHILDREN) - children
    assert own < children / 8


@pytest.mark.slow
def test_while_files_are_written_the_page_is_there_and_says_so(large: BriefDesk) -> None:
    pid = writing(large)
    view = large.view(ANNA)
    assert view.running
    assert re.search("正在写 Word(、Markdown)? 文件", view.state)
    assert "下载 Word" not in view.state
    assert "上一份简报还在汇总" in large.start(ANNA, form(large))
    at = re.findall(r'data-at="([\d.]+)"', view.page)[0]
    assert large.source(ANNA, at)
    let_go(pid)
    done = until_done(large, ANNA)
    assert done.serial == view.serial
    assert "正在写" not in done.state
    names = [(large.downloads.take(ANNA, token) or ("",))[0][-5:] for token in links(done.state)]
    assert [name.rpartition(".")[2] for name in names] == ["docx", "md"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by_hand", "why"), [(True, "意外结束"), (False, "已停止。需要文件时请重新汇总。")]
)
def test_a_brief_outlives_the_writing_of_its_files(
    large: BriefDesk, by_hand: bool, why: str
) -> None:
    pid = writing(large)
    if by_hand:
        os.kill(pid, signal.SIGKILL)
    else:
        large.stop(ANNA)
    ended = until_done(large, ANNA)
    assert ended.page
    assert re.search(f"没有写成 Word(、Markdown)? 文件：.*{why}", ended.state)
    assert not alive(pid)
    assert made(large, ANNA, form(large)).page


@pytest.mark.slow
def test_a_report_deleted_meanwhile_takes_the_brief_and_the_process_along(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fill(store, synthetic_reports(60), load_lexicon())
    with open_services(Settings(home=tmp_path)) as services:
        desk = BriefDesk(services, Downloads())
        pid = writing(desk)
        services.store.delete(services.store.reports()[0].id)
        assert desk.view(ANNA).page == ""
        gone = until_done(desk, ANNA)
        assert gone.page == ""
        assert "这份简报已收回" in gone.state
        assert not alive(pid)


@pytest.mark.slow
def test_a_report_that_goes_while_reports_are_read_is_told(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        fill(store, synthetic_reports(200), load_lexicon())
    with open_services(Settings(home=tmp_path)) as services:
        desk = BriefDesk(services, Downloads())
        assert desk.start(ANNA, form(desk)) == ""
        until(lambda: "/ 200 份" in desk.view(ANNA).state)
        services.store.delete(services.store.reports()[-1].id)
        told = until_done(desk, ANNA)
        assert told.page == ""
        assert "被删除或替换" in told.state
        assert "请重新汇总" in told.state
        assert len(made(desk, ANNA, form(desk)).page) > 0
