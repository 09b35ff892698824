"""Conversations are each session's own, survive a restart, and forget deleted reports."""

from __future__ import annotations

import json
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import conversations
from assistant.answer.types import Answer, Citation
from assistant.conversations import Exchange, Histories, HistoryError
from assistant.session_ids import is_session_id, new_session_id
from tests.assistant.test_keeping import killed_while_writing
from tests.vectorstore.made import make_parts, make_report
from vectorstore.store import Store

SECRET = "全年立案14起"


def exchange(n: int = 0, report_id: str = "") -> Exchange:
    citation = Citation(1, report_id, "甲县司法局", 2025, "一、举措", SECRET, 3, 10)
    answer = Answer(
        f"{SECRET}[1]" if report_id else f"答{n}",
        citations=(citation,) if report_id else (),
        engine="extractive",
    )
    drawn = (report_id,) if report_id else ()
    return Exchange(f"e{n}", "2026-01-05T09:00:00+08:00", f"问{n}", answer, drawn)


def everything(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())


def test_a_session_reads_back_what_it_saved_and_no_other_does(tmp_path: Path) -> None:
    mine, other = new_session_id(), new_session_id()
    saved = exchange(1, "ab12")
    Histories(tmp_path).append(mine, saved)
    again = Histories(tmp_path)
    assert again.read(mine) == (saved,)
    assert again.read(other) == ()


def test_the_folder_does_not_give_sessions_away(tmp_path: Path) -> None:
    session = new_session_id()
    Histories(tmp_path / "s").append(session, exchange())
    (file,) = (tmp_path / "s").iterdir()
    assert session not in file.name
    assert session not in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "bad", ["", "x", "../" * 14 + "a", "a" * 42 + "/", "a" * 44, "a" * 43 + "\n"]
)
def test_what_is_no_session_id_reads_nothing_and_writes_nothing(tmp_path: Path, bad: str) -> None:
    histories = Histories(tmp_path)
    assert not is_session_id(bad)
    assert histories.read(bad) == ()
    histories.clear(bad)
    with pytest.raises(HistoryError):
        histories.append(bad, exchange())
    assert list(tmp_path.iterdir()) == []


def test_session_ids_do_not_repeat() -> None:
    ids = {new_session_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(map(is_session_id, ids))


def test_a_session_keeps_its_newest_exchanges(tmp_path: Path) -> None:
    histories, session = Histories(tmp_path), new_session_id()
    for n in range(conversations.MAX_EXCHANGES + 3):
        histories.append(session, exchange(n))
    kept = histories.read(session)
    assert [e.question for e in kept] == [
        f"问{n}" for n in range(3, conversations.MAX_EXCHANGES + 3)
    ]


def test_the_oldest_sessions_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MAX_SESSIONS", 3)
    histories = Histories(tmp_path)
    for _ in range(5):
        histories.append(new_session_id(), exchange())
    assert len(list(tmp_path.glob("*.json"))) == 3


@pytest.mark.parametrize("damage", [b"", b"{", b'[{"id": 1}]', b"\xff\xfe"])
def test_a_damaged_file_starts_anew(tmp_path: Path, damage: bytes) -> None:
    histories, session = Histories(tmp_path), new_session_id()
    histories.append(session, exchange())
    (file,) = tmp_path.glob("*.json")
    file.write_bytes(damage)
    assert histories.read(session) == ()
    histories.append(session, exchange(2))
    assert [e.question for e in histories.read(session)] == ["问2"]


def test_clearing_leaves_nothing_on_disk(tmp_path: Path) -> None:
    histories, session = Histories(tmp_path), new_session_id()
    histories.append(session, exchange())
    histories.clear(session)
    histories.clear(session)
    assert histories.read(session) == ()
    assert list(tmp_path.iterdir()) == []


def test_answers_that_quote_a_deleted_report_are_withdrawn_from_disk(tmp_path: Path) -> None:
    histories, session = Histories(tmp_path / "sessions"), new_session_id()
    with Store.open(tmp_path / "store") as store:
        gone, kept = make_report(), make_report(org="青禾县司法局")
        for report in (gone, kept):
            store.add(*make_parts(report))
        for n, report in enumerate((gone, kept)):
            histories.append(session, exchange(n, report.id))
        histories.follow(store)
        assert everything(tmp_path / "sessions").count(SECRET) == 4
        store.delete(gone.id)
        histories.follow(store)
    withdrawn, untouched = histories.read(session)
    assert withdrawn.question == "问0"
    assert SECRET not in withdrawn.answer.text
    assert withdrawn.answer.citations == ()
    assert untouched == exchange(1, kept.id)
    assert everything(tmp_path / "sessions").count(SECRET) == 2


def test_others_need_not_wait_while_nothing_is_withdrawn(tmp_path: Path) -> None:
    histories = Histories(tmp_path / "sessions")
    with Store.open(tmp_path / "store") as store:
        report = make_report()
        store.add(*make_parts(report))
        said = Answer('他说"drawn_on":["0"]', engine="extractive")
        for kept in (exchange(1, report.id), replace(exchange(2), answer=said)):
            histories.append(new_session_id(), kept)
        with histories._lock:  # as while another session's answer is kept
            following = threading.Thread(target=histories.follow, args=(store,), daemon=True)
            following.start()
            following.join(20)
            assert not following.is_alive()


def test_a_file_laid_out_otherwise_or_damaged_is_followed_too(tmp_path: Path) -> None:
    histories, session = Histories(tmp_path / "sessions"), new_session_id()
    with Store.open(tmp_path / "store") as store:
        histories.append(session, exchange(1, "0" * 16))
        (file,) = (tmp_path / "sessions").iterdir()
        laid_out = json.dumps(json.loads(file.read_bytes()), indent=2, ensure_ascii=False)
        file.write_text(laid_out, "utf-8")
        (file.parent / "0.json").write_bytes(b'"drawn_on":["\xff"]')
        histories.follow(store)
    assert SECRET not in file.read_text("utf-8")
    assert histories.read(session)[0].answer.refused


def test_a_folder_that_cannot_be_written_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(HistoryError, match="对话未能保存"):
        Histories(tmp_path / "file").append(new_session_id(), exchange())


def test_what_a_kill_left_half_saved_is_gone_with_the_next_look(tmp_path: Path) -> None:
    folder, session = tmp_path / "sessions", new_session_id()
    with Store.open(tmp_path / "store") as store:
        Histories(folder).append(session, exchange())
        left = killed_while_writing(next(folder.iterdir()))
        Histories(folder).follow(store)
    assert not left.exists()
    assert Histories(folder).read(session) == (exchange(),)
