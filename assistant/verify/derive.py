"""Recompute a figure that no source prints from figures that sources print, behind a cue only.

Operands are what the text names: bound figures of the same sentence, the same indicator a year
before, of the organisations named, or the parts of a whole. Exact decimals throughout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from assistant.verify.bind import Match
from assistant.verify.claims import Claim
from assistant.verify.operands import Operands
from assistant.verify.sources import Entry, SourceLedger
from assistant.verify.values import base_of, comparable, rounds_to
from vectorstore.clean import fold
from vectorstore.types import Dimension, Hedge

__all__ = ["Cue", "Derivation", "derive", "read_cue"]

_SAME = 0.5  # how alike two indicators must be to be compared or added up
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_CLAUSE = re.compile(r"[,;。:\n(]")
_CHANGE = re.compile(
    "同比|环比|[较比](?:上年|去年|上一年|前一年)|增长|下降|增加|减少|提高|提升|上升|降低|回落|增幅|降幅"
)
_DOWN = re.compile("下降|减少|降低|回落|降幅|少|低")
_SHARE = re.compile("占|比重|率")
_SUM = re.compile("合计|共计|总计|总共|一共|累计|总量|总数")
_WEAK_SUM = re.compile("共(?!同|享|建|治)|两项|三项")
_AVERAGE = re.compile("平均|[人户年月场次]均|均为")
_COMPARE = re.compile("比.*[多少高低]|相差|高出|差距|多出|多$|少$")
_RATES = frozenset({Dimension.PERCENT, Dimension.PERMILLE})


@dataclass(frozen=True, slots=True)
class Cue:
    """Which computations the words before a figure announce; `firm`: it must be one of them."""

    change: bool = False
    share: bool = False
    total: bool = False
    average: bool = False
    compare: bool = False
    times: bool = False
    down: bool = False
    firm: bool = False

    def __bool__(self) -> bool:
        return any((self.change, self.share, self.total, self.average, self.compare, self.times))


@dataclass(frozen=True, slots=True)
class Derivation:
    """An exact value and the source figures it was computed from; `fits`: it is the claim's."""

    value: Decimal
    operands: tuple[Entry, ...]
    fits: bool


def read_cue(claim: Claim) -> Cue:
    """The cue in the clause that leads up to the figure."""
    quantity = claim.quantity
    said = fold(claim.sentence)[: quantity.start - quantity.sentence_start]
    clause = _CLAUSE.split(said)[-1]
    rate = quantity.dimension in _RATES
    change = bool(_CHANGE.search(clause) or claim.features.change)
    share = rate and bool(_SHARE.search(clause)) and not change
    firm_total, average = bool(_SUM.search(clause)), bool(_AVERAGE.search(clause))
    compare, times = bool(_COMPARE.search(clause)), quantity.unit == "倍"
    return Cue(
        change=change,
        share=share,
        total=not rate and (firm_total or bool(_WEAK_SUM.search(clause))),
        average=average,
        compare=compare and not change,
        times=times,
        down=bool(_DOWN.search(clause)),
        firm=change or (share and "占" in clause) or firm_total or average or times,
    )


def derive(
    claim: Claim, cue: Cue, beside: Sequence[Match], ledger: SourceLedger
) -> list[Derivation]:
    """What the cue's computations give: one that fits first, else what could have been meant.

    `beside` are the matches of the other figures of the text, in order.
    """
    found: list[Derivation] = []
    for value, operands in _attempts(claim, cue, Operands(claim, beside, ledger)):
        if _vague(operands) and claim.quantity.hedge is Hedge.EXACT:
            continue
        fits = _fits(value, claim)
        if fits:
            return [Derivation(value, operands, True)]
        found.append(Derivation(value, operands, False))
    return found


def _vague(operands: Sequence[Entry]) -> bool:
    """420余 − 310余 is no exact figure."""
    return any(e.quantity.hedge is not Hedge.EXACT for e in operands)


def _fits(value: Decimal, claim: Claim) -> bool:
    quantity = claim.quantity
    if quantity.hedge is Hedge.EXACT:
        return rounds_to(value, quantity)
    high = quantity.value_max
    return (
        base_of(quantity) * 0 <= value
        and (quantity.value or 0) <= value
        and (high is None or value <= high)
    )


Attempt = tuple[Decimal, tuple[Entry, ...]]


def _attempts(claim: Claim, cue: Cue, operands: Operands) -> Iterator[Attempt]:
    if cue.change:
        yield from _changes(claim, cue, operands)
    if cue.share:
        yield from _shares(claim, operands)
    if cue.total:
        for group in operands.groups():
            yield sum((e.base for e in group), _ZERO), group
    if cue.average:
        for group in operands.groups():
            yield sum((e.base for e in group), _ZERO) / len(group), group
    if cue.average or cue.times:
        for one, other in permutations(operands.sentence_any(), 2):
            if other.base and (cue.average or comparable(one.quantity, other.quantity)):
                yield one.base / other.base, (one, other)
    if cue.compare:
        for one, other in operands.pairs():
            yield abs(one.base - other.base), (one, other)


def _changes(claim: Claim, cue: Cue, operands: Operands) -> Iterator[Attempt]:
    sign = -1 if cue.down else 1
    points = claim.quantity.dimension is Dimension.PERCENTAGE_POINT
    for now, before in operands.two_years():
        rates = now.quantity.dimension in _RATES
        difference = (now.base - before.base) * sign
        if claim.quantity.dimension in _RATES:
            if before.base and not rates:
                yield difference * _parts_in(claim) / before.base, (now, before)
        elif points:
            if rates:
                yield difference, (now, before)
        elif comparable(claim.quantity, now.quantity):
            yield difference, (now, before)


def _parts_in(claim: Claim) -> Decimal:
    return _HUNDRED * 10 if claim.quantity.dimension is Dimension.PERMILLE else _HUNDRED


def _shares(claim: Claim, operands: Operands) -> Iterator[Attempt]:
    for part, whole in operands.parts():
        if whole.base and part.base <= whole.base:
            yield part.base * _parts_in(claim) / whole.base, (part, whole)
    for part in operands.sentence_any():
        for group in operands.of_orgs(part.quantity, part.features):
            if part in group and (total := sum((e.base for e in group), _ZERO)):
                yield part.base * _parts_in(claim) / total, (part, *group)
