"""The HTTP API: the command line's documents over the same library."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from assistant import queries
from assistant.app import api
from assistant.app.front.door import Door
from assistant.build import Services
from assistant.cli import app as commands
from assistant.errors import LLMUnavailableError
from vectorstore.errors import NotFoundError, StorageFullError, StoreError

BUSIEST = "2025年哪个单位行政处罚立案最多？"


@pytest.fixture(scope="module")
def client(sample_services: Services) -> TestClient:
    app = FastAPI()
    api.mount(app, sample_services)
    app.add_middleware(Door, hosts=frozenset({"127.0.0.1"}))
    return TestClient(app, base_url="http://127.0.0.1")


def command(services: Services, *words: str) -> dict[str, Any]:
    done = CliRunner().invoke(
        commands, [*words, "--json"], env={"FAZHI_HOME": str(services.settings.folder)}
    )
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_answer_is_the_command_lines(client: TestClient, sample_services: Services) -> None:
    reply = client.post(f"{api.PATH}/ask", json={"question": BUSIEST})
    assert reply.status_code == 200
    assert reply.json() == command(sample_services, "ask", BUSIEST)
    assert reply.json()["citations"], "an answer with figures has sources"


def test_years_and_bureaus_narrow_the_answer(client: TestClient) -> None:
    body = {"question": "立案多少件？", "orgs": ["霁原市卫健委"], "years": [2024]}
    found = client.post(f"{api.PATH}/ask", json=body).json()
    assert {(c["org"], c["year"]) for c in found["citations"]} == {("霁原市卫生健康委员会", 2024)}


def test_a_search_is_the_command_lines(client: TestClient, sample_services: Services) -> None:
    reply = client.get(f"{api.PATH}/search", params={"query": "执法监督", "k": 3})
    assert reply.json() == command(sample_services, "search", "执法监督", "-k", "3")
    assert len(reply.json()["hits"]) == 3


def test_the_ledger_is_the_command_lines_up_to_a_limit(
    client: TestClient, sample_services: Services
) -> None:
    wanted = {"indicator": "行政处罚立案", "year": ["2025"], "most": 2}
    found = client.get(f"{api.PATH}/ledger", params=wanted).json()
    whole = command(sample_services, "ledger", "--indicator", "行政处罚立案", "--year", "2025")
    assert found["quantities"] == whole["quantities"][:2]
    assert found["total"] == len(whole["quantities"]) > 2


def test_figures_of_a_text_get_verdicts(client: TestClient) -> None:
    body = {"text": "全年立案99999件。", "org": "霁原市卫健委", "year": 2025}
    found = client.post(f"{api.PATH}/verify", json=body).json()
    assert [q["verdict"] for q in found["quantities"]] == ["fabricated"]


@pytest.mark.parametrize(
    ("method", "path", "options", "words"),
    [
        ("GET", "/ledger", {"params": {"org": "无此单位"}}, "没有“无此单位”"),
        ("POST", "/ask", {"json": {"question": " "}}, "问题是空的"),
        ("POST", "/ask", {"json": {"question": "立案多少", "engine": "魔法"}}, "没有名为“魔法”"),
    ],
)
def test_a_user_error_says_what_to_do(
    client: TestClient, method: str, path: str, options: dict[str, Any], words: str
) -> None:
    reply = client.request(method, api.PATH + path, **options)
    assert reply.status_code == 400
    assert words in reply.json()["error"]


def test_what_the_schema_does_not_know_is_refused(client: TestClient) -> None:
    unknown = client.post(f"{api.PATH}/ask", json={"question": "?", "fetch": 1})
    outside = client.get(f"{api.PATH}/search", params={"query": "a", "k": 0})
    for reply, name in ((unknown, "fetch"), (outside, "k")):
        assert reply.status_code == 422
        assert reply.json()["error"] == f"参数不对：{name}。"
        assert "/docs" in reply.json()["hint"]


def test_a_wrong_method_is_told_in_chinese(client: TestClient) -> None:
    reply = client.get(f"{api.PATH}/ask")
    assert reply.status_code == 405
    assert reply.json()["error"].startswith("这个接口不接受")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StoreError("读不出资料库。"), 500),
        (StorageFullError("磁盘已满。"), 503),
        (NotFoundError("没有这份报告。"), 400),
        (LLMUnavailableError("大模型连不上。"), 503),
    ],
)
def test_whose_fault_it_is_shows_in_the_status_and_in_the_log(
    client: TestClient,
    sample_services: Services,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(queries, "search", fail)
    reply = client.get(f"{api.PATH}/search", params={"query": "查不出来"})
    assert (reply.status_code, reply.json()["error"]) == (status, str(error))
    *_, last = sample_services.audit.read()
    assert (last.action, last.details["outcome"]) == ("search", "failed")


def test_a_busy_server_says_so_at_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    release, begun = threading.Event(), threading.Semaphore(0)

    def slow(*_: Any) -> None:
        begun.release()
        release.wait(30)
        raise queries.BadQueryError("released")

    monkeypatch.setattr(queries, "search", slow)
    address = f"{api.PATH}/search?query=a"
    waiting = [threading.Thread(target=client.get, args=(address,)) for _ in range(4)]
    for one in waiting:
        one.start()
    try:
        for _ in waiting:
            assert begun.acquire(timeout=30)
        busy = client.get(address)
    finally:
        release.set()
        for one in waiting:
            one.join(30)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")
    assert "稍后" in busy.json()["error"]


def test_the_documentation_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get(f"{api.PATH}/docs").text
    assert "//" not in page.replace("// ", "").replace("http://127.0.0.1", "")
    assert client.get(f"{api.PATH}/static/swagger-ui-bundle.js").status_code == 200
    described = client.get(f"{api.PATH}/openapi.json").json()
    assert set(described["paths"]) == {"/ask", "/search", "/ledger", "/verify"}
    for path in described["paths"].values():
        for operation in path.values():
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert schema["$ref"].endswith("Document")
