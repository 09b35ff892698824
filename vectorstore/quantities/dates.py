"""Days and periods as anchored patterns: 2025年1-11月, 11月底前, 12·4, 二〇二六年, 前三季度."""

from __future__ import annotations

import re

__all__ = ["CHINESE_DATE", "DIGIT_DATE", "year_in"]

_TO = " ?(?:--?|~|至|到) ?"
_YEAR = r"(?:19|20)\d\d"
_PART_OF_YEAR = (
    "(?:第?[一二三四1-4] ?季度|前[一二两三123] ?个?季度|[上下]半年"
    r"|前[一二三四五六七八九十\d]{1,2}个月)"
)
_DAY_PART = r"(?:\d{1,2} ?[日号](?!令|楼|线|院|库|文)|[上中下]旬|月?底|月?末|月?初)"
_MONTH = rf"\d{{1,2}} ?月(?!饼|嫂|子)份?(?: ?{_DAY_PART})?"
_MONTH_RANGE = rf"\d{{1,2}}(?:{_TO}|、)\d{{1,2}} ?月份?"
_AFTER_YEAR = rf"(?: ?(?:{_MONTH_RANGE}|{_MONTH}|{_PART_OF_YEAR})|年?[底末初中]|年内)"
_FULL = rf"{_YEAR} ?年(?:学?年?度)?{_AFTER_YEAR}?"
_BEFORE = "(?:之前|以前|前(?![一二两三十\\d列期来往述后]))?"
_NUMERIC = rf"{_YEAR}(?P<sep>[-./])\d{{1,2}}(?P=sep)\d{{1,2}}日?"
_POINT = rf"(?:{_FULL}|{_MONTH})"
_FESTIVAL = r'(?:国家|全国|全民|宪法|消费|法制|法治|禁毒|妇女|世界|国际|宣传|")'

DIGIT_DATE = re.compile(
    "|".join(
        (
            rf"{_YEAR} ?年?度?{_TO}{_YEAR}(?: ?(?:学?年度?|年)[底末初]?)?(?!\d)",
            _NUMERIC,
            rf"{_POINT}(?:{_TO}(?:{_POINT}|\d{{1,2}} ?[日号]))?{_BEFORE}",
            rf"{_MONTH_RANGE}[底末初]?{_BEFORE}",
            rf"\d{{1,2}} ?日(?:{_TO}\d{{1,2}} ?日)?(?!内|均|用|常|龄|无理由){_BEFORE}",
            rf"[1-4](?:{_TO}[1-4])? ?季度",
            rf"\d{{1,2}}:\d\d(?:{_TO}\d{{1,2}}:\d\d)?",
            r"\d{1,2} ?时(?!间|长|期|效|段|候|代|常)(?:\d{1,2}分|许|整|半)?",
            r"\d{1,2}·\d{1,2}",
            rf"\d{{1,2}}\.\d{{1,2}}(?={_FESTIVAL})",
            r"\d{1,2}世纪(?:\d0年代)?",
            r"\d{1,2} ?(?:多|余)?个?年(?!级|度|龄|轻)",
        )
    )
)
"""Tried where a run of Arabic digits starts."""

_CN_YEAR = "(?:一九|二[〇零])[〇零一二三四五六七八九]{2}年度?"
_CN_MONTH = "(?:十[一二]?|[一二三四五六七八九])月(?!饼|嫂|子)份?"
_CN_DAY = "(?:[一二]?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])[日号]"

CHINESE_DATE = re.compile(
    "|".join(
        (
            rf"{_CN_YEAR}(?:{_CN_MONTH}(?:{_CN_DAY})?|{_PART_OF_YEAR})?[底末初]?{_BEFORE}",
            rf"{_CN_MONTH}(?:{_CN_DAY})?[底末初]?{_BEFORE}",
            "[一二三四](?:[、和至到][二三四])*季度",
            "(?:二|两|三|四|五|六|七|八|九|十|十[一二五])个?年(?!级|度|龄|轻)",
        )
    )
)
"""Tried where a run of Chinese numerals starts."""

_CN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_ONE_YEAR = re.compile(r"(?:19|20)\d\d")


def year_in(date: str) -> int | None:
    """The one year a folded date names; None without a year, or with a span of several."""
    years = set(_ONE_YEAR.findall(date.translate(_CN_DIGITS)))
    return int(years.pop()) if len(years) == 1 else None
