"""The word lists of words.yaml, read once and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from vectorstore.types import Hedge

__all__ = ["Words", "alternation", "load_words", "read_data"]


# The C loader reads six times faster; wheels of PyYAML bring it, a build from source may not.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Words(BaseModel):
    """Word lists by job; words.yaml says what each is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hedge_before: dict[Hedge, list[str]]
    hedge_not: list[str]
    hedge_after: dict[Hedge, list[str]]
    count_verbs: list[str]
    count_nouns: list[str]
    slogan_verbs: list[str]
    layout_nouns: list[str]
    weak_verbs: list[str]
    strong_verbs: list[str]
    verbal_noun_tails: list[str]
    verbal_noun_heads: list[str]
    complete_verbs: list[str]
    borrowing_nouns: list[str]
    bare_rates: list[str]
    lead_noise: list[str]
    tail_noise: list[str]
    tail_kept: list[str]
    right_stops: list[str]
    noun_ends: list[str]
    light_verbs: list[str]
    general_nouns: list[str]
    part_words: list[str]
    change_up: list[str]
    change_down: list[str]


def read_data(name: str) -> Any:
    """Parse one YAML file of this package."""
    return yaml.load(files(__package__).joinpath(name).read_text("utf-8"), Loader=_LOADER)


@cache
def load_words() -> Words:
    """The lists that ship with the package."""
    return Words.model_validate(read_data("words.yaml"))


def alternation(words: Iterable[str]) -> str:
    """A regular expression source that takes the longest of `words`.

    A word may bar what follows it: `共 ≠ 享 建` is 共, but not in 共享 or 共建.
    """
    sources = []
    for entry in sorted(words, key=lambda entry: -len(entry.partition(" ≠ ")[0])):
        word, _, barred = entry.partition(" ≠ ")
        stop = f"(?!{'|'.join(map(re.escape, barred.split()))})" if barred else ""
        sources.append(re.escape(word) + stop)
    return "|".join(sources)
