"""`fazhi serve` refuses what it cannot do with a plain sentence, and stops when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.app.server import open_desk, serve
from assistant.app.serving import Address, ServeError
from assistant.build import own_services
from assistant.settings import Settings
from assistant.users import Users
from tests.assistant.app_server import running
from tests.assistant.test_keeping import killed_while_writing


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_without_users_only_this_machine_may_be_served(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    with pytest.raises(ServeError, match="还没有用户") as caught:
        serve(Address(host))
    assert "fazhi users add" in caught.value.hint


def test_a_login_that_nobody_could_pass_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    with pytest.raises(ServeError, match="要求登录，但还没有用户"):
        serve(login=True)


def test_a_host_name_is_no_address_to_listen_on() -> None:
    with pytest.raises(ServeError, match="IP 地址"):
        serve(Address("evil.example"))


def test_a_port_in_use_is_a_plain_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"端口 {port} 已被其他程序占用") as caught:
            serve(Address(port=port))
    assert f"--port {port + 1}" in caught.value.hint


def test_the_command_ends_with_one_line_and_status_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", "from assistant.cli import main; main()",
             "serve", "--port", port],
            env={**os.environ, "FAZHI_HOME": str(tmp_path)},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert "已被其他程序占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_kill_left_half_written_is_removed_at_the_start(tmp_path: Path) -> None:
    users, sessions = Users(tmp_path), tmp_path / "sessions"
    users.add("张三", "admin", "长安街-37号-下雨")
    sessions.mkdir()
    left = [killed_while_writing(folder / "a.json") for folder in (tmp_path, sessions)]
    with own_services(Settings(home=tmp_path)) as services, open_desk(services):
        assert [path for path in left if path.exists()] == []
    assert users.named("张三")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_is_healthy_and_stops_in_order(tmp_path: Path, how: signal.Signals) -> None:
    with running(tmp_path) as server:
        assert server.get("/healthz")["status"] == "ok"
        assert server.get("/healthz")["reports"] == 0
        server.process.send_signal(how)
        assert server.process.wait(20) == 0
        assert "Traceback" not in server.log()
    assert (tmp_path / "owner.lock").read_text() == ""
