"""What a sentence speaks of, what is quoted of it, and what is brought together by vectors."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from assistant.brief.chart import Bar, bar_chart
from assistant.brief.groups import group_alike
from assistant.brief.notes import coined, read_notes
from assistant.brief.tally import Reading
from assistant.brief.themes import load_themes
from tests.assistant.brief_library import library, report_text, write_reports
from tests.small_library import embed_all
from vectorstore.outline import outline
from vectorstore.types import Block, Document, Report

THEMES = load_themes()


def parsed(text: str) -> Report:
    return outline(Document(tuple(Block(x) for x in text.split("\n") if x), "txt"), "x.txt")


def quotes(report: Report, kind: str, key: str) -> list[str]:
    notes = [n for n in read_notes(report, THEMES) if n.kind == kind and key in n.keys]
    return [report.text[n.start : n.end] for n in notes]


@pytest.mark.parametrize("half_width", [False, True])
def test_each_point_is_quoted_without_its_number(half_width: bool) -> None:
    said = "一是执法力量薄弱，一线人手紧张；二是普法宣传针对性不强。"
    text = report_text("青禾县水利局", shortcomings=said)
    report = parsed(text.replace("，", ",").replace("；", ";") if half_width else text)
    comma = "," if half_width else "，"
    assert quotes(report, "shortcoming", "force") == [f"执法力量薄弱{comma}一线人手紧张"]
    assert quotes(report, "shortcoming", "publicity") == ["普法宣传针对性不强"]


def test_the_words_that_announce_a_list_are_not_quoted() -> None:
    said = "回顾全年工作，主要问题有：一是有的卷宗归档不及时；二是执法装备陈旧。"
    report = parsed(report_text("青禾县水利局", shortcomings=said))
    assert quotes(report, "shortcoming", "procedure") == ["有的卷宗归档不及时"]
    loose = [n for n in read_notes(report, THEMES) if n.kind == "shortcoming" and not n.keys]
    assert loose == []


def test_a_shortcoming_counts_only_from_its_part_or_where_it_is_admitted() -> None:
    measured = "针对执法力量薄弱的问题招录5人。解决了信息化建设滞后的问题。"
    report = parsed(report_text("青禾县水利局", measures=measured, shortcomings="普法形式单一。"))
    assert not quotes(report, "shortcoming", "force")
    silent = parsed(
        report_text(
            "青禾县水利局",
            measures="工作中还存在执法力量薄弱的问题。针对信息化建设滞后问题开展整治。",
            shortcomings=None,
            plans="破解执法装备落后的问题。",
        )
    )
    assert quotes(silent, "shortcoming", "force")
    assert not quotes(silent, "shortcoming", "digital")
    assert not quotes(silent, "shortcoming", "equipment")


@pytest.mark.parametrize(
    ("sentence", "key", "other"),
    [
        ("不少执法人员对新法规运用能力不足", "ability", "force"),
        ("线上内容创新性不足，普法方式单一", "publicity", "innovation"),
        ("少数企业守法意识淡薄", "subject", "learning"),
        ("部门联动机制不健全", "coordination", "mechanism"),
        ("行政执法装备更新滞后", "equipment", "force"),
    ],
)
def test_neighbouring_themes_are_told_apart(sentence: str, key: str, other: str) -> None:
    found = THEMES.read("shortcoming", sentence)
    assert key in found
    assert other not in found


def test_quotes_are_short_whole_clauses_of_the_text() -> None:
    long = "，".join(["围绕年度目标持续用力", "执法力量薄弱", *["各片区任务逐年增加"] * 9]) + "。"
    report = parsed(report_text("青禾县水利局", shortcomings=long))
    (quote,) = quotes(report, "shortcoming", "force")
    assert len(quote) <= 60
    assert quote.startswith("执法力量薄弱")
    assert quote in report.text
    assert quote[-1] not in "，。"


def test_coined_names_are_no_stock_phrases() -> None:
    said = "按照“谁执法谁普法”要求，深化“放管服”改革，开设“河湖夜谈”专栏，结合“12·4”宣传。"
    assert coined(said, THEMES.stock) == ["河湖夜谈"]


def test_loose_statements_meet_by_their_vectors(tmp_path: Path) -> None:
    texts = {
        f"{org}.txt": report_text(f"{org}县水利局", shortcomings=f"（一）{said}。")
        for org, said in (
            ("青禾", "食堂用餐座位拥挤"),
            ("赤岭", "食堂用餐座位较为拥挤"),
            ("白石", "档案库房潮湿渗水"),
        )
    }
    with library(tmp_path, write_reports(tmp_path / "in", texts)) as store:
        rows = store.reports()
        readings = [
            Reading(row.org, row, (report := store.report(row.id)), read_notes(report, THEMES))
            for row in rows
        ]
        assert group_alike(store, readings) == readings  # no vectors yet
        embed_all(store)
        grouped = group_alike(store, readings)
    named = {
        r.name: [k for n in r.notes if n.kind == "shortcoming" for k in n.keys] for r in grouped
    }
    assert named == {
        "白石县水利局": [],
        "赤岭县水利局": ["食堂用餐座位拥挤"],
        "青禾县水利局": ["食堂用餐座位拥挤"],
    }


def test_the_chart_is_a_picture_with_chinese_labels() -> None:
    from PIL import Image  # noqa: TID251 - looks at what the module drew

    bars = [Bar("青禾县水利局", 31, "31件"), Bar("赤岭县水利局", 0, "0件")]
    picture = bar_chart(bars)
    assert picture == bar_chart(bars)
    other = bar_chart([Bar("白石县财政局", 31, "31件"), bars[1]])
    assert picture != other  # the labels are drawn, not boxes
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.format, image.width) == ("PNG", 1500)
        blue = image.convert("RGB").crop((400, 0, 1500, image.height)).getcolors(1 << 16) or []
        assert sum(n for n, colour in blue if colour == (47, 93, 138)) > 10_000
    for wrong in ([], [Bar("甲", -1, "-1")]):
        with pytest.raises(ValueError, match="bar"):
            bar_chart(wrong)
