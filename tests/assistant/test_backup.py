"""A backup holds what cannot be made anew, whole and private, and restores to the same answers."""

from __future__ import annotations

import os
import shutil
import stat
import threading
import zipfile
from itertools import count
from pathlib import Path

import pytest

from assistant import backup
from assistant.answer.types import Answer
from assistant.backup import BackupError, back_up
from assistant.conversations import Exchange, Histories
from assistant.session_ids import new_session_id
from assistant.users import Users
from tests.assistant.test_cli import TWO, document, run
from tests.vectorstore.made import make_parts, make_report
from vectorstore.chunk import chunk
from vectorstore.errors import StoreError
from vectorstore.indicators import load_lexicon
from vectorstore.lock import OwnerLock
from vectorstore.parse import parse
from vectorstore.quantities import extract
from vectorstore.store import FILE_NAME, Store

QUESTION = "岚泊县卫健局2025年行政处罚立案多少件？"
SESSION = new_session_id()
EXCHANGE = Exchange("e", "2026-01-05T09:00:00+08:00", "问", Answer("答"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with everything a server leaves in one, worth keeping or not."""
    folder = tmp_path_factory.mktemp("backup") / "home"
    lexicon = load_lexicon()
    with Store.open(folder) as store:
        for path in TWO:
            report = parse(path)
            store.add(report, chunk(report), extract(report, lexicon), original=path)
    Histories(folder / "sessions").append(SESSION, EXCHANGE)
    Users(folder).add("张三", "admin", "correct horse battery")
    (folder / "audit").mkdir()
    (folder / "audit" / "2026-01.jsonl").write_text("{}\n")
    for name in (
        "owner.lock", "chroma/chroma.sqlite3", "uploads/batch-1/0/甲.txt", "models/m.gguf",
        "brief/0.1.json", "sessions/tmpabc.part", "originals/.0123", "originals/orphan",
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("not to be kept")
    return folder


def restored(saved: str | Path, folder: Path) -> Path:
    with zipfile.ZipFile(saved) as file:
        assert file.testzip() is None
        file.extractall(folder)
    return folder


def test_it_holds_what_cannot_be_made_anew_and_is_its_owners_alone(
    home: Path, tmp_path: Path
) -> None:
    saved = back_up(home, tmp_path / "b.zip")
    with zipfile.ZipFile(saved.path) as file:
        entries = file.infolist()
    names = sorted(entry.filename for entry in entries)
    kept = [name for name in names if name.startswith("originals/")]
    (talk,) = (home / "sessions").glob("*.json")
    others = ["audit/2026-01.jsonl", "fazhi.sqlite", f"sessions/{talk.name}", "users.json"]
    assert len(kept) == 2
    assert names == sorted([*kept, *others])
    assert {stat.S_IMODE(entry.external_attr >> 16) for entry in entries} == {0o600}
    assert stat.S_IMODE(Path(saved.path).stat().st_mode) == 0o600
    assert b"not to be kept" not in Path(saved.path).read_bytes()
    assert list(tmp_path.iterdir()) == [tmp_path / "b.zip"]
    assert saved.to_json() == {
        "path": str(tmp_path / "b.zip"), "bytes": (tmp_path / "b.zip").stat().st_size,
        "reports": 2, "originals": 2, "lacking": 0, "conversations": 1, "users": True, "audit": 1,
    }  # fmt: skip


def test_restored_it_answers_the_same(home: Path, tmp_path: Path) -> None:
    again = restored(back_up(home, tmp_path / "b.zip").path, tmp_path / "again")
    before, after = (document(run(h, "ask", QUESTION, "--json")) for h in (home, again))
    assert "36件" in after["answer"]
    assert after == before
    with Store.open(home) as one, Store.open(again) as other:
        assert other.reports() == one.reports()
        assert other.quantities() == one.quantities()
        files = {other.original(row.id).path.read_bytes() for row in other.reports()}
        assert other.purge()
        assert files == {other.original(row.id).path.read_bytes() for row in other.reports()}
    assert files == {path.read_bytes() for path in TWO}
    assert Histories(again / "sessions").read(SESSION) == (EXCHANGE,)
    assert Users(again).check("张三", "correct horse battery")
    assert stat.S_IMODE(again.stat().st_mode) == 0o700


def test_taken_while_reports_come_and_go_it_is_of_one_moment(tmp_path: Path) -> None:
    home, done = tmp_path / "home", threading.Event()

    def write(store: Store) -> None:
        for number in count():
            if done.is_set():
                return
            source = tmp_path / f"{number}.txt"
            source.write_text(f"第{number}份")
            report = make_report(f"{number}县司法局", path=source.name)
            store.add(*make_parts(report), original=source)
            if number % 3 == 2:
                store.delete(store.reports()[0].id)

    with Store.open(home) as store:
        store.add(*make_parts(make_report("甲县司法局")))
        writer = threading.Thread(target=write, args=(store,))
        writer.start()
        try:
            saved = [back_up(home, tmp_path / "0.zip")]
            while len({one.holds for one in saved}) < 4:
                saved.append(back_up(home, tmp_path / f"{len(saved)}.zip"))
        finally:
            done.set()
            writer.join()
    for n, one in enumerate(saved):
        with Store.open(restored(one.path, tmp_path / f"again{n}")) as store:
            rows = store.reports()
            assert len(rows) == one.holds.reports
            for row in rows:
                assert store.report(row.id).org == row.org
                if row.original:
                    number = int(row.org.partition("县")[0])
                    assert store.original(row.id).path.read_text() == f"第{number}份"


def test_a_report_that_comes_while_files_are_copied_has_its_own(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, listed = tmp_path / "home", Store.original_names
    shutil.copytree(home, busy)
    (tmp_path / "new.txt").write_text("新来的")

    def then_one_comes(store: Store) -> frozenset[str]:
        names = listed(store)
        report = make_report("新县司法局", path="new.txt")
        with Store.open(busy) as server:
            server.add(*make_parts(report), original=tmp_path / "new.txt")
        return names

    monkeypatch.setattr(Store, "original_names", then_one_comes)
    holds = back_up(busy, tmp_path / "b.zip").holds
    assert (holds.reports, holds.originals, holds.lacking) == (3, 3, 0)
    with Store.open(restored(tmp_path / "b.zip", tmp_path / "again")) as store:
        (row,) = [row for row in store.reports() if row.org == "新县司法局"]
        assert store.original(row.id).path.read_text() == "新来的"


def test_the_command_works_beside_a_server_and_says_what_it_did(home: Path, tmp_path: Path) -> None:
    served = tmp_path / "home"
    shutil.copytree(home, served)
    with OwnerLock(served, "fazhi serve"):
        done = run(served, "backup", tmp_path)
    assert done.returncode == 0, done.stderr
    (made,) = tmp_path.glob("fazhi-20*.zip")
    assert f"已备份到 {made}" in done.stdout
    assert "2 份报告" in done.stdout
    assert "2 个原文件" in done.stdout
    assert "用户名单" in done.stdout
    assert f"unzip {made} -d 空文件夹" in done.stdout
    assert made.name in run(served, "audit").stdout


def test_nothing_is_overwritten(home: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("mine")
    done = run(home, "backup", tmp_path / "b.zip")
    assert done.returncode == 1
    assert "已经存在" in done.stderr
    assert "建议：" in done.stderr
    assert (tmp_path / "b.zip").read_text() == "mine"
    (tmp_path / "c.zip.part").mkdir()
    with pytest.raises(BackupError, match="没有做完"):
        back_up(home, tmp_path / "c.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "c.zip.part"]


def test_a_folder_that_is_no_library_is_not_saved_and_not_made(tmp_path: Path) -> None:
    done = run(tmp_path / "none", "backup", tmp_path / "b.zip", "--json")
    assert done.returncode == 1
    assert "没有资料库" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path, "backup").returncode == 2


def test_a_full_disk_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(backup.shutil, "copyfileobj", full)
    with pytest.raises(BackupError, match="备份没有做成"):
        back_up(home, tmp_path / "b.zip")
    with pytest.raises(BackupError, match="不能写入"):
        back_up(home, tmp_path / "no" / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_no_backup(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "home"
    shutil.copytree(home, broken)
    data = bytearray((broken / FILE_NAME).read_bytes())
    for page in range(40 * 4096, len(data), 3 * 4096):
        data[page : page + 8] = b"\xff" * 8
    (broken / FILE_NAME).write_bytes(data)
    with pytest.raises(StoreError, match="已损坏"):
        back_up(broken, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == [broken]


def test_an_original_gone_before_is_told(home: Path, tmp_path: Path) -> None:
    poor = tmp_path / "home"
    shutil.copytree(home, poor)
    with Store.open(poor) as store:
        store.original(store.reports()[0].id).path.unlink()
    holds = back_up(poor, tmp_path / "b.zip").holds
    assert (holds.originals, holds.lacking) == (1, 1)
    assert "另有 1 份报告的原文件" in run(poor, "backup", tmp_path / "c.zip").stdout
