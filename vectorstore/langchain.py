"""The retriever as LangChain sees it: for chains of others, since ours take `Retriever` itself."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.retrieve import Retriever
from vectorstore.types import Hit, Scope

__all__ = ["ReportRetriever", "as_document"]


def as_document(hit: Hit) -> Document:
    """A hit as a Document with plain JSON metadata; offsets are into the report's stored text."""
    return Document(
        id=hit.chunk.id,
        page_content=hit.chunk.text,
        metadata={
            "chunk_id": hit.chunk.id,
            "report_id": hit.chunk.report_id,
            "org": hit.org,
            "year": hit.year,
            "title": hit.title,
            "heading": " > ".join(hit.chunk.heading_path),
            "start": hit.chunk.start,
            "end": hit.chunk.end,
            "score": hit.score,
        },
    )


class ReportRetriever(BaseRetriever):
    """A `Retriever` with its scope and limits fixed, for use in a chain."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    retriever: Retriever
    scope: Scope = Scope()
    k: int = 10
    per_report: int | None = None
    neighbours: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        hits = self.retriever.search(query, self.scope, self.k, self.per_report, self.neighbours)
        return [as_document(hit) for hit in hits]
