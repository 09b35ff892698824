"""What last year alone can claim, and what may be said again."""

from __future__ import annotations

import pytest

from assistant.draft.claims import clauses, is_of_its_year, is_outcome


@pytest.mark.parametrize(
    "clause",
    [
        "全年未发现涉黑线索",
        "未发生行政复议和行政诉讼案件",
        "没有案件被复议机关撤销",
        "均按期办结",
        "投诉全部办结",
        "问题整改到位",
        "首次邀请检察官授课",
        "荣获全省先进集体",
        "经验做法被省级媒体报道",
        "率先开展跨区域执法",
        "新购执法车辆",
        "成立了领导小组",
        "开展“清风”专项行动",
        "数量较上年有所增加",
        "实现年初确定的目标",
        "推动解决用房产权不清等问题",
        "率先探索建立“无感续证”机制",
        "深入开展“防范化解纠纷构建和谐关系”专项行动",
        "制作微视频《守护安全》",
        "均胜诉",
        "多数指标达到或超过年初预期",
    ],
)
def test_claims_of_one_year(clause: str) -> None:
    assert is_of_its_year(clause)


@pytest.mark.parametrize(
    "clause",
    [
        "坚持把法治建设纳入年度考核",
        "严格落实行政执法三项制度",
        "建立法律意见落实台账",
        "全面推行执法全过程记录",
        "对暂时谈不拢的案件定期回访",
        "避免出现只懂业务不懂法律的现象",
        "由卫生院工作人员代收代办材料",
        "推进矛盾纠纷源头化解",
        "线上线下相结合",
        "确保各项措施落实到位",
        "切实做到问题整改到位",
        "全面推行行政执法公示、执法全过程记录制度",
        "提前通过短信、广播告知公众",
        "承办代表建议和委员提案",
        "由评查组与承办人当面沟通",
    ],
)
def test_standing_practice(clause: str) -> None:
    assert not is_of_its_year(clause)


def test_results_are_told_from_events() -> None:
    assert is_outcome("全部整改到位")
    assert not is_outcome("启动平台建设")


def test_clauses_keep_quotations_and_numbers_whole_and_drop_what_leads_in() -> None:
    text = "一是落实“双随机、一公开”，罚款1,234.5元；同时，完善“甲，乙”机制（含丙，丁）。"
    found = [text[c.start : c.end] for c in clauses(text, 0, len(text))]
    assert found == ["落实“双随机、一公开”", "罚款1,234.5元", "完善“甲，乙”机制（含丙，丁）"]
