"""The audit log: what a line holds, who may read it, that no line is lost or broken."""

from __future__ import annotations

import json
import stat
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import audit as audit_module
from assistant.audit import MAX_TEXT, Audit
from assistant.cli import app as commands

SESSION = "s" * 43


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path / "audit")


def file_of(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "audit").iterdir()
    return path


def test_an_entry_says_who_did_what_with_what(audit: Audit, tmp_path: Path) -> None:
    audit.record(
        "ask",
        SESSION,
        engine="m",
        prompts=["answer@1:abc", "answer@1:abc"],
        reports=["r1", "r2"],
        verdicts=["supported", "rounded", "supported"],
        seconds=1.23456,
        question="立案多少件？",
        comment="",
    )
    (entry,) = audit.read()
    assert entry.action == "ask"
    assert entry.prompts == ("answer@1:abc",)
    assert entry.reports == ("r1", "r2")
    assert entry.verdicts == {"rounded": 1, "supported": 2}
    assert entry.seconds == 1.235
    assert entry.details == {"question": "立案多少件？"}
    assert datetime.fromisoformat(entry.time).tzinfo is not None
    line = json.loads(file_of(tmp_path).read_text("utf-8"))
    assert line == entry.to_json() | {"prompts": ["answer@1:abc"], "reports": ["r1", "r2"]}


def test_only_its_owner_may_read_it_and_no_session_is_in_it(audit: Audit, tmp_path: Path) -> None:
    audit.record("ask", SESSION, question="x")
    path = file_of(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert SESSION not in path.read_text("utf-8")
    (entry,) = audit.read()
    assert entry.who.startswith("session:")
    audit.record("ask", "t" * 43)
    assert len({entry.who for entry in audit.read()}) == 2


def test_a_session_with_a_user_carries_the_name(audit: Audit) -> None:
    audit.name_sessions(lambda session: "wang" if session == SESSION else "")
    audit.record("delete", SESSION, reports=["r"])
    audit.record("login_failed", user="li")
    assert [entry.who for entry in audit.read()] == ["wang", "li"]


def test_many_threads_lose_no_line(audit: Audit) -> None:
    def write(name: int) -> None:
        for n in range(25):
            audit.record("ask", question=f"{name}-{n}")

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry.details["question"] for entry in audit.read()}) == 200


def test_a_line_cut_short_is_skipped_and_takes_no_other_with_it(
    audit: Audit, tmp_path: Path
) -> None:
    audit.record("ask", question="一")
    path = file_of(tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"time": "2026-')
    audit.record("ask", question="二\n{}")
    with path.open("a", encoding="utf-8") as file:
        file.write("[]\n\n")
    assert [entry.details["question"] for entry in audit.read()] == ["一", "二\n{}"]


def test_texts_and_files_are_bounded(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_module, "MAX_FILE", 4000)
    monkeypatch.setattr(audit_module, "MAX_FILES", 3)
    for n in range(12):
        audit.record("feedback", comment=f"{n}" + "字" * 2 * MAX_TEXT)
    files = sorted(path.name for path in (tmp_path / "audit").iterdir())
    assert len(files) == 3
    kept = [entry.details["comment"] for entry in audit.read()]
    assert kept[-1].startswith("11")  # in order also where the tenth file follows the ninth
    assert kept == sorted(kept, key=lambda text: int(text.partition("字")[0]))
    assert all(len(text) == MAX_TEXT for text in kept)


def test_since_leaves_out_what_was_before(audit: Audit, tmp_path: Path) -> None:
    audit.record("ask", question="now")
    old = tmp_path / "audit" / "2020-01.jsonl"
    old.write_text('{"time":"2020-01-05T00:00:00+08:00","who":"","action":"ask"}\n', "utf-8")
    assert next(audit.read()).time.startswith("2020")
    yesterday = datetime.now().astimezone() - timedelta(days=1)
    assert len(list(audit.read(yesterday))) == 1
    assert list(audit.read(yesterday + timedelta(days=2))) == []


def test_a_log_that_cannot_be_written_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "audit").write_text("a file where the folder should be")
    Audit(tmp_path / "audit").record("ask", question="秘密的问题")
    assert "could not be written" in caplog.text
    assert "秘密的问题" not in caplog.text


def test_the_command_lists_what_was_done_since_a_day(tmp_path: Path) -> None:
    log = Audit(tmp_path / "audit")
    log.record("ask", user="周写", question="立案[red]多少\x1b[31m件？", orgs="水务局")
    log.record("login_failed", address="10.0.0.9", reason="unknown user")

    def told(*options: str) -> str:
        done = CliRunner().invoke(commands, ["audit", *options], env={"FAZHI_HOME": str(tmp_path)})
        assert done.exit_code == 0, done.output
        return done.stdout

    first, second = told().splitlines()
    assert "周写  提问  立案[red]多少 [31m件？  水务局" in first
    assert "登录失败" in second
    assert "10.0.0.9" in second
    assert told("--since", "2999-01-01") == "没有记录。\n"
    whole = json.loads(told("--since", "2020-01-01", "--json"))
    assert [entry["action"] for entry in whole["entries"]] == ["ask", "login_failed"]
