"""The sample reports are what `samples/manifest.yaml` says, and are nobody else's text."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from vectorstore.parse import parse
from vectorstore.types import Report

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
MANIFEST: list[dict[str, Any]] = yaml.safe_load(
    (SAMPLES / "manifest.yaml").read_text(encoding="utf-8")
)["reports"]
NOT_REPORTS = {"demo.sh", "README.md", "manifest.yaml", ".gitattributes"}
# House rule: no run of twelve characters of a real report may stand in the project.
SHARED_RUN = 12

# (year's file, printed percentage, numerator, denominator): every operand is printed in that
# report, or, for a change against last year, in the bureau's report of the year before.
SHARES = [
    ("lanbo-health-2024", "97.5%", 1053, 1080),
    ("lanbo-health-2024", "93.75%", 30, 32),
    ("lanbo-health-2024", "80.0%", 901, 1126),
    ("lanbo-health-2024", "14.3%", 18, 126),
    ("lanbo-health-2024", "95.2%", 20, 21),
    ("lanbo-health-2025", "98.2%", 1076, 1096),
    ("lanbo-health-2025", "97.2%", 35, 36),
    ("lanbo-health-2025", "86.0%", 1066, 1239),
    ("lanbo-health-2025", "18.2%", 24, 132),
    ("lanbo-health-2025", "94.4%", 17, 18),
    ("lanbo-health-2025", "85%", 34, 40),
    ("jiyuan-health-2024", "96.6%", 398, 412),
    ("jiyuan-health-2024", "6.0%", 91, 1520),
    ("jiyuan-health-2024", "94.1%", 176, 187),
    ("jiyuan-health-2024", "86.4%", 19, 22),
    ("jiyuan-health-2024", "98.3%", 59, 60),
    ("jiyuan-health-2024", "95.7%", 44, 46),
    ("jiyuan-health-2024", "60%", 5184, 8640),
    ("jiyuan-health-2025", "97.9%", 379, 387),
    ("jiyuan-health-2025", "65.0%", 5897, 9072),
    ("jiyuan-health-2025", "95.9%", 165, 172),
    ("jiyuan-health-2025", "92.3%", 12, 13),
    ("jiyuan-health-2025", "81.5%", 163, 200),
    ("yanzhu-health-2024", "92.9%", 13, 14),
    ("yanzhu-health-2025", "91.7%", 11, 12),
    ("yanzhu-health-2025", "95.8%", 23, 24),
    ("lanbo-market-2024", "95.4%", 187, 196),
    ("lanbo-market-2024", "28.8%", 212, 735),
    ("lanbo-market-2024", "98.1%", 1236, 1260),
    ("lanbo-market-2024", "99.3%", 2133, 2148),
    ("lanbo-market-2025", "96.3%", 209, 217),
    ("lanbo-market-2025", "31.4%", 241, 768),
    ("lanbo-market-2025", "98.3%", 1288, 1310),
    ("lanbo-market-2025", "99.5%", 2288, 2299),
    ("yanzhu-urban-2024", "98.2%", 1441, 1468),
    ("yanzhu-urban-2024", "98.0%", 640, 653),
    ("yanzhu-urban-2024", "93.5%", 43, 46),
    ("yanzhu-urban-2025", "98.6%", 1376, 1395),
    ("yanzhu-urban-2025", "98.8%", 581, 588),
    ("yanzhu-urban-2025", "84.5%", 235, 278),
    ("yanzhu-urban-2025", "94.2%", 49, 52),
    ("jiyuan-transport-2024", "97.5%", 841, 863),
    ("jiyuan-transport-2024", "82.5%", 66, 80),
    ("jiyuan-transport-2024", "95.9%", 70, 73),
    ("jiyuan-transport-2025", "98.4%", 785, 798),
    ("jiyuan-transport-2025", "86.25%", 69, 80),
    ("jiyuan-transport-2025", "97.1%", 67, 69),
]
CHANGES = [
    ("lanbo-health", "12.5%", "36", "32"),
    ("lanbo-health", "17.3%", "18.3", "15.6"),
    ("lanbo-health", "8.0%", "2186", "2024"),
    ("lanbo-health", "10.0%", "1239", "1126"),
    ("lanbo-health", "14.3%", "18", "21"),
    ("jiyuan-health", "6.1%", "387", "412"),
    ("jiyuan-health", "6.2%", "251.2", "236.5"),
    ("jiyuan-health", "6.25%", "1615", "1520"),
    ("jiyuan-health", "5.0%", "9072", "8640"),
    ("jiyuan-health", "8.0%", "172", "187"),
    ("yanzhu-health", "14.3%", "24", "21"),
    ("yanzhu-health", "9.2%", "702", "643"),
    ("yanzhu-health", "4.0%", "1365", "1312"),
    ("lanbo-market", "10.7%", "217", "196"),
    ("lanbo-market", "8.0%", "154", "142.60"),
    ("lanbo-market", "7.3%", "2484", "2315"),
    ("lanbo-market", "7.0%", "2299", "2148"),
    ("yanzhu-urban", "5.0%", "1395", "1468"),
    ("yanzhu-urban", "7.2%", "96.15", "89.72"),
    ("yanzhu-urban", "8.0%", "2512", "2730"),
    ("jiyuan-transport", "7.5%", "798", "863"),
    ("jiyuan-transport", "5.2%", "486.3", "512.8"),
    ("jiyuan-transport", "5.3%", "2286", "2415"),
    ("jiyuan-transport", "6.0%", "16144", "15230"),
]

each_report = pytest.mark.parametrize("entry", MANIFEST, ids=[entry["file"] for entry in MANIFEST])


@cache
def parsed(name: str) -> Report:
    return parse(SAMPLES / name)


def report_of(stem: str) -> Report:
    (name,) = [entry["file"] for entry in MANIFEST if Path(entry["file"]).stem == stem]
    return parsed(name)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def runs(text: str, length: int) -> set[str]:
    return {text[i : i + length] for i in range(len(text) - length + 1)}


def rounded_percent(printed: str, value: Decimal) -> str:
    step = Decimal(1).scaleb(-len(printed.rstrip("%").partition(".")[2]))
    return f"{(abs(value) * 100).quantize(step, ROUND_HALF_UP)}%"


def prints(text: str, figure: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", text) is not None


def test_the_manifest_lists_exactly_the_reports() -> None:
    assert {path.name for path in SAMPLES.iterdir()} - NOT_REPORTS == {
        entry["file"] for entry in MANIFEST
    }


def test_every_bureau_has_two_consecutive_years() -> None:
    years: dict[str, set[int]] = {}
    for entry in MANIFEST:
        years.setdefault(entry["org"], set()).add(entry["year"])
    assert len(years) == 6
    assert all(found == {2024, 2025} for found in years.values())


@each_report
def test_identity(entry: dict[str, Any]) -> None:
    report = parsed(entry["file"])
    assert (report.org, report.year, report.title) == (entry["org"], entry["year"], entry["title"])
    assert report.format == entry["format"]
    assert report.is_annual
    for field in ("addressee", "signoff_org", "signoff_date"):
        assert getattr(report, field) == entry.get(field, "")


@each_report
def test_headings_and_parts(entry: dict[str, Any]) -> None:
    report = parsed(entry["file"])
    found = [
        {"level": s.level, "number": s.number, "text": report.text[s.heading_start : s.heading_end]}
        for s in report.sections
        if s.level in (1, 2)
    ]
    assert found == entry["headings"]
    assert [part.value for part in report.parts] == entry["parts"]


@each_report
def test_figures_stand_in_the_text(entry: dict[str, Any]) -> None:
    report = parsed(entry["file"])
    missing = [f["text"] for f in entry["figures"] if f["text"] not in report.text]
    assert missing == []
    for quote in [trap["quote"] for trap in entry["traps"]]:
        assert squeezed(quote) in squeezed(report.text) or quote.startswith("[bookmark")


@each_report
def test_table_figures_stand_in_their_row(entry: dict[str, Any]) -> None:
    lines = parsed(entry["file"]).text.split("\n")
    for figure in entry.get("table_figures", []):
        after_caption = lines[lines.index(figure["table"]) :]
        rows = [line.split("\t") for line in after_caption if "\t" in line]
        row = next(cells for cells in rows if cells[0] == figure["row"])
        assert figure["cell"] in row


@each_report
def test_what_must_not_be_read_is_not(entry: dict[str, Any]) -> None:
    text = parsed(entry["file"]).text
    assert [quote for quote in entry.get("absent", []) if quote in text] == []
    assert {quote: text.count(quote) for quote in entry.get("once", [])} == dict.fromkeys(
        entry.get("once", []), 1
    )
    assert text.count(entry["headings"][0]["text"]) == 1


@each_report
def test_long_enough_and_small_enough(entry: dict[str, Any]) -> None:
    assert len(squeezed(parsed(entry["file"]).text)) >= 2000
    assert (SAMPLES / entry["file"]).stat().st_size < 300_000


@pytest.mark.parametrize(("stem", "printed", "numerator", "denominator"), SHARES)
def test_shares_agree_with_their_counts(
    stem: str, printed: str, numerator: int, denominator: int
) -> None:
    text = report_of(stem).text
    assert all(prints(text, figure) for figure in (printed, str(numerator), str(denominator)))
    assert rounded_percent(printed, Decimal(numerator) / denominator) == printed


@pytest.mark.parametrize(("bureau", "printed", "new", "old"), CHANGES)
def test_changes_agree_with_last_years_report(
    bureau: str, printed: str, new: str, old: str
) -> None:
    this_year, last_year = report_of(f"{bureau}-2025").text, report_of(f"{bureau}-2024").text
    assert prints(this_year, printed)
    assert prints(this_year, new)
    assert prints(last_year, old)
    assert rounded_percent(printed, Decimal(new) / Decimal(old) - 1) == printed


def test_only_the_planted_paragraph_is_copied() -> None:
    copied = set()
    for i, one in enumerate(MANIFEST):
        for other in MANIFEST[i + 1 :]:
            texts = (squeezed(parsed(entry["file"]).text) for entry in (one, other))
            first, second = (runs(text, 40) for text in texts)
            if first & second:
                copied.add((one["file"], other["file"]))
    assert copied == {("lanbo-health-2024.txt", "lanbo-health-2025.docx")}


def test_no_sentence_of_the_real_reports(real_reports: list[Path]) -> None:
    real: set[str] = set()
    for path in real_reports:
        real |= runs(squeezed(path.read_text(encoding="utf-8")), SHARED_RUN)
    for entry in MANIFEST:
        ours = runs(squeezed(parsed(entry["file"]).text), SHARED_RUN)
        assert ours & real == set(), entry["file"]
