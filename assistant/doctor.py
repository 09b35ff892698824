"""`fazhi doctor`: what is configured, what works, and what would leave this machine."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from assistant.addresses import host_of, is_here
from assistant.settings import Settings, check_engine
from vectorstore.errors import PlainError

__all__ = ["Check", "Examination", "examine"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its name, whether it works, and a sentence of detail."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Examination:
    """Every check, and each kind of content the settings would send elsewhere."""

    checks: tuple[Check, ...]
    leaves_machine: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing that is configured fails."""
        return all(check.ok for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """The document of `fazhi doctor --json`."""
        return {
            "ok": self.ok,
            "version": version("fazhi-assistant"),
            "checks": [asdict(check) for check in self.checks],
            "leaves_machine": list(self.leaves_machine),
        }


def examine(settings: Settings) -> Examination:
    """Run every check; a failing one is reported, never raised."""
    probes: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("程序", _program),
        ("资料库", _library),
        ("占用", _owner),
        ("指标词表", _lexicon),
        ("向量模型", _embedder),
        ("本机模型", _local_model),
        ("回答引擎", _engine),
    )
    return Examination(tuple(_probe(name, f, settings) for name, f in probes), _leaves(settings))


def _probe(name: str, probe: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(name, True, probe(settings))
    except PlainError as error:
        return Check(name, False, f"{error} {error.hint}".strip())


def _program(_: Settings) -> str:
    own = version("fazhi-assistant")
    return f"fazhi {own}，Python {platform.python_version()}，{platform.system()}"


def _library(settings: Settings) -> str:
    from assistant.build import open_services

    with open_services(settings) as services:
        reports = len(services.store.reports())
        chunks = services.store.chunk_count()
        waiting = services.store.pending_count(services.embedder.name)
    state = f"，{waiting} 段待建语义索引（运行 fazhi ingest 继续）" if waiting else ""
    return f"{settings.folder}，{reports} 份报告，{chunks} 段{state}"


def _owner(settings: Settings) -> str:
    from vectorstore.errors import LockedError
    from vectorstore.lock import OwnerLock

    try:
        with OwnerLock(settings.folder, "fazhi doctor"):
            return "空闲，可以导入"
    except LockedError as held:
        return f"{held}此时可提问检索，不能导入删除。"


def _lexicon(settings: Settings) -> str:
    from vectorstore.indicators import load_lexicon

    load_lexicon(settings.indicators)
    return f"内置词表和 {settings.indicators.name}" if settings.indicators else "内置词表"


def _embedder(settings: Settings) -> str:
    from assistant.build import make_embedder

    embedder = make_embedder(settings)
    vector = embedder.query("行政处罚立案多少起")
    return f"{embedder.name}，{len(vector)} 维，可用"


def _engine(settings: Settings) -> str:
    chosen = check_engine(None, settings)
    if chosen == "extractive":
        return "extractive（不用大模型，直接摘引原文）"
    from assistant.build import make_chat_model

    make_chat_model(settings, chosen).invoke("你好")
    where = "本机" if chosen == "local" else settings.llm_base_url
    return f"{chosen}：{settings.model_name(chosen)}（{where}），可用"


def _local_model(settings: Settings) -> str:
    from assistant.model import PINNED, Shelf, runtime_installed

    shelf = Shelf.of(settings.folder, settings.model_file)
    size = f"{PINNED.size / 1e9:.1f} GB"
    said = {
        "ready": f"{shelf.path}，已校验，用 --engine local 试用",
        "unverified": f"{shelf.path}，首次使用时校验",
        "partial": f"下载了 {shelf.have / 1e9:.1f} / {size}，运行 fazhi model pull 继续",
        "missing": f"没有下载（可选；fazhi model pull 下载 {size}）",
    }[shelf.state]
    return said if runtime_installed() else f"{said}；运行组件没有安装（可选）"


def _leaves(settings: Settings) -> tuple[str, ...]:
    lines = []
    if settings.default_engine == "openai" and not is_here(settings.llm_base_url):
        host = host_of(settings.llm_base_url)
        lines.append(f"提问内容和检索到的报告段落会发送到大模型服务 {host}")
    if settings.embed_base_url and not is_here(settings.embed_base_url):
        host = host_of(settings.embed_base_url)
        lines.append(f"全部报告文字和提问会发送到向量服务 {host}")
    return tuple(lines)
