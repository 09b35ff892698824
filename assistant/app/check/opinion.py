"""The list of a check to take away: what was found, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.app.verdicts import source_of
from assistant.cells import Page, Value, to_csv
from assistant.check import Checked
from assistant.check.words import NOTHING_FOUND, SEVERITIES, compared, counted
from assistant.gongwen import Figure as Verbatim
from assistant.gongwen import Heading, OfficialDocument, Paragraph, Span, Text, write_docx
from assistant.gongwen.model import Block
from assistant.sheet import to_xlsx
from assistant.verify import Checked as Figure
from assistant.verify import Verdict
from assistant.verify.files import Verified
from assistant.verify.words import against_given, place, summary, words_of

__all__ = ["WRITERS"]

_FOUND, _FIGURES = "校核发现", "数字核对"
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


def _docx(checked: Checked, verified: Verified | None) -> bytes:
    with TemporaryDirectory(prefix="fazhi-") as folder:
        path = Path(folder) / "list.docx"
        # clean and forced: quotes stand as they are, blanks among them too, without comments
        write_docx(_document(checked, verified), path, clean=True, force=True)
        return path.read_bytes()


WRITERS = {"docx": _docx, "xlsx": _xlsx, "csv": _csv}
"""What makes the file, by its suffix. The .xlsx also lists the figures that may stand."""


def _document(checked: Checked, verified: Verified | None) -> OfficialDocument:
    report = checked.report
    year = f"{report.year}年" if report.year else ""
    return OfficialDocument(f"{report.org}{year}报告校核清单", tuple(_blocks(checked, verified)))


def _blocks(checked: Checked, verified: Verified | None) -> Iterator[Block]:
    told = counted(checked) if checked.findings else NOTHING_FOUND
    yield Paragraph((Text(f"《{checked.report.title}》，{compared(checked)}。"),))
    yield Heading(1, _FOUND)
    yield Paragraph((Text(told),))
    rows = _problems(checked, verified).rows
    yield from _items([row for row in rows if row[0] == _FOUND])
    if verified is not None:
        yield Heading(1, _FIGURES)
        yield Paragraph((Text(f"{summary(verified)}。".replace("。。", "。")),))
        yield from _items([row for row in rows if row[0] == _FIGURES])


def _items(rows: Sequence[Sequence[Value]]) -> Iterator[Block]:
    """Each row as a paragraph; what is quoted stays as it was printed."""
    for n, row in enumerate(rows, start=1):
        _, verdict, where, quote, said, advice, source, sentence = map(str, row)
        told = "。".join(part.rstrip("。") for part in (said, advice) if part)
        told = f"〔{verdict}〕{told}。" if told else f"〔{verdict}〕"
        parts: list[Span] = [Text(f"{n}．{told}位置：{where}。")]
        if quote:
            parts += [Text("原文：“"), Verbatim(" ".join(quote.split()), ""), Text("”。")]
        if sentence:
            parts += [Text(f"出处：{source}，“"), Verbatim(sentence, ""), Text("”。")]
        yield Paragraph(tuple(parts))


def _problems(checked: Checked, verified: Verified | None) -> Page:
    rows: list[Sequence[Value]] = [
        (_FOUND, SEVERITIES[f.severity], f.where, f.quote, f.message, "", "", "")
        for f in checked.findings
    ]
    if verified is not None:
        rows += [
            _figure(figure, verified)
            for figure in sorted(verified.checked, key=lambda one: not against_given(one))
            if not figure.good or figure.verdict is Verdict.PLACEHOLDER
        ]
    return Page("校核清单", _HEADERS, rows, wrapped=_WRAPPED)


def _figure(figure: Figure, verified: Verified) -> Sequence[Value]:
    words, source = words_of(figure), figure.source
    return (
        _FIGURES,
        words.name,
        figure.quantity.heading,
        place(verified, figure),
        figure.detail,
        words.advice,
        source_of(source),
        source.sentence if source else "",
    )
