"""The HTTP API under /api/v1 for other programs, with its documentation at /api/v1/docs.

Same functions and documents as the command line. The front door and the login stand before it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline  # noqa: TID251 - the permitted importer
from pydantic import BaseModel, ConfigDict, Field

from assistant import queries
from assistant.documents import AnswerDocument, LedgerDocument, SearchDocument, VerifyDocument
from assistant.errors import AssistantError
from vectorstore.errors import VectorstoreError

if TYPE_CHECKING:
    from assistant.build import Services

__all__ = ["PATH", "mount"]

PATH = "/api/v1"
_AT_ONCE = 4  # calls worked on together; the page's own users come first
_ABOUT = """法治报告助手的程序接口，与命令行同源：`fazhi ask|search|ledger|verify --json`。

每个数字都附单位、年度和原文；`start`、`end` 是报告文本中的字符位置。
同时处理的请求有限，忙时返回 503，请稍后重试。"""

Orgs = Annotated[list[str], Query(alias="org", description="单位，可写简称；可重复；不写为全部")]
Years = Annotated[list[int], Query(alias="year", description="报告年度；可重复；不写为全部")]


class Question(BaseModel):
    """What to ask, of which bureaus and years."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(
        max_length=queries.LONGEST_QUESTION, examples=["2025年哪个单位立案最多？"]
    )
    orgs: list[str] = Field(default=[], description="单位，可写简称；空为全部")
    years: list[int] = Field(default=[], description="报告年度；空为全部")
    engine: str | None = Field(default=None, description="引擎；不写为默认引擎")


class Text(BaseModel):
    """A text whose figures are to be verified."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=queries.LONGEST_TEXT)
    org: str = Field(default="", description="文字所写的单位；空为全部单位")
    year: int | None = Field(default=None, description="文字所写的年度")


class Problem(BaseModel):
    """What went wrong, in Chinese, and what to do."""

    error: str
    hint: str


def mount(app: FastAPI, services: Services) -> None:
    """Serve the API of `services` under `PATH` of `app`."""
    app.mount(PATH, _build(services))


class _Turns:
    """At most `_AT_ONCE` calls at a time; the next is told so at once."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(_AT_ONCE)

    @contextmanager
    def one(self) -> Iterator[None]:
        if not self._free.acquire(blocking=False):
            raise HTTPException(503, "服务正忙，请稍后重试。", {"retry-after": "2"})
        try:
            yield
        finally:
            self._free.release()


def _build(services: Services) -> FastAPI:
    api = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        static_url="/static",
        openapi_url="/openapi.json",
        title="法治报告助手 API",
        version="1",
        description=_ABOUT,
        # the page would otherwise ask a validator on the internet to look at the document
        swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0},
        responses={400: {"model": Problem}, 503: {"model": Problem}},
    )
    turns = _Turns()

    @api.post("/ask", summary="提问", tags=["阅读"])
    def ask(body: Question) -> AnswerDocument:
        """就已入库的报告提问，回答附逐字出处；报告没有写的会说明没有写。"""
        with turns.one():
            return queries.ask(services, body.question, body.orgs, body.years, body.engine)

    @api.get("/search", summary="检索原文", tags=["阅读"])
    def search(
        query: Annotated[str, Query(max_length=queries.LONGEST_QUESTION)],
        orgs: Orgs = [],  # noqa: B006 - a default of the schema, never changed
        years: Years = [],  # noqa: B006
        k: Annotated[int, Query(ge=1, le=queries.MOST_HITS)] = 10,
    ) -> SearchDocument:
        """按意思和字词检索报告原文段落。"""
        with turns.one():
            return queries.search(services, query, orgs, years, k)

    _figures(api, services, turns)
    api.add_exception_handler(AssistantError, _told)
    api.add_exception_handler(VectorstoreError, _told)
    api.add_exception_handler(HTTPException, _refused)
    return api


def _figures(api: FastAPI, services: Services, turns: _Turns) -> None:
    @api.get("/ledger", summary="指标台账", tags=["数字"])
    def ledger(
        orgs: Orgs = [],  # noqa: B006
        years: Years = [],  # noqa: B006
        indicator: Annotated[str, Query(description="指标名称、别名、键，或其中的词")] = "",
        most: Annotated[int, Query(ge=1, le=queries.MOST_FIGURES)] = 500,
    ) -> LedgerDocument:
        """每个数字的单位、年度、指标、数值和原文句子。"""
        with turns.one():
            return queries.ledger(services, orgs, years, indicator, most)

    @api.post("/verify", summary="核对数字", tags=["数字"])
    def verify(body: Text) -> VerifyDocument:
        """把一段文字里的每个数字与报告核对，逐个给出结论和出处。"""
        with turns.one():
            return queries.verify(services, body.text, body.org, body.year)


def _told(request: Request, error: Exception) -> JSONResponse:
    """An expected error as 400, with what to do next."""
    return JSONResponse({"error": str(error), "hint": getattr(error, "hint", "")}, 400)


def _refused(request: Request, error: Any) -> JSONResponse:
    return JSONResponse({"error": error.detail, "hint": ""}, error.status_code, error.headers)
