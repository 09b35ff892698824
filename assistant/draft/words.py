"""How much two short texts are about the same, by weighted words; no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from vectorstore.tokens import segment

__all__ = ["Topics"]

_EVERYWHERE = frozenset(
    [
        "法治",
        "政府",
        "建设",
        "工作",
        "进一步",
        "加强",
        "强化",
        "推进",
        "深化",
        "提升",
        "提高",
        "完善",
        "健全",
        "落实",
        "开展",
        "全面",
        "持续",
        "不断",
        "组织",
        "做好",
        "推动",
        "情况",
        "问题",
        "不足",
        "不够",
        "有待",
        "年",
        "我局",
        "我委",
        "全年",
        "行政",
        "依法",
    ]
)
_LEAST = 2  # characters of a word that counts


class Topics:
    """Weighs words by how rare they are among `texts`."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts = Counter(word for text in texts for word in _words(text))
        self._counts = counts
        self._n = max(sum(1 for _ in counts), 1)

    def alike(self, one: str, other: str) -> float:
        """Shared weight over the weight of the shorter text, 0 to 1."""
        mine, theirs = _words(one), _words(other)
        if not mine or not theirs:
            return 0.0
        shared = self._weight(mine & theirs)
        return shared / min(self._weight(mine), self._weight(theirs))

    def coverage(self, part: str, whole: str) -> float:
        """The share of `part` that `whole` says too, 0 to 1."""
        mine = _words(part)
        return self._weight(mine & _words(whole)) / self._weight(mine) if mine else 0.0

    def best(self, text: str, others: Sequence[str]) -> tuple[int, float]:
        """Place and score of the most alike; (-1, 0) among none."""
        scores = [self.alike(text, other) for other in others]
        if not scores:
            return -1, 0.0
        at = max(range(len(scores)), key=lambda i: (scores[i], -i))
        return at, scores[at]

    def _weight(self, words: frozenset[str]) -> float:
        return sum(log(1 + self._n / (1 + self._counts[word])) for word in words)


def _words(text: str) -> frozenset[str]:
    return frozenset(
        w for w in segment(text) if len(w) >= _LEAST and w not in _EVERYWHERE and not w.isdigit()
    )
