"""The check on the sample files and on five real reports, and the command itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.check import Checked, Finding, Severity
from assistant.checking import check_file
from assistant.settings import Settings
from tests.conftest import SAMPLES

REAL = Path(__file__).resolve().parents[3] / "shared" / "reports"
ENTRIES: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "manifest.yaml").read_text("utf-8"))[
    "reports"
]
FAZHI = str(Path(sys.executable).with_name("fazhi"))


def checked(entry: dict[str, Any], home: Path) -> Checked:
    last = next(
        (e for e in ENTRIES if e["org"] == entry["org"] and e["year"] == entry["year"] - 1), None
    )
    against = SAMPLES / last["file"] if last else None
    return check_file(SAMPLES / entry["file"], against, Settings(home=home))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_planted_traps_are_found_and_clean_samples_are_quiet(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    got = checked(entry, tmp_path).findings
    traps = [trap for trap in entry.get("traps", ()) if trap["kind"] == "check"]
    for trap in traps:
        hits = [f for f in got if f.rule == trap["rule"] and trap["quote"] in f.quote]
        assert hits, (trap, got)
    if entry["clean"]:
        assert got == ()
    # Tracked changes are read rightly and are still no state to hand a report in.
    assert {f.rule for f in got} <= {trap["rule"] for trap in traps} | {"tracked_changes"}


def test_the_samples_as_a_library_are_no_copies_of_each_other(
    sample_services: Any,
) -> None:
    for entry in ENTRIES:
        found = check_file(SAMPLES / entry["file"], settings=sample_services.settings).findings
        assert not [f for f in found if f.rule == "copied" and "本单位" not in f.message]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Finding, ...]]:
    if not REAL.is_dir():
        pytest.skip("the real reports are not beside this clone")
    settings = Settings(home=tmp_path_factory.mktemp("real"))
    results = [check_file(path, settings=settings) for path in sorted(REAL.glob("*.txt"))]
    return {result.report.org[:2]: result.findings for result in results}


def test_faults_of_the_real_reports(real: dict[str, tuple[Finding, ...]]) -> None:
    by_rule = {org: [f.rule for f in got] for org, got in real.items()}
    assert {"body_twice", "half_width"} <= set(by_rule["柳江"])
    assert by_rule["巨鹿"].count("heading_number") == 3  # two lost, one style mixed
    assert "residue" in by_rule["梨树"]
    lacking = {org for org, rules in by_rule.items() if "missing_part" in rules}
    assert lacking == {"巨鹿", "许昌"}


def test_the_real_reports_raise_no_false_alarm(real: dict[str, tuple[Finding, ...]]) -> None:
    # Every finding was read and judged; a new one must be judged before it is added here.
    expected = {"body_twice", "half_width", "heading_number", "residue", "missing_part"}
    for org, got in real.items():
        assert {f.rule for f in got} <= expected | {"enumeration"}, org
    assert real["西宁"] == ()


def run(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAZHI_", "OPENAI_"))}
    return subprocess.run(
        [FAZHI, "check", *map(str, arguments)],
        env={**kept, "FAZHI_HOME": str(home), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_document_of_the_command(tmp_path: Path) -> None:
    done = run(tmp_path / "none", SAMPLES / "lanbo-market-2025.docx", "--json")
    assert done.returncode == 0, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert set(finding) == {"rule", "severity", "where", "message", "quote", "start", "end"}
    assert (finding["rule"], finding["severity"]) == ("arithmetic", Severity.ERROR)
    assert not (tmp_path / "none").exists()


def test_what_people_read(tmp_path: Path) -> None:
    pair = SAMPLES / "lanbo-health-2025.docx", "--against", SAMPLES / "lanbo-health-2024.txt"
    shown = run(tmp_path, *pair).stdout
    assert "必须改正（1）" in shown
    assert "位置：三、党政主要负责人法治建设第一责任人履职情况，第1段" in shown
    assert "没有发现问题" in run(tmp_path, SAMPLES / "jiyuan-health-2025.pdf").stdout


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    empty = tmp_path / "空.txt"
    empty.write_text("", "utf-8")
    for path in (empty, tmp_path / "没有.txt"):
        done = run(tmp_path, path)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("错误：")
        assert "Traceback" not in done.stderr
