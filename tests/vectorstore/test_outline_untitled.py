"""Reports saved from a web page without their title, or under a grid of particulars."""

from __future__ import annotations

import pytest

from vectorstore.outline import outline
from vectorstore.outline.organisation import organisation_in_lead, organisation_in_title
from vectorstore.types import Block, Document, Part, Report

BODY = "各项任务按月推进并逐条销号，台账资料齐全，群众评价较好。"


def _report(*lines: str, path: str = "文档1.txt") -> Report:
    return outline(Document(tuple(Block(line) for line in lines), "txt"), path)


@pytest.mark.parametrize(
    ("cited", "org"),
    [
        ("印发《砚渚市交通运输局2025年法治工作要点》", "砚渚市交通运输局"),
        ("印发《2025年砚渚市交通运输局普法工作计划》", "砚渚市交通运输局"),
        ("印发《中共砚渚市交通运输局党组工作规则》", "砚渚市交通运输局"),
        ("学习《砚渚市重大行政决策办法》", ""),
        ("落实《霁原省交通运输厅2025年工作要点》", ""),
        ("印发《砚渚市交通运输局普法清单》，学习《砚渚市司法局普法清单》", ""),
    ],
)
def test_a_bureau_that_only_says_we_is_known_by_its_own_papers(cited: str, org: str) -> None:
    report = _report(
        "2025年，我局扎实推进法治政府建设，现将情况报告如下：",
        "一、主要举措和成效",
        f"年初{cited}，{BODY}",
    )
    assert report.org == org
    (note,) = (note for note in report.notes if note.code == "no_org")
    assert (org in note.message) if org else ("没有找到" in note.message)


def test_a_name_without_its_place_is_completed_from_its_own_papers() -> None:
    report = _report(
        "区教育局2025年法治政府建设情况报告",
        f"2025年，区教育局持续推进依法治教，{BODY}",
        "一、主要举措和成效",
        f"印发《砚渚市霁原区教育局2025年普法工作要点》，{BODY}",
    )
    assert report.org == "砚渚市霁原区教育局"


@pytest.mark.parametrize(
    "lead",
    [
        "我镇按照中共岚泊市砚渚区委、岚泊市砚渚区人民政府和区司法局全面推进依法行政的部署",
        "2025年，根据县委要求，岚泊县人民政府和县司法局全面推进法治政府建设",
    ],
)
def test_those_who_gave_the_orders_do_not_report(lead: str) -> None:
    assert organisation_in_lead(lead) == ""


def test_a_place_without_its_rank_before_a_known_bureau() -> None:
    lead = "2025年以来，砚渚人力资源和社会保障局坚持依法行政，"
    assert organisation_in_lead(lead) == "砚渚人力资源和社会保障局"
    assert organisation_in_lead("2025年以来，着力推动教育局坚持依法行政，") == ""


def test_a_ministry_or_department_of_the_party_reports_too() -> None:
    assert organisation_in_title("砚渚县委宣传部2025年法治建设情况报告") == "砚渚县委宣传部"
    assert organisation_in_title("领导干部2025年述法报告") == ""


def test_the_year_since_which_it_reports_wins_over_a_year_named_later() -> None:
    report = _report(
        "2024年以来，霁原县水利局坚持依法治水；被评为2023年度节水先进单位。现将有关情况报告如下：",
        "一、2024年度推进法治政府建设的主要举措和成效",
        BODY,
    )
    assert (report.year, report.parts) == (2024, (Part.MEASURES,))
    spaced = _report("2024 年以来，霁原县水利局坚持依法治水。", "一、主要举措和成效", BODY)
    assert spaced.year == 2024
    further = _report("自2019年以来，霁原县水利局坚持依法治水。", "一、主要举措和成效", BODY)
    assert further.year is None


def test_a_grid_of_particulars_is_no_title() -> None:
    report = _report(
        "索引号： | 00256/2026-00062 | 成文日期： | 2026-01-27 |",
        "文件编号： | 发布机构： | 霁原县水利局 |",
        "霁原县水利局2025年度法治政府建设情况报告",
        f"2025年，霁原县水利局坚持依法治水，{BODY}",
        "一、主要举措和成效",
        BODY,
    )
    assert report.title == "霁原县水利局2025年度法治政府建设情况报告"
    untitled = _report(
        "文件编号： | 发布机构： | 霁原县水利局 |", "中共霁原县委：", f"现报送总结，{BODY}"
    )
    assert untitled.title == "文档1"


def test_subject_and_parts_tell_an_annual_report_without_title_or_announcement() -> None:
    lead = f"2025年，霁原县水利局坚持依法行政，{BODY}"
    report = _report(lead, "一、举措与成效", BODY, "二、存在的不足", BODY)
    assert report.is_annual
    assert report.parts == (Part.MEASURES, Part.SHORTCOMINGS)
    plan = _report(lead, "一、指导思想", BODY, "二、组织保障", BODY)
    assert not plan.is_annual
