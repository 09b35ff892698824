"""What changed between two runs, and what of it is more than noise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assistant.cli.main import app
from evals.compare import CompareError, changes, load_run, unlike
from evals.results import errors_json
from evals.stats import Balanced, Mean, Rate, differs


def run_of(**metrics: Any) -> dict[str, Any]:
    return {
        "provenance": {"engine": "extractive", "dataset": {"s": "1"}},
        "metrics": {"s": metrics},
    }


def rate(hits: int, total: int = 200) -> dict[str, Any]:
    return Rate(hits, total).to_json()


def test_a_drop_beyond_noise_is_a_regression_and_a_small_one_is_not() -> None:
    old = run_of(a=rate(190), b=rate(190), c=rate(190))
    told = {c.name: c for c in changes(old, run_of(a=rate(160), b=rate(186), c=rate(190)))}
    assert told["s/a"].regression
    assert told["s/b"].worse
    assert not told["s/b"].regression
    assert "s/c" not in told


# Two proportions, 45/50 against 35/50: pooled p = 0.8, standard error 0.08, z = 2.5.
# And 45/50 against 39/50: p = 0.84, standard error 0.0733, z = 1.64.
@pytest.mark.parametrize(("hits", "beyond"), [(35, True), (39, False)])
def test_two_proportions_by_hand(hits: int, beyond: bool) -> None:
    (change,) = changes(run_of(a=rate(45, 50)), run_of(a=rate(hits, 50)))
    assert change.beyond_noise is beyond


def test_more_errors_are_the_regression_where_fewer_are_better() -> None:
    old, new = (run_of(a=errors_json(Rate(hits, 200))) for hits in (2, 40))
    assert changes(old, new)[0].regression
    assert not changes(new, old)[0].worse


def test_a_score_without_trials_or_direction_is_left_out() -> None:
    none, neutral = rate(0, 0), {**rate(5), "better": ""}
    assert changes(run_of(a=none, b=rate(5)), run_of(a=rate(0), b=none)) == []
    assert changes(run_of(a=neutral), run_of(a={**rate(150), "better": ""})) == []


def test_means_differ_by_their_own_variance() -> None:
    old = run_of(a=Mean.of([1.0] * 90 + [0.5] * 10).to_json())
    near = run_of(a=Mean.of([1.0] * 88 + [0.5] * 12).to_json())
    far = run_of(a=Mean.of([1.0] * 30 + [0.2] * 70).to_json())
    assert not changes(old, near)[0].regression
    assert changes(old, far)[0].regression


def test_runs_that_are_unlike_say_so() -> None:
    old, new = run_of(a=rate(1)), run_of(a=rate(1))
    new["provenance"] = {"engine": "openai", "dataset": {"s": "2"}}
    assert unlike(old, old) == []
    assert unlike(old, new) == ["引擎不同：extractive → openai", "s 的数据不同"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"metrics": 3}'])
def test_a_file_that_is_no_run_is_a_user_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(text, "utf-8")
    with pytest.raises(CompareError):
        load_run(path)
    with pytest.raises(CompareError):
        load_run(tmp_path / "absent.json")


def test_the_command_fails_on_a_regression_and_only_then(tmp_path: Path) -> None:
    command = ["eval", "--suite", "refusal", "--limit", "20", "-o", str(tmp_path), "--json"]
    first = CliRunner().invoke(app, [*command])
    assert first.exit_code == 0, first.output
    recorded = json.loads((tmp_path / "refusal.json").read_text("utf-8"))
    better = tmp_path / "better.json"
    again = CliRunner().invoke(app, [*command, "--compare", str(tmp_path / "refusal.json")])
    assert (again.exit_code, json.loads(again.stdout)["changes"]) == (0, [])
    recorded["metrics"]["refusal"]["answered"] = Rate(5000, 5000).to_json()
    recorded["metrics"]["refusal"]["declined"] = {**Rate(1, 9999).to_json(), "better": "lower"}
    better.write_text(json.dumps(recorded), "utf-8")
    done = CliRunner().invoke(app, [*command, "--compare", str(better)])
    told = {change["name"]: change for change in json.loads(done.stdout)["changes"]}
    assert done.exit_code == int(any(change["regression"] for change in told.values())) == 1


# scores


@given(st.lists(st.floats(0, 1), min_size=2, max_size=60))
def test_a_mean_lies_in_its_interval(values: list[float]) -> None:
    mean = Mean.of(values)
    assert mean.value is not None
    assert mean.interval.low - 1e-9 <= mean.value <= mean.interval.high + 1e-9


def test_a_balanced_mean_counts_both_sides_the_same() -> None:
    both = Balanced(Rate(90, 100), Rate(1, 2))
    assert both.value == pytest.approx(0.7)
    assert both.interval.high - both.interval.low > 0.3, "two trials tell little"
    assert Balanced(Rate(9, 9), Rate(0, 0)).value is None
    assert Mean.of([]).value is None
    assert Mean.of([0.5]).to_json()["variance"] is None


def test_nothing_differs_without_spread() -> None:
    assert not differs(0.1, 0.9, float("inf"))
    assert not differs(0.5, 0.5, 0.0)
