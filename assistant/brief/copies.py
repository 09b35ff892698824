"""Reports whose text is nearly another bureau's, or nearly that of the year before.

Clause by clause over the whole batch at once: what a clause is worth is its length, a clause that
many bureaus print (a law's title, a stock phrase) is worth nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.brief.tally import Reading
from vectorstore.clean import fold
from vectorstore.types import Report

__all__ = ["Copy", "copied_before", "near_copies"]

_SHARE = 0.6  # of a report's own letters; reports of one template share far less (see the tests)
_SHARE_BEFORE = 0.6
_LEAST = 300  # letters in common; short reports are alike by form
_CLAUSE = 8  # letters; shorter clauses are nobody's own
_STOCK = 10  # bureaus, or a tenth of the batch: from then on a clause is stock
_CUT = re.compile(r"[,.;:!?。、\n\t()“”‘’\"]+")
_NOISE = re.compile(r"[\s\W_]+")
_YEAR = re.compile(r"20\d\d")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Copy:
    """Two reports with much the same text: `share` of the smaller one's letters.

    `figures_too`: their figures are the same as well.
    """

    one: Reading
    other: Reading
    share: float
    figures_too: bool


def near_copies(readings: Sequence[Reading]) -> list[Copy]:
    """Every pair of reports that share most of their words, whatever their figures."""
    clauses = [_clauses(r.report, figures=False) for r in readings]
    by_clause: dict[str, list[int]] = {}
    for n, mine in enumerate(clauses):
        for clause in mine:
            by_clause.setdefault(clause, []).append(n)
    stock = max(_STOCK, len(readings) // 10)
    own = [0] * len(readings)
    common: dict[tuple[int, int], int] = {}
    for clause, who in by_clause.items():
        if len(who) > stock:
            continue
        for n in who:
            own[n] += len(clause)
        for pair in combinations(who, 2):
            common[pair] = common.get(pair, 0) + len(clause)
    found = []
    for (a, b), letters in common.items():
        share = letters / min(own[a], own[b])
        if letters >= _LEAST and share >= _SHARE:
            found.append(_copy(readings[a], readings[b], min(share, 1.0)))
    return sorted(found, key=lambda c: -c.share)


def _copy(one: Reading, other: Reading, share: float) -> Copy:
    mine, theirs = (_clauses(r.report, figures=True) for r in (one, other))
    told = {c for c in mine if _DIGITS.search(c)}
    same = bool(told) and len(told & theirs) >= 0.9 * len(told)
    return Copy(one, other, share, same)


def copied_before(report: Report, before: Report) -> float:
    """The share of a report that stood in last year's, figures and all; 0 below the limit."""
    mine, theirs = (_clauses(r, figures=True) for r in (report, before))
    letters = sum(map(len, mine))
    same = sum(len(clause) for clause in mine if clause in theirs)
    return same / letters if letters >= _LEAST and same >= _SHARE_BEFORE * letters else 0.0


def _clauses(report: Report, *, figures: bool) -> frozenset[str]:
    """The clauses of a report, years made alike; without `figures`, all digits too."""
    text = _YEAR.sub("年", fold(report.text).replace(fold(report.org), "") if report.org else "")
    text = text or _YEAR.sub("年", fold(report.text))
    cut = (_NOISE.sub("", piece) for piece in _CUT.split(text))
    kept = (piece if figures else _DIGITS.sub("0", piece) for piece in cut)
    return frozenset(piece for piece in kept if len(piece) >= _CLAUSE)
