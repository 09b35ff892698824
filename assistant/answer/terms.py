"""How much of what a question is about stands in a text: weighted words, without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log

from vectorstore.clean import fold

__all__ = ["Terms", "naming", "weigh"]

# A word the text has only under another name counts a little less than the word itself.
_SYNONYM = 0.9
# A word of which the text has only pieces (法律宣传活动 → 宣传活动) counts by its share of pairs.
_PIECES = 0.6


@dataclass(frozen=True, slots=True)
class Terms:
    """Weighted words of a question and weighted pairs of its characters; each sum to 1 or are none.

    Pairs make up for a word cut otherwise in the question than in the text, words for pairs that
    straddle two words; the better of the two counts.
    """

    words: tuple[tuple[str, float], ...]
    pairs: tuple[tuple[str, float], ...]

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def length(self) -> int:
        """Characters of the words."""
        return sum(len(word) for word, _ in self.words)

    def coverage(self, text: str) -> float:
        """The weight of what is found in `text`, 0 to 1."""
        folded = fold(text).lower()
        by_words = sum(weight * _found(word, folded) for word, weight in self.words)
        by_pairs = sum(weight for pair, weight in self.pairs if pair in folded)
        return max(by_words, by_pairs)


def naming(words: Iterable[str]) -> list[str]:
    """The words that name something: not fillers, not parts of a longer word among them."""
    return [word for word in _longest(words) if word not in _table().fillers]


def weigh(words: Sequence[str], pool: Sequence[str]) -> Terms:
    """Weigh `words` by how rare they are in `pool`, the texts that could answer.

    idf = ln(1 + (N − n + 0.5)/(n + 0.5)), the form BM25 uses (Robertson & Zaragoza 2009), so a word
    every text has weighs next to nothing and one that no text has weighs most.
    """
    named = naming(words)
    folded = [fold(text).lower() for text in pool]
    pairs = dict.fromkeys(w[i : i + 2] for w in _runs(named, words) for i in range(len(w) - 1))
    return Terms(
        _weighted(named, folded, lambda word, text: _found(word, text) >= 0.5),
        _weighted(list(pairs), folded, lambda pair, text: pair in text),
    )


def _weighted(
    units: Sequence[str], pool: Sequence[str], within: Callable[[str, str], bool]
) -> tuple[tuple[str, float], ...]:
    raw = {}
    for unit in units:
        n = sum(within(unit, text) for text in pool)
        raw[unit] = log(1 + (len(pool) - n + 0.5) / (n + 0.5)) * min(len(unit), 4)
    whole = sum(raw.values())
    return tuple((unit, weight / whole) for unit, weight in raw.items()) if whole else ()


def _runs(named: Sequence[str], words: Sequence[str]) -> list[str]:
    """Neighbouring words joined again, broken where a filler stood between them."""
    runs = [""]
    for word in _longest(words):
        if word in named:
            runs[-1] += word
        else:
            runs.append("")
    return runs


def _longest(words: Iterable[str]) -> list[str]:
    """Drop a word that a longer one of the question holds: search mode gives both."""
    unique = list(dict.fromkeys(words))
    return [w for w in unique if not any(w != other and w in other for other in unique)]


def _found(word: str, folded: str) -> float:
    if word in folded:
        return 1.0
    if any(other in folded for other in _table().synonyms.get(word, ())):
        return _SYNONYM
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    if len(pairs) < 2:
        return 0.0
    return _PIECES * sum(pair in folded for pair in pairs) / len(pairs)


@dataclass(frozen=True, slots=True)
class _Table:
    synonyms: dict[str, tuple[str, ...]]
    fillers: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    """Each word's other names and the words that name nothing, from `words.yaml`."""
    import yaml

    read = yaml.safe_load(files("assistant.answer").joinpath("words.yaml").read_text("utf-8"))
    synonyms: dict[str, tuple[str, ...]] = {}
    for group in read["synonyms"]:
        for word in group:
            synonyms[word] = tuple(w for w in group if w != word) + synonyms.get(word, ())
    return _Table(synonyms, frozenset(read["fillers"]))
