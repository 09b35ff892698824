"""A browser on the page, for tests: everything it asks the network for is kept and judged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.assistant.app_server import Running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT = 120_000  # milliseconds: the longest anything may take on a machine shared with others


@contextmanager
def launched(*arguments: str) -> Iterator[Browser]:
    """Headless Chromium, every expectation of it waiting up to `WAIT`; skips where none is."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments]
        )
        yield browser
        browser.close()


@contextmanager
def profile(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A new browser profile, in which every action waits up to `WAIT`."""
    context = browser.new_context(**{"locale": "en-US", **options})
    context.set_default_timeout(WAIT)
    yield context
    context.close()


class Visit:
    """One browser profile on the page, with everything it asked the network for."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)
        expect(self.page.locator(".masthead")).to_be_visible()

    def ask(self, question: str) -> None:
        self.page.fill("#box textarea", question)
        self.page.keyboard.press("Enter")

    def finished(self, count: int) -> None:
        expect(self.page.locator("#past .exchange")).to_have_count(count)
        expect(self.page.get_by_role("button", name="发送")).to_be_visible()

    def open_library(self) -> None:
        tab = self.page.get_by_role("tab", name="资料库")
        menu = self.page.get_by_role("button", name="更多标签页")
        expect(tab.or_(menu).first).to_be_visible()  # the page may just have been loaded
        if not tab.is_visible():  # a narrow screen keeps the last tabs in a menu
            menu.click()
            tab = self.page.locator(".overflow-dropdown button", has_text="资料库")
        tab.click()
        expect(self.page.locator("#upload")).to_be_visible()

    def upload(self, *files: Path) -> None:
        self.page.set_input_files("#upload input[type=file]", [str(file) for file in files])


@contextmanager
def visiting(browser: Browser, server: Running) -> Iterator[Visit]:
    """A new profile on the page; afterwards nothing was asked of another machine."""
    with profile(browser) as context:
        visit = Visit(context, server.url)
        yield visit
    assert visit.errors == []
    assert [url for url in visit.requests if not is_local(url)] == []


def is_local(url: str) -> bool:
    return url.startswith(("data:", "blob:")) or urlsplit(url).hostname == "127.0.0.1"
