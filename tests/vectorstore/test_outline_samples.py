"""The shipped samples (txt, docx, pdf, html) read as their manifest says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from vectorstore.parse import parse

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ENTRIES: list[dict[str, Any]] = yaml.safe_load(
    (SAMPLES / "manifest.yaml").read_text(encoding="utf-8")
)["reports"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_sample(entry: dict[str, Any]) -> None:
    report = parse(SAMPLES / entry["file"])
    assert (report.org, report.year, report.title) == (entry["org"], entry["year"], entry["title"])
    assert [part.value for part in report.parts] == entry["parts"]
    assert report.addressee == entry.get("addressee", "")
    assert report.signoff_org == entry.get("signoff_org", "")
    assert report.signoff_date == entry.get("signoff_date", "")
    deepest = max(heading["level"] for heading in entry["headings"])
    found = [(s.level, s.number, s.heading) for s in report.sections if 1 <= s.level <= deepest]
    assert found == [(h["level"], h["number"] or "", h["text"]) for h in entry["headings"]]
