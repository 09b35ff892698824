"""A body printed twice in one file is kept once; look-alikes are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from vectorstore.clean import clean, fold
from vectorstore.read import read
from vectorstore.types import Block, Document

TITLE = "禾口县林业局2025年法治政府建设工作报告"
BODY = [
    "2025年，禾口县林业局坚持把依法治林贯穿森林资源保护全过程，各项工作取得新进展。现将情况报告如下：",
    "一、主要举措和成效",
    "（一）加强组织领导。成立由局长任组长的工作专班，制定年度要点，召开专题会议5次，分解任务26项，逐月调度。",
    "（二）规范执法行为。办理林业行政案件23件，罚款4.6万元，举办执法培训3期，参训76人次，案卷评查合格率100%。",
    "（三）深化普法宣传。结合植树节、爱鸟周开展宣传9场次，发放宣传册4200份，悬挂横幅58条，接受咨询310人次。",
    "二、存在的不足和原因",
    "基层林业站人手紧张，个别执法人员对新修订法规掌握不够，部分乡镇日常巡护还存在盲区和薄弱环节。",
    "三、下一年度工作安排",
    "持续充实执法力量，健全网格化巡护机制，推动林长制与行政执法有效衔接，完善案件会商和移送制度。",
]
SIGNED = ["禾口县林业局", "2026年1月18日"]
REPORT = [TITLE, *BODY, *SIGNED]


def run(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    document = clean(Document(tuple(Block(line) for line in lines), "txt"))
    return [b.text for b in document.blocks], [note.code for note in document.notes]


@pytest.mark.parametrize("copies", [2, 3, 4])
def test_every_further_copy_goes(copies: int) -> None:
    assert run(REPORT * copies) == (REPORT, ["body_twice"])


def halved(title: str) -> list[str]:
    return [title[:11], title[11:]]


@pytest.mark.parametrize(
    "second",
    [
        [*halved(TITLE), *BODY, *SIGNED],
        [TITLE.replace("工作报告", "情况报告"), *BODY, *SIGNED],
        ["禾口县林业局", TITLE[6:], *BODY, *SIGNED],
        [*BODY, *SIGNED],
        [TITLE, *(f"　　{line} " for line in BODY)],
        [TITLE, *(fold(line) for line in BODY), *SIGNED],
        [TITLE, "".join(BODY[:4]), "".join(BODY[4:]), *SIGNED],
        [TITLE, *(part for line in BODY for part in (line[:20], line[20:]) if part), *SIGNED],
        [TITLE, *BODY[:1], "一、主要做法", *BODY[2:], *SIGNED],
        [TITLE, *BODY[:7]],
    ],
    ids=["broken-title", "other-title", "org-line", "no-title", "spaces", "half-width", "joined",
         "split", "changed-heading", "cut-off"],
)  # fmt: skip
def test_a_second_copy_may_differ_in_form(second: list[str]) -> None:
    assert run([*REPORT, *second]) == (REPORT, ["body_twice"])


def test_the_first_copy_may_have_the_broken_title() -> None:
    first = [*halved(TITLE), *BODY, *SIGNED]
    assert run([*first, *REPORT]) == (first, ["body_twice"])


def test_what_follows_the_copies_is_kept() -> None:
    annex = "附件：行政执法统计表另行报送，联系电话见通讯录，涉密内容已按规定处理完毕后公开。"
    assert run([*REPORT, *REPORT, annex])[0] == [*REPORT, annex]
    assert run([TITLE, *BODY, *REPORT]) == ([TITLE, *BODY, *SIGNED], ["body_twice"])


def test_a_paragraph_printed_twice_in_a_row_is_kept_once() -> None:
    lines = [line for text in REPORT for line in ([text, text] if len(text) > 40 else [text])]
    assert run(lines) == (REPORT, ["body_twice"])


def test_reports_that_resemble_themselves_are_left_alone() -> None:
    towns = [
        f"（{n}）{town}林业站。落实专人负责，规范执法流程，全年开展巡护{i * 7 + 3}次，"
        f"查处案件{i + 1}件。"
        for i, (n, town) in enumerate(zip("一二三四五六七八", "东西南北上下前后", strict=True))
    ]
    assert run([TITLE, *BODY, *towns, *SIGNED]) == ([TITLE, *BODY, *towns, *SIGNED], [])


def test_a_plan_that_quotes_the_measures_is_left_alone() -> None:
    plan = [
        f"明年继续{line[3:20]}，并在此基础上拓展新的领域，细化分工，压实责任。"
        for line in BODY[2:5]
    ]
    lines = [TITLE, *BODY, *plan, *SIGNED]
    assert run(lines) == (lines, [])


def test_last_years_and_this_years_report_in_one_file_are_both_kept() -> None:
    other = [TITLE.replace("2025", "2024")] + [
        line.replace("2025", "2024").replace("5次", "4次").replace("23件", "19件")
        for line in BODY[:2]
    ]
    other += [
        "（一）压实责任。印发年度计划，把依法治林列入绩效考核，班子成员带头学法，开展述法评议，推动责任落地见效。",
        "（二）办理案件。全年查处盗伐滥伐案件19件，罚款3.1万元，组织普法骨干培训2期，完成重点林区执法检查40次。",
        "二、问题",
        "林区道路条件差，巡护装备老旧，信息平台功能单一，部门间数据共享不够顺畅，执法取证手段有待升级。",
    ]
    lines = [*REPORT, *other]
    assert run(lines) == (lines, [])


def test_two_signatures_and_dates_alone_are_no_copy() -> None:
    lines = [*REPORT, "禾口县林业局", "2026年1月18日"]
    assert run(lines) == (lines, [])


def test_real_reports_lose_nothing_but_their_copies(real_reports: list[Path]) -> None:
    for path in real_reports:
        once = clean(read(path))
        doubled = Document(once.blocks * 2, "txt")
        assert clean(doubled).blocks == once.blocks
        assert clean(once).blocks == once.blocks
