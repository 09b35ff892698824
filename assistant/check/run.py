"""All checks of one report, alone and against last year's and the library's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.check.arithmetic import check_sums
from assistant.check.copies import Pool, check_copies
from assistant.check.figures import read_sentences
from assistant.check.finding import Finding, Severity
from assistant.check.growth import check_growth
from assistant.check.negation import check_negation
from assistant.check.numbering import check_numbering
from assistant.check.parts import check_parts
from assistant.check.placeholders import check_placeholders
from assistant.check.punctuation import check_punctuation
from assistant.check.rates import check_rates
from assistant.check.residue import check_notes
from assistant.check.tables import check_tables
from assistant.check.values import check_money, check_two_values
from assistant.check.years import check_years
from assistant.verify.check import PLACEHOLDER
from vectorstore.types import Quantity, Report

if TYPE_CHECKING:
    from vectorstore.indicators import Lexicon
    from vectorstore.store import ReportRow, Store

__all__ = [
    "Checked",
    "Comparison",
    "check_alone",
    "check_parsed",
    "check_report",
    "consistency",
    "ordered",
    "year_before",
]

_SEVERITIES = list(Severity)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a report is compared with: last year's with its figures, and other organisations'."""

    previous: Report | None = None
    figures: Sequence[Quantity] = ()
    others: Sequence[Report] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked file: the report as read, what it was compared with, what was found."""

    report: Report
    comparison: Comparison
    findings: tuple[Finding, ...]


_NOTHING = Comparison()


def consistency(
    report: Report, quantities: Sequence[Quantity], last_year: Sequence[Quantity] = ()
) -> tuple[Finding, ...]:
    """Figures and years of `report` that contradict each other or cannot be.

    `quantities` are the report's own (`vectorstore.quantities.extract`), `last_year` those of last
    year's report when it is known. Findings come in the order of `ordered`.
    """
    sentences = read_sentences(report, quantities)
    findings = [
        *check_sums(report, sentences),
        *check_tables(report),
        *check_rates(report, sentences),
        *check_growth(report, sentences, last_year),
        *check_two_values(report, sentences),
        *check_money(report, sentences, last_year),
        *check_years(report),
    ]
    return ordered(findings)


def check_report(
    report: Report, quantities: Sequence[Quantity], comparison: Comparison = _NOTHING
) -> tuple[Finding, ...]:
    """Every finding on `report`: the gravest first, then by place."""
    alone = check_alone(report, quantities, comparison.figures)
    turned = check_negation(report, comparison.previous)
    copied = check_copies(report, comparison.previous, Pool(comparison.others))
    return ordered([*alone, *turned, *copied])


def check_alone(
    report: Report, quantities: Sequence[Quantity], last_year: Sequence[Quantity] = ()
) -> list[Finding]:
    """Findings that need no other report's text; a blank's reminder of last year is no figure."""
    blanks = [match.span() for match in PLACEHOLDER.finditer(report.text)]
    own = [q for q in quantities if not any(a <= q.start < b for a, b in blanks)]
    return [
        *consistency(report, own, last_year),
        *check_parts(report),
        *check_numbering(report),
        *check_punctuation(report),
        *check_notes(report),
        *check_placeholders(report),
    ]


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once: the gravest first, then by place."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (_SEVERITIES.index(f.severity), f.start)))


def check_parsed(
    report: Report, previous: Report | None, store: Store | None, lexicon: Lexicon
) -> Checked:
    """Check `report` against `previous`, last year's, or else the library's own."""
    from vectorstore.quantities import extract

    comparison = _comparison(report, previous, store, lexicon)
    findings = check_report(report, extract(report, lexicon), comparison)
    return Checked(report, comparison, findings)


def _comparison(
    report: Report, named: Report | None, store: Store | None, lexicon: Lexicon
) -> Comparison:
    from vectorstore.quantities import extract

    rows = store.reports() if store else []
    others = [
        store.report(row.id)
        for row in rows
        if store and row.id != report.id and row.org and row.org != report.org
    ]
    if named is not None:
        return Comparison(named, extract(named, lexicon), others)
    latest = year_before(report.org, report.year, rows)
    if not store or latest is None:
        return Comparison(others=others)
    figures = [row.quantity for row in store.quantities(report_id=latest.id)]
    return Comparison(store.report(latest.id), figures, others)


def year_before(org: str, year: int | None, rows: Iterable[ReportRow]) -> ReportRow | None:
    """The organisation's latest annual report of an earlier year among `rows`."""
    earlier = [
        row
        for row in rows
        if row.is_annual and org and row.org == org and row.year and year and row.year < year
    ]
    return max(earlier, key=lambda row: row.year or 0, default=None)
