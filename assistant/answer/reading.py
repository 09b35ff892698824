"""Read a question against the library as it is now, with what the user picked put on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answer.rewrite import ReadQuestion
from vectorstore.clean import fold
from vectorstore.scope import QuestionScope, read_question
from vectorstore.scope.kinds import kind_of
from vectorstore.scope.organisations import read_organisations
from vectorstore.store import ReportRow, Store
from vectorstore.types import Scope

__all__ = ["of_place", "picked", "reader"]

_LEVELS = frozenset("省市州盟县区旗镇乡")


def reader(store: Store, this_year: int) -> ReadQuestion:
    """A function that reads questions against the reports `store` holds when it is called."""

    def read(question: str) -> QuestionScope:
        rows = store.reports()
        orgs = tuple(sorted({row.org for row in rows if row.org}))
        years = tuple(sorted({row.year for row in rows if row.year}))
        return _in_place(store, rows, _read(question, orgs, years, this_year))

    return read


def _in_place(store: Store, rows: Sequence[ReportRow], asked: QuestionScope) -> QuestionScope:
    """Without bureaus of unknown place that the place in the question rules out."""
    bare = [org for org in asked.orgs if _is_bare(org)]
    named = _places(asked.question) if bare else ()
    strangers = {
        org
        for org in bare
        if named and not any(_may_be(store, r, named) for r in rows if r.org == org)
    }
    if not strangers:
        return asked
    orgs = tuple(org for org in asked.orgs if org not in strangers)
    unknown = asked.unknown_places or (() if orgs else named)
    return replace(asked, orgs=orgs, unknown_places=unknown)


def of_place(store: Store, rows: Sequence[ReportRow], question: str) -> list[ReportRow]:
    """Of several bureaus called 市水务局, those of the place in the question, if any is of it."""
    bare = {row.id for row in rows if _is_bare(row.org)}
    named = _places(question) if len(bare) > 1 else ()
    own = {row.id for row in rows if row.id in bare and named and _may_be(store, row, named)}
    return [row for row in rows if row.id not in bare or not own or row.id in own]


def _is_bare(org: str) -> bool:
    return kind_of(org)[0] in _LEVELS


def _places(question: str) -> tuple[str, ...]:
    """Bureaus and places as the question names them."""
    return read_organisations(fold(question), ()).unknown


def _may_be(store: Store, row: ReportRow, named: Sequence[str]) -> bool:
    """A bureau known only as 市水务局 is that of 砚渚市 when its report speaks of 砚渚."""
    level = kind_of(row.org)[0]
    places = {kind_of(name)[0] or name for name in named}
    if level in places:
        return True
    stems = [place[: -len(level)] for place in places if place.endswith(level)]
    text = store.report(row.id).text + row.path if stems else ""
    return any(stem in text for stem in stems)


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
