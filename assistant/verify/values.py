"""How a printed value relates to a source value: equal, rounded, hedge lost, scale slipped.

The intervals of hedges are those of `vectorstore.quantities.hedges`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from vectorstore.clean import fold
from vectorstore.quantities.numerals import last_digit_step
from vectorstore.types import Dimension, Hedge, Quantity

__all__ = ["Relation", "base_of", "comparable", "compare", "family", "near", "rounds_to", "step_of"]

_NUMBER = re.compile(r"\d[\d,]*(?:\.(?P<decimals>\d+))?")
_HALF = Decimal("0.5")
_TWO = Decimal(2)
_ALL = Decimal(100)
_UPWARD = frozenset({Hedge.OVER_ROUND, Hedge.MORE_THAN, Hedge.AT_LEAST})
_DOWNWARD = frozenset({Hedge.NEARLY, Hedge.AT_MOST})
_STRICT = frozenset({Hedge.OVER_ROUND, Hedge.MORE_THAN, Hedge.NEARLY})


class Relation(StrEnum):
    """A claim's value against a source's, both in the base unit."""

    EQUAL = "equal"
    ROUNDED = "rounded"
    HEDGE = "hedge"  # the same number, qualified otherwise
    SCALE = "scale"  # the same digits, another power of ten
    OTHER = "other"


def family(quantity: Quantity) -> str:
    """Quantities of two families are never comparable, unless one has no unit ("")."""
    if not quantity.unit:
        return ""
    return quantity.dimension.family.value


def comparable(claim: Quantity, source: Quantity) -> bool:
    """Whether both count in the same unit: 件≈起≈宗≈个, but 人 ≠ 人次; no unit fits any."""
    if claim.dimension is source.dimension:
        plain = Dimension.OTHER, Dimension.MONEY
        return claim.dimension not in plain or claim.unit == source.unit or _bare(claim, source)
    return claim.dimension.family is source.dimension.family or _bare(claim, source)


def _bare(claim: Quantity, source: Quantity) -> bool:
    return not claim.unit or not source.unit


def base_of(quantity: Quantity) -> Decimal:
    """The number printed, whatever qualifies it. The quantity must have a value."""
    low, high = quantity.value or Decimal(0), quantity.value_max
    match quantity.hedge:
        case Hedge.NEARLY | Hedge.AT_MOST if high is not None:
            return high
        case Hedge.ABOUT if high is not None:
            return (low + high) / _TWO
        case _:
            return low


def step_of(quantity: Quantity) -> Decimal:
    """One unit of the last digit printed, in the base unit: 13.52万元 → 100."""
    base = base_of(quantity)
    found = _NUMBER.search(fold(quantity.text))
    if found is None:
        scales = {"万": Decimal(10**4), "亿": Decimal(10**8)}
        last = next((c for c in reversed(quantity.text) if c in scales), "")
        return scales.get(last, Decimal(1)) if base else Decimal(1)
    number = Decimal(found.group().replace(",", ""))
    scale = base / number if number else Decimal(1)
    return scale.scaleb(-len(found["decimals"] or ""))


def rounds_to(exact: Decimal, claim: Quantity) -> bool:
    """Whether `exact` rounds to the claim's number at the precision it is printed with."""
    base = base_of(claim)
    if exact != base and (not base or (base == _ALL and claim.dimension is Dimension.PERCENT)):
        return False  # 99.6% is not 100%, 0.3% is not 0
    return abs(exact - base) <= step_of(claim) * _HALF


def near(claim: Quantity) -> tuple[Decimal, Decimal]:
    """Bounds outside of which no source value equals or rounds to the claim."""
    base, step = base_of(claim), step_of(claim)
    low, high = claim.value or base, claim.value_max
    reach = max(step, last_digit_step(base)) if claim.hedge in _UPWARD | _DOWNWARD else step
    return min(low, base - reach), max(base + reach, high or base)


def compare(claim: Quantity, source: Quantity) -> Relation:
    """The relation of two quantities that have values."""
    mine, theirs = base_of(claim), base_of(source)
    same_hedge = claim.hedge is source.hedge
    if same_hedge and (claim.value, claim.value_max) == (source.value, source.value_max):
        return Relation.EQUAL
    if _ranged(claim) or _ranged(source):
        return Relation.OTHER
    if mine == theirs:
        return _same_number(claim.hedge, source.hedge)
    if _rounded(claim, source):
        return Relation.ROUNDED
    return Relation.SCALE if _power_of_ten(mine, theirs) else Relation.OTHER


def _ranged(quantity: Quantity) -> bool:
    return quantity.hedge is Hedge.EXACT and quantity.value_max is not None


def _same_number(mine: Hedge, theirs: Hedge) -> Relation:
    """One number under two hedges: 超500 for 500余 says the same, 近500 does not."""
    if mine is Hedge.EXACT:
        return Relation.HEDGE
    if theirs is Hedge.EXACT:
        return Relation.HEDGE if mine in _STRICT else Relation.ROUNDED
    if mine is theirs or Hedge.ABOUT in (mine, theirs):
        return Relation.ROUNDED
    same_way = {mine, theirs} <= _UPWARD or {mine, theirs} <= _DOWNWARD
    return Relation.ROUNDED if same_way else Relation.HEDGE


def _rounded(claim: Quantity, source: Quantity) -> bool:
    exact = base_of(source)
    if claim.hedge is Hedge.EXACT:
        return source.hedge is Hedge.EXACT and rounds_to(exact, claim)
    base = base_of(claim)
    step = last_digit_step(base)
    if claim.hedge in _UPWARD:
        return base < exact < base + step
    if claim.hedge in _DOWNWARD:
        return base - step < exact < base
    return abs(exact - base) <= step * _HALF


def _power_of_ten(one: Decimal, other: Decimal) -> bool:
    if not one or not other:
        return False
    ratio = (one / other).normalize()
    return ratio.as_tuple().digits == (1,)
