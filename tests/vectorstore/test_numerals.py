from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.clean import fold
from vectorstore.quantities import Style, parse_number, render


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", "12"),
        ("一百二十三", "123"),
        ("一千零五", "1005"),
        ("两千三百万", "23000000"),
        ("一百零二万", "1020000"),
        ("三万五", "35000"),
        ("一百二", "120"),
        ("二〇二五", "2025"),
        ("九十八点一", "98.1"),
        ("伍万", "50000"),
        ("贰拾叁万伍仟", "235000"),
        ("壹佰贰拾叁", "123"),
        ("1,234", "1234"),
        ("1,234,567.50", "1234567.5"),
        ("1.2亿", "120000000"),
        ("1亿2000万", "120000000"),
        ("3万5千", "35000"),
        ("24.162万", "241620"),
        ("12 000", "12000"),
        ("0", "0"),
        ("百", "100"),
        ("两", "2"),
    ],
)
def test_reads_every_style(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "三五", "七八", "百百", "十十", "1.2.3", "九十八点", "点一"),
        *("1" * 19, "九" * 40, "9" * 5000, f"0.{'0' * 20}1"),  # cards and accounts, no amounts
    ],
)
def test_refuses_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@given(st.decimals(min_value=0, max_value=10**13, places=4), st.sampled_from(Style))
def test_a_rendered_value_reads_back(value: Decimal, style: Style) -> None:
    assert parse_number(fold(render(value, style))) == value


@given(st.text(alphabet="零〇一二两三四五六七八九十百千万亿壹拾佰仟点0123456789.,", max_size=12))
def test_any_run_of_numerals_is_a_decimal_or_nothing(text: str) -> None:
    value = parse_number(text)
    assert value is None or (isinstance(value, Decimal) and value >= 0)
