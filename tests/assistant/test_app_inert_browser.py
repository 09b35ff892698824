"""Words of an error message are words: no script of a name or a file runs, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import Visit, visiting
from tests.assistant.test_app_crowd import library

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

IMAGE = "<img src=http://evil.example/b onerror=window.hacked=1>"
SCRIPT = "<script>window.hacked=2</script>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(library(tmp_path_factory.mktemp("inert") / "home")) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    with visiting(browser, server) as visit:  # fails when anything was fetched from elsewhere
        yield visit
        assert visit.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("hostile", [IMAGE, SCRIPT])
def test_a_bureau_nobody_has_is_named_in_the_error(visit: Visit, hostile: str) -> None:
    visit.page.locator("#orgs input").fill(hostile)
    visit.page.keyboard.press("Enter")
    visit.ask("立案多少件？")
    failed = visit.page.locator("#past .failed")
    expect(failed).to_contain_text(hostile)
    expect(failed.locator("img, script")).to_have_count(0)


def test_a_file_that_cannot_be_read_is_named_in_the_error(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / f"坏{IMAGE.replace('/', '_')}.docx"
    path.write_bytes(b"PK\x03\x04 no document")
    visit.open_library()
    visit.upload(path)
    told = visit.page.get_by_text("onerror=window.hacked=1").first
    expect(told).to_be_visible()
    expect(visit.page.locator("img[onerror]")).to_have_count(0)
