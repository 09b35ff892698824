"""What a figure is about, as sets of character pairs, and how alike two figures are in that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.clean import fold
from vectorstore.types import Quantity

__all__ = [
    "Features",
    "alike",
    "beside_alike",
    "features",
    "names_alike",
    "pairs",
    "words_alike",
]

_EDGE_LEFT = re.compile(r"[^,;。:()、\n\t\d]*$")
_EDGE_RIGHT = re.compile(r"[^,;。:()、\n\t\d]*")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]+")
_CHANGE = re.compile("(?:同比|环比|较?上年|比上年|较)?(?P<way>[增降])幅$")
_LEFT, _RIGHT = 14, 8  # characters beside a figure that say what it measures
_AROUND_LEFT, _AROUND_RIGHT = 40, 24  # characters that say which of several like figures it is
# What the three views of a figure weigh; chosen on mutations of `samples/` (design/verify.md).
_NAME, _BESIDE, _AROUND = 0.5, 0.3, 0.2

Pairs = frozenset[str]


@dataclass(frozen=True, slots=True)
class Features:
    """What names a figure and what stands around it.

    `own` is the indicator after its last ·, `whole` all of it; `change` is 增 or 降 when it is by
    how much something changed. `left` and `right` stand beside the figure in its clause, `around`
    are the words of its neighbourhood in the sentence.
    """

    canonical: str
    own: Pairs
    whole: Pairs
    change: str
    left: Pairs
    right: Pairs
    around: Pairs


def features(quantity: Quantity, sentence: str) -> Features:
    """Features of a figure; `sentence` starts at `quantity.sentence_start`."""
    at = quantity.start - quantity.sentence_start
    end = quantity.end - quantity.sentence_start
    view = fold(sentence)
    left, right = view[:at], view[end:]
    beside = _EDGE_LEFT.search(left.rstrip(": "))
    after = _EDGE_RIGHT.match(right)
    own = quantity.indicator.rpartition("·")[2]
    change = _CHANGE.search(quantity.indicator)
    return Features(
        canonical=quantity.canonical,
        own=pairs(_CHANGE.sub("", own)),
        whole=pairs(_CHANGE.sub("", quantity.indicator)),
        change=change["way"] if change else "",
        left=pairs(beside.group()[-_LEFT:] if beside else ""),
        right=pairs(after.group()[:_RIGHT] if after else ""),
        around=pairs(f"{left[-_AROUND_LEFT:]} {right[:_AROUND_RIGHT]}"),
    )


@lru_cache(maxsize=50_000)
def pairs(text: str) -> Pairs:
    """Neighbouring letters and Chinese characters; a word of one character is itself."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        found.update(word[i : i + 2] for i in range(len(word) - 1))
        if len(word) == 1:
            found.add(word)
    return frozenset(found)


def _overlap(one: Pairs, other: Pairs) -> float:
    """Shared pairs: 1 for equal sets; a name within a longer one counts more than half."""
    shared = len(one & other)
    if not shared:
        return 0.0
    small, large = sorted((len(one), len(other)))
    return shared / (0.65 * small + 0.35 * large)


def names_alike(one: Features, other: Features) -> float:
    """How alike two indicators are, 0 to 1."""
    score = 0.75 * _overlap(one.own, other.own) + 0.25 * _overlap(one.whole, other.whole)
    if one.canonical and other.canonical:
        score = 0.55 + 0.45 * score if one.canonical == other.canonical else 0.6 * score
    return score if bool(one.change) is bool(other.change) else 0.4 * score


def beside_alike(one: Features, other: Features) -> float:
    """How alike the words beside two figures are, 0 to 1."""
    if not (one.right or other.right):
        return _overlap(one.left, other.left)
    if not (one.left or other.left):
        return _overlap(one.right, other.right)
    return 0.7 * _overlap(one.left, other.left) + 0.3 * _overlap(one.right, other.right)


def alike(one: Features, other: Features) -> float:
    """How alike what two figures measure is, 0 to 1; a figure without a name goes by its words."""
    beside = beside_alike(one, other)
    name = names_alike(one, other) if one.whole and other.whole else beside
    return _NAME * name + _BESIDE * beside + _AROUND * _overlap(one.around, other.around)


def words_alike(one: Features, other: Features) -> float:
    """How alike the places are where two figures stand, whatever they measure, 0 to 1."""
    around = _overlap(one.around, other.around)
    if not (one.left or one.right or other.left or other.right):
        return around
    return 0.5 * beside_alike(one, other) + 0.5 * around
