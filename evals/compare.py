"""What changed between two recorded runs, and whether it is more than noise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from evals.stats import differs

__all__ = ["Change", "CompareError", "changes", "load_run", "unlike"]

_NAMES = {"engine": "引擎", "model": "模型", "seed": "种子", "limit": "用例上限"}


class CompareError(AssistantError):
    """The file is no recorded run."""

    default_hint = "用 fazhi eval -o 目录 写出的 .json 作比较。"


@dataclass(frozen=True, slots=True)
class Change:
    """One score in both runs; `beyond_noise` by `stats.differs`."""

    name: str
    old: float
    new: float
    beyond_noise: bool
    worse: bool

    @property
    def regression(self) -> bool:
        """Whether the score is worse by more than noise."""
        return self.worse and self.beyond_noise

    def __str__(self) -> str:
        way = "退步" if self.worse else "进步"
        doubt = "" if self.beyond_noise else "，在误差之内"
        return f"{self.name}：{self.old:.1%} → {self.new:.1%}（{way}{doubt}）"

    def to_json(self) -> dict[str, Any]:
        """As printed with `--json`."""
        return {**asdict(self), "regression": self.regression}


def load_run(path: Path) -> dict[str, Any]:
    """A run as `report.write` left it. Raises CompareError."""
    try:
        document = json.loads(path.read_text("utf-8"))
        assert isinstance(document["metrics"], dict)
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as exc:
        raise CompareError(f"{path} 不是测评结果。") from exc
    return dict(document)


def unlike(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What keeps two runs from being compared score by score, in Chinese; empty when nothing."""
    was, now = old.get("provenance", {}), new.get("provenance", {})
    found = [
        f"{shown}不同：{was.get(key)} → {now.get(key)}"
        for key, shown in _NAMES.items()
        if was.get(key) != now.get(key)
    ]
    datasets = was.get("dataset", {}), now.get("dataset", {})
    both = datasets[0].keys() & datasets[1].keys()
    return found + [f"{s} 的数据不同" for s in sorted(both) if datasets[0][s] != datasets[1][s]]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every score both runs have whose value differs, in the order of the new run.

    Scores without trials and scores without a direction are left out.
    """
    before = dict(_scores(old["metrics"]))
    return [
        _change(name, before[name], score)
        for name, score in _scores(new["metrics"])
        if name in before and before[name]["value"] != score["value"]
    ]


def _change(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    lower = new.get("better") == "lower"
    worse = (new["value"] > old["value"]) if lower else (new["value"] < old["value"])
    return Change(name, old["value"], new["value"], _differ(old, new), worse)


def _differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if "hits" in old and "hits" in new:
        total = old["total"] + new["total"]
        pooled = (old["hits"] + new["hits"]) / total
        variance = pooled * (1 - pooled) * (1 / old["total"] + 1 / new["total"])
        return differs(old["hits"] / old["total"], new["hits"] / new["total"], variance)
    spread = [inf if s.get("variance") is None else s["variance"] for s in (old, new)]
    return differs(old["value"], new["value"], sum(spread))


def _scores(metrics: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in metrics.items():
        name = f"{path}/{key}" if path else key
        if not isinstance(value, Mapping):
            continue
        if "value" in value and "low" in value:
            if value["value"] is not None and value.get("better", "higher"):
                yield name, value
        else:
            yield from _scores(value, name)
