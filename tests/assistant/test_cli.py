"""The commands as a user and a program meet them: contracts, exit codes, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLES

FAZHI = str(Path(sys.executable).with_name("fazhi"))
TWO = [SAMPLES / "lanbo-health-2024.txt", SAMPLES / "lanbo-health-2025.docx"]


def run(home: Path, *arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAZHI_", "OPENAI_"))}
    return subprocess.run(
        [FAZHI, *map(str, arguments)],
        env={**kept, "FAZHI_HOME": str(home), **extra},
        capture_output=True,
        text=True,
        check=False,
    )


def document(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder filled by the command itself: child parser, e5, Chroma."""
    folder = tmp_path_factory.mktemp("cli")
    summary = document(run(folder, "ingest", *TWO, "--json"))
    assert [r["status"] for r in summary["reports"]] == ["added", "added"]
    assert summary["pending"] == 0
    return folder


def test_ingest_again_changes_nothing(home: Path) -> None:
    again = document(run(home, "ingest", *TWO, "--json"))
    assert [r["status"] for r in again["reports"]] == ["unchanged", "unchanged"]
    assert set(again["reports"][0]) >= {"id", "path", "org", "year", "title", "status", "reason"}


def test_reports_lists_what_is_held(home: Path) -> None:
    rows = document(run(home, "reports", "--json"))["reports"]
    assert [(r["org"], r["year"]) for r in rows] == [
        ("岚泊县卫生健康局", 2024),
        ("岚泊县卫生健康局", 2025),
    ]
    assert rows[0]["quantities"] > 20
    assert "measures" in rows[0]["parts"]


def test_ask_cites_the_figure(home: Path) -> None:
    answer = document(run(home, "ask", "岚泊县卫健局2025年行政处罚立案多少件？", "--json"))
    assert "36件" in answer["answer"]
    assert not answer["refused"]
    assert answer["engine"] == "extractive"
    (citation,) = answer["citations"]
    assert citation["year"] == 2025
    assert "36件" in citation["quote"]
    assert answer["quantities"][0]["verdict"] == "supported"


def test_ask_refuses_what_the_reports_do_not_say(home: Path) -> None:
    answer = document(run(home, "ask", "桃源县卫健局2025年立案多少件？", "--json"))
    assert answer["refused"]
    assert answer["citations"] == []
    assert "桃源县" in answer["answer"]


def test_options_narrow_the_question(home: Path) -> None:
    asked = run(home, "ask", "立案多少件？", "--org", "岚泊县卫健局", "--year", "2024", "--json")
    assert "32件" in document(asked)["answer"]


def test_search_returns_passages(home: Path) -> None:
    hits = document(run(home, "search", "执法力量薄弱", "-k", "3", "--json"))["hits"]
    assert 0 < len(hits) <= 3
    assert set(hits[0]) == {"chunk_id", "report_id", "org", "year", "heading", "text", "score"}


def test_doctor_says_nothing_leaves(home: Path) -> None:
    found = document(run(home, "doctor", "--json"))
    assert found["ok"]
    assert found["leaves_machine"] == []


def test_doctor_names_what_an_endpoint_would_receive(home: Path) -> None:
    done = run(
        home, "doctor", "--json",
        FAZHI_LLM_BASE_URL="http://192.0.2.1:9/v1",
        FAZHI_LLM_MODEL="m",
        FAZHI_LLM_API_KEY="sk-secret",
    )  # fmt: skip
    assert done.returncode == 1
    assert "192.0.2.1" in "".join(json.loads(done.stdout)["leaves_machine"])
    assert "sk-secret" not in done.stdout + done.stderr


def test_an_unknown_report_is_one_line_and_exit_1(home: Path) -> None:
    done = run(home, "delete", "ffffffff")
    assert done.returncode == 1
    assert done.stderr.startswith("错误：")
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_exit_2(home: Path) -> None:
    assert run(home, "ask").returncode == 2
    assert run(home, "nonsense").returncode == 2


def test_a_bad_file_fails_alone(tmp_path: Path) -> None:
    bad = tmp_path / "空.txt"
    bad.write_bytes(b"")
    done = run(tmp_path / "home", "ingest", bad, TWO[0], "--json")
    statuses = {Path(r["path"]).name: r for r in document(done)["reports"]}
    assert statuses["空.txt"]["status"] == "failed"
    assert statuses["空.txt"]["reason"]
    assert statuses[TWO[0].name]["status"] == "added"


def test_deleted_text_is_in_no_file(tmp_path: Path) -> None:
    source = tmp_path / "report.txt"
    marker = "青葙子药材专项整治"
    source.write_text(TWO[0].read_text("utf-8-sig") + f"\n{marker}已经结束。", "utf-8")
    home = tmp_path / "home"
    (report,) = document(run(home, "ingest", source, "--json"))["reports"]
    assert any(marker.encode() in p.read_bytes() for p in home.rglob("*") if p.is_file())
    document(run(home, "delete", report["id"][:8], "--json"))
    assert not any(marker.encode() in p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert document(run(home, "reports", "--json")) == {"reports": []}


def test_no_engine_without_an_endpoint(home: Path) -> None:
    done = run(home, "ask", "立案多少件？", "--engine", "openai")
    assert done.returncode == 1
    assert "FAZHI_LLM_BASE_URL" in done.stderr


@pytest.mark.parametrize(
    "command", [["model", "pull"], ["model", "rm"], ["users", "add", "王芳"], ["reports"]]
)
def test_a_data_folder_that_cannot_be_is_told_in_words(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").write_text("")
    done = run(tmp_path / "file" / "home", *command)
    assert done.returncode == 1
    assert "路径中有一段不是文件夹" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Errno" not in done.stdout + done.stderr


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_folder_without_reports_is_no_success(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "空").mkdir()
    done = run(tmp_path / "home", "ingest", tmp_path / "空", *more)
    assert done.returncode == 1
    assert done.stderr.strip().startswith("错误：没有找到可以导入的文件。")


def test_ingest_without_files_goes_on_with_the_index(home: Path) -> None:
    for more in ([], ["--reembed"]):
        done = document(run(home, "ingest", *more, "--json"))
        assert (done["reports"], done["pending"]) == ([], 0)
    assert run(home, "ingest").stdout.strip() == "语义索引是完整的。"


def test_reports_counts_what_check_finds(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    text = TWO[0].read_text("utf-8")
    file.write_text(text + "\n全年立案14起，其中一般程序6起、简易程序9起。\n", "utf-8")
    document(run(tmp_path / "home", "ingest", file, "--json"))
    (row,) = document(run(tmp_path / "home", "reports", "--json"))["reports"]
    found = document(run(tmp_path / "home", "check", file, "--json"))["findings"]
    assert row["findings"] == len(found) > 0
