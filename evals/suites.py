"""The suites by name, and the run of one or of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.library import SAMPLES
from evals.provenance import Provenance, commit, dataset_hash
from evals.results import SuiteResult
from evals.session import Session

__all__ = ["SUITES", "Run", "run_suites"]

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Suite:
    """How a suite is run, and the files its cases come from."""

    run: Callable[[Session], SuiteResult]
    data: Sequence[Path]


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


def _injection(session: Session) -> SuiteResult:
    from evals.injection.suite import run

    return run(session)


_QUESTIONS = (_DATA / "questions.jsonl", SAMPLES)
SUITES = {
    "quantities": Suite(_quantities, (_DATA / "quantities", SAMPLES)),
    "answer": Suite(_answer, _QUESTIONS),
    "refusal": Suite(_refusal, _QUESTIONS),
    "retrieval": Suite(_retrieval, _QUESTIONS),
    "injection": Suite(_injection, (_DATA / "injection.jsonl",)),
}


def run_suites(name: str, session: Session) -> Run:
    """Run one suite, or every one for “all”. Raises KeyError on a name that is no suite."""
    from evals.bench.measure import machine

    chosen = SUITES if name == "all" else {name: SUITES[name]}
    start = machine()
    results = [suite.run(session) for suite in chosen.values()]
    provenance = Provenance(
        engine=session.engine,
        model=session.model,
        seed=session.seed,
        limit=session.limit,
        commit=commit(),
        machine=start,
        dataset={key: dataset_hash(suite.data) for key, suite in chosen.items()},
        prompts=tuple(dict.fromkeys(ref for result in results for ref in result.prompts)),
    )
    return Run(name, results, provenance)
