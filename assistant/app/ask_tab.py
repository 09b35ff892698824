"""The tab 问答: its components and wiring; `handlers.Desk` does the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.handlers import MAX_QUESTION, Desk, View
from assistant.app.parts import Tab, html, picker, session_of

__all__ = ["AskTab"]

_EXAMPLES = 4


class AskTab(Tab):
    """The conversation above, the question box and its scope below."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with gr.Tab("问答", id="ask") as self.tab:
            with gr.Column(elem_id="talk"):
                self.past = html("past")
                self.live = html("live")
                with gr.Row(visible=False, elem_id="examples") as self.example_row:
                    self.examples = [
                        gr.Button(visible=False, size="sm", elem_classes="example")
                        for _ in range(_EXAMPLES)
                    ]
            with gr.Column(elem_id="composer"):
                self._build_composer()

    def _build_composer(self) -> None:
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

    # -- what the components show

    @property
    def _talk(self) -> list[Any]:
        """Components a step of the conversation changes."""
        return [self.past, self.live, self.box, self.example_row]

    def _conversation(self, view: View) -> list[Any]:
        """Values of `_talk`."""
        button: dict[str, Any] = {"submit_btn": "发送", "stop_btn": False}
        if view.busy:
            button = {"submit_btn": False, "stop_btn": "停止"}
        return [view.past, view.live, gr.update(**button), gr.update(visible=view.empty)]

    @property
    def _offered(self) -> list[Any]:
        """Components that name what the library holds."""
        return [self.orgs, self.years, *self.examples]

    def _offers(self) -> list[Any]:
        """Values of `_offered`."""
        choices = self._desk.choices()
        shown = [*choices.examples, *[""] * _EXAMPLES][:_EXAMPLES]
        return [
            gr.update(choices=list(choices.orgs)),
            gr.update(choices=list(choices.years)),
            *[gr.update(value=text, visible=bool(text)) for text in shown],
        ]

    # -- events

    @property
    def filled_at_load(self) -> list[Any]:
        """The conversation so far, and what can be picked."""
        return [*self._talk, *self._offered]

    def on_load(self, request: gr.Request) -> list[Any]:
        """Values of `filled_at_load`; an answer on its way in this very tab is left alone."""
        if self._desk.is_answering(request.session_hash or ""):
            return [*[gr.skip() for _ in self._talk], *self._offers()]
        view = self._desk.conversation(session_of(request))
        return [*self._conversation(view), *self._offers()]

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls."""
        asked = {**options, "concurrency_id": "ask", "trigger_mode": "once"}
        scope = [self.orgs, self.years]
        self.box.submit(self._on_ask, [self.box, *scope], self._talk, **asked)
        for button in self.examples:
            button.click(self._on_ask, [button, *scope], self._talk, **asked)
        self.box.stop(self._on_stop, None, None, **options)
        self.tab.select(self.on_load, None, self.filled_at_load, **options)
        both = [self.clear, self.sure]
        self.clear.click(
            lambda: [gr.update(visible=False), gr.update(visible=True)], None, both, **options
        )
        self.sure.click(self._on_clear, None, [*self._talk, *both], **options)

    def _on_ask(
        self, question: str, orgs: list[str], years: list[str], request: gr.Request
    ) -> Iterator[list[Any]]:
        first = True
        tab = request.session_hash or ""
        for view in self._desk.ask(session_of(request), tab, question, orgs or [], years or []):
            shown = self._conversation(view)
            if first:  # the box is emptied once, so that the next question can be typed meanwhile
                shown[2] = gr.update(value="", submit_btn=False, stop_btn="停止")
                first = False
            yield shown

    def _on_stop(self, request: gr.Request) -> None:
        self._desk.stop(request.session_hash or "")

    def _on_clear(self, request: gr.Request) -> list[Any]:
        shown = self._conversation(self._desk.clear(session_of(request)))
        return [*shown, gr.update(visible=True), gr.update(visible=False)]
