"""The page's layout and wiring; every handler is a method of `Desk`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr  # noqa: TID251 - this module is the page
from fastapi import FastAPI

from assistant.app.check_tab import CheckTab
from assistant.app.checking import CheckDesk
from assistant.app.figures import LedgerDesk
from assistant.app.handlers import MAX_QUESTION, Choices, Desk, View
from assistant.app.ledger_tab import LedgerTab
from assistant.app.parts import html, picker, session_of
from assistant.app.theme import theme

__all__ = ["mount"]

_EXAMPLES = 4
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


def mount(app: FastAPI, desk: Desk, max_upload: int) -> None:
    """Put the page at / of `app`; `max_upload` in bytes a file."""
    page = build(desk)
    folder = Path(__file__).parent
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=max_upload,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        theme=theme(),
        css_paths=[folder / name for name in ("style.css", "ledger.css", "check.css")],
    )


class Page:
    """The components of one page and how they follow from what `Desk` says."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.headline = html("headline")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("问答", id="ask") as self.ask_tab:
                self._build_ask()
            self.ledger = LedgerTab(LedgerDesk(desk.services, desk.downloads))
            self.check = CheckTab(CheckDesk(desk.services, desk.downloads))
            with gr.Tab("资料库", id="library") as self.library_tab:
                self._build_library()
        self.timer = gr.Timer(1.0, active=False)
        self.seen = gr.State(-1)  # the newest change of the library this page has drawn

    def _build_ask(self) -> None:
        with gr.Column(elem_id="talk"):
            self.past = html("past")
            self.live = html("live")
            with gr.Row(visible=False, elem_id="examples") as self.example_row:
                self.examples = [
                    gr.Button(visible=False, size="sm", elem_classes="example")
                    for _ in range(_EXAMPLES)
                ]
        with gr.Column(elem_id="composer"):
            self.box = gr.Textbox(
                placeholder="输入问题，按回车发送",
                show_label=False,
                label="问题",
                max_length=MAX_QUESTION,
                lines=1,
                max_lines=6,
                container=False,
                submit_btn="发送",
                elem_id="box",
            )
            with gr.Row(elem_id="scope"):
                self.orgs = picker("单位", "orgs")
                self.years = picker("年度", "years")
                self.clear = gr.Button("清空对话", size="sm", elem_id="clear")
                self.sure = gr.Button("确定清空", size="sm", visible=False, elem_id="clear-sure")

    def _build_library(self) -> None:
        with gr.Column(elem_id="library"):
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
            with gr.Column(visible=False, elem_id="confirm") as self.confirm:
                self.confirm_text = html("confirm-text")
                with gr.Row():
                    self.cancel = gr.Button("取消", size="sm", elem_id="keep")
                    self.delete = gr.Button(
                        "删除", size="sm", variant="stop", elem_id="delete-sure"
                    )
            self.chosen = gr.State("")
            self.table = html("reports", js_on_load=_DELETE_JS)

    # -- what components show

    def conversation(self, view: View) -> list[Any]:
        """Values of `talk_outputs`."""
        button: dict[str, Any] = {"submit_btn": "发送", "stop_btn": False}
        if view.busy:
            button = {"submit_btn": False, "stop_btn": "停止"}
        return [view.past, view.live, gr.update(**button), gr.update(visible=view.empty)]

    def library(self) -> list[Any]:
        """Values of `library_outputs`."""
        progress, snapshot = self.desk.progress()
        return [progress, gr.Timer(active=snapshot.running), *self.holdings(), snapshot.changes]

    def holdings(self) -> list[Any]:
        """Values that change when reports come or go."""
        choices: Choices = self.desk.choices()
        shown = [*choices.examples, *[""] * _EXAMPLES][:_EXAMPLES]
        return [
            self.desk.headline(),
            self.desk.reports(),
            gr.update(choices=list(choices.orgs)),
            gr.update(choices=list(choices.years)),
            *[gr.update(value=text, visible=bool(text)) for text in shown],
        ]

    @property
    def talk_outputs(self) -> list[Any]:
        """Components a step of the conversation changes."""
        return [self.past, self.live, self.box, self.example_row]

    @property
    def library_outputs(self) -> list[Any]:
        """Components that follow the library and the intake."""
        return [
            self.intake,
            self.timer,
            self.headline,
            self.table,
            self.orgs,
            self.years,
            *self.examples,
            self.seen,
        ]

    # -- events

    def wire(self, blocks: gr.Blocks) -> None:
        """Connect every control."""
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        several: dict[str, Any] = {**quiet, "concurrency_limit": 16}
        blocks.load(self._on_load, None, self.talk_outputs + self.library_outputs, **several)
        asked = {**several, "concurrency_id": "ask", "trigger_mode": "once"}
        scope = [self.orgs, self.years]
        self.box.submit(self._on_ask, [self.box, *scope], self.talk_outputs, **asked)
        for button in self.examples:
            button.click(self._on_ask, [button, *scope], self.talk_outputs, **asked)
        self.box.stop(self._on_stop, None, None, **several)
        self._wire_clear(several)
        self.files.upload(
            self._on_upload, self.files, [self.files, *self.library_outputs], **several
        )
        self.timer.tick(self._on_tick, self.seen, self.library_outputs, **several)
        self.ask_tab.select(self._on_return, None, self.talk_outputs, **several)
        self.library_tab.select(self.library, None, self.library_outputs, **several)
        self._wire_delete(several)
        self.ledger.wire(self.desk.choices, several)
        self.check.wire(several)

    def _wire_clear(self, options: dict[str, Any]) -> None:
        both = [self.clear, self.sure]
        self.clear.click(
            lambda: [gr.update(visible=False), gr.update(visible=True)], None, both, **options
        )
        self.sure.click(self._on_clear, None, [*self.talk_outputs, *both], **options)

    def _wire_delete(self, options: dict[str, Any]) -> None:
        asking = [self.chosen, self.confirm_text, self.confirm]
        self.table.select(self._on_choose, None, [*asking, self.notice], **options)
        self.cancel.click(lambda: ["", "", gr.update(visible=False)], None, asking, **options)
        changed = [*asking, self.notice, *self.library_outputs, *self.talk_outputs]
        self.delete.click(self._on_delete, self.chosen, changed, **options)

    def _on_load(self, request: gr.Request) -> list[Any]:
        return self.conversation(self.desk.conversation(session_of(request))) + self.library()

    def _on_return(self, request: gr.Request) -> list[Any]:
        if self.desk.is_answering(request.session_hash or ""):
            return [gr.skip() for _ in self.talk_outputs]
        return self.conversation(self.desk.conversation(session_of(request)))

    def _on_ask(
        self, question: str, orgs: list[str], years: list[str], request: gr.Request
    ) -> Iterator[list[Any]]:
        first = True
        tab = request.session_hash or ""
        for view in self.desk.ask(session_of(request), tab, question, orgs or [], years or []):
            shown = self.conversation(view)
            if first:  # the box is emptied once, so that the next question can be typed meanwhile
                shown[2] = gr.update(value="", submit_btn=False, stop_btn="停止")
                first = False
            yield shown

    def _on_stop(self, request: gr.Request) -> None:
        self.desk.stop(request.session_hash or "")

    def _on_clear(self, request: gr.Request) -> list[Any]:
        shown = self.conversation(self.desk.clear(session_of(request)))
        return [*shown, gr.update(visible=True), gr.update(visible=False)]

    def _on_upload(self, files: list[str] | None) -> list[Any]:
        self.desk.upload(files or [])
        return [None, *self.library()]

    def _on_tick(self, seen: int) -> list[Any]:
        progress, snapshot = self.desk.progress()
        if snapshot.changes != seen or not snapshot.running:
            return self.library()
        still = [gr.skip() for _ in self.library_outputs[2:-1]]
        return [progress, gr.skip(), *still, seen]

    def _on_choose(self, event: gr.EventData) -> list[Any]:
        report_id = str(event.id)
        text = self.desk.about_to_delete(report_id)
        return [report_id, text, gr.update(visible=bool(text)), ""]

    def _on_delete(self, report_id: str, request: gr.Request) -> list[Any]:
        told = self.desk.delete(report_id)
        talk = self.conversation(self.desk.conversation(session_of(request)))
        return ["", "", gr.update(visible=False), told, *self.library(), *talk]


def build(desk: Desk) -> gr.Blocks:
    """The page as Gradio blocks."""
    blocks: gr.Blocks
    with gr.Blocks(
        title="法治报告助手", analytics_enabled=False, delete_cache=(3600, 3600)
    ) as blocks:
        Page(desk).wire(blocks)
    blocks.queue(max_size=256, api_open=False)
    return blocks
