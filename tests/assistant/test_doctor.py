"""What the examination finds wrong, and what it says would leave the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import doctor
from assistant.settings import Settings


def _examined(monkeypatch: pytest.MonkeyPatch, home: Path, **given: str) -> doctor.Examination:
    for name, value in {"HOME": str(home), **given}.items():
        monkeypatch.setenv(f"FAZHI_{name}", value)
    return doctor.examine(Settings())


def _check(found: doctor.Examination, name: str) -> doctor.Check:
    (check,) = [check for check in found.checks if check.name == name]
    return check


@pytest.mark.parametrize("text", [None, "不是词表", "indicators: [{key: 立案}]"])
def test_a_file_of_indicators_that_cannot_be_used_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    file = tmp_path / "own.yaml"
    if text is not None:
        file.write_text(text, "utf-8")
    found = _examined(monkeypatch, tmp_path / "home", INDICATORS=str(file))
    assert not found.ok
    assert not _check(found, "指标词表").ok
    assert "own.yaml" in _check(found, "指标词表").detail


def test_the_built_in_indicators_are_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _examined(monkeypatch, tmp_path / "home")
    assert found.ok
    assert _check(found, "指标词表").detail == "内置词表"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("notaurl", "notaurl"),
        ("192.0.2.1:9/v1", "192.0.2.1:9/v1"),
        ("me:hush@a.example", "a.example"),
        ("http://me:hush@a.example/v1", "a.example"),
    ],
)
def test_an_address_is_named_with_or_without_a_scheme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setenv("FAZHI_LLM_MODEL", "m")
    for name in ("LLM_BASE_URL", "EMBED_BASE_URL"):
        monkeypatch.setenv(f"FAZHI_{name}", address)
    lines = doctor._leaves(Settings(home=tmp_path))
    assert [line.split()[-1] for line in lines] == [told, told]


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("[::1]", True),
        ("localhost", True),
        ("127.example.com", False),
        ("localhost.example.com", False),
        ("192.168.1.9", False),
    ],
)
def test_only_this_machine_is_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, here: bool
) -> None:
    monkeypatch.setenv("FAZHI_LLM_MODEL", "m")
    monkeypatch.setenv("FAZHI_LLM_BASE_URL", f"http://{host}:8000/v1")
    assert (doctor._leaves(Settings(home=tmp_path)) == ()) == here
