"""TEST_MATRIX 38 and 39: nothing leaves loopback, and a dead network delays nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent / "offline_world.py"
NAMESPACE = ["unshare", "-rnm"]
COMMANDS = (
    "ingest", "ask", "search", "ledger", "draft", "brief", "check", "verify", "eval", "backup",
    "doctor",
)  # fmt: skip
STARTS_WITHIN = 10.0  # seconds, TEST_MATRIX 39
BUSY_MACHINE = 3.0  # other work on the machine may slow a start by this factor; a look-up hangs on


def can_watch() -> bool:
    """Whether a network of our own can be made here: Linux, iproute2, user namespaces, veth."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    trial = [*NAMESPACE, "ip", "link", "add", "a0", "type", "veth", "peer", "name", "b0"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not can_watch():
        pytest.skip("no network namespaces here (unshare, ip and veth are needed)")
    home = tmp_path_factory.mktemp("offline")
    done = subprocess.run(
        [*NAMESPACE, sys.executable, str(SCRIPT), str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_works_in_a_dead_network(found: dict[str, Any], name: str) -> None:
    assert found["exits"][name]["code"] == 0, found["exits"][name]["errors"]


def test_the_page_is_served_and_answers_in_a_dead_network(found: dict[str, Any]) -> None:
    assert found["serve"]["page"]
    assert found["serve"]["asked"]
    print(f"served after {found['serve']['seconds']:.1f} s")
    assert found["serve"]["seconds"] < STARTS_WITHIN * BUSY_MACHINE


def test_not_one_packet_leaves(found: dict[str, Any]) -> None:
    assert found["left"] == []


def test_the_watch_sees_a_name_looked_up_and_an_address_called(found: dict[str, Any]) -> None:
    assert found["seen"] == [True, True]
