"""One draft written, proved and checked from what a session filled in."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.app.draft.sheet import Sheet
from assistant.app.draft.work import Case, Result
from assistant.build import Services
from assistant.check import Comparison, Finding, check_report
from assistant.draft import Request, draft, write
from assistant.draft.answers import answered, blanks
from assistant.draft.preview import preview
from assistant.draft.proof import Proof, prove
from assistant.draft.types import Draft, Progress, Reply, Step
from assistant.verify.check import blanked
from vectorstore.quantities import extract
from vectorstore.types import Report

__all__ = ["StoppedError", "Writing"]

_SHEET, _NOTES = "指标填报表.csv", "工作素材.md"


class StoppedError(Exception):
    """The writer stopped the draft."""


class Writing:
    """Writes drafts over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def anew(self, case: Case, sheet: Sheet, stop: threading.Event) -> Result:
        """The draft from the beginning. Raises StoppedError, and what `draft` raises."""

        def tell(step: Step) -> None:
            if stop.is_set():
                raise StoppedError
            case.step = step
            case.changes += 1

        return self._result(case, self._draft(case, sheet, progress=tell))

    def again(self, case: Case, sheet: Sheet) -> Result:
        """The draft with the figures and words given since; no model is asked."""
        return self._result(case, self._draft(case, sheet, replies=case.replies))

    def save(self, session: str, result: Result, path: Path, *, clean: bool) -> None:
        """Write the draft and its evidence file; the page has said what a clean copy still lacks.

        Raises what `write` raises.
        """
        made = result.made
        write(made, path, self._services.lexicon, clean=clean, force=clean)
        self._services.audit.record(
            "export", session, file=path.name, org=made.org, year=str(made.year)
        )

    def record(self, session: str, result: Result, seconds: float) -> None:
        """Note in the audit log that `session` had the draft written."""
        made = result.made
        self._services.audit.record(
            "draft",
            session,
            engine=made.engine,
            prompts=made.prompt_refs,
            reports=[row.report_id for row in made.rows if row.report_id],
            verdicts=[checked.verdict for checked in result.proof.checked],
            seconds=seconds,
            org=made.org,
            year=str(made.year),
            kind=made.kind,
        )

    def _draft(
        self,
        case: Case,
        sheet: Sheet,
        *,
        progress: Progress | None = None,
        replies: Mapping[str, Reply] | None = None,
    ) -> Draft:
        services = self._services
        polisher = services.polisher(case.engine)
        with TemporaryDirectory(prefix="fazhi-") as folder:
            figures = notes = None
            if sheet.filled():
                figures = Path(folder) / _SHEET
                sheet.save(figures)
            if case.notes:
                notes = Path(folder) / _NOTES
                notes.write_text(case.notes, "utf-8")
            target = case.target
            request = Request(target.kind, target.org, target.year, figures, notes, case.peers)
            return draft(
                services.store,
                services.lexicon,
                request,
                polisher,
                progress=progress,
                replies=replies,
            )

    def _result(self, case: Case, made: Draft) -> Result:
        lexicon = self._services.lexicon
        answers = dict(case.words)
        every = blanks(made.document)
        made = answered(made, answers, lexicon)
        proof = prove(made, lexicon)
        base = self._services.store.report(case.sheet.template.base.id)
        return Result(
            made,
            proof,
            preview(made.document, proof),
            self._check(proof, base),
            tuple(blank for blank in every if blank.id not in answers),
            tuple(blank for blank in every if blank.id in answers),
        )

    def _check(self, proof: Proof, base: Report) -> tuple[Finding, ...]:
        """What is wrong besides the blanks, which are listed anyway."""
        lexicon = self._services.lexicon
        report = replace(proof.report, text=blanked(proof.report.text))
        comparison = Comparison(base, extract(base, lexicon))
        return check_report(report, extract(report, lexicon), comparison)
