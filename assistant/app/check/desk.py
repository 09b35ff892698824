"""The tab 校核 without Gradio: a file in, findings, verdicts and the marked text out.

The file is read in a child process and does not enter the library; the newest result of a session
stays in memory. A check goes on when its page is left, and a page opened meanwhile follows it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from assistant.app import words
from assistant.app.check import findings, opinion, proof
from assistant.app.check.kept import Kept, Results
from assistant.app.check.running import Running
from assistant.app.check.view import CheckView
from assistant.app.downloads import Downloads
from assistant.app.living import holds
from assistant.app.notices import doing_html, problem_html
from assistant.build import Services
from assistant.check import Checked, check_parsed
from assistant.draft.given import read_given
from assistant.errors import AssistantError
from assistant.verify.files import NothingToVerifyError, Verified, verify_parsed
from assistant.verify.given import Given
from vectorstore.errors import PlainError, ReadError
from vectorstore.sandbox import SafeParser
from vectorstore.types import Report

__all__ = ["CheckDesk", "CheckView"]

_LOGGER = logging.getLogger(__name__)
_GONE = "校核时对照的报告已更新或删除，上次的结果已清除。"
_AGAIN = "请重新上传后再校核。"
_HOLDING = "正在把每个数字与{}核对…"
_NOT_USED = "本次没有采用，只与资料库核对。"


@dataclass(frozen=True, slots=True)
class _Files:
    """What was put in: the report, last year's, and what says this year's figures."""

    file: Path
    against: Path | None
    beside: tuple[Path, ...]


@dataclass(frozen=True)
class CheckDesk:
    """Checks files against the library of one set of services."""

    services: Services
    downloads: Downloads
    results: Results = field(default_factory=Results)
    running: Running = field(default_factory=Running)

    def busy(self, session: str) -> bool:
        """Whether a check of `session` is under way."""
        return self.running.view(session) is not None

    def last(self, session: str) -> CheckView:
        """What `session` is checking, or checked last unless a report it used is gone since."""
        if (under_way := self.running.view(session)) is not None:
            return under_way
        kept = self.results.get(session)
        if kept is None:
            return CheckView(findings.WELCOME)
        if holds(self.services.store, kept.drawn_on):
            return kept.view
        self.results.drop(session)
        return CheckView(problem_html(_GONE, _AGAIN))

    def run(
        self, session: str, file: str | None, against: str | None, beside: Sequence[str] = ()
    ) -> Iterator[CheckView]:
        """Check `file`, with `against` as last year's report; each view replaces the one before.

        `beside` are a filled sheet and the evidence file of the draft, or one of them.
        Problems of the user's making are told in `state`. Goes on when nobody asks for more views.
        """
        if not file:
            yield CheckView(problem_html("还没有选择报告。", "请先上传要校核的报告。"))
            return
        first = CheckView(doing_html("正在等候校核…"))
        files = _Files(Path(file), Path(against) if against else None, tuple(map(Path, beside)))
        steps = self._steps(session, files)
        views = self.running.follow(session, first, steps)
        if views is None:
            yield CheckView(problem_html("上一次校核还在进行。", "请等它完成后再开始。"))
            return
        yield from views

    def _steps(self, session: str, files: _Files) -> Iterator[CheckView]:
        try:
            yield from self._run(session, files)
        except PlainError as error:
            yield self._failed(session, str(error), words.on_page(error.hint))
        except Exception:
            _LOGGER.exception("a file could not be checked")
            yield self._failed(session, "校核时出现意外错误。", "请重试；仍不行时查看服务日志。")

    def _failed(self, session: str, problem: str, hint: str) -> CheckView:
        """What went wrong, kept for a page that is loaded anew."""
        view = CheckView(problem_html(problem, hint))
        self.results.put(session, Kept(view))
        return view

    def _run(self, session: str, files: _Files) -> Iterator[CheckView]:
        with SafeParser() as parser:
            yield CheckView(doing_html(f"正在读取《{files.file.name}》…"))
            report = _read(parser, files.file)
            if files.against:
                yield CheckView(doing_html(f"正在读取《{files.against.name}》…"))
            previous = _read(parser, files.against) if files.against else None
        yield CheckView(doing_html("正在检查数据、年份、结构和文字…"))
        given, cautions = self._given(report, files.beside)
        services = self.services
        checked = check_parsed(report, previous, services.store, services.lexicon)
        found = CheckView(
            doing_html(_HOLDING.format("填报数据和资料库" if given else "资料库")),
            findings.findings_html(checked),
            text=proof.proof_html(report.text, checked.findings, ()),
        )
        yield found
        verified: Verified | None = None
        try:
            verified = verify_parsed(report, services.store, services.lexicon, given=given)
        except NothingToVerifyError as error:
            done = replace(
                found, verdicts=findings.unverified_html(str(error), words.on_page(error.hint))
            )
        else:
            done = replace(
                found,
                verdicts=findings.verdicts_html(verified, report),
                text=proof.proof_html(report.text, checked.findings, verified.checked),
            )
        done = replace(done, state=self._done(session, files.file, checked, verified, cautions))
        yield self._keep(session, done, checked, verified)

    def _given(self, report: Report, beside: Sequence[Path]) -> tuple[Given, list[str]]:
        """What stands beside `report`, and what to tell of it."""
        try:
            return read_given(beside, report, self.services.store, self.services.lexicon), []
        except PlainError as error:
            return Given(), [f"{error}{words.on_page(error.hint)}{_NOT_USED}"]

    def _keep(
        self, session: str, view: CheckView, checked: Checked, verified: Verified | None
    ) -> CheckView:
        """Keep `view` with what of the library it draws on; a file of last year is not of it."""
        held = {row.id for row in self.services.store.reports()}
        compared = checked.comparison
        ids = {report.id for report in (compared.previous, *compared.others) if report}
        ids |= {row.id for row in verified.against} if verified else set()
        self.results.put(session, Kept(view, checked, verified, frozenset(ids & held)))
        return view

    def _done(
        self,
        session: str,
        file: Path,
        checked: Checked,
        verified: Verified | None,
        cautions: Sequence[str],
    ) -> str:
        verdicts = [figure.verdict.value for figure in verified.checked] if verified else []
        self.services.audit.record("check", session, verdicts=verdicts, file=file.name)
        report = checked.report
        name = f"{report.org}{f'{report.year}年' if report.year else ''}报告校核清单"
        links = []
        for suffix in opinion.WRITERS:
            make = partial(self._file, session, suffix)
            address = self.downloads.offer(session, f"{name}.{suffix}", make, f"check {suffix}")
            links.append((suffix, address))
        return findings.done_html(checked, links, cautions)

    def _file(self, session: str, suffix: str) -> bytes:
        """The list of the newest check, unless a report it quotes is gone since."""
        kept = self.results.get(session)
        if kept is None or kept.checked is None or not holds(self.services.store, kept.drawn_on):
            raise AssistantError("上次校核的结果已清除。", _AGAIN)
        return opinion.WRITERS[suffix](kept.checked, kept.verified)


def _read(parser: SafeParser, path: Path) -> Report:
    """Parse an upload. Raises ReadError whose message names the file."""
    try:
        return parser.parse(path)
    except ReadError as error:
        raise type(error)(f"《{path.name}》读不了：{error}", error.hint) from error
