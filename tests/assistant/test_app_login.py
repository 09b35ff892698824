"""With users, nothing is shown to one who has not signed in, and roles hold on the server."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from assistant.users import Users
from tests.assistant.app_server import Running, free_port, running
from tests.assistant.page_client import WORD, Visitor, add_users, text_of

pytestmark = pytest.mark.timeout(240)

REPORT = (
    "青禾县水务局2025年法治政府建设年度报告\n一、主要举措和成效\n2025年，行政处罚立案17件。\n"
    "二、存在的不足和原因\n执法人员偏少。\n"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("login") / "home"
    add_users(home, 周写="writer", 钱收="collector", 孙管="admin")
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Running]:
    with running(home) as server:
        yield server


@pytest.fixture
def visitor(server: Running) -> Iterator[Visitor]:
    with Visitor(server.url) as visitor:
        yield visitor


_LIST_ROUTES = """
import json, re, sys
from pathlib import Path
from assistant.app.server import create_app, open_desk
from assistant.build import own_services
from assistant.settings import Settings

def walk(routes, prefix=""):
    for route in routes:
        path = prefix + getattr(route, "path", "")
        inner = getattr(route, "original_router", route)
        if getattr(inner, "routes", None):
            yield from walk(inner.routes, path)
        for method in getattr(route, "methods", None) or ():
            yield method, re.sub(r"{[^}]*}", "x", path) or "/"

with own_services(Settings(home=Path(sys.argv[1])), "test") as services:
    with open_desk(services) as desk:
        print(json.dumps(sorted(set(walk(create_app(desk).routes)))))
"""


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Every method and path the application serves, Gradio's own and the API's included."""
    home = tmp_path_factory.mktemp("routes")
    done = subprocess.run(
        [sys.executable, "-c", _LIST_ROUTES, str(home)],
        capture_output=True, text=True, check=True, timeout=200,
    )  # fmt: skip
    return [(method, path) for method, path in json.loads(done.stdout.splitlines()[-1])]


def test_every_route_without_login_is_401(server: Running, routes: list[tuple[str, str]]) -> None:
    assert len(routes) > 60, "the walk must reach Gradio's own routes"
    assert ("POST", "/gradio_api/queue/join") in routes
    assert ("GET", "/api/v1/search") in routes
    more = [("GET", "/assets/index.js"), ("GET", "/nothing"), ("PUT", "/"), ("GET", "/healthz/x"),
            ("GET", "/gradio_api/file=/etc/passwd"), ("DELETE", "/gradio_api/upload"),
            ("POST", "/logout"), ("GET", "/download/" + "a" * 43)]  # fmt: skip
    answered = {}
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=30) as http:
        for method, path in [*routes, *more]:
            if path not in ("/healthz", "/login"):
                answered[method, path] = http.request(method, path).status_code
    assert {k: v for k, v in answered.items() if v != 401} == {}


def test_a_websocket_is_refused(server: Running) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(
            f"GET /gradio_api/queue/join HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: eHg=\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b" 401 " in line.recv(200)


def test_health_says_no_more_than_that_all_is_well(visitor: Visitor) -> None:
    assert visitor.http.get("/healthz").json() == {"status": "ok"}


def test_the_login_page_needs_no_script_and_loads_nothing(visitor: Visitor) -> None:
    reply = visitor.http.get("/")
    assert reply.status_code == 401
    assert reply.text == visitor.http.get("/login").text
    assert "<script" not in reply.text
    assert not re.search(r"(src|href)=", reply.text)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["cache-control"] == "no-store"
    assert "set-cookie" not in reply.headers


def test_signing_in_and_out(server: Running, visitor: Visitor) -> None:
    wrong = visitor.sign_in("周写", "不是这个密码呀")
    assert wrong.status_code == 401
    assert "用户名或密码不对" in wrong.text
    assert 'value="周写"' in wrong.text
    assert visitor.sign_in("无此人", "不是这个密码呀").text == wrong.text.replace("周写", "无此人")
    done = visitor.sign_in("周写")
    assert (done.status_code, done.headers["location"]) == (303, "/")
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert re.search(r"fazhi_login=[\w-]{43};", cookie)
    page = visitor.open()
    assert "周写" in page
    assert 'data-role="writer"' in page
    token = visitor.http.cookies["fazhi_login"]
    out = visitor.http.post("/logout")
    assert (out.status_code, out.headers["location"]) == (303, "/login")
    again = httpx2.get(server.url + "/config", headers={"cookie": f"fazhi_login={token}"})
    assert again.status_code == 401  # gone on the server, not only from the browser


def test_a_login_makes_a_new_session_whatever_the_browser_had(server: Running) -> None:
    def enter(token: str) -> httpx2.Response:
        return httpx2.post(
            server.url + "/login",
            data={"name": "周写", "password": WORD},
            headers={"cookie": f"fazhi_login={token}", "origin": server.url},
            trust_env=False,
        )

    def status(token: str) -> int:
        headers = {"cookie": f"fazhi_login={token}"}
        return httpx2.get(server.url + "/config", headers=headers, trust_env=False).status_code

    planted = "p" * 43
    assert status(planted) == 401
    first = enter(planted).cookies["fazhi_login"]
    assert first != planted
    assert (status(planted), status(first)) == (401, 200)
    second = enter(first).cookies["fazhi_login"]
    assert second != first
    assert (status(first), status(second)) == (401, 200)


def test_a_name_is_no_markup(visitor: Visitor) -> None:
    told = visitor.sign_in('"><script>alert(1)</script>', "x").text
    assert "<script" not in told


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": "", "sec-fetch-site": "same-site"},
        {"host": "evil.example", "origin": "http://evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout", "/gradio_api/queue/join", "/api/v1/ask"])
def test_another_site_can_post_nothing(
    visitor: Visitor, headers: dict[str, str], path: str
) -> None:
    visitor.sign_in("孙管")
    given = {**visitor.http.headers, **headers}
    given = {name: value for name, value in given.items() if value}
    with httpx2.Client(trust_env=False, cookies=visitor.http.cookies) as http:
        form = {"name": "孙管", "password": WORD}
        reply = http.post(visitor.url + path, headers=given, data=form)
    assert reply.status_code in (403, 421)
    assert "set-cookie" not in reply.headers
    assert visitor.http.get("/config").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/assets/..%2f..%2f..%2f..%2f..%2fetc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
     "/assets//etc/passwd", "/gradio_api/file=/etc/passwd", "/gradio_api/file=http://evil.example/x",
     "/gradio_api/proxy=http://evil.example/x", "/download/..%2fusers.json", "/users.json",
     "/api/v1/static/..%2f..%2fapi.py", "/gradio_api/stream/x/1/2/playlist.m3u8"],
)  # fmt: skip
def test_no_address_leads_out_of_the_page(visitor: Visitor, path: str) -> None:
    visitor.sign_in("孙管")
    reply = visitor.http.get(path)
    assert reply.status_code in (400, 403, 404)
    assert "root:" not in reply.text
    assert "scrypt" not in reply.text


def test_private_answers_are_not_kept_by_the_browser(visitor: Visitor) -> None:
    visitor.sign_in("孙管")
    for path in ("/", "/config", "/api/v1/search?query=x", "/login"):
        headers = visitor.http.get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_writer_may_ask_but_not_take_in_or_delete(visitor: Visitor) -> None:
    visitor.sign_in("周写")
    visitor.open()
    paths = visitor.upload("水务.txt", REPORT.encode())
    file = [{"path": paths[0], "meta": {"_type": "gradio.FileData"}, "orig_name": "水务.txt"}]
    refused = visitor.press("upload", "upload", file)
    assert not refused["success"]
    assert "需要“汇总”角色" in refused["output"]["error"]
    assert visitor.press("box", "submit", "立案多少件？", [], [])["success"]


def test_a_collector_may_take_in(server: Running, visitor: Visitor) -> None:
    visitor.sign_in("钱收")
    visitor.open()
    paths = visitor.upload("水务.txt", REPORT.encode())
    file = [{"path": paths[0], "meta": {"_type": "gradio.FileData"}, "orig_name": "水务.txt"}]
    assert visitor.press("upload", "upload", file)["success"]


def test_removed_demoted_and_repassworded_users_lose_it_at_once(
    home: Path, server: Running
) -> None:
    add_users(home, 冯甲="admin", 冯乙="writer")
    with Visitor(server.url) as first, Visitor(server.url) as second:
        first.sign_in("冯甲")
        second.sign_in("冯乙")
        assert 'data-role="admin"' in first.open()
        Users(home).set_role("冯甲", "writer")
        assert 'data-role="writer"' in first.open()
        Users(home).set_password("冯甲", "换过的-比较长的-密码")
        assert first.http.get("/config").status_code == 401
        assert second.http.get("/config").status_code == 200
        Users(home).remove("冯乙")
        assert second.http.get("/config").status_code == 401


def test_a_broken_users_file_lets_nobody_in(home: Path, server: Running) -> None:
    path = home / "users.json"
    whole = path.read_bytes()
    with Visitor(server.url) as visitor:
        visitor.sign_in("周写")
        try:
            path.write_bytes(whole[: len(whole) // 2])
            assert visitor.http.get("/config").status_code == 401
            assert visitor.sign_in("周写").status_code == 503
        finally:
            path.write_bytes(whole)


def test_brute_force_is_slowed_and_logged_without_passwords(
    home: Path, server: Running, visitor: Visitor
) -> None:
    add_users(home, 吴目="writer")
    codes: list[int] = []
    while 429 not in codes:  # a busy machine checks a password in longer than the first waits
        codes.append(visitor.sign_in("吴目", f"猜测的密码{len(codes)}").status_code)
    assert codes[:5] == [401] * 5
    assert len(codes) <= 12
    told = visitor.sign_in("吴目")  # even the right one, so that guessing while waiting is no use
    assert told.status_code == 429
    assert re.search(r"请在 \d+ 秒后再试", told.text)
    assert int(told.headers["retry-after"]) >= 1
    visitor.sign_in("密码误填在这里", "x")
    log = "".join(path.read_text("utf-8") for path in (home / "audit").glob("*.jsonl"))
    assert log.count("login_failed") >= len(codes)
    assert "猜测的密码" not in log
    assert "密码误填在这里" not in log
    assert '"who": "吴目", "action": "login_failed"' in log


def test_the_conversation_is_the_users_in_every_browser_and_nobody_elses(
    server: Running,
) -> None:
    asked = "水务局有没有提到九曲河堤防？"
    with Visitor(server.url) as desk, Visitor(server.url) as phone, Visitor(server.url) as other:
        for visitor, name in ((desk, "周写"), (phone, "周写"), (other, "钱收")):
            visitor.sign_in(name)
            visitor.open()
        assert desk.press("box", "submit", asked, [], [])["success"]
        assert "九曲河堤防" in text_of(phone.press("ask", "select"))
        assert "九曲河堤防" not in text_of(other.press("ask", "select"))


def test_an_office_address_is_served_by_its_names_only(home: Path, tmp_path: Path) -> None:
    add_users(tmp_path / "home", 孙管="admin")
    options = ("--host", "0.0.0.0", "--allow-host", "fazhi.example")
    with running(tmp_path / "home", *options, FAZHI_BEHIND_HTTPS="1") as server:
        codes = {}
        for host in ("fazhi.example", "fazhi.example:8443", "10.1.2.3", "evil.example", "evil"):
            reply = httpx2.get(server.url + "/login", headers={"host": host}, trust_env=False)
            codes[host] = reply.status_code
        assert codes == {"fazhi.example": 200, "fazhi.example:8443": 200, "10.1.2.3": 200,
                         "evil.example": 421, "evil": 421}  # fmt: skip
        with Visitor(server.url) as visitor:
            cookie = visitor.sign_in("孙管").headers["set-cookie"]
        assert cookie.startswith("__Host-fazhi_login=")
        assert "; Secure" in cookie


def test_a_bad_certificate_is_a_plain_error(home: Path, tmp_path: Path) -> None:
    cert = tmp_path / "cert.pem"
    cert.write_text("nothing")
    done = subprocess.run(
        [sys.executable, "-c", "from assistant.cli import main; main()", "serve",
         "--port", str(free_port()), "--cert", str(cert), "--key", str(cert)],
        env={**os.environ, "FAZHI_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert "证书或私钥用不了" in done.stderr
    assert "Traceback" not in done.stderr
