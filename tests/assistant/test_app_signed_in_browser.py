"""Signing in and out in headless Chromium, and what each role is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.assistant.app_server import Running, running
from tests.assistant.app_visit import is_local, profile
from tests.assistant.page_client import WORD, add_users
from tests.assistant.test_app_crowd import library

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


Profiles = Callable[..., BrowserContext]


@pytest.fixture
def profiles(browser: Browser) -> Iterator[Profiles]:
    """Makes new browser profiles."""
    with ExitStack() as opened:
        yield lambda **options: opened.enter_context(profile(browser, **options))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = library(tmp_path_factory.mktemp("signed-in") / "home")
    add_users(home, 周写="writer", 钱收="collector")
    with running(home) as server:
        yield server


def enter(page: Page, name: str, word: str = WORD) -> None:
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(word)
    page.get_by_role("button", name="登录").click()


def test_in_and_out(profiles: Profiles, server: Running, tmp_path: Path) -> None:
    context = profiles()
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.screenshot(path=tmp_path / "login.png")
    enter(page, "周写", "不是这个密码呀")
    expect(page.get_by_role("alert")).to_have_text("用户名或密码不对。")
    expect(page.get_by_label("用户名")).to_have_value("周写")
    page.screenshot(path=tmp_path / "wrong.png")
    enter(page, "周写")
    expect(page.locator(".masthead")).to_be_visible()
    expect(page.locator(".signed-in")).to_contain_text("周写")
    page.screenshot(path=tmp_path / "page.png")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()  # nothing kept to look at
    assert [url for url in requests if not is_local(url)] == []


def test_it_works_without_script_on_a_phone_and_in_the_dark(
    profiles: Profiles, server: Running, tmp_path: Path
) -> None:
    context = profiles(
        java_script_enabled=False, color_scheme="dark", viewport={"width": 390, "height": 760}
    )
    page = context.new_page()
    page.goto(server.url + "/login")
    width = page.locator("main").bounding_box()
    assert width is not None
    assert width["x"] >= 0
    assert width["x"] + width["width"] <= 390
    page.screenshot(path=tmp_path / "login-390-dark.png")
    enter(page, "钱收")
    expect(page.locator(".signed-in")).to_contain_text("钱收")


@pytest.mark.parametrize(("name", "offered"), [("周写", False), ("钱收", True)])
def test_a_role_is_offered_what_it_may_do(
    profiles: Profiles, server: Running, tmp_path: Path, name: str, offered: bool
) -> None:
    context = profiles(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(server.url)
    enter(page, name)
    page.get_by_role("tab", name="资料库").click()
    expect(page.locator("#reports")).to_contain_text("青禾县水务局")
    page.screenshot(path=tmp_path / "library.png")
    expect(page.locator("#upload")).to_be_visible(visible=offered)
    for panel in ("correct", "replace", "delete"):
        expect(page.locator(f"#reports [data-panel={panel}]")).to_be_visible(visible=offered)
    expect(page.get_by_role("tab", name="简报")).to_be_visible(visible=offered)
    page.set_viewport_size({"width": 390, "height": 800})
    page.screenshot(path=tmp_path / "library-390.png")
    page.locator(".overflow-menu > button").click()
    page.screenshot(path=tmp_path / "menu-390.png")
    menu = page.locator(".overflow-dropdown")
    expect(menu.get_by_text("台账")).to_be_visible()
    expect(menu.get_by_text("简报")).to_be_visible(visible=offered)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_login_that_ended_is_said_and_the_page_stays(
    profiles: Profiles, server: Running, tmp_path: Path
) -> None:
    context = profiles()
    page = context.new_page()
    page.goto(server.url)
    enter(page, "钱收")
    expect(page.locator("#box textarea")).to_be_visible()
    context.clear_cookies()
    page.fill("#box textarea", "水务局立案多少件？")
    page.keyboard.press("Enter")
    expect(page.locator(".signed-out")).to_contain_text("登录已失效")
    page.screenshot(path=tmp_path / "ended.png")
    with context.expect_page() as opened:
        page.get_by_role("link", name="在新窗口重新登录").click()
    enter(opened.value, "钱收")
    expect(opened.value.locator(".signed-in")).to_contain_text("钱收")


@pytest.mark.parametrize(("name", "told"), [("周写", "请联系收集人"), ("钱收", "拖到上面")])
def test_an_empty_library_tells_each_role_what_it_can_do(
    profiles: Profiles, tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "home").mkdir()
    add_users(tmp_path / "home", 周写="writer", 钱收="collector")
    context = profiles()
    page = context.new_page()
    with running(tmp_path / "home") as server:
        page.goto(server.url)
        enter(page, name)
        page.get_by_role("tab", name="资料库").click()
        shown = page.locator("#reports .empty p:visible")
        expect(shown).to_have_count(2)
        expect(shown.last).to_contain_text(told)
        for tab in ("问答", "起草", "台账"):
            page.get_by_role("tab", name=tab).click()
            advice = page.locator(".empty p:not(.big):visible")
            expect(advice).to_have_count(1)
            expect(advice).to_contain_text("收集人" if name == "周写" else "资料库")
