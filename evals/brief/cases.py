"""The brief cases: synthetic batches whose truth is known, and the samples with cells by hand.

Synthetic reports with the paraphrases the themes' rules may have seen are `dev`, those with the
others `test`. Cells of the samples were read off the reports by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.brief import Request
from evals.library import SAMPLES
from evals.questions import Split
from evals.synthetic import Half, Synthetic, fill, synthetic_reports
from vectorstore.indicators import Lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import Store

__all__ = ["CASES", "BriefCase", "Expected", "expected", "load_cases", "prepare"]

CASES = Path(__file__).parents[1] / "data" / "brief.jsonl"


class BriefCase(BaseModel):
    """Which reports, and what is expected; `absent` bureaus are asked for and have sent none.

    `cells` gives, for the samples, each indicator's value by bureau in the base unit, None where
    the report says nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Literal["synthetic", "samples"]
    split: Split
    count: int
    seed: int
    half: Half
    year: int
    orgs: tuple[str, ...]
    absent: tuple[str, ...]
    cells: dict[str, dict[str, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a brief must say: cells by (bureau, indicator's key), themes and practices by bureau.

    `themes` holds (kind, theme's key, bureau); it and `practices` are empty for the samples.
    """

    orgs: tuple[str, ...]
    absent: tuple[str, ...]
    cells: Mapping[tuple[str, str], Decimal | None]
    themes: frozenset[tuple[str, str, str]]
    practices: Mapping[str, str]


def load_cases(path: Path = CASES) -> list[BriefCase]:
    """The cases of a JSONL file. Raises pydantic.ValidationError for a line that is none."""
    lines = path.read_text("utf-8").splitlines()
    return [BriefCase.model_validate_json(line) for line in lines if line.strip()]


def prepare(case: BriefCase, store: Store, lexicon: Lexicon) -> Request:
    """Store the reports; gives the request."""
    if case.kind == "samples":
        ingest([SAMPLES], store, reader=parse, lexicon=lexicon)
        return Request((*case.orgs, *case.absent), case.year)
    made = _made(case)
    fill(store, made, lexicon)
    named = (*(one.truth.org for one in made), *case.absent) if case.absent else ()
    return Request(named, case.year)


def expected(case: BriefCase) -> Expected:
    """The truth of a case."""
    if case.kind == "samples":
        cells = {(org, key): v for key, row in case.cells.items() for org, v in row.items()}
        return Expected(case.orgs, case.absent, cells, frozenset(), {})
    made = _made(case)
    keys = {key for one in made for key in one.truth.figures}
    return Expected(
        tuple(one.truth.org for one in made),
        case.absent,
        {(o.truth.org, key): o.truth.figures.get(key) for o in made for key in keys},
        frozenset(t for one in made for t in _themes(one)),
        {one.truth.practice: one.truth.org for one in made if one.truth.practice},
    )


def _made(case: BriefCase) -> Sequence[Synthetic]:
    return synthetic_reports(case.count, year=case.year, half=case.half, seed=case.seed)


def _themes(one: Synthetic) -> list[tuple[str, str, str]]:
    truth = one.truth
    groups = {"measure": truth.measures, "shortcoming": truth.shortcomings, "plan": truth.plans}
    return [(kind, key, truth.org) for kind, keys in groups.items() for key in keys]
