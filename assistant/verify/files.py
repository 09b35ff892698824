"""Verify a file against the library's reports: what `fazhi verify` and the web page show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.scoping import resolve_scope
from assistant.verify.check import verify_report, verify_text
from assistant.verify.given import Given, as_given
from assistant.verify.sources import SourceLedger
from assistant.verify.verdicts import Checked
from vectorstore.store import LedgerRow

if TYPE_CHECKING:
    from vectorstore.indicators import Lexicon
    from vectorstore.store import ReportRow, Store
    from vectorstore.types import Report

__all__ = [
    "NothingToVerifyError",
    "Verified",
    "read_report",
    "verify_against",
    "verify_file",
    "verify_parsed",
    "verify_written",
]

_NOTHING = Given()
_MARKDOWN = frozenset({".md", ".markdown"})
_LARGEST = 20_000_000  # bytes of a Markdown file; every other format has the reader's own limits
_FOOTNOTE = re.compile(r"^\[\^\d+\]:.*(?:\n {4}.*)*|\[\^\d+\]", re.MULTILINE)
_MARKS = re.compile(r"\\([\\`*_\[\]<|~&>#+-])")
_RULE = re.compile(r"^[\s|:-]*-[\s|:-]*$")


class NothingToVerifyError(AssistantError):
    """The file cannot be read as text, or the library has nothing to hold it against."""

    default_hint = "先用 fazhi ingest 导入该单位的报告，再核对。"


@dataclass(frozen=True, slots=True)
class Verified:
    """A file's text with the verdict on each of its figures, and what they were held against.

    `org` is empty when the text speaks of several organisations. `evidence` is the name of the
    evidence file it was held against, `sheet` that of the filled sheet.
    """

    text: str
    org: str
    year: int | None
    against: tuple[ReportRow, ...]
    checked: tuple[Checked, ...]
    evidence: str = ""
    sheet: str = ""

    def to_json(self) -> dict[str, Any]:
        """The document of `fazhi verify --json`."""
        return {
            "org": self.org,
            "year": self.year,
            "against": [{"id": r.id, "org": r.org, "year": r.year} for r in self.against],
            "evidence": self.evidence,
            "sheet": self.sheet,
            "quantities": [_checked_json(checked) for checked in self.checked],
        }


def verify_file(
    path: Path,
    store: Store,
    lexicon: Lexicon,
    *,
    org: str = "",
    year: int | None = None,
) -> Verified:
    """Verify docx, txt, md, html or pdf against the reports of its organisation up to its year.

    `org` and `year` replace what the file says of itself. A file of no organisation in the
    library, such as a brief on several, is held against every report. Raises ReadError,
    UnknownScopeError and NothingToVerifyError.
    """
    if path.suffix.lower() not in _MARKDOWN:
        return verify_parsed(_parse(path), store, lexicon, org=org, year=year)
    return verify_written(_markdown(path), store, lexicon, org=org, year=year)


def verify_written(
    text: str,
    store: Store,
    lexicon: Lexicon,
    *,
    org: str = "",
    year: int | None = None,
) -> Verified:
    """The same for plain text, which does not say whose it is: `org` empty means every report's.

    Raises UnknownScopeError and NothingToVerifyError.
    """
    library = _reports(store)
    named = _full_name(store, org)
    against = _against(library, named, year)
    ledger = _ledger(store, against)
    checked = verify_text(text, ledger, org=named, year=year, lexicon=lexicon)
    return Verified(text, named, year, against, checked)


def verify_parsed(
    report: Report,
    store: Store,
    lexicon: Lexicon,
    *,
    org: str = "",
    year: int | None = None,
    given: Given = _NOTHING,
) -> Verified:
    """The same for a file already parsed, held also against what was `given` for it.

    What was given says whose figures they are and of which year, unless `org` and `year` do.
    Raises UnknownScopeError and NothingToVerifyError.
    """
    library = _reports(store, given)
    known = {row.org for row in library}
    named = _full_name(store, org) or given.org or (report.org if report.org in known else "")
    year = year or given.year or report.year
    against = _against(library, named, year, given)
    ledger = _ledger(store, against, given)
    if named:
        checked = verify_report(report, ledger, org=named, year=year, lexicon=lexicon)
    else:
        checked = verify_text(report.text, ledger, year=year, lexicon=lexicon)
    return Verified(
        report.text, named, year, against, as_given(checked, given), given.evidence, given.sheet
    )


def verify_against(
    path: Path, rows: Iterable[LedgerRow], lexicon: Lexicon, *, org: str, year: int, evidence: str
) -> Verified:
    """Verify a draft of `org` and `year` against the figures of its evidence file, offline.

    `evidence` is that file's name. Raises ReadError and NothingToVerifyError.
    """
    given = Given(tuple(rows), org, year)
    ledger = SourceLedger.of_rows(given.rows)
    report = read_report(path)
    checked = verify_report(report, ledger, org=org, year=year, lexicon=lexicon)
    return Verified(report.text, org, year, (), as_given(checked, given), evidence)


def read_report(path: Path) -> Report:
    """A file as a report, a Markdown draft too. Raises ReadError and NothingToVerifyError."""
    return _outlined(_markdown(path)) if path.suffix.lower() in _MARKDOWN else _parse(path)


def _outlined(text: str) -> Report:
    """A draft in Markdown as its .docx would be read: no footnotes, no marks, tables as rows."""
    from vectorstore.outline import outline
    from vectorstore.types import Block, Document

    blocks: list[Block] = []
    for piece in _FOOTNOTE.sub("", text).split("\n\n"):
        plain = _MARKS.sub(r"\1", piece.strip("\n"))
        lines = [line for line in plain.split("\n") if line.strip("\t :-")]
        if any("\t" in line for line in lines):
            cells = [[c.strip() for c in line.strip().strip("\t").split("\t")] for line in lines]
            blocks.append(Block("\n".join("\t".join(row) for row in cells), kind="table"))
        elif lines:
            level = len(plain) - len(plain.lstrip("#"))
            blocks.append(Block(plain.lstrip("# "), level=level - 1 if level else None))
    return outline(Document(tuple(blocks), "txt"), "draft.md")


def _reports(store: Store, given: Given = _NOTHING) -> list[ReportRow]:
    found = store.reports()
    if not (found or given):
        raise NothingToVerifyError("资料库还是空的，没有可供核对的报告。")
    return found


def _full_name(store: Store, org: str) -> str:
    return resolve_scope(store, [org], ()).orgs[0] if org else ""


def _ledger(store: Store, against: Sequence[ReportRow], given: Given = _NOTHING) -> SourceLedger:
    told = {row.report_id for row in given.rows}
    rows = (
        row
        for source in against
        if source.id not in told
        for row in store.quantities(report_id=source.id)
    )
    return SourceLedger.of_rows((*given.rows, *rows))


def _against(
    library: Sequence[ReportRow], org: str, year: int | None, given: Given = _NOTHING
) -> tuple[ReportRow, ...]:
    """The reports of `org`, or of all, up to `year`."""
    mine = [row for row in library if not org or row.org == org]
    kept = tuple(row for row in mine if year is None or (row.year or 0) <= year)
    if not (kept or given):
        raise NothingToVerifyError(f"资料库里没有{org}{year or ''}年及以前的报告。")
    return kept


def _parse(path: Path) -> Report:
    from vectorstore.sandbox import SafeParser

    with SafeParser() as parser:
        return parser.parse(path)


def _markdown(path: Path) -> str:
    """The text of a Markdown file, tables with tabs in place of their bars; offsets are kept."""
    try:
        if path.stat().st_size > _LARGEST:
            raise NothingToVerifyError(f"{path.name} 过大，请拆分后再核对。")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        hint = "请确认文件存在，并另存为 UTF-8 编码。"
        raise NothingToVerifyError(f"读不了 {path.name}。", hint) from exc
    return "\n".join(_row(line) for line in text.split("\n"))


def _row(line: str) -> str:
    if not line.lstrip().startswith("|"):
        return line
    plain = re.sub("[-:]", " ", line) if _RULE.match(line) else line
    return plain.replace("|", "\t")


def _checked_json(checked: Checked) -> dict[str, Any]:
    quantity = checked.quantity
    return {
        "text": quantity.text,
        "start": quantity.start,
        "end": quantity.end,
        "verdict": checked.verdict.value,
        "source": _source_json(checked.source) if checked.source else None,
        "operands": [_source_json(row) for row in checked.operands],
        "indicator": quantity.indicator,
        "detail": checked.detail,
    }


def _source_json(row: LedgerRow) -> dict[str, Any]:
    quantity = row.quantity
    return {
        "report_id": row.report_id,
        "org": row.org,
        "year": row.year,
        "heading": quantity.heading,
        "sentence": row.sentence,
        "start": quantity.start,
        "end": quantity.end,
        "text": quantity.text,
    }
