"""Which organisations a question names, and which it names that the library does not hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from vectorstore.scope.kinds import KindMention, find_kinds, kind_of, short_kind_at
from vectorstore.scope.places import forms, is_wordlike, level_of, levels, unknown_places

__all__ = ["OrgsRead", "read_organisations"]

_UNIT = "单位|部门|委办局|县区|县市区|区县|市县|县|市(?!场|民)|区(?!域|别)|局|地方|地区|机关"
_ALL = re.compile(
    rf"各(?:家|个)?(?:报送|有关|相关|参评)?(?:{_UNIT}|地(?!点)|家|份报告|报告)"
    rf"|哪(?:一|几)?(?:个|家|些|份)?(?:{_UNIT}|报告|家)"
    rf"|(?:所有|全部|全体|每个|每家|每一个|其他|其它|不同|任何)(?:的)?(?:{_UNIT}|报告)"
    rf"|(?:多少|几|有几)(?:个|家)(?:单位|部门|局)(?=说|提|报|开|存|反|承|没|未|都|的|写|把|建|达|超|制|出|设)"
    rf"|有没有(?:哪个|哪些|哪家)?(?:单位|部门|局)|谁|单位之间|部门之间|横向(?:对比|比较)|全部报告|所有报告"
)
_PARTNER_BEFORE = re.compile(
    r"(?:联合|会同|移送|移交|协同|配合|对接|抄送|报送|邀请|协调|通报|[呈上]报|[提报]请)(?:给|至|到|了)?$|向$"
)
_PARTNER_AFTER = re.compile(r"(?:等.{0,4})?(?:联合|共同|协同|协作|联动)")
_JOIN = re.compile(r"(?:、|,|和|与|及|以及|跟|同|或|还是|比)+")
_LEVELS = "县区市省州旗镇"
_OTHER_BUREAU = re.compile(r"([\u4e00-\u9fff]{2,7}?(?:局|委员会|管委会|办事处|厅))(?![部限势面地])")
_NOT_BUREAU = re.compile(
    r"格局|布局|大局|全局|结局|开局|破局|当局|时局|变局|邮局|各局|多少|哪|几|的|和|与"
)


@dataclass(frozen=True, slots=True)
class OrgsRead:
    """`orgs` known, in the library's order; `unknown` as the question puts them.

    `everywhere` when the question asks about every organisation; `spans` are the characters that
    name organisations.
    """

    orgs: tuple[str, ...]
    unknown: tuple[str, ...]
    everywhere: bool
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Org:
    name: str
    levels: tuple[str, ...]
    kind: str
    unlisted: bool = False  # `kind` is the name's own ending (档案局)

    @property
    def home(self) -> str:
        return self.levels[-1] if self.levels else ""


@dataclass(slots=True)
class _Mention:
    """A place, a bureau kind, or both, at `start:end`; `at` are the known places it may mean."""

    start: int
    end: int
    at: frozenset[tuple[str, ...]] = frozenset()  # chains of levels down to the place named
    foreign: str = ""  # the place, when the library does not have it
    kind: str = ""
    level: str = ""
    collective: bool = False
    wording: str = ""  # when the place or the bureau was shared with another mention

    @property
    def placed(self) -> bool:
        return bool(self.at or self.foreign)


def read_organisations(text: str, known: Sequence[str]) -> OrgsRead:
    """Read the organisations out of a folded question; `known` are full names in the library."""
    orgs = [_parse(name) for name in known if name.strip()]
    exact = [org for org in orgs if len(org.name) > 3 and org.name in text]
    mentions = _inherit(_merge(text, _places(text, orgs), find_kinds(text), orgs), text)
    found: list[_Org] = []
    unknown: list[str] = []
    placed = [mention for mention in mentions if mention.placed]
    for mention in placed:
        matched = _resolve(mention, orgs)
        found += matched
        if not matched:
            wording = mention.wording or text[mention.start : mention.end]
            unknown.append(wording.replace("的", ""))
    named = list(placed)
    if not any(mention.kind for mention in placed):
        for mention in mentions:
            if not mention.placed and not _is_partner(mention, text):
                found, missing = _narrow(found, mention, orgs, bool(unknown), text)
                unknown += missing
                named.append(mention)
    found += exact
    unknown = [wording for wording in unknown if not any(wording in org.name for org in exact)]
    everywhere = bool(_ALL.search(text)) and not found and not unknown
    spans = [(m.start, m.end) for m in named] + [m.span() for m in _ALL.finditer(text)]
    spans += [m.span() for org in exact for m in re.finditer(re.escape(org.name), text)]
    names = {org.name for org in found}
    return OrgsRead(
        orgs=tuple(dict.fromkeys(org.name for org in orgs if org.name in names)),
        unknown=tuple(dict.fromkeys(unknown)),
        everywhere=everywhere,
        spans=tuple(sorted(spans)),
    )


@lru_cache(maxsize=4096)
def _parse(name: str) -> _Org:
    branch = re.fullmatch(r"(.+局)(.{2,4})分局", name)
    place, kind = kind_of(branch[1] if branch else name)
    chain = levels(place) or (place,)
    if kind:
        return _Org(name, (*chain, branch[2]) if branch else chain, kind)
    if level_of(chain[-1]):
        return _Org(name, chain, "政府")  # a government named by its place only
    return _Org(name, chain[:-1], chain[-1], unlisted=True)


@lru_cache(maxsize=8)
def _written(
    orgs: tuple[_Org, ...],
) -> tuple[dict[str, set[tuple[str, ...]]], re.Pattern[str] | None]:
    """Each way a place of the library may be written → the places it may mean; and all of them
    as one pattern, longest first."""
    chains: dict[str, set[tuple[str, ...]]] = {}
    for org in orgs:
        for depth, level in enumerate(org.levels, start=1):
            for form in forms(level):
                chains.setdefault(form, set()).add(org.levels[:depth])
    longest_first = sorted(map(re.escape, chains), key=len, reverse=True)
    return chains, re.compile("|".join(longest_first)) if chains else None


def _places(text: str, orgs: Sequence[_Org]) -> list[_Mention]:
    """Known places in the text, longest form first, side-by-side levels joined; then unknown."""
    chains, pattern = _written(tuple(orgs))
    found: list[_Mention] = []
    if pattern:
        for match in pattern.finditer(text):
            mention = _known_place(text, match, chains)
            if mention is None:
                continue
            last = found[-1] if found else None
            if last and last.end == mention.start and (deeper := _below(last.at, mention.at)):
                last.at, last.end = deeper, mention.end
            else:
                found.append(mention)
    return _add_foreign(text, found)


def _known_place(
    text: str, match: re.Match[str], chains: dict[str, set[tuple[str, ...]]]
) -> _Mention | None:
    form, end = match.group(), match.end()
    bureau_follows = bool(_starts_bureau(text, end))
    if not level_of(form):
        after = text[end : end + 1]
        longer = not bureau_follows and after and after in _LEVELS
        longer = longer and not text.startswith(("区域", "市场", "市民"), end)
        if longer and not {c for c in chains[form] if level_of(c[-1]) == after}:
            return None  # 岚江区 is not 岚江市
        if is_wordlike(form) and not (longer or bureau_follows):
            return None
        end += bool(longer)
    return _Mention(match.start(), end, at=frozenset(chains[form]))


def _starts_bureau(text: str, at: int) -> bool:
    return any(m.start == at for m in find_kinds(text)) or short_kind_at(text, at) is not None


def _below(
    upper: frozenset[tuple[str, ...]], lower: frozenset[tuple[str, ...]]
) -> frozenset[tuple[str, ...]]:
    """The chains of `lower` that pass through one of `upper`."""
    return frozenset(low for low in lower if any(low[: len(up)] == up for up in upper))


def _add_foreign(text: str, known: list[_Mention]) -> list[_Mention]:
    blank = list(text)
    for mention in known:
        blank[mention.start : mention.end] = "\0" * (mention.end - mention.start)
    kinds = find_kinds(text)
    ends = {m.end for m in known}
    bureaus = [(k.start, k.end) for k in kinds if not k.collective]
    for place in unknown_places("".join(blank), ends, bureaus):
        before = next((m for m in known if m.end == place.start), None)
        after = next((m for m in known if m.start == place.end), None)
        if after is not None and not before:  # 柳州市 before 柳江区: a level the name leaves out
            after.start = place.start
            if _contradicts(place.text, after):
                after.foreign, after.at = text[place.start : after.end], frozenset()
            continue
        if before is not None:  # 岚江市鼓楼区 is a deeper place, not 岚江市
            before.foreign = text[before.start : place.end]
            before.at, before.end = frozenset(), place.end
            continue
        known.append(_Mention(place.start, place.end, foreign=place.text))
    return sorted(known, key=lambda m: m.start)


def _contradicts(upper: str, mention: _Mention) -> bool:
    """Whether every chain of `mention` names another place of `upper`'s level above it."""
    level = level_of(upper)
    return all(
        any(level_of(above) == level and upper not in forms(above) for above in chain[:-1])
        for chain in mention.at
    )


def _merge(
    text: str, places: list[_Mention], kinds: list[KindMention], orgs: Sequence[_Org]
) -> list[_Mention]:
    """Join each place with the bureau right after it (的 and its own level may stand between)."""
    merged: list[_Mention] = []
    left = {k.start: k for k in kinds}
    for place in places:
        merged.append(place)
        at = place.end
        for gap in ("", "的", "县", "区", "市"):
            kind = left.get(at + len(gap)) if text.startswith(gap, at) else None
            if kind:
                place.kind, place.end, place.collective = kind.kind, kind.end, kind.collective
                del left[kind.start]
                break
        else:
            _other_bureau(text, place, orgs)
    for kind in left.values():
        level = text[kind.start - 1 : kind.start]
        if level and level in _LEVELS and not any(p.start < kind.start <= p.end for p in places):
            merged.append(_Mention(kind.start - 1, kind.end, kind=kind.kind, level=level))
        elif kind.kind not in {"政府", "法院", "检察院"}:
            merged.append(
                _Mention(kind.start, kind.end, kind=kind.kind, collective=kind.collective)
            )
    return sorted(merged, key=lambda m: m.start)


def _other_bureau(text: str, place: _Mention, orgs: Sequence[_Org]) -> None:
    """A brief name (湟中卫健), or a bureau of no listed kind (石桥县档案局), after a place."""
    brief = short_kind_at(text, place.end)
    if brief and not text.startswith(("执法", "管理", "系统"), brief.end):
        place.kind, place.end = brief.kind, brief.end
        return
    for org in orgs:
        if org.unlisted and text.startswith(org.kind, place.end):
            place.kind, place.end = org.kind, place.end + len(org.kind)
            return
    match = _OTHER_BUREAU.match(text, place.end)
    if match and not _NOT_BUREAU.search(match[1]):
        place.kind, place.end = match[1], match.end()


def _inherit(mentions: list[_Mention], text: str) -> list[_Mention]:
    """石桥县和禾丰县的司法局; 石桥县卫健局和司法局: what is joined shares a place or a kind."""
    for first, second in pairwise(mentions):
        if not _JOIN.fullmatch(text[first.end : second.start]):
            continue
        shares = first.placed and first.kind and not second.placed and not second.level
        if shares and not _is_partner(second, text):
            second.at, second.foreign = first.at, first.foreign
            second.wording = _place_text(first, text) + text[second.start : second.end]
    for first, second in reversed(list(pairwise(mentions))):
        joined = _JOIN.fullmatch(text[first.end : second.start])
        if joined and first.placed and not first.kind and second.placed and second.kind:
            first.kind = second.kind
            first.wording = text[first.start : first.end] + _kind_text(second, text)
    return mentions


def _kind_text(mention: _Mention, text: str) -> str:
    named = find_kinds(text[mention.start : mention.end])
    return text[mention.start + named[-1].start : mention.end] if named else ""


def _place_text(mention: _Mention, text: str) -> str:
    return text[mention.start : mention.end].removesuffix(_kind_text(mention, text))


def _is_partner(mention: _Mention, text: str) -> bool:
    """Whether the bureau is only someone worked with: 联合公安局, 和公安局联合."""
    before, after = text[: mention.start], text[mention.end :]
    return bool(_PARTNER_BEFORE.search(before) or _PARTNER_AFTER.match(after))


def _resolve(mention: _Mention, orgs: Sequence[_Org]) -> list[_Org]:
    """The known organisations a placed mention means; empty when the library has none of them."""
    if mention.foreign:
        return []
    if not mention.kind:
        return [org for org in orgs if any(_under(org, chain) for chain in mention.at)]
    own = [org for org in orgs if org.kind == mention.kind and org.levels in mention.at]
    if own or not mention.collective:
        return own
    return [
        org
        for org in orgs
        if org.kind == mention.kind and any(_under(org, chain) for chain in mention.at)
    ]


def _under(org: _Org, chain: tuple[str, ...]) -> bool:
    return org.levels[: len(chain)] == chain


def _narrow(
    found: list[_Org], mention: _Mention, orgs: Sequence[_Org], missing: bool, text: str
) -> tuple[list[_Org], list[str]]:
    """Apply a bureau kind named without a place: narrow the places found, or select by kind."""
    pool = found or ([] if missing else list(orgs))
    matched = [
        org
        for org in pool
        if org.kind == mention.kind and (not mention.level or level_of(org.home) == mention.level)
    ]
    if matched or mention.collective or missing:
        return (matched or found), []
    return found, [text[mention.start : mention.end]]
