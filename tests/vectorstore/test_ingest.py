from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vectorstore.errors import EmbeddingError, NotFoundError, StorageFullError
from vectorstore.indicators import Indicator, Lexicon, load_lexicon
from vectorstore.ingest import (
    FileRecord,
    IngestSummary,
    Target,
    correct_scope,
    embed_pending,
    ingest,
    renew_figures,
)
from vectorstore.parse import parse
from vectorstore.quantities.version import rules_version
from vectorstore.store import Store
from vectorstore.tokens import segment
from vectorstore.types import Dimension, Report, Scope

BODY = """{org}2025年法治政府建设年度报告
2025年，我局深入推进法治建设。现将有关情况报告如下：
一、主要举措和成效
（一）规范执法。全年立案14起，罚没款24.162万元。
（二）普法宣传。开展普法活动12场次。
二、存在的不足和原因
执法力量薄弱。
三、下一年度工作安排
组织法治培训不少于10场。
{org}
2026年1月15日
"""


class FakeEmbedder:
    """Vectors from a text's bytes; fails or is interrupted when told to."""

    def __init__(self, name: str = "fake", fail_after: int | None = None) -> None:
        self.name = name
        self.dim = 8
        self.texts: list[str] = []
        self.fail_after = fail_after
        self.error: BaseException = EmbeddingError("端点没有响应。", "请检查网络。")

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.fail_after is not None and len(self.texts) >= self.fail_after:
            raise self.error
        self.texts.extend(texts)
        return np.array([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        counts = np.bincount(np.frombuffer(text.encode(), np.uint8) % 8, minlength=8)
        return counts.astype(np.float32)


@dataclass
class Seen:
    files: list[tuple[str, int, int]] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)

    def file_done(self, record: FileRecord, done: int, total: int) -> None:
        self.files.append((record.status, done, total))

    def embedded(self, done: int, total: int) -> None:
        self.texts.append((done, total))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    for org in ("青禾县司法局", "白石县教育局", "云溪县民政局"):
        (made / f"{org}.txt").write_text(BODY.format(org=org), "utf-8")
    return made


def run(store: Store, lexicon: Lexicon, *paths: Path, **options: object) -> IngestSummary:
    return ingest(paths, store, reader=options.pop("reader", parse), lexicon=lexicon, **options)  # type: ignore[arg-type]


def test_a_folder_becomes_reports_chunks_figures_and_words(
    store: Store, lexicon: Lexicon, folder: Path
) -> None:
    seen = Seen()
    summary = run(store, lexicon, folder, progress=seen)
    assert [record.status for record in summary.reports] == ["added"] * 3
    assert {record.org for record in summary.reports} == {row.org for row in store.reports()}
    assert all(record.year == 2025 and record.id and record.title for record in summary.reports)
    assert seen.files == [("added", done, 3) for done in (1, 2, 3)]
    assert len(store.lexical(segment("罚没款"), Scope(), 9)) == 3
    filed = [row for row in store.quantities() if row.quantity.text.startswith("14")]
    assert {str(row.quantity.value) for row in filed} == {"14"}
    assert summary.seconds > 0


def test_again_changes_nothing(store: Store, lexicon: Lexicon, folder: Path) -> None:
    run(store, lexicon, folder)
    before = store.generation()
    assert {r.status for r in run(store, lexicon, folder).reports} == {"unchanged"}
    assert store.generation() == before


def test_a_bad_file_fails_alone_with_its_reason(
    store: Store, lexicon: Lexicon, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "空.txt").write_text("")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")

    def reader(path: Path) -> Report:
        if path.name.startswith("白石"):
            raise ZeroDivisionError("a bug")
        return parse(path)

    summary = run(store, lexicon, folder, folder / "没有.txt", reader=reader)
    failed = {Path(r.path).name: r.reason for r in summary.reports if r.status == "failed"}
    assert set(failed) == {"空.txt", "坏.docx", "白石县教育局.txt", "没有.txt"}
    assert all(failed.values())
    assert "请" in failed["坏.docx"]
    assert "ZeroDivisionError" in failed["白石县教育局.txt"]
    assert "a bug" in caplog.text
    assert len(store.reports()) == 2


def test_members_of_an_archive_are_named_without_our_scratch_folder(
    store: Store, lexicon: Lexicon, tmp_path: Path
) -> None:
    archive = tmp_path / "报送.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("一/年度报告.txt", BODY.format(org="青禾县司法局"))
        file.writestr("二/年度报告.txt", BODY.format(org="白石县教育局"))
    summary = run(store, lexicon, archive)
    assert [record.status for record in summary.reports] == ["added"] * 2
    for record in summary.reports:
        assert record.path.startswith("报送")
        assert store.report(record.id).path == record.path


def test_embedding_is_counted_and_never_repeated(
    store: Store, lexicon: Lexicon, folder: Path
) -> None:
    embedder, seen = FakeEmbedder(), Seen()
    summary = run(store, lexicon, folder, embedder=embedder, progress=seen)
    assert summary.embedded == len(embedder.texts) == len(set(embedder.texts))
    assert seen.texts[-1] == (summary.embedded, summary.embedded)
    assert summary.pending == 0
    assert len(store.vectors("fake").chunk_ids) == store.chunk_count()
    assert run(store, lexicon, folder, embedder=embedder).embedded == 0


def many(folder: Path) -> None:
    for number in range(8):
        text = BODY.format(org=f"第{number}县司法局").replace("力量薄弱", f"力量薄弱{number}")
        (folder / f"{number}.txt").write_text(text, "utf-8")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), EmbeddingError("端点没有响应。")])
def test_stopping_between_batches_keeps_them_and_the_next_run_goes_on(
    store: Store, lexicon: Lexicon, folder: Path, error: BaseException
) -> None:
    many(folder)
    embedder = FakeEmbedder(fail_after=1)
    embedder.error = error
    summary = run(store, lexicon, folder, embedder=embedder)
    assert summary.interrupted == isinstance(error, KeyboardInterrupt)
    assert bool(summary.problem) == isinstance(error, EmbeddingError)
    assert len(summary.reports) == len(store.reports()) == 11
    kept = len(embedder.texts)
    assert 0 < kept < kept + summary.pending
    embedder.fail_after = None
    assert run(store, lexicon, folder, embedder=embedder).embedded == summary.pending
    assert len(embedder.texts) == len(set(embedder.texts)) == kept + summary.pending


def test_ctrl_c_while_reading_keeps_what_was_stored(
    store: Store, lexicon: Lexicon, folder: Path
) -> None:
    def reader(path: Path) -> Report:
        if store.reports():
            raise KeyboardInterrupt
        return parse(path)

    summary = run(store, lexicon, folder, reader=reader)
    assert summary.interrupted
    assert len(summary.reports) == len(store.reports()) == 1
    statuses = [record.status for record in run(store, lexicon, folder).reports]
    assert sorted(statuses) == ["added", "added", "unchanged"]


def test_another_model_is_refused_before_anything_is_written(
    store: Store, lexicon: Lexicon, folder: Path
) -> None:
    first, *rest = sorted(folder.iterdir())
    run(store, lexicon, first, embedder=FakeEmbedder("old"))
    with pytest.raises(EmbeddingError, match="old"):
        run(store, lexicon, *rest, embedder=FakeEmbedder("new"))
    assert len(store.reports()) == 1
    summary = run(store, lexicon, *rest, embedder=FakeEmbedder("new"), reembed=True)
    assert summary.pending == 0
    assert store.models() == ["new"]
    assert len(store.vectors("new").chunk_ids) == store.chunk_count()


def test_a_replaced_report_is_wiped_at_the_end(
    store: Store, lexicon: Lexicon, folder: Path, tmp_path: Path
) -> None:
    path = folder / "青禾县司法局.txt"
    path.write_text(path.read_text("utf-8").replace("薄弱", "薄弱qzxwvkjy"), "utf-8")
    run(store, lexicon, path)
    path.write_text(BODY.format(org="青禾县司法局"), "utf-8")
    (record,) = run(store, lexicon, path).reports
    assert record.status == "replaced"
    assert record.reason
    files = [file for file in (tmp_path / "data").rglob("*") if file.is_file()]
    assert b"qzxwvkjy" not in b"".join(file.read_bytes() for file in files)
    assert len(list((tmp_path / "data" / "originals").iterdir())) == 1


def test_a_full_disk_stops_the_batch(
    store: Store, lexicon: Lexicon, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFullError("磁盘已满。")

    monkeypatch.setattr(store, "add", full)
    with pytest.raises(StorageFullError):
        run(store, lexicon, folder)


def test_wrong_number_of_vectors_is_refused(store: Store, lexicon: Lexicon, folder: Path) -> None:
    class Short(FakeEmbedder):
        def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return super().passages(texts)[:-1]

    run(store, lexicon, folder)
    with pytest.raises(EmbeddingError):
        embed_pending(store, Short())
    assert store.models() == []


def test_a_corrected_scope_reads_the_figures_anew(
    store: Store, lexicon: Lexicon, tmp_path: Path
) -> None:
    path = tmp_path / "报告.txt"
    text = BODY.format(org="").replace("2025年", "").replace("2026年1月15日", "")
    path.write_text(text, "utf-8")
    (record,) = run(store, lexicon, path).reports
    correct_scope(store, record.id, "青禾县司法局", 2023, lexicon)
    (row,) = store.reports(Scope(orgs=("青禾县司法局",), years=(2023,)))
    assert row.n_quantities == len(store.quantities(report_id=record.id)) > 0
    assert store.quantities(Scope(orgs=("青禾县司法局",), years=(2023,)))
    with pytest.raises(NotFoundError):
        correct_scope(store, "unknown", "", None, lexicon)


def test_figures_read_by_other_rules_are_read_anew(
    store: Store, lexicon: Lexicon, folder: Path
) -> None:
    path = folder / "青禾县司法局.txt"
    (record,) = run(store, lexicon, path).reports
    correct_scope(store, record.id, "青禾县法治办", 2023, lexicon)
    whole = store.quantities(report_id=record.id)
    assert renew_figures(store, lexicon) == 0
    store.set_figures(record.id, [whole[0].quantity], "rules of last year")
    assert [r.status for r in run(store, lexicon, path).reports] == ["unchanged"]
    assert store.quantities(report_id=record.id) == whole
    (row,) = store.reports()
    assert (row.org, row.year) == ("青禾县法治办", 2023)  # what was corrected by hand stays
    more = Lexicon(
        (*lexicon.indicators.values(), Indicator(key="x", name="某", dimensions=(Dimension.CASE,)))
    )
    assert rules_version(more) != rules_version(lexicon)


def test_the_original_file_is_kept_and_goes_with_its_report(
    store: Store, lexicon: Lexicon, folder: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "各局.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(folder / "白石县教育局.txt", "年度/白石县教育局.txt")
    first, second = run(store, lexicon, folder / "青禾县司法局.txt", archive).reports
    kept = store.original(second.id)
    assert kept.name == "白石县教育局.txt"
    assert kept.path.read_bytes() == (folder / "白石县教育局.txt").read_bytes()
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert kept.path.parent.stat().st_mode & 0o777 == 0o700
    store.delete(second.id)
    assert not kept.path.exists()
    assert store.original(first.id).path.exists()
    store.original(first.id).path.unlink()
    with pytest.raises(NotFoundError, match="没有保存"):
        store.original(first.id)
    run(store, lexicon, folder / "青禾县司法局.txt")  # unchanged, and its file is there again
    assert store.original(first.id).path.exists()


@pytest.mark.parametrize(
    ("text", "sure", "reason"),
    [
        (BODY.format(org="青禾县司法局").replace("14起", "15起"), False, ""),
        (BODY.format(org="").replace("2025", ""), False, ""),
        (BODY.format(org="青禾县林业局"), False, "没有替换"),
        (BODY.format(org="青禾县林业局"), True, ""),
        (BODY.format(org="白石县教育局"), True, "内容相同"),
    ],
)
def test_one_report_is_replaced_by_a_new_file(
    store: Store, folder: Path, text: str, sure: bool, reason: str
) -> None:
    lexicon = load_lexicon()
    run(store, lexicon, folder)
    (old,) = store.reports(Scope(orgs=("青禾县司法局",)))
    path = folder.parent / "新版.txt"
    path.write_text(text, "utf-8")
    (record,) = run(store, lexicon, path, target=Target(old.id, sure)).reports
    assert record.status == ("failed" if reason else "replaced"), record
    assert reason in record.reason
    (row,) = store.reports(Scope(orgs=("青禾县司法局",)))
    assert len(store.reports()) == 3
    assert (row.id == old.id) == bool(reason)
    kept = store.original(row.id)
    if not reason:
        assert (row.year, kept.name) == (2025, path.name)
        assert kept.path.read_text("utf-8") == text
    assert len(list(kept.path.parent.iterdir())) == 3


def test_two_bureaus_that_do_not_name_their_place_are_both_kept(
    store: Store, lexicon: Lexicon, tmp_path: Path
) -> None:
    """县教育局 is not one bureau; only a new version of the same file takes the old one's place."""
    text = BODY.format(org="县教育局")
    for name, cases, status in (("甲", 5, "added"), ("乙", 6, "added"), ("乙", 7, "replaced")):
        path = tmp_path / name / "报告.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("立案14起", f"立案{cases}起"), "utf-8")
        (record,) = run(store, lexicon, path).reports
        assert (record.org, record.status) == ("县教育局", status)
    assert sorted(Path(row.path).parent.name for row in store.reports()) == ["乙", "甲"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("民政报告.txt".encode("gbk"), "民政报告.txt"), (b"\xff.txt", "\ufffd.txt")],
)
def test_a_name_that_is_not_utf_8_is_read_and_shown(
    store: Store, lexicon: Lexicon, tmp_path: Path, raw: bytes, shown: str
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
    try:
        path.write_text("今年工作平稳有序，各项任务按期完成。", "utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (record,) = run(store, lexicon, path).reports
    assert (record.status, Path(record.path).name) == ("added", shown)
    assert record.title == Path(shown).stem


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BODY.format(org="乙县司法局"), ""),
        ("法治政府建设工作要坚持问题导向，压实各方责任。", "没有认出单位和年度，"),
        ("2025年度法治政府建设情况报告\n全年立案14起。\n", "没有认出单位，"),
    ],
)
def test_a_report_without_a_place_is_stored_and_said(
    store: Store, lexicon: Lexicon, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (record,) = ingest([tmp_path], store, reader=parse, lexicon=lexicon).reports
    assert record.status == "added"
    assert bool(record.org and record.year) == (not told)
    assert record.reason.startswith(told)
    assert bool(record.reason) == bool(told)
