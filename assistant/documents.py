"""The JSON documents of ask, search, ledger and verify: one shape on every way out.

The command line prints them with `--json`, the HTTP API and the MCP server send them. Offsets are
characters of a report's stored text; `value` is a decimal string in the dimension's base unit.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["AnswerDocument", "LedgerDocument", "SearchDocument", "VerifyDocument"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CitationDocument(_Strict):
    """One quoted span of a report."""

    n: int = Field(description="回答中的出处编号 [n]")
    report_id: str
    org: str
    year: int | None
    heading: str
    quote: str = Field(description="原文，逐字")
    start: int
    end: int


class CheckedFigure(_Strict):
    """A figure of an answer with its verdict."""

    text: str
    verdict: str
    citation: int | None


class AnswerDocument(_Strict):
    """An answer with its sources (`fazhi ask --json`)."""

    answer: str
    refused: bool = Field(description="报告没有写，没有作答")
    engine: str
    citations: list[CitationDocument]
    quantities: list[CheckedFigure]
    notes: list[str]
    nearest: list[str] = Field(description="没有作答时，报告里相近的内容")
    prompts: list[str]
    incomplete: bool


class HitDocument(_Strict):
    """One passage found."""

    chunk_id: str
    report_id: str
    org: str
    year: int | None
    heading: str
    text: str
    score: float


class SearchDocument(_Strict):
    """Passages found, best first (`fazhi search --json`)."""

    hits: list[HitDocument]


class LedgerFigure(_Strict):
    """One row of the ledger: a figure, a date or a fixed phrase, with where it stands."""

    report_id: str
    org: str
    year: int | None
    kind: Literal["quantity", "date", "phrase"]
    indicator: str
    canonical: str
    text: str
    value: str | None
    value_max: str | None
    unit: str
    dimension: str
    modality: Literal["actual", "target"]
    hedge: str
    heading: str
    start: int
    end: int
    sentence: str


class LedgerDocument(_Strict):
    """Rows of the ledger, as `fazhi ledger --json` has them, and how many there are in all."""

    quantities: list[LedgerFigure]
    total: int = Field(description="符合条件的总条数；多于所列时请缩小范围")


class SourceFigure(_Strict):
    """The ledger row a figure was held against."""

    report_id: str
    org: str
    year: int | None
    heading: str
    sentence: str
    start: int
    end: int
    text: str


class VerifiedFigure(_Strict):
    """A figure of the text verified, with its verdict and source."""

    text: str
    start: int
    end: int
    verdict: str
    source: SourceFigure | None
    operands: list[SourceFigure]
    indicator: str
    detail: str


class ReportName(_Strict):
    """A report the text was held against."""

    id: str
    org: str
    year: int | None


class VerifyDocument(_Strict):
    """The verdict on every figure of a text (`fazhi verify --json`)."""

    org: str
    year: int | None
    against: list[ReportName]
    evidence: str = Field(description="对照的依据文件名，没有时为空")
    sheet: str = Field(description="对照的指标填报表名，没有时为空")
    quantities: list[VerifiedFigure]
