"""Figures as they are spoken, listed or badly printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vectorstore.quantities import extract_text
from vectorstore.types import Dimension, Hedge, QuantityKind


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit", "kind"),
    [
        ("短视频阅读量八万多。", "八万多", "80000", "", (Dimension.OTHER, Hedge.OVER_ROUND)),
        ("来电量增长两成。", "两成", "20", "成", (Dimension.PERCENT, Hedge.EXACT)),
        ("清理二十六部旧文件。", "二十六部", "26", "部", (Dimension.COPY, Hedge.EXACT)),
        ("评查近百卷案卷。", "近百卷", "90", "卷", (Dimension.COPY, Hedge.NEARLY)),
        ("出动执法车辆420辆次。", "420辆次", "420", "辆次", (Dimension.OCCASION, Hedge.EXACT)),
        ("文书优秀率96. 3%。", "96. 3%", "96.3", "%", (Dimension.PERCENT, Hedge.EXACT)),
        ("中队现有8个人。", "8个人", "8", "人", (Dimension.PERSON, Hedge.EXACT)),
        ("罚款总共八千六百块。", "八千六百块", "8600", "块", (Dimension.MONEY, Hedge.EXACT)),
        ("每村至少配备5名宣讲员。", "5名", "5", "名", (Dimension.PERSON, Hedge.AT_LEAST)),
    ],
)
def test_spoken_and_listed_figures(
    text: str, printed: str, value: str, unit: str, kind: tuple[Dimension, Hedge]
) -> None:
    (figure,) = [q for q in extract_text(text) if q.kind is QuantityKind.QUANTITY]
    assert figure.text == text[figure.start : figure.end] == printed
    assert (figure.value, figure.unit) == (Decimal(value), unit)
    assert (figure.dimension, figure.hedge) == kind


def test_listed_numbers_share_the_unit_of_the_last() -> None:
    found = extract_text("结案率、公示率分别比全省高1.5、3.2个百分点。")
    assert [(q.text, q.unit) for q in found] == [
        ("1.5", "个百分点"),
        ("3.2个百分点", "个百分点"),
    ]


@pytest.mark.parametrize(
    "text", ["开展二十四节气普法宣传。", "拟定十五部委联合文件。", "三个个人独资企业主参会的座谈。"]
)
def test_what_only_looks_like_a_count(text: str) -> None:
    assert not [q for q in extract_text(text) if q.unit in ("节", "部", "人")]
