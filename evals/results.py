"""What a suite gives back, whatever it measures: metrics, tables, a curve, worst cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.stats import Rate, Score

__all__ = ["SPLITS", "Curve", "Exhibit", "Gallery", "Row", "SuiteResult", "Table", "errors_json"]

SPLITS: dict[str, str] = {"dev": "可调半", "test": "保留半"}  # a half's name in files and on pages


@dataclass(frozen=True, slots=True)
class Row:
    """One measured score: what, on which half, against which target if it has one.

    `lower` marks a rate of errors: its target is the most there may be.
    """

    name: str
    split: str
    rate: Score
    target: float | None = None
    note: str = ""
    lower: bool = False

    @property
    def mark(self) -> str:
        """✓ or ✗ against the target, empty without one; no trials never reach a target."""
        if self.target is None:
            return ""
        if self.lower:
            value = self.rate.value
            return "✓" if value is not None and value <= self.target else "✗"
        return "✓" if self.rate.reaches(self.target) else "✗"

    def cells(self) -> list[str]:
        """The row as printed, under `Table.head`."""
        value = self.rate.value
        low, high = self.rate.interval.low, self.rate.interval.high
        sign = "≤" if self.lower else "≥"
        return [
            self.name,
            self.split,
            "不适用" if value is None else f"{value:.1%}",
            self.rate.counts,
            "" if value is None else f"{low:.1%}–{high:.1%}",
            "" if self.target is None else f"{sign} {self.target:.0%}",
            self.mark,
            self.note,
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """Measured rows, or plain cells under `plain_head` for cases shown one by one.

    `plot`: the rows are drawn with their intervals as well.
    """

    title: str
    rows: Sequence[Row]
    plain: Sequence[Sequence[str]] = ()
    plain_head: Sequence[str] = ()
    last: str = ""
    plot: bool = False

    @property
    def head(self) -> Sequence[str]:
        """The names of the columns; that of the rows' notes is `last`."""
        measured = ("项目", "分组", "得分", "计数", "95% 区间", "目标", "达标", self.last)
        return self.plain_head or measured

    def to_json(self) -> dict[str, Any]:
        """Title, head and rows of words."""
        rows = [*(row.cells() for row in self.rows), *map(list, self.plain)]
        return {"title": self.title, "head": list(self.head), "rows": rows}


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y), both in [0, 1], in the order they are joined."""

    title: str
    x: str
    y: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A case to look at: what was asked and said beside the sources, each with its name.

    Figures of the `told` texts are marked by whether a source prints them.
    """

    id: str
    why: str
    asked: Sequence[tuple[str, str]]
    told: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Gallery:
    """Cases shown one below the other; `left_out` is how many more there are."""

    title: str
    exhibits: Sequence[Exhibit]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """A suite's metrics (JSON), its tables, its worst cases, and further files of JSON lines.

    `unscored` says how many cases have no score, by reason; no rate counts them.
    `prompts` are the references of the prompts the engine used.
    """

    name: str
    title: str
    metrics: Mapping[str, Any]
    tables: Sequence[Table]
    worst: Sequence[Table] = ()
    files: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    curves: Sequence[Curve] = ()
    galleries: Sequence[Gallery] = ()
    unscored: Mapping[str, int] = field(default_factory=dict)
    prompts: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """The metrics, with the cases that have none."""
        return {**self.metrics, "unscored": dict(self.unscored)}


def errors_json(rate: Rate) -> dict[str, Any]:
    """A rate of errors as JSON, marked so that a rise is the regression."""
    return {**rate.to_json(), "better": "lower"}
