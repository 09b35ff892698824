"""The tab 简报: its components and wiring; `briefing.BriefDesk` does the work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.brief.desk import BriefDesk, BriefView, Form
from assistant.app.escaping import escape
from assistant.app.parts import Tab, html, only, session_of

__all__ = ["BriefTab"]


class BriefTab(Tab):
    """What to take in, the plan, the brief. Pieces asked for later come through `part`."""

    def __init__(self, desk: BriefDesk) -> None:
        self._desk = desk
        script = (Path(__file__).parent / "brief.js").read_text("utf-8")
        with gr.Tab("简报", id="brief") as self.tab, gr.Column(elem_id="brief"):
            self._build_form()
            self.problem = html("brief-problem")
            self.state = html("brief-state")
            self.page = html("brief-page", js_on_load=script)
            self.part = html("brief-part")
            self.shown = gr.State("")  # the brief this page has drawn
            self.names = gr.State(())  # the bureaus that can be picked now
            self.timer = gr.Timer(1.0, active=False)

    def _build_form(self) -> None:
        with gr.Column(elem_id="brief-form"):
            with gr.Row(elem_classes="choices"):
                self.year = gr.Dropdown(
                    choices=[("最新年度", "")], value="", label="年度", elem_id="brief-year"
                )
                self.engine = gr.Dropdown(label="引擎", elem_id="brief-engine")
                self.title = gr.Textbox(
                    label="标题（可不填）",
                    placeholder="某年度法治政府建设情况报告汇总简报",
                    max_length=80,
                    elem_id="brief-title",
                )
                self.cap = gr.Number(
                    label="词元上限（可不填）",
                    precision=0,
                    minimum=0,
                    value=None,
                    visible=False,
                    elem_id="brief-cap",
                )
            with gr.Accordion("应报送单位", open=False, elem_id="brief-orgs") as self.fold:
                with gr.Row(elem_classes="picks"):
                    self.every = gr.Button("全选", size="sm", elem_id="brief-every")
                    self.none = gr.Button("全不选", size="sm", elem_id="brief-none")
                self.orgs = gr.CheckboxGroup(
                    label="单位", show_label=False, container=False, elem_id="brief-list"
                )
                self.others = gr.Textbox(
                    label="资料库里没有、但应报送的单位（用逗号隔开，列为未报送）",
                    max_length=2000,
                    elem_id="brief-others",
                )
            with gr.Row(elem_id="brief-go"):
                self.plan = html("brief-plan")
                self.start = gr.Button("开始汇总", variant="primary", elem_id="brief-start")
                self.stop = gr.Button("停止", visible=False, elem_id="brief-stop")

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls; a plan with a model reads reports, so few are made at a time."""
        planning = {**options, "concurrency_limit": 2, "concurrency_id": "brief-plan"}
        view = [self.problem, self.state, self.page, self.timer, self.start, self.stop, self.shown]
        choices = [self.year, self.engine, self.orgs, self.names]
        form = [self.year, self.orgs, self.others, self.title, self.engine, self.cap]
        planned = [self.plan, self.fold, self.cap]
        self.tab.select(
            self._on_open, [self.year, self.orgs, self.names, self.engine], choices, **options
        ).then(self._on_plan, [*form, self.names], planned, **planning)
        self.tab.select(self._on_look, self.shown, view, **options)
        self.year.input(
            self._on_year, [self.year, self.orgs, self.names], [self.orgs, self.names], **options
        ).then(self._on_plan, [*form, self.names], planned, **planning)
        for event in (self.orgs.change, self.engine.input, self.others.blur, self.cap.blur):
            event(self._on_plan, [*form, self.names], planned, **planning)
        self.every.click(list, self.names, self.orgs, **options)
        self.none.click(lambda: [], None, self.orgs, **options)
        start = only("collector", self._on_start)
        self.start.click(start, [*form, self.shown], view, **options, trigger_mode="once")
        self.stop.click(self._on_stop, self.shown, view, **options)
        self.timer.tick(self._on_look, self.shown, view, **options)
        self.page.select(self._on_ask, None, self.part, **options)

    def _on_open(
        self, year: str | None, orgs: list[str] | None, names: tuple[str, ...], engine: str | None
    ) -> list[Any]:
        years, engines = self._desk.years(), self._desk.engines()
        year = year if year in [value for _, value in years] else ""
        kept = engine if engine in [name for _, name in engines] else self._desk.engine()
        return [
            gr.update(choices=years, value=year),
            gr.update(choices=engines, value=kept, interactive=len(engines) > 1),
            *self._on_year(year or "", orgs, names),
        ]

    def _on_year(
        self, year: str | None, orgs: list[str] | None, names: tuple[str, ...]
    ) -> list[Any]:
        """What can be picked; all stay picked where all were, otherwise those that were."""
        roster = self._desk.roster(year or "")
        before = set(orgs or ())
        every = before >= set(names)
        kept = [name for name in roster.names if every or name in before]
        return [gr.update(choices=list(roster.choices), value=kept), roster.names]

    def _on_plan(self, *values: Any) -> list[Any]:
        *chosen, names = values
        form = _form(chosen)
        count = f"全部 {len(names)} 个" if set(form.orgs) >= set(names) else f"{len(form.orgs)} 个"
        more = "，另有手工填写的" if form.others.strip() else ""
        label = f"应报送单位：{count}{more}（点开选择）"
        return [
            self._desk.plan(form),
            gr.update(label=label),
            gr.update(visible=form.engine != "extractive"),
        ]

    def _on_start(self, request: gr.Request, *values: Any) -> list[Any]:
        *chosen, shown = values
        session = session_of(request)
        problem = self._desk.start(session, _form(chosen))
        if problem:
            return [problem, *[gr.skip() for _ in range(6)]]
        return self._show(self._desk.view(session, shown), shown)

    def _on_stop(self, shown: str, request: gr.Request) -> list[Any]:
        self._desk.stop(session_of(request))
        return self._on_look(shown, request)

    def _on_look(self, shown: str, request: gr.Request) -> list[Any]:
        return self._show(self._desk.view(session_of(request), shown), shown)

    def _show(self, view: BriefView, shown: str) -> list[Any]:
        same = view.serial == shown and bool(shown)
        return [
            gr.skip() if not view.running else "",
            view.state,
            gr.skip() if same else view.page,
            gr.Timer(active=view.running),
            gr.update(visible=not view.running),
            gr.update(visible=view.running),
            view.serial,
        ]

    def _on_ask(self, event: gr.EventData, request: gr.Request) -> str:
        """A piece of the page, under the address that tells the script where it belongs."""
        session, asked, value = session_of(request), str(event.asked), str(event.value)
        if asked == "rows":
            block, piece = self._desk.rows(session, value)
            return f'<div data-kind="rows" data-for="{escape(block)}">{piece}</div>'
        at, first = value, "0"
        if asked == "more":
            at, _, first = value.rpartition(".")
        piece = self._desk.source(session, at, first)
        return f'<div data-kind="{escape(asked)}" data-for="{escape(at)}">{piece}</div>'


def _form(values: Sequence[Any]) -> Form:
    """What is chosen, from the values of the form in order; a cleared control has None."""
    year, orgs, others, title, engine, cap = values
    return Form(
        year or "", tuple(orgs or ()), others or "", title or "", engine or "extractive", cap
    )
