"""The source figures a claim may be computed from: what its text names, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from assistant.verify.bind import Match
from assistant.verify.claims import Claim
from assistant.verify.features import Features, names_alike
from assistant.verify.sources import Entry, SourceLedger
from assistant.verify.values import comparable
from vectorstore.clean import fold
from vectorstore.types import Modality, Quantity

__all__ = ["Operands"]

_SAME = 0.5  # how alike two indicators must be to be compared or added up
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=[年、和与及至-])")


class Operands:
    """The source figures a claim may be computed from."""

    def __init__(self, claim: Claim, matches: Sequence[Match], ledger: SourceLedger) -> None:
        self._claim = claim
        self._ledger = ledger
        self._bound = [
            (m.claim, m.best.entry) for m in matches if m.best is not None and m.claim is not claim
        ]
        self._orgs = tuple(dict.fromkeys(org for m in matches for org in m.claim.orgs))

    def sentence_any(self) -> list[Entry]:
        """Bound figures of the claim's sentence."""
        start = self._claim.quantity.sentence_start
        return [e for said, e in self._bound if said.quantity.sentence_start == start]

    def _comparable(self, entries: Sequence[Entry]) -> list[Entry]:
        return [e for e in entries if comparable(self._claim.quantity, e.quantity)]

    def groups(self) -> Iterator[tuple[Entry, ...]]:
        """Figures that may have been added up, the likeliest first."""
        at, start = self._claim.quantity.start, self._claim.quantity.sentence_start
        here = [
            (said.quantity, e) for said, e in self._bound if said.quantity.sentence_start == start
        ]
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
        yield from self._of_years()
        yield from self._children()

    def _same(self, features: Features) -> bool:
        return names_alike(self._claim.features, features) >= _SAME

    def of_orgs(self, like: Quantity, features: Features) -> Iterator[tuple[Entry, ...]]:
        """One indicator of each organisation named, of those in the text, of all.

        A report may give several figures of one name: the most alike, or its own total.
        """
        several = self._claim.orgs if len(self._claim.orgs) > 1 else ()
        for orgs in dict.fromkeys((several or self._orgs, self._ledger.orgs)):
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
            and _reached(e)
            and self._claim.year in (None, e.row.year)
            and names_alike(features, e.features) >= _SAME
        ]

    def _of_years(self) -> Iterator[tuple[Entry, ...]]:
        """The claim's indicator of one organisation in each of the years its sentence names."""
        years = {int(year) for year in _YEAR.findall(fold(self._claim.sentence))}
        for org in self._claim.orgs if len(years) > 1 else ():
            rows = [e for e in self._ledger.of_org(org) if e.row.year in years]
            like = [e for e in self._comparable(rows) if self._same(e.features) and _reached(e)]
            found = [[e for e in like if e.row.year == year] for year in sorted(years)]
            if all(found):
                yield tuple(min(entries, key=_standing) for entries in found)

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
        subject = self._claim.features.own
        levels = [
            (max(_shared(subject, said.features), _shared(subject, e.features)), e)
            for said, e in reversed(self._bound)
            if said.quantity.start < self._claim.quantity.start
            and said.quantity.sentence_start == self._claim.quantity.sentence_start
            and not e.features.change
        ]
        named = [e for share, e in levels if share >= _SAME or not subject]
        currents = named[:1] or self._subjects() or [e for _, e in levels[:1]]
        for now in dict.fromkeys(currents):
            if now.row.year is None:
                continue
            before = [
                (names_alike(now.features, e.features), -n, e)
                for n, e in enumerate(self._ledger.of_org(now.row.org))
                if e.row.year == now.row.year - 1
                and comparable(now.quantity, e.quantity)
                and not e.features.change
                and _reached(e)
            ]
            best = max(before, default=None, key=lambda item: item[:2])
            if best and best[0] >= _SAME:
                yield now, best[2]

    def _subjects(self) -> list[Entry]:
        """Figures of the claim's year whose indicator is what the claim says changed."""
        orgs = self._claim.orgs or self._ledger.orgs
        subject = self._claim.features.own
        found = [
            (_shared(subject, e.features), -n, e)
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


def _shared(subject: frozenset[str], other: Features) -> float:
    """How much of two names is the same, 0 to 1."""
    longest = max(len(subject), len(other.own))
    return len(subject & other.own) / longest if longest else 0.0


def _reached(entry: Entry) -> bool:
    return entry.quantity.modality is Modality.ACTUAL


def _standing(entry: Entry) -> tuple[bool, Decimal, int]:
    """A report's own total before its parts: no parent, the largest, first."""
    return "·" in entry.quantity.indicator, -entry.base, entry.quantity.start
