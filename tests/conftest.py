"""Shared fixtures: no test may open a connection that leaves this machine."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A busy machine may pause any example for half a second; whole tests have --timeout.
settings.register_profile("fazhi", deadline=None)
settings.load_profile("fazhi")

ROOT = Path(__file__).resolve().parent.parent
REAL_REPORTS = ROOT.parent / "shared" / "reports"
SAMPLES = ROOT / "samples"

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def _is_local(family: int, address: Any) -> bool:
    if family == socket.AF_UNIX:
        return True
    return isinstance(address, tuple) and str(address[0]).startswith(_LOOPBACK)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any connection or name look-up that is not loopback."""
    connect, connect_ex, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded_connect(self: socket.socket, address: Any) -> None:
        assert _is_local(self.family, address), f"a test tried to reach {address!r}"
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        assert _is_local(self.family, address), f"a test tried to reach {address!r}"
        return connect_ex(self, address)

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        assert host is None or str(host).startswith(_LOOPBACK), f"a test looked up {host!r}"
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)


@pytest.fixture(scope="session")
def real_reports() -> list[Path]:
    """The five real reports; a newcomer's clone does not have them."""
    found = sorted(REAL_REPORTS.glob("*.txt")) if REAL_REPORTS.is_dir() else []
    if not found:
        pytest.skip("the real reports are not beside this checkout")
    return found
