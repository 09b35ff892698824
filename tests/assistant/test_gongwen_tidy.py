from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.gongwen import Figure, Placeholder, Text, tidy
from assistant.gongwen.tidy import printable, tidy_spans

CHANGED = [
    ("加强领导,压实责任;抓好落实:一是学习", "加强领导，压实责任；抓好落实：一是学习"),
    ("是否到位?已经到位!", "是否到位？已经到位！"),
    ("全年办案12件,罚款3.5万元.", "全年办案12件，罚款3.5万元。"),
    ("(一)组织领导(含基层)", "（一）组织领导（含基层）"),
    ("（一)混用", "（一）混用"),
    ("上线系统(OA)后", "上线系统（OA）后"),
    ("落实(职责(一))", "落实（职责（一））"),
    ('坚持"谁执法谁普法"', "坚持“谁执法谁普法”"),
    ("所谓'免罚清单'是指", "所谓‘免罚清单’是指"),
    ("青水发[2026]18号", "青水发〔2026〕18号"),
    ("青水发（2026）18号", "青水发〔2026〕18号"),
    ("青水发【2026】18号文", "青水发〔2026〕18号文"),
    ("比上年增长5%.下一步", "比上年增长5%。下一步"),
    ("立案12,罚款", "立案12，罚款"),
    ("第一, 加强学习 ; 第二", "第一，加强学习；第二"),
    ("网址:http://a.cn/b?c=1,2查看", "网址：http://a.cn/b?c=1,2查看"),
    ("时间:8:30", "时间：8:30"),
]
KEPT = [
    "罚没24.162万元、1,060.5元",
    "8:30至17:00",
    "比例为3:1",
    "做到1+1>2",
    "http://www.a.cn/b?c=(1)!x",
    "见附件.docx",
    "1.加强领导",
    "f(x)",
    "Hello, world! (yes)",
    "2021—2025年",
    "“十五五”规划、《办法》（试行）",
    "（2020）青01行初8字",
    "达到96.5%",
    "",
]


@pytest.mark.parametrize(("before", "after"), CHANGED)
def test_half_width_punctuation_among_chinese_becomes_full_width(before: str, after: str) -> None:
    assert tidy(before) == after


@pytest.mark.parametrize("text", KEPT)
def test_numbers_addresses_and_formulas_stay(text: str) -> None:
    assert tidy(text) == text


@given(st.text(alphabet="中文,.;:?!()（）[]〔〕\"'“”12% a\tw/号《》", max_size=40))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(max_size=60))
def test_letters_and_digits_are_never_touched(text: str) -> None:
    def letters(s: str) -> list[str]:
        return [c for c in s if c.isalnum()]

    assert letters(tidy(text)) == letters(text)


@given(st.lists(st.text(alphabet="中,.(2)件:", max_size=8), max_size=6))
def test_a_paragraph_is_tidied_as_if_it_were_one_text(pieces: list[str]) -> None:
    spans = tidy_spans(tuple(Text(piece) for piece in pieces))
    assert "".join(span.text for span in spans) == tidy("".join(pieces))


def test_figures_and_placeholders_stay_verbatim_and_lend_context() -> None:
    spans = (Text("立案"), Figure("1,4件(约)", "x"), Text(","), Placeholder("【待填：数(件)】"))
    assert [span.text for span in tidy_spans(spans)] == [
        "立案",
        "1,4件(约)",
        "，",
        "【待填：数(件)】",
    ]


def test_what_xml_forbids_or_nobody_sees_is_dropped() -> None:
    assert printable("法\x00治\u200b政\ud800府\n建\t设\ufeff") == "法治政府建 设"
