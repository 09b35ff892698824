"""The draft cases: what a writer has, and what a right draft of it must hold.

Labels were written from the reports and the figures supplied, not from drafts. Bureaus are split
into halves as in the question set: those of 岚泊县 and 霁原市's 交通运输局 are `dev`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.draft import Request
from assistant.ledger import make_template, save_template
from evals.questions import Split
from evals.synthetic import Half, synthetic_reports, to_report
from vectorstore.parse import parse
from vectorstore.store import Store
from vectorstore.types import Report

__all__ = ["CASES", "DraftCase", "Placed", "Status", "Task", "load_cases", "prepare", "source_of"]

_FOLDER = Path(__file__).parents[1] / "data" / "draft"
CASES = _FOLDER / "cases.jsonl"
_ROOT = Path(__file__).parents[2]

Status = Literal["done", "partial", "missed", "unknown", ""]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Placed(_Strict):
    """A figure as the draft must print it, beside words that say what it counts.

    `last` is the figure of last year's report that it replaces, if any.
    """

    text: str
    near: str
    last: str = ""


class Supplied(Placed):
    """A row of the fill-in sheet: found by words of its sentence and last year's figure."""

    row: str
    value: str


class Task(_Strict):
    """Words of last year's plan (several between |, of which one must be there), and the states
    the draft may report; "" only asks for the words.
    """

    words: str
    status: tuple[Status, ...]


class _Synthetic(_Strict):
    seed: int
    at: int
    half: Half


class DraftCase(_Strict):
    """What to draft, from which report, with which figures and notes."""

    id: str
    org: str
    split: Split
    kind: Literal["report", "plan"]
    year: int
    source: str
    sheet: tuple[Supplied, ...]
    notes: str
    noted: tuple[Placed, ...]
    tasks: tuple[Task, ...]
    synthetic: _Synthetic | None = None

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Every supplied figure."""
        return (*self.sheet, *self.noted)


def load_cases(path: Path = CASES) -> list[DraftCase]:
    """The cases of a JSONL file. Raises pydantic.ValidationError for a line that is none."""
    lines = path.read_text("utf-8").splitlines()
    return [DraftCase.model_validate_json(line) for line in lines if line.strip()]


def source_of(case: DraftCase) -> Report:
    """The report the draft is made from."""
    if case.synthetic is None:
        return parse(_ROOT / case.source)
    made = synthetic_reports(3, half=case.synthetic.half, seed=case.synthetic.seed)
    return to_report(made[case.synthetic.at])


def prepare(case: DraftCase, store: Store, folder: Path) -> tuple[Request, tuple[str, ...]]:
    """The request with its files, and the supplied figures the sheet has no row for."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = notes = None
    missing: tuple[str, ...] = ()
    if case.sheet:
        figures = folder / "填报表.csv"
        save_template(figures, make_template(store, case.org, case.year))
        missing = _fill(figures, case.sheet)
    if case.notes:
        notes = folder / "素材.md"
        notes.write_text(case.notes, "utf-8")
    return Request(case.kind, case.org, case.year, figures, notes), missing


def _fill(path: Path, supplied: Sequence[Supplied]) -> tuple[str, ...]:
    """Write the values into their rows; gives those that have none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    at = {title.partition("（")[0]: n for n, title in enumerate(head)}
    missing = []
    for one in supplied:
        fit = [r for r in rows if r[at["上年数值"]] == one.last]
        told = [r for r in fit if one.row in r[at["指标"]]]
        told += [r for r in fit if one.row in r[at["原文出处"]]]
        if told:
            told[0][at["本年数值"]] = one.value
        else:
            missing.append(one.text)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return tuple(missing)
