"""Every row of the page table of GB/T 9704—2012, read from the XML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docx_parts import Parts, W, attribute, body_paragraph, find, fonts, size, text, text_runs
from gongwen_sample import DOCUMENT

from assistant.gongwen import Profile, load_profile, write_docx

TWIP_MM = 25.4 / 1440
CHAR = 315  # twips: 156 mm / 28, rounded down


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    path = tmp_path_factory.mktemp("page") / "a.docx"
    write_docx(DOCUMENT, path)
    return Parts(path)


def unsealed() -> Profile:
    profile = load_profile()
    return profile.model_copy(
        update={"signoff": profile.signoff.model_copy(update={"sealed": False})}
    )


def mm(parts: Parts, path: str, name: str) -> float:
    return int(attribute(parts.document, path, name)) * TWIP_MM


UPRIGHT = "/w:document/w:body/w:sectPr"


def test_paper_and_margins(parts: Parts) -> None:
    assert mm(parts, f"{UPRIGHT}/w:pgSz", "w") == pytest.approx(210, abs=0.02)
    assert mm(parts, f"{UPRIGHT}/w:pgSz", "h") == pytest.approx(297, abs=0.02)
    for side, wanted in {"top": 37, "left": 28, "right": 26, "bottom": 35}.items():
        assert mm(parts, f"{UPRIGHT}/w:pgMar", side) == pytest.approx(wanted, abs=0.02)


def test_grid_of_22_lines_and_28_characters(parts: Parts) -> None:
    grid = f"{UPRIGHT}/w:docGrid"
    assert attribute(parts.document, grid, "type") == "linesAndChars"
    pitch = int(attribute(parts.document, grid, "linePitch"))
    assert 28.9 <= pitch / 20 <= 29
    height = 225 / TWIP_MM
    assert 22 * pitch <= height < 23 * pitch
    # ECMA-376 17.6.5: 1/4096 pt over the size of the Normal style, which is 16 pt.
    char = 16 + int(attribute(parts.document, grid, "charSpace")) / 4096
    width = 156 / TWIP_MM / 20
    assert 28 * char <= width + 0.05 < 29 * char
    normal = "//w:style[@w:styleId='Normal']/w:rPr/w:sz"
    assert attribute(parts.root("styles"), normal, "val") == "32"


def test_every_body_line_has_the_pitch_and_every_character_its_width(parts: Parts) -> None:
    for run in text_runs(body_paragraph(parts, "坚持把法治建设摆在")):
        assert 28 * (320 + int(attribute(run, "./w:rPr/w:spacing", "val"))) <= 156 / TWIP_MM
    paragraph = body_paragraph(parts, "坚持把法治建设摆在")
    assert attribute(paragraph, "./w:pPr/w:spacing", "line") == "579"
    assert attribute(paragraph, "./w:pPr/w:spacing", "lineRule") == "exact"


def test_title(parts: Parts) -> None:
    title = body_paragraph(parts, "青岚县水务局关于")
    assert text(title) == DOCUMENT.title
    assert attribute(title, "./w:pPr/w:jc", "val") == "center"
    assert len(find(title, ".//w:br")) == 2
    for run in text_runs(title):
        assert fonts(run) == {"方正小标宋简体"}
        assert size(run) == 22
    following = title.getnext()
    assert following is not None
    assert text(following) == ""
    assert text(following.getnext()).startswith("县委")  # type: ignore[arg-type]


def test_addressee(parts: Parts) -> None:
    addressee = body_paragraph(parts, "县委，")
    assert text(addressee) == "县委，县人民政府，市水务局："
    assert attribute(addressee, "./w:pPr/w:jc", "val") == "left"
    assert attribute(addressee, "./w:pPr/w:ind", "firstLine") == "0"
    assert {(size(r), *fonts(r)) for r in text_runs(addressee)} == {(16, "仿宋_GB2312")}


def test_body(parts: Parts) -> None:
    body = body_paragraph(parts, "坚持把法治建设摆在")
    assert attribute(body, "./w:pPr/w:jc", "val") == "both"
    assert attribute(body, "./w:pPr/w:ind", "firstLineChars") == "200"
    assert int(attribute(body, "./w:pPr/w:ind", "firstLine")) == 2 * CHAR
    assert {(size(r), *fonts(r)) for r in text_runs(body)} == {(16, "仿宋_GB2312")}


@pytest.mark.parametrize(
    ("words", "level", "font"),
    [
        ("一、法治政府建设主要举措和成效", 1, "黑体"),
        ("（三）优化涉水政务服务", 2, "楷体_GB2312"),
        ("1.推行告知承诺", 3, "仿宋_GB2312"),
        ("（1）完善事后监管", 4, "仿宋_GB2312"),
    ],
)
def test_headings(parts: Parts, words: str, level: int, font: str) -> None:
    heading = body_paragraph(parts, words)
    assert text(heading) == words
    assert {(size(r), *fonts(r)) for r in text_runs(heading)} == {(16, font)}
    assert attribute(heading, "./w:pPr/w:pStyle", "val") == f"Heading{level}"
    assert attribute(heading, "./w:pPr/w:outlineLvl", "val") == str(level - 1)
    assert attribute(heading, "./w:pPr/w:ind", "firstLineChars") == "200"
    assert find(heading, "./w:pPr/w:keepNext")


def test_a_run_in_heading_has_its_font_and_the_text_its_own(parts: Parts) -> None:
    first, second, *_ = text_runs(body_paragraph(parts, "（二）严格规范水行政执法。"))
    assert (text(first), fonts(first)) == ("（二）严格规范水行政执法。", {"楷体_GB2312"})
    assert (text(second), fonts(second)) == ("办理水事违法案件", {"仿宋_GB2312"})


def indents(parts: Parts) -> tuple[float, float]:
    """Characters right of organisation and date."""
    places = []
    for words in ("青岚县水务局", "2027年1月15日"):
        last = [p for p in find(parts.document, "//w:p") if text(p) == words][-1]
        assert attribute(last, "./w:pPr/w:jc", "val") == "right"
        chars = int(attribute(last, "./w:pPr/w:ind", "rightChars")) / 100
        twips = int(attribute(last, "./w:pPr/w:ind", "right"))
        assert twips == pytest.approx(chars * CHAR, abs=1)
        places.append(chars)
    return places[0], places[1]


def test_sealed_signoff_is_centred_over_a_date_four_characters_in(parts: Parts) -> None:
    org, date = indents(parts)
    assert date == 4
    assert org + 6 / 2 == pytest.approx(date + 6.5 / 2)  # widths: 6 characters, 6.5 characters


def test_unsealed_signoff_has_the_date_two_characters_in(tmp_path: Path) -> None:
    write_docx(DOCUMENT, tmp_path / "a.docx", profile=unsealed())
    org, date = indents(Parts(tmp_path / "a.docx"))
    assert date == 2
    assert org + 6 == pytest.approx(date + 6.5 + 2)  # begins two characters before the date


def test_a_long_organisation_does_not_leave_the_type_area(tmp_path: Path) -> None:
    name = "中共青岚县委全面依法治县委员会办公室"
    write_docx(replace(DOCUMENT, signoff_org=name), tmp_path / "a.docx")
    assert (
        attribute(body_paragraph(Parts(tmp_path / "a.docx"), name), "./w:pPr/w:ind", "right") == "0"
    )


@pytest.mark.parametrize(("name", "side", "edge"), [("footer1", "right", "right"),
                                                    ("footer2", "left", "left")])  # fmt: skip
def test_page_numbers(parts: Parts, name: str, side: str, edge: str) -> None:
    footer = parts.root(name)
    assert text(footer) == "— 1 —"
    assert "".join(i.text or "" for i in find(footer, "//w:instrText")).strip() == "PAGE"
    assert attribute(footer, "//w:pPr/w:jc", "val") == side
    assert attribute(footer, "//w:pPr/w:ind", f"{edge}Chars") == "100"
    assert attribute(footer, "//w:pPr/w:ind", edge) == str(14 * 20)
    assert {(size(r), *fonts(r)) for r in find(footer, "//w:r")} == {(14, "宋体")}


def test_odd_and_even_footers_and_their_place(parts: Parts) -> None:
    assert find(parts.root("settings"), "/w:settings/w:evenAndOddHeaders")
    targets = parts.files["word/_rels/document.xml.rels"].decode()
    for kind, target in (("default", "footer1.xml"), ("even", "footer2.xml")):
        (ref,) = find(parts.document, f"{UPRIGHT}/w:footerReference[@w:type='{kind}']")
        identity = next(v for k, v in ref.attrib.items() if str(k).endswith("}id"))
        assert f'Id="{identity!s}"' in targets
        assert target in targets.split(f'Id="{identity!s}"')[1].split("/>")[0]
    # 7.5: the dash, at mid-height of a 14 pt line, lies 7 mm under the type area.
    foot = mm(parts, f"{UPRIGHT}/w:pgMar", "footer")
    assert 35 - foot - 7 * 25.4 / 72 == pytest.approx(7, abs=0.05)


def test_tables(parts: Parts) -> None:
    table = find(parts.document, "//w:tbl")[0]
    width = int(attribute(table, "./w:tblPr/w:tblW", "w"))
    assert width * TWIP_MM == pytest.approx(156, abs=0.1)
    assert sum(int(c.get(W + "w", "")) for c in find(table, "./w:tblGrid/*")) == width
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        assert attribute(table, f"./w:tblPr/w:tblBorders/w:{side}", "val") == "single"
    head, *rows = find(table, "./w:tr")
    assert find(head, "./w:trPr/w:tblHeader")
    assert all(find(row, "./w:trPr/w:cantSplit") for row in (head, *rows))
    assert not any(find(row, "./w:trPr/w:tblHeader") for row in rows)
    caption = table.getprevious()
    assert caption is not None
    assert text(caption) == "2026年水行政执法主要指标"
    assert find(caption, "./w:pPr/w:keepNext")
    aligned = [attribute(c, ".//w:pPr/w:jc", "val") for c in find(rows[3], "./w:tc")]
    assert aligned == ["center", "left", "center", "right", "right", "left"]
    note = table.getnext()
    assert note is not None
    assert text(note).startswith("注：罚没款")


def test_a_unit_stands_between_caption_and_table(parts: Parts) -> None:
    unit = find(parts.document, "//w:tbl")[1].getprevious()
    assert unit is not None
    assert text(unit) == "单位：见各栏"
    assert attribute(unit, "./w:pPr/w:jc", "val") == "right"


def test_a_wide_table_has_a_turned_page_of_the_same_type_area(parts: Parts) -> None:
    turned = [
        s for s in find(parts.document, "//w:sectPr") if find(s, "./w:pgSz[@w:orient='landscape']")
    ]
    assert len(turned) == 1
    (section,) = turned
    assert int(attribute(section, "./w:pgSz", "w")) > int(attribute(section, "./w:pgSz", "h"))
    assert attribute(section, "./w:pgMar", "top") == attribute(
        parts.document, f"{UPRIGHT}/w:pgMar", "left"
    )
    assert len(find(section, "./w:footerReference")) == 2
    wide = find(parts.document, "//w:tbl")[1]
    assert int(attribute(wide, "./w:tblPr/w:tblW", "w")) * TWIP_MM == pytest.approx(225, abs=0.1)


def test_every_run_names_its_fonts_and_nothing_names_a_theme(parts: Parts) -> None:
    known = {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"}
    for name in ("document", "comments", "footer1", "footer2"):
        runs = find(parts.root(name), "//w:r")
        assert runs
        for run in runs:
            assert len(fonts(run)) == 1
            assert fonts(run) <= known
            assert attribute(run, "./w:rPr/w:rFonts", "hint") == "eastAsia"
            assert attribute(run, "./w:rPr/w:lang", "eastAsia") == "zh-CN"
    assert not any("theme" in name for name in parts.files)
    assert b"heme=" not in b"".join(parts.files.values())
    defaults = "//w:rPrDefault/w:rPr/w:rFonts"
    assert attribute(parts.root("styles"), defaults, "eastAsia") == "仿宋_GB2312"
    named = {str(f.get(W + "name")) for f in find(parts.root("fontTable"), "/*/*")}
    assert named == known


def test_paragraphs_keep_widows_and_nothing_is_bold(parts: Parts) -> None:
    assert all(find(p, "./w:pPr/w:widowControl") for p in find(parts.document, "//w:p"))
    assert {attribute(r, "./w:rPr/w:b", "val") for r in find(parts.document, "//w:r")} == {"0"}
