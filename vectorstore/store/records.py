"""What the store hands back: small frozen rows, never database objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vectorstore.types import Chunk, Note, Part, Quantity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "AddResult",
    "AddStatus",
    "Copied",
    "LedgerRow",
    "ReportRow",
    "StoredChunk",
    "VectorBatch",
]

AddStatus = Literal["added", "unchanged", "replaced"]


@dataclass(frozen=True, slots=True)
class AddResult:
    """What `Store.add` did; `reason` is a Chinese sentence, empty when simply added."""

    report_id: str
    status: AddStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy of the database holds: how many reports, and the names of their kept files."""

    reports: int
    originals: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report without its text; `other_paths` are further files with the same content.

    `original` is the name of the file that is kept, "" when none is.
    """

    id: str
    path: str
    org: str
    year: int | None
    title: str
    parts: tuple[Part, ...]
    is_annual: bool
    n_chunks: int
    n_quantities: int
    notes: tuple[Note, ...]
    format: str
    ingested_at: str
    other_paths: tuple[str, ...]
    original: str = ""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with the organisation, year and title of its report."""

    chunk: Chunk
    org: str
    year: int | None
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class VectorBatch:
    """Vectors of `chunk_ids`, row for row: `matrix` is float32 (n, dim), rows of length 1."""

    chunk_ids: list[str]
    matrix: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A figure with its source.

    `org`/`year` are the figure's own scope and fall back on the report's. `part` is the official
    part it stands in, `sentence` the report's text around it.
    """

    quantity: Quantity
    report_id: str
    org: str
    year: int | None
    part: Part | None
    sentence: str
