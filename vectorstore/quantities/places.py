"""Where in a report a figure stands: its heading, and whether that part is about next year."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from vectorstore.types import Part, Report

__all__ = ["Place", "Places", "places_of", "places_of_text"]

_TOP_HEADING = re.compile(
    r"^[ \u3000]*[一二三四五六七八九十]{1,3}[、.．][^\n。]{2,40}$", re.MULTILINE
)
_PLAN = re.compile(
    r"下一?年|下一?步|明年|来年|今后|(?:19|20)\d\d年[^\n]{0,30}(?:安排|打算|计划|思路|部署|设想|展望)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """`heading` is the path of printed headings, joined by “ > ”."""

    start: int
    heading: str = ""
    planned: bool = False


class Places:
    """Places in order; `at` finds the one a character is in."""

    def __init__(self, places: list[Place]) -> None:
        self._places = [Place(0), *places]
        self._starts = [place.start for place in self._places]

    def at(self, offset: int) -> Place:
        """The innermost place that holds `offset`."""
        return self._places[bisect_right(self._starts, offset) - 1]


def places_of(report: Report) -> Places:
    """The sections of a report."""
    places = []
    for section in report.sections:
        root = section
        while root.parent is not None:
            root = report.sections[root.parent]
        heading = " > ".join(report.heading_path(section.ordinal))
        planned = Part.NEXT_YEAR in (section.part, root.part)
        places.append(Place(section.start, heading, planned))
    return Places(places)


def places_of_text(text: str) -> Places:
    """Top headings of plain text (a draft): enough to tell the plan from the record."""
    return Places(
        [
            Place(m.start(), m.group().strip(), bool(_PLAN.search(m.group())))
            for m in _TOP_HEADING.finditer(text)
        ]
    )
