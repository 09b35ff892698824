"""A private file is whole or as it was, and nobody else's to read."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.keeping import sweep, write_private

KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.keeping import write_private
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
write_private(Path(sys.argv[1]), b"secret")
"""


def killed_while_writing(path: Path) -> Path:
    """What a process leaves beside `path` that is killed before its file gets its name."""
    before = set(path.parent.iterdir())
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = set(path.parent.iterdir()) - before
    assert left.read_bytes() == b"secret"
    return left


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_is_replaced_and_its_owner_s_alone(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"before")
    write_private(path, b"after", durable=durable)
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.mkdir()  # no file can take its place
    with pytest.raises(IsADirectoryError):
        write_private(path, b"secret")
    assert list(tmp_path.iterdir()) == [path]

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(tmp_path / "b.json", b"secret", durable=True)
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    kept = {tmp_path / "a.json", tmp_path / "b.zip.part", tmp_path / "tmp.part"}
    for path in kept:
        path.mkdir() if path.name == "tmp.part" else path.write_text("x")
    killed_while_writing(tmp_path / "a.json")
    sweep(tmp_path)
    assert set(tmp_path.iterdir()) == kept
    sweep(tmp_path / "nowhere")
