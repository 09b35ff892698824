"""Comparison tables from the ledger: bureaus by indicator, one unit a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Any

import yaml

from assistant.aggregate import Operand, Series, amount, gather, total
from assistant.brief.batch import Batch
from assistant.brief.types import NOT_MENTIONED, NOT_SUBMITTED, Cell, Source
from vectorstore.indicators import Indicator, Lexicon
from vectorstore.store import LedgerRow, Store
from vectorstore.types import Hedge, Modality

__all__ = [
    "Column",
    "bare",
    "cell_of",
    "column_unit",
    "columns",
    "grouped",
    "middle",
    "shown",
    "source_of",
    "sources_of",
    "whole",
]

_TEN_THOUSAND = Decimal(10_000)
# Columns of all tables together; more is an appendix nobody reads. What half of the bureaus
# state is never left out for it.
_MOST = 24
_WIDEST = 6  # columns of one table beside the names, so that it stands on an upright page
_THIN = 3  # a table of fewer columns joins its neighbour
_REST = "其他指标"
_LEAST_SHARE = Decimal("0.2")  # of the bureaus that sent a report


@dataclass(frozen=True, slots=True)
class Column:
    """One indicator over the bureaus: its series, its cells in order, targets of the silent."""

    indicator: Indicator
    series: Series
    cells: tuple[Cell, ...]
    targets: tuple[LedgerRow, ...] = ()

    @property
    def summable(self) -> bool:
        """Whether the values of several bureaus may be added up."""
        return self.indicator.aggregation == "sum"

    @property
    def unit(self) -> str:
        """The unit figures are shown in: 万元 where the largest sum has five digits of 元."""
        return column_unit(self.series)

    @property
    def heading(self) -> str:
        """The column's name with its unit."""
        return f"{self.indicator.name}（{self.unit}）" if self.unit else self.indicator.name


def columns(store: Store, batch: Batch, lexicon: Lexicon) -> list[Column]:
    """The indicators most bureaus give; of those as many give, the first of groups.yaml first.

    At least two bureaus give each.
    """
    reports = batch.reports
    present = {row.quantity.canonical for row in store.quantities(modality=Modality.ACTUAL)}
    made = []
    for key in lexicon.indicators:
        if key in present:
            series = gather(store, reports, key)
            least = max(Decimal(min(2, len(reports))), _LEAST_SHARE * len(reports))
            if len(series.operands) >= least:
                made.append(series)
    made.sort(key=lambda s: (-len(s.operands), s.canonical not in _arrangement()["first"]))
    shared = sum(2 * len(series.operands) >= len(reports) for series in made)
    return [_column(store, batch, s, lexicon) for s in made[: max(_MOST, shared)]]


def grouped(made: Sequence[Column]) -> list[tuple[str, tuple[Column, ...]]]:
    """The columns under the titles of groups.yaml, at most six a table, none left out.

    Groups of one or two columns stand together in one table.
    """
    named = {key: group["title"] for group in _arrangement()["groups"] for key in group["keys"]}
    order = {key: n for n, key in enumerate(named)}
    by_title: dict[str, list[Column]] = {}
    for column in sorted(made, key=lambda c: order.get(c.indicator.key, len(order))):
        by_title.setdefault(named.get(column.indicator.key, _REST), []).append(column)
    tables: list[tuple[list[str], list[Column]]] = []
    for title, group in by_title.items():
        last = tables[-1] if tables else None
        thin = last is not None and min(len(group), len(last[1])) < _THIN
        if last is not None and thin and len(last[1]) + len(group) <= _WIDEST:
            last[0].append(title)
            last[1].extend(group)
        else:
            tables.append(([title], group))
    return [part for titles, group in tables for part in _split("、".join(titles), group)]


def _split(title: str, group: Sequence[Column]) -> list[tuple[str, tuple[Column, ...]]]:
    parts = -(-len(group) // _WIDEST)
    size = -(-len(group) // parts)
    return [
        (
            f"{title}情况（{n + 1}）" if parts > 1 else f"{title}情况",
            tuple(group[n * size : (n + 1) * size]),
        )
        for n in range(parts)
    ]


@cache
def _arrangement() -> dict[str, Any]:
    text = files("assistant.brief").joinpath("groups.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def _column(store: Store, batch: Batch, series: Series, lexicon: Lexicon) -> Column:
    indicator = lexicon.indicators[series.canonical]
    by_report = {operand.row.report_id: operand for operand in series.operands}
    cells = []
    for bureau in batch.bureaus:
        operand = by_report.get(bureau.report.id) if bureau.report else None
        empty = NOT_MENTIONED if bureau.report else NOT_SUBMITTED
        cell = cell_of(operand, indicator.name) if operand else None
        cell = cell or Cell("", batch.year, indicator.name, empty)
        cells.append(replace(cell, org=bureau.name, year=batch.year))
    silent = {row.id for row in series.silent}
    aims = store.quantities(canonical=series.canonical, modality=Modality.TARGET)
    targets = tuple(
        row for row in aims if row.report_id in silent and row.year in (batch.year, None)
    )
    return Column(indicator, series, tuple(cells), targets)


def cell_of(operand: Operand, indicator: str) -> Cell:
    """The cell of a ledger value: exactly what the ledger holds."""
    quantity = operand.row.quantity
    return Cell(
        org=operand.org,
        year=operand.year,
        indicator=indicator,
        text=quantity.text,
        value=quantity.value,
        unit=quantity.unit,
        source=source_of(operand.row),
    )


def source_of(row: LedgerRow) -> Source:
    """Where a figure of the ledger stands."""
    q = row.quantity
    place = (row.report_id, row.org, row.year, q.heading, row.sentence, q.start, q.end)
    return Source(*place, quote=q.text)


def sources_of(operands: Sequence[Operand]) -> tuple[Source, ...]:
    """Where the figures of a sum stand."""
    return tuple(source_of(operand.row) for operand in operands)


def column_unit(series: Series) -> str:
    """万元 for money of five digits or more, otherwise the base unit most reports print."""
    largest = max((operand.value for operand in series.operands), default=Decimal(0))
    return "万元" if series.unit == "元" and largest >= _TEN_THOUSAND else series.unit


def shown(operand: Operand, unit: str) -> str:
    """The figure as a table prints it: a bare number in the column's unit, hedged ones verbatim."""
    quantity = operand.row.quantity
    if quantity.hedge is not Hedge.EXACT or quantity.value_max is not None:
        return quantity.text
    return bare(operand.value, unit)


def bare(value: Decimal, unit: str) -> str:
    """A number in `unit` without the unit."""
    return amount(value / _TEN_THOUSAND if unit == "万元" else value, "")


def middle(operands: Sequence[Operand]) -> Decimal:
    """The median in the base unit, to two places. Raises StatisticsError without operands."""
    value = Decimal(median(operand.value for operand in operands))
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def whole(column: Column) -> Decimal | None:
    """The sum in the base unit; None where values may not be added up."""
    return total(column.series.operands) if column.summable else None
