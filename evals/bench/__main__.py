"""Run every measurement and print it with its target."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from evals.bench import commands, ledger, pipeline, retrieval
from evals.bench.measure import Figure, machine
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import Store

_SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def main() -> int:
    """Print each figure as it comes; exit 1 when a target is missed."""
    print(f"machine: {machine()}\n", flush=True)
    missed = 0
    for figure in _figures():
        mark = {None: " ", True: "✓", False: "✗"}[figure.met]
        sign = "≥" if figure.more else "≤"
        target = f"target {sign} {figure.target:g} {figure.unit}" if figure.target else ""
        print(
            f"{mark} {figure.name:<44}{figure.value:>10.2f} {figure.unit:<10} {target}", flush=True
        )
        missed += figure.met is False
    print(f"\n{missed} target(s) missed" if missed else "\nall targets met")
    return 1 if missed else 0


def _figures() -> Iterator[Figure]:
    sources = [parse(path) for path in sorted(_SAMPLES.glob("*.txt"))]
    yield from pipeline.measure(sources)
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-") as scratch:
        small, large = Path(scratch) / "small", Path(scratch) / "large"
        store = Store.open(small)
        ingest([_SAMPLES], store, reader=parse, lexicon=load_lexicon())
        store.close()
        yield from commands.measure_commands(small)
        yield from ledger.measure(sources, Path(scratch) / "ledger")
        yield from retrieval.measure(sources, large)
        yield from commands.measure_server(large)


if __name__ == "__main__":
    sys.exit(main())
