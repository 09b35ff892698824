"""Whether what was made from reports may still be shown: a deleted report's words go with it."""

from __future__ import annotations

from collections.abc import Iterable

from vectorstore.store import Store

__all__ = ["holds"]


def holds(store: Store, report_ids: Iterable[str]) -> bool:
    """Whether `store` has every one of `report_ids`; a replaced report has another id."""
    return {row.id for row in store.reports()}.issuperset(report_ids)
