"""Reports copied from pages whose line breaks became spaces."""

from __future__ import annotations

from vectorstore.clean import clean
from vectorstore.outline import outline
from vectorstore.types import Block, Document, Part

FILLER = (
    "各项任务按月推进并逐条销号，台账资料齐全，群众评价较好，基层反映平稳，有关制度逐步健全。" * 3
)
JOINED = (
    "中共霁川镇委员会霁川镇人民政府关于报送2025年度法治政府建设的报告 砚渚市委、砚渚市人民政府: "
    f"2025年,霁川镇扎实开展工作。现将情况汇报如下: 一、主要措施和成效 (一)强化组织。{FILLER}"
    f"全年学法8次。 (二)加强宣传教育。{FILLER} 二、存在的不足 （一）力量不足。{FILLER}"
)


def _texts(*before: str) -> list[str]:
    blocks = tuple(Block(text) for text in before)
    return [block.text for block in clean(Document(blocks, "txt")).blocks]


def test_a_text_in_one_line_is_parted_before_its_numbers() -> None:
    starts = [text[:7] for text in _texts(JOINED)]
    assert starts == [
        "中共霁川镇委员",
        "砚渚市委、砚渚",
        "2025年,霁",
        "一、主要措施和",
        "(一)强化组织",
        "(二)加强宣传",
        "二、存在的不足",
        "（一）力量不足",
    ]
    assert "".join(_texts(JOINED)) == JOINED.replace("报告 砚", "报告砚").replace(
        ": ", ":"
    ).replace(" 一、", "一、").replace(" (", "(").replace(" 二、", "二、").replace(" （", "（")


def test_its_outline_is_that_of_the_report() -> None:
    document = clean(Document((Block(JOINED),), "txt"))
    report = outline(document, "文档.txt")
    assert report.org == "霁川镇人民政府"
    assert report.addressee == "砚渚市委、砚渚市人民政府"
    assert report.parts == (Part.MEASURES, Part.SHORTCOMINGS)


def test_paragraphs_that_only_hold_numbers_stay_whole() -> None:
    for text in (
        f"{FILLER}全年开展 一、二级响应演练3次，其中 （一）类2次。",
        f"一、主要举措 {FILLER}",
        "目录 一、主要举措 二、存在的不足 （一）力量不足",
    ):
        assert _texts(text) == [text]


def test_parting_twice_changes_nothing() -> None:
    once = _texts(JOINED)
    assert _texts(*once) == once
