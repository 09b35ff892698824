"""What `fazhi search` finds: first what the bureaus and years named by the words hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vectorstore.scope import subject
from vectorstore.types import Hit, Scope

if TYPE_CHECKING:
    from assistant.answer.rewrite import ReadQuestion
    from vectorstore.retrieve import Retriever

__all__ = ["find"]


def find(retriever: Retriever, read: ReadQuestion, query: str, scope: Scope, k: int) -> list[Hit]:
    """Up to `k` hits inside `scope`, best first.

    Bureaus and years that `query` names and `scope` leaves open narrow the search; passages from
    elsewhere follow, scored below the last of those, only where there are too few.
    """
    named = read(query)
    narrow = Scope(scope.orgs or named.orgs, scope.years or named.years, scope.parts)
    hits = retriever.search(query, narrow, k)
    if narrow == scope or len(hits) == k:
        return hits
    least = hits[-1].score if hits else 1.0
    seen = {hit.chunk.id for hit in hits}
    about = subject(query, narrow)  # the names would only pull up titles and sign-offs
    rest = [hit for hit in retriever.search(about, scope, k) if hit.chunk.id not in seen]
    return hits + [replace(hit, score=least * hit.score) for hit in rest[: k - len(hits)]]
