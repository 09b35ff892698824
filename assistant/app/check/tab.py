"""The tab 校核: its components and wiring; `desk.CheckDesk` does the work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.check.desk import CheckDesk
from assistant.app.check.findings import WELCOME
from assistant.app.check.view import CheckView
from assistant.app.parts import Tab, html, session_of

__all__ = ["CheckTab"]


class CheckTab(Tab):
    """The files above, then what was found beside the marked text."""

    def __init__(self, desk: CheckDesk) -> None:
        self._desk = desk
        with gr.Tab("校核", id="check"), gr.Column(elem_id="check"):
            with gr.Row(elem_id="check-files"):
                self.file = _upload("要校核的报告", "check-file")
                self.against = _upload("上年报告（可不传）", "check-against")
                self.beside = _upload("本年填报表、依据文件（可不传）", "check-beside", "multiple")
                self.start = gr.Button("开始校核", variant="primary", elem_id="check-start")
            self.state = html("check-state", value=WELCOME)
            with gr.Row(elem_id="check-result"):
                with gr.Column(elem_id="check-list"):
                    self.findings = html("check-findings")
                    self.verdicts = html("check-verdicts")
                script = Path(__file__).with_name("check.js").read_text("utf-8")
                self.text = html("check-text", js_on_load=script)
            self.timer = gr.Timer(1.0, active=False)  # for a page opened while a check goes on

    @property
    def _shown(self) -> list[Any]:
        return [self.state, self.findings, self.verdicts, self.text]

    @property
    def filled_at_load(self) -> list[Any]:
        """Everything: what was checked last is there again after a refresh."""
        return [*self._shown, self.timer]

    def on_load(self, request: gr.Request) -> list[Any]:
        """Values of `filled_at_load`."""
        session = session_of(request)
        busy = self._desk.busy(session)  # asked first: what ends meanwhile is drawn once more
        view = self._desk.last(session)
        return [view.state, view.findings, view.verdicts, view.text, gr.Timer(active=busy)]

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls; two checks run at a time, others wait."""
        self.start.click(
            self._on_start,
            [self.file, self.against, self.beside],
            self._shown,
            **{**options, "concurrency_limit": 2, "concurrency_id": "check"},
            trigger_mode="once",
        )
        self.timer.tick(self.on_load, None, self.filled_at_load, **options)

    def _on_start(
        self,
        file: str | None,
        against: str | None,
        beside: list[str] | None,
        request: gr.Request,
    ) -> Iterator[list[Any]]:
        shown = CheckView()
        for view in self._desk.run(session_of(request), file, against, beside or ()):
            # What has not changed is not drawn anew: boxes already ticked stay ticked.
            same = shown.findings == view.findings != ""
            yield [view.state, gr.skip() if same else view.findings, view.verdicts, view.text]
            shown = view


def _upload(label: str, name: str, count: Literal["single", "multiple"] = "single") -> gr.File:
    # Any file may come: of one it cannot read the reader says why, and in Chinese.
    return gr.File(file_count=count, label=label, height=110, elem_id=name)
