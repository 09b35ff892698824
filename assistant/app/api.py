"""The HTTP API under /api/v1 for other programs, with its documentation at /api/v1/docs.

Same functions and documents as the command line. The front door and the login stand before it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline  # noqa: TID251 - the permitted importer
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from assistant import queries
from assistant.app.front.visitor import Visitor, visitor
from assistant.audit import Action, Audit
from assistant.documents import AnswerDocument, LedgerDocument, SearchDocument, VerifyDocument
from assistant.errors import AssistantError
from vectorstore.errors import NotFoundError, StoreError, VectorstoreError

if TYPE_CHECKING:
    from assistant.build import Services

__all__ = ["PATH", "mount"]

PATH = "/api/v1"
_AT_ONCE = 4  # calls worked on together; the page's own users come first
_D = TypeVar("_D", bound=BaseModel)
_REFUSALS = {405: "这个接口不接受这种请求方法。"}
_ABOUT = """法治报告助手的程序接口，与命令行同源：`fazhi ask|search|ledger|verify --json`。

需要登录时，每次请求用 HTTP Basic 发送用户名和密码（各种角色都可以用）；每次调用都记入操作记录。
每个数字都附单位、年度和原文；`start`、`end` 是报告文本中的字符位置。
同时处理的请求有限，忙时返回 503，请稍后重试。"""

Orgs = Annotated[list[str], Query(alias="org", description="单位，可写简称；可重复；不写为全部")]
Caller = Annotated[Visitor, Depends(visitor)]
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


class _Calls:
    """At most `_AT_ONCE` at a time, the next is told so at once; each goes into the audit log."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._free = threading.BoundedSemaphore(_AT_ONCE)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._free.acquire(blocking=False):
            raise HTTPException(503, "服务正忙，请稍后重试。", {"retry-after": "2"})
        try:
            yield
        finally:
            self._free.release()

    def answer(
        self, action: Action, caller: Visitor, work: Callable[[], _D], **details: object
    ) -> _D:
        """What `work` returns, recorded with what was asked for; a failure is recorded too."""
        begun = time.monotonic()
        told: dict[str, Any] = {"outcome": "failed"}
        try:
            with self._turn():
                found = work()
            told = _drawn_on(found)
        finally:
            self._audit.record(
                action,
                caller.session,
                user=caller.name,
                seconds=time.monotonic() - begun,
                via="api",
                **{name: _words(value) for name, value in details.items()},
                **told,
            )
        return found


def _words(value: object) -> str:
    listed = value if isinstance(value, list) else [value]
    return "、".join(str(one) for one in listed if one is not None)


def _drawn_on(found: BaseModel) -> dict[str, Any]:
    """Engine, prompts, reports and verdicts of an answer, as the audit log names them."""
    if isinstance(found, AnswerDocument):
        return {
            "engine": found.engine,
            "prompts": found.prompts,
            "reports": [citation.report_id for citation in found.citations],
            "verdicts": [figure.verdict for figure in found.quantities],
            "outcome": "refused" if found.refused else "answered",
        }
    if isinstance(found, SearchDocument):
        return {"reports": [hit.report_id for hit in found.hits]}
    if isinstance(found, VerifyDocument):
        return {"verdicts": [figure.verdict for figure in found.quantities]}
    return {}


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
        responses={code: {"model": Problem} for code in (400, 422, 500, 503)},
    )
    calls = _Calls(services.audit)

    @api.post("/ask", summary="提问", tags=["阅读"])
    def ask(body: Question, caller: Caller) -> AnswerDocument:
        """就已入库的报告提问，回答附逐字出处；报告没有写的会说明没有写。"""
        question, orgs, years = body.question, body.orgs, body.years
        work = partial(queries.ask, services, question, orgs, years, body.engine)
        return calls.answer("ask", caller, work, question=question, orgs=orgs, years=years)

    @api.get("/search", summary="检索原文", tags=["阅读"])
    def search(
        caller: Caller,
        query: Annotated[str, Query(max_length=queries.LONGEST_QUESTION)],
        orgs: Orgs = [],  # noqa: B006 - a default of the schema, never changed
        years: Years = [],  # noqa: B006
        k: Annotated[int, Query(ge=1, le=queries.MOST_HITS)] = 10,
    ) -> SearchDocument:
        """按意思和字词检索报告原文段落。"""
        work = partial(queries.search, services, query, orgs, years, k)
        return calls.answer("search", caller, work, query=query, orgs=orgs, years=years)

    _figures(api, services, calls)
    api.add_exception_handler(AssistantError, _told)
    api.add_exception_handler(VectorstoreError, _told)
    api.add_exception_handler(StarletteHTTPException, _refused)
    api.add_exception_handler(RequestValidationError, _misread)
    return api


def _figures(api: FastAPI, services: Services, calls: _Calls) -> None:
    @api.get("/ledger", summary="指标台账", tags=["数字"])
    def ledger(
        caller: Caller,
        orgs: Orgs = [],  # noqa: B006
        years: Years = [],  # noqa: B006
        indicator: Annotated[str, Query(description="指标名称、别名、键，或其中的词")] = "",
        most: Annotated[int, Query(ge=1, le=queries.MOST_FIGURES)] = 500,
    ) -> LedgerDocument:
        """每个数字的单位、年度、指标、数值和原文句子。"""
        work = partial(queries.ledger, services, orgs, years, indicator, most)
        asked = {"orgs": orgs, "years": years, "indicator": indicator}
        return calls.answer("ledger", caller, work, **asked)

    @api.post("/verify", summary="核对数字", tags=["数字"])
    def verify(body: Text, caller: Caller) -> VerifyDocument:
        """把一段文字里的每个数字与报告核对，逐个给出结论和出处。"""
        work = partial(queries.verify, services, body.text, body.org, body.year)
        return calls.answer("verify", caller, work, orgs=body.org, years=body.year)


def _told(request: Request, error: Exception) -> JSONResponse:
    """An expected error with what to do next: the caller's, the server's, or one that passes."""
    asked_wrongly = isinstance(error, NotFoundError) or not isinstance(error, StoreError)
    status = 503 if getattr(error, "retryable", False) else 400 if asked_wrongly else 500
    return _problem(status, str(error), getattr(error, "hint", ""))


def _refused(request: Request, error: Any) -> JSONResponse:
    said = _REFUSALS.get(error.status_code, error.detail)
    return _problem(error.status_code, said, headers=error.headers)


def _misread(request: Request, error: Any) -> JSONResponse:
    """What of the request is not as documented."""
    places = (".".join(str(part) for part in found["loc"][1:]) for found in error.errors())
    names = "、".join(dict.fromkeys(place for place in places if place)) or "请求内容"
    return _problem(422, f"参数不对：{names}。", f"各参数的名称和范围见 {PATH}/docs。")


def _problem(
    status: int, error: str, hint: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(Problem(error=error, hint=hint).model_dump(), status, headers)
