"""Indicators that line up across reports: one key for 罚没款, 罚没金额 and 罚没.

The table in indicators.yaml is extended by a user's own file of the same form, without code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vectorstore.errors import VectorstoreError, reason
from vectorstore.types import Dimension

__all__ = ["Indicator", "IndicatorFileError", "Lexicon", "load_lexicon"]

_CHANGE = re.compile("(?:[增降]幅|占比|合计|差距)$")
_HONOUR = re.compile("获评|评为|评选|荣获|获奖|等奖|优秀(?!率)|先进")
_RATES = frozenset({Dimension.PERCENT, Dimension.PERMILLE})  # 参考率、合格率均为100%: one row
_ONE_FIELD = re.compile("领域|行业")
# 行政许可218项 is an entry of a catalogue, 办理行政许可218项 so many deeds.
_DEED = re.compile("办理|受理|办结|办件|作出|实施|查处|查办|立案|完成")
_MAX_GAP = 6
# The C loader reads six times faster; wheels of PyYAML bring it, a build from source may not.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class IndicatorFileError(VectorstoreError):
    """A file of indicators is not what indicators.yaml is; the message names line and entry."""

    default_hint = "请对照随软件附带的 indicators.yaml 修改该文件。"


class Indicator(BaseModel):
    """One canonical indicator.

    `aliases` are words found in an indicator phrase; `*` stands for up to six characters.
    `excludes` are words that must not be in it. `aggregation`: may its values be added up.
    `entries`: units that count the entries of a catalogue unless a verb says they were done.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = Field(min_length=1)
    aggregation: Literal["sum", "none"] = "sum"
    entries: tuple[str, ...] = ()
    parent: str = ""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class _Alias:
    pattern: re.Pattern[str]
    excludes: tuple[str, ...]
    weight: int
    key: str


class Lexicon:
    """Canonical indicators and the rule that finds the one a phrase means."""

    def __init__(self, indicators: tuple[Indicator, ...]) -> None:
        self.indicators = {indicator.key: indicator for indicator in indicators}
        self._by_dimension: dict[Dimension, list[_Alias]] = {}
        for indicator in self.indicators.values():
            for alias in {indicator.name, *indicator.aliases}:
                for dimension in indicator.dimensions:
                    self._by_dimension.setdefault(dimension, []).append(_alias(alias, indicator))
        for aliases in self._by_dimension.values():
            aliases.sort(key=lambda alias: -alias.weight)
        self._match = lru_cache(maxsize=20_000)(self._find)

    def match(self, phrase: str, dimension: Dimension, parent: str = "", unit: str = "") -> str:
        """Key of the indicator `phrase` means, or ""; `unit` is the printed one where known.

        The most specific alias (most characters) wins; of a part (行政处罚立案·简易程序) its own
        name decides, and its whole must be an indicator too: 食品安全·立案 is a part only. A
        change (同比增幅), a share (占比), a gap, a sum of several or an award is not the indicator
        itself.
        """
        key = self._match(f"{parent}·{phrase}" if parent else phrase, dimension)
        listed = key and unit in self.indicators[key].entries
        return "" if listed and not _DEED.search(phrase) else key

    def _find(self, phrase: str, dimension: Dimension) -> str:
        if not phrase or any(p.search(phrase) for p in (_CHANGE, _ONE_FIELD, _HONOUR)):
            return ""
        if dimension not in _RATES and "、" in phrase and self._several(phrase, dimension):
            return ""
        # 习近平法治思想…等专题学习: of a list cut short only what all of it is can be told.
        phrase = phrase.rpartition("…等")[2]
        *wholes, own = phrase.split("·")
        if not all(self._known(whole) for whole in wholes):
            return ""  # 食品安全·立案 is not the bureau's 立案
        for alias in self._by_dimension.get(dimension, ()):
            for text in (own, phrase) if wholes else (own,):
                found = alias.pattern.search(text)
                own_part = found is not None and found.end() > len(text) - len(own)
                if own_part and not any(word in phrase for word in alias.excludes):
                    return alias.key
        return ""

    def _several(self, phrase: str, dimension: Dimension) -> bool:
        """行政复议、行政调解案件 counts two things together."""
        keys = {self._match(item, dimension) for item in phrase.split("、")}
        return len(keys - {""}) > 1

    def _known(self, whole: str) -> bool:
        return any(
            alias.pattern.search(whole)
            for aliases in self._by_dimension.values()
            for alias in aliases
        )


def _alias(alias: str, indicator: Indicator) -> _Alias:
    source = f".{{0,{_MAX_GAP}}}".join(re.escape(part) for part in alias.split("*"))
    weight = len(alias.replace("*", ""))
    return _Alias(re.compile(source), indicator.excludes, weight, indicator.key)


def _line_of(text: str, place: Sequence[int | str]) -> tuple[int, str]:
    """Line and key of the entry a validation error is about (line 1 when it is the whole file)."""
    node = yaml.compose(text)
    entries = node.value[0][1] if isinstance(node, yaml.MappingNode) and node.value else None
    if len(place) < 2 or not isinstance(place[1], int) or entries is None:
        return 1, "indicators"
    entry = entries.value[place[1]]
    named = yaml.safe_load(text)["indicators"][place[1]]
    return entry.start_mark.line + 1, str(named.get("key", "")) if isinstance(named, dict) else ""


def _read(text: str, source: str) -> tuple[Indicator, ...]:
    try:
        return _File.model_validate(yaml.load(text, Loader=_LOADER)).indicators
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "文件"
        raise IndicatorFileError(f"{source}：{where}不是有效的 YAML。") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        line, key = _line_of(text, first["loc"])
        field = ".".join(str(part) for part in first["loc"][2:])
        message = f"{source}：第 {line} 行（{key}）{field}：{first['msg']}"
        raise IndicatorFileError(message) from exc


def _read_file(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as exc:
        raise IndicatorFileError(f"{path.name}：不是 UTF-8 编码的文字。") from exc
    except OSError as exc:
        raise IndicatorFileError(f"{path.name}：无法读取（{reason(exc)}）。") from exc


@lru_cache(maxsize=8)
def _load(extra: str) -> Lexicon:
    own = files(__package__).joinpath("indicators.yaml").read_text("utf-8")
    indicators = _read(own, "indicators.yaml")
    if extra:
        name, _, text = extra.partition("\n")
        indicators += _read(text, name)
    return Lexicon(indicators)


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """The shipped indicators, and those of `extra`; an entry with a shipped key replaces it.

    Raises `IndicatorFileError` when `extra` is missing or not of the form.
    """
    return _load(f"{extra.name}\n{_read_file(extra)}" if extra else "")
