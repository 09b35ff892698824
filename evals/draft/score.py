"""What a finished draft says, held against what its writer had: scored on the file's own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.verify import Checked, Verdict
from evals.draft.cases import DraftCase, Placed, Status
from evals.draft.file import File, TableBlock
from evals.draft.form import level_of
from evals.questions import found
from evals.stats import Rate

__all__ = [
    "DraftScore",
    "bound",
    "commitments",
    "known",
    "labels",
    "parts",
    "placed",
    "placeholders",
    "stale",
    "year_of",
]

_BLANK = re.compile(r"【待(?:填|核实)[^【】]*】")
# A figure of last year's text: number, scale, and the first character of its unit.
_FIGURE = re.compile(r"(?<![\d.〔第])(\d[\d,]*(?:\.\d+)?(?:亿|万)?余?[一-龥%])")
_CHANGE = re.compile(r"(?:比上年|较上年|同比)[^，。；、,;]{0,8}")
_NO_FIGURE = re.compile(r"^\d+[年月日号时分线工]")
_PLAN = re.compile(
    r"^(?:[一二三四五六七八九十]、|\d+\.)[^。]{0,12}(?:安排|打算|计划|思路|下步)[^。]{0,4}$", re.M
)
_NEXT = re.compile(r"^[一二三四五六七八九十]、|^\S{4,30}局$", re.M)
_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?")
_REACH, _BEHIND = 40, 12  # characters before and behind a figure that may say what it counts
# Words of the headings of the official parts (the rule on supervision of 2019), in any order.
_PARTS = {
    "report": (
        "举措|成效|成绩|工作开展|主要工作|主要做法|重点工作",
        "不足|问题|短板",
        "第一责任人|主要负责人",
        "(?:年|年度|下一年度|下步|下一步)(?:工作)?(?:安排|打算|计划|思路)",
        "其他",
    ),
    "plan": ("总体要求|指导思想", "任务", "组织实施|保障措施|工作要求"),
}


_NONE = Rate(0, 0)


@dataclass(frozen=True, slots=True)
class DraftScore:
    """One draft's counts; `form` gives each rule of the page that applies, `faults` what failed.

    `blanks`: figures of last year that were not supplied and stand in a placeholder ÷ all of them.
    `stale`: those that stand in the draft as this year's ÷ the same. `figures`: figures with a
    source ÷ figures, by the verifier; `left_over` those it finds to be last year's. `known`:
    numbers that stand in some source to the letter ÷ numbers.
    """

    id: str
    parts: Rate = _NONE
    blanks: Rate = _NONE
    stale: Rate = _NONE
    figures: Rate = _NONE
    left_over: Rate = _NONE
    known: Rate = _NONE
    placed: Rate = _NONE
    tasks: Rate = _NONE
    form: tuple[tuple[str, bool], ...] = ()
    faults: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    prompts: tuple[str, ...] = ()


def plain(text: str) -> str:
    """The words without the blanks in them."""
    return _BLANK.sub("", text)


def labels(case: DraftCase, source: str) -> list[str]:
    """Figures of last year's report that nothing supplied may replace, each once.

    Found by pattern, not by the extractor. Those of the plan are asked for by a report as goals
    and kept by the plan of that very year, so only the plan of a later year must not print them.
    """
    before, plan, after = _cut(source)
    told = before + after if case.kind == "report" or case.year == year_of(source) + 1 else plan
    given = [f"{p.text} {p.last}" for p in case.placed]
    given += [case.notes, plan if told is not plan else ""]
    if case.sheet:  # changes against last year are then computed anew
        told = _CHANGE.sub("", told)
    figures = dict.fromkeys(m[1] for m in _FIGURE.finditer(told.replace(",", "，")))
    kept = [f for f in figures if not _NO_FIGURE.match(f)]
    return [f for f in kept if not any(found(f, text) for text in given)]


def parts(case: DraftCase, file: File) -> tuple[Rate, list[str]]:
    """Official parts that have a heading of the first level ÷ those there must be."""
    heads = [b.text for b in file.blocks if level_of(b.text) == 1]
    wanted = _PARTS[case.kind]
    missing = [words for words in wanted if not any(re.search(words, head) for head in heads)]
    return Rate(len(wanted) - len(missing), len(wanted)), [f"缺少部分：{w}" for w in missing]


def placeholders(wanted: Sequence[str], file: File) -> tuple[Rate, list[str]]:
    """Unsupplied figures that stand in a placeholder, so that the writer fills them ÷ all."""
    blanks = "\n".join(m[0] for line in file.lines for m in _BLANK.finditer(line))
    missing = [figure for figure in wanted if not found(figure, blanks)]
    return Rate(len(wanted) - len(missing), len(wanted)), [f"没有待填：{f}" for f in missing]


def stale(case: DraftCase, wanted: Sequence[str], file: File) -> tuple[Rate, list[str]]:
    """Unsupplied figures of last year that stand outside of placeholders ÷ all of them.

    Table columns headed with last year are left out: there they are said to be last year's.
    """
    said = "\n".join(_this_year(case, file))
    kept = [figure for figure in wanted if found(figure, said)]
    return Rate(len(kept), len(wanted)), [f"沿用旧数：{figure}" for figure in kept]


def bound(checked: Iterable[Checked]) -> tuple[Rate, Rate, list[str]]:
    """Figures with a source ÷ figures, and those that are last year's ÷ figures.

    By `fazhi verify` on the finished file; blanks are no figures.
    """
    told = [c for c in checked if c.verdict is not Verdict.PLACEHOLDER]
    bad = [c for c in told if not c.good]
    old = sum(c.verdict is Verdict.STALE for c in told)
    faults = [f"没有出处：{c.quantity.text}（{c.detail or c.verdict}）" for c in bad]
    return Rate(len(told) - len(bad), len(told)), Rate(old, len(told)), faults


def known(case: DraftCase, source: str, file: File) -> tuple[Rate, list[str]]:
    """Numbers of the draft that the report, the sheet or the notes print ÷ its numbers.

    By string search, independent of the verifier. Shares and changes are computed and left out,
    and so are the years and the numbers of headings, rows and percentages.
    """
    years = {str(case.year + n) for n in (-1, 0, 1)}
    given = " ".join([source, case.notes, *(p.text for p in case.placed)])
    numbers = {n.replace(",", "") for n in _NUMBER.findall(given.replace("，", " "))} | years
    strange, total = [], 0
    for line in map(_unnumbered, file.lines):
        for m in _NUMBER.finditer(line):
            if not re.match(r"%|个百分点", line[m.end() :]):
                total += 1
                strange += [m[0]] if m[0].replace(",", "") not in numbers else []
    return Rate(total - len(strange), total), [f"素材里没有：{n}" for n in strange]


def placed(case: DraftCase, file: File, missing: Sequence[str] = ()) -> tuple[Rate, list[str]]:
    """Supplied figures printed as given beside the words of their indicator ÷ supplied figures."""
    said = [plain(line) for line in file.lines]
    lost = [p for p in case.placed if p.text in missing or not any(_stands(p, x) for x in said)]
    faults = [f"没有写进去：{p.near}……{p.text}" for p in lost]
    return Rate(len(case.placed) - len(lost), len(case.placed)), faults


def commitments(case: DraftCase, file: File) -> tuple[Rate, list[str]]:
    """Tasks of last year's plan that the draft takes up with the right state ÷ tasks.

    A report has a table of them: 已完成 or what the notes say (done), below the goal (missed), done
    but a figure lacking (partial), a blank (unknown). A plan must only say them.
    """
    rows = [row for table in file.tables if _is_delivery(table) for row in table.rows[1:]]
    lines = "\n".join(file.lines)
    faults = []
    for task in case.tasks:
        words = re.compile(task.words)
        states: set[Status] = set()
        if "" in task.status:
            good = bool(words.search(lines))
        else:
            states = {_state(row[-1]) for row in rows if words.search("".join(row[:-1]))}
            good = bool(states & set(task.status))
        if not good:
            told = "、".join(sorted(states)) or "没有提到"
            faults.append(f"承诺“{task.words}”应为{'或'.join(task.status) or '写出'}：{told}")
    return Rate(len(case.tasks) - len(faults), len(case.tasks)), faults


def _unnumbered(line: str) -> str:
    """The words outside of blanks, without the number of a heading or table row."""
    if level_of(line):
        line = re.sub(r"^\S*?[.、）]", "", line, count=1)
    return plain(re.sub(r"^\d+\t", "", line))


def _is_delivery(table: TableBlock) -> bool:
    return bool(table.rows) and any("完成情况" in title for title in table.rows[0])


def _state(cell: str) -> Status:
    said = plain(cell).strip("，。；— \t")
    if not said:
        return "unknown"
    if "未达到" in said or "未完成" in said:
        return "missed"
    return "partial" if _BLANK.search(cell) else "done"


def _stands(figure: Placed, line: str) -> bool:
    """Whether `line` prints the figure beside the words for it; a table cell may drop its unit."""
    if "\t" in line and figure.near in line:
        bare = _NUMBER.match(figure.text)
        return bool(bare and {figure.text, bare[0]} & set(line.split("\t")))
    for m in re.finditer(re.escape(figure.text), line):
        whole = not re.match(r"[\d.]", line[m.start() - 1 : m.start()])
        around = line[max(0, m.start() - _REACH) : m.end() + _BEHIND]
        if whole and figure.near in around:
            return True
    return False


def _this_year(case: DraftCase, file: File) -> list[str]:
    """The words outside of blanks, without the table columns that are headed with last year."""
    said = [plain(block.text) for block in file.blocks]
    for table in file.tables:
        old = {n for n, title in enumerate(table.rows[0]) if f"{case.year - 1}年" in title}
        said += [
            plain(" ".join(c for n, c in enumerate(row) if n not in old)) for row in table.rows[1:]
        ]
    return said


def _cut(source: str) -> tuple[str, str, str]:
    """The report before its plan, the plan, and what stands behind it."""
    head = _PLAN.search(source)
    if head is None:
        return source, "", ""
    behind = _NEXT.search(source, head.end())
    end = behind.start() if behind else len(source)
    return source[: head.start()], source[head.start() : end], source[end:]


def year_of(source: str) -> int:
    """The year a report is about: the first its opening names."""
    years = re.findall(r"(20\d\d)年", source[:200])
    return int(years[0]) if years else 0
