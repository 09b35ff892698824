"""The page: its tabs in order, what fills them when it is opened, and where it is mounted.

A tab is a class of its own module, made here in one line; see `parts.Tab`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr  # noqa: TID251 - this module is the page
from fastapi import FastAPI

from assistant.app.about.desk import AboutDesk
from assistant.app.about.tab import AboutTab
from assistant.app.ask.tab import AskTab
from assistant.app.brief.desk import BriefDesk
from assistant.app.brief.tab import BriefTab
from assistant.app.check.desk import CheckDesk
from assistant.app.check.tab import CheckTab
from assistant.app.choices import choices_of
from assistant.app.draft.desk import DraftDesk
from assistant.app.draft.tab import DraftTab
from assistant.app.handlers import Desk
from assistant.app.ledger.desk import LedgerDesk
from assistant.app.ledger.tab import LedgerTab
from assistant.app.library.tab import LibraryTab
from assistant.app.parts import Tab, html
from assistant.app.theme import theme

__all__ = ["build", "mount"]

# Pages whose state is kept, 0.3 MB and more each; what was picked on the longest unused is lost.
_PAGES = 200

_STYLES = (
    "style.css",
    "ask/ask.css",
    "draft/draft.css",
    "ledger/ledger.css",
    "check/check.css",
    "brief/brief.css",
    "library/library.css",
    "about/about.css",
    "front/signed_in.css",
)


def mount(app: FastAPI, desk: Desk, max_upload: int) -> Callable[[], list[str]]:
    """Put the page at / of `app`; `max_upload` in bytes a file.

    Returns what tells the number of the page of every event that waits or runs.
    """
    folder = Path(__file__).parent
    blocks = build(desk)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=max_upload,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        theme=theme(),
        css_paths=[folder / name for name in _STYLES],
    )
    return partial(_under_way, blocks)


def _under_way(blocks: gr.Blocks) -> list[str]:
    queue = blocks._queue
    waiting = [
        event for line in queue.event_queue_per_concurrency_id.values() for event in line.queue
    ]
    running = [event for job in queue.active_jobs for event in job or ()]
    return [event.session_hash or "" for event in (*waiting, *running)]


def build(desk: Desk) -> gr.Blocks:
    """The page as Gradio blocks."""
    blocks: gr.Blocks
    with gr.Blocks(
        title="法治报告助手", analytics_enabled=False, delete_cache=(3600, 3600)
    ) as blocks:
        headline = html("headline")
        with gr.Tabs(elem_id="tabs"):
            _wire(blocks, _tabs(desk, headline))
    blocks.state_session_capacity = _PAGES
    # The page tells nobody his place in the queue, so it is not counted out at every turn.
    blocks.queue(max_size=256, api_open=False, status_update_rate=60)
    return blocks


def _tabs(desk: Desk, headline: gr.HTML) -> list[Tab]:
    """The tabs, laid out in this order."""
    brief = BriefDesk(desk.services, desk.downloads)
    drafts = DraftDesk(desk.services, desk.downloads)
    desk.ending += [brief.close, drafts.close]
    choices = partial(choices_of, desk.services.store)
    return [
        AskTab(desk.talk, choices),
        DraftTab(drafts),
        BriefTab(brief),
        CheckTab(CheckDesk(desk.services, desk.downloads)),
        LedgerTab(LedgerDesk(desk.services, desk.downloads), choices),
        LibraryTab(desk.library, headline, desk.headline),
        AboutTab(AboutDesk(desk.services)),
    ]


def _wire(blocks: gr.Blocks, tabs: list[Tab]) -> None:
    options: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "concurrency_limit": 16,
    }
    for tab in tabs:
        tab.wire(options)
        if filled := tab.filled_at_load:
            blocks.load(tab.on_load, None, filled, **options)
