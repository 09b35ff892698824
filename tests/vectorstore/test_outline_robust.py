"""Whatever comes in: spans hold, nothing is lost, time stays linear."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.outline import outline
from vectorstore.types import Block, Document, Report

BODY = "各项任务按月推进并逐条销号，台账资料齐全，群众评价较好，基层反映的事情件件有回音。"

_PIECES = st.sampled_from(
    [
        *("一、", "二、", "三、", "（一）", "(二)", "（1）", "2.", "１．", "①", "1.2", "第一部分"),
        *("第三条 ", "附件1", "附件：", "目录", "主要做法", "存在的问题", "下一步打算", "市委："),
        *("抓学习，强本领", "2025年", "法治政府建设情况的报告", "云岭县林业局", "2026年1月5日"),
        *("。", "：", "；", "，一是", " ", "\u3000", "……12", "\t", "（", "《", "“", "x", "1.5"),
        *("\u200b", "😀", BODY),
    ]
)
_LINES = st.lists(_PIECES, max_size=5).map("".join)
_BLOCKS = st.lists(
    st.builds(
        Block,
        _LINES | st.text(max_size=30).map(lambda text: text.replace("\n", " ")),
        level=st.sampled_from([None, None, None, 0, 1, 2]),
        bold=st.booleans(),
        centered=st.booleans(),
    ),
    max_size=25,
)


def check_spans(report: Report) -> None:
    text, sections = report.text, report.sections
    assert [s.ordinal for s in sections] == list(range(len(sections)))
    assert (sections[0].level, sections[0].start, sections[0].heading) == (0, 0, "")
    for before, section in pairwise(sections):
        assert section.start >= before.body_start or before.ordinal == 0
        assert section.start > before.start or before.ordinal == 0
        span = (section.start, section.heading_start, section.heading_end, section.body_start)
        assert list(span) == sorted(span)
        assert section.body_start <= section.end <= len(text)
        assert text[section.heading_start : section.heading_end] == section.heading
        assert text[section.start : section.heading_start].strip() == section.number
        assert section.level >= 1
        if section.parent is None:
            assert section.level == 1
        else:
            parent = sections[section.parent]
            assert parent.level == section.level - 1
            assert parent.start < section.start < section.end <= parent.end
    tops = [s for s in sections if s.level == 1]
    covered = [sections[0].end, *(s.end for s in tops)]
    assert covered[:-1] == [s.start for s in tops]
    assert covered[-1] == len(text)


@settings(max_examples=400, deadline=None)
@given(_BLOCKS)
def test_spans_hold_on_any_blocks(blocks: list[Block]) -> None:
    report = outline(Document(tuple(blocks), "txt"), "x.txt")
    assert report.text == "\n".join(block.text for block in blocks)
    check_spans(report)


def test_outline_of_nothing() -> None:
    report = outline(Document((), "txt"), "空白.txt")
    assert (report.title, report.text, len(report.sections)) == ("空白", "", 1)
    check_spans(report)


def test_same_text_same_id_whatever_the_path() -> None:
    document = Document((Block("一、主要做法"), Block(BODY)), "txt")
    assert outline(document, "a.txt").id == outline(document, "b.txt").id
    other = Document((Block("一、主要做法"), Block(BODY + "。")), "txt")
    assert outline(document, "a.txt").id != outline(other, "a.txt").id


@pytest.mark.parametrize(
    "lines",
    [
        ["（一）" + "抓学习，" * 3000],
        ["一、" * 20000],
        ["1." * 20000],
        ["关于" * 20000 + "的报告"],
        ["云岭县" * 10000 + "局"],
        ["（" * 30000],
        ["《“" * 15000],
        ["2025年" * 10000],
        [" " * 50000 + "一"],
        ["一" + " " * 50000],
        ["附 件" + " " * 30000 + "x"],
        ["云岭县" * 12] * 3000,
        ["存在问题"] * 3000,
        ["一、主要做法"] + ["抓学习强本领", BODY] * 4000,
        ["抓学习强本领", BODY] * 4000,
        ["一、主要做法"] + ["（一）抓学习。" + BODY] * 4000 + ["抓学习强本领", BODY] * 2000,
        ["（一）抓学习", "1.办班"] * 3000,
        ["目录"] + ["一、主要做法"] * 3000,
        [str(i % 97 + 1) + ".办班" for i in range(6000)],
    ],
    ids=lambda lines: lines[0][:6] + str(len(lines)),
)
def test_hostile_text_takes_linear_time(lines: list[str]) -> None:
    started = time.process_time()
    report = outline(Document(tuple(Block(line) for line in lines), "txt"), "x.txt")
    assert time.process_time() - started < 1.0
    check_spans(report)


def test_ten_thousand_characters_in_eight_milliseconds() -> None:
    lines = ["云岭县林业局2025年法治政府建设工作报告", "2025年，云岭县林业局坚持依法治林。" + BODY]
    for top in ("一、主要做法", "二、存在的问题", "三、下一步打算"):
        lines.append(top)
        for i in range(1, 8):
            lines += [f"（{'一二三四五六七'[i - 1]}）抓好第{i}件事。" + BODY * 5, BODY * 5]
    document = Document(tuple(Block(line) for line in lines), "txt")
    assert sum(map(len, lines)) > 8000
    best = min(_seconds(document) for _ in range(5))
    assert best * 10_000 / sum(map(len, lines)) < 0.008


def _seconds(document: Document) -> float:
    started = time.perf_counter()
    outline(document, "x.txt")
    return time.perf_counter() - started
