"""What the writer gave for a text: figures that no report of the library holds yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.verify.verdicts import Checked
from vectorstore.store import LedgerRow

__all__ = ["NOTES", "SHEET", "WORDS", "Given", "as_given", "given_kind", "source_name"]

SHEET, NOTES, WORDS = "figures", "notes", "words"
"""Where a row the writer gave comes from, in place of a report's id: `figures:5` is row 5 of the
sheet, `notes:2` the second note, `words` what was put into a blank of the draft."""

_NAMES = {SHEET: "填报表第{}行", NOTES: "工作素材第{}段", WORDS: "起草时填写的内容"}


@dataclass(frozen=True, slots=True)
class Given:
    """Figures of the year of a text and what else it was made from; of `org` and `year` if known.

    Of several rows of one thing given the first is that thing itself, the others its places in a
    text. `sheet` and `evidence` are names of files, "" for none.
    """

    rows: tuple[LedgerRow, ...] = ()
    org: str = ""
    year: int | None = None
    sheet: str = ""
    evidence: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)


def given_kind(row: LedgerRow | None) -> str:
    """Which of the things given a row is of: `SHEET`, `NOTES`, `WORDS`; "" for a report's."""
    kind = row.report_id.partition(":")[0] if row else ""
    return kind if kind in _NAMES else ""


def source_name(row: LedgerRow) -> str:
    """What to call the source in “…为41件”: 原文, or the row of the sheet."""
    return _NAMES.get(given_kind(row), "原文").format(row.report_id.partition(":")[2])


def as_given(checked: Iterable[Checked], given: Given) -> tuple[Checked, ...]:
    """The verdicts, each row of the writer's told as it was given, not as a place of it."""
    first: dict[tuple[str, Decimal | None], LedgerRow] = {}
    for row in given.rows:
        if given_kind(row):
            first.setdefault((row.report_id, row.quantity.value), row)

    def plain(row: LedgerRow) -> LedgerRow:
        return first.get((row.report_id, row.quantity.value), row)

    return tuple(
        replace(
            one,
            source=plain(one.source) if one.source else None,
            operands=tuple(plain(row) for row in one.operands),
        )
        for one in checked
    )
