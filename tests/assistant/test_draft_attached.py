"""Last year's attached table and its comparisons with the year before, in the new report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.draft import Draft, Request, draft
from assistant.draft.proof import prove
from assistant.gongwen import Figure, Heading, TableBlock
from assistant.gongwen.model import walk
from tests.assistant.draft_library import LEXICON, fill
from vectorstore.store import Store

ORG = "禾口县水务局"
LINES = (
    "一、主要举措和成效",
    "（一）严格审查。全年审查规范性文件19件，比2024年的14件多5件。"
    "案件办结率由去年的99.1%提高到99.6%。",
    "（二）规范执法。立案12件，上年为10件；罚款3万元。",
    "二、存在的不足和原因",
    "执法力量不足，业务培训不够系统，取证设备更新较慢。",
    "三、2026年工作安排",
    "全年举办执法培训6期以上，培训执法人员200人次。",
    "附表：2025年行政执法情况统计表",
)
TABLE = "项目 2024年 2025年/立案（件） 10 12/罚款（万元） 2.5 3"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split())}</tr>"
        for row in TABLE.split("/")
    )
    text = "".join(f"<p>{line}</p>" for line in LINES)
    page = tmp_path / "报告.html"
    page.write_text(
        f"<html><body><h1>{ORG}2025年法治政府建设年度报告</h1>{text}<table>{rows}</table>"
        f"<p>{ORG}</p><p>2026年1月9日</p></body></html>",
        "utf-8",
    )
    store = fill(tmp_path, [page])
    yield store
    store.close()


@pytest.fixture
def made(store: Store) -> Draft:
    return draft(store, LEXICON, Request("report", ORG, 2026))


def test_an_attached_table_stays_attached(made: Draft) -> None:
    headings = [b.text for b in made.document.body if isinstance(b, Heading)]
    assert headings
    assert not any("附表" in heading for heading in headings)
    tables = [b for b in made.document.body if isinstance(b, TableBlock)]
    assert tables[-1].caption == "附表：2026年行政执法情况统计表"
    assert made.document.body[-1] is tables[-1]
    assert tables[-1].columns == ("项目", "2025年", "2026年")


def test_what_was_this_years_is_now_the_base_of_the_comparison(made: Draft) -> None:
    told = "".join(s.text for s in walk(made.document))
    assert "比2025年的19件" in told
    assert "由去年的99.6%提高到【" in told
    assert "上年为12件" in told
    shown = [s.text for s in walk(made.document) if isinstance(s, Figure)]
    assert not {"14件", "99.1%", "10件"} & set(shown)


def test_every_figure_of_the_draft_is_bound(made: Draft) -> None:
    assert [c.quantity.text for c in prove(made, LEXICON).checked if not c.good] == []
