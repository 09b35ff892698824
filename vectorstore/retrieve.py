"""Question → passages: full-text and dense search fused, within a scope.

Fusion is reciprocal rank (Cormack, Clarke, Büttcher 2009) with the dense rank weighing more; the
constants and what they were tuned on are in design/retrieval.md.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from vectorstore.dense import DenseIndex
from vectorstore.embed import Embedder
from vectorstore.errors import EmbeddingError
from vectorstore.scope import subject
from vectorstore.store import Store, StoredChunk
from vectorstore.tokens import segment
from vectorstore.types import Chunk, Hit, Scope

__all__ = ["DENSE_WEIGHT", "RRF_K", "Retriever", "fuse"]

_LOGGER = logging.getLogger(__name__)

# Smaller than the usual 60, so that a passage only the words find (a rare name, a document number)
# still comes among the first ten.
RRF_K = 10
DENSE_WEIGHT = 1.5
_EVERYTHING = Scope()
# Candidates fetched for each hit wanted, so that the caps still leave enough.
_DEPTH = 4
_LEAST_DEPTH = 40
# Two passages whose pairs of characters overlap this much are copies of each other; of such a
# group at most `_COPIES` are kept, so that pasted text cannot fill the evidence.
_COPY_OVERLAP = 0.85
_COPIES = 2


def fuse(
    lexical: Sequence[str], dense: Sequence[str], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[str, float]]:
    """Weighted reciprocal rank fusion of two rankings: (id, score), best first.

    Scores are scaled so that first place in both is 1. Ties keep the dense order, then the lexical.
    """
    scores: dict[str, float] = {}
    for ranking, weight in ((dense, dense_weight), (lexical, 1.0)):
        for rank, chunk_id in enumerate(dict.fromkeys(ranking), start=1):
            scores[chunk_id] = scores.get(chunk_id, 0.0) + weight / (RRF_K + rank)
    best = (dense_weight + 1.0) / (RRF_K + 1)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return [(chunk_id, score / best) for chunk_id, score in ranked]


class Retriever:
    """Searches the store by words and by meaning; safe to share between threads.

    Without vectors yet, or when the embedder fails, it answers from the full text alone.
    """

    def __init__(self, store: Store, dense: DenseIndex, embedder: Embedder) -> None:
        self._store = store
        self._dense = dense
        self._embedder = embedder
        self._complete_at: int | None = None  # the generation at which no vector was missing

    def search(
        self,
        query: str,
        scope: Scope = _EVERYTHING,
        k: int = 10,
        per_report: int | None = None,
        neighbours: bool = False,
    ) -> list[Hit]:
        """Up to `k` hits, best first; `score` is 1 for a passage first in both rankings.

        `per_report` caps the hits of one report; without it, copies of one text are capped instead
        (bureaus that share a sentence must each be seen when they are compared). With `neighbours`,
        the passages before and after each hit in its section follow it, beyond `k` and with half
        its score. Raises StoreError.
        """
        wanted = subject(query, scope)
        depth = max(k * _DEPTH, _LEAST_DEPTH)
        lexical = [cid for cid, _ in self._store.lexical(segment(wanted), scope, depth)]
        dense = self._by_meaning(wanted, scope, depth)
        stored = self._store.chunks(list(dict.fromkeys([*dense, *lexical])))
        if dense and not self._complete():
            dense = _with_unranked(lexical, dense, self._lacking(lexical, dense, stored))
        ranked = fuse(lexical, dense)
        hits = [_hit(stored[cid], score) for cid, score in ranked if cid in stored]
        chosen = _capped(hits, k, per_report)
        return self._with_neighbours(chosen) if neighbours else chosen

    def _by_meaning(self, query: str, scope: Scope, depth: int) -> list[str]:
        if not query.strip():
            return []
        try:
            vector = self._embedder.query(query)
            return [chunk_id for chunk_id, _ in self._dense.search(vector, depth, scope)]
        except EmbeddingError as exc:
            _LOGGER.warning("dense search left out: %s", exc)
            return []

    def _complete(self) -> bool:
        """Whether every chunk has its vector; asked of the store once a generation."""
        generation = self._store.generation()
        if self._complete_at != generation and not self._store.pending_count(self._embedder.name):
            self._complete_at = generation
        return self._complete_at == generation

    def _lacking(
        self, lexical: Sequence[str], dense: Sequence[str], stored: Mapping[str, StoredChunk]
    ) -> set[str]:
        """Those that only the words found because they have no vector yet."""
        ranked = set(dense)
        only = [cid for cid in lexical if cid not in ranked and cid in stored]
        found: set[str] = set()
        for org, year in {(stored[cid].org, stored[cid].year) for cid in only}:
            scope = Scope((org,), () if year is None else (year,))
            found.update(self._store.vectors(self._embedder.name, scope).chunk_ids)
        return {cid for cid in only if cid not in found}

    def _with_neighbours(self, hits: Sequence[Hit]) -> list[Hit]:
        reports = {hit.chunk.report_id for hit in hits}
        chunks = {rid: self._store.chunks_of(rid) for rid in reports}
        seen = {hit.chunk.id for hit in hits}
        found: list[Hit] = []
        for hit in hits:
            found.append(hit)
            for chunk in _adjacent(hit.chunk, chunks[hit.chunk.report_id]):
                if chunk.id not in seen:
                    seen.add(chunk.id)
                    found.append(replace(hit, chunk=chunk, score=hit.score / 2))
        return found


def _with_unranked(lexical: Sequence[str], dense: Sequence[str], lacking: set[str]) -> list[str]:
    """The dense ranking with each chunk that has no vector yet put at its lexical rank."""
    merged = list(dense)
    for rank, chunk_id in enumerate(lexical):
        if chunk_id in lacking:
            merged.insert(rank, chunk_id)
    return merged


def _hit(stored: StoredChunk, score: float) -> Hit:
    return Hit(stored.chunk, stored.org, stored.year, stored.title, score)


def _adjacent(chunk: Chunk, chunks: Iterable[Chunk]) -> list[Chunk]:
    """The passages right before and after `chunk` in its section."""
    return [
        other
        for other in chunks
        if other.section == chunk.section and abs(other.ordinal - chunk.ordinal) == 1
    ]


def _capped(hits: Iterable[Hit], k: int, per_report: int | None) -> list[Hit]:
    """The first `k` hits with at most `per_report` a report, else `_COPIES` of the same text."""
    chosen: list[Hit] = []
    prints: list[frozenset[str]] = []
    taken: Counter[str] = Counter()
    for hit in hits:
        if len(chosen) >= k:
            break
        if per_report is None:
            pairs = _pairs(hit.chunk.text)
            if sum(_overlap(pairs, other) >= _COPY_OVERLAP for other in prints) >= _COPIES:
                continue
            prints.append(pairs)
        elif taken[hit.chunk.report_id] >= per_report:
            continue
        chosen.append(hit)
        taken[hit.chunk.report_id] += 1
    return chosen


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits of `text`."""
    plain = "".join(c for c in text if c.isalnum())
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard similarity, 0 when either is empty."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0
