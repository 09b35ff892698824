"""The records that flow through the pipeline: block → section → report → quantity → chunk → hit.

Every `start`/`end` is a half-open character offset into `Report.text` (the stored text), so that
`report.text[start:end]` is exactly the span meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

__all__ = [
    "DISCRETE",
    "PART_NAMES",
    "Block",
    "Chunk",
    "Dimension",
    "Document",
    "Hedge",
    "Hit",
    "Modality",
    "Note",
    "Part",
    "Quantity",
    "QuantityKind",
    "Report",
    "Scope",
    "Section",
]


class Part(StrEnum):
    """The five official parts (法治政府建设与责任落实督察工作规定, 2019)."""

    MEASURES = "measures"
    SHORTCOMINGS = "shortcomings"
    FIRST_RESPONSIBLE = "first_responsible"
    NEXT_YEAR = "next_year"
    OTHER = "other"


PART_NAMES: dict[Part, str] = {
    Part.MEASURES: "主要举措和成效",
    Part.SHORTCOMINGS: "存在的不足和原因",
    Part.FIRST_RESPONSIBLE: "党政主要负责人履行推进法治建设第一责任人职责情况",
    Part.NEXT_YEAR: "下一年度工作安排",
    Part.OTHER: "其他需要报告的情况",
}


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or table as a reader found it; `text` holds no newline unless it is a table.

    A table's `text` is its rows joined by newline, each row its cells joined by tab, merged cells
    once. `level` is the format's own heading hint (docx style, html h1–h6), 0 for a title.
    """

    text: str
    kind: Literal["paragraph", "table"] = "paragraph"
    page: int | None = None
    level: int | None = None
    centered: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something reading noticed and the user should know.

    Codes: body_twice, residue, web_chrome, tracked_changes, hidden_text, zero_width,
    control_characters, encoding, scanned_pages, generic, no_year, no_org, replaced.
    """

    code: str
    message: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader returns: blocks in reading order, the format it recognised, what it noticed."""

    blocks: tuple[Block, ...]
    format: Literal["txt", "docx", "pdf", "html"]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it, sub-sections included.

    Section 0 is the lead (title, addressee, opening paragraph): level 0, empty heading.
    `heading_start:heading_end` is the heading without its number; a run-in heading
    (“（一）…。正文”) ends before its full stop and `body_start` follows it.
    `end` is where the next section of the same or a higher level starts.
    """

    ordinal: int
    level: int
    number: str
    heading: str
    part: Part | None
    parent: int | None
    start: int
    heading_start: int
    heading_end: int
    body_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """One report as stored. `id` is the first 16 hex digits of the SHA-256 of `text`."""

    id: str
    path: str
    org: str
    year: int | None
    title: str
    text: str
    sections: tuple[Section, ...]
    format: str = "txt"
    addressee: str = ""
    signoff_org: str = ""
    signoff_date: str = ""
    is_annual: bool = True
    notes: tuple[Note, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The official parts present, in the order they appear."""
        return tuple(dict.fromkeys(s.part for s in self.sections if s.part))

    def heading_path(self, ordinal: int) -> tuple[str, ...]:
        """Headings from level 1 down to section `ordinal`, each with its printed number."""
        path: list[str] = []
        at: int | None = ordinal
        while at is not None:
            section = self.sections[at]
            if section.heading:
                path.append(section.number + section.heading)
            at = section.parent
        return tuple(reversed(path))

    def section_at(self, offset: int) -> Section:
        """The innermost section that holds character `offset`."""
        inside = [s for s in self.sections if s.start <= offset < max(s.end, s.start + 1)]
        return max(inside, key=lambda s: s.level) if inside else self.sections[0]


class QuantityKind(StrEnum):
    """`quantity` is a figure, `date` a day or period, `phrase` a fixed phrase like 三项制度."""

    QUANTITY = "quantity"
    DATE = "date"
    PHRASE = "phrase"


class Modality(StrEnum):
    """Whether the figure was reached or is aimed at."""

    ACTUAL = "actual"
    TARGET = "target"


class Hedge(StrEnum):
    """How the figure is qualified, as the class of words that qualify it; empty when exact."""

    EXACT = ""
    OVER_ROUND = "余"  # 1060余, 十多: [X, X + one unit of the last printed digit)
    NEARLY = "近"  # (0.9X, X)
    ABOUT = "约"  # ±5 %
    AT_LEAST = "不少于"  # ≥ X
    AT_MOST = "不超过"  # ≤ X
    MORE_THAN = "超"  # > X


class Dimension(StrEnum):
    """What may be compared with what. Base units: 元, %, ‰, 个百分点, else one."""

    MONEY = "money"
    PERCENT = "percent"
    PERMILLE = "permille"
    PERCENTAGE_POINT = "percentage_point"
    PERSON = "person"  # 人 名
    PERSON_TIME = "person_time"  # 人次
    HOUSEHOLD = "household"  # 户 家 个单位 所
    HOUSEHOLD_TIME = "household_time"  # 户次 家次
    CASE = "case"  # 件 起 宗
    OCCASION = "occasion"  # 次 场 场次 期
    COPY = "copy"  # 份 册 本 篇 条
    ITEM = "item"  # 项 个
    TIME = "time"  # 小时 天 工作日
    AREA = "area"  # 平方米, 亩, 公里
    OTHER = "other"

    @property
    def family(self) -> Dimension:
        """What its values are compared as: 件, 起 and 个 count the same cases."""
        return Dimension.CASE if self is Dimension.ITEM else self


DISCRETE = frozenset(
    {
        Dimension.PERSON,
        Dimension.PERSON_TIME,
        Dimension.HOUSEHOLD,
        Dimension.HOUSEHOLD_TIME,
        Dimension.CASE,
        Dimension.OCCASION,
        Dimension.COPY,
        Dimension.ITEM,
    }
)
"""Dimensions whose exact values are whole numbers."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure, date or fixed phrase of a report.

    `value` is exact and in the dimension's base unit; with a hedge, `value`/`value_max` bound an
    interval (`None` in `value_max` with AT_LEAST/MORE_THAN: no upper bound; exact figures have
    `value_max=None`). `unit` is the printed measure word without its scale (元, 起, 户次, %).
    `indicator` is the phrase measured with its parent (行政处罚立案·简易程序); `canonical` the key
    of the shared indicator or "". `org`/`year` are the figure's own scope.
    Source of the rules: design/quantities.md.
    """

    text: str
    start: int
    end: int
    kind: QuantityKind
    value: Decimal | None = None
    value_max: Decimal | None = None
    unit: str = ""
    dimension: Dimension = Dimension.OTHER
    hedge: Hedge = Hedge.EXACT
    indicator: str = ""
    canonical: str = ""
    org: str = ""
    year: int | None = None
    modality: Modality = Modality.ACTUAL
    heading: str = ""
    sentence_start: int = 0
    sentence_end: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one section under the token budget.

    `text` is `report.text[start:end]`; `heading_path` the headings above it; `tokens` counts
    cl100k_base tokens of `embedding_text`. `id` is a content hash of report id and span.
    """

    id: str
    report_id: str
    ordinal: int
    section: int
    heading_path: tuple[str, ...]
    part: Part | None
    start: int
    end: int
    text: str
    tokens: int

    @property
    def embedding_text(self) -> str:
        """What is embedded and indexed: the heading path, then the text."""
        return " > ".join((*self.heading_path, self.text))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports and parts a question is about; an empty field does not restrict."""

    orgs: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.orgs or self.years or self.parts)


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk with where it comes from; a higher `score` is a better match."""

    chunk: Chunk
    org: str
    year: int | None
    title: str
    score: float
