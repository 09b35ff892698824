"""The draft suite: planted faults are found, an empty draft is no perfect one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.draft import draft, write
from assistant.settings import Settings
from evals.draft import score
from evals.draft.cases import CASES as CASES_FILE
from evals.draft.cases import DraftCase, load_cases, prepare, source_of
from evals.draft.file import Block, File, Run, TableBlock, read_file
from evals.draft.form import RULES, conformance, level_of
from evals.draft.suite import run, score_file
from evals.judge.pairs import load_pairs
from evals.session import Session
from evals.stats import Rate
from vectorstore.chunk import chunk
from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract
from vectorstore.store import Store

CASES = {case.id: case for case in load_cases()}
WITH_FIGURES, BLANK, PLAN = CASES["draft-02"], CASES["draft-01"], CASES["draft-03"]


@dataclass(frozen=True)
class Made:
    """A draft on disk with the text of the report it was made from."""

    case: DraftCase
    source: str
    path: Path

    @property
    def file(self) -> File:
        return read_file(self.path)


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[DraftCase], Made]:
    done: dict[str, Made] = {}

    def made(case: DraftCase) -> Made:
        if case.id not in done:
            folder, lexicon = tmp_path_factory.mktemp(case.id), load_lexicon()
            source = source_of(case)
            with Store.open(folder) as store:
                store.add(source, chunk(source), extract(source, lexicon))
                request, missing = prepare(case, store, folder)
                assert not missing
                path = folder / "draft.docx"
                write(draft(store, lexicon, request), path, lexicon)
            done[case.id] = Made(case, source.text, path)
        return done[case.id]

    return made


@pytest.fixture
def filled(make: Callable[[DraftCase], Made]) -> Made:
    return make(WITH_FIGURES)


@pytest.fixture
def blank(make: Callable[[DraftCase], Made]) -> Made:
    return make(BLANK)


EMPTY = File((), (), {}, False, False)


def line(text: str) -> Block:
    return Block((Run(text, ("仿宋_GB2312",) * 4, 16.0, -6),), "both", 200, 0, 579)


def with_line(file: File, text: str) -> File:
    return replace(file, body=(*file.body, line(text)))


def edited(file: File, old: str, new: str) -> File:
    """The file with words replaced in every run and cell."""

    def block(b: Block) -> Block:
        return replace(b, runs=tuple(replace(r, text=r.text.replace(old, new)) for r in b.runs))

    def table(t: TableBlock) -> TableBlock:
        return replace(t, rows=tuple(tuple(c.replace(old, new) for c in row) for row in t.rows))

    return replace(
        file, body=tuple(block(b) if isinstance(b, Block) else table(b) for b in file.body)
    )


# cases


def test_cases_are_of_many_bureaus_and_both_halves() -> None:
    cases = list(CASES.values())
    assert len(cases) >= 12
    halves = {split: {c.org for c in cases if c.split == split} for split in ("dev", "test")}
    assert not halves["dev"] & halves["test"], "a bureau is in one half only"
    assert min(map(len, halves.values())) >= 4
    assert {c.kind for c in cases} == {"report", "plan"}


def test_the_labels_are_figures_of_the_report_that_nobody_supplied(filled: Made) -> None:
    told = score.labels(filled.case, filled.source)
    assert {"28场", "458条", "1239件"} <= set(told)
    assert not {"36件", "11场", "40个", "2025年"} & set(told)  # supplied, of the plan, a year
    assert all(figure in filled.source for figure in told)


# words


def test_a_good_draft_scores_well_and_an_empty_one_does_not(filled: Made) -> None:
    good = score_file(filled.case, filled.source, filled.path)
    assert good.stale.hits == good.left_over.hits == 0
    assert [r.value for r in (good.parts, good.blanks, good.figures, good.placed)] == [1] * 4
    wanted = score.labels(filled.case, filled.source)
    assert score.parts(filled.case, EMPTY)[0].value == 0
    assert score.placeholders(wanted, EMPTY)[0].value == 0
    assert score.placed(filled.case, EMPTY)[0].value == 0
    assert score.commitments(filled.case, EMPTY)[0].value == 0
    assert score.known(filled.case, filled.source, EMPTY)[0].value is None
    assert score.bound(())[0].value is None


def test_a_missing_part_is_found(blank: Made) -> None:
    kept = tuple(
        b for b in blank.file.body if not (isinstance(b, Block) and "第一责任人" in b.text)
    )
    rate, faults = score.parts(blank.case, replace(blank.file, body=kept))
    assert rate == Rate(4, 5)
    assert "第一责任人" in faults[0]


def test_last_years_figure_as_this_years_is_found(blank: Made) -> None:
    wanted = score.labels(blank.case, blank.source)
    assert score.stale(blank.case, wanted, blank.file)[0].hits == 0
    planted = with_line(blank.file, "全年行政处罚立案36件。")
    rate, faults = score.stale(blank.case, wanted, planted)
    assert (rate.hits, faults) == (1, ["沿用旧数：36件"])


def test_a_blank_that_was_lost_is_found(blank: Made) -> None:
    wanted = score.labels(blank.case, blank.source)
    planted = edited(blank.file, "【待填：行政处罚立案（2025年：36件）】", "若干件")
    assert score.placeholders(wanted, planted) == (
        Rate(len(wanted) - 1, len(wanted)),
        ["没有待填：36件"],
    )


def test_an_invented_number_is_found(blank: Made) -> None:
    planted = with_line(blank.file, "全年约谈企业4711家。")
    rate, faults = score.known(blank.case, blank.source, planted)
    assert (rate.total - rate.hits, faults) == (1, ["素材里没有：4711"])


def test_an_edit_by_hand_in_the_file_is_unbound(blank: Made, tmp_path: Path) -> None:
    path = _rewritten(
        blank.path, tmp_path, "第一责任人履职情况<", "第一责任人履职情况：约谈企业4711家<"
    )
    old = score_file(blank.case, blank.source, blank.path).figures
    new = score_file(blank.case, blank.source, path).figures
    assert old.value == 1
    assert new.total - new.hits == 1


def test_a_supplied_figure_under_another_indicator_is_not_placed(filled: Made) -> None:
    assert score.placed(filled.case, filled.file)[0].value == 1
    swapped = edited(edited(filled.file, "41件", "四一件"), "立案40", "立案")
    rate, faults = score.placed(filled.case, with_line(swapped, "接受法律咨询41件。"))
    assert (rate.total - rate.hits, len(faults)) == (1, 1)
    missing = score.placed(filled.case, filled.file, ["41件"])[0]
    assert missing.total - missing.hits == 1, "the sheet had no row for it"


def test_a_forgotten_or_falsely_done_commitment_is_found(filled: Made) -> None:
    assert score.commitments(filled.case, filled.file)[0].value == 1
    forgotten = edited(filled.file, "青年执法骨干导师制", "其他事项")
    rate, faults = score.commitments(filled.case, forgotten)
    assert rate.total - rate.hits == 1
    assert "没有提到" in faults[0]
    done = edited(filled.file, "【待填：完成情况】", "已完成")
    rate, faults = score.commitments(filled.case, done)
    assert rate.total - rate.hits == 2
    assert all("done" in fault for fault in faults)


def test_the_scores_drop_when_the_source_is_another_report(
    filled: Made, make: Callable[[DraftCase], Made]
) -> None:
    other = make(CASES["draft-12"])
    wanted = score.labels(other.case, other.source)
    blanks, _ = score.placeholders(wanted, filled.file)
    known, _ = score.known(other.case, other.source, filled.file)
    tasks, _ = score.commitments(other.case, filled.file)
    assert blanks.value is not None
    assert blanks.value < 0.5
    assert known.value is not None
    assert known.value < 0.9
    assert tasks.value is not None
    assert tasks.value < 0.5


# format


def _rewritten(path: Path, folder: Path, old: str, new: str, part: str = "document") -> Path:
    """The file with words of one part replaced, its evidence beside it."""
    out = folder / path.name
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == f"word/{part}.xml":
                text = data.decode("utf-8")
                assert re.search(old, text), old
                data = re.sub(old, new, text).encode("utf-8")
            target.writestr(name, data)
    for evidence in path.parent.glob("*.evidence.json"):
        (folder / evidence.name).write_bytes(evidence.read_bytes())
    return out


def test_the_real_file_keeps_every_rule(blank: Made) -> None:
    told = conformance(blank.path)
    assert list(told) == list(RULES)
    assert [name for name, good in told.items() if good is False] == []
    assert sum(good is True for good in told.values()) >= 16


@pytest.mark.parametrize(
    ("old", "new", "part", "rule"),
    [
        ('w:w="11906"', 'w:w="12240"', "document", "A4纸"),
        ('w:top="2098"', 'w:top="1440"', "document", "页边和版心"),
        ('w:linePitch="579"', 'w:linePitch="500"', "document", "每面22行"),
        ('w:spacing w:val="-6"', 'w:spacing w:val="20"', "document", "每行28字"),
        ("方正小标宋简体", "宋体", "document", "标题2号小标宋居中"),
        ('w:jc w:val="center"', 'w:jc w:val="left"', "document", "标题2号小标宋居中"),
        ('w:firstLineChars="200"', 'w:firstLineChars="100"', "document", "正文3号仿宋、首行缩进"),
        ("黑体", "宋体", "document", "一级标题黑体"),
        ("楷体_GB2312", "宋体", "document", "二级标题楷体"),
        (">二、存在", ">三、存在", "document", "序号连续"),
        ("主要举措和成效<", "主要举措和成效。<", "document", "一级标题末尾无标点"),
        (" PAGE ", " NUMPAGES ", "footer1", "页码4号宋体、单右双左"),
        ('w:jc w:val="left"', 'w:jc w:val="right"', "footer2", "页码4号宋体、单右双左"),
        ("<w:evenAndOddHeaders/>", "", "settings", "页码4号宋体、单右双左"),
        ('w:ascii="', 'w:asciiTheme="minor" w:x="', "document", "中西文字体都写明"),
        ('w:rightChars="400"', 'w:rightChars="0"', "document", "落款和日期"),
        ("<w:tblHeader/>", "", "document", "表头跨页重复"),
        ("，在执法质量", ",在执法质量", "document", "标点全角"),
    ],
)
def test_a_broken_rule_is_found(  # noqa: PLR0917 - one edit of one part
    blank: Made, tmp_path: Path, old: str, new: str, part: str, rule: str
) -> None:
    assert conformance(_rewritten(blank.path, tmp_path, old, new, part))[rule] is False


def test_what_is_no_document_keeps_no_rule(tmp_path: Path) -> None:
    path = tmp_path / "draft.docx"
    path.write_bytes(b"PK")
    assert set(conformance(path).values()) == {False}


def test_levels_are_told_by_their_numbers() -> None:
    numbers = ("一、总体", "（二）加强", "3.推进", "（4）开展", "总体", "2026年")
    assert [level_of(text) for text in numbers] == [1, 2, 3, 4, 0, 0]


# the run


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session(Settings(), "extractive", tmp_path_factory.mktemp("run"), limit=4) as opened:
        yield opened


def test_a_small_run_counts_every_case_and_shows_one_half(session: Session) -> None:
    result = run(session)
    assert result.metrics["cases"] == 4
    assert result.metrics["parts"]["all"]["value"] == 1
    assert result.metrics["stale"]["all"]["better"] == "lower"
    assert not result.unscored
    test = {c.org for c in CASES.values() if c.split == "test"}
    assert not [row for table in result.worst for row in table.plain if set(row) & test]


def test_a_draft_that_cannot_be_made_is_unscored(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = PLAN.model_copy(update={"id": "broken", "org": "没有的局"})
    monkeypatch.setattr("evals.draft.suite.load_cases", lambda: [broken, BLANK])
    result = run(replace(session, limit=None))
    assert result.metrics["cases"] == 1
    assert sum(result.unscored.values()) == 1


def test_nothing_is_taken_from_the_real_reports(real_reports: list[Path]) -> None:
    real = "".join(path.read_text("utf-8", errors="ignore") for path in real_reports)
    runs = {real[i : i + 12] for i in range(len(real) - 11)}
    own = {case.id: case.notes for case in CASES.values()}
    own |= {path.name: path.read_text("utf-8") for path in CASES_FILE.parent.glob("reports/*.txt")}
    own |= {pair.id: f"{pair.quote}\n{pair.statement}" for pair in load_pairs()}
    for name, text in own.items():
        assert not [i for i in range(len(text) - 11) if text[i : i + 12] in runs], name
