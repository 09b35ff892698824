from __future__ import annotations

import errno
import io
import os
import struct
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx_parts import Parts, W, attribute, body_paragraph, find, text
from gongwen_sample import DOCUMENT, SHEET

from assistant.gongwen import (
    Figure,
    Heading,
    ImageBlock,
    ImageError,
    OfficialDocument,
    Paragraph,
    Placeholder,
    SaveError,
    Span,
    Suggestion,
    TableBlock,
    Text,
    UnfinishedError,
    unfinished,
    write_docx,
)


def written(document: OfficialDocument, path: Path, **options: object) -> Parts:
    write_docx(document, path, **options)  # type: ignore[arg-type]
    return Parts(path)


def of(*spans: Span) -> OfficialDocument:
    return OfficialDocument("测试", (Paragraph(spans),))


def png(width: int, height: int) -> bytes:
    """A grey picture of that many pixels, without a stated resolution (72 to the inch)."""

    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def test_each_comment_is_anchored_on_exactly_its_figure(tmp_path: Path) -> None:
    parts = written(DOCUMENT, tmp_path / "a.docx")
    comments = {c.get(W + "id"): c for c in find(parts.root("comments"), "/*/w:comment")}
    anchored = {}
    for start in find(parts.document, "//w:commentRangeStart"):
        run, end, reference = list(start.itersiblings())[:3]
        number = start.get(W + "id")
        assert end.tag == W + "commentRangeEnd"
        assert end.get(W + "id") == number
        assert attribute(reference, "./w:commentReference", "id") == number
        anchored[number] = (text(run), text(comments[number]))
    assert len(anchored) == len(comments)
    pairs = list(anchored.values())
    assert pairs[:3] == [
        ("6次", SHEET.format(2)),
        ("12个", SHEET.format(3)),
        ("37件", SHEET.format(5)),
    ]
    assert ("48.62", SHEET.format(8)) in pairs  # in the table
    assert sorted(map(int, anchored)) == list(range(len(anchored)))


def test_comments_name_author_and_date(tmp_path: Path) -> None:
    stamp = datetime(2027, 1, 15, 9, 30, tzinfo=UTC)
    document = of(Figure("14件", "来源：某局\n原文：“立案(14)件”"))
    (comment,) = find(
        written(document, tmp_path / "a.docx", stamp=stamp).root("comments"), "/*/w:comment"
    )
    assert comment.get(W + "author") == "法治报告助手"
    assert comment.get(W + "date") == "2027-01-15T09:30:00Z"
    assert [text(p) for p in find(comment, "./w:p")] == ["来源：某局", "原文：“立案(14)件”"]


def highlights(parts: Parts) -> list[tuple[str, str]]:
    runs = find(parts.document, "//w:r[w:rPr/w:highlight]")
    return [(text(r), attribute(r, "./w:rPr/w:highlight", "val")) for r in runs]


def test_placeholders_are_highlighted_wherever_they_stand(tmp_path: Path) -> None:
    document = OfficialDocument(
        "【待填：单位】2026年度报告",
        (
            Heading(1, "贯彻【待核实：会议名称】精神"),
            Paragraph(
                (Text("办案【待填：立案数（2025年：14件）】，占比"), Placeholder("【待填：占比】"))
            ),
            Paragraph((Suggestion("推行河长制", "某局报告"),)),
            TableBlock("表", ("甲",), (("【待填：甲】",),)),
        ),
        date="【待填：成文日期】",
    )
    marks = [
        "【待填：单位】",
        "【待核实：会议名称】",
        "【待填：立案数（2025年：14件）】",
        "【待填：占比】",
        "推行河长制",
        "【待填：甲】",
        "【待填：成文日期】",
    ]
    found = highlights(written(document, tmp_path / "a.docx"))
    assert [words for words, _ in found] == marks
    assert {colour for words, colour in found if "【" in words} == {"yellow"}
    assert dict(found)["推行河长制"] == "cyan"


def test_a_blank_longer_than_a_title_line_is_marked_whole(tmp_path: Path) -> None:
    blank = "【待填：单位全称和报告年度（2025年：青岚县水务局2025年度）】"
    document = OfficialDocument(f"{blank}法治政府建设情况报告", ())
    assert highlights(written(document, tmp_path / "a.docx")) == [(blank, "yellow")]


def test_a_clean_copy_refuses_and_names_every_blank(tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    with pytest.raises(UnfinishedError) as caught:
        write_docx(DOCUMENT, target, clean=True)
    assert caught.value.blanks == unfinished(DOCUMENT)
    assert caught.value.blanks == (
        "【待填：移送问题线索数（2025年：4件）】",
        "【待填：拆除违法建筑面积（2025年：860平方米）】",
        "【待填：2026年】",
        "【待填：主要负责人讲法治课次数（2025年：2次）】",
        "【建议：推行“河长+检察长+警长”协作机制，每季度会商一次。】",
        "【待核实：完成时限】",
    )
    assert all(blank in str(caught.value) for blank in caught.value.blanks)
    assert "--force" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_forced_clean_copy_has_the_same_words_and_no_marks(tmp_path: Path) -> None:
    marked = written(DOCUMENT, tmp_path / "a.docx")
    clean = written(DOCUMENT, tmp_path / "b.docx", clean=True, force=True)
    assert highlights(clean) == []
    assert not find(clean.document, "//w:commentReference | //w:commentRangeStart")
    assert not any("comments" in name for name in clean.files)
    assert text(clean.document) == text(marked.document)


def test_a_finished_document_has_a_clean_copy(tmp_path: Path) -> None:
    assert not unfinished(of(Figure("14件", "来源")))
    clean = written(of(Text("立案"), Figure("14件", "来源")), tmp_path / "a.docx", clean=True)
    assert "立案14件" in text(clean.document)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    document = replace(DOCUMENT, body=(*DOCUMENT.body, ImageBlock(png(30, 20), "图")))
    write_docx(document, tmp_path / "a.docx")
    write_docx(document, tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaveError, match=r"^无法写入 a\.docx：磁盘已满。$") as caught:
        write_docx(DOCUMENT, target)
    assert caught.value.retryable
    assert [p.name for p in tmp_path.iterdir()] == ["a.docx"]
    assert target.read_bytes() == b"old"


def test_an_interrupt_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_docx(DOCUMENT, tmp_path / "a.docx")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match=r"^无法写入 a\.docx：没有这个文件或文件夹。$"):
        write_docx(DOCUMENT, tmp_path / "missing" / "a.docx")


def test_an_older_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(b"x" * 1_000_000)
    assert text(written(DOCUMENT, target).document)


def test_eleven_headings_and_no_end_punctuation(tmp_path: Path) -> None:
    body = tuple(Heading(1, f"第{n}项工作。") for n in range(1, 13))
    parts = written(OfficialDocument("测试", body), tmp_path / "a.docx")
    headings = [text(p) for p in find(parts.document, "//w:p[w:pPr/w:pStyle/@w:val='Heading1']")]
    assert headings[10] == "十一、第11项工作"


def test_characters_xml_forbids_do_not_reach_the_file(tmp_path: Path) -> None:
    document = of(Text("法\x00治\ud800\x0b<w:p/>&\u200b"), Figure("1\x07件", "源\x00\ud800"))
    parts = written(document, tmp_path / "a.docx")
    assert "法治<w:p/>&1件" in text(parts.document)
    assert text(parts.root("comments")) == "源"


def test_markup_in_a_cell_or_a_comment_is_text(tmp_path: Path) -> None:
    words = "甲<?xml 1?>]]></w:tr>&amp;<!--乙-->"
    grid = TableBlock("表", ("一", "二"), (((Figure("5件", words),), (Text(words),)),))
    parts = written(OfficialDocument("题", (grid,)), tmp_path / "a.docx")
    cells = find(find(parts.document, "//w:tbl")[0], "./w:tr")[-1]
    assert text(cells).startswith("5件甲<")
    assert text(cells).endswith("<!--乙-->")
    assert "]]></w:tr>" in text(cells)
    assert text(parts.root("comments")) == words


def test_pictures_are_scaled_to_the_type_area(tmp_path: Path) -> None:
    wide, small = ImageBlock(png(3000, 100), "宽图"), ImageBlock(png(72, 36), "小图")
    parts = written(OfficialDocument("测试", (wide, small)), tmp_path / "a.docx")
    extents = [
        (int(e.get("cx", "")) / 36000, int(e.get("cy", "")) / 36000)  # mm
        for e in parts.document.iter("{*}extent")
    ]
    assert extents[0][0] == pytest.approx(156, abs=0.1)
    assert extents[0][0] / extents[0][1] == pytest.approx(30, rel=0.01)
    assert extents[1] == pytest.approx((25.4, 12.7), abs=0.01)
    assert parts.files["word/media/image2.png"] == png(72, 36)
    drawing = find(parts.document, "//w:p[.//w:drawing]")[0]
    assert find(drawing, "./w:pPr/w:keepNext")
    following = drawing.getnext()
    assert following is not None
    assert text(following) == "宽图"


@pytest.mark.parametrize("data", [b"", b"GIF89a\x01\x00\x01\x00\x00\x00\x00", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ImageError):
        write_docx(OfficialDocument("测试", (ImageBlock(data, "坏图"),)), tmp_path / "a.docx")
    with pytest.raises(ImageError, match="无法读取"):
        write_docx(
            OfficialDocument("测试", (ImageBlock(tmp_path / "no.png", "缺图"),)),
            tmp_path / "a.docx",
        )
    assert list(tmp_path.iterdir()) == []


def table(rows: int, columns: int = 2) -> TableBlock:
    return TableBlock(
        "表",
        tuple(f"列{i}" for i in range(columns)),
        tuple(tuple(str(i) for i in range(columns)) for _ in range(rows)),
    )


def held(parts: Parts) -> list[bool]:
    """For each row of the first table whether it stays with the next."""
    rows = find(find(parts.document, "//w:tbl")[0], "./w:tr")
    return [bool(find(row, ".//w:keepNext")) for row in rows]


def test_a_short_table_stays_whole_and_a_long_one_leaves_no_row_alone(tmp_path: Path) -> None:
    short = held(written(OfficialDocument("题", (table(12),)), tmp_path / "a.docx"))
    assert short == [True] * 12 + [False]
    long = held(written(OfficialDocument("题", (table(20),)), tmp_path / "a.docx"))
    assert long == [True, True, *[False] * 17, True, False]


def test_a_wide_table_at_the_end_leaves_no_empty_section(tmp_path: Path) -> None:
    parts = written(OfficialDocument("题", (table(2, 9),)), tmp_path / "a.docx")
    sections = find(parts.document, "//w:sectPr")
    turned = [bool(find(s, "./w:pgSz[@w:orient]")) for s in sections]
    assert turned == [False, True]
    assert [find(t, "./w:tr/w:tc[9]") != [] for t in find(parts.document, "//w:tbl")] == [True]


def test_seven_columns_stay_upright(tmp_path: Path) -> None:
    parts = written(OfficialDocument("题", (table(2, 7),)), tmp_path / "a.docx")
    assert not find(parts.document, "//w:pgSz[@w:orient]")


def test_a_spans_text_is_where_a_reader_of_word_files_finds_it(tmp_path: Path) -> None:
    import docx  # noqa: TID251 - an independent reader of what we wrote

    write_docx(DOCUMENT, tmp_path / "a.docx")
    found = docx.Document(io.BytesIO((tmp_path / "a.docx").read_bytes()))
    texts = [p.text for p in found.paragraphs]
    assert "一、法治政府建设主要举措和成效" in texts
    assert [c.text for c in found.tables[0].rows[4].cells][:5] == [
        "4",
        "罚没款金额",
        "万元",
        "35.08",
        "48.62",
    ]
    assert len(list(found.comments)) == len(found.element.findall(f".//{W}commentReference"))
    assert found.core_properties.title == DOCUMENT.title


def test_attachments_are_named_and_begin_a_page(tmp_path: Path) -> None:
    parts = written(DOCUMENT, tmp_path / "a.docx")
    first = body_paragraph(parts, "附件：1.")
    assert text(first) == "附件：1.2027年推进法治政府建设重点任务分工表"
    second = body_paragraph(parts, "2.有关情况说明")
    # Both names begin two characters, 附件：, and the number in from the left.
    assert attribute(first, "./w:pPr/w:ind", "leftChars") == "600"
    assert attribute(second, "./w:pPr/w:ind", "leftChars") == "600"
    assert attribute(first, "./w:pPr/w:ind", "hangingChars") == "400"
    assert attribute(second, "./w:pPr/w:ind", "hangingChars") == "100"
    labels = [p for p in find(parts.document, "//w:p") if text(p) in ("附件1", "附件2")]
    assert len(labels) == 2
    # The first stands after the break to the turned section, the second after the break back.
    assert not any(find(label, "./w:pPr/w:pageBreakBefore") for label in labels)
