"""The draft suite: every case drafted, written as .docx, and that file scored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.draft import Draft, draft, write
from assistant.draft.evidence import verify_draft
from evals.draft import score
from evals.draft.cases import DraftCase, load_cases, prepare, source_of
from evals.draft.file import read_file
from evals.draft.form import conformance
from evals.draft.score import DraftScore
from evals.results import SPLITS, Row, SuiteResult, Table, errors_json
from evals.session import Session
from evals.stats import Rate
from vectorstore.chunk import chunk
from vectorstore.errors import PlainError
from vectorstore.indicators import load_lexicon
from vectorstore.quantities import extract
from vectorstore.store import Store

__all__ = ["KINDS", "run", "score_file"]

KINDS = {"report": "年度报告", "plan": "工作安排"}
_SCORE = TypeAdapter(DraftScore)
_NONE = Rate(0, 0)

# Name, label, target, whether less is better, and how to read it off one draft.
_MEASURES: tuple[tuple[str, str, float | None, bool, Callable[[DraftScore], Rate]], ...] = (
    ("parts", "官方要求的部分齐全", 1.0, False, lambda d: d.parts),
    ("placeholder_recall", "没有提供的数都成了待填", 0.95, False, lambda d: d.blanks),
    ("stale", "上年的数当成今年的（按字查）", 0.0, True, lambda d: d.stale),
    ("left_over", "上年的数当成今年的（核对）", 0.0, True, lambda d: d.left_over),
    ("bound", "数字有出处（核对）", 1.0, False, lambda d: d.figures),
    ("known", "数字在素材里找得到（按字查）", 1.0, False, lambda d: d.known),
    ("placed", "提供的数写在对的指标下", 0.95, False, lambda d: d.placed),
    ("commitments", "上年承诺都有交代且状态对", 0.95, False, lambda d: d.tasks),
    ("format", "版式合规（GB/T 9704，逐条）", 1.0, False, lambda d: _form(d.form)),
)


def run(session: Session) -> SuiteResult:
    """Draft, write, read back, score; no case of the held-out half is shown."""
    started = time.perf_counter()
    cases = session.drawn(load_cases(), lambda case: (case.split, case.kind))
    told = session.each(
        ("draft", "起草"),
        cases,
        lambda case: case.id,
        _SCORE,
        lambda case: _draft(session, case),
        keep=lambda made: not made.problem,
    )
    pairs = list(zip(cases, told, strict=True))
    scored = [(case, made) for case, made in pairs if not made.problem]
    metrics: dict[str, Any] = {name: _json(scored, name) for name, *_ in _MEASURES}
    metrics["cases"] = len(scored)
    metrics["seconds"] = round(time.perf_counter() - started, 1)
    problems: dict[str, int] = {}
    for _, made in pairs:
        if made.problem:
            problems[made.problem] = problems.get(made.problem, 0) + 1
    return SuiteResult(
        name="draft",
        title="起草",
        metrics=metrics,
        tables=(_table(scored), _form_table([made for _, made in scored])),
        worst=(_worst(scored),),
        files={"drafts.jsonl": [_SCORE.dump_python(made, mode="json") for _, made in pairs]},
        unscored=problems,
        prompts=tuple(dict.fromkeys(ref for _, made in scored for ref in made.prompts)),
    )


def score_file(case: DraftCase, source: str, path: Path, missing: Sequence[str] = ()) -> DraftScore:
    """Everything about one written draft; `missing` are figures the sheet had no row for."""
    file = read_file(path)
    wanted = score.labels(case, source)
    report = case.kind == "report" or case.year > score.year_of(source) + 1
    checked = verify_draft(path)
    figures, left_over, unbound = score.bound(checked.checked if checked else ())
    there, lacking = score.parts(case, file)
    blanks, unasked = score.placeholders(wanted, file) if report else (_NONE, [])
    old, kept = score.stale(case, wanted, file)
    numbers, strange = score.known(case, source, file)
    printed, lost = score.placed(case, file, missing)
    tasks, untold = score.commitments(case, file)
    form = {name: good for name, good in conformance(path).items() if good is not None}
    broken = [f"版式：{name}" for name, good in form.items() if not good]
    faults = (*lacking, *kept, *unbound, *strange, *lost, *untold, *unasked, *broken)
    return DraftScore(
        id=case.id,
        parts=there,
        blanks=blanks,
        stale=old,
        figures=figures,
        left_over=left_over,
        known=numbers,
        placed=printed,
        tasks=tasks,
        form=tuple(form.items()),
        faults=faults,
    )


def _draft(session: Session, case: DraftCase) -> DraftScore:
    started = time.perf_counter()
    folder = session.scratch / "drafts" / case.id
    source = source_of(case)
    lexicon = load_lexicon()
    with Store.open(folder) as store:
        store.add(source, chunk(source), extract(source, lexicon))
        try:
            made, path, missing = _write(session, case, store, folder)
        except PlainError as error:
            return DraftScore(case.id, problem=f"{type(error).__name__}: {error}")
    if session.engine != "extractive" and made.engine == "extractive":
        return DraftScore(case.id, problem="大模型没有写成，已按规则起草")
    found = score_file(case, source.text, path, missing)
    seconds = round(time.perf_counter() - started, 2)
    return replace(found, seconds=seconds, prompts=made.prompt_refs)


def _write(
    session: Session, case: DraftCase, store: Store, folder: Path
) -> tuple[Draft, Path, tuple[str, ...]]:
    request, missing = prepare(case, store, folder)
    lexicon = load_lexicon()
    made = draft(store, lexicon, request, session.polisher)
    path = folder / "draft.docx"
    write(made, path, lexicon)
    return made, path, missing


def _form(rules: Iterable[tuple[str, bool]]) -> Rate:
    told = [good for _, good in rules]
    return Rate(sum(told), len(told))


def _sum(scored: Iterable[DraftScore], read: Callable[[DraftScore], Rate]) -> Rate:
    return sum((read(made) for made in scored), _NONE)


Scored = Sequence[tuple[DraftCase, DraftScore]]


def _json(scored: Scored, name: str) -> dict[str, Any]:
    _, _, _, lower, read = next(m for m in _MEASURES if m[0] == name)
    tell = errors_json if lower else Rate.to_json
    halves = {s: tell(_sum((m for c, m in scored if c.split == s), read)) for s in SPLITS}
    return {"all": tell(_sum((m for _, m in scored), read)), **halves}


def _table(scored: Scored) -> Table:
    rows = []
    for _, label, target, lower, read in _MEASURES:
        rows.append(Row(label, "", _sum((m for _, m in scored), read), target, lower=lower))
        for split, shown in SPLITS.items():
            rate = _sum((m for c, m in scored if c.split == split), read)
            rows.append(Row(label, shown, rate, lower=lower))
        for kind, shown in KINDS.items():
            rate = _sum((m for c, m in scored if c.kind == kind), read)
            rows.append(Row(label, shown, rate, lower=lower))
    return Table(f"{len(scored)} 份草稿，对写成的文件评分", rows, plot=True)


def _form_table(scored: Sequence[DraftScore]) -> Table:
    names = dict.fromkeys(name for made in scored for name, _ in made.form)
    rows = [
        Row(name, "", _form(pair for made in scored for pair in made.form if pair[0] == name), 1.0)
        for name in names
    ]
    return Table("版式逐条（没有这一项的文件不计）", rows)


def _worst(scored: Scored) -> Table:
    """Drafts of the half that may be looked at, those with the most faults first."""
    dev = [(c, m) for c, m in scored if c.split == "dev" and m.faults]
    rows = [
        [c.id, f"{c.org}{c.year}年{KINDS[c.kind]}", "\n".join(m.faults)]
        for c, m in sorted(dev, key=lambda pair: -len(pair[1].faults))
    ]
    return Table("有毛病的草稿（可调半）", [], rows, ("编号", "草稿", "毛病"))
