"""What a suite gives back, whatever it measures: metrics, tables and worst cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.stats import Rate

__all__ = ["Row", "SuiteResult", "Table"]


@dataclass(frozen=True, slots=True)
class Row:
    """One measured share: what, on which half, against which target if it has one."""

    name: str
    split: str
    rate: Rate
    target: float | None = None
    note: str = ""

    @property
    def mark(self) -> str:
        """✓ or ✗ against the target, empty without one; no trials never reach a target."""
        if self.target is None:
            return ""
        return "✓" if self.rate.reaches(self.target) else "✗"

    def cells(self) -> list[str]:
        """The row as printed, under `Table.head`."""
        value = self.rate.value
        low, high = self.rate.interval.low, self.rate.interval.high
        return [
            self.name,
            self.split,
            "不适用" if value is None else f"{value:.1%}",
            f"{self.rate.hits}/{self.rate.total}",
            "" if value is None else f"{low:.1%}–{high:.1%}",
            "" if self.target is None else f"≥ {self.target:.0%}",
            self.mark,
            self.note,
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """Measured rows, or plain cells under `plain_head` for cases shown one by one."""

    title: str
    rows: Sequence[Row]
    plain: Sequence[Sequence[str]] = ()
    plain_head: Sequence[str] = ()
    last: str = ""

    @property
    def head(self) -> Sequence[str]:
        """The names of the columns; that of the rows' notes is `last`."""
        measured = ("项目", "分组", "得分", "计数", "95% 区间", "目标", "达标", self.last)
        return self.plain_head or measured


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """A suite's metrics (JSON), its tables, its worst cases, and further files of JSON lines."""

    name: str
    title: str
    metrics: Mapping[str, Any]
    tables: Sequence[Table]
    worst: Sequence[Table] = ()
    files: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
