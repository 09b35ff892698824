"""Rows of the indicator ledger. Decimals are kept as the exact strings they print as."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from vectorstore.store.database import Connection
from vectorstore.store.records import LedgerRow
from vectorstore.types import (
    Dimension,
    Hedge,
    Modality,
    Part,
    Quantity,
    QuantityKind,
    Report,
    Scope,
)

__all__ = ["insert", "select"]

_QUANTITY = (
    "text, start, end, kind, value, value_max, unit, dimension, hedge, indicator, canonical, org,"
    " year, modality, heading, sentence_start, sentence_end"
)
# A look-up costs a fifth of calling the enumeration, and a query may return thousands of rows.
_KINDS = {str(kind): kind for kind in QuantityKind}
_DIMENSIONS = {str(dimension): dimension for dimension in Dimension}
_HEDGES = {str(hedge): hedge for hedge in Hedge}
_MODALITIES = {str(modality): modality for modality in Modality}
_PARTS: dict[str | None, Part | None] = {None: None, **{str(part): part for part in Part}}


def insert(
    connection: Connection, rid: int, report: Report, quantities: Sequence[Quantity]
) -> None:
    """Store the figures of `report`, each with its sentence and the scope it counts for."""
    rows = [
        (
            rid,
            q.org or report.org,
            report.year if q.year is None else q.year,
            report.section_at(q.start).part,
            report.text[q.sentence_start : q.sentence_end],
            q.text,
            q.start,
            q.end,
            q.kind,
            None if q.value is None else str(q.value),
            None if q.value_max is None else str(q.value_max),
            q.unit,
            q.dimension,
            q.hedge,
            q.indicator,
            q.canonical,
            q.org,
            q.year,
            q.modality,
            q.heading,
            q.sentence_start,
            q.sentence_end,
        )
        for q in quantities
    ]
    connection.executemany(
        f"INSERT INTO quantities (rid, scope_org, scope_year, part, sentence, {_QUANTITY})"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def select(
    connection: Connection,
    scope: Scope,
    *,
    canonical: str | None,
    kind: QuantityKind | None,
    modality: Modality | None,
    report_id: str | None,
) -> list[LedgerRow]:
    """Figures by their own organisation and year, in the order of report and place."""
    conditions, values = ["1"], []
    for column, wanted in (
        ("q.scope_org", scope.orgs),
        ("q.scope_year", scope.years),
        ("q.part", scope.parts),
    ):
        if wanted:
            conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(wanted))
    for column, value in (
        ("q.canonical", canonical),
        ("q.kind", kind),
        ("q.modality", modality),
        ("r.id", report_id),
    ):
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    columns = ", ".join("q." + name.strip() for name in _QUANTITY.split(","))
    rows = connection.execute(
        f"SELECT {columns}, r.id, q.scope_org, q.scope_year, q.part, q.sentence"
        f" FROM quantities q JOIN reports r USING (rid) WHERE {' AND '.join(conditions)}"
        " ORDER BY q.rid, q.start",
        values,
    )
    return [_row(row) for row in rows]


def of_report(connection: Connection, report_id: str) -> list[LedgerRow]:
    """The figures of one report, by place."""
    return select(
        connection, Scope(), canonical=None, kind=None, modality=None, report_id=report_id
    )


def _row(row: Sequence[Any]) -> LedgerRow:
    quantity = Quantity(
        text=row[0],
        start=row[1],
        end=row[2],
        kind=_KINDS[row[3]],
        value=None if row[4] is None else Decimal(row[4]),
        value_max=None if row[5] is None else Decimal(row[5]),
        unit=row[6],
        dimension=_DIMENSIONS[row[7]],
        hedge=_HEDGES[row[8]],
        indicator=row[9],
        canonical=row[10],
        org=row[11],
        year=row[12],
        modality=_MODALITIES[row[13]],
        heading=row[14],
        sentence_start=row[15],
        sentence_end=row[16],
    )
    return LedgerRow(quantity, row[17], row[18], row[19], _PARTS[row[20]], row[21])


def clear(connection: Connection, rid: int) -> None:
    """Delete the figures of report `rid`."""
    connection.execute("DELETE FROM quantities WHERE rid = ?", (rid,))
