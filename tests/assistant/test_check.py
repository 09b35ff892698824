"""Rules of the check, each on sentences that break it and on sentences that only look so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.check import Comparison, Finding, Severity, check_report, consistency
from tests.assistant.check_reports import CLEAN, FAULTY, Faulty, around, made
from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract
from vectorstore.types import Note, Report

LEXICON = load_lexicon()


def findings(report: Report, comparison: Comparison | None = None) -> tuple[Finding, ...]:
    return check_report(report, extract(report, LEXICON), comparison or Comparison())


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in findings(report)]


@pytest.mark.parametrize("faulty", FAULTY.values(), ids=FAULTY.keys())
def test_every_planted_fault_is_found_and_nothing_else(faulty: Faulty) -> None:
    report = made(faulty.text)
    got = findings(report)
    for rule, quote in faulty.faults:
        assert any(f.rule == rule and quote in f.quote for f in got), (rule, quote, got)
    planted = {rule for rule, _ in faulty.faults}
    assert {f.rule for f in got} <= planted, got
    assert len(got) <= len(faulty.faults) + 1


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN.keys())
def test_a_clean_report_is_quiet(text: str) -> None:
    assert findings(made(text)) == ()


@pytest.mark.parametrize("text", [f.text for f in FAULTY.values()], ids=FAULTY.keys())
def test_a_quote_is_exactly_its_span(text: str) -> None:
    report = made(text)
    for finding in findings(report):
        assert finding.message.endswith("。")
        assert finding.where
        if finding.start < finding.end:
            assert report.text[finding.start : finding.end] == finding.quote


BROKEN = [
    ("arithmetic", "全年行政处罚立案14件，其中简易程序6件、一般程序7件。"),
    ("arithmetic", "全年立案14起（简易程序6起、普通程序9起），罚没款3.5万元。"),
    ("arithmetic", "行政处罚案件共36件，其中：简易程序16件，普通程序21件；罚没款8万元。"),
    ("arithmetic", "全年查处案件45起，比上年增加5起，其中盗伐20起、滥伐15起、运输11起。"),
    ("arithmetic", "审核规范性文件2件、合同9件，共计12件。"),
    ("arithmetic", "落实改革事项10项，一是取消3项，二是备案1项，三是优化5项。"),
    ("arithmetic", "对巡察提出的4条意见，已完成整改2条，剩余1条。"),
    ("arithmetic", "立案18件，其中食品领域28件，均已结案。"),
    ("rate", "全年立案36件，结案35件，结案率98.2%。"),
    ("rate", "受理举报200件，办结190件，办结率100%。"),
    ("rate", "抽查企业768户，其中联合抽查241户，占35.4%。"),
    ("rate", "应参考人数120人，实际参考118人，参考率99.5%。"),
    ("growth", "上年立案32件，今年立案36件，增长15.5%。"),
    ("growth", "2024年立案32件，2025年立案36件，同比增长20%。"),
    ("growth", "全年立案36件，去年立案32件，同比下降12.5%。"),
    ("growth", "结案率由上年的95.2%提高到97.4%，提高3.2个百分点。"),
    ("two_values", "罚没款12.5万元，均已入库。\n年内执法有力。罚没款15.2万元，案卷合格。"),
    ("money_scale", "全年立案34起，罚没款24.162元。"),
    ("money_scale", "全年立案34起，罚没款241620万元。"),
    ("money_scale", "全年立案34起，罚没款24.16万元，已履行罚没款156.6万元。"),
    ("over_100", "监督覆盖率108%，较上年有所提高。"),
    ("stale_year", "2024年，我局立案36件，比上年增长12.5%。"),
    ("stale_year", "开展执法检查，2024年全年立案36件。"),
    ("wrong_year", "2026年，我局立案36件，罚没款12万元。"),
    ("placeholder", "全年立案X件，开展培训___次。"),
    ("placeholder", "全年立案36件，请填写具体做法。"),
    ("enumeration", "一是加强学习。三是严格执法。"),
    ("punctuation", "全年立案36件，，均已公示。"),
]
FINE = [
    "全年办理208件，其中公共场所89件、医疗机构69件、诊所14件等。",
    "执法人员30人，其中党员20人、本科以上25人。",
    "立案387件，比上年减少25件、下降6.1%，其中简易程序139件、一般程序248件，市本级立案88件；"
    "结案379件，结案率97.9%。",
    "受理工单348件，满意率均为100%；受理调解8起（含法院移送1起），调解成功率100%。",
    "接入163家，完成年度目标200家的81.5%，培训任务完成率112%。",
    "查处案件1起，罚款200元；全年立案44起，罚款15.7万元。",
    "2024年12月，省厅印发方案，我局认真贯彻，建立台账。",
    "2024年度法治建设考核获得优秀等次，群众认可。",
    "2024年新修订的条例已组织学习5次。",
    "2024年，我局被确定为试点单位，2025年顺利通过验收。",
    "针对2024年督察反馈的6个问题，制定整改措施12条，全部完成。",
    "2026年1月1日起施行的新条例已组织学习3次。",
    "参加考试120人，一次通过118人，补考2人，通过率100%。",
    "平均办理时间由7个工作日缩减至3个工作日，网上办件量占76.3%。",
    "监督覆盖率97.4%，离98%的目标还差0.6个百分点。",
    "全年对乱扔垃圾罚款共3200元，其中罚款20元的案件较多。",
    "上半年立案10件，全年立案24件，罚没款5万元。",
    "官网公示信息1,365条，空气质量PM2.5下降，运行时间8:30—17:30。",
    "仲裁立案1433件，当期结案1389件，法定时限内结案率100%。",
    "排查纠纷217件，成功调处213件，其中婚姻64件、邻里71件、土地39件、其他43件。",
    "检查40家：一是春季行动，检查12家；二是夏季行动，检查16家。",
]


@pytest.mark.parametrize(("rule", "words"), BROKEN)
def test_a_broken_sentence_is_found_once(rule: str, words: str) -> None:
    assert rules(around(words)) == [rule]


@pytest.mark.parametrize("words", FINE)
def test_a_sound_sentence_is_left_alone(words: str) -> None:
    assert findings(around(words)) == ()


def test_the_surroundings_are_clean() -> None:
    assert findings(around("")) == ()


@given(st.integers(1, 400), st.integers(1, 400), st.integers(-30, 30))
def test_parts_of_a_partition_must_add_up(summary: int, ordinary: int, off: int) -> None:
    whole = summary + ordinary + off
    if whole < 1:
        return
    words = f"全年立案{whole}件，其中简易程序{summary}件、普通程序{ordinary}件。"
    report = around(words)
    got = [f.rule for f in consistency(report, extract(report, LEXICON))]
    assert got == (["arithmetic"] if off else [])


@given(st.integers(1, 300), st.integers(0, 300))
def test_a_rate_rounded_to_one_place_is_never_doubted(whole: int, part: int) -> None:
    part = min(part, whole)
    words = f"全年立案{whole}件，结案{part}件，结案率{100 * part / whole:.1f}%。"
    report = around(words)
    exact = part == whole or f"{100 * part / whole:.1f}" != "100.0"
    if exact:
        assert consistency(report, extract(report, LEXICON)) == ()


def test_a_stale_year_in_the_duty_and_in_the_plan() -> None:
    assert rules(around("", duty="2024年，主要负责人主持会议5次。")) == ["stale_year"]
    assert rules(around("", plan="2025年，我局将继续加强执法。")) == ["stale_year"]
    assert rules(around("", plan="2026年，举办培训不少于5场。")) == []
    assert rules(around("", plan="在2025年工作基础上，继续加强执法。")) == []


def test_a_change_is_held_against_last_years_report() -> None:
    last = around("全年行政处罚立案32件，罚没款10万元。", year=2024)
    words = "全年行政处罚立案36件，比上年增长{}；罚没款12万元，比上年增长{}。"
    comparison = Comparison(last, extract(last, LEXICON))
    assert findings(around(words.format("12.5%", "20%")), comparison) == ()
    got = findings(around(words.format("12.5%", "25%")), comparison)
    assert [f.rule for f in got] == ["growth"]
    assert "增长20.0%" in got[0].message


def test_a_factor_of_ten_thousand_against_last_year_is_a_slip() -> None:
    last = around("全年行政处罚立案32件，罚没款10.6万元。", year=2024)
    report = around("全年行政处罚立案36件，罚没款12.5元。")
    got = findings(report, Comparison(last, extract(last, LEXICON)))
    assert [f.rule for f in got] == ["money_scale"]


def test_one_half_width_finding_tells_the_count() -> None:
    got = findings(around("开展检查,发现问题(隐患)若干;均已整改。"))
    assert [(f.rule, f.severity) for f in got] == [("half_width", Severity.WARNING)]
    assert "4 处" in got[0].message


def test_a_part_mentioned_only_in_passing_is_a_warning() -> None:
    lines = around("").text.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("三、"))
    text = "\n".join([*lines[:at], *lines[at + 2 :]]).replace("四、", "三、")
    got = findings(made(text))
    assert [(f.rule, f.severity) for f in got] == [("missing_part", Severity.ERROR)]
    text = text.replace("紧扣", "紧扣").replace(
        "全年工作平稳", "主要领导履行第一责任人职责，工作平稳"
    )
    got = findings(made(text))
    assert [(f.rule, f.severity) for f in got] == [("missing_part", Severity.WARNING)]


def test_a_heading_that_lost_the_level_above() -> None:
    text = around("").text.replace("一、主要举措和成效\n", "")
    got = [f for f in findings(made(text)) if f.rule == "heading_number"]
    assert [f.quote for f in got] == ["（一）规范执法行为"]


def test_a_heading_buried_in_a_paragraph_is_not_missing() -> None:
    body = "（一）强化领导。召开会议4次。（二）规范执法。全年立案6件。\n（三）加强普法。"
    text = f"石桥县水利局2025年法治政府建设年度报告\n一、主要成效\n{body}宣传8场，群众认可。\n"
    (finding,) = [f for f in findings(made(text)) if f.rule == "heading_number"]
    assert finding.severity is Severity.WARNING
    assert "“（二）”没有另起一段" in finding.message
    assert finding.quote.startswith("（二）")


def test_numbers_may_run_on_across_parents() -> None:
    two = (
        "1.巡山护林。每天两遍不间断。\n2.检查卡点。每周一次不漏项。\n（二）强化服务\n"
        "{}.上门办证。随到随办不拖延。\n{}.送苗下乡。走村入户送到家。"
    )
    assert rules(_renumbered(two.format(3, 4))) == []
    assert rules(_renumbered(two.format(4, 5))) == ["heading_number"]


def _renumbered(measures: str) -> Report:
    return made(around(measures).text.replace("（二）加强普法宣传", "（三）加强普法宣传"))


def test_notes_of_reading_are_told_with_what_to_do() -> None:
    report = around("")
    notes = (Note("hidden_text", "有 1 处隐藏文字。", "内部"), Note("encoding", "按 GBK 读取。"))
    got = findings(replace(report, notes=notes))
    assert [(f.rule, f.quote) for f in got] == [("hidden_text", "内部")]


def test_findings_come_gravest_first_then_by_place() -> None:
    got = findings(made(FAULTY["housing"].text))
    order = list(Severity)
    keys = [(order.index(f.severity), f.start) for f in got]
    assert keys == sorted(keys)
