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

__all__ = ["picked", "reader"]

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
    """Without bureaus of unknown place that the place in the question rules out.

    A bureau known only as 市水务局 is that of 砚渚市 when its reports speak of 砚渚; when they do
    not, a question about 砚渚市水务局 is not about it.
    """
    bare = [org for org in asked.orgs if kind_of(org)[0] in _LEVELS]
    named = read_organisations(fold(asked.question), ()).unknown if bare else ()
    strangers = {org for org in bare if named and not _may_be(store, rows, org, named)}
    if not strangers:
        return asked
    orgs = tuple(org for org in asked.orgs if org not in strangers)
    unknown = asked.unknown_places or (() if orgs else named)
    return replace(asked, orgs=orgs, unknown_places=unknown)


def _may_be(store: Store, rows: Sequence[ReportRow], org: str, named: Sequence[str]) -> bool:
    level = kind_of(org)[0]
    places = {kind_of(name)[0] or name for name in named}
    if level in places:
        return True
    stems = [place[: -len(level)] for place in places if place.endswith(level)]
    own = [row for row in rows if row.org == org] if stems else []
    texts = (store.report(row.id).text + row.path for row in own)
    return any(stem in text for text in texts for stem in stems)


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
