"""Paragraphs copied unchanged from last year's report or from another bureau's.

Reports are compared clause by clause: a clause is its letters and digits between two marks of
punctuation, with years made alike, so that a paragraph in which only the year was changed is still
a copy. What everybody writes (titles of laws, stock phrases, clauses of several other
organisations) counts for nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

from assistant.check.finding import Finding, Severity, found
from vectorstore.clean import fold
from vectorstore.sentences import Span, sentences
from vectorstore.types import Report

__all__ = ["Pool", "check_copies"]

_RULE = "copied"
_LEAST_PARAGRAPH = 80  # characters; shorter ones are alike by chance or by form
_LEAST_OWN = 40  # letters that are not stock, so that something of its own was copied
_SAME = 0.85  # share of a paragraph's own letters
_LEAST_RUN = 8  # sentences in a row, however the paragraphs are cut
_LEAST_CLAUSE = 6  # letters; “推动工作” is nobody's own
_STOCK_ORGS = 3  # or this share of the organisations, whichever is more
_STOCK_SHARE = 0.05
_CANDIDATE = 3  # clauses in common before a report is looked at closely
# Marks that end a clause, and what may stand in one copy and not in the other.
_CUT = str.maketrans(dict.fromkeys(",.;:!?。、\t()", "\n") | dict.fromkeys(" \u3000“”‘’\"'"))
_YEARS = re.compile(r"20\d\d")
_TITLES = re.compile(r"《[^《》\n]*》")
_STOCK = re.compile(
    r"习近平|中国特色社会主义|党的[一二三四五六七八九十]+大|[一二三]中全会|党中央|依法治国|法治思想|"
    r"领导小组|第一责任人|谁执法谁普法|谁主管谁负责|放管服|双随机一公开|三项制度|全过程记录|法制审核|"
    r"主要负责人|坚强领导|正确领导|关心支持|法治政府建设(?:工作|情况)?$|现将.{0,16}报告如下|取得.{0,8}成效"
)


@dataclass(frozen=True, slots=True)
class _Source:
    """The clauses of a report to compare with; `own` says it is the organisation's earlier one."""

    org: str
    year: int | None
    own: bool
    clauses: frozenset[str]

    @property
    def name(self) -> str:
        year = f"{self.year}年" if self.year else ""
        return f"本单位{year}报告" if self.own else f"{self.org or '另一单位'}{year}报告"


def _source(report: Report, *, own: bool) -> _Source:
    return _Source(report.org, report.year, own, frozenset(_clauses(report.text)))


class Pool:
    """The clauses of many reports, so that each report is compared only with those like it."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._sources = [_source(report, own=False) for report in reports]
        self._holders: dict[str, list[int]] = {}
        for n, source in enumerate(self._sources):
            for clause in source.clauses:
                self._holders.setdefault(clause, []).append(n)
        self._orgs = {source.org for source in self._sources}

    def stock(self, clauses: AbstractSet[str], org: str) -> frozenset[str]:
        """Those of `clauses` that several organisations but `org` print: a form, not a copy."""
        several = max(_STOCK_ORGS, _STOCK_SHARE * len(self._orgs - {org}))
        return frozenset(c for c in clauses if len(self._holding(c) - {org}) >= several)

    def near(self, clauses: AbstractSet[str], org: str) -> list[_Source]:
        """The reports of organisations but `org` that have some of `clauses`, most alike first."""
        shared = Counter(n for clause in clauses for n in self._holders.get(clause, ()))
        alike = [
            n for n, count in shared.items() if count >= _CANDIDATE and self._sources[n].org != org
        ]
        return [self._sources[n] for n in sorted(alike, key=lambda n: (-shared[n], n))]

    def _holding(self, clause: str) -> set[str]:
        return {self._sources[n].org for n in self._holders.get(clause, ())}


@dataclass(slots=True)
class _Piece:
    """A sentence: its place, its clauses that are not stock, and whether it stands in a source."""

    start: int
    end: int
    paragraph: int
    clauses: list[str]
    shared: int = 0

    @property
    def letters(self) -> int:
        return sum(map(len, self.clauses))


def check_copies(report: Report, previous: Report | None, others: Pool) -> Iterator[Finding]:
    """A finding for each run of copied paragraphs, with the share of the whole report.

    `previous` is the organisation's report of an earlier year; of `others` those of other
    organisations count.
    """
    stock = others.stock(set(_clauses(report.text)), report.org)
    pieces = _pieces(report, stock)
    sources = [_source(previous, own=True)] if previous is not None else []
    mine = {clause for piece in pieces for clause in piece.clauses}
    sources = [s for s in sources if len(s.clauses & mine) >= _CANDIDATE]
    taken: set[int] = set()
    for source in (*sources, *others.near(mine, report.org)):
        runs = [run for run in _runs(pieces, source) if not taken & {p.start for p in run}]
        copied = sum(piece.letters for run in runs for piece in run)
        share = copied / max(sum(piece.letters for piece in pieces), 1)
        for run in runs:
            taken |= {piece.start for piece in run}
            yield _finding(report, run, source, share)


def _clauses(text: str) -> list[str]:
    plain = _YEARS.sub("年份", _TITLES.sub("", fold(text)))
    return [clause for clause in plain.translate(_CUT).split("\n") if len(clause) >= _LEAST_CLAUSE]


def _pieces(report: Report, stock: frozenset[str]) -> list[_Piece]:
    """The sentences after the lead, without headings, tables and the sign-off."""
    pieces: list[_Piece] = []
    headings = {section.start: section.body_start for section in report.sections[1:]}
    begin = report.sections[1].start if len(report.sections) > 1 else 0
    for span in sentences(report.text, begin):
        start = headings.get(span.start, span.start)
        words = report.text[start : span.end]
        if start >= span.end or "\t" in words:
            continue
        clauses = [c for c in _clauses(words) if c not in stock and not _STOCK.search(c)]
        paragraph = report.text.rfind("\n", 0, span.start) + 1
        pieces.append(_Piece(start, span.end, paragraph, clauses))
    return pieces


def _runs(pieces: Sequence[_Piece], source: _Source) -> list[list[_Piece]]:
    """Copied paragraphs, neighbours joined, and long rows of copied sentences."""
    paragraphs: dict[int, list[_Piece]] = {}
    for piece in pieces:
        piece.shared = sum(len(c) for c in piece.clauses if c in source.clauses)
        paragraphs.setdefault(piece.paragraph, []).append(piece)
    copied: set[int] = set()
    for group in paragraphs.values():
        if group[-1].end - group[0].start >= _LEAST_PARAGRAPH and _is_copy(group, source):
            copied |= {piece.start for piece in group}
    for is_same, same in groupby(pieces, key=lambda p: p.shared >= _SAME * p.letters):
        row = list(same)
        long = sum(bool(piece.clauses) for piece in row) >= _LEAST_RUN
        if is_same and long and _is_copy(row, source):
            copied |= {piece.start for piece in row}
    return _joined(pieces, copied)


def _is_copy(group: Sequence[_Piece], source: _Source) -> bool:
    letters = sum(piece.letters for piece in group)
    if letters < _LEAST_OWN or sum(piece.shared for piece in group) < _SAME * letters:
        return False
    if not source.own:
        return True
    # Last year's wording with this year's figures is how these reports are written.
    figures = [c for piece in group for c in piece.clauses if re.search(r"\d", c)]
    return all(clause in source.clauses for clause in figures)


def _joined(pieces: Sequence[_Piece], copied: set[int]) -> list[list[_Piece]]:
    runs: list[list[_Piece]] = []
    last = -2
    for i, piece in enumerate(pieces):
        if piece.start not in copied:
            continue
        if i == last + 1:
            runs[-1].append(piece)
        else:
            runs.append([piece])
        last = i
    return runs


def _finding(report: Report, run: Sequence[_Piece], source: _Source, share: float) -> Finding:
    start, end = run[0].start, run[-1].end
    same = sum(piece.shared for piece in run) / max(sum(piece.letters for piece in run), 1)
    amount = "整段" if same > 0.99 else f"{same:.0%}的文字"
    figures = any(re.search(r"\d", c) for piece in run for c in piece.clauses)
    message = (
        f"这里约{end - start}字，{amount}与{source.name}相同"
        f"（全文这样的文字约占{max(share, 0.01):.0%}）。"
    )
    if source.own:
        message += (
            "其中的数据也与上年一样，请逐项核实并更新。"
            if figures
            else "请按今年的实际情况改写，确属今年情况的可以保留。"
        )
    else:
        message += "请核实是否照搬，按本单位实际情况改写。"
    return found(report, _RULE, Severity.WARNING, message, Span(start, end))
