"""A draft of the product, edited by hand, checked beside its sheet and its evidence file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document  # noqa: TID251 - edits a draft as Word would
from typer.testing import CliRunner

from assistant.app.check.desk import CheckDesk
from assistant.app.check.view import CheckView
from assistant.app.downloads import PATH, Downloads
from assistant.build import Services
from assistant.cli import app
from assistant.draft import Request, draft, write
from assistant.draft.evidence import evidence_path
from assistant.draft.given import GivenError, read_given
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.verify import Checked
from assistant.verify.files import Verified, verify_parsed
from assistant.verify.words import AGAINST_GIVEN, AS_GIVEN, words_of
from tests.assistant.draft_library import (
    FILES,
    HEALTH,
    LEXICON,
    MARKET,
    SAMPLES,
    VALUES,
    fill,
    sheet,
)
from vectorstore.parse import parse
from vectorstore.store import Store

YEAR = 2026
SESSION = "s" * 32


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    home = tmp_path_factory.mktemp("home")
    with fill(home, [SAMPLES / name for name in FILES]) as store:
        yield Services(Settings(home=home), store)


@pytest.fixture(scope="module")
def figures(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sheet(
        services.store, tmp_path_factory.mktemp("sheet") / "填报表.csv", HEALTH, YEAR, VALUES
    )


@pytest.fixture(scope="module")
def written(services: Services, figures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = draft(services.store, LEXICON, Request("report", HEALTH, YEAR, figures))
    path = tmp_path_factory.mktemp("draft") / "草稿.docx"
    assert write(made, path, LEXICON).unbound == ()
    return path


def edited(path: Path, folder: Path, old: str, new: str) -> Path:
    """The draft with `old` once replaced, as a person would in Word."""
    document = Document(str(path))
    cells = [c for t in document.tables for row in t.rows for c in row.cells]
    paragraphs = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
    at = next(p for p in paragraphs if old in p.text)
    text = at.text.replace(old, new, 1)
    for run in at.runs[1:]:
        run._r.getparent().remove(run._r)
    at.runs[0].text = text
    document.save(str(folder / path.name))
    return folder / path.name


def held(services: Services, path: Path, *beside: Path) -> Verified:
    report = parse(path)
    given = read_given(beside, report, services.store, LEXICON)
    return verify_parsed(report, services.store, LEXICON, given=given)


def wrong(found: Verified) -> list[Checked]:
    return [checked for checked in found.checked if not checked.good]


@pytest.fixture(params=["sheet", "evidence", "both"])
def beside(request: pytest.FixtureRequest, figures: Path, written: Path) -> tuple[Path, ...]:
    """What is put beside the draft."""
    evidence = evidence_path(written)
    sides = {"sheet": (figures,), "evidence": (evidence,), "both": (figures, evidence)}
    return sides[str(request.param)]


def test_a_draft_agrees_with_what_it_was_made_from(
    services: Services, written: Path, beside: tuple[Path, ...]
) -> None:
    assert len(wrong(held(services, written))) >= len(VALUES)  # the library alone knows none
    found = held(services, written, *beside)
    assert [(c.quantity.text, c.detail) for c in wrong(found)] == []
    told = {c.quantity.text: c.source for c in found.checked if words_of(c) is AS_GIVEN}
    assert {"41件", "16件", "25件", "40件", "20.13万元", "13场", "4500余人次"} <= set(told)
    source = told["41件"]
    assert source is not None
    assert source.sentence == "行政处罚立案41件"
    assert re.fullmatch(r"来自指标填报表 第\d+行", source.quantity.heading)


FAULTS = [
    ("立案41件", "立案43件", "43件", "为41件，此处为43件"),
    ("简易程序16件、普通程序25件", "简易程序25件、普通程序16件", "25件", "为16件，此处为25件"),
    ("结案40件", "结案40起", "40起", "为40件，此处为40起"),
    ("罚没款20.13万元", "罚没款20.13元", "20.13元", "为20.13万元，此处为20.13元"),
    ("立案41件", "立案36件", "36件", "36件是2025年的数"),
    ("4500余人次", "4500人次", "4500人次", "为“4500余人次”，此处为“4500人次”"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[2])
def test_what_contradicts_the_sheet_is_told_with_its_row(
    services: Services,
    written: Path,
    beside: tuple[Path, ...],
    tmp_path: Path,
    fault: tuple[str, str, str, str],
) -> None:
    old, new, text, detail = fault
    path = edited(written, tmp_path, old, new)
    found = wrong(held(services, path, *beside))
    apart = [c for c in found if words_of(c) is AGAINST_GIVEN]
    (mine,) = [c for c in apart if c.quantity.text == text]
    assert detail in mine.detail
    assert re.match(r"填报表第\d+行为", mine.detail)
    assert mine.source is not None
    assert mine.source.report_id.startswith("figures:")


def test_what_neither_the_sheet_nor_the_library_has_is_not_found(
    services: Services, figures: Path, written: Path, tmp_path: Path
) -> None:
    new = "。新建法治长廊2处，餐饮领域行政处罚立案7件，制作短视频36条。组织执法人员"
    path = edited(written, tmp_path, "。组织执法人员", new)
    found = wrong(held(services, path, figures))
    assert [c.quantity.text for c in found] == ["2处", "7件", "36条"]
    assert not [c for c in found if words_of(c) is AGAINST_GIVEN]


def test_a_newer_sheet_counts_more_than_the_evidence(
    services: Services, written: Path, tmp_path: Path
) -> None:
    newer = sheet(services.store, tmp_path / "新.csv", HEALTH, YEAR, {**VALUES, "结案": "39"})
    found = wrong(held(services, written, newer, evidence_path(written)))
    assert [c.quantity.text for c in found] == ["40件", "97.6%"]  # 40 of 41, no longer so
    assert words_of(found[0]) is AGAINST_GIVEN
    fixed = edited(written, tmp_path, "结案40件，结案率97.6%", "结案39件，结案率95.1%")
    assert wrong(held(services, fixed, newer, evidence_path(written))) == []


def test_files_that_do_not_belong_are_refused(
    services: Services, figures: Path, written: Path, tmp_path: Path
) -> None:
    report = parse(written)
    last_year = parse(SAMPLES / FILES[0])
    other = sheet(services.store, tmp_path / "他局.csv", MARKET, YEAR, {})
    full = [*other.read_text("utf-8-sig").splitlines()]
    other.write_text("\n".join([full[0], *(_filled(line) for line in full[1:])]), "utf-8-sig")
    evidence = evidence_path(written)
    broken = tmp_path / "坏.evidence.json"
    for mine, files, said in (
        (last_year, [figures], "填报的是2026年的数据，报告写的是2025年"),
        (last_year, [evidence], "填报的是2026年的数据，报告写的是2025年"),
        (report, [figures, figures], "只能放一份填报表"),
        (report, [other], "可能是别的单位的填报表"),
    ):
        with pytest.raises(GivenError, match=said):
            read_given(files, mine, services.store, LEXICON)
    for content in ("[" * 100_000, "[]", "{}", '{"org":"甲","year":2026,"figures":[{}]}'):
        broken.write_text(content, "utf-8")
        with pytest.raises(AssistantError, match="不是有效的依据文件"):
            read_given([broken], report, services.store, LEXICON)


def _filled(line: str) -> str:
    """A row of the sheet with a figure in the column of this year."""
    cells = line.split(",")
    return ",".join([*cells[:5], "7", *cells[6:]]) if len(cells) == 11 else line


def test_a_blanks_reminder_is_no_figure_of_the_report(services: Services, tmp_path: Path) -> None:
    text = "全年行政处罚立案41件，【待填：比上年变化（2025年：增加9件）】。"  # 36 in 2025
    head = f"{HEALTH}2026年度法治政府建设报告\n一、2026年度主要举措和成效\n"
    path = tmp_path / "稿.txt"
    path.write_text(f"{head}{text}", "utf-8")
    _, view = run(services, path)
    assert "没有填的空" in view.findings
    assert "增加9件”与" not in view.findings


# --- the page


def run(services: Services, file: Path, *beside: Path) -> tuple[CheckDesk, CheckView]:
    desk = CheckDesk(services, Downloads())
    return desk, list(desk.run(SESSION, str(file), None, [str(path) for path in beside]))[-1]


def test_the_page_puts_the_contradiction_first_and_opens_its_row(
    services: Services, figures: Path, written: Path, tmp_path: Path
) -> None:
    path = edited(written, tmp_path, "立案41件", "立案43件")
    desk, view = run(services, path, figures)
    groups = re.findall(r'<summary class="([^"]+)">([^<]+)<span>(\d+)', view.verdicts)
    assert groups[0] == ("error against", AGAINST_GIVEN.name, "1")
    assert "<q>行政处罚立案41件</q>" in view.verdicts
    assert f"{AS_GIVEN.name}的" in view.verdicts
    assert "填报表.csv" in view.verdicts
    assert "资料库里没有" not in view.verdicts
    blanks = re.search(r'class="waiting">没有填的空<span>\d+</span>.*$', view.findings, re.DOTALL)
    assert blanks is not None  # apart from what must be put right
    assert "各分项相加" not in blanks.group()
    (address,) = re.findall(r'href="([^"]+)">下载清单 csv', view.state)
    taken = desk.downloads.take(SESSION, address.removeprefix(PATH))
    assert taken is not None
    figures_listed = [
        line for line in taken[1].decode("utf-8-sig").splitlines() if line.startswith("数字核对")
    ]
    assert figures_listed[0].startswith(f"数字核对,{AGAINST_GIVEN.name},")


def test_a_sheet_that_cannot_be_used_is_told_and_the_check_goes_on(
    services: Services, figures: Path, written: Path, tmp_path: Path
) -> None:
    _, plain = run(services, written)
    assert "放上填好的填报表或随稿的依据文件" in plain.verdicts
    _, last_year = run(services, SAMPLES / FILES[0], figures)
    assert "报告写的是2025年" in last_year.state
    assert "没有采用" in last_year.state
    assert "资料库里已有这份报告" in last_year.verdicts
    no_sheet = tmp_path / "不是表.xlsx"
    no_sheet.write_bytes(b"PK\x03\x04 no")
    _, view = run(services, written, no_sheet)
    assert "不是表.xlsx" in view.state
    assert "fazhi" not in view.state
    assert view.findings
    assert view.verdicts


# --- the command


def test_verify_takes_the_sheet(
    services: Services,
    figures: Path,
    written: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(services.settings.folder))
    path = edited(written, tmp_path, "立案41件", "立案43件")
    command = ["verify", str(path), "--sheet", str(figures)]
    done = CliRunner().invoke(app, command, env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[1].startswith(AGAINST_GIVEN.name)
    document = json.loads(CliRunner().invoke(app, [*command, "--json"]).output)
    assert document["sheet"] == figures.name
    (mine,) = [q for q in document["quantities"] if q["text"] == "43件"]
    assert mine["verdict"] == "fabricated"
    assert mine["source"]["sentence"] == "行政处罚立案41件"
    refused = CliRunner().invoke(app, [*command, "--year", "2025"])
    assert refused.exit_code == 1


def test_verify_with_a_sheet_needs_no_report_of_the_library(
    figures: Path, written: Path, tmp_path: Path
) -> None:
    with Store.open(tmp_path) as empty:
        services = Services(Settings(home=tmp_path), empty)
        found = held(services, written, figures)
    assert found.against == ()
    assert "41件" in {c.quantity.text for c in found.checked if words_of(c) is AS_GIVEN}
