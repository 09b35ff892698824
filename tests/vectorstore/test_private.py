"""The text of reports lies in files that other accounts of the computer cannot read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.brief.cache import NoteCache
from vectorstore.chroma import ChromaIndex
from vectorstore.lock import LOCK_NAME, OwnerLock
from vectorstore.private import make_private, tighten
from vectorstore.store import FILE_NAME, Store

LOCKS = Path("/proc/locks")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="files have no mode here")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    old = os.umask(0o022)
    yield
    os.umask(old)


def test_a_new_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "data" / "fazhi"
    with OwnerLock(home, "fazhi ingest"), Store.open(home) as store:
        index = ChromaIndex.open(home, store, "none")
        NoteCache(home, "1").put("ab12", [])
        found = {path.name: mode(path) for path in (home, *home.iterdir())}
        index.close()
    assert found.pop(FILE_NAME + "-wal") == 0o600
    assert found.pop(FILE_NAME + "-shm") == 0o600
    assert found.pop(FILE_NAME) == 0o600
    assert found.pop(LOCK_NAME) == 0o600
    assert set(found) == {"fazhi", "chroma", "brief"}
    assert set(found.values()) == {0o700}
    assert mode(home.parent) == 0o755


def test_an_older_home_is_tightened_when_opened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Store.open(home).close()
    (home / FILE_NAME).chmod(0o644)
    home.chmod(0o755)
    Store.open(home).close()
    assert mode(home) == 0o700
    assert mode(home / FILE_NAME) == 0o600


def test_a_backup_is_its_owners_alone_in_a_folder_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with Store.open(tmp_path / "home") as store:
        store.backup(tmp_path / "disk" / "copy.sqlite")
    assert mode(tmp_path / "disk" / "copy.sqlite") == 0o600
    assert mode(tmp_path / "disk") == 0o755


@pytest.mark.skipif(not LOCKS.exists(), reason="the system does not list its locks")
def test_opening_again_drops_no_lock_of_the_first(tmp_path: Path) -> None:
    with Store.open(tmp_path) as first, first._database.read() as connection:
        connection.execute("SELECT count(*) FROM reports").fetchone()
        inode = f":{(tmp_path / FILE_NAME).stat().st_ino} "
        before = LOCKS.read_text().count(inode)
        Store.open(tmp_path).close()
        assert before > 0
        assert LOCKS.read_text().count(inode) == before


@pytest.mark.parametrize("shared", [0o1777, 0o2775])
def test_a_folder_shared_on_purpose_stays_shared(tmp_path: Path, shared: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(shared)
    make_private(folder)
    assert mode(folder) == shared


def test_the_users_home_and_what_is_above_it_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "above" / "home"
    (home / "data").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for folder in (home.parent, home, home / "data"):
        tighten(folder)
    assert [mode(f) for f in (home.parent, home, home / "data")] == [0o755, 0o755, 0o700]


def test_nothing_is_done_where_files_have_no_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("")
    monkeypatch.setattr("vectorstore.private.os.name", "nt")
    tighten(tmp_path / "a")
    monkeypatch.undo()
    assert mode(tmp_path / "a") == 0o644
