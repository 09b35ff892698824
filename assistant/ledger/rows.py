"""Ledger rows for people and programs: found by indicator, sorted, printed, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from vectorstore.clean import fold
from vectorstore.indicators import Lexicon
from vectorstore.quantities import parse_number
from vectorstore.store import LedgerRow, Store
from vectorstore.types import Dimension, Quantity, Scope

__all__ = ["find_rows", "ledger_json", "printed", "printed_unit"]

_EVERYTHING = Scope()
_WORDS = re.compile(r"[\s、·,;]+")
_PRINTED_MONEY = re.compile("([百千]?[万亿])[余多来几]?元")
_SCALES = {Decimal(10**3): "千", Decimal(10**4): "万", Decimal(10**8): "亿"}


def find_rows(
    store: Store, lexicon: Lexicon, scope: Scope = _EVERYTHING, indicator: str = ""
) -> list[LedgerRow]:
    """Every figure, date and fixed phrase of `scope`, by organisation, year and place.

    `indicator` is a canonical key, its name, an alias, or words of an indicator phrase; the words
    are tried when no figure has the canonical indicator.
    """
    wanted = fold(indicator).strip()
    if not wanted:
        return _sorted(store.quantities(scope))
    found: list[LedgerRow] = []
    for key in _keys(lexicon, wanted):
        found += store.quantities(scope, key)
    if not found:
        words = [word for word in _WORDS.split(wanted) if word]
        found = [
            row
            for row in store.quantities(scope)
            if row.quantity.indicator and all(w in fold(row.quantity.indicator) for w in words)
        ]
    return _sorted(found)


def _keys(lexicon: Lexicon, wanted: str) -> list[str]:
    """Canonical keys whose key, name or alias is exactly `wanted`; an exact name stands alone."""
    for key, indicator in lexicon.indicators.items():
        if wanted in (key, fold(indicator.name)):
            return [key]
    return [key for key, i in lexicon.indicators.items() if wanted in map(fold, i.aliases)]


def _sorted(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    return sorted(rows, key=lambda r: (r.org, r.year or 0, r.report_id, r.quantity.start))


def ledger_json(rows: Iterable[LedgerRow]) -> dict[str, Any]:
    """The document of `fazhi ledger --json`; values are decimal strings in the base unit."""
    return {"quantities": [_json(row) for row in rows]}


def _json(row: LedgerRow) -> dict[str, Any]:
    q = row.quantity
    return {
        "report_id": row.report_id,
        "org": row.org,
        "year": row.year,
        "kind": q.kind.value,
        "indicator": q.indicator,
        "canonical": q.canonical,
        "text": q.text,
        "value": None if q.value is None else f"{q.value:f}",
        "value_max": None if q.value_max is None else f"{q.value_max:f}",
        "unit": q.unit,
        "dimension": q.dimension.value,
        "modality": q.modality.value,
        "hedge": q.hedge.value,
        "heading": q.heading,
        "start": q.start,
        "end": q.end,
        "sentence": row.sentence,
    }


def printed(quantity: Quantity) -> str:
    """The figure as the report prints it, with the unit a table keeps in its header."""
    if parse_number(fold(quantity.text)) is None:
        return quantity.text
    return quantity.text + printed_unit(quantity)


def printed_unit(quantity: Quantity) -> str:
    """The unit in the scale the report prints money in: 15.6万元 → 万元, 480余人次 → 人次."""
    if quantity.dimension is Dimension.PERCENT:
        return "%"  # 百分之98, 八成
    if quantity.unit != "元" or quantity.value is None:
        return quantity.unit
    text = fold(quantity.text)
    found = _PRINTED_MONEY.search(text)
    if found:
        return found[1] + quantity.unit
    number = parse_number(text)
    return _SCALES.get(quantity.value / number, "") + quantity.unit if number else quantity.unit
