"""HTML of an answer's text: marks that lead to sources, and figures that say how they were checked.

A figure is a link to its source; its verdict shows when it is pointed at or reached by keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from assistant.answer.types import CheckedQuantity, Citation
from assistant.app.ask.folding import folded
from assistant.app.escaping import escape
from assistant.verify.verdicts import GOOD, Verdict
from assistant.verify.words import VERDICTS

__all__ = ["origin", "placed", "text_html", "verdict_words"]

_CITE = re.compile(r"\[(\d{1,3})\]")
_ROW = re.compile(r"(· |\d+\. |).*\[\d{1,3}\][。；]?$")  # of a list: how it begins, and its source
Mark = tuple[int, int, str]
"""Start and end in the text, and the HTML to show there."""


def text_html(
    key: str,
    text: str,
    citations: Iterable[Citation] = (),
    quantities: Sequence[CheckedQuantity] = (),
) -> str:
    """Paragraphs and points of an answer, of a long list the first ones open.

    `key` makes the anchors of its sources and folds unique.
    """
    known = {citation.n: citation for citation in citations}
    marks = sorted([*_cites(key, text, known), *_figures(key, text, quantities, known)])
    shown: list[tuple[str, str]] = []  # each line: what kind of row it is, and its HTML
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if line.strip():
            begin = at + 2 if line.startswith("· ") else at
            point = ' class="point"' if begin > at else ""
            shown.append(
                (_kind(line), f"<p{point}>{''.join(_pieces(text, begin, end, marks))}</p>")
            )
        at = end + 1
    body = ""
    for n, (kind, rows) in enumerate(groupby(shown, key=lambda row: row[0])):
        lines = [line for _, line in rows]
        body += folded(f"m-{key}-{n}", lines) if kind else "".join(lines)
    return f'<div class="text">{body}</div>'


def _kind(line: str) -> str:
    """What tells the rows of one list from other lines, "" for a line that is no row."""
    row = _ROW.match(line.rstrip())
    if row is None:
        return ""
    return "numbered" if row[1][:1].isdigit() else "point" if row[1] else "plain"


def placed(
    text: str, quantities: Iterable[CheckedQuantity]
) -> Iterator[tuple[int, int, CheckedQuantity]]:
    """Where each figure stands in `text`: in order, or, where order does not hold, anywhere free.

    A figure that is part of a longer number is passed over; one that is nowhere is left out.
    """
    taken: list[tuple[int, int]] = [match.span() for match in _CITE.finditer(text)]
    after = 0
    for quantity in quantities:
        span = _free(quantity.text, text, taken, after) or _free(quantity.text, text, taken)
        if span:
            taken.append(span)
            after = max(after, span[1])
            yield (*span, quantity)


def _free(
    figure: str, text: str, taken: Iterable[tuple[int, int]], after: int = 0
) -> tuple[int, int] | None:
    """The first place from `after` on where `figure` stands alone and nothing else was found."""
    at = text.find(figure, after) if figure else -1
    while at >= 0:
        end, before = at + len(figure), text[at - 1] if at else ""
        longer = before.isdecimal() or before in {".", ","}
        if not longer and not any(at < b and a < end for a, b in taken):
            return at, end
        at = text.find(figure, at + 1)
    return None


def verdict_words(quantity: CheckedQuantity) -> str:
    """What the verdict on a figure is called."""
    known = quantity.verdict in Verdict.__members__.values()
    return VERDICTS[Verdict(quantity.verdict)].name if known else quantity.verdict


def origin(citation: Citation, joint: str = " › ") -> str:
    """Whose words a source is and where they stand: 甲局2025年 › （一）规范执法."""
    year = f"{citation.year}年" if citation.year else ""
    where = citation.heading.split(" > ")[-1]
    return joint.join(part for part in (f"{citation.org or '单位不详'}{year}", where) if part)


def _cites(key: str, text: str, known: Mapping[int, Citation]) -> Iterator[Mark]:
    for match in _CITE.finditer(text):
        n = int(match[1])
        if n in known:
            link = f'<a class="cite" href="#s-{key}-{n}" aria-label="出处{n}">{n}</a>'
            yield (*match.span(), link)


def _figures(
    key: str, text: str, quantities: Sequence[CheckedQuantity], known: Mapping[int, Citation]
) -> Iterator[Mark]:
    for n, (start, end, quantity) in enumerate(placed(text, quantities)):
        source = known.get(quantity.citation or 0)
        kind = "good" if quantity.verdict in GOOD else "wrong"
        name = f"<b>{escape(verdict_words(quantity))}</b>"
        whence = f"<span>{escape(origin(source))}〔{source.n}〕</span>" if source else ""
        tip = f'<span class="tip" role="tooltip" id="t-{key}-{n}">{name}{whence}</span>'
        link = f'href="#s-{key}-{source.n}"' if source else 'tabindex="0"'
        yield (
            start,
            end,
            f'<span class="fig"><a class="verdict {kind}" {link} aria-describedby="t-{key}-{n}">'
            f"{escape(text[start:end])}</a>{tip}</span>",
        )


def _pieces(text: str, begin: int, end: int, marks: Iterable[Mark]) -> Iterator[str]:
    at = begin
    for start, stop, shown in marks:
        if begin <= start and stop <= end and start >= at:
            yield escape(text[at:start])
            yield shown
            at = stop
    yield escape(text[at:end])
