"""The truth: one SQLite file with reports, chunks, vectors, ledger and full-text index."""

from vectorstore.store.records import (
    AddResult,
    AddStatus,
    Copied,
    LedgerRow,
    ReportRow,
    StoredChunk,
    VectorBatch,
)
from vectorstore.store.store import FILE_NAME, Store

__all__ = [
    "FILE_NAME",
    "AddResult",
    "AddStatus",
    "Copied",
    "LedgerRow",
    "ReportRow",
    "Store",
    "StoredChunk",
    "VectorBatch",
]
