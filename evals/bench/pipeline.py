"""Reading, figures and embedding: how fast files become a searchable library."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evals.bench.measure import Figure, median_seconds
from vectorstore.chunk import chunk
from vectorstore.embed import E5Embedder
from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract
from vectorstore.sandbox import SafeParser
from vectorstore.types import Report

__all__ = ["measure"]

_FILES = 200


def measure(sources: list[Report]) -> Iterator[Figure]:
    """Reports a second (two cores), figures in MB a second (one core), chunks embedded a second."""
    yield Figure(
        "read + outline + chunk, text", _reports_a_second(sources), "reports/s", 40, more=True
    )
    lexicon = load_lexicon()
    size = sum(len(s.text.encode()) for s in sources) / 1e6
    seconds = median_seconds(lambda: [extract(s, lexicon) for s in sources])
    yield Figure("quantities", size / seconds, "MB/s", 1, more=True)
    texts = [c.embedding_text for s in sources for c in chunk(s)][:48]
    embedder = E5Embedder()
    embedder.passages(texts[:2])
    seconds = median_seconds(lambda: embedder.passages(texts), runs=3)
    yield Figure("embedding, built-in e5", len(texts) / seconds, "chunks/s")
    seconds = median_seconds(lambda: embedder.query("2025年哪个单位行政处罚立案最多？"), runs=9)
    yield Figure("embedding one query", seconds * 1000, "ms")


def _reports_a_second(sources: list[Report]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{n}.txt" for n in range(_FILES)]
        for n, path in enumerate(paths):
            path.write_text(f"{sources[n % len(sources)].text}\n{n}", "utf-8")
        with SafeParser(workers=2) as parser, ThreadPoolExecutor(2) as pool:
            list(pool.map(parser.parse, paths[:2]))  # start the children
            started = time.perf_counter()
            list(pool.map(lambda path: chunk(parser.parse(path)), paths))
            return _FILES / (time.perf_counter() - started)
