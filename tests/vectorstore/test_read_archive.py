from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from read_makers import make_zip

from vectorstore.errors import (
    BrokenFileError,
    EmptyFileError,
    EncryptedFileError,
    LimitExceededError,
    ReadError,
    UnsupportedFormatError,
)
from vectorstore.read import expand, read
from vectorstore.read.archive import MAX_MEMBERS

REPORT = "禾口县林业局2025年工作报告\n今年工作平稳有序。\n".encode()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "scratch"


def outside(tmp_path: Path, scratch: Path, archive: Path) -> list[Path]:
    """Files that unpacking left anywhere but in the scratch folder."""
    found = [path for path in tmp_path.rglob("*") if path.is_file() and path != archive]
    return [path for path in found if scratch not in path.parents]


def test_a_folder_is_walked_for_reports_only(tmp_path: Path) -> None:
    for name in ("乙/b.docx", "a.TXT", "c.htm", "d.doc", "e.wps", "x.jpg", "~$a.docx", ".git/z.txt",
                 "__MACOSX/._a.txt", ".DS_Store"):  # fmt: skip
        path = tmp_path / "库" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(REPORT)
    names = [path.name for path in expand([tmp_path / "库"], tmp_path / "s")]
    assert names == ["a.TXT", "c.htm", "d.doc", "e.wps", "b.docx"]


def test_named_files_are_passed_on_whatever_they_are(tmp_path: Path) -> None:
    odd, missing = tmp_path / "a.xlsx", tmp_path / "没有.txt"
    odd.write_bytes(b"PK")
    assert list(expand([odd, missing], tmp_path / "s")) == [odd, missing]
    with pytest.raises(ReadError, match="找不到"):
        read(missing)
    with pytest.raises(ReadError, match="打不开"):
        read(tmp_path)


def test_members_are_unpacked_below_scratch(tmp_path: Path, scratch: Path) -> None:
    members = {"县直/林业局/报告.txt": REPORT, "县直/交通局/报告.txt": REPORT, "县直/图.png": b"x"}
    path = make_zip(tmp_path / "报送.zip", members)
    found = list(expand([path], scratch))
    assert [file.relative_to(scratch).parts[1:] for file in found] == [
        ("县直", "林业局", "报告.txt"),
        ("县直", "交通局", "报告.txt"),
    ]
    assert all(file.read_bytes() == REPORT for file in found)


def test_names_written_by_windows_in_gbk(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "a.zip"
    raw = "林业局\\年度报告.txt".encode("gb18030")
    stand_in = "x" * len(raw)
    make_zip(path, {stand_in: REPORT}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), raw))
    (found,) = expand([path], scratch)
    assert found.parts[-2:] == ("林业局", "年度报告.txt")


def test_archives_and_members_of_one_name_do_not_meet(tmp_path: Path, scratch: Path) -> None:
    paths = []
    for bureau in ("甲局", "乙局"):
        (tmp_path / bureau).mkdir()
        paths.append(
            make_zip(tmp_path / bureau / "报送.zip", {"报告.txt": bureau.encode() + REPORT})
        )
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(paths[1], "a") as archive:
        archive.writestr("报告.txt", REPORT)
    assert len({file.read_bytes() for file in expand(paths, scratch)}) == 3


@pytest.mark.parametrize(
    "name", ["../../a.txt", "/etc/a.txt", "C:\\a.txt", "x/../../../a.txt", "\\a.txt"]
)
def test_nothing_is_written_outside(tmp_path: Path, scratch: Path, name: str) -> None:
    path = make_zip(tmp_path / "a.zip", {"好.txt": REPORT, name: b"bad"})
    found = list(expand([path], scratch))
    assert [file.name for file in found] == ["好.txt", "a.zip"]
    assert outside(tmp_path, scratch, path) == []
    with pytest.raises(UnsupportedFormatError, match="压缩包以外"):
        read(found[1])


def test_links_in_an_archive_are_not_made(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert list(expand([path], scratch)) == [path]
    assert list(tmp_path.rglob("link.txt")) == []


def test_a_nested_archive_is_not_opened(tmp_path: Path, scratch: Path) -> None:
    inner = make_zip(tmp_path / "inner.zip", {"报告.txt": REPORT})
    path = make_zip(tmp_path / "a.zip", {"inner.zip": inner.read_bytes(), "b.txt": REPORT})
    found = list(expand([path], scratch))
    assert sorted(file.name for file in found) == ["b.txt", "inner.zip"]
    with pytest.raises(UnsupportedFormatError, match="压缩包"):
        read(next(file for file in found if file.name == "inner.zip"))


def refused(tmp_path: Path, scratch: Path, path: Path, error: type[ReadError]) -> None:
    assert list(expand([path], scratch)) == [path]
    assert outside(tmp_path, scratch, path) == []
    assert not scratch.exists() or list(scratch.rglob("*.txt")) == []
    with pytest.raises(error) as caught:
        read(path)
    assert caught.value.hint


def test_bombs_are_not_unpacked(tmp_path: Path, scratch: Path) -> None:
    bomb = make_zip(tmp_path / "a.zip", {"a.txt": bytes(60_000_000)})
    refused(tmp_path, scratch, bomb, LimitExceededError)
    bomb.unlink()
    many = make_zip(tmp_path / "b.zip", {f"{i}.txt": b"x" for i in range(MAX_MEMBERS + 1)})
    refused(tmp_path, scratch, many, LimitExceededError)


def test_locked_broken_and_empty_archives_say_so(tmp_path: Path, scratch: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.txt": REPORT}, zipfile.ZIP_STORED)
    whole = path.read_bytes()
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(locked))
    refused(tmp_path, scratch, path, EncryptedFileError)
    path.write_bytes(whole[: len(whole) // 2])
    refused(tmp_path, scratch, path, BrokenFileError)
    make_zip(path, {"图.png": b"x"})
    refused(tmp_path, scratch, path, EmptyFileError)


def test_a_damaged_member_does_not_stop_the_others(tmp_path: Path, scratch: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"b.txt": b"?" * 40, "a.txt": REPORT}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"?" * 40, b"!" * 40, 1))
    found = list(expand([path], scratch))
    assert [file.name for file in found] == ["a.txt", "a.zip"]
    with pytest.raises(BrokenFileError, match=r"b\.txt"):
        read(found[-1])


def test_very_long_and_odd_member_names(tmp_path: Path, scratch: Path) -> None:
    members = {"报" * 200 + ".txt": REPORT, "a\x01<b>?.txt": REPORT}
    path = make_zip(tmp_path / "a.zip", members)
    found = list(expand([path], scratch))
    assert [file.suffix for file in found] == [".txt", ".txt"]
    assert all(file.read_bytes() == REPORT for file in found)
