"""What a program may ask: behind the command line, the HTTP API and the MCP server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.documents import AnswerDocument, LedgerDocument, SearchDocument, VerifyDocument
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.build import Services

__all__ = ["BadQueryError", "ask", "ledger", "search", "verify"]

LONGEST_QUESTION = 2_000  # characters
LONGEST_TEXT = 200_000  # characters of a text to verify; a report has 3,000–20,000
MOST_HITS = 100
MOST_FIGURES = 5_000


class BadQueryError(AssistantError):
    """The question or text is empty or too long."""


def ask(
    services: Services,
    question: str,
    orgs: Sequence[str] = (),
    years: Sequence[int] = (),
    engine: str | None = None,
) -> AnswerDocument:
    """Answer from the reports of `orgs` and `years`, or of what the question names.

    Raises UnknownScopeError, EngineError and BadQueryError.
    """
    from assistant.scoping import resolve_scope
    from assistant.settings import check_engine

    answerer = services.answerer(check_engine(engine, services.settings))
    scope = resolve_scope(services.store, orgs, years)
    answer = answerer.answer(_written(question, "问题", LONGEST_QUESTION), scope=scope)
    return AnswerDocument.model_validate(answer.to_json())


def search(
    services: Services,
    query: str,
    orgs: Sequence[str] = (),
    years: Sequence[int] = (),
    k: int = 10,
) -> SearchDocument:
    """The `k` passages nearest to `query`. Raises UnknownScopeError and BadQueryError."""
    from datetime import datetime

    from assistant.answer.reading import reader
    from assistant.scoping import resolve_scope
    from assistant.searching import find

    if not 1 <= k <= MOST_HITS:
        raise BadQueryError(f"条数应在 1 到 {MOST_HITS} 之间。")
    scope = resolve_scope(services.store, orgs, years)
    read = reader(services.store, datetime.now().astimezone().year)
    hits = find(services.retriever, read, _written(query, "检索词", LONGEST_QUESTION), scope, k)
    rows = [
        {
            "chunk_id": hit.chunk.id,
            "report_id": hit.chunk.report_id,
            "org": hit.org,
            "year": hit.year,
            "heading": " > ".join(hit.chunk.heading_path),
            "text": hit.chunk.text,
            "score": round(hit.score, 6),
        }
        for hit in hits
    ]
    return SearchDocument.model_validate({"hits": rows})


def ledger(
    services: Services,
    orgs: Sequence[str] = (),
    years: Sequence[int] = (),
    indicator: str = "",
    most: int = MOST_FIGURES,
) -> LedgerDocument:
    """The first `most` figures of `orgs` and `years`, one indicator or all, and how many there are.

    Raises UnknownScopeError and BadQueryError.
    """
    from assistant.ledger import find_rows, ledger_json
    from assistant.scoping import resolve_scope

    if not 1 <= most <= MOST_FIGURES:
        raise BadQueryError(f"条数应在 1 到 {MOST_FIGURES} 之间。")
    scope = resolve_scope(services.store, orgs, years)
    rows = find_rows(services.store, services.lexicon, scope, indicator)
    return LedgerDocument.model_validate({**ledger_json(rows[:most]), "total": len(rows)})


def verify(services: Services, text: str, org: str = "", year: int | None = None) -> VerifyDocument:
    """The verdict on every figure of `text`, held against the reports of `org` up to `year`.

    Raises UnknownScopeError, NothingToVerifyError and BadQueryError.
    """
    from assistant.verify.files import verify_written

    written = _written(text, "文字", LONGEST_TEXT)
    found = verify_written(written, services.store, services.lexicon, org=org, year=year)
    return VerifyDocument.model_validate(found.to_json())


def _written(text: str, what: str, longest: int) -> str:
    if not text.strip():
        raise BadQueryError(f"{what}是空的。")
    if len(text) > longest:
        raise BadQueryError(f"{what}超过 {longest:,} 字。", "请缩短或分几次提交。")
    return text
