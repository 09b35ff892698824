"""The suites by name, and the run of one or of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.journal import Journal
from evals.library import SAMPLES
from evals.provenance import Provenance, commit, dataset_hash
from evals.results import SuiteResult
from evals.session import Session

__all__ = ["SUITES", "Run", "facts", "keep_journal", "run_suites"]

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Suite:
    """How a suite is run, the files its cases come from, and the prompts it may use."""

    run: Callable[[Session], SuiteResult]
    data: Sequence[Path]
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured, and with what; `name` is the suite's or “all”."""

    name: str
    results: Sequence[SuiteResult]
    provenance: Provenance


def _quantities(session: Session) -> SuiteResult:
    from evals.quantities.suite import PER_HALF, run

    return run(session.seed, min(session.limit or PER_HALF, PER_HALF))


def _answer(session: Session) -> SuiteResult:
    from evals.answers.suite import run

    return run(session)


def _refusal(session: Session) -> SuiteResult:
    from evals.refusal import run

    return run(session)


def _retrieval(session: Session) -> SuiteResult:
    from evals.retrieval.suite import run

    return run(session)


def _draft(session: Session) -> SuiteResult:
    from evals.draft.suite import run

    return run(session)


def _brief(session: Session) -> SuiteResult:
    from evals.brief.suite import run

    return run(session)


def _judge(session: Session) -> SuiteResult:
    from evals.judge.suite import run

    return run(session)


def _injection(session: Session) -> SuiteResult:
    from evals.injection.suite import run

    return run(session)


_ASK = ("answer", "repair", "rewrite")
_QUESTIONS = (_DATA / "questions.jsonl", SAMPLES)
SUITES = {
    "quantities": Suite(_quantities, (_DATA / "quantities", SAMPLES)),
    "answer": Suite(_answer, _QUESTIONS, _ASK),
    "refusal": Suite(_refusal, _QUESTIONS, _ASK),
    "retrieval": Suite(_retrieval, _QUESTIONS),
    "draft": Suite(_draft, (_DATA / "draft", SAMPLES), ("draft_section",)),
    "brief": Suite(
        _brief,
        (_DATA / "brief.jsonl", _DATA / "brief_phrases.yaml", SAMPLES),
        ("brief_themes", "brief_section"),
    ),
    "injection": Suite(_injection, (_DATA / "injection.jsonl",), _ASK),
    "judge": Suite(_judge, (_DATA / "judge.jsonl",), ("judge",)),
}


def facts(name: str, session: Session) -> dict[str, Any]:
    """The conditions under which records of one run may be joined with those of another."""
    import prompts

    chosen = _chosen(name) | (_chosen("judge") if session.judge else {})
    return {
        "engine": session.engine,
        "model": session.model,
        "judge": session.judge or "",
        "seed": session.seed,
        "limit": session.limit,
        "dataset": _hashes(chosen),
        "prompts": [prompts.load(name).ref for suite in chosen.values() for name in suite.prompts],
    }


def keep_journal(name: str, session: Session, folder: Path, *, resume: bool) -> None:
    """Let `session` keep each case in `folder`, and with `resume` take what is there.

    Raises ResumeError.
    """
    path = folder / f"{name}.journal.jsonl"
    session.journal = Journal.start(path, facts(name, session), commit(), resume=resume)


def run_suites(name: str, session: Session) -> Run:
    """Run one suite, or every one for “all”. Raises KeyError on a name that is no suite."""
    from evals.bench.measure import machine

    chosen = _chosen(name)
    made = Provenance(
        engine=session.engine,
        model=session.model,
        seed=session.seed,
        limit=session.limit,
        commit="、".join(session.journal.commits) or commit(),
        machine=machine(),
        dataset=_hashes(chosen),
        prompts=(),
    )
    results = [suite.run(session) for suite in chosen.values()]
    used = tuple(dict.fromkeys(ref for result in results for ref in result.prompts))
    return Run(name, results, replace(made, prompts=used))


def _chosen(name: str) -> dict[str, Suite]:
    return SUITES if name == "all" else {name: SUITES[name]}


def _hashes(chosen: Mapping[str, Suite]) -> dict[str, str]:
    return {key: dataset_hash(suite.data) for key, suite in chosen.items()}
