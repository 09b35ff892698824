"""What is said of a checked report, on the screen and on the web page."""

from __future__ import annotations

from assistant.check.finding import Severity
from assistant.check.run import Checked

__all__ = ["NOTHING_FOUND", "SEVERITIES", "compared", "counted"]

SEVERITIES = {
    Severity.ERROR: "必须改正",
    Severity.WARNING: "需要核对",
    Severity.INFO: "供参考",
}
NOTHING_FOUND = "没有发现问题：数据、年份、五部分、序号、标点均已查过。"


def compared(checked: Checked) -> str:
    """What the report was held against, as one sentence without a hint."""
    previous, others = checked.comparison.previous, checked.comparison.others
    with_ = [f"上年报告《{previous.title}》"] if previous else []
    with_ += [f"资料库里其他单位的 {len(others)} 份报告"] if others else []
    return f"对照：{'、'.join(with_)}" if with_ else "没有可对照的上年报告"


def counted(checked: Checked) -> str:
    """How many findings there are of each severity."""
    counts = "，".join(
        f"{name} {n} 处"
        for severity, name in SEVERITIES.items()
        if (n := sum(f.severity is severity for f in checked.findings))
    )
    return f"共 {len(checked.findings)} 处：{counts}。"
