"""The hand-labelled passages: records, loading, and the report each passage becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from vectorstore.types import Dimension, Hedge, Modality, Part, Report, Section

__all__ = ["LABELS", "Label", "Passage", "Split", "load", "report_of"]

LABELS = Path(__file__).parent.parent / "data" / "quantities" / "labelled.jsonl"
Split = Literal["dev", "held_out"]


class Label(BaseModel):
    """One labelled span of a passage, `text` beginning at character `start`.

    `also` are spans a careful reader would accept as well (98% for 98%以上). `no_figure` must not
    be read as a figure but may be a date or a phrase; `optional` may be anything or nothing.
    `year` and `modality` are those of the figure; `year=None` is not scored. `dimension=None` is
    a unit the specification does not place. `value`, `value_max` as in `vectorstore.types`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["quantity", "date", "phrase", "no_figure", "optional"]
    text: str
    start: int
    value: Decimal | None = None
    value_max: Decimal | None = None
    unit: str = ""
    dimension: Dimension | None = None
    hedge: Hedge = Hedge.EXACT
    indicators: tuple[str, ...] = ()
    year: int | None = None
    modality: Modality = Modality.ACTUAL
    org: str = ""
    also: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """One past the last character."""
        return self.start + len(self.text)


class Passage(BaseModel):
    """A passage of our own with every figure in it labelled by hand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    style: str
    org: str
    year: int
    part: Part
    split: Split
    text: str
    spans: tuple[Label, ...]

    @model_validator(mode="after")
    def _spans_lie_in_text(self) -> Passage:
        for label in self.spans:
            if self.text[label.start : label.end] != label.text:
                raise ValueError(f"{self.id}: {label.text!r} is not at {label.start}")
            if label.kind == "quantity" and (label.value is None or not label.indicators):
                raise ValueError(f"{self.id}: {label.text!r} lacks a value or an indicator")
        return self


@cache
def load(path: Path = LABELS) -> tuple[Passage, ...]:
    """All passages in file order. Raises pydantic's `ValidationError` on a bad record."""
    lines = path.read_text("utf-8").splitlines()
    return tuple(Passage.model_validate_json(line) for line in lines if line.strip())


def report_of(passages: Iterable[Passage]) -> Report:
    """One report of an organisation's passages of one year, each a section of its part.

    Character 0 of a single passage is character 0 of the report's text.
    """
    chosen: Sequence[Passage] = tuple(passages)
    text = "\n".join(passage.text for passage in chosen)
    sections = [Section(0, 0, "", "", None, None, 0, 0, 0, 0, 0)]
    at = 0
    for ordinal, passage in enumerate(chosen, 1):
        end = at + len(passage.text)
        sections.append(Section(ordinal, 1, "", "", passage.part, None, at, at, at, at, end))
        at = end + 1
    first = chosen[0]
    return Report(
        id=hashlib.sha256(text.encode()).hexdigest()[:16],
        path="+".join(passage.id for passage in chosen),
        org=first.org,
        year=first.year,
        title=f"{first.org}{first.year}年法治政府建设情况",
        text=text,
        sections=tuple(sections),
    )
