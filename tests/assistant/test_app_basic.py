"""Programs sign in to the API with every call, and to nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from assistant.app.front.basic import REMEMBERED, Basic
from assistant.app.front.passwords import Passwords, RefusedError
from assistant.audit import Audit
from assistant.users import Users
from tests.assistant.app_server import Running, running
from tests.assistant.page_client import WORD, add_users

pytestmark = pytest.mark.timeout(240)
SEARCH = "/api/v1/search?query=立案"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("basic") / "home"
    add_users(home, 周写="writer", 钱收="collector")
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Running]:
    with running(home) as server:
        yield server


def header(name: str, word: str = WORD) -> str:
    return "Basic " + base64.b64encode(f"{name}:{word}".encode()).decode()


def get(server: Running, path: str, authorization: str = "") -> httpx2.Response:
    headers = {"authorization": authorization} if authorization else {}
    return httpx2.get(server.url + path, headers=headers, trust_env=False, timeout=60)


def logged(home: Path) -> list[dict[str, Any]]:
    lines = "".join(path.read_text("utf-8") for path in (home / "audit").glob("*.jsonl"))
    return [json.loads(line) for line in lines.splitlines()]


def test_a_program_signs_in_with_its_call_and_is_recorded(home: Path, server: Running) -> None:
    assert get(server, SEARCH, header("周写")).json() == {"hits": []}
    body = {"question": "立案多少件？"}
    told = httpx2.post(
        server.url + "/api/v1/ask", json=body, headers={"authorization": header("周写")},
        trust_env=False, timeout=60,
    )  # fmt: skip
    assert told.status_code == 200
    assert get(server, "/api/v1/ledger?org=无此单位", header("周写")).status_code == 400
    mine = [line for line in logged(home) if line["who"] == "周写"]
    assert [line["action"] for line in mine] == ["login", "search", "ask", "ledger"]
    assert mine[-1]["details"]["outcome"] == "failed"
    assert all(line["details"]["via"] == "api" for line in mine)
    assert mine[1]["details"]["query"] == "立案"
    assert mine[2]["details"]["question"] == "立案多少件？"


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic ???", "Bearer " + "x" * 40, header("周写", "不是这个密码呀"),
     header("无此人"), "Basic " + base64.b64encode(b"\xff\xfe").decode()],
)  # fmt: skip
def test_without_a_right_password_it_is_401_and_says_how(
    server: Running, authorization: str
) -> None:
    reply = get(server, SEARCH, authorization)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == 'Basic realm="fazhi", charset="UTF-8"'
    assert reply.json()["error"]


def test_only_the_api_takes_it(server: Running) -> None:
    for path in ("/", "/config", "/download/" + "a" * 43, "/gradio_api/startup-events"):
        reply = get(server, path, header("周写"))
        assert reply.status_code == 401, path
        assert "www-authenticate" not in reply.headers


def test_another_site_cannot_use_what_the_browser_remembers(server: Running) -> None:
    headers = {"authorization": header("周写"), "sec-fetch-site": "cross-site"}
    reply = httpx2.post(server.url + "/api/v1/ask", headers=headers, trust_env=False)
    assert reply.status_code == 403


def test_many_calls_at_once_are_all_let_in(home: Path, server: Running) -> None:
    with ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(lambda _: get(server, SEARCH, header("钱收")).status_code, range(12)))
    assert set(codes) <= {200, 503}  # 503: more than four worked on, never throttled
    assert 200 in codes
    entries = [e for e in logged(home) if (e["who"], e["action"]) == ("钱收", "login")]
    assert len(entries) == 1, "the password was checked once"


@pytest.mark.anyio
async def test_what_is_remembered_ends_with_the_account_its_password_and_the_time(
    tmp_path: Path,
) -> None:
    users, now = Users(tmp_path), [0.0]
    checked = []

    class Counted(Users):
        def check(self, name: str, password: str) -> Any:
            checked.append(name)
            return super().check(name, password)

    basic = Basic(
        users, Passwords(Counted(tmp_path), Audit(tmp_path / "audit")), clock=lambda: now[0]
    )
    users.add("周写", "writer", WORD)
    for _ in range(3):
        assert (await basic.user(header("周写"), "10.0.0.1")).role == "writer"
    assert len(checked) == 1
    users.set_role("周写", "admin")
    assert (await basic.user(header("周写"), "10.0.0.1")).role == "admin"
    now[0] += REMEMBERED
    await basic.user(header("周写"), "10.0.0.1")
    assert len(checked) == 2
    users.set_password("周写", "另一个-很长的-密码")
    with pytest.raises(RefusedError) as refused:
        await basic.user(header("周写"), "10.0.0.1")
    assert refused.value.status == 401
    assert (await basic.user(header("周写", "另一个-很长的-密码"), "10.0.0.1")).name == "周写"
    users.remove("周写")
    with pytest.raises(RefusedError):
        await basic.user(header("周写", "另一个-很长的-密码"), "10.0.0.1")


@pytest.mark.anyio
async def test_guessing_is_throttled(tmp_path: Path) -> None:
    users = Users(tmp_path)
    users.add("周写", "writer", WORD)
    basic = Basic(users, Passwords(users, Audit(tmp_path / "audit")))
    codes = []
    for n in range(7):
        with pytest.raises(RefusedError) as refused:
            await basic.user(header("周写", f"猜测的密码{n}"), "10.0.0.1")
        codes.append(refused.value.status)
    assert codes[:5] == [401] * 5
    assert 429 in codes
    with pytest.raises(RefusedError):  # even the right one, while it waits
        await basic.user(header("周写"), "10.0.0.1")
    log = "".join(path.read_text("utf-8") for path in (tmp_path / "audit").glob("*.jsonl"))
    assert "猜测的密码" not in log


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
