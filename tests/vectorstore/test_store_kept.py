"""What the store keeps in memory is always what the file holds, also beside another process."""

from __future__ import annotations

from pathlib import Path

from made import make_parts, make_report

from vectorstore.store import Store
from vectorstore.types import Scope


def test_another_process_changes_what_is_read_next(tmp_path: Path) -> None:
    report, chunks, quantities = make_parts(make_report())
    with Store.open(tmp_path) as reader, Store.open(tmp_path) as owner:
        assert reader.reports() == []
        assert reader.quantities(report_id=report.id) == []
        owner.add(report, chunks, quantities)
        assert [row.id for row in reader.reports()] == [report.id]
        assert len(reader.quantities(report_id=report.id)) == len(quantities) > 0
        owner.set_scope(report.id, "另一单位", 2030, ())
        assert reader.reports(Scope(orgs=(report.org,))) == []
        assert [row.year for row in reader.reports(Scope(orgs=("另一单位",)))] == [2030]
        assert reader.quantities(report_id=report.id) == []
        owner.delete(report.id)
        assert reader.reports() == []


def test_what_a_caller_does_to_a_list_is_not_seen_by_the_next(tmp_path: Path) -> None:
    report, chunks, quantities = make_parts(make_report())
    with Store.open(tmp_path) as store:
        store.add(report, chunks, quantities)
        for _ in range(2):
            assert store.reports()
            store.reports().clear()
            assert store.quantities(report_id=report.id)
            store.quantities(report_id=report.id).clear()
