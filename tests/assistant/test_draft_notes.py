"""Notes as people write them: bullets, headings, Word files, any encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.draft.notes import read_notes
from tests.assistant.draft_library import LEXICON
from vectorstore.errors import ReadError
from vectorstore.types import Modality, Part

ORG = "青岚县水务局"


def test_bullets_headings_and_parts(tmp_path: Path) -> None:
    path = tmp_path / "n.md"
    text = (
        "# 素材\n\n## 执法\n- 立案查处12起；\n2. **巡查**河道30次\n---\n## 存在的问题\n* 人手不足\n"
    )
    path.write_text(text + "\n明年计划培训6场\n", "gb18030")
    notes = read_notes(path, ORG, 2026, LEXICON)
    assert [(n.n, n.text, n.heading, n.part) for n in notes] == [
        (1, "立案查处12起。", "执法", None),
        (2, "巡查河道30次。", "执法", None),
        (3, "人手不足。", "存在的问题", Part.SHORTCOMINGS),
        (4, "培训6场。", "存在的问题", Part.NEXT_YEAR),
    ]
    actual, aimed = notes[0].figures[0], notes[3].figures[0]
    assert (actual.quantity.modality, actual.row.year) == (Modality.ACTUAL, 2026)
    assert (aimed.quantity.modality, aimed.row.year) == (Modality.TARGET, 2027)
    assert aimed.comment == "来自工作素材 第4段"


def test_word_files(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("普法", 1)
    document.add_paragraph("开展普法活动9场次")
    document.save(tmp_path / "n.docx")
    notes = read_notes(tmp_path / "n.docx", ORG, 2026, LEXICON)
    assert [(n.heading, n.text) for n in notes] == [("普法", "开展普法活动9场次。")]


def test_files_without_words_are_refused(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_text("\n---\n# 标题\n", "utf-8")
    with pytest.raises(ReadError, match="没有可用的文字"):
        read_notes(tmp_path / "n.txt", ORG, 2026, LEXICON)
    with pytest.raises(ReadError, match="找不到"):
        read_notes(tmp_path / "missing.txt", ORG, 2026, LEXICON)
