"""The tab 问答: its components and wiring; `conversation.AskDesk` does the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.ask.conversation import MAX_QUESTION, AskDesk, Seat, View
from assistant.app.ask.focus import Kind
from assistant.app.choices import Choices
from assistant.app.escaping import escape
from assistant.app.parts import Tab, html, picker, session_of

__all__ = ["AskTab"]

_EXAMPLES = 4
_SCRIPT = Path(__file__).with_name("ask.js")
_SENT_SCRIPT = Path(__file__).with_name("sent.js")


class AskTab(Tab):
    """Earlier questions beside the conversation; the question box and its scope below.

    `choices` says what can be picked.
    """

    def __init__(self, desk: AskDesk, choices: Callable[[], Choices]) -> None:
        self._desk = desk
        self._choices = choices
        with gr.Tab("问答", id="ask") as self.tab, gr.Row(elem_id="ask-row"):
            self.talk = gr.State("")  # the conversation shown
            with gr.Column(elem_id="history", scale=0, min_width=200):
                self._build_history()
            with gr.Column(elem_id="ask-main", min_width=0):
                self._build_talk()
                with gr.Column(elem_id="composer"):
                    self._build_composer()

    def _build_history(self) -> None:
        script = _SCRIPT.read_text("utf-8")
        with gr.Row(elem_id="history-head"):
            self.new = gr.Button("新对话", size="sm", elem_id="new-talk")
            html("history-toggle", value=_TOGGLE)
        with gr.Column(elem_id="history-body"):
            self.find = gr.Textbox(
                placeholder="查找提过的问题",
                show_label=False,
                label="查找提过的问题",
                max_length=60,
                max_lines=1,
                container=False,
                elem_id="find",
            )
            self.earlier = html("earlier", js_on_load=script)
            with gr.Row(elem_id="clear-row"):
                self.clear = gr.Button("清空全部对话", size="sm", elem_id="clear")
                self.sure = gr.Button("确定清空", size="sm", visible=False, elem_id="clear-sure")
                self.keep = gr.Button("取消", size="sm", visible=False, elem_id="clear-keep")

    def _build_talk(self) -> None:
        script = _SCRIPT.read_text("utf-8")
        with gr.Column(elem_id="talk"):
            self.past = html("past", js_on_load=script)
            self.live = html("live")
            self.told = html("told")
            with gr.Row(elem_id="examples"):
                self.examples = [
                    gr.Button(visible=False, size="sm", elem_classes="example")
                    for _ in range(_EXAMPLES)
                ]

    def _build_composer(self) -> None:
        html("sent", value=_SENT, js_on_load=_SENT_SCRIPT.read_text("utf-8"))
        self.box = gr.Textbox(
            placeholder="输入问题，回车发送",
            show_label=False,
            label="问题",
            max_length=MAX_QUESTION,
            lines=1,
            max_lines=6,
            container=False,
            submit_btn="发送",
            stop_btn="停止",  # of the two, ask.css shows the one that can be used
            elem_id="box",
        )
        with gr.Row(elem_id="scope"):
            self.orgs = picker("单位", "orgs")
            self.years = picker("年度", "years")
        html("keys", value='<p class="keys">Shift+回车换行，Esc 停止回答</p>')

    # -- what the components show

    @property
    def _shown(self) -> list[Any]:
        """Components a step of the conversation changes."""
        return [self.talk, self.past, self.live]

    def _values(self, view: View) -> list[Any]:
        """Values of `_shown`."""
        return [view.talk, gr.skip() if view.past is None else view.past, view.live]

    @property
    def _all(self) -> list[Any]:
        """`_shown`, what is searched for, and the earlier questions."""
        return [*self._shown, self.find, self.earlier]

    def _view(self, view: View, request: gr.Request, find: str = "") -> list[Any]:
        """Values of `_all`."""
        earlier = self._desk.earlier(session_of(request), view.talk, find)
        return [*self._values(view), find, earlier]

    @property
    def _offered(self) -> list[Any]:
        """Components that name what the library holds."""
        return [self.orgs, self.years, *self.examples]

    def _offers(self) -> list[Any]:
        """Values of `_offered`."""
        choices = self._choices()
        shown = [*self._desk.examples(), *[""] * _EXAMPLES][:_EXAMPLES]
        return [
            gr.update(choices=list(choices.orgs)),
            gr.update(choices=list(choices.years)),
            *[gr.update(value=text, visible=bool(text)) for text in shown],
        ]

    # -- events

    @property
    def filled_at_load(self) -> list[Any]:
        """The newest conversation, the earlier questions, and what can be picked."""
        return [*self._all, *self._offered]

    def on_load(self, request: gr.Request) -> list[Any]:
        """Values of `filled_at_load`."""
        view = self._desk.conversation(session_of(request))
        return [*self._view(view, request), *self._offers()]

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls."""
        asked = {**options, "concurrency_id": "ask", "trigger_mode": "once"}
        asked["concurrency_limit"] = self._desk.answers.at_once
        asked["postprocess"] = False  # of HTML and a text there is nothing to do
        scope = [self.talk, self.orgs, self.years]
        answered = [*self._all, self.box]
        self.box.submit(self._on_ask, [self.box, *scope], answered, **asked)
        for button in self.examples:
            button.click(self._on_ask, [button, *scope], answered, **asked)
        self.past.retry(self._on_retry, scope, self._all, **asked)
        taken = [*self._all, self.orgs, self.years]
        self.past.select(self._on_widen, [self.orgs, self.years], taken, **asked)
        self.past.like(self._on_rate, None, self.told, **options)
        self.box.stop(self._on_stop, None, None, **options)
        back = [*self._all, *self._offered]
        self.tab.select(self._on_return, self.talk, back, **options)
        self._wire_history(options)

    def _wire_history(self, options: dict[str, Any]) -> None:
        self.find.change(
            self._on_find, [self.talk, self.find], self.earlier,
            **options, trigger_mode="always_last",
        )  # fmt: skip
        self.earlier.select(self._on_jump, self.find, self._all, **options)
        self.new.click(self._on_new, None, self._all, **options)
        asking = [self.clear, self.sure, self.keep]
        self.clear.click(lambda: _asked(sure=True), None, asking, **options)
        self.keep.click(lambda: _asked(sure=False), None, asking, **options)
        self.sure.click(self._on_clear, None, [*self._all, *asking], **options)

    def _busy(self, request: gr.Request) -> bool:
        return self._desk.is_answering(request.session_hash or "")

    def _on_return(self, talk: str, request: gr.Request) -> list[Any]:
        if self._busy(request):
            return [*[gr.skip() for _ in self._all], *self._offers()]
        view = self._desk.conversation(session_of(request), talk or None)
        return [*self._view(view, request), *self._offers()]

    def _on_ask(
        self, question: str, talk: str, orgs: list[str], years: list[str], request: gr.Request
    ) -> Iterator[list[Any]]:
        views = self._desk.ask(_seat(request), talk, question, orgs or [], years or [])
        box: Any = ""  # emptied once, so that the next question can be typed meanwhile
        for shown in self._steps(views, request):
            yield [*shown, box]
            box = gr.skip()

    def _on_retry(
        self,
        talk: str,
        orgs: list[str],
        years: list[str],
        request: gr.Request,
        event: gr.EventData,
    ) -> Iterator[list[Any]]:
        """Ask again what was answered (`id`), or what failed and was not kept (`question`)."""
        exchange_id, question = str(event.id), str(event.question)
        if exchange_id:
            views = self._desk.again(_seat(request), exchange_id)
        else:
            views = self._desk.ask(_seat(request), talk, question, orgs or [], years or [])
        yield from self._steps(views, request)

    def _on_widen(
        self, orgs: list[str], years: list[str], request: gr.Request, event: gr.EventData
    ) -> Iterator[list[Any]]:
        """Ask without what the chip names; it is taken out of the pickers too."""
        kind: Kind = "year" if event.kind == "year" else "org"
        value = str(event.value)
        views = self._desk.widen(_seat(request), str(event.id), kind, value)
        left = [picked for picked in (years if kind == "year" else orgs) or [] if value]
        left = [picked for picked in left if picked.removesuffix("年") != value]
        update = gr.update(value=left)
        picked = [gr.skip(), update] if kind == "year" else [update, gr.skip()]
        for shown in self._steps(views, request):
            yield [*shown, *picked]

    def _steps(self, views: Iterable[View], request: gr.Request) -> Iterator[list[Any]]:
        """Values of `_all` for each view, unless this very page is being answered already."""
        if self._busy(request):
            yield [gr.skip() for _ in self._all]
            return
        for view in views:
            if view.busy:
                yield [*self._values(view), gr.skip(), gr.skip()]
            else:
                yield self._view(view, request)

    def _on_stop(self, request: gr.Request) -> None:
        self._desk.stop(request.session_hash or "")

    def _on_rate(self, request: gr.Request, event: gr.EventData) -> str:
        told = self._desk.rate(
            session_of(request), str(event.id), str(event.rating), str(event.comment)
        )
        return f'<p class="told" role="status">{escape(told)}</p>'

    def _on_find(self, talk: str, find: str, request: gr.Request) -> str:
        return self._desk.earlier(session_of(request), talk, find)

    def _on_jump(self, find: str, request: gr.Request, event: gr.EventData) -> list[Any]:
        talk = self._desk.talk_of(session_of(request), str(event.id))
        if talk is None or self._busy(request):
            return [gr.skip() for _ in self._all]
        return self._view(self._desk.conversation(session_of(request), talk), request, find)

    def _on_new(self, request: gr.Request) -> list[Any]:
        if self._busy(request):
            return [gr.skip() for _ in self._all]
        return self._view(self._desk.begin(), request)

    def _on_clear(self, request: gr.Request) -> list[Any]:
        self._desk.stop(request.session_hash or "")
        view = self._desk.clear(session_of(request))
        return [*self._view(view, request), *_asked(sure=False)]


_SENT = (
    '<p class="doing" role="status" hidden><span class="dots" aria-hidden="true"></span>'
    "已提交，正在排队…</p>"
)
_TOGGLE = (
    '<button type="button" id="history-open" aria-expanded="false" '
    'aria-controls="history-body">提过的问题</button>'
)


def _seat(request: gr.Request) -> Seat:
    return Seat(session_of(request), request.session_hash or "")


def _asked(*, sure: bool) -> list[Any]:
    """Whether the buttons that ask for certainty are shown in place of the one that clears."""
    return [gr.update(visible=not sure), gr.update(visible=sure), gr.update(visible=sure)]
