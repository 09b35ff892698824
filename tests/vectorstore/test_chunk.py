from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import PLAIN, Outline, make_report

from vectorstore.chunk import DEFAULT_MAX_TOKENS, chunk
from vectorstore.parse import parse
from vectorstore.tokens import count_tokens
from vectorstore.types import Part, Report

SENTENCE = "持续健全行政执法监督机制，落实行政执法公示制度。"


def level_one(report: Report, section: int) -> int:
    at = report.sections[section]
    while at.parent is not None:
        at = report.sections[at.parent]
    return at.ordinal


def assert_sound(report: Report, max_tokens: int = DEFAULT_MAX_TOKENS) -> None:
    """Every promise a chunk makes, and that nothing of the report is lost or doubled."""
    chunks = chunk(report, max_tokens)
    seen = [0] * len(report.text)
    for at, piece in enumerate(chunks):
        assert piece.ordinal == at
        assert piece.text == report.text[piece.start : piece.end]
        assert piece.text == piece.text.strip() != ""
        assert piece.tokens == count_tokens(piece.embedding_text) <= max_tokens
        inside = [s for s in report.sections if piece.start < s.start < piece.end]
        assert all(s.level > 1 and s.parent is not None for s in inside)
        assert level_one(report, report.section_at(piece.start).ordinal) == level_one(
            report, piece.section
        )
        for offset in range(piece.start, piece.end):
            seen[offset] += 1
    assert len({piece.id for piece in chunks}) == len(chunks)
    assert max(seen, default=0) <= 1
    carried = {heading for piece in chunks for heading in piece.heading_path}
    for section in report.sections[1:]:
        if section.number + section.heading in carried:
            end = min(section.body_start, section.end)
            seen[section.start : end] = [1] * (end - section.start)
    lost = "".join(report.text[at] for at, count in enumerate(seen) if not count)
    assert lost.strip() == ""


words = st.text("执法普法监督机制，。；：！“”（）1234567890 \t\nabc①", min_size=0, max_size=400)
headings = st.text("加强组织领导规范执法", min_size=1, max_size=60)
rows = st.tuples(
    st.integers(1, 4),
    st.sampled_from(["一、", "（一）", "1.", ""]),
    headings,
    st.sampled_from([Part.MEASURES, Part.OTHER, None]),
    words,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=8), words, st.sampled_from([32, 60, 320]))
def test_covers_the_report_once_within_the_budget(
    outline: Outline, lead: str, max_tokens: int
) -> None:
    assert_sound(make_report(outline=outline, lead=lead), max_tokens)


def test_real_reports_are_covered(real_reports: list[Path]) -> None:
    for path in real_reports:
        report = parse(path)
        assert_sound(report)
        assert_sound(report, 64)


def test_heading_path_is_carried_and_not_repeated() -> None:
    found = {piece.text: piece for piece in chunk(make_report())}
    penalty = next(p for text, p in found.items() if "立案14起" in text)
    assert penalty.heading_path[0] == "一、主要举措和成效"
    assert penalty.part is Part.MEASURES
    alone = found["执法力量薄弱，人员编制偏少。"]
    assert alone.heading_path == ("二、存在的不足和原因",)
    assert alone.part is Part.SHORTCOMINGS


def test_small_siblings_are_joined_under_their_parent() -> None:
    report = make_report()
    joined = next(piece for piece in chunk(report) if "普法活动" in piece.text)
    assert joined.text.startswith("（一）规范执法")
    assert joined.heading_path == ("一、主要举措和成效",)
    assert report.sections[joined.section].heading == "主要举措和成效"


def test_siblings_of_different_parts_stay_apart() -> None:
    outline: Outline = [
        (1, "一、", "工作情况", None, ""),
        (2, "（一）", "成效", Part.MEASURES, "成效明显。"),
        (2, "（二）", "不足", Part.SHORTCOMINGS, "力量薄弱。"),
    ]
    assert [p.part for p in chunk(make_report(outline=outline))] == [
        None,
        Part.MEASURES,
        Part.SHORTCOMINGS,
    ]


def test_long_paragraph_is_cut_after_sentences_into_even_pieces() -> None:
    sentence = "健全机制，落实责任，开展检查，公开结果，接受监督，持续改进，不断提升。"
    outline: Outline = [(1, "一、", "主要举措和成效", Part.MEASURES, sentence * 25)]
    pieces = chunk(make_report(outline=outline))[1:]
    assert len(pieces) > 1
    assert all(piece.text.endswith("。") for piece in pieces)
    assert min(p.tokens for p in pieces) * 2 > max(p.tokens for p in pieces)


def test_closing_quote_stays_with_its_sentence() -> None:
    body = "会议强调：“" + "全面落实行政执法责任制。" * 20 + "”" + "随后开展检查。" * 30
    outline: Outline = [(1, "一、", "主要举措和成效", None, body)]
    assert not any(piece.text.startswith("”") for piece in chunk(make_report(outline=outline)))


def test_table_is_cut_between_rows() -> None:
    body = "\n".join(f"第{row}科\t{row}件\t{row * 3}万元" for row in range(120))
    pieces = chunk(make_report(outline=[(1, "一、", "执法情况统计表", None, body)]))[1:]
    assert len(pieces) > 1
    lines = [line for piece in pieces for line in piece.text.split("\n")]
    assert lines == body.split("\n")


def test_heading_without_text_under_it_is_text() -> None:
    outline: Outline = [*PLAIN, (1, "四、", "其他需要报告的情况：无", Part.OTHER, "")]
    last = chunk(make_report(outline=outline))[-1]
    assert last.text == "四、其他需要报告的情况：无"
    assert last.heading_path == ()


def test_paragraph_taken_for_a_heading_does_not_eat_the_budget() -> None:
    outline: Outline = [(1, "一、", SENTENCE * 12, None, "正文一句。")]
    assert_sound(make_report(outline=outline))


def test_text_without_any_boundary_is_cut_to_size() -> None:
    assert_sound(make_report(outline=[(1, "一、", "情况", None, "法" * 5000)]))


def test_budget_too_small_to_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        chunk(make_report(), 8)
