"""Uploads are taken in by one background thread that tells how far it is and can be stopped."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.app.library.intake import Intake, Snapshot
from assistant.build import Services, own_services
from assistant.conversations import Histories
from assistant.settings import Settings

REPORT = (
    "青禾县水务局2025年法治政府建设年度报告\n"
    "一、主要举措和成效\n2025年，行政处罚立案{n}件，罚没款3.5万元。\n"
    "二、存在的不足和原因\n执法人员偏少，业务培训不够。\n"
    "三、党政主要负责人履行推进法治建设第一责任人职责情况\n主要负责人专题听取汇报4次。\n"
    "四、下一年度工作安排\n组织法治培训不少于6场。\n"
)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with own_services(Settings(home=tmp_path / "home"), "test") as services:
        yield services


@pytest.fixture
def intake(services: Services, tmp_path: Path) -> Iterator[Intake]:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    intake = Intake(services, uploads, Histories(tmp_path / "sessions"))
    intake.start()
    yield intake
    intake.stop()


def write(folder: Path, name: str, n: int = 7) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(REPORT.format(n=n), "utf-8")
    return folder / name


def until(intake: Intake, done: Callable[[Snapshot], bool]) -> Snapshot:
    deadline = time.monotonic() + 60
    while not done(intake.snapshot()):
        assert time.monotonic() < deadline, intake.snapshot()
        time.sleep(0.02)
    return intake.snapshot()


def test_files_are_read_indexed_and_removed(
    intake: Intake, services: Services, tmp_path: Path
) -> None:
    broken = tmp_path / "in" / "坏<b>.docx"
    good = write(tmp_path / "in", "水务.txt")
    broken.write_bytes(b"PK\x03\x04 not a document")
    intake.submit([good, broken])
    assert {line.status for line in intake.snapshot().files} <= {"waiting", "added", "failed"}
    done = until(intake, lambda s: not s.running)
    assert [(line.name, line.status) for line in done.files] == [
        ("水务.txt", "added"), ("坏<b>.docx", "failed"),
    ]  # fmt: skip
    assert done.files[0].org == "青禾县水务局"
    assert done.files[1].reason.endswith("另存一份后再上传。")
    assert done.read == done.to_read == 2
    assert done.embedded == done.to_embed > 0
    assert done.rate > 0
    assert services.store.pending_count(services.embedder.name) == 0
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_zip_is_opened_and_a_replacement_names_no_server_path(
    intake: Intake, tmp_path: Path
) -> None:
    intake.submit([write(tmp_path / "in", "水务.txt", 7)])
    until(intake, lambda s: not s.running)
    inner = write(tmp_path / "in2", "水务新.txt", 8)
    archive = tmp_path / "in2" / "全部.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(inner, "下级/水务新.txt")
    intake.submit([archive])
    done = until(intake, lambda s: not s.running)
    (line,) = done.files
    assert (line.name, line.status) == ("水务新.txt", "replaced")
    assert "水务.txt" in line.reason
    assert str(tmp_path) not in line.reason
    assert done.changes == 2


def test_stopping_keeps_what_is_done_and_the_next_run_goes_on(
    services: Services, tmp_path: Path
) -> None:
    uploads = tmp_path / "uploads"
    first = Intake(services, uploads, Histories(tmp_path / "sessions"))
    files = [
        write(tmp_path / "in", f"{n}.txt", n) for n in range(3)
    ]  # one organisation and year: each replaces the one before
    first.submit(files)
    first.start()
    until(first, lambda s: s.read > 0)
    first.stop()
    assert not first.snapshot().running
    assert services.store.reports()
    second = Intake(services, uploads, Histories(tmp_path / "sessions"))
    second.start()
    until(second, lambda s: not s.running)
    second.stop()
    assert services.store.pending_count(services.embedder.name) == 0
