"""What the page shows of questions, answers and sources: right, and never as markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.types import Answer, Citation
from assistant.app.ask import cards
from assistant.app.ask.marks import text_html
from assistant.app.escaping import escape
from assistant.app.library import arrivals, panels, shelf
from assistant.app.library.intake import FileLine, Snapshot
from assistant.app.library.looking import Draft, Look
from assistant.app.quoting import paragraph_around
from assistant.check import Finding, Severity
from assistant.conversations import Exchange
from tests.vectorstore.made import PLAIN, make_report
from vectorstore.errors import NotFoundError
from vectorstore.store import ReportRow
from vectorstore.types import Note, Report

HOSTILE = (
    "<script>alert(1)</script>",
    "![图](http://evil.example/x.png)",
    '"><img src=http://evil.example/x onerror=alert(1)>',
    "$$\\href{javascript:alert(1)}{x}$$ `${alert(1)}` {{constructor}}",
    '[看](javascript:alert(1)) __i18n__{"key":"x"}',
)


class Tags(HTMLParser):
    """Collects what a browser would make elements and attributes of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


OURS = {
    "a", "article", "b", "blockquote", "button", "datalist", "details", "div", "form", "h1", "h4",
    "h5", "header", "input", "label", "li", "mark", "ol", "option", "p", "path", "progress", "q",
    "section", "span", "summary", "svg", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def assert_inert(html: str) -> Tags:
    tags = Tags(html)
    assert {tag for tag, _ in tags.found} <= OURS
    for _, attrs in tags.found:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "style")]
        assert (attrs.get("href") or "#").startswith("#")
    return tags


def cite(
    report: Report, quote: str, n: int = 1, heading: str = "一、举措 > （一）执法"
) -> Citation:
    start = report.text.index(quote)
    return Citation(
        n, report.id, report.org, report.year, heading, quote, start, start + len(quote)
    )


def exchange(answer: Answer, question: str = "问", **options: object) -> Exchange:
    return Exchange("e1", "2026-01-05T09:00:00+08:00", question, answer, **options)  # type: ignore[arg-type]


def row(**changes: object) -> ReportRow:
    values: dict[str, object] = {
        "id": "ab12", "path": "甲.txt", "org": "甲县司法局", "year": 2025, "title": "报告",
        "parts": (), "is_annual": True, "n_chunks": 3, "n_quantities": 7, "notes": (),
        "format": "txt", "ingested_at": "", "other_paths": (),
    }  # fmt: skip
    return ReportRow(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_an_exchange_shows_hostile_text_as_written(hostile: str) -> None:
    report = make_report(
        org=f"县{hostile}局", outline=[(1, "一、", f"举措{hostile}", None, f"立案{hostile}起。")]
    )
    answer = Answer(
        f"共{hostile}起[1]",
        citations=(cite(report, f"立案{hostile}起。", heading=f"一、举措{hostile}"),),
        notes=(hostile,),
        nearest=(hostile,),
        engine="extractive",
    )
    tags = assert_inert(cards.exchange_html(exchange(answer, hostile), lambda _: report))
    assert tags.text.count(hostile) >= 6  # question, answer, note, nearest, heading, quote
    assert "__i18n__" not in escape(hostile)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_library_shows_hostile_text_as_written(hostile: str) -> None:
    hostile_row = row(
        org=hostile, title=hostile, path=f"x/{hostile.replace('/', '')}.txt", id=hostile,
        notes=(Note("residue", hostile),),
    )  # fmt: skip
    fault = Finding("years", Severity.ERROR, hostile, hostile, hostile)
    snapshot = Snapshot(True, (FileLine(hostile, "failed", hostile, 1, hostile),), 1, 2)
    for html in (
        shelf.reports_html(
            shelf.Shelf([hostile_row], Look(row=hostile_row.id), {hostile: (fault,)}),
            1,
            panels.replace_html,
        ),
        shelf.absent_html(2025, [hostile], 1),
        panels.delete_html(hostile_row),
        panels.findings_html(hostile_row, [fault]),
        panels.correct_html(hostile_row, [hostile], Draft(hostile, hostile, hostile)),
        arrivals.arrivals_html(snapshot),
        shelf.notice_html(hostile),
        shelf.headline_html([hostile_row], hostile),
        cards.error_html(hostile, hostile, hostile),
        cards.waiting_html(hostile, hostile, hostile),
    ):
        assert_inert(html)


@given(st.text())
def test_escaped_text_reads_back_as_itself(text: str) -> None:
    tags = Tags(f"<p>{escape(text)}</p>")
    assert [tag for tag, _ in tags.found] == ["p"]
    unseen = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", text)
    assert tags.text == unseen


def test_the_quote_is_marked_inside_its_paragraph() -> None:
    report = make_report()
    answer = Answer("立案14起。[1]", citations=(cite(report, "罚没款24.162万元"),))
    html = cards.exchange_html(exchange(answer), lambda _: report)
    assert (
        "<blockquote>全年立案14起，<mark>罚没款24.162万元</mark>。双随机抽查全部完成。</blockquote>"
        in html
    )
    assert "青禾县卫生健康局" in html
    assert "2025年" in html
    assert "一、举措 › （一）执法" in html


@given(st.data())
def test_a_paragraph_holds_the_quote_whole_and_no_neighbour(data: st.DataObject) -> None:
    text = make_report(outline=PLAIN * 3).text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 200)))
    found = paragraph_around(text, start, end)
    assert found.quote == text[start:end]
    assert "\n" not in found.before + found.after
    whole = text[:start] + found.quote + text[end:]
    assert whole[start - len(found.before) : start] == found.before
    assert whole[end : end + len(found.after)] == found.after


def test_a_long_paragraph_is_cut_to_the_quotes_surroundings() -> None:
    text = "甲" * 5000 + "立案14起" + "乙" * 5000
    found = paragraph_around(text, 5000, 5005)
    assert found.quote == "立案14起"
    assert (found.before[0], found.after[-1]) == ("…", "…")
    assert len(found.before + found.after) < 1000


def test_only_marks_of_known_sources_are_links() -> None:
    html = text_html("k", "立案[1]，罚款[2]，见[2025]。", [cite(make_report(), "立案14起")])
    assert re.findall(r'href="([^"]+)"', html) == ["#s-k-1"]
    assert "罚款[2]，见[2025]。" in html


def test_of_a_long_answer_the_first_rows_and_sources_stand_open_and_the_rest_unfolds() -> None:
    report = make_report()
    listed = [f"{n}. 第{n}局：{n}件[{n}]" for n in range(1, 124)]
    text = "\n".join(["最多的是第1局。[1]", *listed, "未提及：某县司法局2025年。"])
    cited = tuple(cite(report, "立案14起", n) for n in range(1, 124))
    html = cards.exchange_html(exchange(Answer(text, citations=cited)), lambda _: report)
    found = assert_inert(html).found
    assert html.count("展开其余103条") == 2
    ids = [str(attrs["id"]) for _, attrs in found if attrs.get("id")]
    assert len(ids) == len(set(ids))
    assert all(f"s-e1-{n}" in ids for n in range(1, 124))
    rows, sources = re.findall(r'<details class="more".*?</details>(?=<p>|</section>)', html)
    assert re.findall(r"第(\d+)局", rows)[0] == "21"
    assert "s-e1-20" not in sources
    assert "s-e1-21" in sources
    before, after = html.split(rows)
    assert "第20局" in before
    assert "未提及" in after
    assert escape(text) in html  # what is copied is whole


def test_a_list_hardly_longer_stands_whole() -> None:
    text = "\n".join(f"第{n}局：{n}件[{n}]" for n in range(1, 26))
    assert "<details" not in text_html("k", text)
    assert "展开其余6条" in text_html("k", f"{text}\n第26局：26件[26]")


def test_lists_of_different_kinds_are_folded_each_by_itself() -> None:
    points, ranks = ([f"{mark}甲{n}件[1]" for n in range(30)] for mark in ("· ", "1. "))
    html = text_html("k", "\n".join([*points, *ranks]))
    assert re.findall(r'id="(m-k-\d)"', html) == ["m-k-0", "m-k-1"]
    assert html.count("展开其余10条") == 2


def test_a_card_says_when_its_report_is_gone() -> None:
    report = make_report()

    def missing(_: str) -> Report:
        raise NotFoundError("没有这份报告。")

    answer = Answer("立案14起[1]", citations=(cite(report, "立案14起"),))
    html = cards.exchange_html(exchange(answer), missing)
    assert "已删除或已被新版本替换" in html
    assert "双随机" not in html


def test_a_refusal_shows_what_is_nearest_and_a_stop_says_so() -> None:
    refusal = Answer("没有写明。", refused=True, nearest=("最接近：甲",))
    html = cards.exchange_html(exchange(refusal), None)  # type: ignore[arg-type]
    assert 'class="answer refused"' in html
    assert "最接近：甲" in html
    stopped = cards.exchange_html(exchange(Answer("立案"), stopped=True), None)  # type: ignore[arg-type]
    assert "已停止，回答不完整" in stopped


def test_missing_parts_are_named() -> None:
    def shown(held: ReportRow) -> str:
        return shelf.reports_html(shelf.Shelf([held]), 1, panels.delete_html)

    assert "缺：举措和成效、不足和原因、第一责任人履职、下一年度安排" in shown(row())
    assert "非年度报告" in shown(row(is_annual=False))


def test_when_all_is_taken_in_one_line_is_left_and_what_failed() -> None:
    taken = tuple(FileLine(f"{n}.txt", "added", "甲县司法局", 2025) for n in range(3))
    done = Snapshot(False, taken, 3, 3, 40, 40)
    html = arrivals.arrivals_html(done)
    assert "<details><summary><h4>完成：3 个文件可用</h4></summary><ul>" in html
    assert "progress" not in html
    bad = FileLine("坏.docx", "failed", reason="文件打不开。请用 Word 另存后再上传。")
    html = arrivals.arrivals_html(Snapshot(False, (*taken, bad), 4, 4, 40, 40))
    before, folded = html.split("<details>")
    assert "完成：3 个文件可用，1 个未入库" in before
    assert "请用 Word 另存后再上传" in before
    assert "可用的 3 个文件" in folded
    assert "坏.docx" not in folded
    stuck = Snapshot(False, taken, 3, 3, 10, 40, problem="语义索引未完成：请稍后再试。")
    before, folded = arrivals.arrivals_html(stuck).split("<details>")
    assert "语义索引 10/40" in before
    assert "请稍后再试" in before
    assert "<details>" not in arrivals.arrivals_html(Snapshot(True, taken, 2, 3))


def test_progress_tells_rate_and_time_left() -> None:
    html = arrivals.arrivals_html(Snapshot(True, (), 3, 3, 40, 400, rate=4.0))
    assert "语义索引 40/400" in html
    assert "4.0 段/秒，约剩 90 秒" not in html  # 90 seconds and more are told in minutes
    assert "4.0 段/秒，约剩 2 分钟" in html
    assert arrivals.arrivals_html(Snapshot()) == ""
