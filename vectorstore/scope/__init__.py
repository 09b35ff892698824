"""Read a question: which organisations, years and official parts it is about, and what it wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vectorstore.clean import fold
from vectorstore.scope.intent import (
    Intent,
    asks_next_year,
    read_intent,
    read_parts,
    subject_text,
    topic_words,
    wants_figure,
)
from vectorstore.scope.organisations import read_organisations
from vectorstore.scope.years import YearReading, YearsRead, read_years
from vectorstore.types import Part, Scope

__all__ = ["Intent", "QuestionScope", "YearReading", "read_question", "subject"]


@dataclass(frozen=True, slots=True)
class QuestionScope:
    """What a question is about.

    `orgs` and `years` are in the library; `unknown_places` (as the question puts them) and
    `unknown_years` were asked about and are not: answer for what is known and say what is missing,
    or refuse when nothing known was asked. `everywhere` means the question asks over all
    organisations (各单位, 哪个单位). `readings` tell how each word for a year was taken, in order.
    `subject` is the question without the words that name organisations and years or frame it,
    `topics` its words.
    """

    question: str
    orgs: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    intent: Intent = Intent.TEXT
    wants_figure: bool = False
    everywhere: bool = False
    subject: str = ""
    topics: tuple[str, ...] = ()
    unknown_places: tuple[str, ...] = ()
    unknown_years: tuple[int, ...] = ()
    readings: tuple[YearReading, ...] = ()

    @property
    def scope(self) -> Scope:
        """Where to look; drop its parts when a report's outline lacks them."""
        return Scope(self.orgs, self.years, self.parts)

    @property
    def missing(self) -> bool:
        """Whether everything the question names is absent, so that only a refusal is honest."""
        return bool(
            (self.unknown_places and not self.orgs) or (self.unknown_years and not self.years)
        )


def read_question(
    question: str, known_orgs: Sequence[str], known_years: Sequence[int], today_year: int
) -> QuestionScope:
    """Read a question against a library.

    `known_orgs` are full names, `known_years` the reports' years; 今年 and 去年 are relative to the
    newest of them (see `scope.years`), `today_year` is the calendar's.
    """
    text = fold(question.strip())
    named = read_organisations(text, known_orgs)
    parts = read_parts(text)
    read = read_years(text, known_years, today_year)
    if Part.NEXT_YEAR in parts:
        read = _planned_in(text, read, known_years)
    intent = read_intent(text, len(named.orgs), len(read.years), named.everywhere)
    spans = [*named.spans, *((r.start, r.end) for r in read.readings)]
    about = subject_text(_blank(text, spans))
    return QuestionScope(
        question=question,
        orgs=named.orgs,
        years=read.years,
        parts=parts,
        intent=intent,
        wants_figure=wants_figure(text),
        everywhere=named.everywhere,
        subject=about,
        topics=topic_words(about),
        unknown_places=named.unknown,
        unknown_years=read.unknown,
        readings=read.readings,
    )


def subject(question: str, scope: Scope) -> str:
    """The question without the words that name `scope`'s organisations and years.

    Inside a scope those words tell no passage from another but pull up titles and sign-offs. A
    question that consists of them stays as it is.
    """
    text = fold(question)
    spans: list[tuple[int, int]] = []
    if scope.orgs:
        spans += read_organisations(text, scope.orgs).spans
    if scope.years:
        readings = read_years(text, scope.years, max(scope.years)).readings
        spans += [(reading.start, reading.end) for reading in readings]
    left = " ".join(_blank(question, spans).split())
    return left if any(character.isalnum() for character in left) else question


def _planned_in(text: str, read: YearsRead, known: Sequence[int]) -> YearsRead:
    """Move to the reports that hold the plan: the plan for 2026 is in the report on 2025.

    With 下一步 or 下一年 the year named is the report's own; without it, the plan for a year and
    the report on that year (whose plan is the year after) are both meant if both are there.
    """
    if asks_next_year(text):
        moved = {year - 1 if year > max(known, default=year) else year for year in read.unknown}
        years = {*read.years, *moved}
    else:
        asked = {*read.years, *read.unknown}
        before = {year - 1 for year in asked}
        years = before & set(known) | set(read.years) if before & set(known) else asked
    return replace(
        read,
        years=tuple(sorted(y for y in years if y in known)),
        unknown=tuple(sorted(y for y in years if y not in known)),
    )


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
