"""Distinctive practices of other bureaus, for the writer to take over or drop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.draft.claims import is_outcome
from assistant.draft.types import Practice
from assistant.draft.words import Topics
from vectorstore.clean import fold
from vectorstore.sentences import sentences
from vectorstore.types import Part, Report

if TYPE_CHECKING:
    from vectorstore.store import Store

__all__ = ["practices"]

_MOST = 4
_REPORTS = 40  # other reports looked at, the newest first
_DISTINCTIVE = re.compile(
    "创新|率先|首创|探索|试行|推行[^，。]{0,6}“|“[^”]{2,12}”[^，。]{0,6}(?:模式|机制|工作法|制度)"
    "|建立[^，。]{2,16}(?:机制|模式)"
)
_LIST = re.compile("[一二三四五六七八九十]是|其中|按(?:照)?[^，]{0,6}要求")
_FIGURE = re.compile(
    r"\d|[一二两三四五六七八九十百千万]+(?:[件起次场个名家户份项条天年月周倍成种类]|余|小时)"
)
_LEAST, _LONGEST = 18, 110  # characters
_KNOWN = 0.5  # a practice this much like the bureau's own report is none of another's
_YEARS = 2  # a report that much older than the bureau's own is not news


def practices(store: Store, own: Report) -> tuple[Practice, ...]:
    """Up to four sentences of other bureaus' newest reports that tell of a practice, no figures.

    Bureaus of the same kind come first; one practice a bureau as long as there are enough.
    """
    from vectorstore.scope.kinds import kind_of

    newest: dict[str, tuple[int, str]] = {}
    for row in store.reports():
        other = row.org and row.org != own.org and row.is_annual
        if other and row.year is not None and row.year >= (own.year or 0) - _YEARS:
            newest[row.org] = max(newest.get(row.org, (0, "")), (row.year, row.id))
    kind = kind_of(own.org)
    order = sorted(newest, key=lambda org: (kind_of(org) != kind, -newest[org][0], org))
    found: list[Practice] = []
    for org in order[:_REPORTS]:
        report = store.report(newest[org][1])
        best = max(_told(report, own), key=lambda item: item[0], default=None)
        if best is not None:
            found.append(best[1])
        if len(found) == _MOST:
            break
    return tuple(found)


def _told(report: Report, own: Report) -> Iterator[tuple[float, Practice]]:
    topics = Topics([report.text, own.text])
    for section in report.sections:
        if section.part is not Part.MEASURES or any(
            s.parent == section.ordinal for s in report.sections
        ):
            continue
        heading = report.text[section.heading_start : section.heading_end]
        for span in sentences(report.text, section.body_start, section.end):
            text = re.sub("^[一二三四五六七八九十]{1,2}是", "", report.text[span.start : span.end])
            view = fold(text)
            told = len(_DISTINCTIVE.findall(view))
            short = _LEAST <= len(text) <= _LONGEST
            if (
                not told
                or not short
                or _LIST.search(view)
                or _FIGURE.search(view)
                or is_outcome(text)
            ):
                continue
            known = topics.coverage(text, own.text)
            if known < _KNOWN:
                practice = Practice(text, report.org, report.year, heading, report.id)
                yield told - known, practice
