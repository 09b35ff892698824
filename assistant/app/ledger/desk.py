"""The ledger tab without Gradio: filters in, one page of rows, a comparison and downloads out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.app import words
from assistant.app.downloads import Downloads
from assistant.app.ledger import bars, grid
from assistant.app.ledger.compare import compare, course
from assistant.app.notices import problem_html
from assistant.app.paging import pager_html
from assistant.build import Services
from assistant.ledger import find_rows, save_ledger
from assistant.scoping import resolve_scope
from vectorstore.errors import PlainError
from vectorstore.store import LedgerRow
from vectorstore.types import QuantityKind, Scope

__all__ = ["LedgerDesk", "LedgerView", "Query", "turned"]

PAGE_ROWS = 50
_MAX_INDICATOR = 100  # characters
_MAX_PHRASES = 200  # indicators offered beyond the shared ones; any words can be typed
_FILE = "指标台账"
_MAX_NAMED = 20  # characters of an indicator in a file's name


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be shown. `orgs` and `years` as picked or typed; `sort` a column of the grid."""

    orgs: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    indicator: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class LedgerView:
    """HTML of the comparison, of the line with count and downloads, and of the grid."""

    bars: str
    head: str
    grid: str


def turned(query: Query, asked: str, value: str) -> Query:
    """`query` after a header was pressed (`sort`) or another page asked for (`page`)."""
    if asked == "sort" and value in grid.SORTABLE:
        if query.sort != value:
            return replace(query, sort=value, descending=value == "value", page=0)
        return replace(query, descending=not query.descending, page=0)
    if asked == "page" and value.isascii() and value.isdigit() and len(value) < 8:
        return replace(query, page=int(value))
    return query


@dataclass(frozen=True)
class LedgerDesk:
    """The ledger of one set of services."""

    services: Services
    downloads: Downloads

    def indicators(self) -> list[str]:
        """What can be picked: shared indicators that have rows, then the most frequent phrases."""
        lexicon = self.services.lexicon.indicators
        rows = self.services.store.quantities(kind=QuantityKind.QUANTITY)
        present = {row.quantity.canonical for row in rows}
        shared = [indicator.name for key, indicator in lexicon.items() if key in present]
        phrases = Counter(
            q.indicator
            for q in (row.quantity for row in rows)
            if q.indicator and q.canonical not in lexicon and len(q.indicator) <= _MAX_INDICATOR
        )
        names = set(shared)
        others = [phrase for phrase, _ in phrases.most_common(_MAX_PHRASES) if phrase not in names]
        return [*shared, *others]

    def view(self, session: str, query: Query) -> LedgerView:
        """What `query` finds. Problems of the user's making are told in the grid's place."""
        if not self.services.store.reports():
            return LedgerView("", "", grid.EMPTY_LIBRARY)
        try:
            scope, rows = self._find(query)
        except PlainError as error:
            return LedgerView("", "", problem_html(str(error), words.on_page(error.hint)))
        figures = [row for row in rows if row.quantity.kind is QuantityKind.QUANTITY]
        if not figures:
            return LedgerView("", "", grid.NOTHING)
        head = grid.head_html(
            len(figures),
            len({row.org for row in figures}),
            len(rows) - len(figures),
            [(suffix, self._offer(session, query, scope, suffix)) for suffix in ("xlsx", "csv")],
            compared=bool(query.indicator.strip()),
        )
        return LedgerView(self._bars(figures, scope, query), head, self._grid(figures, query))

    def grid(self, query: Query) -> str:
        """The grid alone, for another order or page of what `view` showed."""
        try:
            rows = self._find(query)[1]
        except PlainError as error:
            return problem_html(str(error), words.on_page(error.hint))
        figures = [row for row in rows if row.quantity.kind is QuantityKind.QUANTITY]
        return self._grid(figures, query) if figures else grid.NOTHING

    def _find(self, query: Query) -> tuple[Scope, list[LedgerRow]]:
        services = self.services
        scope = resolve_scope(services.store, query.orgs, words.years(query.years))
        indicator = query.indicator.strip()[:_MAX_INDICATOR]
        return scope, find_rows(services.store, services.lexicon, scope, indicator)

    def _grid(self, figures: Sequence[LedgerRow], query: Query) -> str:
        lexicon = self.services.lexicon
        order = {key: n for n, key in enumerate(lexicon.indicators)}
        figures = _sorted(figures, query, order)
        last = (len(figures) - 1) // PAGE_ROWS
        page = min(query.page, last)
        part = figures[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
        load = cache(self.services.store.report)
        table = grid.grid_html(part, lexicon, load, query.sort, query.descending)
        return table + pager_html(page, last, PAGE_ROWS, len(figures))

    def _bars(self, figures: Sequence[LedgerRow], scope: Scope, query: Query) -> str:
        """The plot of the one shared indicator that was asked for."""
        if not query.indicator.strip():
            return ""
        keys = {row.quantity.canonical for row in figures}
        shared = self.services.lexicon.indicators.get(keys.pop()) if len(keys) == 1 else None
        if shared is None:
            return ""
        store, load = self.services.store, cache(self.services.store.report)
        if over_years := course(store, shared.key, scope):
            return bars.course_html(over_years, shared.name, load)
        compared = compare(store, shared.key, scope)
        return bars.bars_html(compared, shared.name, load) if compared else ""

    def _offer(self, session: str, query: Query, scope: Scope, suffix: str) -> str:
        def make() -> bytes:
            with TemporaryDirectory(prefix="fazhi-") as folder:
                path = Path(folder) / f"{_FILE}.{suffix}"
                save_ledger(path, self._find(query)[1], self.services.lexicon)
                return path.read_bytes()

        return self.downloads.offer(session, f"{_name(scope, query)}.{suffix}", make)


def _name(scope: Scope, query: Query) -> str:
    """What a download is called: the organisation if there is one, the years, the indicator."""
    org = scope.orgs[0] if len(scope.orgs) == 1 else ""
    indicator = query.indicator.strip()[:_MAX_NAMED]
    return f"{org}{_span(scope.years)}{indicator}{_FILE}"


def _span(years: Sequence[int]) -> str:
    """2025年, 2023—2025年 for years that follow each other, else each of them."""
    found = sorted(set(years))
    if len(found) > 1 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}—{found[-1]}年"
    return f"{'、'.join(map(str, found))}年" if found else ""


def _sorted(
    figures: Sequence[LedgerRow], query: Query, order: dict[str, int]
) -> Sequence[LedgerRow]:
    """By organisation and year, shared indicators first; or by a column."""

    by_name = cache(words.by_name)  # few organisations have many rows

    def shared_first(row: LedgerRow) -> int:
        return order.get(row.quantity.canonical, len(order))

    figures = sorted(figures, key=lambda row: (by_name(row.org), row.year or 0, shared_first(row)))
    keys: dict[str, Callable[[LedgerRow], Any]] = {
        "org": lambda row: by_name(row.org),
        "year": lambda row: row.year or 0,
        "indicator": lambda row: (shared_first(row), row.quantity.indicator),
        "value": lambda row: row.quantity.value or Decimal(0),
        "unit": lambda row: row.quantity.unit,
        "modality": lambda row: row.quantity.modality.value,
        "heading": lambda row: row.quantity.heading,
    }
    if query.sort in keys:
        return sorted(figures, key=keys[query.sort], reverse=query.descending)
    return figures
