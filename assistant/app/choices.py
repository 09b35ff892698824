"""What the pickers of several tabs offer: the organisations and years the library holds."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.app.words import by_name
from vectorstore.store import Store

__all__ = ["Choices", "choices_of"]


@dataclass(frozen=True, slots=True)
class Choices:
    """Organisations by name, and years as 2025年, the newest first."""

    orgs: tuple[str, ...]
    years: tuple[str, ...]


def choices_of(store: Store) -> Choices:
    """What can be picked with the reports there are."""
    rows = store.reports()
    years = sorted({row.year for row in rows if row.year}, reverse=True)
    orgs = sorted({row.org for row in rows if row.org}, key=by_name)
    return Choices(tuple(orgs), tuple(f"{year}年" for year in years))
