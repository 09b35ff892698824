"""What every question reads again and again, kept in memory until the store changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from vectorstore.store import ledger
from vectorstore.store import reports as report_rows
from vectorstore.store.database import Connection, generation
from vectorstore.store.records import LedgerRow, ReportRow
from vectorstore.types import Report, Scope

__all__ = ["Kept"]

_MOST = 800  # reports or figures of a report, about 100 KB each; the longest unused go first
_K = TypeVar("_K")


class Kept:
    """The list of reports, and the texts and figures asked for last; of one generation.

    All belongs to the snapshot the given connection sees, so a reader that began before a change
    is not given what came after it. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation: int | None = None
        self._kept: OrderedDict[tuple[str, str], object] = OrderedDict()

    def reports(self, connection: Connection, scope: Scope) -> list[ReportRow]:
        """The reports of `scope` (with `parts`: those that have one of them), by org and year."""
        rows = self._read(connection, "list", "", lambda: tuple(report_rows.listing(connection)))
        parts = set(scope.parts)
        return [
            row
            for row in rows
            if (not scope.orgs or row.org in scope.orgs)
            and (not scope.years or row.year in scope.years)
            and (not parts or parts & set(row.parts))
        ]

    def report(self, connection: Connection, report_id: str) -> Report:
        """The whole report. Raises NotFoundError."""
        return self._read(
            connection, "report", report_id, lambda: report_rows.load(connection, report_id)
        )

    def figures(self, connection: Connection, report_id: str) -> list[LedgerRow]:
        """The figures of a report, by place; none when there is no such report."""
        return list(
            self._read(
                connection,
                "figures",
                report_id,
                lambda: tuple(ledger.of_report(connection, report_id)),
            )
        )

    def _read(
        self, connection: Connection, what: str, report_id: str, load: Callable[[], _K]
    ) -> _K:
        """What is kept under this name, else what `load` reads."""
        seen, name = generation(connection), (what, report_id)
        with self._lock:
            if seen == self._generation and name in self._kept:
                self._kept.move_to_end(name)
                found: _K = self._kept[name]  # type: ignore[assignment]  # put there by `load`
                return found
        loaded = load()
        with self._lock:
            if seen != self._generation:
                self._generation = seen
                self._kept.clear()
            self._kept[name] = loaded
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return loaded
