"""The tab 起草: its components and wiring; `drafting.DraftDesk` does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.draft.desk import KINDS, MAX_NOTES, DraftDesk
from assistant.app.draft.page import DraftPage, DraftView
from assistant.app.draft.work import Order
from assistant.app.parts import Tab, html, session_of

__all__ = ["DraftTab"]

_NOTES_HINT = (
    "一件事写一段，可用“# 小标题”分开，例如：\n- 新增执法人员2名，全部取得执法证件。\n"
    "# 明年打算\n- 举办法治培训不少于15场。"
)


class DraftTab(Tab):
    """What to draft, then figures and notes, then the draft beside what is still open."""

    def __init__(self, desk: DraftDesk) -> None:
        self._desk = desk
        self._page = DraftPage(desk)
        with gr.Tab("起草", id="draft") as self.tab, gr.Column(elem_id="draft"):
            with gr.Row(elem_classes="filters", elem_id="draft-target"):
                self.org = _choice("单位", "draft-org")
                self.year = _choice("年度", "draft-year")
                self.kind = _choice("文种", "draft-kind", [(n, k) for k, n in KINDS.items()])
            self.about = html("draft-about")
            with gr.Column(visible=False, elem_id="draft-inputs") as self.inputs:
                self._build_inputs()
            self.state = html("draft-state")
            with gr.Row(elem_id="draft-result"):
                script = (Path(__file__).parent / "draft.js").read_text("utf-8")
                self.side = html("draft-side", js_on_load=script)
                self.paper = html("draft-paper", js_on_load=script)
            self.timer = gr.Timer(0.8, active=False)
            self.seen = gr.State(-1)  # the newest change of the draft this page has drawn

    def _build_inputs(self) -> None:
        script = (Path(__file__).parent / "draft.js").read_text("utf-8")
        with gr.Accordion("本年数字", elem_id="draft-figures"):
            self.sheet_file = gr.UploadButton("上传填好的表", size="sm", elem_id="draft-sheet-file")
            self.grid = html("draft-grid", js_on_load=script)
        with gr.Accordion("工作素材（可不填）", open=False, elem_id="draft-material"):
            self.notes_file = gr.UploadButton("从文件读入", size="sm", elem_id="draft-notes-file")
            self.notes = gr.Textbox(
                label="工作素材",
                show_label=False,
                container=False,
                lines=6,
                max_lines=16,
                max_length=MAX_NOTES,
                placeholder=_NOTES_HINT,
                elem_id="draft-notes",
            )
        with gr.Row(elem_id="draft-go"):
            self.engine = gr.Radio(
                self._desk.engines(), label="写法", container=False, elem_id="draft-engine"
            )
            self.peers = gr.Checkbox(
                label="附上其他单位的做法供参考", container=False, elem_id="draft-peers"
            )
            self.start = gr.Button("生成", variant="primary", elem_id="draft-start")
            self.stop = gr.Button("停止", visible=False, elem_id="draft-stop")

    # -- what the components show

    @property
    def _controls(self) -> list[Any]:
        return [self.org, self.year, self.kind, self.notes, self.peers, self.engine]

    @property
    def _drawn(self) -> list[Any]:
        return [
            self.about,
            self.inputs,
            self.grid,
            self.state,
            self.side,
            self.paper,
            self.start,
            self.stop,
            self.timer,
            self.seen,
        ]

    @property
    def filled_at_load(self) -> list[Any]:
        """Controls and everything drawn."""
        return [*self._controls, *self._drawn]

    def on_load(self, request: gr.Request) -> list[Any]:
        """Values of `filled_at_load`: a draft is there again after a refresh."""
        return [*self._set_up(request), *self._view(request)]

    def _set_up(self, request: gr.Request) -> list[Any]:
        setup = self._desk.setup(session_of(request))
        target = setup.target
        return [
            gr.update(
                choices=setup.orgs if target else [("请选择单位", ""), *setup.orgs],
                value=target.org if target else "",
            ),
            gr.update(choices=list(setup.years), value=f"{target.year}年" if target else None),
            target.kind if target else "report",
            setup.notes,
            setup.peers,
            setup.engine,
        ]

    def _view(self, request: gr.Request) -> list[Any]:
        view: DraftView = self._page.view(session_of(request))
        return [
            view.about,
            gr.update(visible=bool(view.grid)),
            view.grid,
            view.state,
            view.side,
            view.paper,
            gr.update(visible=not view.running),
            gr.update(visible=view.running),
            gr.Timer(active=view.running),
            view.changes,
        ]

    # -- events

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls; what is written runs in threads of the desk, nothing waits here."""
        mine = {**options, "concurrency_id": "draft", "concurrency_limit": 8}
        everything = self.filled_at_load
        target = [self.org, self.year, self.kind]
        self.tab.select(self._on_open, target, everything, **mine)
        self.notes.blur(self._on_jot, self.notes, None, **mine)
        for control in target:
            control.input(self._on_choose, target, everything, **mine, trigger_mode="always_last")
        for place in (self.grid, self.side, self.paper):
            # every box counts, also one left while the one before is on its way
            place.select(self._on_act, None, self._drawn, **mine, trigger_mode="multiple")
        self.sheet_file.upload(self._on_sheet, self.sheet_file, self._drawn, **mine)
        self.notes_file.upload(self._on_notes, self.notes_file, [self.notes, *self._drawn], **mine)
        self.start.click(self._on_start, {*self._controls}, self._drawn, **mine)
        self.stop.click(self._on_stop, None, self._drawn, **mine)
        self.timer.tick(self._on_tick, self.seen, self._drawn, **mine)

    def _on_open(
        self, org: str | None, year: str | None, kind: str | None, request: gr.Request
    ) -> list[Any]:
        """Everything as at load; what is being typed for the draft shown stays."""
        values = self.on_load(request)
        target = self._desk.setup(session_of(request)).target
        if target and (org, year, kind) == (target.org, f"{target.year}年", target.kind):
            values[3:6] = [gr.skip() for _ in range(3)]
        return values

    def _on_jot(self, notes: str | None, request: gr.Request) -> None:
        self._desk.jot(session_of(request), notes or "")

    def _on_choose(
        self, org: str | None, year: str | None, kind: str | None, request: gr.Request
    ) -> list[Any]:
        self._desk.choose(session_of(request), org or "", year or "", kind or "report")
        return self.on_load(request)

    def _on_act(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        said = (str(event.act), str(event.row), str(event.name), str(event.text))
        place = (request.session_hash or "", str(event.row), str(event.name))
        order = Order(place, int(getattr(event, "serial", 0)))
        self._desk.act(session_of(request), *said, order=order)
        return self._view(request)

    def _on_sheet(self, file: str, request: gr.Request) -> list[Any]:
        self._desk.load_sheet(session_of(request), file)
        return self._view(request)

    def _on_notes(self, file: str, request: gr.Request) -> list[Any]:
        text = self._desk.load_notes(session_of(request), file)
        return [gr.skip() if text is None else text, *self._view(request)]

    def _on_start(self, shown: dict[Any, Any], request: gr.Request) -> list[Any]:
        """Write what stands on the page, though word of a choice may still be on its way."""
        session = session_of(request)
        org, year, kind = (shown[control] or "" for control in (self.org, self.year, self.kind))
        self._desk.choose(session, org, year, kind or "report")
        notes, engine = shown[self.notes] or "", shown[self.engine] or ""
        self._desk.start(session, notes, bool(shown[self.peers]), engine)
        return self._view(request)

    def _on_stop(self, request: gr.Request) -> list[Any]:
        self._desk.stop(session_of(request))
        return self._view(request)

    def _on_tick(self, seen: int, request: gr.Request) -> list[Any]:
        if self._page.changes(session_of(request)) == seen:
            return [gr.skip() for _ in self._drawn]
        return self._view(request)


def _choice(label: str, name: str, choices: list[tuple[str, str]] | None = None) -> gr.Dropdown:
    """A list to pick one from; a name or year may also be typed."""
    return gr.Dropdown(
        choices=choices or [],
        value=choices[0][1] if choices else None,
        allow_custom_value=choices is None,
        label=label,
        elem_id=name,
        scale=1,
    )
