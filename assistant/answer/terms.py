"""How much of what a question is about stands in a text: weighted words, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log

from vectorstore.clean import fold
from vectorstore.tokens import tagged

__all__ = ["Terms", "naming", "weigh"]

# A word the text has only under another name counts a little less than the word itself.
_SYNONYM = 0.9
# A word of which the text has only pieces (法律宣传活动 → 宣传活动) counts by its share of pairs.
_PIECES = 0.6
# A verb no text has is a way of asking (帮, 采取); a noun no text has is another subject.
_UNSEEN_VERB = 0.35


@dataclass(frozen=True, slots=True)
class Terms:
    """Weighted words of a question; weights sum to 1 unless there are none."""

    weights: tuple[tuple[str, float], ...]

    def __bool__(self) -> bool:
        return bool(self.weights)

    @property
    def length(self) -> int:
        """Characters of the words."""
        return sum(len(word) for word, _ in self.weights)

    def coverage(self, text: str) -> float:
        """The weight of the words found in `text`, 0 to 1."""
        folded = fold(text).lower()
        return sum(weight * _found(word, folded) for word, weight in self.weights)

    def head_in(self, text: str) -> bool:
        """Whether `text` has the last word, the one the others qualify (行政复议*被纠错*)."""
        return bool(self.weights) and _found(self.weights[-1][0], fold(text).lower()) >= _SYNONYM


def naming(subject: str) -> list[str]:
    """The words of `subject` that name something: two characters or more, no fillers."""
    return [w.text for w in _words(subject) if len(w.text) > 1 and w.text not in _table().fillers]


def weigh(subject: str, pool: Sequence[str]) -> Terms:
    """Weigh the words of `subject` by how rare they are in `pool`, the texts that could answer.

    idf = ln(1 + (N − n + 0.5)/(n + 0.5)), the form BM25 uses (Robertson & Zaragoza 2009), so a word
    every text has weighs next to nothing and one that no text has weighs most.
    """
    folded = [fold(text).lower() for text in pool]
    raw: dict[str, float] = {}
    for word in _joined(_words(subject), folded):
        if len(word.text) < 2 or word.text in _table().fillers:
            continue
        n = sum(_found(word.text, text) >= 0.5 for text in folded)
        weight = log(1 + (len(folded) - n + 0.5) / (n + 0.5)) * min(len(word.text), 4)
        raw[word.text] = weight if n or word.noun else weight * _UNSEEN_VERB
    whole = sum(raw.values())
    return Terms(tuple((word, weight / whole) for word, weight in raw.items()) if whole else ())


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    noun: bool


def _words(subject: str) -> list[_Word]:
    text = fold(subject).lower()
    for pattern, replacement in _table().rewrites:
        text = pattern.sub(replacement, text)
    # n* nouns and names, l i j set phrases, eng Latin, z and vn used as nouns by the tagger; u* are
    # particles (的), which would be joined to what follows.
    return [
        _Word(word, tag[0] in "nlijz" or tag in ("eng", "vn"))
        for run in re.split(r"[^\w%·]+", text)
        for word, tag in tagged(run)
        if tag[0] != "u"
    ]


def _joined(words: Sequence[_Word], pool: Sequence[str]) -> list[_Word]:
    """Put words back together that the texts have as one (两书同 + 达, 依 + 申请)."""
    kept: list[_Word] = []
    for word in words:
        last = kept[-1] if kept else None
        whole = (last.text if last else "") + word.text
        short = last is not None and (len(last.text) == 1 or len(word.text) == 1)
        if short and any(whole in text for text in pool):
            kept[-1] = _Word(whole, noun=True)
        else:
            kept.append(word)
    return kept


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
    rewrites: tuple[tuple[re.Pattern[str], str], ...]


@lru_cache(maxsize=1)
def _table() -> _Table:
    """Other names of words, words that name nothing, spoken forms: from `words.yaml`."""
    import yaml

    read = yaml.safe_load(files("assistant.answer").joinpath("words.yaml").read_text("utf-8"))
    synonyms: dict[str, tuple[str, ...]] = {}
    for group in read["synonyms"]:
        for word in group:
            synonyms[word] = tuple(w for w in group if w != word) + synonyms.get(word, ())
    rewrites = tuple((re.compile(spoken), written) for spoken, written in read["spoken"])
    return _Table(synonyms, frozenset(read["fillers"]), rewrites)
