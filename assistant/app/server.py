"""`fazhi serve`: owns the data folder and answers on loopback until stopped."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.app.handlers import Desk
    from assistant.build import Services

__all__ = ["ServeError", "create_app", "open_desk", "serve"]

_LOOPBACK = {"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6}
_HOSTS = frozenset(_LOOPBACK)
MAX_UPLOAD = 200 * 1024 * 1024  # bytes a file; a zip of several hundred reports stays below


class ServeError(AssistantError):
    """The page cannot be served at the address asked for."""


def serve(host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page at http://`host`:`port` until Ctrl-C or SIGTERM.

    Raises ServeError for a foreign host or a port in use, LockedError when another process owns
    the data folder.
    """
    import uvicorn

    from assistant.build import own_services

    with _bound(host, port) as listener, own_services(command="fazhi serve") as services:
        _quiet_gradio(services.settings.folder / "uploads")
        with open_desk(services) as desk:
            app = create_app(desk)
            shown = f"[{host}]" if ":" in host else host
            print(f"法治报告助手已打开：http://{shown}:{port}  （按 Ctrl-C 停止）", flush=True)
            config = uvicorn.Config(
                app, log_level="warning", timeout_graceful_shutdown=3, server_header=False
            )
            # uvicorn raises the signal again once it has shut down; ours must still run after that
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with suppress(KeyboardInterrupt):
                uvicorn.Server(config).run(sockets=[listener])
            print("正在停止…", flush=True)


@contextmanager
def open_desk(services: Services) -> Iterator[Desk]:
    """The page's functions with the intake running; what a crash left half uploaded is removed."""
    from assistant.app.handlers import Desk
    from assistant.app.history import Histories
    from assistant.app.intake import Intake

    folder = services.settings.folder
    uploads = folder / "uploads"
    shutil.rmtree(uploads, ignore_errors=True)
    uploads.mkdir(mode=0o700, parents=True)
    _ = services.lexicon, services.embedder, services.retriever  # once, before threads share them
    histories = Histories(folder / "sessions")
    intake = Intake(services, uploads, histories)
    desk = Desk(services, histories, intake)
    histories.follow(services.store)
    intake.start()
    try:
        yield desk
    finally:
        intake.stop()
        shutil.rmtree(uploads, ignore_errors=True)


def create_app(desk: Desk) -> FastAPI:
    """The web application: the page at /, the API under /api/v1, and GET /healthz."""
    from fastapi import FastAPI

    from assistant.app import api, downloads
    from assistant.app.door import COOKIE, Door
    from assistant.app.page import mount

    app = FastAPI(title="法治报告助手", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def health() -> dict[str, object]:
        return {
            "status": "ok",
            "version": version("fazhi-assistant"),
            "reports": len(desk.services.store.reports()),
            "busy": desk.intake.snapshot().running,
        }

    downloads.mount(app, desk.downloads, COOKIE)
    api.mount(app, desk.services)
    mount(app, desk, MAX_UPLOAD)
    app.add_middleware(Door, hosts=_HOSTS)
    return app


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket, bound before anything heavy is loaded."""
    if host not in _LOOPBACK:
        raise ServeError(
            f"不能在 {host} 上打开网页：目前没有登录功能，只允许本机访问。",
            "请使用 --host 127.0.0.1。",
        )
    listener = socket.socket(_LOOPBACK[host], socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            used = error.errno == errno.EADDRINUSE
            why = "已被其他程序占用" if used else f"不能使用（{error.strerror}）"
            raise ServeError(
                f"端口 {port} {why}。", f"换一个端口：fazhi serve --port {port + 1}"
            ) from error
        yield listener
    finally:
        listener.close()


def _quiet_gradio(uploads: Path) -> None:
    """Set what Gradio reads from the environment on import, so that nothing leaves the machine."""
    os.environ.update(
        {
            "GRADIO_ANALYTICS_ENABLED": "False",
            "GRADIO_SHARE": "False",
            "GRADIO_RUN_HISTORY": "False",
            "GRADIO_MCP_SERVER": "False",
            "GRADIO_SSR_MODE": "False",
            "GRADIO_TEMP_DIR": str(uploads),
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
    )
