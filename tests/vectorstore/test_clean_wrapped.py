"""Text broken at a fixed width is made whole; text that is not is left alone."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.clean import clean
from vectorstore.quantities import extract_text
from vectorstore.types import Block, Document

TITLE = "砚渚县水利局2025年法治政府建设情况报告"
HEADING = "一、主要举措和成效"
FIRST = (
    "2025年，砚渚县水利局坚持依法治水，全年出动执法人员1862人次，检查涉水企业2431家次，办理水事违法案件37件，"
    "罚款226.31万元，责令限期改正15起，组织法治培训12期，发放宣传资料8600余份，群众满意度达到98.6%。"
)
SECOND = (
    "全面落实河长巡河制度，五级河长累计巡河4.2万次，发现并整改问题1135个，化解取水纠纷29起，"
    "收到人大代表建议8件，均按期办结并答复，主动公开政府信息320条，未发生行政败诉案件。"
)
PARAGRAPHS = [TITLE, HEADING, FIRST, SECOND]


def _wrapped(width: int, indent: str = "") -> list[str]:
    lines = []
    for paragraph in PARAGRAPHS:
        text = indent + paragraph if paragraph.endswith("。") else paragraph
        lines += textwrap.wrap(text, width, drop_whitespace=False, break_on_hyphens=False) or [text]
    return lines


def _texts(lines: list[str], **hints: object) -> list[str]:
    blocks = tuple(Block(line, **hints) for line in lines)  # type: ignore[arg-type]
    return [block.text for block in clean(Document(blocks, "txt")).blocks]


@pytest.mark.parametrize("width", [22, 28, 31, 35])
def test_paragraphs_cut_at_a_number_of_characters_are_whole_again(width: int) -> None:
    texts = _texts(_wrapped(width, indent="　　"))
    assert texts == PARAGRAPHS
    cut = {q.text for q in extract_text("\n".join(texts), "", 2025)}
    whole = {q.text for q in extract_text("\n".join(PARAGRAPHS), "", 2025)}
    assert cut == whole


def test_a_page_number_between_two_halves_does_not_part_them() -> None:
    lines = _wrapped(28, indent="　　")
    lines.insert(5, "— 3 —")
    assert _texts(lines) == PARAGRAPHS


def test_numbered_lines_start_afresh_even_after_a_full_line() -> None:
    full = "落实河长巡河制度并整改问题落实河长巡河制度并整改问题并"
    items = [f"{number}、{full}"[:28] for number in "一二三四五六"]
    assert _texts(items) == items


@pytest.mark.parametrize(
    "lines",
    [
        [*PARAGRAPHS, HEADING, FIRST],
        ["办理水事违法案件37件，罚款2万元，责令限期改正15起并已改正。"] * 3 + ["抓监管。"] * 3,
        [f"{name}水库管理所安全运行情况良好各项指标均达到设计要求" for name in "甲乙丙"],
    ],
)
def test_text_that_is_not_broken_stays(lines: list[str]) -> None:
    distinct = [f"{line[:-1]}{i}{line[-1]}" for i, line in enumerate(lines)]
    assert _texts(distinct) == distinct


def test_headings_the_format_marks_are_not_joined() -> None:
    lines = [f"{name}水库管理所安全运行情况良好各项指标均达到设计要求" for name in "甲乙丙丁戊己"]
    assert _texts(lines, level=2) == lines


@given(st.lists(st.text("治水巡河，。1a", min_size=1, max_size=40), min_size=1, max_size=12))
def test_no_character_is_lost(lines: list[str]) -> None:
    before = [line for line in lines if line.strip()]
    together = "".join("".join(before).split())
    blocks = tuple(Block(f"{i}甲{line}乙") for i, line in enumerate(before))
    after = clean(Document(blocks, "txt")).blocks
    kept = "".join("".join(block.text for block in after).split())
    assert len(kept) <= len(together) + 4 * len(before)
    assert all(f"甲{''.join(line.split())}乙" in kept for line in before)
