"""Five real reports come out right, each level-1 and level-2 heading in order.

A heading is given as level|number|first four characters|length, so that nothing of the reports
is kept here. The reports themselves live beside the repository; without them the tests skip.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from vectorstore.parse import parse
from vectorstore.types import Part, Report

REAL_REPORTS = Path(__file__).resolve().parents[3] / "shared" / "reports"

pytestmark = pytest.mark.skipif(
    not REAL_REPORTS.is_dir(), reason="the real reports are not beside this clone"
)


@dataclass(frozen=True)
class Expected:
    org: str
    year: int
    parts: tuple[Part, ...]
    headings: tuple[str, ...]


EXPECTED = {
    "000_4c286871c7844bf4.txt": Expected(
        "巨鹿县卫生健康局",
        2025,
        (
            Part.MEASURES,
            Part.SHORTCOMINGS,
            Part.NEXT_YEAR,
        ),
        (
            "1|一、|2025|20",
            "2|（1）|加强组织|17",
            "2|（2）|健全依法|20",
            "2||健全行政|25",
            "2||健全突发|23",
            "2|（5）|依法有效|21",
            "2|（6）|强化法治|24",
            "1|二、|2025|21",
            "1|三、|2026|18",
            "2|（一）|强化思想|15",
            "2|（二）|深化融合|15",
            "2|（三）|规范执法|15",
            "2|（四）|创新普法|15",
            "2|（五）|健全工作|15",
        ),
    ),
    "001_065932e1516d24f0.txt": Expected(
        "许昌市卫生健康委员会",
        2025,
        (
            Part.MEASURES,
            Part.SHORTCOMINGS,
            Part.NEXT_YEAR,
        ),
        (
            "1|一、|主要工作|8",
            "2|（一）|强化政治|15",
            "2|（二）|健全制度|15",
            "2|（三）|规范执法|15",
            "2|（四）|加大普法|15",
            "1|二、|存在的问|8",
            "2|（一）|监督执法|8",
            "2|（二）|普法针对|9",
            "2|（三）|法治建设|15",
            "1|三、|2026|10",
            "2|（一）|进一步提|11",
            "2|（二）|进一步增|10",
            "2|（三）|进一步推|16",
        ),
    ),
    "002_4a86c30af8db4ddd.txt": Expected(
        "西宁市湟中区卫生健康局",
        2025,
        (
            Part.MEASURES,
            Part.SHORTCOMINGS,
            Part.FIRST_RESPONSIBLE,
            Part.NEXT_YEAR,
        ),
        (
            "1|一、|主要举措|7",
            "2|（一）|强化政治|15",
            "2|（二）|细化落实|15",
            "2|（三）|强化监督|15",
            "2|（四）|深化普法|15",
            "1|二、|存在的问|10",
            "1|三、|党政主要|22",
            "1|四、|下一年度|14",
            "2|（一）|深化思想|15",
            "2|（二）|抓实普法|15",
            "2|（三）|规范执法|15",
            "2|（四）|健全调解|15",
            "2|（五）|加强队伍|15",
        ),
    ),
    "003_bd98d3bffe2bb2e6.txt": Expected(
        "梨树县卫生健康局",
        2024,
        (
            Part.MEASURES,
            Part.SHORTCOMINGS,
            Part.FIRST_RESPONSIBLE,
            Part.NEXT_YEAR,
        ),
        (
            "1|一、|2024|15",
            "2|1.|法治政府|12",
            "2|2.|深化行政|18",
            "2|3.|聘任法律|13",
            "2|4.|强化普法|15",
            "1|二、|存在的问|8",
            "1|三、|党政主要|22",
            "2|1.|坚持党的|18",
            "2|2.|推进严格|12",
            "1|四、|2025|12",
            "2|1.|深化行政|20",
            "2|2.|深入开展|19",
            "2|3.|加大法治|21",
        ),
    ),
    "004_dc6b3347c2cab7e8.txt": Expected(
        "柳江区卫生健康局",
        2025,
        (
            Part.MEASURES,
            Part.FIRST_RESPONSIBLE,
            Part.SHORTCOMINGS,
            Part.NEXT_YEAR,
        ),
        (
            "1|一、|推进法治|16",
            "2|(一)|深入学习|27",
            "2|(二)|健全政府|24",
            "2|(三)|完善法治|12",
            "2|(四)|逐步完善|12",
            "2|(五)|健全行政|17",
            "2|(六)|开展严格|12",
            "2|(七)|健全突发|10",
            "2|(八)|依法化解|10",
            "2|(九)|健全行政|13",
            "2|(十)|推进数字|10",
            "1|二、|2025|30",
            "1|三、|推进法治|16",
            "2|(一)|执法队伍|10",
            "2|(二)|数字法治|8",
            "1|四、|2026|18",
            "2|(一)|深化法治|15",
            "2|(二)|健全工作|15",
            "2|(三)|强化执法|15",
            "2|(四)|创新普法|15",
        ),
    ),
}


def read_real(name: str) -> Report:
    return parse(REAL_REPORTS / name)


@pytest.mark.parametrize("name", EXPECTED)
def test_outline_of_a_real_report(name: str) -> None:
    report, expected = read_real(name), EXPECTED[name]
    headings = tuple(
        f"{s.level}|{s.number}|{s.heading[:4]}|{len(s.heading)}"
        for s in report.sections
        if s.level in {1, 2}
    )
    assert headings == expected.headings
    assert (report.org, report.year) == (expected.org, expected.year)
    assert report.parts == expected.parts
    assert report.is_annual
    assert report.title.startswith(report.org)
    assert report.title.endswith("报告")
    assert all(report.text[s.heading_start : s.heading_end] == s.heading for s in report.sections)


def test_one_copy_of_the_report_printed_twice() -> None:
    report = read_real("004_dc6b3347c2cab7e8.txt")
    assert "body_twice" in {note.code for note in report.notes}
    assert report.text.count("建设年度报告") == 1


def test_the_bookmark_residue_is_gone() -> None:
    report = read_real("003_bd98d3bffe2bb2e6.txt")
    assert "bookmark" not in report.text
    assert "residue" in {note.code for note in report.notes}
