"""The list of a check as a table: what was found, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.app.check.proof import source_of
from assistant.cells import Page, Value, to_csv
from assistant.check import Checked
from assistant.check.words import SEVERITIES
from assistant.sheet import to_xlsx
from assistant.verify import Checked as Figure
from assistant.verify import Verdict
from assistant.verify.files import Verified
from assistant.verify.words import VERDICTS, place

__all__ = ["WRITERS"]

_HEADERS = ("类别", "结论", "位置", "原文", "说明", "怎么办", "出处", "出处原文")
_WRAPPED = frozenset(range(2, len(_HEADERS)))


def _csv(checked: Checked, verified: Verified | None) -> bytes:
    return to_csv(_problems(checked, verified))


def _xlsx(checked: Checked, verified: Verified | None) -> bytes:
    pages = [_problems(checked, verified)]
    if verified is not None:
        rows = [_figure(figure, verified) for figure in verified.checked]
        pages.append(Page("全部数字", _HEADERS, rows, wrapped=_WRAPPED))
    return to_xlsx(pages)


WRITERS = {"xlsx": _xlsx, "csv": _csv}
"""What makes the file, by its suffix. The .xlsx also lists the figures that may stand."""


def _problems(checked: Checked, verified: Verified | None) -> Page:
    rows: list[Sequence[Value]] = [
        ("校核发现", SEVERITIES[f.severity], f.where, f.quote, f.message, "", "", "")
        for f in checked.findings
    ]
    if verified is not None:
        rows += [
            _figure(figure, verified)
            for figure in verified.checked
            if not figure.good or figure.verdict is Verdict.PLACEHOLDER
        ]
    return Page("校核清单", _HEADERS, rows, wrapped=_WRAPPED)


def _figure(figure: Figure, verified: Verified) -> Sequence[Value]:
    words, source = VERDICTS[figure.verdict], figure.source
    return (
        "数字核对",
        words.name,
        figure.quantity.heading,
        place(verified, figure),
        figure.detail,
        words.advice,
        source_of(source),
        source.sentence if source else "",
    )
