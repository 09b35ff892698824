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
    ("lead", "org"),
    [
        ("2025年,区教育局认真履行各项职责。现将有关情况报告如下。", "区教育局"),
        ("2025年，市文化广电旅游局在市委、市政府的领导下开展工作。", "市文化广电旅游局"),
        ("2025年，区政府坚持依法行政，现将有关情况报告如下。", "区人民政府"),
        ("按照有关文件要求,现将省应急管理厅2025年度法治政府建设情况报告如下:", "省应急管理厅"),
        ("按照有关文件要求，现将砚渚市水务局2025年法治政府建设情况报告如下：", "砚渚市水务局"),
        ("2025年，镇江市水务局坚持以习近平法治思想为指导。", "镇江市水务局"),
        ("2025年，我局坚持依法行政，现将有关情况报告如下：", ""),
        ("2025年，在县委、县政府的坚强领导下，我局认真开展工作。", ""),
        ("2025年，根据市司法局在年初提出的要求，我局现将情况报告如下：", ""),
    ],
)
def test_a_report_without_title_is_of_the_subject_of_its_opening(lead: str, org: str) -> None:
    assert _report(lead, "一、主要举措和成效", BODY).org == org


def test_a_name_without_its_place_is_said_to_lack_it() -> None:
    report = _report("2025年，区教育局认真履行各项职责。", "一、主要举措和成效", BODY)
    (note,) = (note for note in report.notes if note.code == "no_org")
    assert "没有写明所在地" in note.message
    assert "区教育局" in note.message


@pytest.mark.parametrize(
    ("lead", "cited", "org"),
    [
        ("2025年，区教育局认真履职", "《砚渚区法治政府建设实施方案》", "砚渚区教育局"),
        (
            "2025年，区教育局认真履职",
            "《关于印发〈霁原市砚渚区工作要点〉的通知》",
            "霁原市砚渚区教育局",
        ),
        (
            "现将县人民政府2025年法治政府建设工作情况报告如下",
            "《岚泊县会前学法制度》",
            "岚泊县人民政府",
        ),
        ("2025年，我县坚持依法行政", "《岚泊县2025年法治政府建设工作要点》", "岚泊县"),
        ("2025年，区教育局认真履职", "《砚渚区工作要点》《霁原区工作要点》", "区教育局"),
        ("2025年，区教育局认真履职", "《霁原自治区条例》《霁原省实施意见》", "区教育局"),
        ("2025年，市教育局认真履职", "《霁原市实施意见》", "市教育局"),  # its own, or the one above
        ("2025年，我局认真履职", "《岚泊县2025年法治政府建设工作要点》", ""),
    ],
)
def test_the_one_county_whose_papers_are_cited_completes_a_name(
    lead: str, cited: str, org: str
) -> None:
    report = _report(f"{lead}，{BODY}", "一、主要举措和成效", f"落实{cited}，{BODY}")
    assert report.org == org


def test_the_year_announced_counts_before_years_that_are_only_mentioned() -> None:
    lead = "按照2023年印发的办法和2024年的通知要求，现将砚渚市水务局2025年度执法情况报告如下："
    assert _report(lead, "一、主要举措和成效", BODY).year == 2025


def test_particulars_with_bullets_are_no_title_and_name_the_publisher() -> None:
    report = _report(
        "- 索 引 号: yz01-2026-00003",
        "- 备注/文号: 砚镇委〔2026〕5号",
        "- 发布机构: 霁川镇人民政府",
        "- 公文生成日期: 2026-02-07",
        "中共砚渚县委员会,砚渚县人民政府:",
        f"2025年,霁川镇法治政府建设工作扎实推进。{BODY}",
        "一、主要举措和成效",
        BODY,
        path="文档9.txt",
    )
    assert (report.org, report.title, report.year) == ("霁川镇人民政府", "文档9", 2025)
    assert report.addressee == "中共砚渚县委员会,砚渚县人民政府"


def test_a_document_number_before_the_title_is_no_part_of_it() -> None:
    report = _report(
        "[砚政发〔2026〕7号]砚渚市人民政府关于2025年法治政府建设情况的报告",
        "市委：",
        f"2025年，{BODY}",
        "一、主要举措和成效",
        BODY,
    )
    assert report.title == "砚渚市人民政府关于2025年法治政府建设情况的报告"
    assert report.addressee == "市委"


def test_a_greeting_is_no_addressee_and_the_name_of_a_site_no_title() -> None:
    report = _report(
        "砚渚政务网",
        "欢迎您! :",
        f"2025年，砚渚市水务局认真履职，{BODY}",
        "一、主要举措和成效",
        BODY,
    )
    assert (report.addressee, report.title, report.org) == ("", "文档1", "砚渚市水务局")


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
