"""A deleted report's words leave the conversations, by the one that keeps them."""

from __future__ import annotations

from pathlib import Path

from assistant.answer.types import Answer
from assistant.build import Services
from assistant.conversations import Exchange, Histories
from assistant.library import delete_report
from assistant.session_ids import new_session_id
from assistant.settings import Settings
from tests.assistant.test_cli import run
from tests.vectorstore.made import make_parts, make_report
from vectorstore.store import Store

SECRET = "全年立案14起"


def quoted(folder: Path) -> str:
    """The id of a report that a conversation below `folder` quotes."""
    report = make_report()
    with Store.open(folder) as store:
        store.add(*make_parts(report))
    exchange = Exchange("e", "2026-01-05T09:00:00+08:00", "问", Answer(SECRET), (report.id,))
    Histories(folder / "sessions").append(new_session_id(), exchange)
    return report.id


def kept(folder: Path) -> str:
    (file,) = (folder / "sessions").glob("*.json")
    return file.read_text("utf-8")


def test_deleting_leaves_conversations_to_the_histories_in_use(tmp_path: Path) -> None:
    report_id = quoted(tmp_path)
    with Store.open(tmp_path) as store:
        delete_report(Services(Settings(home=tmp_path), store), report_id)
        assert SECRET in kept(tmp_path)  # a second writer could undo what the first one saves
        Histories(tmp_path / "sessions").follow(store)
    assert SECRET not in kept(tmp_path)


def test_the_command_withdraws_what_quotes_the_report(tmp_path: Path) -> None:
    report_id = quoted(tmp_path)
    done = run(tmp_path, "delete", report_id[:8])
    assert done.returncode == 0, done.stderr
    assert SECRET not in kept(tmp_path)
