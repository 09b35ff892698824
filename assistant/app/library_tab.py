"""The tab 资料库: its components and wiring; `handlers.Desk` does the work."""

from __future__ import annotations

from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.handlers import Desk
from assistant.app.parts import Tab, html, only

__all__ = ["LibraryTab"]

_FORMATS = (
    '<p class="formats">支持 Word（.docx）、文字版 PDF、网页、文本和 zip，可一次选多个；'
    "同一单位同一年度的新文件会替换旧文件。</p>"
)
# Passes the id on the delete button that was pressed, as the event's data.
_DELETE_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button.delete");
  if (button) trigger("select", { id: button.dataset.id });
});
"""


class LibraryTab(Tab):
    """Uploads above, the table of reports below; the page's `headline` follows what is held."""

    def __init__(self, desk: Desk, headline: gr.HTML) -> None:
        self._desk = desk
        self.headline = headline
        with gr.Tab("资料库", id="library") as self.tab, gr.Column(elem_id="library"):
            self.files = gr.File(
                file_count="multiple",
                label="上传报告",
                show_label=False,
                height=150,
                elem_id="upload",
            )
            html("formats", value=_FORMATS)
            self.intake = html("intake")
            self.notice = html("notice")
            self._build_confirm()
            self.chosen = gr.State("")
            self.table = html("reports", js_on_load=_DELETE_JS)
            self.timer = gr.Timer(1.0, active=False)
            self.seen = gr.State(-1)  # the newest change of the library this page has drawn

    def _build_confirm(self) -> None:
        with gr.Column(visible=False, elem_id="confirm") as self.confirm:
            self.confirm_text = html("confirm-text")
            with gr.Row():
                self.cancel = gr.Button("取消", size="sm", elem_id="keep")
                self.delete = gr.Button("删除", size="sm", variant="stop", elem_id="delete-sure")

    # -- what the components show

    @property
    def filled_at_load(self) -> list[Any]:
        """Components that follow the library and the intake."""
        return [self.intake, self.timer, self.headline, self.table, self.seen]

    def on_load(self, request: gr.Request) -> list[Any]:
        """Values of `filled_at_load`."""
        return self._library()

    def _library(self) -> list[Any]:
        progress, snapshot = self._desk.progress()
        timer = gr.Timer(active=snapshot.running)
        return [progress, timer, self._desk.headline(), self._desk.reports(), snapshot.changes]

    # -- events

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls."""
        drawn = self.filled_at_load
        self.tab.select(self._library, None, drawn, **options)
        self.files.upload(
            only("collector", self._on_upload), self.files, [self.files, *drawn], **options
        )
        self.timer.tick(self._on_tick, self.seen, drawn, **options)
        asking = [self.chosen, self.confirm_text, self.confirm]
        self.table.select(self._on_choose, None, [*asking, self.notice], **options)
        self.cancel.click(lambda: ["", "", gr.update(visible=False)], None, asking, **options)
        self.delete.click(
            only("collector", self._on_delete),
            self.chosen,
            [*asking, self.notice, *drawn],
            **options,
        )

    def _on_upload(self, files: list[str] | None) -> list[Any]:
        self._desk.upload(files or [])
        return [None, *self._library()]

    def _on_tick(self, seen: int) -> list[Any]:
        progress, snapshot = self._desk.progress()
        if snapshot.changes != seen or not snapshot.running:
            return self._library()
        return [progress, gr.skip(), gr.skip(), gr.skip(), seen]

    def _on_choose(self, event: gr.EventData) -> list[Any]:
        report_id = str(event.id)
        text = self._desk.about_to_delete(report_id)
        return [report_id, text, gr.update(visible=bool(text)), ""]

    def _on_delete(self, report_id: str) -> list[Any]:
        told = self._desk.delete(report_id)
        return ["", "", gr.update(visible=False), told, *self._library()]
