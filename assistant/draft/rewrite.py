"""Last year's sentences for the new year, by rule.

Figures give way to the new year's or to a blank, comparisons are computed again, year words move,
claims of last year alone are marked; everything else stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.draft.claims import Clause, about_target, clauses, is_of_its_year
from assistant.draft.compare import changed, comparison, is_change, share
from assistant.draft.edits import Edit, apply, fill, plain, verify_mark
from assistant.draft.figures import in_style, reminder
from assistant.draft.types import Basis
from assistant.draft.years import retime
from assistant.gongwen import Figure, Placeholder, Span, Text
from vectorstore.clean import fold
from vectorstore.sentences import sentences
from vectorstore.store import LedgerRow
from vectorstore.types import Modality, Part, QuantityKind, Report

__all__ = ["Rewriter", "frequency_start", "source_of"]

_EVERY = re.compile("每(?:个)?(?:季度|半年|年|月|周|日|旬|两月|次|半月)[^，。；,;]{0,12}$")
_POINT = 2  # digits of an outline number
_BEFORE_EVERY = 20  # characters in which 每季度 is looked for
_SINCE = re.compile("^(?:比|较|与)?(?:上年度?|去年|上一年度?)(?:同期)?(?:相比)?")
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_HOTLINE = re.compile(r"1[12]\d|12[0-9]{3}|96\d{3,4}|95\d{3}")
_NAMED = re.compile(r"[A-Za-z0-9\"“”+<>·〔〕\[\]_-]")  # beside a number that is part of a name
_OUTLINE = re.compile(r"[(.、)]")  # beside a number that counts points
_MOST_MARKED = 150  # characters of a marked claim; a longer run of them becomes several
_PRACTICE = frozenset({Part.MEASURES, Part.FIRST_RESPONSIBLE, Part.OTHER})


class Rewriter:
    """Rewrites spans of one report; `bound` tells which source figure each new one prints.

    `keep_targets`: the new document is about the year the report's plan is for.
    """

    def __init__(self, basis: Basis, *, keep_targets: bool = False) -> None:
        report, rows, supply, years = basis.report, basis.rows, basis.supply, basis.years
        self._keep_targets = keep_targets
        self.report = report
        self.years = years
        self.supply = supply
        self.rows = [row for row in rows if row.quantity.kind is QuantityKind.QUANTITY]
        self._read = [(r.quantity.start, r.quantity.end) for r in rows]
        self.bound: dict[Figure, LedgerRow] = {}

    def figure(self, shown: str, comment: str, row: LedgerRow) -> Figure:
        """A figure of the document that prints the value of `row`."""
        figure = Figure(shown, comment)
        self.bound[figure] = row
        return figure

    def rows_in(self, start: int, end: int) -> list[LedgerRow]:
        """Last year's figures inside a span, in order."""
        return [r for r in self.rows if start <= r.quantity.start and r.quantity.end <= end]

    def spans(self, start: int, end: int, part: Part | None) -> tuple[Span, ...]:
        """`report.text[start:end]` rewritten for the new year."""
        edits = self._edits(start, end, part)
        return apply(self.report.text, start, end, edits)

    def line(self, start: int, end: int) -> str:
        """A heading or title for the new year, as plain text."""
        figures = [self._blank(row) for row in self.rows_in(start, end)]
        years = retime(self.report.text, start, end, self.years)
        return plain(apply(self.report.text, start, end, [*figures, *years]))

    def _edits(self, start: int, end: int, part: Part | None) -> list[Edit]:
        text = self.report.text
        figures = [self._figure(row, self.rows_in(start, end)) for row in self.rows_in(start, end)]
        edits: list[Edit] = []
        if part in _PRACTICE or part is None:
            for sentence in sentences(text, start, end):
                edits += self._claims(sentence.start, sentence.end, figures)
        edits += figures
        edits += retime(text, start, end, self.years)
        edits += self._unread(start, end)
        return edits

    def _unread(self, start: int, end: int) -> Iterator[Edit]:
        """Numbers that nobody could read as a figure, a date or a phrase: not to be repeated."""
        text = self.report.text
        view = fold(text)
        for match in _NUMBER.finditer(view, start, end):
            known = any(a < match.end() and match.start() < b for a, b in self._read)
            if not known and _counts(view, match):
                span = (verify_mark(text[match.start() : match.end()]),)
                yield Edit(match.start(), match.end(), span)

    def _figure(self, row: LedgerRow, beside: Sequence[LedgerRow]) -> Edit:
        q = row.quantity
        if is_change(q):
            return self._change(row, beside)
        new = self.supply.of(row)
        if new is None and self._keep_targets and q.modality is Modality.TARGET:
            kept = self.figure(q.text, f"来自{source_of(self.report, row)}", row)
            return Edit(q.start, q.end, (kept,))
        if new is not None:
            shown = in_style(new.quantity, q)
            last = f"{row.year}年：{q.text}（{source_of(self.report, row)}）"
            return Edit(q.start, q.end, (self.figure(shown, f"{new.comment}\n{last}", new.row),))
        every = frequency_start(self.report.text, q.start)
        if every is not None:
            return Edit(every, q.end, (verify_mark(self.report.text[every : q.end]),))
        near = [r for r in beside if r.quantity.sentence_start == q.sentence_start]
        told = self._told(row, near)
        return Edit(q.start, q.end, (told,)) if told is not None else self._blank(row)

    def _told(self, row: LedgerRow, near: Sequence[LedgerRow]) -> Figure | None:
        """A figure that follows from others: last year's own as a base, a share of what is new."""
        known = self._last_years(row, near)
        if known is not None:
            return self.figure(known.quantity.text, f"来自{source_of(self.report, known)}", known)
        again = share(self.report.text, row, near, self.supply.of)
        return Figure(again.figure, again.comment) if again is not None else None

    def _last_years(self, row: LedgerRow, near: Sequence[LedgerRow]) -> LedgerRow | None:
        """审查19件，比2023年的14件多5件: where the 14 stood, the new report has the 19."""
        old = self.years.old
        if self.years.step != 1 or row.year != old - 1 or row.quantity.modality is Modality.TARGET:
            return None
        same = [
            r
            for r in near
            if r.year == old
            and r.quantity.indicator == row.quantity.indicator
            and r.quantity.unit == row.quantity.unit
            and r.quantity.modality is Modality.ACTUAL
        ]
        return same[0] if len(same) == 1 else None

    def _blank(self, row: LedgerRow) -> Edit:
        """A blank with last year's figure as a reminder; a plan's is one for the year after."""
        q = row.quantity
        aim = "目标" if q.modality is Modality.TARGET else ""
        return Edit(q.start, q.end, (fill(reminder(row, aim), self.supply.key_of(row)),))

    def _change(self, row: LedgerRow, beside: Sequence[LedgerRow]) -> Edit:
        phrase = comparison(self.report.text, row.quantity)
        if phrase is None:
            return self._blank(row)
        base = _base_of(row, beside)
        new = self.supply.of(base) if base is not None else None
        if base is not None and new is not None:
            again = changed(phrase, row, base, new)
            if again is not None:
                spans: list[Span] = [Text(again.words)]
                if again.figure:
                    spans.append(Figure(again.figure, again.comment))
                return Edit(phrase.start, phrase.end, tuple(spans))
        said = self.report.text[phrase.start : phrase.end].lstrip("，,")
        what = f"比上年变化（{row.year}年：{_SINCE.sub('', said)}）"
        key = self.supply.key_of(base) if base is not None else ""
        return Edit(phrase.start, phrase.end, (fill(what, key),))

    def _claims(self, start: int, end: int, figures: Sequence[Edit]) -> Iterator[Edit]:
        """Claims of last year alone, marked; neighbouring ones together."""
        run: list[Clause] = []
        for clause in clauses(self.report.text, start, end):
            inside = [e for e in figures if clause.start <= e.start and e.end <= clause.end]
            marked = is_of_its_year(self.report.text[clause.start : clause.end])
            if marked and not inside and (not run or clause.end - run[0].start <= _MOST_MARKED):
                run.append(clause)
                continue
            if run:
                yield self._marked(run)
            run = [clause] if marked and not inside else []
            if inside:
                yield from self._around(clause, inside)
        if run:
            yield self._marked(run)

    def _around(self, clause: Clause, figures: Sequence[Edit]) -> Iterator[Edit]:
        """A clause with figures: what stands between them is marked where it is a claim."""
        text = self.report.text[clause.start : clause.end]
        blank = [e for e in figures if any(isinstance(s, Placeholder) for s in e.spans)]
        if blank and about_target(text):
            what = f"与目标相比的完成情况（{self.years.old}年：{text}）"
            yield Edit(clause.start, clause.end, (fill(what),))
            return
        told = {e.start for e in figures if e not in blank}  # 由去年的99.6%: it stays one
        edges = [clause.start, *(at for e in figures for at in (e.start, e.end)), clause.end]
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            of_its_year = is_of_its_year(self.report.text[first:last])
            if blank and of_its_year and last not in told:
                yield self._marked([Clause(first, last)])

    def _marked(self, run: Sequence[Clause]) -> Edit:
        start, end = run[0].start, run[-1].end
        years = retime(self.report.text, start, end, self.years)
        inner = plain(apply(self.report.text, start, end, years))
        return Edit(start, end, (verify_mark(inner),))


def _base_of(row: LedgerRow, beside: Sequence[LedgerRow]) -> LedgerRow | None:
    """The figure that changed: named so in the sentence, or the nearest before."""
    q = row.quantity
    name = re.sub("(?:较上年|同比|环比)?[增降]幅$", "", q.indicator)
    before = [
        r
        for r in beside
        if r.quantity.sentence_start == q.sentence_start
        and r.quantity.start < q.start
        and not is_change(r.quantity)
    ]
    named = [r for r in before if r.quantity.indicator == name]
    return named[-1] if named else None


def source_of(report: Report, row: LedgerRow) -> str:
    """Where a figure stands: title, heading, the sentence quoted."""
    path = report.heading_path(report.section_at(row.quantity.start).ordinal)
    where = f"{report.title or report.org} {' '.join(path)}".strip()
    sentence = row.sentence.strip().replace("\n", " ").replace("\t", " ")
    at = row.quantity.start - row.quantity.sentence_start
    if len(sentence) > 120:
        first = max(0, at - 50)
        sentence = ("…" if first else "") + sentence[first : first + 110] + "…"
    return f"{where}：“{sentence}”"


def frequency_start(text: str, at: int) -> int | None:
    """Where 每季度 begins when the figure at `at` is how often something is done: 每季度一次."""
    edge = max(0, at - _BEFORE_EVERY)
    found = _EVERY.search(fold(text[edge:at]))
    return edge + found.start() if found else None


def _counts(view: str, number: re.Match[str]) -> bool:
    """Whether a number may be a figure: no year, hotline, outline number or part of a name."""
    before, after = view[: number.start()][-1:], view[number.end() : number.end() + 1]
    if _HOTLINE.fullmatch(number.group()) or after in ("年", "号"):
        return False
    if _NAMED.match(before) or _NAMED.match(after):
        return False
    return not (len(number.group()) <= _POINT and _OUTLINE.match(after))
