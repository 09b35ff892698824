from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.gongwen import Heading, OfficialDocument, Placeholder, TableBlock
from assistant.gongwen.numbering import Numbering, bare_heading, chinese_number
from assistant.gongwen.title import title_lines, width
from vectorstore.tokens import segment


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九"),
     (100, "一百"), (105, "一百零五"), (110, "一百一十"), (219, "二百一十九")],
)  # fmt: skip
def test_chinese_numbers(n: int, text: str) -> None:
    assert chinese_number(n) == text


def numbers(*levels: int) -> list[str]:
    numbering = Numbering()
    return [numbering.next(level)[1] for level in levels]


def test_all_five_levels_restart_under_a_new_parent() -> None:
    assert numbers(1, 2, 3, 4, 5, 5, 4, 3, 2, 3, 1, 2) == [
        *(
            "一、",
            "（一）",
            "1.",
            "（1）",
            "①",
            "②",
            "（2）",
            "2.",
            "（二）",
            "1.",
            "二、",
            "（一）",
        ),
    ]


def test_more_than_ten_headings() -> None:
    assert numbers(*[1] * 12)[-2:] == ["十一、", "十二、"]
    assert numbers(1, 2, 3, 4, *[5] * 51)[-31:-29] == ["㉑", "㉒"]
    assert numbers(1, 2, 3, 4, *[5] * 51)[-2:] == ["㊿", "（51）"]


def test_a_skipped_level_leaves_no_gap() -> None:
    assert numbers(1, 3, 3, 2, 1, 4) == ["一、", "（一）", "（二）", "（三）", "二、", "（一）"]
    assert numbers(2, 2, 1) == ["一、", "二、", "三、"]


@given(st.lists(st.integers(1, 5), max_size=40))
def test_the_first_heading_under_any_other_is_the_first_of_its_kind(levels: list[int]) -> None:
    numbering = Numbering()
    depth_before = 0
    for level in levels:
        depth, number = numbering.next(level)
        assert depth <= depth_before + 1
        if depth > depth_before:
            assert number in {"一、", "（一）", "1.", "（1）", "①"}
        depth_before = depth


@pytest.mark.parametrize(
    ("given_text", "bare"),
    [
        ("一、工作举措。", "工作举措"),
        ("(二)完善制度；", "完善制度"),
        ("3.推行承诺制", "推行承诺制"),
        ("（4）事后监管：", "事后监管"),
        ("②入户宣讲", "入户宣讲"),
        ("12.4宪法宣传", "12.4宪法宣传"),
        ("2026年工作安排", "2026年工作安排"),
        ("一体推进法治建设", "一体推进法治建设"),
        ("“三项制度”落实", "“三项制度”落实"),
        ("  ", ""),
    ],
)
def test_a_number_that_came_along_is_dropped(given_text: str, bare: str) -> None:
    assert bare_heading(given_text) == bare


def lines(title: str, most: float = 19.1) -> list[str]:
    return title_lines(title, most, tuple(segment(title)))


@pytest.mark.parametrize(
    "expected",
    [
        ["2027年推进法治政府建设工作安排"],
        ["青岚县卫生健康局2026年度", "法治政府建设情况报告"],
        ["青岚县人民政府关于2026年", "法治政府建设情况的报告"],
        ["青岚县水务局关于", "2026年度法治政府建设情况和", "2027年度工作安排的报告"],
        ["青岚县市场监督管理局2026年度", "推进法治政府建设情况报告"],
    ],
)
def test_titles_break_at_natural_pauses(expected: list[str]) -> None:
    assert lines("".join(expected)) == expected


@given(
    st.text(alphabet="青岚县水务局关于2026年度法治政府建设的报告（）《》", min_size=1, max_size=70)
)
def test_title_lines_hold_the_whole_title_within_the_width(title: str) -> None:
    found = lines(title)
    assert "".join(found) == title
    assert all(width(line) <= 19.1 for line in found)


def test_models_refuse_what_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="not a placeholder"):
        Placeholder("待填")
    with pytest.raises(ValueError, match="not in 1–5"):
        Heading(6, "过深")
    with pytest.raises(ValueError, match="needs 2 cells"):
        TableBlock("表", ("甲", "乙"), (("1",),))
    with pytest.raises(ValueError, match="needs 1 alignments"):
        TableBlock("表", ("甲",), (), align=("left", "left"))
    assert OfficialDocument("题", (), date="【待填：日期】").date_text == "【待填：日期】"
