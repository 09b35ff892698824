"""What a sentence speaks of, by the rules of themes.yaml."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from vectorstore.clean import fold

__all__ = ["Kind", "Theme", "Themes", "load_themes"]

Kind = Literal["measure", "shortcoming", "plan"]
# The C loader reads six times faster; wheels of PyYAML bring it, a build from source may not.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    name: str
    any: tuple[str, ...] = Field(min_length=1)
    none: tuple[str, ...] = Field(default=(), alias="not")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    measures: tuple[_Rule, ...]
    shortcomings: tuple[_Rule, ...]
    stock: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its stable key and printed name."""

    key: str
    name: str
    found: re.Pattern[str]
    barred: re.Pattern[str] | None

    def hits(self, folded: str) -> int:
        """How many different places of a folded sentence speak of it; 0 where it does not."""
        if self.barred is not None and self.barred.search(folded):
            return 0
        return sum(1 for _ in self.found.finditer(folded))


@dataclass(frozen=True, slots=True)
class Themes:
    """All themes; `version` changes with the rules, so that what was read by old ones is redone."""

    measures: tuple[Theme, ...]
    shortcomings: tuple[Theme, ...]
    stock: frozenset[str]
    version: str

    def of(self, kind: Kind) -> tuple[Theme, ...]:
        """The themes of one kind of statement; plans are about what measures are about."""
        return self.shortcomings if kind == "shortcoming" else self.measures

    def read(self, kind: Kind, sentence: str) -> tuple[str, ...]:
        """Keys of what `sentence` speaks of, the surest first."""
        folded = fold(sentence)
        scored = [(theme.hits(folded), theme.key) for theme in self.of(kind)]
        return tuple(key for n, key in sorted(scored, key=lambda s: -s[0]) if n)

    def name(self, kind: Kind, key: str) -> str:
        """The printed name of a theme; a key no rule has is a name itself."""
        return next((theme.name for theme in self.of(kind) if theme.key == key), key)


@cache
def load_themes() -> Themes:
    """The themes that ship with the package."""
    text = files("assistant.brief").joinpath("themes.yaml").read_text("utf-8")
    read = _File.model_validate(yaml.load(text, Loader=_LOADER))
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Themes(
        tuple(map(_theme, read.measures)),
        tuple(map(_theme, read.shortcomings)),
        frozenset(fold(word) for word in read.stock),
        digest,
    )


def _theme(rule: _Rule) -> Theme:
    none = re.compile(fold("|".join(rule.none))) if rule.none else None
    return Theme(rule.key, rule.name, re.compile(fold("|".join(rule.any))), none)
