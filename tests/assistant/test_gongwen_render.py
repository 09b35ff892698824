"""What an office program makes of the file, and what another checker says of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from gongwen_sample import DOCUMENT

from assistant.gongwen import Heading, OfficialDocument, Paragraph, TableBlock, Text, write_docx

WORDS = "依法履行河湖管理职责推进节水型社会建设各项任务落地见效"


def rendered(document: OfficialDocument, folder: Path) -> list[list[str]]:
    """The lines of each page as LibreOffice sets them."""
    import pypdfium2  # noqa: TID251 - reads what LibreOffice printed

    if not shutil.which("soffice"):
        pytest.skip("LibreOffice (soffice) is not installed")
    write_docx(document, folder / "a.docx")
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), str(folder / "a.docx")],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    pdf = pypdfium2.PdfDocument(folder / "a.pdf")
    try:
        return [page.get_textpage().get_text_range().splitlines() for page in pdf]
    finally:
        pdf.close()


@pytest.mark.slow
def test_libreoffice_sets_22_lines_of_28_characters(tmp_path: Path) -> None:
    body = Paragraph((Text(WORDS * 60),))
    pages = rendered(OfficialDocument("节水工作报告", (Heading(1, "总体情况"), body)), tmp_path)
    second = [line.strip() for line in pages[1] if line.strip()]
    assert second.pop().replace(" ", "") == "—2—"
    assert [len(line) for line in second] == [28] * 22
    first = [line.strip() for line in pages[0] if line.strip()][:-1]
    assert len(first) == 21  # and the blank line under the title
    assert [len(line) for line in first[2:]] == [26] + [28] * 18  # two characters of indent


@pytest.mark.slow
def test_libreoffice_opens_the_whole_report(tmp_path: Path) -> None:
    pages = rendered(DOCUMENT, tmp_path)
    assert len(pages) == 6
    numbers = [re.sub(r"\s", "", "".join(page))[-3:] for page in pages]
    assert numbers == [f"—{n}—" for n in range(1, 7)]
    whole = re.sub(r"\s", "", "".join(line for page in pages for line in page))
    for words in ("【待填：移送问题线索数（2025年：4件）】", "附件：1.2027年", "2027年1月15日"):
        assert words in whole
    for page in pages:
        last = [line.strip() for line in page if line.strip()][-2]
        assert not re.match(r"[一二三四五]、|（[一二三四]）[^。]*$", last), f"orphan heading {last}"


@pytest.mark.slow
def test_an_independent_checker_finds_nothing_grave_but_its_own_margins(tmp_path: Path) -> None:
    """gongwen-skill 2.15 wants 28 mm above and below, which GB/T 9704 5.2.2 does not.

    It takes captions, document numbers and run-in headings for headings and body text, so the
    document here has none.
    """
    checker = os.environ.get("GONGWEN_CHECKER", "")
    if not checker:
        pytest.skip("GONGWEN_CHECKER does not name gongwen-skill's `gongwen` command")
    body: list[Heading | Paragraph] = []
    for block in DOCUMENT.body:
        if isinstance(block, Paragraph):
            body += [block.heading] if block.heading else []
            body.append(Paragraph(block.spans))
        elif isinstance(block, Heading):
            body.append(block)
        assert isinstance(block, Heading | Paragraph | TableBlock)
    document = replace(DOCUMENT, document_number="", attachments=(), body=tuple(body))
    write_docx(document, tmp_path / "a.docx")
    said = subprocess.run(
        [checker, "check", str(tmp_path / "a.docx"), "-t", "report", "--json"],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    findings = json.loads(said.stdout)
    assert findings
    grave = [f for f in findings if f["severity"] == "P0"]
    assert sorted(f["name"] for f in grave) == ["上边距检查", "下边距检查"]
