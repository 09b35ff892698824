"""Answers worked out by code: most and least, totals, averages, changes between years, shares."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from assistant import aggregate
from assistant.aggregate import Operand, Series, amount
from assistant.answer.compose import Composer, named, printed
from assistant.answer.figures import is_change, key_of
from assistant.answer.selection import Selection
from vectorstore.clean import fold
from vectorstore.indicators import Lexicon
from vectorstore.scope import Intent
from vectorstore.scope.intent import subject_text
from vectorstore.store import LedgerRow, ReportRow, Store
from vectorstore.types import Dimension

__all__ = ["tell"]

_LEAST = re.compile(r"最[少低小]|从[低少小]到[高多大]|倒数|垫底")
_WHICH = re.compile(r"哪[些几]|有几[个家]")
_OF_ALL = re.compile("[全各]|所有|总|合计|几家|单位")
_UP = re.compile(r"增[长加]|上升|提高|多了")
_DOWN = re.compile(r"减少|下降|降低|少了")
_PERCENT = (Dimension.PERCENT, Dimension.PERMILLE)


def tell(
    composer: Composer, selection: Selection, canonical: str, store: Store, lexicon: Lexicon
) -> bool:
    """Compute and tell what is asked of `canonical`; False when the ledger cannot carry it."""
    intent = selection.asked.intent
    if intent is Intent.SHARE:
        return _share(composer, selection, store, lexicon)
    if not canonical:
        return False
    name = lexicon.indicators[canonical].name
    if intent is Intent.DIFFERENCE:
        return _difference(composer, selection, canonical, name, store)
    told = False
    for what, rows in _groups(selection):
        series = aggregate.gather(store, rows, canonical)
        if not series.operands:
            continue
        summable = lexicon.indicators[canonical].aggregation == "sum"
        _LINES[intent](composer, series, f"{what}{name}", selection, summable)
        _remarks(composer, series)
        told = True
    return told


def _groups(selection: Selection) -> list[tuple[str, list[ReportRow]]]:
    """What is computed together: the reports of one year, or the years of one organisation."""
    rows = selection.rows
    if len({r.org for r in rows}) == 1 and len(rows) > 1:
        years = "、".join(f"{r.year}年" for r in rows)
        return [(f"{rows[0].org}{years}", list(rows))]
    years_of = sorted({r.year for r in rows}, key=lambda year: year or 0)
    return [(f"{y}年" if y else "", [r for r in rows if r.year == y]) for y in years_of]


def _whose(operand: Operand, series: Series) -> str:
    """The name of an operand among the others: the organisation, or the year if it is one's own."""
    alone = len({o.org for o in series.operands}) == 1 and len(series.operands) > 1
    return f"{operand.year}年" if alone else operand.org


def _rank(
    composer: Composer, series: Series, what: str, selection: Selection, _summable: bool
) -> None:
    least = bool(_LEAST.search(fold(selection.asked.question)))
    order = aggregate.ranked(series, ascending=least)
    first = [o for o in order if o.value == order[0].value]
    names = "、".join(o.org for o in first)
    cites = [composer.cite_row(o.row) for o in first]
    composer.add(
        f"{what}{'最少' if least else '最多'}的是{names}：{printed(order[0].row)}。", cites
    )
    if len(order) > len(first):
        for place, operand in enumerate(order, 1):
            n = composer.cite_row(operand.row)
            composer.add(f"{place}. {operand.org}：{printed(operand.row)}", [n])


def _total(
    composer: Composer, series: Series, what: str, _selection: Selection, summable: bool
) -> None:
    if not summable:
        composer.add(f"{what}是比率，不能相加，以下分别列出。")
        _list(composer, series)
        return
    whole = aggregate.total(series.operands)
    least = "不少于" if not series.exact else ""
    composer.add(f"{what}合计{least}{amount(whole, series.unit)}{_count(series)}。")
    _list(composer, series)


def _average(
    composer: Composer, series: Series, what: str, _selection: Selection, _summable: bool
) -> None:
    mean = aggregate.average(series.operands)
    about = "" if series.exact else "约"
    composer.add(f"{what}平均{about}{amount(mean, series.unit)}{_count(series)}。")
    _list(composer, series)


def _count(series: Series) -> str:
    orgs = len({o.org for o in series.operands})
    return f"（{orgs} 个单位）" if orgs > 1 else ""


def _list(composer: Composer, series: Series) -> None:
    for operand in series.operands:
        n = composer.cite_row(operand.row)
        composer.add(f"· {_whose(operand, series)}：{printed(operand.row)}", [n])


_LINES = {Intent.RANK: _rank, Intent.TOTAL: _total, Intent.AVERAGE: _average}


def _difference(
    composer: Composer, selection: Selection, canonical: str, name: str, store: Store
) -> bool:
    """Between two years of each organisation, or between organisations of one year."""
    years = selection.asked.years
    orgs = list(dict.fromkeys(r.org for r in selection.rows if r.org))
    if len(years) == 1 and len(selection.asked.orgs) == 2:
        series = aggregate.gather(store, selection.rows, canonical)
        if len(series.operands) == 2:
            _apart(composer, series, f"{years[0]}年{name}")
            return True
    after = max(years or [r.year for r in selection.rows if r.year], default=None)
    if after is None:
        return False
    before = min(years) if len(years) > 1 else after - 1
    told = False
    for org in orgs:
        rows = [r for r in selection.library if r.org == org and r.year in (before, after)]
        series = aggregate.gather(store, rows, canonical)
        by_year = {o.year: o for o in series.operands}
        if before not in by_year:  # this year's report may print last year's figure too
            own = [replace(r, year=before) for r in rows if r.year == after]
            recalled = aggregate.gather(store, own, canonical)
            by_year |= {o.year: o for o in recalled.operands if recalled.unit == series.unit}
        if before in by_year and after in by_year:
            if _wanted(selection, by_year[after].value - by_year[before].value):
                _changed(composer, by_year[before], by_year[after], name, series.unit)
                told = True
        elif after in by_year:
            _alone(composer, by_year[after].row, f"{named(org, after)}{name}", before, store)
    return told or bool(composer.lines)


def _alone(composer: Composer, row: LedgerRow, what: str, before: int, store: Store) -> None:
    """The figure without the year before: the change as the report itself prints it, if it does."""
    said = [
        f"{other.quantity.indicator}{printed(other)}"
        for other in store.quantities(report_id=row.report_id)
        if other.quantity.sentence_start == row.quantity.sentence_start
        and is_change(other.quantity.indicator)
        and other.quantity.indicator.startswith(row.quantity.indicator)
    ]
    change = f"；报告写明{said[0]}" if said else "，无法比较"
    composer.add(
        f"{what}：{printed(row)}，没有{before}年的数字{change}。", [composer.cite_row(row)]
    )


def _wanted(selection: Selection, change: Decimal) -> bool:
    """哪些单位增长 asks for those that grew only; without 哪些, every change is told."""
    question = fold(selection.asked.question)
    if not _WHICH.search(question):
        return True
    return change > 0 if _UP.search(question) else change < 0 if _DOWN.search(question) else True


def _changed(composer: Composer, old: Operand, new: Operand, name: str, unit: str) -> None:
    change = new.value - old.value
    word = "增加" if change > 0 else "减少"
    cites = [composer.cite_row(old.row), composer.cite_row(new.row)]
    head = f"{new.org}{name}：{old.year}年{printed(old.row)}，{new.year}年{printed(new.row)}"
    if not change:
        composer.add(f"{head}，持平。", cites)
    elif new.row.quantity.dimension in _PERCENT:
        composer.add(f"{head}，{word}{amount(abs(change), '个百分点')}。", cites)
    else:
        rate = aggregate.growth(old.value, new.value)
        percent = f"，{'增长' if change > 0 else '下降'}{abs(rate)}%" if rate is not None else ""
        about = "" if old.exact and new.exact else "约"
        composer.add(f"{head}，{about}{word}{amount(abs(change), unit)}{percent}。", cites)


def _apart(composer: Composer, series: Series, what: str) -> None:
    high, low = aggregate.ranked(series)
    cites = [composer.cite_row(high.row), composer.cite_row(low.row)]
    gap = amount(high.value - low.value, series.unit)
    composer.add(
        f"{what}：{high.org}{printed(high.row)}，{low.org}{printed(low.row)}，相差{gap}。",
        cites,
    )
    _remarks(composer, series)


def _share(composer: Composer, selection: Selection, store: Store, lexicon: Lexicon) -> bool:
    """A占B: of one indicator in another, or of one organisation in the total."""
    left, _, right = fold(selection.asked.question).partition("占")
    part = key_of(subject_text(left), lexicon)
    whole = key_of(subject_text(right), lexicon) or part
    if not part or (part == whole and not (selection.asked.orgs and _OF_ALL.search(right))):
        return False  # 公安类案件多少件，占多少: of what, only the report can say
    told = False
    for row in selection.rows:
        small = aggregate.gather(store, [row], part)
        wide = [row] if part != whole else [r for r in selection.library if r.year == row.year]
        large = aggregate.gather(store, wide, whole)
        if not small.operands or not large.operands:
            continue
        percent = aggregate.share(small.operands[0].value, aggregate.total(large.operands))
        if percent is None:
            continue
        of = (
            lexicon.indicators[whole].name if part != whole else f"{len(large.operands)} 个单位合计"
        )
        sum_ = amount(aggregate.total(large.operands), large.unit)
        cites = [composer.cite_row(o.row) for o in (*small.operands, *large.operands)]
        name = lexicon.indicators[part].name
        figure = printed(small.operands[0].row)
        composer.add(f"{named(row.org, row.year)}{name}{figure}，占{of}{sum_}的{percent}%。", cites)
        told = True
    return told


def _remarks(composer: Composer, series: Series) -> None:
    """What a reader must know to trust the figure."""
    if series.silent:
        composer.add(f"未提及：{'、'.join(named(r.org, r.year) for r in series.silent)}。")
    if not series.exact:
        composer.notes.append("含“余”“近”“约”等约数的，按下限计算。")
    for operand in series.operands:
        if operand.others:
            more = "、".join(printed(r) for r in operand.others)
            composer.notes.append(
                f"{named(operand.org, operand.year)}报告中同一指标另有：{more}，"
                f"本次取“{printed(operand.row)}”。"
            )
    for row in series.set_aside:
        composer.notes.append(
            f"{named(row.org, row.year)}的“{printed(row)}”计量单位不同，未列入计算。"
        )
