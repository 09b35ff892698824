"""Figures, dates and phrases of sentences written for these tests (data/quantities_cases.txt)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vectorstore.quantities
from vectorstore.quantities import Style, extract_text, render
from vectorstore.types import Dimension, Hedge, Modality, Quantity, QuantityKind

CASES = Path(__file__).parent / "data" / "quantities_cases.txt"
YEAR = 2025


def _cases() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    sentence, figures = "", []
    for line in CASES.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("\t"):
            text, value, unit, indicator, *scope = line[1:].split(" | ")
            figures.append((text, value, unit, indicator, scope[0] if scope else ""))
            continue
        if sentence:
            yield sentence, figures
        sentence, figures = line, []
    yield sentence, figures


def _printed(quantity: Quantity) -> tuple[str, ...]:
    value = str(quantity.value)
    if quantity.value_max is not None:
        value += f"~{quantity.value_max}"
    scope = [str(quantity.year)] if quantity.year != YEAR else []
    scope += ["T"] if quantity.modality is Modality.TARGET else []
    return quantity.text, value, quantity.unit, quantity.indicator, " ".join(scope)


def _figures(text: str, org: str = "某县某局", year: int | None = YEAR) -> list[Quantity]:
    found = extract_text(text, org, year)
    return [quantity for quantity in found if quantity.kind is QuantityKind.QUANTITY]


def _of_kind(text: str, kind: QuantityKind) -> list[str]:
    return [quantity.text for quantity in extract_text(text, "", YEAR) if quantity.kind is kind]


@pytest.mark.parametrize(("sentence", "expected"), list(_cases()))
def test_every_figure_with_value_unit_and_indicator(
    sentence: str, expected: list[tuple[str, ...]]
) -> None:
    assert [_printed(quantity) for quantity in _figures(sentence)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "另一方面要统一部署、进一步推进一系列一体化工作。",
        "开展一批专项整治，与业务工作一起部署。",
        "多次召开会议，数十家企业参与，几次修改。",
        "三五次不等，两三家单位。",
        "根据〔2025〕12号、(2024)5号、国令第732号文件。",
        "依据第三十三条第二款，报送第13期简报。",
        "拨打12345、110、12309热线，电话0377-66123456。",
        "5G基站、PM2.5、A4纸、H7N9、2.0版、3A级景区、18号楼。",
        "二级医院、一级响应、三甲医院、二次供水、三轮车、三类医疗器械。",
        "十分重视，万分感谢，千方百计为百姓服务。",
        "围绕三个重点，抓好四个方面，推进五大行动。",
        "每100人、每万人、前3名、第一责任人。",
        "无一起被申请行政复议，没有发生一起事故，未出现一例违规。",
        "《关于做好2025年20项重点工作的通知》《三年行动计划》",
        "一是抓学习，二是抓落实。（1）全面推进。①加强领导。",
        "最多跑一次、只跑一次、一次性告知、一次办好。",
        "24小时值班，7×24小时服务，365天不打烊。",
    ],
)
def test_what_is_no_figure(sentence: str) -> None:
    assert [quantity.text for quantity in _figures(sentence)] == []


@pytest.mark.parametrize("digits", [19, 29, 40, 5000])
def test_the_number_of_an_account_is_no_figure_and_stops_nothing(digits: int) -> None:
    figures = _figures(f"立案{'1' * digits}件，约{'9' * digits}万元，占{'3' * digits}%，结案5件。")
    assert [figure.text for figure in figures] == ["5件"]


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("2021—2025年规划", ["2021—2025年"]),
        ("规划(2022-2026年)", ["2022-2026年"]),
        ("11月底前完成", ["11月底前"]),
        ("2025年1-11月", ["2025年1-11月"]),
        ("1至11月办理", ["1至11月"]),
        ("2024年12月1日至2025年11月30日", ["2024年12月1日至2025年11月30日"]),
        ("二〇二六年一月五日", ["二〇二六年一月五日"]),
        ("2026年度工作打算", ["2026年度"]),
        ("借助“3·15”“12・4”等节点", ["3·15", "12・4"]),
        ("前三季度和第四季度", ["前三季度", "第四季度"]),
        ("2025年上半年", ["2025年上半年"]),
        ("上午9:30", ["9:30"]),
        ("2025-12-31和2025.1.5", ["2025-12-31", "2025.1.5"]),
        ("２０２５年", ["２０２５年"]),
        ("2025 年 11 月底", ["2025 年 11 月底"]),
        ("近三年来", ["三年"]),
    ],
)
def test_dates_are_kept_as_dates(sentence: str, dates: list[str]) -> None:
    assert _of_kind(sentence, QuantityKind.DATE) == dates
    assert _figures(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ("落实“三项制度”和四张清单", ["三项制度", "四张清单"]),
        ("“双随机、一公开”监管", ["双随机、一公开"]),
        ("双随机、一公开工作", ["双随机、一公开"]),
        ("“三重一大”“一岗双责”", ["三重一大", "一岗双责"]),
        ("“八五”普法，八五普法", ["八五", "八五普法"]),
        ("一规划两纲要、五法并举", ["一规划两纲要", "五法并举"]),
        ("实现“1+1>2”的效果", ["1+1>2"]),
        ("放管服改革，最多跑一次", ["放管服", "最多跑一次"]),
        ("两书同达、三函四书", ["两书同达", "三函四书"]),
        ("一网通办、一件事一次办、法律六进", ["一网通办", "一件事一次办", "法律六进"]),
        ("党的二十届三中全会、二十大精神", ["二十届三中全会", "二十大"]),
        ("两个确立、四个意识、八项规定", ["两个确立", "四个意识", "八项规定"]),
        ("建立“一企一档”，一案一评", ["一企一档", "一案一评"]),
        ("开展“百日攻坚”行动", ["百日攻坚"]),
        ("推行“四项制度”", ["四项制度"]),
        ("针对“尺度不够统一”和“手段单一，一些环节薄弱”的问题", []),
        ("打造“统一窗口、一站办结”", ["统一窗口、一站办结"]),
    ],
)
def test_fixed_phrases_are_kept_as_phrases(sentence: str, phrases: list[str]) -> None:
    assert _of_kind(sentence, QuantityKind.PHRASE) == phrases
    assert _figures(sentence) == []


@pytest.mark.parametrize(
    ("text", "hedge", "low", "high"),
    [
        ("1060余篇", Hedge.OVER_ROUND, "1060", "1070"),
        ("百余场", Hedge.OVER_ROUND, "100", "200"),
        ("30多家", Hedge.OVER_ROUND, "30", "40"),
        ("十多名", Hedge.OVER_ROUND, "10", "20"),
        ("十几家", Hedge.OVER_ROUND, "10", "20"),
        ("1.2万余件", Hedge.OVER_ROUND, "12000", "13000"),
        ("10余万元", Hedge.OVER_ROUND, "100000", "200000"),
        ("近3000人次", Hedge.NEARLY, "2700", "3000"),
        ("约200份", Hedge.ABOUT, "190", "210"),
        ("200份左右", Hedge.ABOUT, "190", "210"),
        ("不少于10场", Hedge.AT_LEAST, "10", None),
        ("95%以上", Hedge.AT_LEAST, "95", None),
        ("上百场", Hedge.AT_LEAST, "100", None),
        ("不超过5个工作日", Hedge.AT_MOST, "0", "5"),
        ("7个工作日内", Hedge.AT_MOST, "0", "7"),
        ("超500件", Hedge.MORE_THAN, "500", None),
        ("逾1万户", Hedge.MORE_THAN, "10000", None),
        ("80%—90%", Hedge.EXACT, "80", "90"),
        ("3至5天", Hedge.EXACT, "3", "5"),
    ],
)
def test_hedges_make_intervals(text: str, hedge: Hedge, low: str, high: str | None) -> None:
    (found,) = _figures(f"数量为{text}。")
    assert found.text == text
    assert found.hedge is hedge
    assert (found.value, found.value_max) == (Decimal(low), Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("证照补办平均时限控制在2日。", ["2日"]),
        ("把补证用时稳定在4日，群众少跑腿。", ["4日"]),
        ("验收周期由16日降为9日。", ["16日", "9日"]),
        ("勘验时间从8日压减到3日。", ["8日", "3日"]),
        ("变更登记的办理时间为3日。", ["3日"]),
        ("审批时限约3日。", ["约3日"]),
        ("回访从接单到反馈仅2日。", ["2日"]),
        ("答复时限控制在2日以下。", ["2日以下"]),
    ],
)
def test_days_that_something_takes_are_figures(sentence: str, figures: list[str]) -> None:
    assert [q.text for q in _figures(sentence)] == figures
    assert _of_kind(sentence, QuantityKind.DATE) == []


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("截至12日，共受理补证28件。", ["12日"]),
        ("开馆日期为1月2日。", ["1月2日"]),
        ("补证须控制在12日前。", ["12日前"]),
        ("报送时间控制在每月5日。", ["5日"]),
        ("申报截止期限为15日。", ["15日"]),
        ("集中办理时间为12日上午。", ["12日"]),
        ("会审定在6日。", ["6日"]),
        ("培训12日开始。", ["12日"]),
    ],
)
def test_days_of_a_month_stay_dates(sentence: str, dates: list[str]) -> None:
    assert _of_kind(sentence, QuantityKind.DATE) == dates


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("验收期限缩短为9日。", ["验收期限"]),
        ("验收期限由16日降为9日。", ["验收期限", "验收期限"]),
        ("验收期限缩短9日。", ["验收期限降幅"]),
    ],
)
def test_how_long_it_takes_now_is_no_change(sentence: str, names: list[str]) -> None:
    assert [q.indicator for q in _figures(sentence)] == names


@pytest.mark.parametrize("word", ["预约", "履约", "签约", "违约", "集约"])
def test_a_word_that_ends_like_a_hedge_is_none(word: str) -> None:
    (found,) = _figures(f"{word}500人次。")
    assert (found.text, found.hedge) == ("500人次", Hedge.EXACT)


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("3人", Dimension.PERSON),
        ("3人次", Dimension.PERSON_TIME),
        ("3户", Dimension.HOUSEHOLD),
        ("3户次", Dimension.HOUSEHOLD_TIME),
        ("3起", Dimension.CASE),
        ("3宗", Dimension.CASE),
        ("3场次", Dimension.OCCASION),
        ("3份", Dimension.COPY),
        ("3项", Dimension.ITEM),
        ("3%", Dimension.PERCENT),
        ("3‰", Dimension.PERMILLE),
        ("3个百分点", Dimension.PERCENTAGE_POINT),
        ("3万元", Dimension.MONEY),
        ("3个工作日", Dimension.TIME),
        ("3平方米", Dimension.AREA),
        ("3倍", Dimension.OTHER),
    ],
)
def test_dimensions_stay_apart(text: str, dimension: Dimension) -> None:
    (found,) = _figures(f"共计{text}。")
    assert found.dimension is dimension


def test_a_count_that_looks_like_a_year_is_a_count() -> None:
    (found,) = _figures("全年抽查2025户次。")
    assert (found.value, found.unit, found.year) == (Decimal(2025), "户次", 2025)


def test_money_in_words_and_figures_is_the_same() -> None:
    values = {
        _figures(f"罚款{text}。")[0].value for text in ("伍万元", "5万元", "50000元", "５万元")
    }
    assert values == {Decimal(50000)}


@given(
    st.integers(min_value=11, max_value=10**8),
    st.sampled_from([s for s in Style if s not in (Style.WAN, Style.YI)]),
)
def test_a_rendered_value_is_found_in_a_sentence(value: int, style: Style) -> None:
    (found,) = _figures(f"全年罚没款共计{render(Decimal(value), style)}元。")
    assert (found.value, found.unit) == (Decimal(value), "元")


_WORDS = """立案 罚款 其中 包括 共 近 约 余 多 以上 第 每 前 至 到 - — ~ . , ， 。 ； 、 ： ( )
（ ） 〔 〕 《 》 “ ” 0 1 2 12 2025 2025年 1,234 ％ % ‰ 万 亿 元 件 起 人次 户次 个 项 月 日
一 二 两 三 十 百 千 〇 点 成 分之 同比增长 分别为 占 较上年 的 目标 还差 各 均 为 双随机
一公开 三项制度 1+1>2 １ Ａ ① 巨鹿县卫生健康局"""
_PIECES = st.sampled_from([*_WORDS.split(), "\n", "\t", "\u3000"])


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_offsets_always_slice_back_and_never_overlap(text: str) -> None:
    end = 0
    for quantity in extract_text(text, "甲县卫生健康局", YEAR):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.start >= end
        assert quantity.sentence_start <= quantity.start
        assert quantity.end <= quantity.sentence_end or "\n" in quantity.text
        end = quantity.end
        if quantity.kind is QuantityKind.QUANTITY:
            assert isinstance(quantity.value, Decimal)


@given(st.text(max_size=80))
def test_no_text_breaks_extraction(text: str) -> None:
    for quantity in extract_text(text):
        assert text[quantity.start : quantity.end] == quantity.text


def test_a_sentence_without_end_takes_linear_time() -> None:
    clause = "检查企业12家，发现问题3个，其中已整改2个，"
    found = extract_text(clause * 2000, "某局", YEAR)
    assert len(found) == 6000


def test_no_float_in_the_package() -> None:
    folder = Path(vectorstore.quantities.__file__).parent
    for module in folder.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            called = isinstance(node, ast.Name) and node.id == "float"
            assert not literal, f"{module.name}:{node.lineno}"
            assert not called, f"{module.name}:{node.lineno}"
