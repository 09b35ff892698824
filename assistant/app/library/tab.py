"""The tab 资料库: its components and wiring; `holdings.LibraryDesk` does the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr  # noqa: TID251 - one tab of the page

from assistant.app.library.desk import LibraryDesk
from assistant.app.library.looking import SHOWN, Look, opened, turned
from assistant.app.parts import Tab, html, only, session_of

__all__ = ["LibraryTab"]

_FORMATS = (
    '<p class="formats">支持 Word（.docx）、文字版 PDF、网页、文本和 zip，可一次选多个；'
    "同一单位同一年度的新文件会替换旧文件。</p>"
)
_EVERY = "全部年度"
# A link that appears is followed at once: the press on 下载 was the user's.
_FETCH_JS = 'watch("value", () => element.querySelector("a")?.click());'


class LibraryTab(Tab):
    """Uploads above, the table of reports below; the page's `headline` follows what is held."""

    def __init__(self, desk: LibraryDesk, headline: gr.HTML, said: Callable[[], str]) -> None:
        self._desk = desk
        self._said = said
        self.headline = headline
        script = Path(__file__).with_name("library.js").read_text("utf-8")
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
            self._build_filters()
            self.absent = html("absent")
            self.notice = html("notice")
            self.table = html("reports", js_on_load=script)
            self.link = html("fetch", js_on_load=_FETCH_JS)
            self.look = gr.State(Look())
            self.timer = gr.Timer(1.0, active=False)
            self.seen = gr.State(-1)  # the newest change of the library this page has drawn

    def _build_filters(self) -> None:
        with gr.Row(elem_classes="filters", elem_id="library-filters"):
            self.words = gr.Textbox(
                label="搜索",
                placeholder="单位、标题或文件名",
                max_lines=1,
                max_length=100,
                elem_id="library-words",
            )
            self.year = gr.Dropdown(
                choices=[(_EVERY, "")], value="", label="年度", elem_id="library-year"
            )
            self.shown = gr.Dropdown(
                choices=[(name, key) for key, name in SHOWN.items()],
                value="",
                label="范围",
                elem_id="library-shown",
            )

    # -- what the components show

    @property
    def filled_at_load(self) -> list[Any]:
        """Components that follow the library and the intake."""
        return [
            self.intake, self.timer, self.headline, self.year, self.absent, self.table, self.seen,
        ]  # fmt: skip

    def on_load(self, request: gr.Request) -> list[Any]:
        """Values of `filled_at_load`."""
        return self._library(Look())

    def _library(self, look: Look) -> list[Any]:
        standing = self._desk.standing()
        years = [(_EVERY, ""), *((year, year) for year in self._desk.years())]
        return [
            standing.progress,
            gr.Timer(active=standing.running),
            self._said(),
            gr.update(choices=years),
            self._desk.absent(look.year),
            self._desk.table(look),
            standing.changes,
        ]

    # -- events

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls."""
        drawn = self.filled_at_load
        self.tab.select(self._library, self.look, drawn, **options)
        self.timer.tick(self._on_tick, [self.look, self.seen], drawn, **options)
        found = [self.look, self.absent, self.table]
        filters: list[Any] = [self.words, self.year, self.shown]
        for control in filters:  # `input` would not hear an input method
            control.change(
                self._on_filter,
                [self.look, *filters],
                found,
                **options,
                trigger_mode="always_last",
            )
        self.table.select(
            self._on_press, self.look, [self.look, self.table, self.notice], **options
        )
        self.table.download(self._on_fetch, None, [self.link, self.notice], **options)
        self._wire_changes([self.notice, *drawn], options)

    def _wire_changes(self, told: list[Any], options: dict[str, Any]) -> None:
        """What changes the library; for collectors only."""
        changed = [self.look, *told]
        self.files.upload(
            only("collector", self._on_upload),
            [self.look, self.files],
            [self.files, *told[1:]],
            **options,
        )
        self.table.apply(only("collector", self._on_correct), self.look, changed, **options)
        self.table.upload(only("collector", self._on_replace), self.look, changed, **options)
        self.table.delete(only("collector", self._on_delete), self.look, changed, **options)

    def _on_upload(self, look: Look, files: list[str] | None, request: gr.Request) -> list[Any]:
        self._desk.upload(session_of(request), files or [])
        return [None, *self._library(look)]

    def _on_tick(self, look: Look, seen: int) -> list[Any]:
        standing = self._desk.standing()
        if standing.changes == seen and standing.running:
            return [standing.progress, *[gr.skip()] * 5, seen]
        values = self._library(look)
        if look.panel in {"correct", "replace", "delete"}:
            values[5] = gr.skip()  # what is being typed stays
        return values

    def _on_filter(self, look: Look, words: str, year: str, shown: str) -> list[Any]:
        look = replace(
            look, words=words or "", year=year or "", shown=shown or "", page=0, row="", panel=""
        )
        return [look, self._desk.absent(look.year), self._desk.table(look)]

    def _on_press(self, look: Look, event: gr.EventData) -> list[Any]:
        asked, value = str(event.asked), str(event.value)
        if asked == "panel":
            look = opened(look, str(event.id), value)
        else:
            look = turned(look, asked, value)
        return [look, self._desk.table(look), ""]

    def _on_fetch(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        address, told = self._desk.original(session_of(request), str(event.id))
        link = f'<a href="{address}" download>下载</a>' if address else ""
        return [link, told]

    def _on_correct(self, look: Look, event: gr.EventData, request: gr.Request) -> list[Any]:
        look = replace(look, row=str(event.id), panel="correct")
        session = session_of(request)
        look, told = self._desk.correct(session, look, str(event.org), str(event.year))
        return [look, told, *self._library(look)]

    def _on_replace(self, look: Look, event: gr.EventData, request: gr.Request) -> list[Any]:
        session, sure = session_of(request), bool(event.sure)
        told = self._desk.replace(session, str(event.id), str(event.path), sure=sure)
        look = replace(look, row="", panel="")
        return [look, told, *self._library(look)]

    def _on_delete(self, look: Look, event: gr.EventData, request: gr.Request) -> list[Any]:
        told = self._desk.delete(session_of(request), str(event.id))
        look = replace(look, row="", panel="")
        return [look, told, *self._library(look)]
