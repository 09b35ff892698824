"""Files verified against the library, answers verified against what they cite, and the speed."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from typer.testing import CliRunner

from assistant.answer.types import Answerer, Citation
from assistant.build import Services
from assistant.cli import app
from assistant.scoping import UnknownScopeError
from assistant.verify import GOOD, SourceLedger, Verdict, verify_report, verify_text
from assistant.verify.answers import answer_verifier, verify_lines
from assistant.verify.files import NothingToVerifyError, Verified, verify_file
from tests.conftest import SAMPLES
from vectorstore.indicators import load_lexicon
from vectorstore.parse import parse
from vectorstore.store import Store
from vectorstore.types import Report

HEALTH, MARKET = "岚泊县卫生健康局", "岚泊县市场监督管理局"
SUFFIXES = (".txt", ".docx", ".pdf", ".html")
SAMPLE_FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix in SUFFIXES)


def verify(services: Services, path: Path, org: str = "", year: int | None = None) -> Verified:
    return verify_file(path, services.store, services.lexicon, org=org, year=year)


def assert_supports_itself(report: Report) -> None:
    ledger = SourceLedger.of_reports([report])
    for checked in (
        verify_report(report, ledger),
        verify_text(report.text, ledger, org=report.org, year=report.year),
    ):
        wrong = [(c.quantity.text, c.verdict.value, c.detail) for c in checked if not c.good]
        assert not wrong
        assert {c.verdict for c in checked} == {Verdict.SUPPORTED}


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name)
def test_each_sample_supports_itself(path: Path) -> None:
    assert_supports_itself(parse(path))


def test_each_real_report_supports_itself(real_reports: list[Path]) -> None:
    for path in real_reports:
        assert_supports_itself(parse(path))


def test_a_file_in_the_library_is_supported(sample_services: Services) -> None:
    found = verify(sample_services, SAMPLES / "lanbo-health-2025.docx")
    assert (found.org, found.year) == (HEALTH, 2025)
    assert [row.year for row in found.against] == [2024, 2025]
    assert all(c.good for c in found.checked)


def test_this_years_file_as_next_years_is_stale(sample_services: Services) -> None:
    found = verify(sample_services, SAMPLES / "lanbo-health-2025.docx", "岚泊卫健局", 2026)
    mine = [c for c in found.checked if c.quantity.unit and c.quantity.year == 2026]
    assert len(mine) > 60
    assert {c.verdict for c in mine} == {Verdict.STALE}


BRIEF = f"""# 岚泊县2025年法治政府建设简报

| 单位 | 立案（件） | 罚没款（万元） |
|------|-----------:|---------------:|
| {HEALTH} | 36 | 18.3 |
| {MARKET} | 36 | 154 |
| 合计 | 253 | 172.3 |

{HEALTH}举办**法治培训**11场。【待填：学法次数】
"""


def test_a_brief_on_several_bureaus(sample_services: Services, tmp_path: Path) -> None:
    path = tmp_path / "简报.md"
    path.write_text(BRIEF, "utf-8")
    found = verify(sample_services, path)
    assert found.org == ""
    wrong = [c for c in found.checked if not c.good]
    assert [c.verdict for c in wrong] == [Verdict.WRONG_ORG]
    at = wrong[0].quantity.start
    assert BRIEF[at : wrong[0].quantity.end] == "36"
    assert BRIEF[:at].count("\n") == 5
    verdicts = [c.verdict for c in found.checked]
    assert Verdict.DERIVED in verdicts
    assert Verdict.PLACEHOLDER in verdicts


def test_the_document_for_programs(sample_services: Services) -> None:
    path = SAMPLES / "yanzhu-urban-2024.html"
    found = verify(sample_services, path).to_json()
    json.dumps(found)
    for row in found["quantities"]:
        assert {"text", "start", "end", "verdict", "source"} <= set(row)
    source = next(row["source"] for row in found["quantities"] if row["text"].endswith("宗"))
    assert set(source) == {
        "report_id", "org", "year", "heading", "sentence", "start", "end", "text"
    }  # fmt: skip
    stored = sample_services.store.report(source["report_id"])
    assert stored.text[source["start"] : source["end"]] == source["text"]


def test_clear_errors(sample_services: Services, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with pytest.raises(NothingToVerifyError):
        verify(sample_services, path)
    path.write_text("立案36件。", "utf-8")
    with pytest.raises(UnknownScopeError):
        verify(sample_services, path, "北山县教育局")
    with pytest.raises(NothingToVerifyError, match="2019"):
        verify(sample_services, path, HEALTH, 2019)
    with Store.open(tmp_path / "empty") as store, pytest.raises(NothingToVerifyError):
        verify_file(path, store, load_lexicon())


def test_the_command_prints_errors_first_and_succeeds(
    sample_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(sample_services.settings.folder))
    path = tmp_path / "简报.md"
    path.write_text(BRIEF, "utf-8")
    done = CliRunner().invoke(app, ["verify", str(path)], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[1].startswith("单位不符")
    assert lines[2].startswith("待填")
    assert "1 处有问题，1 处待填" in lines[-1]
    done = CliRunner().invoke(app, ["verify", str(path), "--json"])
    assert {row["verdict"] for row in json.loads(done.output)["quantities"]} > {"wrong_org"}


def citation(services: Services, org: str, quote: str, n: int = 1) -> Citation:
    row = next(r for r in services.store.reports() if (r.org, r.year) == (org, 2025))
    text = services.store.report(row.id).text
    start = text.index(quote)
    return Citation(n, row.id, org, 2025, "", quote, start, start + len(quote))


QUOTE = "全年行政处罚立案36件，比上年增长12.5%，其中简易程序14件、普通程序22件；结案35件"


ANSWERS = [
    ("该局2025年行政处罚立案36件。", [("36件", "supported", 1)]),
    (
        "该局立案36件，其中简易程序22件。",
        [("36件", "supported", 1), ("22件", "wrong_indicator", 1)],
    ),
    ("该局立案40件。", [("40件", "fabricated", 1)]),
    ("该局2024年立案36件。", [("36件", "wrong_year", 1)]),
    ("罚没款18.3万元。", [("18.3万元", "fabricated", None)]),  # in the report, not in the quote
    (
        "报告写明：“其中简易程序14件、普通程序22件”。",
        [("14件", "supported", 1), ("22件", "supported", 1)],
    ),
]


@pytest.mark.parametrize(("text", "verdicts"), ANSWERS)
def test_an_answers_sentence_is_held_against_its_quotes(
    sample_services: Services, text: str, verdicts: list[tuple[str, str, int | None]]
) -> None:
    check = answer_verifier(sample_services.store, sample_services.lexicon)
    found = check(text, [citation(sample_services, HEALTH, QUOTE)])
    assert [(c.text, c.verdict, c.citation) for c in found] == verdicts


def test_lines_of_an_answer_share_their_sources(sample_services: Services) -> None:
    quotes = [
        citation(sample_services, HEALTH, "全年行政处罚立案36件", 1),
        citation(sample_services, MARKET, "全年行政处罚立案217件", 2),
    ]
    lines = [
        "2025年行政处罚立案合计253件（2 个单位）。",
        f"· {HEALTH}：36件[1]",
        f"· {MARKET}：36件[2]",
    ]
    found = verify_lines(sample_services.store, lines, quotes)
    assert [[c.verdict in GOOD for c in line] for line in found] == [[True, True], [True], [False]]


@pytest.mark.parametrize(
    "question",
    [
        "岚泊县卫生健康局2025年行政处罚立案多少件？",
        "2025年哪个单位立案最多？",
        "2025年各单位罚没款合计多少？",
        "2025年各单位平均举办多少场法治培训？",
        "岚泊县卫生健康局2025年立案比上年增加多少？",
        "岚泊县卫生健康局2025年立案占全部单位的比例是多少？",
        "岚泊县卫生健康局明年计划培训多少场？",
    ],
)
def test_composed_answers_pass_with_every_figure_bound(extractive: Answerer, question: str) -> None:
    answer = extractive.answer(question)
    assert not answer.refused
    assert answer.quantities
    assert {q.verdict for q in answer.quantities} <= set(GOOD)
    assert not [note for note in answer.notes if "略去" in note]


def test_a_long_draft_is_verified_quickly() -> None:
    """4,000 characters against one report: 50 ms asked for, thrice that on a busy machine."""
    report = parse(SAMPLES / "lanbo-market-2025.docx")
    ledger = SourceLedger.of_reports([report])
    text = (report.text * 2)[:4000]
    verify_text(text, ledger, org=report.org, year=report.year)
    spent = []
    for _ in range(5):
        start = process_time()
        verify_text(text, ledger, org=report.org, year=report.year)
        spent.append(process_time() - start)
    assert min(spent) < 0.15
