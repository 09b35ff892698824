from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vectorstore.errors import LockedError, StorageFullError
from vectorstore.lock import LOCK_NAME, OwnerLock

HOLD = """
import sys
from pathlib import Path
from vectorstore.lock import OwnerLock
with OwnerLock(Path(sys.argv[1]), "fazhi serve"):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str], kill: bool) -> None:
    if kill:
        process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("kill", [False, True])
def test_the_holder_is_named_and_its_end_frees_the_folder(tmp_path: Path, kill: bool) -> None:
    process = hold(tmp_path)
    try:
        with pytest.raises(LockedError) as caught, OwnerLock(tmp_path, "fazhi ingest"):
            pass
        message = str(caught.value)
        assert "fazhi serve" in message
        assert str(process.pid) in message
        assert "20" in message.partition("自 ")[2]
        assert caught.value.hint
    finally:
        end(process, kill)
    with OwnerLock(tmp_path, "fazhi ingest"):
        assert json.loads((tmp_path / LOCK_NAME).read_text())["pid"] == os.getpid()


def test_one_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    with OwnerLock(tmp_path, "a"):
        with pytest.raises(LockedError, match="a"), OwnerLock(tmp_path, "b"):
            pass
        assert json.loads((tmp_path / LOCK_NAME).read_text())["command"] == "a"


def test_released_after_an_error_and_reusable(tmp_path: Path) -> None:
    lock = OwnerLock(tmp_path / "new" / "folder", "a")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), lock:
            raise ZeroDivisionError
    assert (tmp_path / "new" / "folder" / LOCK_NAME).read_text() == ""


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', '{"since": 5}'])
def test_an_unreadable_signature_still_refuses(tmp_path: Path, content: str) -> None:
    with OwnerLock(tmp_path, "a"):
        (tmp_path / LOCK_NAME).write_text(content)
        with pytest.raises(LockedError, match="其他程序"), OwnerLock(tmp_path, "b"):
            pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFullError), OwnerLock(tmp_path / "file" / "data", "a"):
        pass
