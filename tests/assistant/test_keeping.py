"""A private file is whole or as it was, and nobody else's to read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from assistant.keeping import write_private


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
