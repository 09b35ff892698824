"""The gate: figures and citations without a fault, nothing below the recorded baseline.

Without vectors, so that it takes seconds; `make eval` holds the whole of it, retrieval by meaning
included, against the same baseline.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from evals.compare import changes, load_run
from evals.report import document
from evals.session import Session
from evals.suites import SUITES, run_suites

BASELINE = Path(__file__).parents[2] / "evals" / "baselines" / "extractive.json"
SEED = 7


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Session(Settings(), "extractive", tmp_path_factory.mktemp("gate"), seed=SEED) as opened:
        yield opened


def measured(session: Session, suite: str) -> dict[str, Any]:
    return document(run_suites(suite, session))


def regressions(session: Session, suite: str) -> list[str]:
    told = changes(load_run(BASELINE), measured(session, suite))
    return [str(change) for change in told if change.regression]


def test_the_baseline_is_of_every_suite_and_every_case() -> None:
    baseline = load_run(BASELINE)
    assert set(baseline["metrics"]) == set(SUITES)
    facts = baseline["provenance"]
    assert (facts["engine"], facts["seed"], facts["limit"]) == ("extractive", SEED, None)
    assert facts["commit"]
    assert not facts["commit"].endswith("+"), "recorded from committed code"


def test_every_figure_has_its_source_and_every_citation_is_valid(session: Session) -> None:
    metrics = measured(session, "answer")["metrics"]["answer"]
    assert metrics["unscored"] == {}
    assert metrics["figures"]["precision"]["value"] == 1
    assert metrics["figures"]["precision"]["total"] > 400
    for rate in ("exists", "verbatim"):
        assert metrics["citations"][rate]["value"] == 1
        assert metrics["citations"][rate]["total"] > 300


@pytest.mark.parametrize("suite", ["answer", "refusal", "retrieval"])
def test_nothing_is_worse_than_recorded_beyond_noise(session: Session, suite: str) -> None:
    assert regressions(session, suite) == []


@pytest.mark.slow
@pytest.mark.parametrize("suite", ["injection", "draft", "brief", "judge"])
def test_nothing_that_is_made_is_worse_than_recorded(session: Session, suite: str) -> None:
    assert regressions(session, suite) == []


def test_words_alone_find_no_less_than_recorded(session: Session) -> None:
    """Closer than noise, since the ranking of words is deterministic: a point is a change."""
    old = load_run(BASELINE)["metrics"]["retrieval"]["ways"]["words"]["all"]
    new = measured(session, "retrieval")["metrics"]["retrieval"]["ways"]["words"]["all"]
    below = {k: (old[k]["value"], new[k]["value"]) for k in old
             if new[k]["value"] < old[k]["value"] - 0.01}  # fmt: skip
    assert not below
