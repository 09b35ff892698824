"""The figures of a text to be verified, each with the organisations and the year it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.verify.features import Features, features, pairs
from assistant.verify.values import comparable
from vectorstore.clean import fold
from vectorstore.indicators import Lexicon
from vectorstore.scope.organisations import read_organisations
from vectorstore.types import Modality, Quantity

__all__ = ["Claim", "ScopeReader"]

_SEGMENT = re.compile(r"[,;。:、\n\t()|]")
_BUREAU = re.compile(r"[局委厅院]|政府|办公室|中心|大队")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d) ?年")
_FIGURE = re.compile(r"\d(?!\d{3} ?年)")
_FIGURE_LAST = re.compile(r"\d\D{0,4}$")  # 不少于14场, 90%以上, but not 12345工单群众满意率
_ALL_TOGETHER = re.compile(
    r"合计|总计|共计|平均|各单位|各部门|全市|全县|全区|[两三四五六七八九十]家"
)
_AIM = re.compile(r"计划|目标|力争|争取|拟|预计|下一?年|明年|要求|不少于|不低于|任务")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_CLAUSE = re.compile("[,;。]")
_FILLING = re.compile(r"(?:19|20)\d\d ?年度?|[上去今]年|全年|[是为·:]")
# of what a table's row names
_ASPECT = re.compile("[已未]?(?:完成(?:数|情况)?|达到目标)|计划|目标|任务|实际|预期")
_LABEL = re.compile("[,;。:]")  # a row may name the heading first: 提高办案水平：举办法治培训
_COLUMNS = {"计划": Modality.TARGET, "实际": Modality.ACTUAL}
_SUPERLATIVE = re.compile("(?P<what>[^,;。:]+?)最[多少高低大小好](?:的|者)?(?:单位|部门)?(?:是|为)")
_NONE: frozenset[str] = frozenset()
_OUTSIDE = re.compile(r"[,;。:()、\n\t|\[]|$")
_ITEMS = re.compile("[两二三四五六]项(?:合计|共计|总计|相加)")
_TALLY = re.compile("[家个]?(?:单位|部门|局)")
_BODY = re.compile(r"(?:局|委员会|委|厅|院|政府)$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of the text. Empty `orgs` or `year` None: the text does not say.

    `aimed`: it is or may be a target. `bare`: no word beside it says what it measures.
    `in_table`: it stands in a row that may name it. `column`: which of two it is where a row tells
    the target and what came of it (计划12场 │ 实际13场).
    """

    quantity: Quantity
    features: Features
    sentence: str
    orgs: tuple[str, ...]
    year: int | None
    aimed: bool
    bare: bool = False
    in_table: bool = False
    column: Modality | None = None


class ScopeReader:
    """Reads organisation and year of each figure: what is named nearest before it binds.

    `org`/`year` are those of the whole text, empty when it speaks of several.
    """

    def __init__(
        self, text: str, known: Sequence[str], org: str, year: int | None, lexicon: Lexicon
    ) -> None:
        self._text = text
        self._view = fold(text)
        self._known = tuple(known)
        self._org = org
        self._year = year
        self._lexicon = lexicon

    def claims(self, quantities: Sequence[Quantity]) -> list[Claim]:
        """The figures with their scope, in order.

        A figure that nothing but an organisation or a year leads up to (“1. 甲县司法局：14件”,
        “2025年36件”) measures what its line says, else what the named figure before it does.
        """
        found: list[Claim] = []
        for quantity in quantities:
            claim = self._claim(quantity)
            if self._nameless(claim):
                claim = replace(claim, bare=self._bare(claim))
                before = _before(claim, found)
                led = self._row(claim) or self._led(claim)
                named = led or (before.features if before else None)
                claim = _renamed(claim, named)
                if claim.bare and claim.year is None and before:
                    claim = replace(claim, year=before.year)
            found.append(claim)
        return found

    def _nameless(self, claim: Claim) -> bool:
        said = self._without_orgs(claim.quantity.indicator, claim)
        return not _WORD.search(_ASPECT.sub("", said) if claim.in_table else said)

    def _bare(self, claim: Claim) -> bool:
        """Whether the clause around the figure holds no word but organisations and years."""
        quantity = claim.quantity
        start = max(self._line_start(quantity), quantity.sentence_start)
        left = _CLAUSE.split(self._view[start : quantity.start])[-1]
        right = _OUTSIDE.split(self._view[quantity.end :], maxsplit=1)[0]
        return not _WORD.search(self._without_orgs(left, claim) + right)

    def _without_orgs(self, said: str, claim: Claim) -> str:
        said = fold(said)
        for org in {*claim.orgs, claim.quantity.org} - {""}:
            said = said.replace(fold(org), "")
        return _FILLING.sub("", said)

    def _cells(self, quantity: Quantity) -> list[str]:
        """What stands before the figure in its row of a table, cell by cell; empty in prose."""
        said = self._text[self._line_start(quantity) : quantity.start]
        return said.split("\t") if "\t" in said else []

    def _row(self, claim: Claim) -> Features | None:
        """What a row of a table is about: “3 │ 举办法治培训 │ 计划12场” is about 举办法治培训."""
        cells = (_LABEL.split(fold(cell).rstrip(": "))[-1] for cell in self._cells(claim.quantity))
        labels = [_ASPECT.sub("", self._without_orgs(cell, claim)) for cell in cells]
        named = (text for text in reversed(labels) if _WORD.search(text))
        label = next((text for text in named if not _FIGURE_LAST.search(text)), "")
        return self._about(claim, label) if label else None

    def _led(self, claim: Claim) -> Features | None:
        """What “2025年行政处罚立案最多的是甲县司法局：14件” is about."""
        said = self._view[self._line_start(claim.quantity) : claim.quantity.start]
        lead = _SUPERLATIVE.search(said)
        what = self._without_orgs(lead["what"], claim) if lead else ""
        return self._about(claim, what) if what else None

    def _about(self, claim: Claim, what: str) -> Features:
        key = self._lexicon.match(what, claim.quantity.dimension)
        words = pairs(what)
        return replace(claim.features, canonical=key, own=words, whole=words, left=words, change="")

    def _line_start(self, quantity: Quantity) -> int:
        return self._text.rfind("\n", 0, quantity.start) + 1

    def _claim(self, quantity: Quantity) -> Claim:
        sentence = self._text[quantity.sentence_start : quantity.sentence_end]
        in_table = bool(self._cells(quantity))
        column = _COLUMNS.get(self._view[quantity.start - 2 : quantity.start]) if in_table else None
        aimed = quantity.modality is Modality.TARGET or self._aimed(quantity)
        return Claim(
            quantity=quantity,
            features=features(quantity, sentence),
            sentence=sentence,
            orgs=self._orgs(quantity),
            year=self._year_of(quantity),
            aimed=aimed and column is not Modality.ACTUAL,
            in_table=in_table,
            column=column,
        )

    def tallies(self, quantity: Quantity) -> bool:
        """Whether the figure counts what the text itself lists: 两家单位, 两项合计."""
        if _ITEMS.match(self._view, quantity.start):
            return True
        unit = f"{quantity.unit}{self._view[quantity.end : quantity.end + 2]}"
        if not _TALLY.match(unit):
            return False
        if self._org:
            return quantity.value == 1
        start = self._text.rfind("\n", 0, quantity.start) + 1
        end = self._text.find("\n", quantity.end)
        line = self._view[start : end if end >= 0 else len(self._view)]
        named = (_organisations(line, self._known), _organisations(self._view, self._known))
        return quantity.value in {len(orgs) for orgs in (*named, self._known)}

    def _aimed(self, quantity: Quantity) -> bool:
        start = max(quantity.sentence_start, quantity.start - 24)
        beside = self._view[start : quantity.start] + self._view[quantity.end : quantity.end + 4]
        return bool(_AIM.search(beside))

    def _orgs(self, quantity: Quantity) -> tuple[str, ...]:
        if self._org:
            own = quantity.org or self._org
            return (own,) if own == self._org else self._named(own) or (own,)
        line_start = self._text.rfind("\n", 0, quantity.start) + 1
        line = self._view[line_start : quantity.start]
        if found := self._nearest(line):
            return found
        if quantity.org:
            return self._named(quantity.org) or (quantity.org,)
        if _ALL_TOGETHER.search(line):
            return ()
        if found := self._nearest(self._heading(line_start)):
            return found
        return self._known if len(self._known) == 1 else ()

    def _nearest(self, said: str) -> tuple[str, ...]:
        """The organisations of the last piece of `said` that names any."""
        for piece in reversed(_SEGMENT.split(said)):
            if found := self._named(piece):
                return found
        return ()

    def _named(self, piece: str) -> tuple[str, ...]:
        if not _BUREAU.search(piece):
            return ()
        return _organisations(piece, self._known)

    def _heading(self, before: int) -> str:
        """The nearest line above that leads in: it ends with a colon or holds no figure."""
        lines = self._view[:before].splitlines()
        for line in reversed(lines[-30:]):
            plain = line.strip()
            if plain and (plain.endswith(":") or not _FIGURE.search(_YEAR.sub("", plain))):
                return plain
        return ""

    def _year_of(self, quantity: Quantity) -> int | None:
        if quantity.year is not None or self._year is not None:
            return quantity.year
        line_start = self._line_start(quantity)
        if years := _YEAR.findall(self._view[line_start : quantity.start]):
            return int(years[-1])
        for line in reversed(self._view[:line_start].splitlines()[-30:]):
            years = _YEAR.findall(line)
            if years and not _FIGURE.search(_YEAR.sub("", line)):
                return int(years[-1])
        return None


def _before(claim: Claim, earlier: Sequence[Claim]) -> Claim | None:
    """The last named figure of the same unit; of any unit when the claim is a change."""
    for other in reversed(earlier):
        fits = claim.features.change or comparable(claim.quantity, other.quantity)
        if fits and other.features.whole and not other.features.change:
            return other
    return None


def _renamed(claim: Claim, named: Features | None) -> Claim:
    if named is None:
        return replace(claim, features=replace(claim.features, own=_NONE, whole=_NONE))
    new = replace(claim.features, canonical=named.canonical, own=named.own, whole=named.whole)
    if claim.features.change:
        new = replace(new, canonical="")
    if claim.bare:
        new = replace(new, left=named.left, right=named.right)
    return replace(claim, features=new)


@lru_cache(maxsize=4096)
def _organisations(piece: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Known organisations `piece` names, else the unknown bodies it names."""
    read = read_organisations(fold(piece), known)
    return read.orgs or tuple(name for name in read.unknown if _BODY.search(name))
