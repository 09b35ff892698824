from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from made import make_parts, make_quantities, make_report

from vectorstore.errors import NotFoundError, StoreError
from vectorstore.store import FILE_NAME, Store
from vectorstore.tokens import segment
from vectorstore.types import Modality, Part, QuantityKind, Scope

SECRET = "鹬蚌相争卍渔翁得利qzxwvkjy"
WORDS = ("鹬蚌相争", "渔翁得利", "qzxwvkjy")  # as the full-text index has it
OTHER_ORG = "白石县卫生健康局"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_report_comes_back_whole(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    assert store.add(report, chunks, quantities).status == "added"
    assert store.report(report.id) == report
    assert store.chunks_of(report.id) == list(chunks)
    rows = store.quantities()
    assert [row.quantity for row in rows] == list(quantities)
    assert str(rows[1].quantity.value) == "241620.00"
    for row in rows:
        sentence = report.text[row.quantity.sentence_start : row.quantity.sentence_end]
        assert (row.sentence, row.part) == (sentence, Part.MEASURES)


def test_listing_says_what_is_there(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, chunks, quantities)
    (row,) = store.reports()
    assert (row.id, row.org, row.year, row.path) == (report.id, report.org, 2025, "青禾.txt")
    assert (row.n_chunks, row.n_quantities) == (len(chunks), 2)
    assert row.parts == report.parts
    assert row.notes == report.notes
    assert row.is_annual


def test_survives_closing(tmp_path: Path) -> None:
    parts = make_parts(make_report())
    with Store.open(tmp_path) as store:
        store.add(*parts)
    with Store.open(tmp_path) as store:
        assert store.report(parts[0].id) == parts[0]
        assert store.lexical(["立案"], Scope(), 5)


def test_same_content_from_another_path_is_unchanged_and_remembered(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, chunks, quantities)
    stamps = [store.generation()]
    for path in ("青禾.txt", "副本.txt", "副本.txt"):
        assert store.add(replace(report, path=path), chunks, quantities).status == "unchanged"
        stamps.append(store.generation())
        (row,) = store.reports()  # what was listed before is not shown again
        assert row.other_paths == (() if path == "青禾.txt" else ("副本.txt",))
    assert row.path == "青禾.txt"
    assert stamps[0] == stamps[1] != stamps[2] == stamps[3]


def test_new_content_replaces_and_the_old_is_unreachable(store: Store) -> None:
    old = make_parts(make_report(lead=f"旧稿提到{SECRET}。"))
    new = make_parts(make_report(lead="新稿。", path="新.txt"))
    store.add(*old)
    result = store.add(*new)
    assert result.status == "replaced"
    assert "青禾.txt" in result.reason
    assert [row.id for row in store.reports()] == [new[0].id]
    with pytest.raises(NotFoundError):
        store.report(old[0].id)
    assert store.lexical(segment(SECRET), Scope(), 5) == []
    assert store.chunks([chunk.id for chunk in old[1]]) == {}
    assert {row.report_id for row in store.quantities()} == {new[0].id}


def test_same_file_name_from_two_bureaus_keeps_both(store: Store) -> None:
    store.add(*make_parts(make_report(path="年度报告.docx")))
    assert store.add(*make_parts(make_report(OTHER_ORG, path="年度报告.docx"))).status == "added"
    assert len(store.reports()) == 2


@pytest.mark.parametrize(("org", "year"), [("", 2025), ("青禾县卫生健康局", None), ("", None)])
def test_unknown_place_replaces_nothing(store: Store, org: str, year: int | None) -> None:
    for lead in ("甲", "乙"):
        assert store.add(*make_parts(make_report(org, year, lead=lead))).status == "added"
    assert len(store.reports()) == 2


def test_other_reports_of_the_year_need_the_same_title_to_replace(store: Store) -> None:
    def add(title: str, lead: str, is_annual: bool = False) -> str:
        report = make_report(title=title, lead=lead, is_annual=is_annual)
        return store.add(*make_parts(report)).status

    assert add("普法工作总结", "甲") == "added"
    assert add("执法工作总结", "甲") == "added"
    assert add("年度报告", "甲", is_annual=True) == "added"
    assert add("普法工作总结", "乙") == "replaced"
    assert len(store.reports()) == 3


def test_scope_narrows_everything(store: Store) -> None:
    store.add(*make_parts(make_report()))
    store.add(*make_parts(make_report(OTHER_ORG, 2024)))
    assert [r.org for r in store.reports(Scope(years=(2024,)))] == [OTHER_ORG]
    assert store.reports(Scope(parts=(Part.OTHER,))) == []
    whole = store.chunk_count()
    assert store.chunk_count(Scope(orgs=(OTHER_ORG,))) == whole // 2
    assert store.chunk_count(Scope(parts=(Part.SHORTCOMINGS,))) == 2
    found = store.lexical(["执法"], Scope(years=(2024,), parts=(Part.SHORTCOMINGS,)), 9)
    (hit,) = store.chunks([chunk_id for chunk_id, _ in found]).values()
    assert (hit.org, hit.year, hit.chunk.part) == (OTHER_ORG, 2024, Part.SHORTCOMINGS)


def test_chunks_come_in_the_order_asked(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, chunks, quantities)
    ids = [chunk.id for chunk in chunks][::-1]
    assert list(store.chunks([*ids, "unknown"])) == ids


def test_ledger_filters_by_the_figures_own_scope(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    store.add(report, chunks, quantities)
    filed, fines = store.quantities()
    assert (filed.org, filed.year) == (report.org, 2025)
    assert (fines.org, fines.year) == ("青禾县", 2024)
    assert store.quantities(Scope(years=(2024,))) == [fines]
    assert store.quantities(Scope(orgs=(report.org,))) == [filed]
    assert store.quantities(Scope(parts=(Part.OTHER,))) == []
    assert store.quantities(canonical="fines") == [fines]
    assert store.quantities(modality=Modality.ACTUAL) == [filed]
    assert store.quantities(kind=QuantityKind.DATE) == []
    assert store.quantities(report_id=report.id) == [filed, fines]
    assert store.quantities(report_id="unknown") == []


def test_scope_is_corrected_by_hand(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report("", None))
    store.add(report, chunks, quantities)
    store.set_scope(report.id, "青禾县卫生健康局", 2025, quantities[:1])
    (row,) = store.reports(Scope(orgs=("青禾县卫生健康局",), years=(2025,)))
    assert row.n_quantities == 1
    (figure,) = store.quantities()
    assert (figure.org, figure.year) == ("青禾县卫生健康局", 2025)
    assert store.add(*make_parts(make_report(lead="新稿"))).status == "replaced"


def test_scope_is_not_corrected_onto_another_report(store: Store) -> None:
    store.add(*make_parts(make_report()))
    stray = make_report("", None, lead="乙")
    store.add(*make_parts(stray))
    with pytest.raises(StoreError, match="已有"):
        store.set_scope(stray.id, "青禾县卫生健康局", 2025, ())
    assert store.report(stray.id).org == ""


def test_unknown_id_is_not_found(store: Store) -> None:
    for call in (store.report, store.delete, store.chunks_of):
        with pytest.raises(NotFoundError):
            call("unknown")
    with pytest.raises(NotFoundError):
        store.set_scope("unknown", "", None, ())


def test_a_failed_add_leaves_the_old_report(store: Store) -> None:
    old = make_parts(make_report())
    store.add(*old)
    report, chunks, _ = make_parts(make_report(lead="新稿"))
    bad = replace(make_quantities(report)[0], unit="\ud800")  # cannot be written as UTF-8
    with pytest.raises(UnicodeEncodeError):
        store.add(report, chunks, (bad,))
    assert store.report(old[0].id) == old[0]
    assert store.chunks_of(old[0].id) == list(old[1])
    assert len(store.lexical(["立案"], Scope(), 9)) == 1


@pytest.mark.parametrize("how", ["delete", "replace"])
def test_purged_text_is_in_no_file(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "data"
    with Store.open(folder) as store:
        for number in range(12):
            store.add(*make_parts(make_report(f"第{number}县司法局", lead="年度总结。" * 40)))
        doomed = make_parts(make_report(lead=f"本年{SECRET}。" * 50, path=f"{SECRET}.txt"))
        store.add(*doomed)
        store.add(replace(doomed[0], path=f"副本{SECRET}.txt"), *doomed[1:])
        assert SECRET.encode() in bytes_of(folder)
        if how == "delete":
            store.delete(doomed[0].id)
        else:
            store.add(*make_parts(make_report(lead="新稿")))
            assert store.purge()
        left = bytes_of(folder)
        assert not [word for word in (SECRET, *WORDS) if word.encode() in left]
        assert "年度总结".encode() in left
    assert SECRET.encode() not in bytes_of(folder)


def test_no_copy_is_left_in_the_gaps_of_pages(tmp_path: Path) -> None:
    """Rows of many sizes make SQLite split pages, which leaves copies that deleting misses."""
    random = Random(6)  # with this seed zeroing what is deleted leaves some
    with Store.open(tmp_path) as store:
        marks = {}
        for number in range(40):
            mark = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=14))
            body = "正文。" * random.randint(0, 500) + mark + "后文。" * random.randint(0, 700)
            report = make_report(f"{number}县", outline=[(1, "一、", mark, None, body)], path=mark)
            store.add(*make_parts(report))
            marks[report.id] = mark
        for report_id in random.sample(sorted(marks), 12):
            store.delete(report_id)
            assert marks.pop(report_id).encode() not in bytes_of(tmp_path)
        assert {row.id for row in store.reports()} == set(marks)


def test_several_are_deleted_together_or_not_at_all(store: Store) -> None:
    ids = []
    for org in ("甲局", "乙局", "丙局"):
        parts = make_parts(make_report(org))
        ids.append(store.add(*parts).report_id)
    with pytest.raises(NotFoundError):
        store.delete(ids[0], "unknown")
    assert len(store.reports()) == 3
    store.delete(*ids[:2])
    assert [row.id for row in store.reports()] == ids[2:]


def test_generation_changes_with_content(store: Store) -> None:
    report, chunks, quantities = make_parts(make_report())
    seen = {store.generation()}
    store.add(report, chunks, quantities)
    seen.add(store.generation())
    store.set_scope(report.id, "另一单位", 2025, quantities)
    seen.add(store.generation())
    store.delete(report.id)
    seen.add(store.generation())
    assert len(seen) == 4


def test_the_file_has_its_name_and_closing_is_final(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.close()
    assert (tmp_path / FILE_NAME).is_file()
    with pytest.raises(StoreError):
        store.reports()
