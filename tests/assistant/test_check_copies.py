"""Copied paragraphs: against last year's report, another bureau's, and what everybody writes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.check import Comparison, Finding, check_report
from assistant.checking import check_file
from assistant.settings import Settings
from tests.assistant.check_reports import around
from tests.holding import hold
from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract
from vectorstore.store import Store
from vectorstore.types import Report

OWN = (
    "在林区主要路口设置检查卡点，由护林员和执法队员混合编组，对过往运输车辆逐一核验采伐证件，"
    "发现手续不全的当场劝返，情节较重的移交执法队处理，并把核验记录同步上传监管平台备查，"
    "有效堵住了非法运输的源头漏洞。"
)
FIGURES = (
    "全年开展林区巡查{}次，出动执法人员{}人次，查获非法运输车辆{}辆，"
    "对其中情节轻微的当场教育放行，对屡教不改的依法从重处罚，并在沿线村屯张贴警示公告，"
    "邀请村民代表旁听案件讨论。"
)
STOCK = (
    "以习近平新时代中国特色社会主义思想为统领，认真贯彻习近平法治思想，"
    "贯彻落实党的二十大精神，严格落实《法治政府建设实施纲要（2021—2025年）》，"
    "成立以局长为组长的法治政府建设工作领导小组，落实第一责任人职责。"
)


def copies(report: Report, comparison: Comparison) -> list[Finding]:
    found = check_report(report, extract(report, load_lexicon()), comparison)
    return [finding for finding in found if finding.rule == "copied"]


def other(text: str, org: str = "石渠县林业局") -> Report:
    return replace(around(text), org=org)


def test_a_paragraph_of_last_year_is_found_and_quoted() -> None:
    got = copies(around(OWN), Comparison(previous=around(OWN, year=2024)))
    assert len(got) == 1
    assert got[0].quote in OWN
    assert "本单位2024年报告" in got[0].message
    assert "数据" not in got[0].message


def test_unchanged_figures_are_named_and_new_ones_make_it_no_copy() -> None:
    last = around(FIGURES.format(120, 560, 18), year=2024)
    same = copies(around(FIGURES.format(120, 560, 18)), Comparison(previous=last))
    assert "其中的数据也与上年一样" in same[0].message
    assert copies(around(FIGURES.format(131, 602, 21)), Comparison(previous=last)) == []


def test_a_copy_in_which_only_the_year_was_changed() -> None:
    text = "2025年" + OWN.replace("，发现", "，2025年起发现")
    last = around(text.replace("2025", "2024"), year=2024)
    assert len(copies(around(text), Comparison(previous=last))) == 1


def test_another_bureau_is_named() -> None:
    got = copies(around(OWN), Comparison(others=[other(OWN)]))
    assert ["石渠县林业局2025年报告" in f.message for f in got] == [True]


def test_a_few_changed_clauses_do_not_hide_a_copy() -> None:
    edited = OWN.replace("在林区主要路口设置检查卡点", "在各乡镇路口设立检查站")
    got = copies(around(edited), Comparison(others=[other(OWN)]))
    assert len(got) == 1
    assert "%的文字" in got[0].message


@pytest.mark.parametrize("text", [STOCK, OWN[:60], "加强领导。" * 20])
def test_stock_phrases_and_short_paragraphs_are_nobodys_own(text: str) -> None:
    assert copies(around(text), Comparison(around(text, year=2024), others=[other(text)])) == []


def test_what_many_bureaus_print_is_a_form() -> None:
    others = [other(OWN, f"{name}县林业局") for name in "甲乙丙丁"]
    assert copies(around(OWN), Comparison(others=others)) == []


def test_eight_short_sentences_in_a_row_are_a_copy() -> None:
    sentences = (
        "护林员每天巡山两遍。执法队每周抽查卡点。苗圃逐户建立档案。木材经营点贴码管理。"
        "林权纠纷先行调处。防火期内严禁野外用火。鸟类迁徙季加密巡护。古树名木挂牌保护。"
    )
    rows = sentences.replace("。", "。\n").splitlines()
    text = "\n".join(rows)
    assert len(copies(around(text), Comparison(others=[other(text)]))) == 1
    assert copies(around(text), Comparison(others=[other("\n".join(rows[:6]))])) == []


def _store(home: Path, *reports: Report) -> None:
    with Store.open(home) as store:
        hold(store, *reports)


def test_the_library_gives_last_year_and_the_others(tmp_path: Path) -> None:
    earliest, last = around("巡山。", year=2023), around(OWN, year=2024)
    _store(tmp_path, earliest, last, around(OWN), other(FIGURES.format(1, 2, 3)))
    file = tmp_path / "报告.txt"
    file.write_text(around(OWN + "\n" + FIGURES.format(1, 2, 3)).text, "utf-8")
    checked = check_file(file, settings=Settings(home=tmp_path))
    assert checked.comparison.previous == last
    assert [r.org for r in checked.comparison.others] == ["石渠县林业局"]
    named = ["本单位2024年" in f.message for f in checked.findings if f.rule == "copied"]
    assert named == [True, False]


def test_a_named_report_comes_before_the_librarys(tmp_path: Path) -> None:
    _store(tmp_path, around(OWN, year=2024))
    file, against = tmp_path / "今年.txt", tmp_path / "去年.txt"
    file.write_text(around(OWN).text, "utf-8")
    against.write_text(around("巡山。", year=2024).text, "utf-8")
    checked = check_file(file, against, Settings(home=tmp_path))
    assert checked.findings == ()


def test_a_library_is_never_made(tmp_path: Path) -> None:
    file, home = tmp_path / "报告.txt", tmp_path / "没有"
    file.write_text(around("").text, "utf-8")
    assert check_file(file, settings=Settings(home=home)).findings == ()
    assert not home.exists()
