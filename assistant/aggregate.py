"""Arithmetic over the ledger: one canonical indicator and unit, one value a report.

Nothing here guesses: organisations without a value are listed, values of another unit are set
aside, several values of one report are told, and years are never mixed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assistant.orders import is_order
from vectorstore.store import LedgerRow, ReportRow, Store
from vectorstore.types import Dimension, Hedge, Modality

__all__ = ["Operand", "Series", "amount", "average", "gather", "growth", "ranked", "share", "total"]

_TEN_THOUSAND = Decimal(10_000)
_ONE_PLACE = Decimal("0.1")
_TWO_PLACES = Decimal("0.01")
_HOW_OFTEN = re.compile(r"每(?:个?月|个?[周旬季日天]度?|半年|人|家|户|案)[^，,；;。:：]{0,10}$")


@dataclass(frozen=True, slots=True)
class Operand:
    """The value of one organisation and year; `others` are further values its report gives."""

    org: str
    year: int | None
    row: LedgerRow
    others: tuple[LedgerRow, ...] = ()

    @property
    def value(self) -> Decimal:
        """In the base unit; the lower bound of a hedged figure."""
        assert self.row.quantity.value is not None
        return self.row.quantity.value

    @property
    def exact(self) -> bool:
        """Whether the report prints the figure without a hedge (余, 约 …)."""
        return self.row.quantity.hedge is Hedge.EXACT


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator over reports; `unit` is the base unit printed (元, 件).

    `silent` reports give no value, `set_aside` values have another unit.
    """

    canonical: str
    unit: str
    operands: tuple[Operand, ...]
    silent: tuple[ReportRow, ...]
    set_aside: tuple[LedgerRow, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether every operand is exact."""
        return all(operand.exact for operand in self.operands)


def gather(store: Store, reports: Sequence[ReportRow], canonical: str) -> Series:
    """The actual value of `canonical` in each report, for the report's own year."""
    chosen: list[Operand] = []
    silent: list[ReportRow] = []
    by_report = _rows(store, reports, canonical)
    usual = Counter(p for rows in by_report.values() for p in {_phrase(row) for row in rows})
    for report in reports:
        rows = by_report.get(report.id, [])
        if not rows:
            silent.append(report)
            continue
        first, *rest = sorted(rows, key=lambda row: _standing(row, usual))
        others = [r for r in rest if r.quantity.value != first.quantity.value]
        chosen.append(Operand(report.org, report.year, first, tuple(others)))
    return _of_one_unit(canonical, chosen, silent, reports)


def _rows(store: Store, reports: Sequence[ReportRow], canonical: str) -> dict[str, list[LedgerRow]]:
    """The figures of each report on itself: its own year, and no other organisation it names."""
    scopes = {report.id: (report.org, report.year) for report in reports}
    found: dict[str, list[LedgerRow]] = {}
    for row in store.quantities(canonical=canonical, modality=Modality.ACTUAL):
        mine = scopes.get(row.report_id) == (row.org, row.year)
        known = row.quantity.value is not None and not is_order(row.sentence)
        if mine and known and not _is_frequency(row):
            found.setdefault(row.report_id, []).append(row)
    return found


def _is_frequency(row: LedgerRow) -> bool:
    """每月培训一次 tells how often, not how many in the year."""
    before = row.sentence[: max(row.quantity.start - row.quantity.sentence_start, 0)]
    return _HOW_OFTEN.search(before) is not None


def _phrase(row: LedgerRow) -> str:
    return row.quantity.indicator.rpartition("·")[2]


def _standing(row: LedgerRow, usual: Counter[str]) -> tuple[bool, Decimal, int]:
    """The report's own total before its parts: no parent, the largest (no part is larger), first.

    Of rates the one under the name most reports use (结案率 before 完结率), then the first one.
    """
    quantity = row.quantity
    counted = quantity.dimension not in (Dimension.PERCENT, Dimension.PERMILLE)
    size = quantity.value if counted and quantity.value is not None else usual[_phrase(row)]
    return "·" in quantity.indicator, Decimal(-size), quantity.start


def _of_one_unit(
    canonical: str,
    chosen: Sequence[Operand],
    silent: Sequence[ReportRow],
    reports: Sequence[ReportRow],
) -> Series:
    kinds = Counter(o.row.quantity.dimension.family for o in chosen)
    main = kinds.most_common(1)[0][0] if kinds else Dimension.OTHER
    kept = [o for o in chosen if o.row.quantity.dimension.family is main]
    aside = [o for o in chosen if o not in kept]
    units = Counter(o.row.quantity.unit for o in kept)
    unit = units.most_common(1)[0][0] if units else ""
    without = {o.row.report_id for o in aside}
    silent = [*silent, *(r for r in reports if r.id in without)]
    return Series(canonical, unit, tuple(kept), tuple(silent), tuple(o.row for o in aside))


def ranked(series: Series, ascending: bool = False) -> list[Operand]:
    """Operands from most to least, or the other way; ties by organisation."""
    sign = 1 if ascending else -1
    return sorted(series.operands, key=lambda o: (sign * o.value, o.org))


def total(operands: Iterable[Operand]) -> Decimal:
    """The exact sum, in the base unit."""
    return sum((operand.value for operand in operands), Decimal(0))


def average(operands: Sequence[Operand]) -> Decimal:
    """The mean in the base unit, to two places. Raises ValueError without operands."""
    if not operands:
        raise ValueError("no operands")
    return _rounded(total(operands) / len(operands), _TWO_PLACES)


def growth(before: Decimal, after: Decimal) -> Decimal | None:
    """Change in percent of `before`, to one place; None when `before` is zero."""
    return _rounded((after - before) / before * 100, _ONE_PLACE) if before else None


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` in percent of `whole`, to one place; None when `whole` is zero."""
    return _rounded(part / whole * 100, _ONE_PLACE) if whole else None


def amount(value: Decimal, unit: str) -> str:
    """How a value is printed: money from ten thousand 元 in 万元, plain digits otherwise."""
    if unit in ("元", "万元", "亿元") and abs(value) >= _TEN_THOUSAND:
        return f"{_plain(value / _TEN_THOUSAND)}万元"
    return f"{_plain(value)}{unit}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal, to: Decimal) -> Decimal:
    return value.quantize(to, rounding=ROUND_HALF_UP)
