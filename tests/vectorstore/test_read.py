"""One file at a time, recognised by content."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_makers import Text, make_docx, make_pdf, make_zip, p

from vectorstore.clean import clean
from vectorstore.errors import (
    BrokenFileError,
    EmptyFileError,
    EncryptedFileError,
    LimitExceededError,
    ReadError,
    UnsupportedFormatError,
)
from vectorstore.read import read

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def stream(name: str) -> bytes:
    return name.encode("utf-16-le")


@pytest.mark.parametrize("name", ["a.doc", "a.docx", "a.txt"])
@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (OLE + stream("WordDocument"), UnsupportedFormatError, "旧版 Word"),
        (OLE + stream("EncryptedPackage"), EncryptedFileError, "密码"),
        (OLE + stream("Workbook"), UnsupportedFormatError, "不是 Word"),
        (b"{\\rtf1\\ansi abc}", UnsupportedFormatError, "RTF"),
        (b"Rar!\x1a\x07\x00abc", UnsupportedFormatError, "RAR"),
        (b"\x89PNG\r\n\x1a\nabc", UnsupportedFormatError, "图片"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;", UnsupportedFormatError, "MHT"),
        (b"PK\x03\x04" + bytes(60), BrokenFileError, "损坏"),
        (b"%PDF-1.7\n1 0 obj<<>>", BrokenFileError, "PDF"),
        (b"", EmptyFileError, "空"),
    ],
)
def test_a_file_is_what_its_content_says(
    tmp_path: Path, name: str, data: bytes, error: type[ReadError], says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(error, match=says) as caught:
        read(path)
    assert type(caught.value) is error
    assert caught.value.hint
    assert str(caught.value).endswith("。")
    assert str(caught.value).count("。") == 1


def test_an_old_word_file_says_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(OLE + stream("WordDocument"))
    with pytest.raises(UnsupportedFormatError) as caught:
        read(path)
    assert "另存为 .docx" in caught.value.hint


@pytest.mark.parametrize(
    ("member", "says"),
    [("OFD.xml", "OFD"), ("xl/workbook.xml", "不是文字处理"), ("[Content_Types].xml", "缺少正文")],
)
def test_other_containers_named_docx(tmp_path: Path, member: str, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        read(make_zip(tmp_path / "a.docx", {member: b"<a/>"}))


def test_readable_files_under_a_wrong_name_are_read(tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "a.docx", [Text("今年工作平稳有序")])
    word = make_docx(tmp_path / "b.pdf", p("今年工作平稳有序"))
    assert read(pdf).format == "pdf"
    assert read(word).format == "docx"
    assert read(word).blocks[0].text == read(pdf).blocks[0].text == "今年工作平稳有序"


def test_a_file_over_the_limits_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("今年" * 1_000_001, "utf-8")
    with pytest.raises(LimitExceededError):
        read(path)
    with path.open("wb") as file:
        file.truncate(101 * 1024 * 1024)
    with pytest.raises(LimitExceededError):
        read(path)


def test_the_real_reports_are_read(real_reports: list[Path]) -> None:
    documents = [clean(read(path)) for path in real_reports]
    assert [len(document.blocks) for document in documents] == [31, 16, 18, 17, 36]
    assert [[note.code for note in document.notes] for document in documents] == [
        [],
        [],
        [],
        ["residue"],
        ["body_twice"],
    ]
