"""The tab 台账: its components and wiring; `desk.LedgerDesk` does the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.choices import Choices
from assistant.app.ledger.desk import LedgerDesk, LedgerView, Query, turned
from assistant.app.parts import Tab, html, picker, session_of

__all__ = ["LedgerTab"]

_EVERY = "全部指标"
# Passes what was pressed in the grid, a header or a page's button, as the event's data.
_PRESS_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sort], [data-page]");
  if (!button) return;
  const { sort, page } = button.dataset;
  trigger("select", sort ? { asked: "sort", value: sort } : { asked: "page", value: page });
});
"""
# A press on a bar shows where its value comes from, and hides what another one showed.
_BARS_JS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button.bar-of");
  if (!button) return;
  for (const other of element.querySelectorAll("button.bar-of")) {
    const source = element.querySelector("#" + other.getAttribute("aria-controls"));
    const open = other === button && source.hidden;
    source.hidden = !open;
    other.setAttribute("aria-expanded", String(open));
  }
});
"""


class LedgerTab(Tab):
    """Filters above, then the comparison, then the grid. `choices` says what can be picked."""

    def __init__(self, desk: LedgerDesk, choices: Callable[[], Choices]) -> None:
        self._desk = desk
        self._choices = choices
        with gr.Tab("台账", id="ledger") as self.tab, gr.Column(elem_id="ledger"):
            with gr.Row(elem_classes="filters"):
                self.indicator = picker("指标", "ledger-indicator", _EVERY)
                self.orgs = picker("单位", "ledger-orgs")
                self.years = picker("年度", "ledger-years")
            self.bars = html("bars", js_on_load=_BARS_JS)
            self.head = html("grid-head")
            self.grid = html("grid", js_on_load=_PRESS_JS)
            self.query = gr.State(Query())

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls."""
        shown = [self.query, self.bars, self.head, self.grid]
        filters = [self.indicator, self.orgs, self.years]

        def opened(query: Query, request: gr.Request) -> list[Any]:
            held = self._choices()
            return [
                gr.update(choices=[(_EVERY, ""), *self._desk.indicators()]),
                gr.update(choices=list(held.orgs)),
                gr.update(choices=list(held.years)),
                *self._show(query, request),
            ]

        self.tab.select(opened, self.query, [*filters, *shown], **options)
        for control in filters:
            control.change(self._on_filter, filters, shown, **options)
        self.grid.select(self._on_press, self.query, [self.query, self.grid], **options)

    def _on_filter(
        self,
        indicator: str | None,
        orgs: list[str] | None,
        years: list[str] | None,
        request: gr.Request,
    ) -> list[Any]:
        query = Query(tuple(orgs or ()), tuple(years or ()), indicator or "")
        return self._show(query, request)

    def _on_press(self, query: Query, event: gr.EventData) -> list[Any]:
        query = turned(query, str(event.asked), str(event.value))
        return [query, self._desk.grid(query)]

    def _show(self, query: Query, request: gr.Request) -> list[Any]:
        view: LedgerView = self._desk.view(session_of(request), query)
        return [query, view.bars, view.head, view.grid]
