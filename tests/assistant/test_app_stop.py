"""The server stops in order: answers end with a word, uploads are kept, no child is left."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from assistant.app.library.intake import Intake
from assistant.build import own_services
from assistant.conversations import Histories
from assistant.settings import Settings
from tests.assistant.app_server import running
from tests.assistant.page_client import Visitor
from tests.assistant.test_app_crowd import REPORT, library
from tests.openai_server import FakeEndpoint, Play, event

pytestmark = pytest.mark.timeout(400)


def children(pid: int) -> list[int]:
    """Processes below `pid`, whole generations of them."""
    found = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [grandchild for child in found for grandchild in children(child)]


def test_an_answer_under_way_ends_with_a_word_and_is_kept(tmp_path: Path) -> None:
    home = library(tmp_path / "home")
    with (
        FakeEndpoint(Play([event("执法人员偏少")], end="ping")) as endpoint,
        running(home, FAZHI_LLM_BASE_URL=endpoint.url, FAZHI_LLM_MODEL="slow") as server,
        Visitor(server.url) as visitor,
    ):
        visitor.open()
        visitor.join("box", "submit", "有哪些不足？", [], []).raise_for_status()
        last = {}
        stopping = False
        for message in visitor.messages():
            if endpoint.requests and not stopping:
                server.process.send_signal(signal.SIGTERM)
                stopping = True
            if message["msg"] == "process_completed":
                last = message
                break
        assert last["success"]
        assert server.process.wait(60) == 0
        assert "Traceback" not in server.log()
    kept = "".join(path.read_text("utf-8") for path in (home / "sessions").rglob("*.json"))
    assert "有哪些不足" in kept
    assert '"stopped":true' in kept


def test_a_page_left_open_is_no_error(tmp_path: Path) -> None:
    with (
        running(tmp_path / "home") as server,
        urlopen(f"{server.url}/gradio_api/heartbeat/a1", timeout=60) as beats,
    ):
        assert beats.readline()  # what an open page listens to
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
        assert "ERROR" not in server.log()
        assert "Traceback" not in server.log()


def test_what_was_uploaded_before_the_stop_is_read_after_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    below: list[int] = []
    with running(home) as server, Visitor(server.url) as visitor:
        visitor.open()
        text = "".join(REPORT.replace("17件", f"{n}件") for n in range(3))
        paths = [visitor.upload(f"{name}.txt", text.replace("青禾县", name).encode())[0]
                 for name in ("甲县", "乙县", "丙县")]  # fmt: skip
        files = [{"path": path, "meta": {"_type": "gradio.FileData"}} for path in paths]
        assert visitor.press("upload", "upload", None, files)["success"]
        below = children(server.process.pid)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
        assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []
    with running(home) as server:
        deadline = time.monotonic() + 120
        while server.get("/healthz")["reports"] < 3:
            assert time.monotonic() < deadline, server.log()
            time.sleep(0.2)
    assert list((home / "uploads").glob("new-*")) == []


def test_a_batch_not_begun_is_taken_up_by_the_next_run(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    file = tmp_path / "水务.txt"
    file.write_text(REPORT, "utf-8")
    with own_services(Settings(home=tmp_path / "home"), "test") as services:
        first = Intake(services, uploads, Histories(tmp_path / "sessions"))
        first.submit([file])
        assert [path.name for path in uploads.glob("batch-*/*/*")] == ["水务.txt"]
        second = Intake(services, uploads, Histories(tmp_path / "sessions"))
        second.start()
        deadline = time.monotonic() + 60
        while second.snapshot().running:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        second.stop()
        assert [line.status for line in second.snapshot().files] == ["added"]
        assert list(uploads.iterdir()) == []
