"""The ledger over 10,000 reports, and verifying a draft against one report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from assistant.verify import SourceLedger, verify_text
from evals.bench.measure import Figure, percentile, times_ms
from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract
from vectorstore.store import Store
from vectorstore.types import Report, Scope

__all__ = ["measure"]

_REPORTS = 10_000
_YEARS = 5


def measure(sources: list[Report], folder: Path) -> Iterator[Figure]:
    """Ledger queries over 10,000 reports, and the verification of a draft."""
    yield from _verifying(sources[0])
    store = Store.open(folder)
    try:
        _fill(store, sources)
        asked = {
            "of one bureau": Scope(("第77县卫生健康局",), (2025,)),
            "of one year": Scope(years=(2025,)),
        }
        for name, scope in asked.items():

            def query(scope: Scope = scope) -> object:
                return store.quantities(scope, "penalty_filed")

            label = f"ledger: one indicator {name}, 10k reports"
            yield Figure(f"{label}, p95", percentile(times_ms(query, 30), 0.95), "ms", 50)
    finally:
        store.close()


def _verifying(source: Report) -> Iterator[Figure]:
    """A text of 4,000 characters against the report it was drawn from."""
    lexicon = load_lexicon()
    sources = SourceLedger.of_reports([source], lexicon)
    draft = (source.text * (4000 // len(source.text) + 1))[:4000]

    def verify() -> object:
        return verify_text(draft, sources, org=source.org, year=source.year, lexicon=lexicon)

    yield Figure("verify 4,000 characters, median", percentile(times_ms(verify, 15), 0.5), "ms", 50)


def _fill(store: Store, sources: list[Report]) -> None:
    """Reports whose rows are a sample's under another organisation; text is kept short."""
    lexicon = load_lexicon()
    rows = [(source, extract(source, lexicon)) for source in sources]
    for number in range(_REPORTS):
        source, quantities = rows[number % len(rows)]
        org = f"第{number // _YEARS}县卫生健康局"
        year = 2021 + number % _YEARS
        identity = sha256(f"{org}{year}".encode()).hexdigest()[:16]
        report = replace(source, id=identity, org=org, year=year)
        store.add(report, (), [replace(q, org=org, year=year) for q in quantities])
