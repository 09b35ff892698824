"""The ledger over 10,000 reports, and verifying a draft against one report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from evals.bench.measure import Figure, percentile, times_ms
from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract
from vectorstore.store import Store
from vectorstore.types import Report, Scope

__all__ = ["measure"]

_REPORTS = 10_000


def measure(sources: list[Report], folder: Path) -> Iterator[Figure]:
    """p95 of a query by indicator and organisation, and by indicator and year."""
    store = Store.open(folder)
    try:
        _fill(store, sources)
        one = Scope(("第77县卫生健康局",), (2025,))

        def of_one() -> object:
            return store.quantities(one, "penalty_filed")

        taken = times_ms(of_one, 50)
        yield Figure("ledger query, 10k reports, p95", percentile(taken, 0.95), "ms", 50)
    finally:
        store.close()


def _fill(store: Store, sources: list[Report]) -> None:
    """Reports whose rows are a sample's under another organisation; text is kept short."""
    lexicon = load_lexicon()
    rows = [(source, extract(source, lexicon)) for source in sources]
    for number in range(_REPORTS):
        source, quantities = rows[number % len(rows)]
        org = f"第{number}县卫生健康局"
        identity = sha256(org.encode()).hexdigest()[:16]
        report = replace(source, id=identity, org=org, year=2025)
        store.add(report, (), [replace(q, org=org, year=2025) for q in quantities])
