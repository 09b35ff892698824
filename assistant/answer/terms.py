"""How much of what a question is about stands in a text: weighted words, without a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log

from vectorstore.clean import fold

__all__ = ["Terms", "weigh"]

# A word the text has only under another name counts a little less than the word itself.
_SYNONYM = 0.9
# A word of which the text has only pieces (法律宣传活动 → 宣传活动) counts by its share of pairs.
_PIECES = 0.6


@dataclass(frozen=True, slots=True)
class Terms:
    """Weighted words of a question; weights sum to 1 unless there are none."""

    weights: tuple[tuple[str, float], ...]

    def __bool__(self) -> bool:
        return bool(self.weights)

    def coverage(self, text: str) -> float:
        """The weight of the words found in `text`, 0 to 1."""
        folded = fold(text).lower()
        return sum(weight * _found(word, folded) for word, weight in self.weights)

    def strangers(self, text: str) -> tuple[str, ...]:
        """The words of which `text` has neither themselves, a synonym, nor most of their pieces."""
        folded = fold(text).lower()
        return tuple(word for word, _ in self.weights if _found(word, folded) < 0.5)


def weigh(words: Sequence[str], pool: Sequence[str]) -> Terms:
    """Weigh `words` by how rare they are in `pool`, the texts that could answer.

    idf = ln(1 + (N − n + 0.5)/(n + 0.5)), the form BM25 uses (Robertson & Zaragoza 2009), so a word
    every text has weighs next to nothing and one that no text has weighs most.
    """
    words = _longest(words)
    folded = [fold(text).lower() for text in pool]
    total = max(len(folded), 1)
    raw = {}
    for word in words:
        n = sum(_found(word, text) >= 0.5 for text in folded)
        raw[word] = log(1 + (total - n + 0.5) / (n + 0.5)) * min(len(word), 4)
    whole = sum(raw.values())
    return Terms(tuple((word, weight / whole) for word, weight in raw.items()) if whole else ())


def _longest(words: Iterable[str]) -> list[str]:
    """Drop a word that a longer one of the question holds: search mode gives both."""
    unique = list(dict.fromkeys(words))
    return [w for w in unique if not any(w != other and w in other for other in unique)]


def _found(word: str, folded: str) -> float:
    if word in folded:
        return 1.0
    if any(other in folded for other in _synonyms().get(word, ())):
        return _SYNONYM
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    if len(pairs) < 2:
        return 0.0
    return _PIECES * sum(pair in folded for pair in pairs) / len(pairs)


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Each word's other names, from `synonyms.yaml`."""
    import yaml

    groups = yaml.safe_load(files("assistant.answer").joinpath("synonyms.yaml").read_text("utf-8"))
    table: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for word in group:
            table[word] = tuple(w for w in group if w != word) + table.get(word, ())
    return table
