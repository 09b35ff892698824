"""The figures of a text to be verified, each with the organisations and the year it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.verify.features import Features, features
from vectorstore.clean import fold
from vectorstore.scope.organisations import read_organisations
from vectorstore.types import Modality, Quantity

__all__ = ["Claim", "ScopeReader"]

_SEGMENT = re.compile(r"[,;。:、\n\t()|]")
_BUREAU = re.compile(r"[局委厅院]|政府|办公室|中心|大队")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d) ?年")
_FIGURE = re.compile(r"\d(?!\d{3} ?年)")
_ALL_TOGETHER = re.compile(
    r"合计|总计|共计|平均|各单位|各部门|全市|全县|全区|[两三四五六七八九十]家"
)
_AIM = re.compile(r"计划|目标|力争|争取|拟|预计|下一?年|明年|要求|不少于|不低于|任务")
_TALLY = re.compile("单位|部门|(?:家|个)?(?:单位|部门|局)")
_BODY = re.compile(r"(?:局|委员会|委|厅|院|政府)$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of the text. Empty `orgs` or `year` None: the text does not say.

    `aimed`: it is or may be a target. `line` is the text of its line up to it, folded.
    """

    quantity: Quantity
    features: Features
    sentence: str
    orgs: tuple[str, ...]
    year: int | None
    aimed: bool


class ScopeReader:
    """Reads organisation and year of each figure: what is named nearest before it binds.

    `org`/`year` are those of the whole text, empty when it speaks of several.
    """

    def __init__(self, text: str, known: Sequence[str], org: str, year: int | None) -> None:
        self._text = text
        self._view = fold(text)
        self._known = tuple(known)
        self._org = org
        self._year = year

    def claim(self, quantity: Quantity) -> Claim:
        """The figure with its scope."""
        sentence = self._text[quantity.sentence_start : quantity.sentence_end]
        return Claim(
            quantity=quantity,
            features=features(quantity, sentence),
            sentence=sentence,
            orgs=self._orgs(quantity),
            year=self._year_of(quantity),
            aimed=quantity.modality is Modality.TARGET or self._aimed(quantity),
        )

    def tallies(self, quantity: Quantity) -> bool:
        """两家单位: whether the figure counts the organisations of the text or of its line."""
        if self._org or not _TALLY.match(self._view, quantity.end):
            return False
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
        line_start = self._text.rfind("\n", 0, quantity.start) + 1
        for said in (self._view[line_start : quantity.start], self._heading(line_start)):
            if years := _YEAR.findall(said):
                return int(years[-1])
        return None


@lru_cache(maxsize=4096)
def _organisations(piece: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Known organisations `piece` names, else the unknown bodies it names."""
    read = read_organisations(fold(piece), known)
    return read.orgs or tuple(name for name in read.unknown if _BODY.search(name))
