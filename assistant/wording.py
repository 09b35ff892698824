"""Compare the words of a claim with those of its quotes, clause by clause."""

from __future__ import annotations

import re
from functools import cache

from vectorstore.clean import fold
from vectorstore.tokens import segment

__all__ = ["FIGURE", "FRAME", "content_words", "contradicts", "unsaid", "words"]

# Share of a clause's words its quotes must have; below it paraphrase becomes invention. A figure
# in the clause, found in a quote and near one of its words, has tied the two together already.
_COVER = 0.6
_COVER_WITH_FIGURE = 0.5
FIGURE = "#"  # stands where a figure stood
_CLAUSES = re.compile(r"[，；;、。！？!?（）()\n]|[,:：](?!\d)")
_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两余多")
# What an answer puts around a fact.
FRAME = (
    "根据资料报告显示提到写明年度全年单位该局其情况分别如下为有共共有进行了开展了其中包括"
    "总体来看具体而言此外另外同时还主要有关相关方面以下综上所述可见本局我局本单位该单位数字来源"
)
# Words that rank or place: a claim is another claim with one of them put in.
_WEIGHTY = re.compile(
    r"第[一二三]|最[高低多少好差优大小早快强佳先]|首[个家次位批创]|唯一|冠军|榜首|领先|满分|一致好评|零投诉"
    r"|全[国省市州县区]|[国省部市]级|国务院|中央|创.{0,4}新高"
)
_PLACE_WORD = re.compile(r"[\u4e00-\u9fff]+(?:[省市县州盟旗]|[^全内干一][部厅委]|邻[区镇乡])")
_NO_PLACE = frozenset(("城市", "超市", "本市", "本县", "本省"))
_ITEM_NUMBER = re.compile(r"(?:^|[;；。:：])\s*[(（]?\d{1,2}(?:[.)）](?!\d)|、)")
_FOREIGN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_NOT = re.compile(
    r"(?:未(?!来|成年)能?|没有|不存在|尚无|无(?!障碍|线|人机)|并非|不再|不)(?=(.{2}))"
)


def words(text: str) -> set[str]:
    """The words of `text` without figures, which are checked exactly elsewhere."""
    found = segment(text)
    return {w for w in found if not any(c.isdigit() for c in w) and not set(w) <= _NUMERALS}


def content_words(text: str) -> set[str]:
    """The words of `text` that say something: not those an answer puts around a fact."""
    return words(text) - _frame()


def unsaid(said: str, quotes: str, label: str) -> str:
    """The first clause, word or number of `said` that `quotes` do not carry; "" if all is carried.

    Args:
        said: the claim without its marks, `FIGURE` for each figure: those are looked for elsewhere.
        quotes: the text that is to carry it.
        label: organisation, year, title and headings of that text, which a claim may name.
    """
    have, named = words(quotes), words(label)
    clause: str
    for clause in filter(None, _CLAUSES.split(said)):
        needed = content_words(clause) - named
        cover = _COVER_WITH_FIGURE if FIGURE in clause else _COVER
        if len(needed & have) < cover * len(needed):
            return clause.strip()
    source = fold(f"{quotes} {label}").lower()
    weighty: list[str] = _WEIGHTY.findall(said)
    weighty += [w for w in words(said) if _PLACE_WORD.fullmatch(w) and w not in _NO_PLACE]
    foreign = _FOREIGN.findall(_ITEM_NUMBER.sub(" ", fold(said).lower()))
    carried = {*_FOREIGN.findall(source), *(w for w in weighty if w in source)}
    return next((w for w in (*weighty, *foreign) if w not in carried), "")


def contradicts(said: str, quote: str) -> bool:
    """Whether one denies a word that the other affirms (未建立 against 建立)."""
    return _denies(said, quote) or _denies(quote, said)


def _denies(denying: str, affirming: str) -> bool:
    for match in _NOT.finditer(denying):
        word = match.group(1)
        for at in (m.start() for m in re.finditer(re.escape(word), affirming)):
            if not _NOT.search(affirming[max(at - 3, 0) : at + 2]):
                return word not in denying.replace(match.group() + word, "")
    return False


@cache
def _frame() -> frozenset[str]:
    return frozenset(segment(FRAME))
