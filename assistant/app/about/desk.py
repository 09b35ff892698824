"""The tab 评测 / 关于 without Gradio: scores, configuration, health, versions, what leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from assistant.addresses import host_of, is_here
from assistant.app import words
from assistant.app.about import view as about_view
from assistant.app.about.view import Facts, Library, Recorded
from assistant.build import Services
from assistant.doctor import Check, Examination, examine
from assistant.settings import Settings

__all__ = ["AboutDesk"]

_PRODUCT = "fazhi-assistant"
_LICENCE = 60  # characters; some packages give the whole text
_ENGINE = "回答引擎"
_OWNER = "占用"  # in a running server its own lock is held, which is as it should be


@dataclass
class AboutDesk:
    """What is known of this installation; the last examination is kept for everybody.

    `admin`: whether the reader may know where the data folder is, and runs commands; whoever sits
    at the machine without login is.
    """

    services: Services

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._found: tuple[datetime, Examination] | None = None

    def facts(self, *, admin: bool, login: bool) -> str:
        """HTML of what is configured and of what leaves; `login`: whether there is one."""
        services, settings = self.services, self.services.settings
        rows = services.store.reports()
        facts = Facts(
            engine=settings.default_engine,
            llm=_model(settings),
            embedder=services.embedder.name,
            embed_host=host_of(settings.embed_base_url),
            reports=len(rows),
            orgs=len({row.org for row in rows if row.org}),
            chunks=services.store.chunk_count(),
            size=_size(settings.folder),
            folder=str(settings.folder) if admin else "",
            login=login,
        )
        return about_view.facts_html(facts) + about_view.leaving_html(
            _elsewhere(settings.llm_base_url) if settings.has_llm else "",
            _elsewhere(settings.embed_base_url),
        )

    def health(self, *, admin: bool, again: bool = False) -> Iterator[str]:
        """HTML of what `fazhi doctor` finds, after a line saying that it looks; kept until `again`.

        One examination at a time: it may call the model.
        """
        if self._found is None or again:
            yield about_view.CHECKING
            with self._lock:
                found = examine(self.services.settings)
                self._found = datetime.now().astimezone(), found
        when, found = self._found
        checks = [self._told(check, admin) for check in found.checks]
        yield about_view.health_html(checks, when)

    def _told(self, check: Check, admin: bool) -> Check:
        """A check in the words of the page: no address with credentials.

        Paths and commands are for who administers.
        """
        settings = self.services.settings
        if check.name == _OWNER:
            return replace(check, ok=True, detail="由本服务使用，可在“资料库”导入、删除")
        detail = check.detail
        if check.name == _ENGINE and check.ok:
            engine, colon, model = detail.partition("：")
            detail = about_view.engine_shown(engine.partition("（")[0]) + colon + model
        for address in (settings.llm_base_url, settings.embed_base_url):
            if address:
                detail = detail.replace(address, host_of(address))
        if not admin:
            for path in (settings.model_file, settings.folder):
                if path:
                    detail = detail.replace(str(path), "（数据目录）")
            detail = words.without_commands(detail) if check.ok else words.on_page(detail)
        return replace(check, detail=detail)

    def scores(self, *, admin: bool) -> str:
        """HTML of the newest evaluation, of this installation or else the one shipped."""
        run = _newest(self.services.settings.folder / "eval") or _shipped()
        return about_view.scores_html(run, commands=admin)

    def versions(self) -> str:
        """HTML of the product's version and of the libraries it stands on, with their licences."""
        return about_view.versions_html(version(_PRODUCT), list(_libraries()))


def _elsewhere(address: str) -> str:
    """The host of `address`, "" where it is this machine."""
    return "" if is_here(address) else host_of(address)


def _size(folder: Path) -> int:
    """Bytes of the files below `folder`; what vanishes while it is counted is left out."""
    total = 0
    for path in folder.rglob("*"):
        try:
            if not path.is_symlink() and path.is_file():
                total += path.stat().st_size
        except OSError:
            continue
    return total


def _newest(folder: Path) -> Recorded | None:
    """The newest run that `fazhi eval -o` left in `folder` and that can be shown."""
    found = [(path.stat().st_mtime, path) for path in folder.glob("*.json") if path.is_file()]
    for when, path in sorted(found, reverse=True):
        try:
            shown = _recorded(path.read_text("utf-8"))
        except OSError:
            continue
        if shown:
            return replace(shown, when=datetime.fromtimestamp(when).astimezone())
    return None


def _shipped() -> Recorded | None:
    """The run that came with the product."""
    try:
        folder = files("evals.baselines")
        runs = sorted(item.name for item in folder.iterdir() if item.name.endswith(".json"))
        return _recorded(folder.joinpath(runs[0]).read_text("utf-8")) if runs else None
    except (ModuleNotFoundError, OSError):
        return None


def _recorded(text: str) -> Recorded | None:
    """A run as `evals.report` records it; None for any other file and for runs without tables."""
    try:
        document: Mapping[str, Any] = json.loads(text)
        source = document["provenance"]
        suites = tuple(
            (str(suite["title"]), tuple(map(about_view.Scores.of, suite["tables"])))
            for suite in document["shown"]
        )
        engine = " ".join(filter(None, (str(source["engine"]), str(source["model"]))))
        return Recorded(engine, str(source["commit"]), suites)
    except (ValueError, KeyError, TypeError):
        return None


def _libraries() -> Iterator[Library]:
    for requirement in requires(_PRODUCT) or ():
        if "extra ==" in requirement:
            continue
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            about = metadata(name)
        except PackageNotFoundError:
            continue
        yield Library(name, about["Version"], _licence(about))


def _licence(about: Any) -> str:
    """The licence a package names: an expression, a short text, or a classifier."""
    for field in ("License-Expression", "License"):
        text = (about.get(field) or "").strip()
        if text and len(text) <= _LICENCE and "\n" not in text:
            return str(text)
    for classifier in about.get_all("Classifier") or ():
        if classifier.startswith("License ::"):
            return str(classifier.rpartition(" :: ")[2])
    return "见其安装包"


def _model(settings: Settings) -> str:
    """The language model in use and where it runs; empty when none is."""
    if settings.default_engine == "local":
        return f"{settings.model_name('local')}（本机）"
    return f"{settings.llm_model}（{host_of(settings.llm_base_url)}）" if settings.has_llm else ""
