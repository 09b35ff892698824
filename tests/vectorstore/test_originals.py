"""Kept files: whole or not there, for the owner alone, gone when nothing refers to them."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from vectorstore.errors import BrokenFileError, StorageFullError
from vectorstore.originals import Originals
from vectorstore.store import Store

HERE = Path(__file__).parent
LOOP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from made import make_parts, make_report
from vectorstore.store import Store
folder = Path(sys.argv[1])
store = Store.open(folder / "home")
source = folder / "source.txt"
for number in range(10_000):
    report, chunks, quantities = make_parts(make_report(f"{number % 5}县", lead=f"{number}稿"))
    source.write_text(report.text * 20, "utf-8")
    store.add(report, chunks, quantities, original=source)
    print(report.id, flush=True)
    if number % 7 == 6:
        store.purge()
"""


def test_a_file_is_kept_under_its_hash_and_swept(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originals")
    originals.sweep(())  # nothing was ever kept
    contents = [b"", b"one", b"x" * 3_000_000]
    kept = []
    for content in contents:
        (tmp_path / "f").write_bytes(content)
        kept.append(originals.keep(tmp_path / "f"))
    assert [k.digest for k in kept] == [hashlib.sha256(c).hexdigest() for c in contents]
    assert [k.size for k in kept] == [len(c) for c in contents]
    assert originals.path(kept[2].digest).read_bytes() == contents[2]
    assert originals.keep(tmp_path / "f") == kept[2]
    originals.sweep([kept[1].digest])
    assert [p.name for p in (tmp_path / "originals").iterdir()] == [kept[1].digest]


def test_a_file_that_is_gone_and_a_folder_that_cannot_be_made_are_told_apart(
    tmp_path: Path,
) -> None:
    with pytest.raises(BrokenFileError):
        Originals(tmp_path / "originals").keep(tmp_path / "gone")
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(StorageFullError):
        Originals(tmp_path / "taken").keep(tmp_path / "taken")


def test_kill_9_leaves_every_acknowledged_report_its_file_and_nothing_else(tmp_path: Path) -> None:
    random = Random(5)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(tmp_path), str(HERE)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(random.randint(1, 12))]
        threading.Event().wait(random.random() * 0.02)  # anywhere inside the next ones
        process.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
        with Store.open(tmp_path / "home") as store:
            rows = store.reports()
            assert rows
            assert acknowledged[-1] in {row.id for row in rows}
            files = {row.id: store.original(row.id).path for row in rows}
            for row in rows:
                content = files[row.id].read_bytes()
                assert content.decode() == store.report(row.id).text * 20
                assert files[row.id].name == hashlib.sha256(content).hexdigest()
            store.purge()
            assert set((tmp_path / "home" / "originals").iterdir()) == set(files.values())
