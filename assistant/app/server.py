"""`fazhi serve`: owns the data folder and answers on loopback until stopped."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.app.serving import Address, ServeError
from assistant.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.app.handlers import Desk
    from assistant.build import Services
    from assistant.users import Users

__all__ = ["create_app", "open_desk", "serve"]

_GARBAGE = 20_000  # new objects before the youngest are looked through; Python's own is 700


def serve(address: Address | None = None, *, login: bool = False) -> None:
    """Serve the page at `address`, by default on this machine alone, until Ctrl-C or SIGTERM.

    Users must sign in when there are any, and with `login` in any case.
    Raises ServeError for an address others can reach without a login, a port in use or a bad
    certificate, UsersError for a users file that cannot be read, LockedError when another process
    owns the data folder.
    """
    from assistant.app import serving
    from assistant.build import own_services
    from assistant.users import Users

    address = address or Address()
    users = Users(Settings().folder)
    guarded = _needs_login(address, users, login)
    with serving.bound(address) as listener, own_services(command="fazhi serve") as services:
        _quiet_gradio(services.settings.folder / "uploads")
        with open_desk(services) as desk:
            app = create_app(desk, address, users if guarded else None)
            _settle()
            how = "需登录；" if guarded else ""
            print(f"法治报告助手已打开：{address.url}  （{how}按 Ctrl-C 停止）", flush=True)
            serving.run(app, address, listener, desk.close)
            print("正在停止…", flush=True)


def _needs_login(address: Address, users: Users, login: bool) -> bool:
    """Whether to ask for a login. Raises ServeError when one is needed and nobody could."""
    some = bool(users.all())
    if not some and not address.is_local:
        raise ServeError(
            f"不能在 {address.host} 上打开网页：还没有用户，其他电脑不登录就能看到全部内容。",
            "先用 fazhi users add 名字 --role admin 添加用户，或使用 --host 127.0.0.1。",
        )
    if login and not some:
        raise ServeError(
            "要求登录，但还没有用户。", "先用 fazhi users add 名字 --role admin 添加用户。"
        )
    return some


@contextmanager
def open_desk(services: Services) -> Iterator[Desk]:
    """The page's functions with the intake running; what a crash left half uploaded is removed.

    Files handed over but not yet read are kept for the next run.
    """
    from assistant.app.handlers import Desk
    from assistant.app.library.intake import Intake, tidy
    from assistant.conversations import FOLDER, Histories
    from assistant.users import Users

    folder = services.settings.folder
    uploads = folder / "uploads"
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    tidy(uploads)
    Users(folder).tidy()
    _ = services.lexicon, services.embedder, services.retriever  # once, before threads share them
    histories = Histories(folder / FOLDER)
    intake = Intake(services, uploads, histories)
    desk = Desk(services, histories, intake)
    histories.follow(services.store)
    intake.start()
    try:
        yield desk
    finally:
        intake.stop()
        tidy(uploads)


def create_app(desk: Desk, address: Address | None = None, users: Users | None = None) -> FastAPI:
    """The web application: the page at /, the API under /api/v1, and GET /healthz.

    With `users` one of them must sign in; /healthz then says no more than that all is well.
    """
    from fastapi import FastAPI

    from assistant.app import api, downloads
    from assistant.app.front.door import COOKIE, Door
    from assistant.app.front.limits import MAX_UPLOAD, Limits
    from assistant.app.front.login import Login
    from assistant.app.page import mount

    address = address or Address()
    app = FastAPI(title="法治报告助手", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def health() -> dict[str, object]:
        if users:
            return {"status": "ok"}
        return {
            "status": "ok",
            "version": version("fazhi-assistant"),
            "reports": len(desk.services.store.reports()),
            "busy": desk.intake.snapshot().running,
        }

    downloads.mount(app, desk.downloads, COOKIE)
    api.mount(app, desk.services)
    under_way = mount(app, desk, MAX_UPLOAD)
    login = None
    if users:
        audit = desk.services.audit
        audit.name_sessions(users.name_of)
        login = Login(users, audit, secure=address.secure)
    uploads = desk.services.settings.folder / "uploads"
    app.add_middleware(Limits, folder=uploads, under_way=under_way)
    app.add_middleware(Door, hosts=address.hosts, login=login, any_address=address.any_address)
    return app


def _settle() -> None:
    """Take what was loaded for good out of the garbage collector's sight.

    Looking through it again and again took a seventh of the processor time of many questions.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE)


def _quiet_gradio(uploads: Path) -> None:
    """Before Gradio is imported: nothing leaves the machine, nothing is done for nobody."""
    os.environ.update(
        {
            "GRADIO_ANALYTICS_ENABLED": "False",
            "GRADIO_SHARE": "False",
            "GRADIO_RUN_HISTORY": "False",
            "GRADIO_MCP_SERVER": "False",
            "GRADIO_SSR_MODE": "False",
            # after every event a table of the last so many was summed up, for nobody
            "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(sys.maxsize),
            "GRADIO_ANALYTICS_MAX_EVENTS": "1",
            "GRADIO_TEMP_DIR": str(uploads),
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
    )
    sys.modules.setdefault("matplotlib", None)  # type: ignore[arg-type]  # sought at every call
