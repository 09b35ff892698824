"""The file itself: migrations, damage, full disks, threads, processes, kill -9, backup."""

from __future__ import annotations

import os
import signal
import sqlite3  # noqa: TID251 - looks at the file behind the store's back
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from made import make_parts, make_report

from vectorstore.errors import SchemaError, StorageFullError, StoreError
from vectorstore.store import FILE_NAME, Store
from vectorstore.store.schema import MIGRATIONS, migrate
from vectorstore.types import Scope

HERE = Path(__file__).parent


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


TOY = (
    "CREATE TABLE a (x);\nINSERT INTO a VALUES ('one; two');\n",
    "ALTER TABLE a ADD COLUMN y DEFAULT 7;\n",
)


def test_an_older_file_is_brought_up_with_its_content(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "toy")) as connection:
        migrate(connection, TOY[:1])
        assert version(connection) == 1
        migrate(connection, TOY)
        migrate(connection, TOY)
        assert version(connection) == 2
        assert connection.execute("SELECT * FROM a").fetchall() == [("one; two", 7)]


def test_a_failing_migration_changes_nothing(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "toy")) as connection:
        migrate(connection, TOY[:1])
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, (*TOY, "CREATE TABLE b (x);\nNONSENSE;\n"))
        assert version(connection) == 1
        assert connection.execute("SELECT * FROM a").fetchall() == [("one; two",)]


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with closing(connect(tmp_path / FILE_NAME)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(SchemaError, match=str(len(MIGRATIONS) + 1)):
        Store.open(tmp_path)


def test_the_first_release_still_opens(tmp_path: Path) -> None:
    with closing(connect(tmp_path / FILE_NAME)) as connection:
        migrate(connection, MIGRATIONS[:1])
    with Store.open(tmp_path) as store:
        assert store.add(*make_parts(make_report())).status == "added"


@pytest.mark.parametrize("content", [b"not a database, but long enough to look at" * 40])
def test_garbage_is_a_store_error_that_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(StoreError, match="损坏") as caught:
        Store.open(tmp_path)
    assert "备份" in caught.value.hint


def test_damage_in_the_middle_is_a_store_error(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for number in range(20):
            store.add(*make_parts(make_report(f"{number}县", lead="内容。" * 500)))
    with (tmp_path / FILE_NAME).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 40)
    with pytest.raises(StoreError):
        read_everything(tmp_path)


def read_everything(folder: Path) -> None:
    with Store.open(folder) as store:
        for row in store.reports():
            store.report(row.id)
            store.lexical(["内容"], Scope(), 5)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFullError):
        Store.open(tmp_path / "file" / "data")


FILL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from made import make_parts, make_report
from vectorstore.errors import StorageFullError
from vectorstore.store import Store
store = Store.open(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))  # stands in for a full disk
for number in range(500):
    try:
        store.add(*make_parts(make_report(f"{number}县", lead="内容。" * 2000)))
    except StorageFullError as error:
        print("full", len(store.reports()) == number, bool(error.hint), error.retryable)
        break
    print(number, flush=True)
"""


def run(script: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder), str(HERE)], stdout=subprocess.PIPE, text=True
    )


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    out, _ = run(FILL, tmp_path).communicate()
    *stored, last = out.splitlines()
    assert last == "full True True True"
    assert stored
    with Store.open(tmp_path) as store:  # room again
        assert len(store.reports()) == len(stored)
        assert store.add(*make_parts(make_report(lead="内容。" * 2000))).status == "added"


LOOP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from made import make_parts, make_report
from vectorstore.store import Store
store = Store.open(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(10_000):
    report, chunks, quantities = make_parts(make_report(f"{number}县", lead="内容。" * 300))
    store.add(report, chunks, quantities)
    print(report.id, flush=True)
"""


def test_kill_9_leaves_whole_reports_or_none(tmp_path: Path) -> None:
    random = Random(3)
    acknowledged: set[str] = set()
    for _ in range(6):
        process = run(LOOP, tmp_path)
        assert process.stdout is not None
        for _ in range(random.randint(1, 12)):
            acknowledged.add(process.stdout.readline().strip())
        threading.Event().wait(random.random() * 0.01)  # anywhere inside the next transaction
        process.send_signal(signal.SIGKILL)
        acknowledged.update(line.strip() for line in process.stdout if line.endswith("\n"))
        process.wait()
        process.stdout.close()
        acknowledged.discard("ready")
        with Store.open(tmp_path) as store:
            rows = {row.id: row for row in store.reports()}
            assert acknowledged <= set(rows)
            for report_id, row in rows.items():
                assert len(store.chunks_of(report_id)) == row.n_chunks > 0
                assert len(store.quantities(report_id=report_id)) == row.n_quantities == 2
            assert len(store.lexical(["罚没款"], Scope(), 9999)) == len(rows)
    assert len(acknowledged) > 6


READ = """
import sys
from pathlib import Path
from vectorstore.store import Store
with Store.open(Path(sys.argv[1])) as store:
    print(len(store.reports()))
"""


def test_another_process_reads_while_one_writes(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.add(*make_parts(make_report()))
        with store._database.write() as connection:
            connection.execute("DELETE FROM reports")
            out, _ = run(READ, tmp_path).communicate()
            assert out == "1\n"
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")


def test_readers_in_threads_see_whole_reports_while_one_writes(tmp_path: Path) -> None:
    parts = [make_parts(make_report(lead=f"第{number}稿。")) for number in range(30)]
    sizes = {report.id: len(chunks) for report, chunks, _ in parts}
    failures: list[BaseException] = []
    done = threading.Event()
    with Store.open(tmp_path) as store:
        store.add(*parts[0])

        def look() -> None:
            try:
                while not done.is_set():
                    (row,) = store.reports()
                    assert row.n_chunks == sizes[row.id]
                    assert store.lexical(["立案"], Scope(), 5)
            except BaseException as error:  # noqa: BLE001 - handed to the main thread
                failures.append(error)

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for part in parts[1:]:
            assert store.add(*part).status == "replaced"
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_writers_in_threads_take_turns(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:

        def add(start: int) -> None:
            for number in range(start, start + 5):
                store.add(*make_parts(make_report(f"{number}县")))

        threads = [threading.Thread(target=add, args=(5 * n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.reports()) == 20
        assert len({row.org for row in store.reports()}) == 20


def test_a_failing_block_gives_its_connection_back(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:

        def fail() -> None:
            with store._database.write() as connection:
                connection.execute("DELETE FROM meta")
                raise ZeroDivisionError

        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                fail()
        assert len(store._database._all) == 1
        assert isinstance(store.generation(), int)


def test_backup_under_load_answers_the_same(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data") as store:
        for number in range(5):
            store.add(*make_parts(make_report(f"{number}县")))
        done = threading.Event()

        def write() -> None:
            number = 100
            while not done.is_set():
                store.add(*make_parts(make_report(f"{number}县")))
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        store.backup(tmp_path / "backup" / FILE_NAME)
        done.set()
        writer.join()
        with Store.open(tmp_path / "backup") as copy:
            copied = {row.id for row in copy.reports()}
            assert {row.id for row in store.reports()} >= copied
            assert len(copied) >= 5
            assert len(copy.lexical(["立案"], Scope(), 999)) == len(copied)
            for report_id in copied:
                assert copy.report(report_id) == store.report(report_id)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    (tmp_path / FILE_NAME).chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(StorageFullError), Store.open(tmp_path) as store:
            store.add(*make_parts(make_report()))
    finally:
        tmp_path.chmod(0o755)
