"""`fazhi serve` refuses what it cannot do with a plain sentence, and stops when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.app.server import ServeError, serve
from tests.assistant.app_server import running


def test_a_host_that_is_not_loopback_is_refused() -> None:
    with pytest.raises(ServeError, match="只允许本机访问"):
        serve("0.0.0.0")


def test_a_port_in_use_is_a_plain_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"端口 {port} 已被其他程序占用") as caught:
            serve(port=port)
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


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_is_healthy_and_stops_in_order(tmp_path: Path, how: signal.Signals) -> None:
    with running(tmp_path) as server:
        assert server.get("/healthz")["status"] == "ok"
        assert server.get("/healthz")["reports"] == 0
        server.process.send_signal(how)
        assert server.process.wait(20) == 0
        assert "Traceback" not in server.log()
    assert (tmp_path / "owner.lock").read_text() == ""
