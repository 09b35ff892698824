"""What every question reads again and again, kept in memory until the store changes."""

from __future__ import annotations

import threading
from collections import OrderedDict

from vectorstore.store import ledger
from vectorstore.store import reports as report_rows
from vectorstore.store.database import Connection, generation
from vectorstore.store.records import LedgerRow, ReportRow
from vectorstore.types import Scope

__all__ = ["Kept"]

_REPORTS = 400  # whose figures are kept, about 100 KB each; the longest unused go first


class Kept:
    """The list of reports, and the figures of those asked for last; of one generation.

    Both belong to the snapshot the given connection sees, so a reader that began before a change
    is not given what came after it. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation: int | None = None
        self._reports: tuple[ReportRow, ...] | None = None
        self._figures: OrderedDict[str, tuple[LedgerRow, ...]] = OrderedDict()

    def reports(self, connection: Connection, scope: Scope) -> list[ReportRow]:
        """The reports of `scope` (with `parts`: those that have one of them), by org and year."""
        seen = generation(connection)
        with self._lock:
            rows = self._reports if seen == self._generation else None
        if rows is None:
            rows = tuple(report_rows.listing(connection))
            with self._lock:
                self._turn_to(seen)
                self._reports = rows
        parts = set(scope.parts)
        return [
            row
            for row in rows
            if (not scope.orgs or row.org in scope.orgs)
            and (not scope.years or row.year in scope.years)
            and (not parts or parts & set(row.parts))
        ]

    def figures(self, connection: Connection, report_id: str) -> list[LedgerRow]:
        """The figures of a report, by place; none when there is no such report."""
        seen = generation(connection)
        with self._lock:
            rows = self._figures.get(report_id) if seen == self._generation else None
            if rows is not None:
                self._figures.move_to_end(report_id)
                return list(rows)
        rows = tuple(
            ledger.select(
                connection, Scope(), canonical=None, kind=None, modality=None, report_id=report_id
            )
        )
        with self._lock:
            self._turn_to(seen)
            self._figures[report_id] = rows
            while len(self._figures) > _REPORTS:
                self._figures.popitem(last=False)
        return list(rows)

    def _turn_to(self, seen: int) -> None:
        """Forget what belongs to another generation; the lock is held."""
        if seen != self._generation:
            self._generation = seen
            self._reports = None
            self._figures.clear()
