"""The brief suite: every batch summed up, and what the document says held against the truth."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from assistant.brief import Brief, make_brief, write_brief
from evals.brief import score
from evals.brief.cases import BriefCase, expected, load_cases, prepare
from evals.brief.score import BriefScore
from evals.draft.form import conformance
from evals.results import SPLITS, Row, SuiteResult, Table
from evals.session import Session
from evals.stats import Rate
from vectorstore.errors import PlainError
from vectorstore.indicators import load_lexicon
from vectorstore.store import Store
from vectorstore.types import Report

__all__ = ["run", "score_brief"]

_SCORE = TypeAdapter(BriefScore)
_NONE = Rate(0, 0)
_MOST = 40  # faults shown of one brief


def _form(made: BriefScore) -> Rate:
    return Rate(sum(good for _, good in made.form), len(made.form))


_MEASURES: tuple[tuple[str, str, float | None, Callable[[BriefScore], Rate]], ...] = (
    ("cells", "单元格数值准确", 1.0, lambda b: b.cells),
    ("empty_cells", "未提及、未报送写得对", 1.0, lambda b: b.empty),
    ("sourced", "单元格出处一字不差", 1.0, lambda b: b.sourced),
    ("computed", "合计、中位数算得对", 1.0, lambda b: b.computed),
    ("coverage", "单位和报告都有交代", 1.0, lambda b: b.covered),
    ("theme_recall", "写到的事项都归出", 0.9, lambda b: b.told),
    ("theme_precision", "归出的事项确有其事（下限）", None, lambda b: b.true),
    ("practices", "特色做法写到并标明单位", 0.9, lambda b: b.practices),
    ("bound", "数字有出处", 1.0, lambda b: b.bound),
    ("format", "版式合规（GB/T 9704，逐条）", 1.0, _form),
)


def run(session: Session) -> SuiteResult:
    """Sum up each batch; no case of the held-out half is shown."""
    started = time.perf_counter()
    cases = session.drawn(load_cases(), lambda case: (case.split, case.kind))
    told = session.each(
        ("brief", "简报"),
        cases,
        lambda case: case.id,
        _SCORE,
        lambda case: _brief(session, case),
        keep=lambda made: not made.problem,
    )
    pairs = list(zip(cases, told, strict=True))
    scored = [(case, made) for case, made in pairs if not made.problem]
    metrics: dict[str, Any] = {
        name: {
            "all": _sum((m for _, m in scored), read).to_json(),
            **{s: _sum((m for c, m in scored if c.split == s), read).to_json() for s in SPLITS},
        }
        for name, _, _, read in _MEASURES
    }
    metrics["theme_precision"] = _undirected(metrics["theme_precision"])
    metrics["cases"] = len(scored)
    metrics["seconds"] = round(time.perf_counter() - started, 1)
    return SuiteResult(
        name="brief",
        title="简报",
        metrics=metrics,
        tables=(_table(scored),),
        worst=(_worst(scored),),
        files={"briefs.jsonl": [_SCORE.dump_python(made, mode="json") for _, made in pairs]},
        unscored=dict(Counter(made.problem for _, made in pairs if made.problem)),
        prompts=tuple(dict.fromkeys(ref for _, made in scored for ref in made.prompts)),
    )


def score_brief(case: BriefCase, brief: Brief, reports: dict[str, Report]) -> BriefScore:
    """Everything about one brief but its file's format."""
    wanted = expected(case)
    names = {key: i.name for key, i in load_lexicon().indicators.items()}
    exact, wrong = score.cells(wanted, brief, names)
    empty, odd = score.empty_cells(wanted, brief, names)
    sourced, unsourced = score.sourced(brief, reports)
    computed, unequal = score.computed(brief)
    covered, missing = score.coverage(wanted, brief)
    recall, precision, lost = score.themes(wanted, brief)
    practices, untold = score.practices(wanted, brief)
    bound, loose = score.bound(brief, reports)
    faults = (*wrong, *odd, *unsourced, *unequal, *missing, *loose, *untold, *lost)
    return BriefScore(
        id=case.id,
        cells=exact,
        empty=empty,
        sourced=sourced,
        computed=computed,
        covered=covered,
        told=recall,
        true=precision,
        practices=practices,
        bound=bound,
        faults=faults,
    )


def _brief(session: Session, case: BriefCase) -> BriefScore:
    started = time.perf_counter()
    lexicon = load_lexicon()
    folder = session.scratch / "briefs" / case.id
    with Store.open(folder) as store:
        request = prepare(case, store, lexicon)
        reports = {row.id: store.report(row.id) for row in store.reports()}
        model = session.brief_model
        try:
            made = make_brief(store, lexicon, request, folder, model=model)
            path = folder / "brief.docx"
            write_brief(made, path)
        except PlainError as error:
            return BriefScore(case.id, problem=f"{type(error).__name__}: {error}")
    found = score_brief(case, made, reports)
    form = [(name, good) for name, good in conformance(path).items() if good is not None]
    broken = tuple(f"版式：{name}" for name, good in form if not good)
    used = (model.themes.ref, model.section.ref) if model else ()
    seconds = round(time.perf_counter() - started, 2)
    faults = (*found.faults, *broken)
    return replace(found, form=tuple(form), faults=faults, seconds=seconds, prompts=used)


def _sum(scored: Iterable[BriefScore], read: Callable[[BriefScore], Rate]) -> Rate:
    return sum((read(made) for made in scored), _NONE)


def _undirected(rates: dict[str, Any]) -> dict[str, Any]:
    """Rates of which more is not simply better, so that no run is worse for them."""
    return {key: {**rate, "better": ""} for key, rate in rates.items()}


Scored = Sequence[tuple[BriefCase, BriefScore]]


def _table(scored: Scored) -> Table:
    rows = []
    for _, label, target, read in _MEASURES:
        rows.append(Row(label, "", _sum((m for _, m in scored), read), target))
        for split, shown in SPLITS.items():
            rows.append(Row(label, shown, _sum((m for c, m in scored if c.split == split), read)))
    return Table(f"{len(scored)} 份简报", rows, plot=True)


def _worst(scored: Scored) -> Table:
    """Briefs of the half that may be looked at."""
    dev = [(c, m) for c, m in scored if c.split == "dev" and m.faults]
    rows = [[c.id, _what(c), "\n".join(m.faults[:_MOST])] for c, m in dev]
    return Table("有毛病的简报（可调半）", [], rows, ("编号", "简报", "毛病"))


def _what(case: BriefCase) -> str:
    return f"合成 {case.count} 份" if case.kind == "synthetic" else "、".join(case.orgs)
