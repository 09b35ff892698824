"""Blanks that were left to fill in: 【待填：…】, XX件, ×××, “请填写”, ____."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.check.finding import Finding, Severity, clause_start, found
from vectorstore.sentences import Span
from vectorstore.types import Report

__all__ = ["check_placeholders"]

_CJK = r"\u4e00-\u9fff"
_UNIT = r"[件起宗万亿元%％次场期人名户家份册篇条项个]"
_BLANK = re.compile(
    r"【[^】\n]{0,40}(?:待|填|核实|补充)[^】\n]{0,40}】|\[(?:待|请)[^\]\n]{1,30}\]"
    r"|[（(](?:待填|待补|待核|请填|此处|另行补充)[^）)\n]{0,30}[）)]"
    r"|请(?:在此)?(?:填写|输入|补充)(?=[^\u4e00-\u9fff]|$|具体|内容|数据|数字|单位名称)"
    r"|(?:单击|点击)(?:或点击)?此处(?:输入|添加|填写)|此处(?:填写|插入|填|添加|补充)|待填写|待补充|待核实"
    rf"|(?<![A-Za-z0-9])[XxＸ×✕＊*]{{2,}}(?![A-Za-z0-9*]|-)|(?<![A-Za-z0-9×])[XxＸN×](?={_UNIT})"
    r"|(?:20|２０)[XxＸ×_]{1,2}年|_{3,}|＿{2,}|[?？]{3,}"
    r"|(?<!\d)\d{0,4}[ \u3000]{2,}年[ \u3000]+月(?:[ \u3000]+日)?"
    rf"|(?<=[{_CJK}])[ \u3000]{{3,}}(?={_UNIT}[，。；、])"
)


def check_placeholders(report: Report) -> Iterator[Finding]:
    """A finding for each line with blanks; several blanks of a line are told together."""
    hits: dict[int, list[re.Match[str]]] = {}
    for match in _BLANK.finditer(report.text):
        hits.setdefault(report.text.rfind("\n", 0, match.start()), []).append(match)
    for line in hits.values():
        start, end = clause_start(report.text, line[0].start()), line[-1].end()
        several = f"（本段共 {len(line)} 处）" if len(line) > 1 else ""
        message = f"还有没填的空{several}，请补上内容或删去。"
        yield found(report, "placeholder", Severity.ERROR, message, Span(start, end))
