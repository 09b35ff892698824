"""Verify every figure, date, fixed phrase and placeholder of a text against source figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.verify.bind import Candidate, Match, find, named_so
from assistant.verify.claims import Claim, ScopeReader
from assistant.verify.derive import Cue, Derivation, derive, read_cue
from assistant.verify.features import alike
from assistant.verify.given import given_kind, source_name
from assistant.verify.phrases import DateChecker, check_phrase
from assistant.verify.sources import SourceLedger
from assistant.verify.values import base_of, step_of
from assistant.verify.verdicts import Checked, Verdict
from vectorstore.clean import fold
from vectorstore.indicators import Lexicon, load_lexicon
from vectorstore.quantities import extract, extract_text
from vectorstore.store import LedgerRow
from vectorstore.types import Quantity, QuantityKind, Report

__all__ = ["PLACEHOLDER", "blanked", "verify_report", "verify_text"]

PLACEHOLDER = re.compile(r"【待[^】\n]{0,200}】")
_MISPRINTS = frozenset({Verdict.HEDGE_LOST, Verdict.WRONG_SCALE_OR_UNIT, Verdict.TARGET_AS_ACTUAL})
_FOREIGNERS = frozenset({Verdict.STALE, Verdict.WRONG_YEAR, Verdict.WRONG_ORG})
_TOLD = 0.4  # how well a source must fit to be shown as what stands there
_PLACED = 0.6  # the same for a figure the writer gave that stands nowhere else in the text
_STATED = 0.75  # a source that fits this well states another value: no computation excuses it


def verify_text(
    text: str,
    sources: SourceLedger,
    *,
    org: str = "",
    year: int | None = None,
    lexicon: Lexicon | None = None,
) -> tuple[Checked, ...]:
    """Verdicts on `text` in order of place.

    `org` and `year` are those of the whole text; leave them out where it speaks of several, and
    what is named nearest before a figure binds it. 今年 and 去年 are relative to `year`.
    """
    lexicon = lexicon or load_lexicon()
    quantities = extract_text(blanked(text), org, year, lexicon)
    return _verify(text, quantities, sources, org=org, year=year, lexicon=lexicon)


def verify_report(
    report: Report,
    sources: SourceLedger,
    *,
    org: str = "",
    year: int | None = None,
    lexicon: Lexicon | None = None,
) -> tuple[Checked, ...]:
    """The same for a parsed file, whose outline tells plans from results."""
    org, year = org or report.org, year if year is not None else report.year
    lexicon = lexicon or load_lexicon()
    read = replace(report, org=org, year=year, text=blanked(report.text))
    quantities = extract(read, lexicon)
    return _verify(report.text, quantities, sources, org=org, year=year, lexicon=lexicon)


def _verify(
    text: str,
    quantities: Iterable[Quantity],
    sources: SourceLedger,
    *,
    org: str,
    year: int | None,
    lexicon: Lexicon,
) -> tuple[Checked, ...]:
    checked = [_placeholder(match) for match in PLACEHOLDER.finditer(text)]
    text = blanked(text)
    spans = [(c.quantity.start, c.quantity.end) for c in checked]
    outside = [q for q in quantities if not any(a <= q.start < b for a, b in spans)]
    dates = DateChecker(text, sources, org, year)
    figures: list[Quantity] = []
    for quantity in outside:
        if quantity.kind is QuantityKind.DATE:
            checked.append(dates.check(quantity))
        elif quantity.kind is QuantityKind.PHRASE:
            sentence = text[quantity.sentence_start : quantity.sentence_end]
            checked.append(check_phrase(quantity, sentence, sources))
        elif quantity.value is not None:
            figures.append(quantity)
    reader = ScopeReader(text, sources.orgs, org, year, lexicon)
    claims = reader.claims([q for q in figures if not reader.tallies(q)])
    matches = [find(claim, sources, year) for claim in claims]
    checked += [_verdict(match, matches, sources) for match in matches]
    checked += [
        Checked(q, Verdict.DERIVED, detail="文中所列的个数") for q in figures if reader.tallies(q)
    ]
    return tuple(sorted(checked, key=lambda c: c.quantity.start))


def blanked(text: str) -> str:
    """The text with what stands in its placeholders blotted out, offsets kept.

    A reminder such as （2025年：14件） says nothing of the figures beside it.
    """
    return PLACEHOLDER.sub(lambda match: f"【{'…' * (len(match.group()) - 2)}】", text)


def _placeholder(match: re.Match[str]) -> Checked:
    start, end = match.span()
    quantity = Quantity(
        match.group(), start, end, QuantityKind.PHRASE, sentence_start=start, sentence_end=end
    )
    return Checked(quantity, Verdict.PLACEHOLDER, detail="尚未填写或核实")


def _verdict(match: Match, matches: Sequence[Match], sources: SourceLedger) -> Checked:
    claim, quantity = match.claim, match.claim.quantity
    if match.best is not None:
        row = match.best.entry.row
        rounded = match.best.verdict is Verdict.ROUNDED
        detail = f"原文为{row.quantity.text}" if rounded else ""
        return Checked(quantity, match.best.verdict, row, detail)
    cue = read_cue(claim)
    found = derive(claim, cue, matches, sources) if cue else []
    if found:
        computed = found[0]
        rows = tuple(entry.row for entry in computed.operands)
        if computed.fits and not (_stated(match) and not _sums_up(cue, computed)):
            return Checked(quantity, Verdict.DERIVED, None, _from(computed), rows)
        explained = match.error is not None and match.error.fit >= _STATED
        if cue.firm and not computed.fits and not explained:
            detail = f"{_due(computed.value, cue, quantity)}（{_from(computed)}）"
            return Checked(quantity, Verdict.DERIVED_WRONG, None, detail, rows)
    if match.error is None and match.same is None and match.other is None and cue.firm:
        return Checked(quantity, Verdict.DERIVED_WRONG, None, "资料中没有可供计算的数")
    return _error(match, matches)


def _sums_up(cue: Cue, computed: Derivation) -> bool:
    """Whether it is a total or an average over several bureaus or years, which none states."""
    scopes = {(entry.row.org, entry.row.year) for entry in computed.operands}
    return not (cue.change or cue.share) and len(scopes) > 1


def _stated(match: Match) -> bool:
    """Whether the source prints another figure in this very place.

    What one bureau states is no total of several, so a claim on several is never stated.
    """
    if len(match.claim.orgs) != 1:
        return False
    printed = [match.other]
    if match.error is not None and match.error.verdict in _MISPRINTS:
        printed.append(match.error)
    return any(c is not None and c.fit >= _STATED for c in printed)


def _error(match: Match, matches: Sequence[Match]) -> Checked:
    quantity, other = match.claim.quantity, match.other
    here = quantity.text
    if other is not None and given_kind(other.entry.row):
        if _stands_there(match.claim, other, matches):
            return _against_given(match, other)
        other = None
    if match.error is not None:
        row, verdict = match.error.entry.row, match.error.verdict
        return Checked(quantity, verdict, row, _explanation(verdict, here, row))
    if match.same is not None:
        row = match.same.entry.row
        detail = _whose(row)
        if other is not None and other.fit > match.same.fit:
            detail += f"，此处{_printed(other)}"
        return Checked(quantity, Verdict.WRONG_INDICATOR, row, detail)
    if other is not None and other.fit >= _TOLD:
        row = other.entry.row
        detail = f"{_printed(other)}，此处为{here}"
        if base_of(row.quantity) == base_of(quantity):
            detail = "增减方向与原文相反"
        return Checked(quantity, Verdict.FABRICATED, row, detail)
    return Checked(quantity, Verdict.FABRICATED, None, f"资料中没有{here}这个数")


def _stands_there(claim: Claim, given: Candidate, matches: Sequence[Match]) -> bool:
    """Whether the writer's figure belongs where the claim stands, and not to a claim that has it.

    A part of what the sheet gives as a whole (餐饮领域立案) is a new figure, not a wrong one.
    """
    if claim.in_table and named_so(claim, given):
        return True
    entry = given.entry
    plain = entry.row.sentence == f"{entry.quantity.indicator}{entry.quantity.text}"
    held = [m for m in matches if m.best and m.best.entry.row.report_id == entry.row.report_id]
    fits = [
        m.best.fit if plain and m.best else alike(m.claim.features, entry.features) for m in held
    ]
    return given.fit >= _PLACED and given.fit >= max(fits, default=0.0)


def _against_given(match: Match, other: Candidate) -> Checked:
    """The writer gave another figure for this very place, whatever else explains this one."""
    quantity, error, same = match.claim.quantity, match.error, match.same
    detail = f"{_printed(other)}，此处为{quantity.text}"
    verdict = Verdict.FABRICATED
    if error is not None and error.verdict in _FOREIGNERS:
        verdict, row = error.verdict, error.entry.row
        detail += f"（{_explanation(verdict, quantity.text, row)}）"
    elif same is not None:
        detail += f"（{_whose(same.entry.row)}）"
    return Checked(quantity, verdict, other.entry.row, detail)


def _printed(candidate: Candidate) -> str:
    row = candidate.entry.row
    return f"{source_name(row)}为{row.quantity.text}"


def _whose(row: LedgerRow) -> str:
    """Of what the figure is that has the value printed."""
    source = "资料中" if not given_kind(row) else source_name(row)
    return f"{source}的{row.quantity.text}是“{row.quantity.indicator or row.sentence.strip()}”的数"


def _explanation(verdict: Verdict, here: str, row: LedgerRow) -> str:
    there, source = row.quantity.text, source_name(row)
    match verdict:
        case Verdict.HEDGE_LOST:
            return f"{source}为“{there}”，此处为“{here}”"
        case Verdict.TARGET_AS_ACTUAL:
            return f"{source}的{there}是{row.year or ''}年目标，不是完成数"
        case Verdict.STALE:
            return f"{there}是{row.year}年的数，此处写成了新一年的"
        case Verdict.WRONG_YEAR:
            return f"{there}是{row.year}年的数"
        case Verdict.WRONG_ORG:
            return f"{there}是{row.org}的数"
        case _:
            return f"{source}为{there}，此处为{here}，数量级或单位不同"


def _from(derivation: Derivation) -> str:
    named = [
        f"{e.row.year or ''}年{e.quantity.indicator}{e.quantity.text}" for e in derivation.operands
    ]
    return "由" + "、".join(named[:6]) + ("等" if len(named) > 6 else "") + "算得"


def _due(value: Decimal, cue: Cue, quantity: Quantity) -> str:
    """What the figure should be; a change of the other direction is named by its word."""
    if value >= 0:
        return f"按原文计算应为{_shown(value, quantity)}"
    turned = "增加" if cue.down else "减少"
    return f"增减方向相反，按原文计算为{turned}{_shown(-value, quantity)}"


def _shown(value: Decimal, like: Quantity) -> str:
    """`value` printed with the precision, scale and unit of `like`."""
    step, base = step_of(like), base_of(like)
    view = fold(like.text)
    scale = next((s for c, s in (("亿", 10**8), ("万", 10**4)) if c in view and base >= s / 100), 1)
    number = (value / step).to_integral_value() * step / scale
    text = format(number.normalize(), "f")
    return f"{text}{'亿' if scale == 10**8 else '万' if scale == 10**4 else ''}{like.unit}"
