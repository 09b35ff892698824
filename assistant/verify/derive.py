"""Recompute a figure that no source prints from figures that sources print, behind a cue only.

Operands are what the text names: bound figures of the same sentence, the same indicator a year
before, of the organisations named, or the parts of a whole. Exact decimals throughout.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from assistant.verify.bind import Match
from assistant.verify.claims import Claim
from assistant.verify.features import Features, names_alike
from assistant.verify.sources import Entry, SourceLedger
from assistant.verify.values import base_of, comparable, rounds_to
from vectorstore.clean import fold
from vectorstore.types import Dimension, Hedge, Modality, Quantity

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
    for value, operands in _attempts(claim, cue, _Operands(claim, beside, ledger)):
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


def _attempts(claim: Claim, cue: Cue, operands: _Operands) -> Iterator[Attempt]:
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


def _changes(claim: Claim, cue: Cue, operands: _Operands) -> Iterator[Attempt]:
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


def _shares(claim: Claim, operands: _Operands) -> Iterator[Attempt]:
    for part, whole in operands.parts():
        if whole.base and part.base <= whole.base:
            yield part.base * _parts_in(claim) / whole.base, (part, whole)
    for part in operands.sentence_any():
        for group in operands.of_orgs(part.quantity, part.features):
            if part in group and (total := sum((e.base for e in group), _ZERO)):
                yield part.base * _parts_in(claim) / total, (part, *group)


class _Operands:
    """The source figures a claim may be computed from."""

    def __init__(self, claim: Claim, matches: Sequence[Match], ledger: SourceLedger) -> None:
        self._claim = claim
        self._ledger = ledger
        self._bound = [
            (m.claim.quantity, m.best.entry)
            for m in matches
            if m.best is not None and m.claim is not claim
        ]
        self._told = tuple(dict.fromkeys(org for m in matches for org in m.claim.orgs))

    def sentence_any(self) -> list[Entry]:
        """Bound figures of the claim's sentence."""
        start = self._claim.quantity.sentence_start
        return [entry for said, entry in self._bound if said.sentence_start == start]

    def _comparable(self, entries: Sequence[Entry]) -> list[Entry]:
        return [e for e in entries if comparable(self._claim.quantity, e.quantity)]

    def groups(self) -> Iterator[tuple[Entry, ...]]:
        """Figures that may have been added up, the likeliest first."""
        at, start = self._claim.quantity.start, self._claim.quantity.sentence_start
        here = [(q, e) for q, e in self._bound if q.sentence_start == start]
        before = self._comparable([e for q, e in here if q.start < at])
        after = self._comparable([e for q, e in here if q.start > at])
        for size in range(len(before), 1, -1):
            yield tuple(before[-size:])
        for size in range(len(after), 1, -1):
            yield tuple(after[:size])
        alike = self._comparable([e for _, e in self._bound if self._same(e.features)])
        if len(unique := tuple(dict.fromkeys(alike))) > 1:
            yield unique
        own = (self._claim.quantity, self._claim.features)
        for like, features in (own, *((e.quantity, e.features) for e in reversed(before))):
            yield from self.of_orgs(like, features)
        yield from self._children()

    def _same(self, features: Features) -> bool:
        return names_alike(self._claim.features, features) >= _SAME

    def of_orgs(self, like: Quantity, features: Features) -> Iterator[tuple[Entry, ...]]:
        """One indicator of each organisation named, of those in the text, of all.

        A report may give several figures of one name: the most alike, or its own total.
        """
        several = self._claim.orgs if len(self._claim.orgs) > 1 else ()
        for orgs in dict.fromkeys((several or self._told, self._ledger.orgs)):
            found = [self._alike(self._ledger.of_org(o), like, features) for o in orgs]
            found = [entries for entries in found if entries]
            if len(found) > 1:
                yield tuple(
                    max(es, key=lambda e: names_alike(features, e.features)) for es in found
                )
                yield tuple(min(es, key=_standing) for es in found)

    def _alike(self, entries: Sequence[Entry], like: Quantity, features: Features) -> list[Entry]:
        """The results of the claim's year, and of the unit of `like`, that `features` may name."""
        return [
            e
            for e in entries
            if comparable(like, e.quantity)
            and e.quantity.modality is Modality.ACTUAL
            and self._claim.year in (None, e.row.year)
            and names_alike(features, e.features) >= _SAME
        ]

    def _children(self) -> Iterator[tuple[Entry, ...]]:
        """The parts (立案·简易程序, 立案·一般程序) of what the claim totals."""
        families: dict[tuple[str, int, str], list[Entry]] = defaultdict(list)
        for org in self._claim.orgs:
            for entry in self._ledger.of_org(org):
                parent, dot, _ = entry.quantity.indicator.rpartition("·")
                own = self._claim.quantity.indicator
                if dot and own and (parent in own or own in parent):
                    key = (entry.row.report_id, entry.quantity.sentence_start, parent)
                    families[key].append(entry)
        for family in families.values():
            if len(parts := self._comparable(family)) > 1:
                yield tuple(parts)

    def two_years(self) -> Iterator[tuple[Entry, Entry]]:
        """The same indicator in one year and the year before, what stands nearest first."""
        at = self._claim.quantity.start
        levels = [
            e
            for q, e in self._bound
            if q.start < at
            and q.sentence_start == self._claim.quantity.sentence_start
            and not e.features.change
        ]
        subject = self._claim.features.own
        named = [e for e in reversed(levels) if not subject or _shared(subject, e) >= _SAME]
        currents = named[:1] or self._subjects() or levels[-1:]
        for now in dict.fromkeys(currents):
            if now.row.year is None:
                continue
            before = [
                (names_alike(now.features, e.features), -n, e)
                for n, e in enumerate(self._ledger.of_org(now.row.org))
                if e.row.year == now.row.year - 1
                and comparable(now.quantity, e.quantity)
                and not e.features.change
                and e.quantity.modality is Modality.ACTUAL
            ]
            best = max(before, default=None, key=lambda item: item[:2])
            if best and best[0] >= _SAME:
                yield now, best[2]

    def _subjects(self) -> list[Entry]:
        """Figures of the claim's year whose indicator is what the claim says changed."""
        orgs = self._claim.orgs or self._ledger.orgs
        subject = self._claim.features.own
        found = [
            (_shared(subject, e), -n, e)
            for n, e in enumerate(e for org in orgs for e in self._ledger.of_org(org))
            if not e.features.change and self._claim.year in (None, e.row.year)
        ]
        found.sort(key=lambda item: item[:2], reverse=True)
        return [e for share, _, e in found[:2] if share >= _SAME]

    def parts(self) -> Iterator[tuple[Entry, Entry]]:
        """A part and its whole: two figures of the sentence, or a part and its parent."""
        here = self.sentence_any()
        for one, other in permutations(here, 2):
            if comparable(one.quantity, other.quantity):
                yield one, other
        for part in here:
            parent = part.quantity.indicator.rpartition("·")[0]
            for e in self._ledger.of_org(part.row.org) if parent else ():
                same = e.quantity.indicator == parent and e.row.year == part.row.year
                if same and comparable(part.quantity, e.quantity):
                    yield part, e

    def pairs(self) -> Iterator[tuple[Entry, Entry]]:
        """Two figures set against each other: of the sentence, or of the organisation named."""
        here = self._comparable(self.sentence_any())
        for index, one in enumerate(here):
            for other in here[index + 1 :]:
                yield one, other
            for org in self._claim.orgs:
                if org != one.row.org:
                    theirs = self._alike(self._ledger.of_org(org), one.quantity, one.features)
                    yield from ((one, other) for other in theirs)


def _shared(subject: frozenset[str], entry: Entry) -> float:
    """How much of two names is the same, 0 to 1."""
    longest = max(len(subject), len(entry.features.own))
    return len(subject & entry.features.own) / longest if longest else 0.0


def _standing(entry: Entry) -> tuple[bool, Decimal, int]:
    """A report's own total before its parts: no parent, the largest, first."""
    return "·" in entry.quantity.indicator, -entry.base, entry.quantity.start
