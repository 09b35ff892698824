"""A draft goes into the audit log, and ends when the server does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app.downloads import Downloads
from assistant.app.draft.desk import DraftDesk
from assistant.app.draft.work import Case, Phase, Queue
from assistant.build import Services
from assistant.session_ids import new_session_id
from assistant.settings import Settings
from tests.assistant.draft_library import FILES, HEALTH, SAMPLES, fill
from vectorstore.store import Store

SESSION = new_session_id()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DraftDesk]:
    fill(tmp_path, [SAMPLES / name for name in FILES]).close()
    with Store.open(tmp_path) as store:
        yield DraftDesk(Services(Settings(home=tmp_path), store), Downloads())


def begun(desk: DraftDesk) -> Case:
    desk.choose(SESSION, HEALTH, "", "report")
    desk.start(SESSION, "", peers=False, engine="extractive")
    case = desk.desktop(SESSION).current
    assert case is not None
    return case


def test_a_draft_and_its_download_are_recorded(desk: DraftDesk, tmp_path: Path) -> None:
    case = begun(desk)
    deadline = time.monotonic() + 60
    while case.busy:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    desk.save(SESSION, case.target, tmp_path / "草稿.docx", clean=False)
    drafted, saved = desk.services.audit.read()
    assert (drafted.action, drafted.engine, drafted.details["org"]) == (
        "draft",
        "extractive",
        HEALTH,
    )
    assert drafted.reports
    assert (saved.action, saved.details["file"]) == ("export", "草稿.docx")
    assert drafted.who == saved.who != ""


def test_what_waits_for_its_turn_ends_with_the_server(desk: DraftDesk) -> None:
    desk._queues["extractive"] = Queue(0, 5)  # nobody's turn ever comes
    case = begun(desk)
    phases = [case.phase]
    desk.close()
    phases.append(case.phase)
    assert phases == [Phase.WAITING, Phase.STOPPED]
    assert case.stop.is_set()
