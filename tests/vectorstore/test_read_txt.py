from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.errors import EmptyFileError, UnsupportedFormatError
from vectorstore.read import read
from vectorstore.read.txt import decode

TEXT = (
    "禾口县林业局2025年法治政府建设情况报告\n\n"
    "2025年，禾口县林业局围绕护林防火与行政执法开展工作。现将情况报告如下：\n"
    "一、主要举措和成效\n"
    "（一）规范执法。全年办理林业行政案件23件，罚款4.6万元，案件办结率100％。\n"
)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("gb18030", b""),
        ("gbk", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_usual_encoding_gives_the_same_text(
    tmp_path: Path, encoding: str, mark: bytes, newline: str
) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(mark + TEXT.replace("\n", newline).encode(encoding))
    document = read(path)
    assert [block.text for block in document.blocks] == [x for x in TEXT.split("\n") if x]
    assert document.notes == ()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["林业局工作报告", "第一季度：3件", "标题\n正文，很短。"])
def test_very_short_text_is_recognised_too(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding))[0] == text


COMMON = "的是了在和有为不一人法治政府工作行政执建设推进县局会议组织开展落实全年案件条例培训"


@settings(max_examples=200)
@given(
    st.text(alphabet=COMMON + "，。、：；（）“”《》\n 0123456789年月日", min_size=30),
    st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]),
)
def test_what_was_written_is_read_back(text: str, encoding: str) -> None:
    text = "我局" + text
    assert decode(text.encode(encoding))[0] == text


def test_rare_characters_of_gb18030_survive() -> None:
    text = "㛃镇与𬭊县联合开展法治宣传，発展の例。" + "群众满意度较高，工作有序推进。" * 3
    assert decode(text.encode("gb18030"))[0] == text


def test_broken_bytes_are_replaced_and_said() -> None:
    text, notes = decode(TEXT.encode() + b"\xe6\xb3")
    assert text.startswith(TEXT)
    assert [note.code for note in notes] == ["encoding"]


def test_lone_surrogates_cannot_come_in() -> None:
    text, notes = decode(
        b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8" + "完".encode("utf-16-le")
    )
    text.encode("utf-8")
    assert [note.code for note in notes] == ["encoding"]
    text, notes = decode(TEXT.encode() + b"\xed\xa0\x80")
    text.encode("utf-8")
    assert [note.code for note in notes] == ["encoding"]


def test_a_wrong_declaration_does_not_garble() -> None:
    assert decode(TEXT.encode("gb18030"), "utf-8") == (TEXT, ())
    assert decode(TEXT.encode(), "no-such-charset") == (TEXT, ())


def test_tab_separated_lines_become_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "执法情况\n\t\n\t项目\t数量\n\t立案\t23件\n\t罚款\t4.6万元\n单列\n其他\t说明\n", "utf-8"
    )
    blocks = read(path).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        ("paragraph", "执法情况"),
        ("table", "项目\t数量\n立案\t23件\n罚款\t4.6万元"),
        ("paragraph", "单列"),
        ("paragraph", "其他 说明"),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"\r\n \t\n", b"\xef\xbb\xbf", b"\xff\xfe\n\x00", "　\n".encode()]
)
def test_an_empty_file_says_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(data)
    with pytest.raises(EmptyFileError):
        read(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(UnsupportedFormatError):
        read(path)
