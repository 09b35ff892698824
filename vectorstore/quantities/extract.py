"""Figures of a report or of any text, each with its indicator, organisation, year and modality."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.clean import fold
from vectorstore.indicators import Lexicon, load_lexicon
from vectorstore.quantities.context import Context, make_context
from vectorstore.quantities.indicator import find_indicators
from vectorstore.quantities.scan import Figure, scan
from vectorstore.quantities.scope import timing
from vectorstore.types import Part, Quantity, QuantityKind, Report

__all__ = ["extract", "extract_text"]


@dataclass(frozen=True, slots=True)
class _Place:
    """The section a character belongs to."""

    start: int
    heading: str
    planned: bool


def extract(report: Report, lexicon: Lexicon) -> tuple[Quantity, ...]:
    """Every figure, date and fixed phrase of a report, in order of `start`."""
    return _extract(report.text, report.org, report.year, _places(report), lexicon)


def extract_text(
    text: str, org: str = "", year: int | None = None, lexicon: Lexicon | None = None
) -> tuple[Quantity, ...]:
    """The same for any text (an answer, a draft, a question) of one organisation and year."""
    places = [_Place(0, "", False)]
    return _extract(text, org, year, places, lexicon or load_lexicon())


def _places(report: Report) -> list[_Place]:
    places = [_Place(0, "", False)]
    for section in report.sections:
        root = section
        while root.parent is not None:
            root = report.sections[root.parent]
        heading = " > ".join(report.heading_path(section.ordinal))
        planned = Part.NEXT_YEAR in (section.part, root.part)
        places.append(_Place(section.start, heading, planned))
    return places


def _extract(
    text: str, org: str, year: int | None, places: Sequence[_Place], lexicon: Lexicon
) -> tuple[Quantity, ...]:
    view = fold(text)
    figures = scan(text, view)
    context = make_context(view, figures)
    indicators = find_indicators(context, figures)
    starts = [place.start for place in places]
    return tuple(
        _quantity(
            text,
            view,
            context,
            figure,
            indicator,
            org,
            year,
            places[bisect_right(starts, figure.start) - 1],
            lexicon,
        )
        for figure, indicator in zip(figures, indicators, strict=True)
    )


def _quantity(
    text: str,
    view: str,
    context: Context,
    figure: Figure,
    indicator: str,
    org: str,
    year: int | None,
    place: _Place,
    lexicon: Lexicon,
) -> Quantity:
    start, end = context.sentence(figure.start)
    when = timing(view[start : figure.start], figure.hedge, year, place.planned)
    return Quantity(
        text=text[figure.start : figure.end],
        start=figure.start,
        end=figure.end,
        kind=figure.kind,
        value=figure.value,
        value_max=figure.value_max,
        unit=figure.unit,
        dimension=figure.dimension,
        hedge=figure.hedge,
        indicator=indicator,
        canonical=lexicon.match(indicator, figure.dimension) if indicator else "",
        org=org,
        year=when.year,
        modality=when.modality,
        heading=place.heading,
        sentence_start=start,
        sentence_end=end,
    )
