"""Read a question against the library as it is now, with what the user picked put on top."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from assistant.answer.rewrite import ReadQuestion
from vectorstore.scope import QuestionScope, read_question
from vectorstore.store import Store
from vectorstore.types import Scope

__all__ = ["picked", "reader"]


def reader(store: Store, this_year: int) -> ReadQuestion:
    """A function that reads questions against the reports `store` holds when it is called."""

    def read(question: str) -> QuestionScope:
        rows = store.reports()
        orgs = tuple(sorted({row.org for row in rows if row.org}))
        years = tuple(sorted({row.year for row in rows if row.year}))
        return _read(question, orgs, years, this_year)

    return read


# The turns of a conversation are read again with every question that follows.
_read = lru_cache(maxsize=512)(read_question)


def picked(read: QuestionScope, scope: Scope | None) -> QuestionScope:
    """`read` with the organisations, years and parts the user picked instead of the question's."""
    if not scope:
        return read
    return replace(
        read,
        orgs=scope.orgs or read.orgs,
        years=scope.years or read.years,
        parts=scope.parts or read.parts,
        unknown_places=() if scope.orgs else read.unknown_places,
        unknown_years=() if scope.years else read.unknown_years,
    )
