"""What is said of a verified text, on the screen and on the web page."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.verify.files import Verified
from assistant.verify.verdicts import Checked, Verdict

__all__ = ["VERDICTS", "Words", "place", "summary"]

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


def place(found: Verified, checked: Checked) -> str:
    """The figure with a few characters on either side."""
    quantity = checked.quantity
    left = found.text[max(quantity.start - _AROUND, 0) : quantity.start].rpartition("\n")[2]
    right = found.text[quantity.end : quantity.end + 4].partition("\n")[0]
    return f"{left}「{quantity.text}」{right}".replace("\t", " ")


def summary(found: Verified) -> str:
    """How many figures there are of which kind, and what they were held against."""
    errors = sum(not c.good for c in found.checked)
    waiting = sum(c.verdict is Verdict.PLACEHOLDER for c in found.checked)
    kept = len(found.checked) - errors - waiting
    against = "、".join(f"{r.org}{r.year or ''}年" for r in found.against[:4])
    more = f"等 {len(found.against)} 份报告" if len(found.against) > 4 else found.evidence
    if not found.checked:
        return f"文中没有需要核对的数字（对照：{against}{more}）。"
    said = f"共 {len(found.checked)} 处：{errors} 处有问题，{waiting} 处待填，{kept} 处有依据"
    return f"{said}（对照：{against}{more}）。"
