from __future__ import annotations

from pathlib import Path

import pytest
from docx_parts import Parts, attribute, body_paragraph, find, fonts, size, text, text_runs
from gongwen_sample import DOCUMENT

from assistant.gongwen import ProfileError, load_profile, write_docx

OURS = """
name: 某省
page: {bottom_mm: 33, left_mm: 27}
styles:
  title: {font: 宋体, bold: true}
  body: {latin: Times New Roman}
signoff: {date_right_chars_sealed: 5}
page_number: {prefix: "-", suffix: "-", odd: center, even: center}
"""


def test_a_profile_overrides_single_values(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(OURS, "utf-8")
    profile = load_profile(path)
    assert profile.page.top_mm == 37
    write_docx(DOCUMENT, tmp_path / "a.docx", profile=profile)
    parts = Parts(tmp_path / "a.docx")
    title = next(text_runs(body_paragraph(parts, "青岚县水务局关于")))
    assert fonts(title) == {"宋体"}
    assert size(title) == 22
    assert attribute(title, "./w:rPr/w:b", "val") == "1"
    body = next(text_runs(body_paragraph(parts, "坚持把法治建设摆在")))
    assert fonts(body) == {"仿宋_GB2312", "Times New Roman"}
    date = body_paragraph(parts, "2027年1月15日")
    assert attribute(date, "./w:pPr/w:ind", "rightChars") == "500"
    footer = parts.root("footer1")
    assert text(footer) == "-1-"
    assert attribute(footer, "//w:jc", "val") == "center"
    assert attribute(parts.document, "//w:body/w:sectPr/w:pgMar", "bottom") == "1871"  # 33 mm
    # Two millimetres more of height and one of width, over the same 22 lines and 28 characters.
    assert attribute(parts.document, "//w:body/w:sectPr/w:docGrid", "linePitch") == "584"
    assert find(parts.document, "//w:body/w:sectPr/w:docGrid[@w:charSpace > -842]")


@pytest.mark.parametrize(
    ("yaml", "named"),
    [
        ("page: {topp_mm: 3}", "没有“page.topp_mm”这一项"),
        ("styles: {body: {colour: red}}", "没有“styles.body.colour”这一项"),
        ("page: {top_mm: 高}", "“page.top_mm”的值不能用"),
        ("page: {lines: 0}", "“page.lines”的值不能用"),
        ("page: {left_mm: 190}", "版心不足"),
        ("page_number: {odd: up}", "“page_number.odd”的值不能用"),
        ("styles: 3", "“styles”的值不能用"),
        ("- a", "名称: 值"),
        ("a: [", "无法读取"),
    ],
)
def test_a_bad_profile_is_named_with_what_is_wrong(tmp_path: Path, yaml: str, named: str) -> None:
    path = tmp_path / "省里.yaml"
    path.write_text(yaml, "utf-8")
    with pytest.raises(ProfileError, match=r"省里\.yaml") as caught:
        load_profile(path)
    assert named in str(caught.value)
    assert caught.value.hint


def test_a_missing_or_empty_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="无法读取"):
        load_profile(tmp_path / "no.yaml")
    (tmp_path / "e.yaml").write_text("", "utf-8")
    assert load_profile(tmp_path / "e.yaml") == load_profile()
