"""What is said of a verified text, on the screen and on the web page."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.verify.files import Verified
from assistant.verify.given import given_kind
from assistant.verify.verdicts import Checked, Verdict

__all__ = [
    "AGAINST_GIVEN",
    "AS_GIVEN",
    "VERDICTS",
    "Words",
    "against_given",
    "place",
    "summary",
    "words_of",
]

_AROUND = 12


@dataclass(frozen=True, slots=True)
class Words:
    """What a verdict is called and what to do about it; nothing to do when `advice` is empty."""

    name: str
    advice: str = ""


VERDICTS = {
    Verdict.SUPPORTED: Words("有出处"),
    Verdict.ROUNDED: Words("四舍五入"),
    Verdict.DERIVED: Words("可算得"),
    Verdict.PLACEHOLDER: Words("待填", "填写或核实后删去【】"),
    Verdict.FABRICATED: Words("无出处", "补充依据，或改回原文的数"),
    Verdict.WRONG_SCALE_OR_UNIT: Words("数量级或单位", "对照原文改正单位、小数点或“万”"),
    Verdict.WRONG_INDICATOR: Words("张冠李戴", "改为该指标自己的数"),
    Verdict.WRONG_ORG: Words("单位不符", "改为该单位自己的数，或改正单位名称"),
    Verdict.WRONG_YEAR: Words("年度不符", "改为该年度的数，或改正年份"),
    Verdict.STALE: Words("沿用旧数", "换成本年度的数"),
    Verdict.TARGET_AS_ACTUAL: Words("目标当实绩", "改为实际完成数，或写明是目标"),
    Verdict.DERIVED_WRONG: Words("算错", "按原文的数重新计算"),
    Verdict.HEDGE_LOST: Words("限定词变了", "恢复“余”“不少于”等字"),
    Verdict.PHRASE_ALTERED: Words("提法变了", "恢复原提法"),
}
AGAINST_GIVEN = Words("与填报数据不符", "改为填报的数；填报有误的，改正填报表后再核对")
AS_GIVEN = Words("与填报数据一致")
_CONTRADICTING = frozenset(
    {Verdict.FABRICATED, Verdict.WRONG_SCALE_OR_UNIT, Verdict.HEDGE_LOST, Verdict.STALE}
)


def against_given(checked: Checked) -> bool:
    """Whether the writer gave another figure for this place: the gravest of all errors."""
    return checked.verdict in _CONTRADICTING and bool(given_kind(checked.source))


def words_of(checked: Checked) -> Words:
    """What to call a verdict: as `VERDICTS` has it, or by what the writer gave."""
    if against_given(checked):
        return AGAINST_GIVEN
    if checked.verdict is Verdict.SUPPORTED and given_kind(checked.source):
        return AS_GIVEN
    return VERDICTS[checked.verdict]


def place(found: Verified, checked: Checked) -> str:
    """The figure with a few characters on either side."""
    quantity = checked.quantity
    left = found.text[max(quantity.start - _AROUND, 0) : quantity.start].rpartition("\n")[2]
    right = found.text[quantity.end : quantity.end + 4].partition("\n")[0]
    return f"{left}「{quantity.text}」{right}".replace("\t", " ")


def summary(found: Verified) -> str:
    """How many figures there are of which kind, and what they were held against."""
    reports = [f"{r.org}{r.year or ''}年" for r in found.against[:4]]
    more = f"等 {len(found.against)} 份报告" if len(found.against) > 4 else ""
    files = [name for name in (found.sheet, found.evidence) if name]
    against = "、".join([*reports[:-1], "".join(reports[-1:]) + more, *files]).strip("、")
    if not found.checked:
        return f"文中没有需要核对的数字（对照：{against}）。"
    errors = sum(not c.good for c in found.checked)
    waiting = sum(c.verdict is Verdict.PLACEHOLDER for c in found.checked)
    kept = len(found.checked) - errors - waiting
    apart = sum(against_given(c) for c in found.checked)
    alike = sum(words_of(c) is AS_GIVEN for c in found.checked)
    said = (
        f"共 {len(found.checked)} 处：{errors} 处有问题{_of_them(apart, AGAINST_GIVEN)}，"
        f"{waiting} 处待填，{kept} 处有依据{_of_them(alike, AS_GIVEN)}"
    )
    return f"{said}（对照：{against}）。"


def _of_them(count: int, words: Words) -> str:
    return f"（{count} 处{words.name}）" if count else ""
