"""Files of the page for download: made when asked for, for the session they were offered to."""

from __future__ import annotations

import logging
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.app.words import on_page
from assistant.errors import AssistantError

__all__ = ["PATH", "Downloads", "mount", "safe_name"]

PATH = "/download/"
_LOGGER = logging.getLogger(__name__)
_KEPT = 60  # offers of a session; the oldest are withdrawn
_SESSIONS = 500  # the longest idle lose theirs
_AT_ONCE = 2  # files being made: a small one need not wait for a large one
_LONGEST_NAME = 80  # characters; with three bytes each it stays below a file name's 255
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')


@dataclass(frozen=True, slots=True)
class _Offer:
    name: str
    make: Callable[[], bytes]
    key: str = ""


class Downloads:
    """What the sessions may download now; nothing is written to disk."""

    def __init__(self) -> None:
        # by session, then by the last part of the address; what one asks for costs no other his
        self._offers: OrderedDict[str, OrderedDict[str, _Offer]] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.BoundedSemaphore(_AT_ONCE)  # a large file keeps a processor busy

    def offer(self, session: str, name: str, make: Callable[[], bytes], key: str = "") -> str:
        """An address under which `session` gets what `make` returns, as a file called `name`.

        With `key`, an offer of the same session and key keeps its address and takes no more room.
        """
        with self._lock:
            mine = self._offers.setdefault(session, OrderedDict())
            self._offers.move_to_end(session)
            known = (token for token, offer in mine.items() if key and offer.key == key)
            token = next(known, None) or secrets.token_urlsafe(32)
            mine[token] = _Offer(safe_name(name), make, key)
            mine.move_to_end(token)
            while len(mine) > _KEPT:
                mine.popitem(last=False)
            while len(self._offers) > _SESSIONS:
                self._offers.popitem(last=False)
        return PATH + token

    def take(self, session: str, token: str) -> tuple[str, bytes] | None:
        """Name and content, or None for an address of another session or withdrawn.

        Raises what making the file raises.
        """
        with self._lock:
            mine = self._offers.get(session) if session else None
            offer = mine.get(token) if mine else None
        if offer is None:
            return None
        with self._making:
            return offer.name, offer.make()


def mount(app: FastAPI, downloads: Downloads, cookie: str) -> None:
    """Serve GET /download/… of `app`; `cookie` names the session."""

    @app.get(f"{PATH}{{token}}", response_model=None)
    def download(token: str, request: Request) -> Response:
        try:
            found = downloads.take(request.cookies.get(cookie, ""), token)
        except AssistantError as error:
            return PlainTextResponse(f"未能生成文件：{error}{on_page(error.hint)}", 409)
        except Exception:
            _LOGGER.exception("a download could not be made")
            return PlainTextResponse("生成文件时出现意外错误，请查看服务日志。", 500)
        if found is None:
            return PlainTextResponse("此下载已失效，请返回原页面刷新后再下载。", 404)
        name, content = found
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "cache-control": "no-store",
            "cross-origin-resource-policy": "same-origin",
        }
        return Response(content, headers=headers, media_type=_type(name))


def _type(name: str) -> str:
    """What a browser only saves unless it is a kind of file the page itself makes."""
    return _TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def safe_name(name: str) -> str:
    """`name` as a file name on any system, its suffix kept."""
    stem, _, suffix = _UNFIT.sub(" ", name).rpartition(".")
    return f"{stem.strip(' .')[:_LONGEST_NAME] or '下载'}.{suffix}"
