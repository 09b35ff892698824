"""Every report of the library checked at once finds what checking each alone does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.check import Comparison, check_report
from assistant.check.library import check_library
from evals.synthetic import synthetic_reports, to_report
from tests.assistant.check_reports import around
from tests.holding import hold
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import correct_scope
from vectorstore.store import Store
from vectorstore.types import Report

OWN = (
    "在渡口两侧设置固定检查点，由水政人员和船检人员轮流值守，对过往砂石船逐船核验采砂凭证，"
    "凭证不符的当场扣留货单并通知码头停止卸载，情节严重的移交水政大队立案，全程录像留存备查。"
)


def held() -> list[Report]:
    batch = [to_report(made) for made in synthetic_reports(12)]
    wrong = "全年立案30件，其中简易程序6件、普通程序11件。"
    own = [around(OWN + wrong, year=2024), around(OWN + wrong, year=2025)]
    return [*batch, *own, replace(around(OWN), org="石渠县水务局")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as store:
        hold(store, *held())
        yield store


def test_the_findings_are_those_of_each_report_alone(store: Store) -> None:
    found = {key: value.findings for key, value in check_library(store)}
    rows = store.reports()
    assert found.keys() == {row.id for row in rows}
    for row in rows:
        before = [r for r in rows if r.org == row.org and (r.year or 0) < (row.year or 0)]
        figures = [q.quantity for r in before for q in store.quantities(report_id=r.id)]
        others = [store.report(r.id) for r in rows if r.org != row.org]
        previous = store.report(before[0].id) if before else None
        mine = [q.quantity for q in store.quantities(report_id=row.id)]
        comparison = Comparison(previous, figures, others)
        assert found[row.id] == check_report(store.report(row.id), mine, comparison)
    rules = {finding.rule for findings in found.values() for finding in findings}
    assert {"copied", "arithmetic"} <= rules


def test_what_was_found_before_is_used_until_it_no_longer_holds(store: Store) -> None:
    first = dict(check_library(store))
    again = dict(check_library(store, first))
    assert again == first
    assert all(again[key].alone is first[key].alone for key in first)
    last_year, this_year = (r for r in store.reports() if r.org == around("").org)
    store.delete(last_year.id)
    lonely = dict(check_library(store, first))[this_year.id]
    assert "本单位2024年" in str(first[this_year.id].findings)
    assert "本单位2024年" not in str(lonely.findings)
    correct_scope(store, this_year.id, "石渠县水务局", 2026, load_lexicon())
    moved = dict(check_library(store, first))[this_year.id]
    assert moved.basis != first[this_year.id].basis
