"""The tab 评测 / 关于: its components and wiring; `about.AboutDesk` does the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.about.desk import AboutDesk
from assistant.app.front.visitor import Visitor, visitor_of
from assistant.app.parts import Tab, html

__all__ = ["AboutTab"]


class AboutTab(Tab):
    """Health first, since it changes; then what is set up, the scores, versions."""

    def __init__(self, desk: AboutDesk) -> None:
        self._desk = desk
        with gr.Tab("评测 / 关于", id="about") as self.tab, gr.Column(elem_id="about"):
            self.health = html("about-health")
            self.again = gr.Button("重新检查", size="sm", elem_id="about-again")
            self.facts = html("about-facts")
            self.scores = html("about-scores")
            self.versions = html("about-versions")

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls; one examination runs at a time."""
        examining = {**options, "concurrency_limit": 1, "concurrency_id": "examine"}
        told = [self.facts, self.scores, self.versions]
        self.tab.select(self._on_open, None, told, **options)
        self.tab.select(self._on_health, None, self.health, **examining)
        self.again.click(self._on_again, None, self.health, **examining, trigger_mode="once")

    def _on_open(self, request: gr.Request) -> list[str]:
        visitor = _visitor(request)
        admin = visitor.may("admin")
        facts = self._desk.facts(admin=admin, login=bool(visitor.name))
        return [facts, self._desk.scores(admin=admin), self._desk.versions()]

    def _on_health(self, request: gr.Request) -> Iterator[str]:
        yield from self._desk.health(admin=_visitor(request).may("admin"))

    def _on_again(self, request: gr.Request) -> Iterator[str]:
        yield from self._desk.health(admin=_visitor(request).may("admin"), again=True)


def _visitor(request: gr.Request) -> Visitor:
    came = request.request
    if came is None:  # only outside a server
        raise PermissionError("no request")
    return visitor_of(came.scope)
