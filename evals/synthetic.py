"""Synthetic annual reports with known figures, themes, shortcomings and practices.

Every report is written from data/brief_phrases.yaml in one of several styles, so that what a brief
says of a batch can be held against what was put into it. Places and bureaus are fictional.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, Literal

import yaml

from vectorstore.chunk import chunk
from vectorstore.indicators import Lexicon
from vectorstore.outline import outline
from vectorstore.quantities import extract
from vectorstore.store import Store
from vectorstore.types import Block, Document, Report

__all__ = ["Half", "Synthetic", "Truth", "fill", "synthetic_reports", "to_report"]

Half = Literal["seen", "held_out", "all"]
"""Which paraphrases are used: every first, every second, or all of them."""

_PLACES = [
    "".join(p) for p in product("安宁和顺昌永泰兴隆清德明嘉禾广丰", "源化远平岭桥湾屏岗溪川塘")
]
_BUREAUS = (
    *("卫生健康局", "市场监督管理局", "交通运输局", "农业农村局", "教育局", "住房和城乡建设局"),
    *("应急管理局", "自然资源局", "人力资源和社会保障局", "文化和旅游局", "城市管理局", "水利局"),
)
_COINS = (
    "云上会诊室",
    "一码知法",
    "法治夜校",
    "三色预警单",
    "流动课堂",
    "银发议事厅",
    "说法小院",
    "合规门诊",
)
_CHINESE = "一二三四五六七八九十"
_COUNTS: dict[str, tuple[tuple[str, ...], int]] = {
    "penalty_filed": (("全年行政处罚立案{v}件", "行政处罚立案{v}起"), 300),
    "inspections": (("开展监督检查{v}户次", "全年监督检查{v}户次"), 4000),
    "double_random": (("完成双随机抽查{v}户",), 900),
    "trainings": (("举办法治培训{v}期", "组织执法培训{v}场次"), 30),
    "publicity_events": (("开展普法宣传活动{v}场次", "组织普法活动{v}场"), 80),
    "publicity_materials": (("发放宣传资料{v}份", "发放宣传资料{v}余份"), 9000),
    "consultations": (("接受群众咨询{v}人次",), 3000),
    "licensing": (("办理行政许可事项{v}件",), 5000),
    "disclosure": (("主动公开政务信息{v}条",), 1200),
    "disclosure_requests": (("受理依申请公开{v}件",), 40),
    "contracts_reviewed": (("审查合同{v}份",), 120),
    "disputes_settled": (("化解矛盾纠纷{v}件",), 150),
    "drills": (("开展应急演练{v}次",), 12),
}
_RATES = {"closing_rate": "结案率{v}%", "satisfaction": "群众满意度{v}%"}
_MONEY = {"fines_confiscations": ("罚没款{v}万元", "罚没金额{v}万元")}


@dataclass(frozen=True, slots=True)
class Truth:
    """What was put into a report; figures by canonical key in the base unit."""

    org: str
    year: int
    figures: Mapping[str, Decimal]
    measures: frozenset[str]
    shortcomings: frozenset[str]
    plans: frozenset[str]
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A report's text and what it says."""

    text: str
    truth: Truth


@cache
def _phrases() -> dict[str, Any]:
    text = files("evals").joinpath("data/brief_phrases.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def synthetic_reports(
    count: int, *, year: int = 2025, half: Half = "all", seed: int = 11
) -> list[Synthetic]:
    """`count` reports of `count` bureaus; the same arguments give the same reports."""
    rng = random.Random(seed)
    named = [f"{place}县{bureau}" for bureau in _BUREAUS for place in _PLACES]
    return [
        _Writer(rng, org, year, half, n).write() for n, org in enumerate(rng.sample(named, count))
    ]


def to_report(made: Synthetic) -> Report:
    """The text read as a report is."""
    blocks = tuple(Block(line) for line in made.text.split("\n") if line)
    return outline(Document(blocks, "txt"), f"{made.truth.org}{made.truth.year}.txt")


def fill(store: Store, made: Iterable[Synthetic], lexicon: Lexicon) -> None:
    """Store the reports with their chunks and figures, without vectors."""
    for one in made:
        report = to_report(one)
        store.add(report, chunk(report), extract(report, lexicon))


class _Writer:
    """Writes one report."""

    def __init__(self, rng: random.Random, org: str, year: int, half: Half, number: int) -> None:
        self._rng = rng
        self._org, self._year, self._half, self._number = org, year, half, number
        self._figures: dict[str, Decimal] = {}

    def write(self) -> Synthetic:
        rng = self._rng
        measures, worries = self._pick("measures", 7, 11), self._pick("shortcomings", 2, 5)
        plans = self._pick("plans", 3, 5)
        practice = self._practice()
        lines = [
            f"{self._org}关于{self._year}年法治政府建设工作情况报告",
            f"{self._year}年，本局扎实推进法治建设，现将情况报告如下：",
        ]
        lines += ["一、主要举措和成效", *self._measures([s for _, s in measures], practice)]
        lines += [
            "二、存在的不足和原因",
            *self._listed(rng.choice(_LEADS), [s for _, s in worries]),
        ]
        lines += ["三、主要负责人履行第一责任人职责情况", "主要负责人认真履职，带头依法办事。"]
        lines += [
            f"四、{self._year + 1}年工作安排",
            *self._listed("下一步，重点抓好以下工作：", [s for _, s in plans]),
        ]
        told, lacking, aims = (
            frozenset(key for key, _ in group) for group in (measures, worries, plans)
        )
        truth = Truth(self._org, self._year, self._figures, told, lacking, aims, practice[0])
        return Synthetic("\n".join(lines) + "\n", truth)

    def _pick(self, kind: str, least: int, most: int) -> list[tuple[str, str]]:
        themes = _phrases()[kind]
        keys = self._rng.sample(sorted(themes), self._rng.randint(least, most))
        return [(key, self._rng.choice(_half(themes[key], self._half))) for key in keys]

    def _practice(self) -> tuple[str, str]:
        """A coined name and its sentence, for every tenth bureau."""
        if self._number % 10:
            return "", ""
        coin = f"{self._org[:2]}{_COINS[self._number // 10 % len(_COINS)]}"
        return coin, self._rng.choice(_half(_phrases()["practices"], self._half)).format(coin=coin)

    def _measures(self, said: Sequence[str], practice: tuple[str, str]) -> list[str]:
        sentences = [*said, *filter(None, [practice[1]])]
        self._rng.shuffle(sentences)
        figures = self._figure_sentences()
        groups: list[list[str]] = [sentences[n : n + 3] for n in range(0, len(sentences), 3)]
        lines = []
        for n, group in enumerate(groups):
            padding = self._rng.choice(_phrases()["padding"])
            text = "。".join([*group, *figures[n :: len(groups)], padding]) + "。"
            lines.append(
                f"{('（' + _CHINESE[n] + '）') if self._number % 2 else f'{n + 1}.'}{text}"
            )
        return lines

    def _listed(self, lead: str, said: Sequence[str]) -> list[str]:
        style = self._number % 3
        if style == 0:
            run = "；".join(f"{_CHINESE[n]}是{text}" for n, text in enumerate(said))
            return [f"{lead}{run}。"]
        if style == 1:
            return [f"（{_CHINESE[n]}）{text}。" for n, text in enumerate(said)]
        return [lead.rstrip("：") + "。" + "。".join(said) + "。"]

    def _figure_sentences(self) -> list[str]:
        """Four in five indicators are told, two to a sentence."""
        told = list(self._figure_clauses())
        self._rng.shuffle(told)
        return ["，".join(told[n : n + 2]) for n in range(0, len(told), 2)]

    def _figure_clauses(self) -> Iterator[str]:
        rng = self._rng
        for key, (phrases, most) in _COUNTS.items():
            value = rng.randint(max(most // 20, 2), most)
            if rng.random() < 0.8:
                self._figures[key] = Decimal(value)
                yield rng.choice(phrases).format(v=value)
        for key, phrase in _RATES.items():
            rate = Decimal(rng.randint(900, 1000)) / 10
            if rng.random() < 0.8:
                self._figures[key] = rate
                yield phrase.format(v=rate)
        for key, phrases in _MONEY.items():
            money = Decimal(rng.randint(100, 99_999)) / 1000
            if rng.random() < 0.8:
                self._figures[key] = money * 10_000
                yield rng.choice(phrases).format(v=money)


_LEADS = (
    "取得成绩的同时，还存在一些不足：",
    "与上级要求相比，工作仍有差距，主要表现在：",
    "回顾一年来的工作，主要问题有：",
)


def _half(phrases: Sequence[str], half: Half) -> Sequence[str]:
    if half == "all":
        return phrases
    return phrases[0 if half == "seen" else 1 :: 2]
