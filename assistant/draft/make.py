"""Draft, check, write: what the command and the web page call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.draft.basis import Gathered, gather
from assistant.draft.delivery import followed
from assistant.draft.evidence import evidence_path, quantity_json, write_evidence
from assistant.draft.next_year import shortcomings
from assistant.draft.plan import PlanWriter
from assistant.draft.proof import prove
from assistant.draft.report import ReportWriter
from assistant.draft.types import Chapter, Draft, Progress, Reply, Request, Step
from assistant.errors import AssistantError
from assistant.gongwen import Figure, UnfinishedError, unfinished, write_docx, write_markdown
from assistant.verify import Checked, Verdict
from vectorstore.quantities import extract_text
from vectorstore.store import LedgerRow
from vectorstore.types import Part, QuantityKind, Report

if TYPE_CHECKING:
    from assistant.draft.llm import Polisher
    from vectorstore.indicators import Lexicon
    from vectorstore.store import Store

__all__ = ["DraftFileError", "Written", "check_output", "draft", "write"]

_BLANKS = frozenset({Verdict.PLACEHOLDER})


class DraftFileError(AssistantError):
    """The draft cannot be written to a file of that type."""

    default_hint = "用 -o 指定 .docx 或 .md 文件。"


@dataclass(frozen=True, slots=True)
class Written:
    """A draft on disk with the verdict on each figure."""

    path: Path
    evidence: Path
    draft: Draft
    checked: tuple[Checked, ...]
    placeholders: tuple[str, ...]

    @property
    def unbound(self) -> tuple[Checked, ...]:
        """Figures without a source: none in what the software wrote."""
        return tuple(c for c in self.checked if not c.good)

    def to_json(self) -> dict[str, Any]:
        """The document of `fazhi draft --json`."""
        return {
            "path": str(self.path),
            "evidence": str(self.evidence),
            "engine": self.draft.engine,
            "placeholders": list(self.placeholders),
            "quantities": [quantity_json(c) for c in self.checked if c.verdict not in _BLANKS],
            "notes": list(self.draft.notes),
            "prompt_tokens": self.draft.prompt_tokens,
        }


def draft(
    store: Store,
    lexicon: Lexicon,
    request: Request,
    polisher: Polisher | None = None,
    *,
    progress: Progress | None = None,
    replies: Mapping[str, Reply] | None = None,
) -> Draft:
    """Draft by rule; `polisher` then says each section better. Raises what `gather` raises.

    With `replies`, those of an earlier draft, the model is not asked again.
    """
    tell = progress or _untold
    gathered = gather(store, lexicon, request)
    writer = (PlanWriter if request.kind == "plan" else ReportWriter)(gathered.basis)
    chapters: list[Chapter] = []
    for n, chapter in enumerate(writer.chapters()):
        chapters.append(chapter)
        total = len(writer.steps)
        tell(Step(f"已写好“{writer.steps[n]}”", n + 1, total, writer.document(chapters)))
    made = _by_rule(gathered, writer, chapters)
    if polisher is None:
        return made

    def polished(doing: str, *, done: int, total: int) -> None:
        tell(Step(doing, done, total, writer.document(chapters)))

    rows = prove(made, lexicon).rows
    done = polisher.polish(chapters, made.org, made.year, rows, tell=polished, replies=replies)
    return replace(
        made,
        document=writer.document(chapters),
        engine=polisher.engine if done.written else "extractive",
        model=polisher.name if done.written else "",
        notes=(*made.notes, *done.notes),
        prompt_refs=(polisher.prompt.ref,) if done.prompt_tokens or done.written else (),
        prompt_tokens=done.prompt_tokens,
        replies=done.replies,
    )


def _by_rule(
    gathered: Gathered, writer: PlanWriter | ReportWriter, chapters: Sequence[Chapter]
) -> Draft:
    """The draft as the rules wrote it."""
    return Draft(
        kind="report" if isinstance(writer, ReportWriter) else "plan",
        document=writer.document(chapters),
        org=gathered.basis.report.org,
        year=gathered.basis.years.new,
        engine="extractive",
        notes=(*gathered.remarks, *writer.notes),
        sources=gathered.sources,
        rows=_known_rows(gathered),
        bound={**_noted_figures(gathered), **writer.rewriter.bound},
        followed=tuple(followed(writer)) if isinstance(writer, ReportWriter) else (),
    )


def _untold(step: Step) -> None:
    """Nobody asks how far the work is."""


def _known_rows(gathered: Gathered) -> tuple[LedgerRow, ...]:
    """Every figure and phrase the draft may use: last year's, the sheet's and the notes'."""
    basis = gathered.basis
    rows = [row for row in basis.rows if not _is_own_year(row, gathered)]
    supplied = [s.row for s in (*basis.supply.sheet, *basis.supply.notes)]
    return (*rows, *_quoted(basis.report), *supplied)


def _quoted(report: Report) -> Iterator[LedgerRow]:
    """What the draft puts between quotation marks and last year's report says without them."""
    for short in shortcomings(report):
        said = f"“{short}”"
        for q in extract_text(said, report.org, report.year):
            if q.kind is QuantityKind.PHRASE:
                yield LedgerRow(q, report.id, report.org, report.year, Part.SHORTCOMINGS, said)


def _is_own_year(row: LedgerRow, gathered: Gathered) -> bool:
    """A plan names its own year, which the report it is made from names too: no year left over."""
    years = gathered.basis.years
    is_date = row.quantity.kind is QuantityKind.DATE
    return is_date and years.step == 0 and str(years.new) in row.quantity.text


def _noted_figures(gathered: Gathered) -> dict[Figure, LedgerRow]:
    """The figures of notes and of further rows of the sheet as they are printed."""
    supply = gathered.basis.supply
    return {Figure(s.quantity.text, s.comment): s.row for s in (*supply.sheet, *supply.notes)}


def check_output(path: Path) -> None:
    """Raise DraftFileError for a file type that is not written."""
    if path.suffix.lower() not in (".docx", ".md"):
        raise DraftFileError(f"不能写成“{path.suffix or '无后缀'}”文件。")


def write(
    made: Draft, path: Path, lexicon: Lexicon, *, clean: bool = False, force: bool = False
) -> Written:
    """Check the draft and write it with its evidence file.

    A clean copy is refused, naming them, while blanks or unbound figures remain, unless `force`.
    Raises DraftFileError, UnfinishedError, SaveError.
    """
    check_output(path)
    proof = prove(made, lexicon)
    checked = proof.checked
    blanks = unfinished(made.document)
    if clean and not force:
        left = (*blanks, *_unbound(checked))
        if left:
            raise UnfinishedError(left)
    if path.suffix.lower() == ".md":
        write_markdown(made.document, path)
    else:
        write_docx(made.document, path, clean=clean, force=force)
    evidence = evidence_path(path)
    write_evidence(evidence, made, proof)
    return Written(path, evidence, made, checked, blanks)


def _unbound(checked: Sequence[Checked]) -> list[str]:
    return [f"“{c.quantity.text}”（{c.detail or c.verdict}）" for c in checked if not c.good]
