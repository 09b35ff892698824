"""One indicator printed with two values, and money whose 万 slipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.check.figures import Figure, Sentence
from assistant.check.finding import Finding, Severity, clause_start, found
from vectorstore.sentences import Span
from vectorstore.types import Dimension, Quantity, QuantityKind, Report

__all__ = ["check_money", "check_two_values"]

# Indicators of which a report states one total, by the bare words that name it.
_TOTALS = re.compile(
    r"(?:全年|累计|共计?|总|本年度?)*(?:行政处罚|行政执法|执法)?(?:案件)?(?:立案|立案数|立案查处|罚没款|"
    r"罚没金额|罚没款项|罚没收入|罚没总额|结案率|案件结案率|监督覆盖率|监督检查覆盖率|双随机抽查完成率|"
    r"依申请公开|行政复议案件|行政诉讼案件|群众满意度|参考率|合格率)"
)
_PIECE = re.compile(
    r"月|季度|半年|上半|下半|其中|专项|领域|乡镇|分别|截至|截止|同期|上年|去年|目标|个案|1起|1件|一起"
)
_MIN_NAME = 5  # characters of an indicator phrase that names something in particular


def check_two_values(report: Report, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    """A second value of an indicator that can only have one in a report."""
    first: dict[tuple[str, str, Dimension], Figure] = {}
    for sentence in sentences:
        words = report.text[sentence.start : sentence.end]
        for figure in sentence.figures:
            key = _key(report, figure)
            if key is None or _PIECE.search(words[: figure.quantity.start - sentence.start]):
                continue
            known = first.setdefault(key, figure)
            if known.quantity.sentence_start != sentence.start and _differ(known, figure):
                yield _two(report, known, figure)


def _key(report: Report, figure: Figure) -> tuple[str, str, Dimension] | None:
    q = figure.quantity
    usable = figure.is_count or (figure.exact and figure.is_percent and not figure.is_change)
    if not usable or figure.is_goal or figure.is_earlier or "·" in q.indicator:
        return None
    if q.year != report.year or q.org not in {"", report.org}:
        return None
    named = _TOTALS.fullmatch(q.indicator)
    particular = bool(q.canonical) and len(q.indicator) >= _MIN_NAME and _is_yearly(figure)
    if not named and not particular:
        return None
    return (q.canonical or q.indicator) if named else q.indicator, q.unit, q.dimension


def _is_yearly(figure: Figure) -> bool:
    """Whether the words before it say that it is the year's total."""
    return re.search(r"全年|年内|累计|共|总", figure.before) is not None


def _differ(one: Figure, other: Figure) -> bool:
    return one.value != other.value


def _two(report: Report, known: Figure, figure: Figure) -> Finding:
    q = figure.quantity
    message = (
        f"“{q.indicator}”前后不一致：这里是{q.text}，前文是{known.quantity.text}，请核对后统一。"
    )
    start = clause_start(report.text, q.start, q.sentence_start)
    return found(report, "two_values", Severity.ERROR, message, Span(start, q.end))


_FINE = re.compile(r"罚款|罚没|没收|处罚金额|罚金")
_EACH = re.compile(r"每|单笔|单次|人均|的|以下|以上|至|起步")
_PAID = re.compile(r"(?:已|实际)(?:履行|缴纳|收缴|执行|到位|入库|缴)")
_LEAST = Decimal(50)  # 元; the lowest fines of the trade are about this much
_LEAST_PER_CASE = Decimal(10)  # 元, of a year's fines
_MOST_PER_CASE = Decimal(5_000_000)  # 元
_SLIP = Decimal(1_000)  # a slipped 万 is a factor of ten thousand; other figures do not vary so
_DECIMALS = re.compile(r"\.\d{3,}\s*元$")


@dataclass(frozen=True, slots=True)
class _Year:
    """Cases filed in the year and the largest fine printed, in 元; None where not given."""

    cases: Decimal | None
    most_fined: Decimal | None


def check_money(
    report: Report, sentences: Sequence[Sentence], last_year: Sequence[Quantity] = ()
) -> Iterator[Finding]:
    """Money too small or too large for what it is said to be."""
    year = _Year(_cases(report, sentences), _most_fined(sentences))
    for sentence in sentences:
        imposed: Figure | None = None
        for figure in sentence.figures:
            q = figure.quantity
            if q.dimension is not Dimension.MONEY or figure.is_change or figure.value <= 0:
                continue
            message = _slip(figure, year, last_year)
            if not message and imposed is not None and _PAID.search(figure.before):
                message = _overpaid(figure, imposed)
            if message:
                start = clause_start(report.text, q.start, sentence.start)
                yield found(report, "money_scale", Severity.ERROR, message, Span(start, q.end))
            if _FINE.search(figure.before):
                imposed = figure


def _cases(report: Report, sentences: Sequence[Sentence]) -> Decimal | None:
    """The number of cases filed in the year, the largest that is given."""
    values = [
        figure.value
        for sentence in sentences
        for figure in sentence.figures
        if figure.is_count
        and figure.quantity.canonical == "penalty_filed"
        and figure.quantity.year == report.year
    ]
    return max(values, default=None)


def _most_fined(sentences: Sequence[Sentence]) -> Decimal | None:
    fines = [
        figure.value
        for sentence in sentences
        for figure in sentence.figures
        if figure.quantity.dimension is Dimension.MONEY and _FINE.search(figure.before)
    ]
    return max(fines, default=None)


def _slip(figure: Figure, year: _Year, last_year: Sequence[Quantity]) -> str:
    """Why the amount cannot be right, or an empty text."""
    text, value = figure.quantity.text, figure.value
    if _DECIMALS.search(text):
        return f"“{text}”精确到了分以下，多半是漏了“万”字，请核对金额和单位。"
    then = _fines_then(figure, last_year)
    if then and not then / _SLIP < value < then * _SLIP:
        return (
            f"“{text}”与上年的{then.normalize():f}元相差上千倍，"
            "多半是“万”字漏写或多写，请核对金额和单位。"
        )
    if not _FINE.search(figure.before):
        return ""
    per_case = value / year.cases if year.cases else None
    too_few = per_case is not None and per_case < _LEAST_PER_CASE and value == year.most_fined
    if (value < _LEAST or too_few) and not _EACH.search(figure.before + figure.after[:3]):
        return f"“{text}”作为罚没金额过小，多半是漏了“万”字，请核对金额和单位。"
    if per_case is not None and per_case > _MOST_PER_CASE:
        return f"“{text}”平均每案超过500万元，多半是多写了“万”字，请核对金额和单位。"
    return ""


def _overpaid(figure: Figure, imposed: Figure) -> str:
    if figure.value <= imposed.value:
        return ""
    return (
        f"已履行的{figure.quantity.text}大于罚没的{imposed.quantity.text}，"
        "请核对金额和单位（“元”还是“万元”）。"
    )


def _fines_then(figure: Figure, last_year: Sequence[Quantity]) -> Decimal | None:
    q = figure.quantity
    if not q.canonical:
        return None
    values = {
        other.value
        for other in last_year
        if other.kind is QuantityKind.QUANTITY
        and other.canonical == q.canonical
        and other.dimension is Dimension.MONEY
        and other.value
    }
    return values.pop() if len(values) == 1 else None
