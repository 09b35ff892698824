"""Find the source figure a claim stands for, or the error that explains it best.

A value alone binds nothing: numbers recur. The source must count the same thing, and no other
source figure of the same unit and scope may fit the words of the claim clearly better while having
another value (the contrastive test).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.verify.claims import Claim
from assistant.verify.features import alike, beside_alike, names_alike
from assistant.verify.given import given_kind
from assistant.verify.sources import Entry, SourceLedger
from assistant.verify.values import Relation, base_of, comparable, compare
from assistant.verify.verdicts import Verdict
from vectorstore.types import Hedge, Modality, Quantity

__all__ = ["Candidate", "Match", "find", "named_so"]

# Chosen on mutations of `samples/` and on paraphrases (design/verify.md).
_MARGIN = 0.14  # a better fit by this much outweighs an equal value
_RELATED = 0.2  # below it, in name and in words beside, an equal value is a coincidence
_OTHER_NAME, _OTHER_WORDS = 0.34, 0.75  # the same for names the lexicon tells apart
_CLOSE = 0.1
_EXPLAINS = 0.42  # how well a source must fit to explain an error
_EXPLAINS_UNIT = 0.5
_FOREIGN = 0.3  # a figure of another organisation or year must fit this much better to win
_AWAY = 0.15  # an error within the organisation explains better than another organisation does
_REACHED = 0.2  # what was reached is a poor source for a target of the same number
_SURE = 0.7  # a fit within the organisation that no other organisation's figure can beat
_SCAN = 4000  # figures; beyond it a claim without an organisation is looked up by value only

_KEPT = frozenset({Verdict.SUPPORTED, Verdict.ROUNDED})
_DIFFERS = frozenset({Verdict.FABRICATED})
_FOREIGNERS = frozenset({Verdict.WRONG_ORG, Verdict.WRONG_YEAR, Verdict.STALE})
_SAME_NUMBER = frozenset({Verdict.HEDGE_LOST, Verdict.TARGET_AS_ACTUAL})
_WAYS = {"增", "降"}
_SAID = {
    Relation.EQUAL: Verdict.SUPPORTED,
    Relation.ROUNDED: Verdict.ROUNDED,
    Relation.HEDGE: Verdict.HEDGE_LOST,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source figure, how well it fits the claim's words (0 to 1), and what it makes of it."""

    entry: Entry
    fit: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Match:
    """`best` supports the claim; else `error` explains it and `other` is what it should say.

    `same` is a source figure of the same value that counts something else.
    """

    claim: Claim
    best: Candidate | None = None
    error: Candidate | None = None
    other: Candidate | None = None
    same: Candidate | None = None


def find(claim: Claim, ledger: SourceLedger, year: int | None) -> Match:
    """Bind `claim`; `year` is that of the text, which decides what is stale."""
    judged = [_judge(claim, entry, year) for entry in _own(claim, ledger)]
    if not any(c for c in judged if c and c.verdict in _KEPT and c.fit >= _SURE):
        judged += [_judge(claim, entry, year) for entry in _others(claim, ledger)]
    found = [c for c in judged if c is not None]
    good = [c for c in found if c.verdict in _KEPT]
    other = [c for c in found if c.verdict in _DIFFERS]
    wrong = [c for c in found if c.verdict not in _KEPT | _DIFFERS]
    best, contrast = _top(good), _top(other)
    error = max(wrong, key=lambda c: c.fit - _AWAY * (c.verdict is Verdict.WRONG_ORG), default=None)
    if best is not None and not claim.orgs:
        scope = best.entry.row
        contrast = _top(
            c for c in other if (c.entry.row.org, c.entry.row.year) == (scope.org, scope.year)
        )
    if best is not None and _holds(claim, best, contrast, error):
        return Match(claim, best=best)
    if error is not None and best is not None and error.fit < best.fit:
        error = None
    return Match(claim, error=error, other=contrast, same=best)


def _own(claim: Claim, ledger: SourceLedger) -> Iterable[Entry]:
    """The figures of the claim's organisations, or all when it names none."""
    if not claim.orgs:
        return ledger.figures if len(ledger) <= _SCAN else ledger.near(claim.quantity)
    return [entry for org in claim.orgs for entry in ledger.rivals(org, claim.quantity)]


def _others(claim: Claim, ledger: SourceLedger) -> Iterable[Entry]:
    """The figures of other organisations that have the claim's value."""
    if not claim.orgs or len(ledger.orgs) <= 1:
        return []
    return [e for e in ledger.near(claim.quantity) if e.row.org not in claim.orgs]


def _judge(claim: Claim, entry: Entry, year: int | None) -> Candidate | None:
    """What `entry` makes of the claim; None when it has nothing to do with it."""
    if claim.column not in (None, entry.quantity.modality):
        return None
    verdict = _reading(claim, entry, year)
    if verdict is None:
        return None
    fit = alike(claim.features, entry.features)
    if verdict in _KEPT and _is_aim(claim.quantity) and not _is_aim(entry.quantity):
        fit -= _REACHED
    if verdict is Verdict.WRONG_SCALE_OR_UNIT and fit < _EXPLAINS_UNIT:
        if not comparable(claim.quantity, entry.quantity):
            return None
        verdict = Verdict.FABRICATED
    key = claim.features.canonical
    same = verdict in _FOREIGNERS and bool(key) and key == entry.features.canonical
    told = same or verdict in _KEPT or verdict in _DIFFERS or fit >= _EXPLAINS
    return Candidate(entry, fit, verdict) if told else None


def _reading(claim: Claim, entry: Entry, year: int | None) -> Verdict | None:
    """The verdict if `entry` is what the claim is about; FABRICATED when the values differ."""
    quantity, row = claim.quantity, entry.row
    own_org = not claim.orgs or row.org in claim.orgs
    own = own_org and _year_fits(claim, entry)
    if not comparable(quantity, entry.quantity):
        same = own and base_of(quantity) == entry.base
        return Verdict.WRONG_SCALE_OR_UNIT if same else None
    relation = compare(quantity, entry.quantity)
    if {claim.features.change, entry.features.change} == _WAYS:
        relation = Relation.OTHER  # 增长8% is not 下降8%
    if relation is Relation.SCALE or relation is Relation.OTHER:
        differs = Verdict.WRONG_SCALE_OR_UNIT if relation is Relation.SCALE else Verdict.FABRICATED
        return differs if own else None
    if not own_org:
        return Verdict.WRONG_ORG
    if _is_aim(entry.quantity) and not claim.aimed:
        return Verdict.TARGET_AS_ACTUAL
    if not own:
        return _wrong_year(claim, entry, year)
    named_apart = given_kind(row) and _named_apart(quantity, entry.quantity)
    return Verdict.WRONG_SCALE_OR_UNIT if named_apart else _SAID[relation]


def _named_apart(claim: Quantity, source: Quantity) -> bool:
    """41起 for 41件: the same number under another word, which one's own figures do not change."""
    return bool(claim.unit and source.unit) and claim.unit != source.unit


def _year_fits(claim: Claim, entry: Entry) -> bool:
    """A plan for 2026 stands in the report on 2025 and may be told under either year."""
    said, year = claim.year, entry.row.year
    if said is None or year is None or said == year:
        return True
    return claim.aimed and _is_aim(entry.quantity) and said == year - 1


def _is_aim(quantity: Quantity) -> bool:
    return quantity.modality is Modality.TARGET


def _wrong_year(claim: Claim, entry: Entry, year: int | None) -> Verdict:
    """Stale: an earlier year's figure in a text about `year`, under that year."""
    earlier = (entry.row.year or 0) < (claim.year or 0)
    return Verdict.STALE if earlier and claim.year == year else Verdict.WRONG_YEAR


def _holds(
    claim: Claim, best: Candidate, contrast: Candidate | None, error: Candidate | None
) -> bool:
    if not _related(claim, best):
        return False
    if contrast is not None and contrast.fit > best.fit + _MARGIN:
        return named_so(claim, best) and not named_so(claim, contrast)
    if error is None:
        return True
    if error.verdict in _SAME_NUMBER and best.verdict is Verdict.ROUNDED:
        return error.fit < best.fit - _CLOSE  # 98% for a target of 98%以上, not for 97.6%
    if error.verdict in _FOREIGNERS:
        key = claim.features.canonical
        same = bool(key) and key == best.entry.features.canonical
        return same or error.fit <= best.fit + _FOREIGN
    return error.fit <= best.fit + _MARGIN


def _related(claim: Claim, best: Candidate) -> bool:
    """Whether two figures of one value can be one figure at all."""
    mine, theirs = claim.features, best.entry.features
    if claim.bare and not mine.whole:
        return True
    name, beside = names_alike(mine, theirs), beside_alike(mine, theirs)
    if mine.change:
        return name >= _RELATED
    if mine.canonical and theirs.canonical and mine.canonical != theirs.canonical:
        return name >= _OTHER_NAME or beside >= _OTHER_WORDS
    return max(name, beside) >= _RELATED


def named_so(claim: Claim, candidate: Candidate) -> bool:
    """Whether the claim gives the source its very name."""
    mine, theirs = claim.features, candidate.entry.features
    return len(mine.whole) > 1 and (mine.whole, mine.own) == (theirs.whole, theirs.own)


def _top(candidates: Iterable[Candidate]) -> Candidate | None:
    """The best fit; of equals an exact one, then the first."""
    return max(
        candidates,
        key=lambda c: (
            c.fit,
            c.verdict is Verdict.SUPPORTED,
            c.entry.quantity.hedge is Hedge.EXACT,
        ),
        default=None,
    )
