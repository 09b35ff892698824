"""Every command in a network whose every packet is seen and none is answered.

Run by `test_no_network.py` as `unshare -rnm python tests/offline_world.py HOME`: in a network and
mount namespace of its own, where the default route leads into a virtual cable nobody answers at.
Prints one JSON document: how each command ended, seconds until the page was served, and what left.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
FAZHI = [sys.executable, "-c", "from assistant.cli import main; main()"]
ARP, IPV6 = 0x0806, 0x86DD
PORT = 7861
NEIGHBOUR_DISCOVERY = range(130, 144)  # ICMPv6 types a kernel sends when a cable is plugged in


def plug_in(scratch: Path) -> None:
    """A cable to a router that swallows everything, and a name server behind it."""
    names = scratch / "resolv.conf"
    names.write_text("nameserver 10.99.0.53\noptions timeout:1 attempts:1\n", "utf-8")
    for line in (
        "ip link set lo up",
        "ip link add out0 type veth peer name hole0",
        "ip addr add 10.99.0.2/24 dev out0",
        "ip link set hole0 up",
        "ip link set out0 up",
        "ip neigh replace 10.99.0.1 lladdr 02:00:00:00:00:01 dev out0",
        "ip neigh replace 10.99.0.53 lladdr 02:00:00:00:00:02 dev out0",
        "ip route add default via 10.99.0.1",
        f"mount --bind {names} /etc/resolv.conf",
    ):
        subprocess.run(line.split(), check=True)


class Watch:
    """Collects what arrives at the far end of the cable."""

    def __init__(self) -> None:
        self.packets: list[str] = []
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._socket.bind(("hole0", 0))
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            frame = self._socket.recv(2048)
            kind = int.from_bytes(frame[12:14])
            greeting = kind == IPV6 and (frame[54] in NEIGHBOUR_DISCOVERY or frame[20] == 0)
            if kind != ARP and not greeting:
                self.packets.append(f"{kind:04x} {frame[14:54].hex()}")


def until(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def commands(home: Path) -> dict[str, list[str]]:
    reports = sorted((ROOT / "samples").glob("yanzhu-health-*.txt"))
    org = "砚渚县卫生健康局"
    return {
        "ingest": ["ingest", *map(str, reports)],
        "ask": ["ask", "立案多少件？"],
        "search": ["search", "执法监督"],
        "ledger": ["ledger", "--indicator", "立案"],
        "draft": ["draft", "report", "--org", org, "--year", "2026", "-o", str(home / "a.docx")],
        "brief": ["brief", "-o", str(home / "b.docx")],
        "check": ["check", str(reports[0])],
        "verify": ["verify", str(home / "a.docx")],
        "eval": ["eval", "--suite", "refusal", "--limit", "4", "-o", str(home / "eval")],
        "backup": ["backup", str(home / "c.zip")],
        "doctor": ["doctor"],
    }


def answered(path: str, body: dict[str, Any] | None = None) -> bool:
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"http://127.0.0.1:{PORT}{path}", data, {"content-type": "application/json"})
    try:
        with urlopen(request, timeout=20) as reply:
            return bool(reply.read())
    except (URLError, OSError):
        return False


def served(environment: dict[str, str]) -> dict[str, Any]:
    """Start the page, open it, ask through the API, stop it."""
    started = time.monotonic()
    server = subprocess.Popen(
        [*FAZHI, "serve", "--port", str(PORT)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        up = until(lambda: answered("/healthz"), 240)
        seconds = time.monotonic() - started
        page = up and answered("/") and answered("/config")
        asked = up and answered("/api/v1/ask", {"question": "立案多少件？"})
    finally:
        server.terminate()
        server.wait(30)
    return {"seconds": seconds, "page": page, "asked": asked}


def main(home: Path) -> None:
    plug_in(home)
    watch = Watch()
    environment = {**os.environ, "FAZHI_HOME": str(home / "data"), "PYTHONPATH": str(ROOT)}
    found: dict[str, Any] = {"exits": {}}
    for name, words in commands(home).items():
        done = subprocess.run(
            [*FAZHI, *words], env=environment, capture_output=True, text=True, check=False
        )
        found["exits"][name] = {"code": done.returncode, "errors": done.stderr[-500:]}
    found["serve"] = served(environment)
    found["left"] = list(watch.packets)
    # The watch itself must see a name looked up and an address called, or its silence says nothing.
    for attempt in ("getaddrinfo('example.com', 80)", "create_connection(('192.0.2.1', 80), 1)"):
        seen = len(watch.packets)
        subprocess.Popen(
            [sys.executable, "-c", f"import socket; socket.{attempt}"], stderr=subprocess.DEVNULL
        )
        found.setdefault("seen", []).append(until(lambda n=seen: len(watch.packets) > n, 10))
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
